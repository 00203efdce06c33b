package serve

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// Admission limits what requests may cost before they are handled. A zero field means its default.
type Admission struct {
	// MaxRequestBytes limits the body of a request. 0: [DefaultMaxRequestBytes].
	MaxRequestBytes int64
	// MaxBytes limits the bodies that are held at once. 0: [DefaultMaxBytes].
	MaxBytes int64
	// MaxCalls limits the requests that are handled at once. 0: [DefaultMaxCalls].
	MaxCalls int
	// MaxCallerCalls limits those of one caller. 0: [DefaultMaxCallerCalls].
	MaxCallerCalls int
	// MaxWaiting limits the requests that wait until they may be handled. 0: [DefaultMaxWaiting].
	MaxWaiting int
	// Patience is how long a request waits. 0: [DefaultPatience].
	Patience time.Duration
	// Rate limits the requests of one caller in a second, after a burst of Burst. 0: no limit.
	Rate float64
	// Burst is how many requests one caller may send at once. 0: twice the Rate, and at least 1.
	Burst int
	// RateStore counts the requests of callers for all processes that share it, so that Rate holds for all of them
	// together; a request costs two operations of it. It is used for callers whose credential the API has accepted, and
	// each process counts by itself while it fails. nil: each process counts by itself always.
	RateStore Store
}

// Defaults of [Admission].
const (
	DefaultMaxRequestBytes = 256 << 10
	DefaultMaxBytes        = 32 << 20
	DefaultMaxCalls        = 512
	DefaultMaxCallerCalls  = 128
	DefaultMaxWaiting      = 1024
	DefaultPatience        = 5 * time.Second
)

// withDefaults returns the limits with the defaults applied, or an error if one makes no sense.
func (a Admission) withDefaults() (Admission, error) {
	for _, n := range []struct {
		name  string
		value float64
	}{
		{maxRequestFlag, float64(a.MaxRequestBytes)}, {maxBytesFlag, float64(a.MaxBytes)},
		{maxCallsFlag, float64(a.MaxCalls)}, {maxCallerFlag, float64(a.MaxCallerCalls)},
		{maxWaitingFlag, float64(a.MaxWaiting)}, {patienceFlag, a.Patience.Seconds()},
		{rateFlag, a.Rate}, {burstFlag, float64(a.Burst)},
	} {
		if !(n.value >= 0) { // NaN is refused as well
			return a, usageError{fmt.Errorf("--%s: invalid limit %v: want at least 0", n.name, n.value)}
		}
	}
	orDefault(&a.MaxRequestBytes, DefaultMaxRequestBytes)
	orDefault(&a.MaxBytes, DefaultMaxBytes)
	orDefault(&a.MaxCalls, DefaultMaxCalls)
	orDefault(&a.MaxCallerCalls, DefaultMaxCallerCalls)
	orDefault(&a.MaxWaiting, DefaultMaxWaiting)
	orDefault(&a.Patience, DefaultPatience)
	orDefault(&a.Burst, max(1, int(2*a.Rate)))
	if a.MaxBytes < a.MaxRequestBytes {
		return a, usageError{fmt.Errorf("--%s: invalid limit %d: want at least --%s, %d",
			maxBytesFlag, a.MaxBytes, maxRequestFlag, a.MaxRequestBytes)}
	}
	return a, nil
}

func orDefault[T int | int64 | time.Duration](value *T, def T) {
	if *value == 0 {
		*value = def
	}
}

// maxCallers limits the callers whose rates and credentials are remembered. The one that was seen longest ago is
// forgotten, and has its whole burst again.
const maxCallers = 10_000

// admission applies the limits to requests. It is safe for concurrent use.
type admission struct {
	Admission

	queue  *queue
	bytes  atomic.Int64 // held
	rates  *lru.Cache[string, *rate.Limiter]
	shared *sharedRate                  // nil: rates are those of this process
	warn   func(error)                  // the shared rates fail
	proven *lru.Cache[string, struct{}] // callers whose credential the API has accepted; nil: all count as such
}

// newAdmission expects limits with defaults. observed reports whether prove is called for callers.
func newAdmission(limits Admission, observed bool, m *Metrics, logger *slog.Logger) *admission {
	a := &admission{
		Admission: limits,
		queue:     newQueue(limits.MaxCalls, limits.MaxCallerCalls, limits.MaxWaiting, limits.Patience),
	}
	a.rates, _ = lru.New[string, *rate.Limiter](maxCallers) // fails for sizes below 1 only
	if limits.RateStore != nil && limits.Rate > 0 {
		a.shared = &sharedRate{store: limits.RateStore, rate: limits.Rate, burst: limits.Burst}
		sometimes := rate.Sometimes{First: 1, Interval: time.Minute}
		a.warn = func(err error) {
			sometimes.Do(func() { logger.Warn("each process counts requests by itself", "error", err) })
		}
	}
	if observed {
		a.proven, _ = lru.New[string, struct{}](maxCallers)
	}
	m.gauge("mcp_requests_in_flight", func() float64 { running, _ := a.queue.state(); return float64(running) })
	m.gauge("mcp_requests_waiting", func() float64 { _, waiting := a.queue.state(); return float64(waiting) })
	m.gauge("mcp_request_bytes_held", func() float64 { return float64(a.bytes.Load()) })
	return a
}

