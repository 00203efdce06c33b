package mcpadapter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/secrets"
)

// Risk is what a call of an operation may do, as a set. An operation has the risks of its extension x-risk, a list of
// the names that [Risk.Names] returns. Without the extension its method decides: GET, HEAD, OPTIONS and TRACE read,
// POST adds, PUT replaces, PATCH changes, DELETE destroys.
//
// [Annotations], [Effect], [Filter.ReadOnly] and [ConfirmationPolicy] follow from it.
type Risk uint16

// The risks.
const (
	// RiskReads is that of an operation that does nothing but return data. It has no other risk.
	RiskReads Risk = 1 << iota
	// RiskReadsSecret returns a credential, code or link by which its reader can act: one that exists already, or one
	// for somebody else. A credential that the operation makes for its caller is RiskShowsOnce.
	RiskReadsSecret
	// RiskAdds makes something new.
	RiskAdds
	// RiskChanges changes values of something, or its state, in a way that another call can set back.
	RiskChanges
	// RiskReplaces overwrites a whole value or set. What is not in the new one is gone.
	RiskReplaces
	// RiskDestroys deletes or ends something for good.
	RiskDestroys
	// RiskSends sends an email or a text message, which cannot be recalled.
	RiskSends
	// RiskSpendsOnce uses up something that works once, such as a code, or one of few attempts.
	RiskSpendsOnce
	// RiskShowsOnce returns a new secret that no other call returns. A call that would hide it is not sent.
	RiskShowsOnce

	endOfRisks
)

const (
	riskRead  = RiskReads | RiskReadsSecret
	riskTaken = RiskReplaces | RiskDestroys // what was there is gone
	riskAsked = riskTaken | RiskSends | RiskReadsSecret
)

// riskNames are the names of the risks, in the order of their bits.
func riskNames() []string {
	return []string{
		"reads", "reads_secret", "adds", "changes", "replaces", "destroys", "sends", "spends_once", "shows_once",
	}
}

// Has reports whether the set has any of the risks.
func (r Risk) Has(risks Risk) bool { return r&risks != 0 }

// Names returns the names of the risks as they are in x-risk, in the order of the constants.
func (r Risk) Names() []string {
	var names []string
	for i, name := range riskNames() {
		if r.Has(1 << i) {
			names = append(names, name)
		}
	}
	if r >= endOfRisks {
		names = append(names, fmt.Sprintf("Risk(%d)", uint16(r&^(endOfRisks-1))))
	}
	return names
}

// String returns the names with commas between.
func (r Risk) String() string { return strings.Join(r.Names(), ", ") }

// Risk returns what a call may do. For the tools of [Adapter.DynamicTools] that call operations it is the union over
// those.
func (t Tool) Risk() Risk { return t.risk }

// riskExtension is the extension with the risks of an operation.
const riskExtension = "x-risk"

// riskOf returns the risks of an operation: those of its extension, or else those that its method implies (RFC 9110
// section 9.3, RFC 5789).
func riskOf(op *optable.Operation) (Risk, error) {
	text := op.Extension(riskExtension)
	if text == "" {
		return methodRisk(op.Method), nil
	}
	var names []string
	if err := json.Unmarshal([]byte(text), &names); err != nil || len(names) == 0 {
		return 0, fmt.Errorf("%s is %s: want a list of %s",
			riskExtension, phrase.Preview(text), strings.Join(riskNames(), ", "))
	}
	var risk Risk
	for _, name := range names {
		r, err := namedRisk(name)
		if err != nil {
			return 0, err
		}
		if risk.Has(r) {
			return 0, fmt.Errorf("%s names %s twice", riskExtension, name)
		}
		risk |= r
	}
	if risk.Has(RiskReads) && risk != RiskReads {
		return 0, errors.New(riskExtension + ": reads means that nothing else happens: remove it or the others")
	}
	return risk, nil
}

func namedRisk(name string) (Risk, error) {
	names := riskNames()
	for i, known := range names {
		if name == known {
			return 1 << i, nil
		}
	}
	problem := fmt.Sprintf("%s: unknown risk %q: want %s", riskExtension, phrase.Preview(name), strings.Join(names, ", "))
	if nearest := phrase.Nearest(name, names, 1); nearest != nil {
		problem += "; did you mean " + nearest[0] + "?"
	}
	return 0, errors.New(problem)
}

func methodRisk(method string) Risk {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		return RiskReads
	case http.MethodPut:
		return RiskReplaces
	case http.MethodPatch:
		return RiskChanges
	case http.MethodDelete:
		return RiskDestroys
	}
	return RiskAdds
}

