package serve

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

const upstreamRateFlag = "upstream-rate"

// budgetPatience is how long a request waits for its budget. One that would have to wait longer is refused, so that the
// caller knows.
const budgetPatience = 5 * time.Second

// burstShare is the part of a minute's requests that may be sent at once.
const burstShare = 10

// budgets limit the requests of each credential to the API. It is safe for concurrent use.
type budgets struct {
	perMinute int
	limiters  *lru.Cache[string, *rate.Limiter]
}

// newBudgets returns budgets of so many requests in any minute; nil for 0: no limit.
func newBudgets(perMinute int) (*budgets, error) {
	switch {
	case perMinute < 0:
		return nil, usageError{fmt.Errorf("--%s: invalid limit %d: want at least 0", upstreamRateFlag, perMinute)}
	case perMinute == 0:
		return nil, nil //nolint:nilnil // no limit
	}
	b := &budgets{perMinute: perMinute}
	b.limiters, _ = lru.New[string, *rate.Limiter](maxCallers) // fails for sizes below 1 only
	return b, nil
}

// limiter returns that of a credential. A burst and what is added in a minute are together no more than the budget.
func (b *budgets) limiter(credential string) *rate.Limiter {
	if limiter, ok := b.limiters.Get(credential); ok {
		return limiter
	}
	burst := max(1, b.perMinute/burstShare)
	limiter := rate.NewLimiter(rate.Limit(float64(b.perMinute-burst+1)/time.Minute.Seconds()), burst)
	if earlier, found, _ := b.limiters.PeekOrAdd(credential, limiter); found {
		return earlier
	}
	return limiter
}

// take waits until the credential may send a request. It returns for how long it must not, if that is longer than a
// request waits or than the context lasts, or the error of a context that ends before.
func (b *budgets) take(ctx context.Context, credential string) (refused time.Duration, err error) {
	now := time.Now()
	r := b.limiter(credential).ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait == 0 {
		return 0, nil
	}
	deadline, bounded := ctx.Deadline()
	if wait > budgetPatience || bounded && deadline.Sub(now) <= wait {
		r.CancelAt(now)
		return wait, nil
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return 0, nil
	case <-ctx.Done():
		r.Cancel()
		return 0, ctx.Err() //nolint:wrapcheck // callers distinguish a timeout
	}
}
