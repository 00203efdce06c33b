package serve

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

// Codes of failures of calls that were not sent, to protect the API.
const (
	codeCircuitOpen = "upstream_unavailable"
	codeBudgetSpent = "upstream_budget_spent"
)

// protection keeps requests from the API that it would not answer, or that are more than a credential may send. A nil
// part is switched off.
type protection struct {
	circuits *circuits
	budgets  *budgets
	// credential returns which credential the requests of a context have, only to tell them apart.
	credential func(ctx context.Context) string
	metrics    *Metrics
}

// protection returns what the flags switch on.
func (p program) protection(f flags, logger *slog.Logger, m *Metrics) (protection, error) {
	made := protection{credential: p.api.Caller, metrics: m}
	if made.credential == nil {
		made.credential = func(context.Context) string { return "" }
	}
	if f.breaker {
		made.circuits = newCircuits(m, logger)
	}
	var err error
	made.budgets, err = newBudgets(f.budget)
	return made, err
}

// admit returns a function that must be called with the outcome of the request, or a *heldError if it must not be
// sent.
func (p *protection) admit(r *http.Request) (done func(outcome), err error) {
	done = func(outcome) {}
	credential := hashed(p.credential(r.Context()))
	if p.circuits != nil {
		var wait time.Duration
		if done, wait = p.circuits.admit(routeOf(r), credential); wait > 0 {
			return nil, p.hold(codeCircuitOpen, wait, "the API has failed several times in a row; nothing was sent")
		}
	}
	if p.budgets == nil {
		return done, nil
	}
	wait, err := p.budgets.take(r.Context(), credential)
	switch {
	case err != nil:
		done(outcomeUnknown)
		return nil, err
	case wait > 0:
		done(outcomeUnknown)
		return nil, p.hold(codeBudgetSpent, wait, fmt.Sprintf(
			"this credential has used up its %s to the API in a minute; nothing was sent",
			phrase.Plural(p.budgets.perMinute, "request")))
	}
	return done, nil
}

func (p *protection) hold(code string, wait time.Duration, message string) *heldError {
	p.metrics.held(code)
	return &heldError{code: code, message: message, wait: wait}
}

// heldError reports a request that was not sent.
type heldError struct {
	code, message string
	wait          time.Duration // until a request may be sent
}

func (e *heldError) Error() string { return e.message }

// Retryable keeps clients from trying again at once.
func (*heldError) Retryable() bool { return false }

// Failure is for [mcpadapter.UnsentError].
func (e *heldError) Failure() *mcpadapter.Failure {
	return &mcpadapter.Failure{
		Code: e.code, Message: e.message, RetryAfter: int((e.wait + time.Second - 1) / time.Second),
		Advice: "Wait " + seconds(e.wait) + " before calling again.",
	}
}