// hold reserves room for so many bytes of bodies and reports whether there is any. It is given back by a negative
// number.
func (a *admission) hold(n int64) bool {
	if a.bytes.Add(n) > a.MaxBytes && n > 0 {
		a.bytes.Add(-n)
		return false
	}
	return true
}

// rated returns the refusal of a request beyond the rate of its caller, or nil.
func (a *admission) rated(ctx context.Context, caller string) *refusal {
	if a.Rate == 0 {
		return nil
	}
	wait := a.wait(ctx, caller)
	if wait == 0 {
		return nil
	}
	return &refusal{
		reason: refusedRate, retryAfter: wait,
		message: fmt.Sprintf("more than %g requests in a second; retry after %s", a.Rate, seconds(wait)),
	}
}

// wait takes the turn of a request, or returns how long its caller has to wait for one.
func (a *admission) wait(ctx context.Context, caller string) time.Duration {
	if a.shared != nil && a.known(caller) { // anybody can make up keys, and each would take room in the store
		wait, err := a.shared.reserve(ctx, caller)
		if err == nil {
			return wait
		}
		a.warn(err)
	}
	limiter, ok := a.rates.Get(caller)
	if !ok {
		limiter = rate.NewLimiter(rate.Limit(a.Rate), a.Burst)
		if earlier, found, _ := a.rates.PeekOrAdd(caller, limiter); found {
			limiter = earlier
		}
	}
	now := time.Now()
	r := limiter.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if wait > 0 {
		r.CancelAt(now)
	}
	return wait
}

// known reports whether the API has accepted the caller's credential.
func (a *admission) known(caller string) bool { return a.proven == nil || a.proven.Contains(caller) }

// enter waits until a request of the caller may be handled. The refusal is nil if the request may, or if the client is
// gone; then leave is nil.
//
// Callers whose credential the API has not accepted yet share the turns of one caller: anybody can make up any number
// of keys.
func (a *admission) enter(ctx context.Context, caller string) (leave func(), _ *refusal) {
	if !a.known(caller) {
		caller = ""
	}
	leave, err := a.queue.enter(ctx, caller)
	switch {
	case errors.Is(err, errBusy):
		return nil, &refusal{reason: refusedBusy, message: "the server is busy; retry in a second", retryAfter: time.Second}
	case errors.Is(err, errCallerBusy):
		return nil, &refusal{
			reason: refusedCallerBusy, message: "too many requests of this caller at once; retry in a second",
			retryAfter: time.Second,
		}
	case err != nil:
		return nil, nil
	}
	return leave, nil
}

// prove remembers that the API has accepted the caller's credential.
func (a *admission) prove(caller string) {
	if !a.known(caller) {
		a.proven.Add(caller, struct{}{})
	}
}

// seconds returns a duration in whole seconds, rounded up, for people.
func seconds(d time.Duration) string {
	if d <= time.Second {
		return "a second"
	}
	return fmt.Sprintf("%d seconds", (d+time.Second-1)/time.Second)
}

// released is a response writer that gives back the turn of a request before the first byte: a client that reads its
// response slowly takes no turn from others. Each part of the response has to be read within writeTime.
type released struct {
	http.ResponseWriter

	leave func()
	once  sync.Once
}

func (w *released) release() { w.once.Do(w.leave) }

// begin is called before bytes are written. Writers of tests have no deadline.
func (w *released) begin() {
	w.release()
	_ = http.NewResponseController(w.ResponseWriter).SetWriteDeadline(time.Now().Add(writeTime))
}

func (w *released) WriteHeader(status int) {
	w.begin()
	w.ResponseWriter.WriteHeader(status)
}

func (w *released) Write(b []byte) (int, error) {
	w.begin()
	return w.ResponseWriter.Write(b) //nolint:wrapcheck // as the writer itself
}

// Flush is for mcp-go, which asks writers for it. Bytes that it sends were written just before.
func (w *released) Flush() {
	w.release()
	_ = http.NewResponseController(w.ResponseWriter).Flush() // not every writer can
}

// Unwrap is for [http.ResponseController].
func (w *released) Unwrap() http.ResponseWriter { return w.ResponseWriter }