// Effect classifies what an operation does to what is there.
type Effect int

// The effects.
const (
	EffectRead        Effect = iota // none: the operation only reads, a secret perhaps
	EffectWrite                     // it adds, changes, sends or uses up something
	EffectDestructive               // it replaces or destroys something; this is not a write
)

// String returns read, write or destructive.
func (e Effect) String() string {
	switch e {
	case EffectRead:
		return "read"
	case EffectWrite:
		return "write"
	case EffectDestructive:
		return "destructive"
	}
	return fmt.Sprintf("Effect(%d)", int(e))
}

// Effect returns the effect of an operation with these risks.
func (r Risk) Effect() Effect {
	switch {
	case r.Has(riskTaken):
		return EffectDestructive
	case r.Has(^riskRead):
		return EffectWrite
	}
	return EffectRead
}

// Annotations are the tool annotations of MCP (revision 2025-11-25, ToolAnnotations). They follow from the [Risk] of an
// operation, describe it, and enforce nothing.
type Annotations struct {
	ReadOnly    bool // only reads; a secret, perhaps
	Destructive bool // does more than add: changes, replaces, destroys or uses up something
	Idempotent  bool // a repeated call with the same arguments has no further effect
	OpenWorld   bool // reaches somebody or something beyond the API: a person, an identity provider, another service
}

// openWorld is the extension of an operation that reaches beyond the API other than by sending something. Without it an
// operation does not: MCP's own default, true, is for tools of which nothing is known.
const openWorld = "x-open-world"

// annotationsOf derives annotations from the risks of an operation and its method.
func annotationsOf(op *optable.Operation, risk Risk) Annotations {
	return Annotations{
		ReadOnly:    risk.Effect() == EffectRead,
		Destructive: risk.Has(riskTaken | RiskChanges | RiskSpendsOnce),
		Idempotent:  isIdempotent(op.Method, risk),
		OpenWorld:   risk.Has(RiskSends) || op.Extension(openWorld) == "true",
	}
}

// isIdempotent reports whether a repeated call does nothing more. PUT and DELETE are idempotent (RFC 9110 section
// 9.2.2), and so is what only replaces or destroys, whatever its method.
func isIdempotent(method string, risk Risk) bool {
	switch {
	case risk.Has(RiskSends | RiskSpendsOnce):
		return false
	case risk.Effect() == EffectRead, method == http.MethodPut, method == http.MethodDelete:
		return true
	}
	return !risk.Has(RiskAdds | RiskChanges)
}

// Hidden replaces a secret in a response.
const Hidden = "[hidden]"

// WithHiddenSecrets hides secrets in every response before anything else sees it: strings become [Hidden], numbers and
// booleans null. Secret is what the table marks as such, and a property that the table does not describe if its name is
// that of a credential, such as token or client_secret. null stays null, which says that there is no secret.
//
// An operation with [RiskShowsOnce], such as one that makes an API key, is not called: its secret would be lost. What
// only [RiskReadsSecret] is confirmed for is not, because nothing secret is returned.
func WithHiddenSecrets() Option {
	return func(o *options) error {
		o.hideSecrets = true
		return nil
	}
}

type hideKey struct{}

// HideSecrets returns a context whose calls hide secrets as with [WithHiddenSecrets]. It cannot reveal what the adapter
// hides.
func HideSecrets(ctx context.Context) context.Context { return context.WithValue(ctx, hideKey{}, true) }

// hides reports whether a call hides secrets.
func (e *engine) hides(ctx context.Context) bool {
	asked, _ := ctx.Value(hideKey{}).(bool)
	return e.hideSecrets || asked
}

// hider hides the secrets in responses.
func (e *engine) hider() secrets.Hider { return secrets.Hider{Table: e.table, Text: Hidden} }

// CodeSecretLost is the code of a failure of a call that is not sent, because its response has a secret that is shown
// once and that would be hidden.
const CodeSecretLost = "secret_would_be_lost"

// losesSecret returns the failure of a call whose secret would be lost, or nil.
func (t *tool) losesSecret(ctx context.Context) *Failure {
	if !t.risk.Has(RiskShowsOnce) || !t.engine.hides(ctx) {
		return nil
	}
	return &Failure{
		Code: CodeSecretLost,
		Message: t.name + " returns a secret that is shown only once, and secrets are hidden here, so it would be lost; " +
			"nothing was sent",
		Advice: "Tell the person. They can make it themselves, or the operator of this server or client can stop hiding " +
			"secrets. Do not try to work around it.",
	}
}
