package serve

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2"
)

const breakerFlag = "circuit-breaker"

const (
	// credentialFailures is after how many failures in a row the requests of one credential are held.
	credentialFailures = 5
	// sharedFailures is after how many credentials in a row have failed all requests are held. One tenant alone, whose
	// requests may fail for reasons of its own, never holds those of others.
	sharedFailures = 3
	// heldTime is how long requests are held until one of them tries again.
	heldTime = 15 * time.Second
	// slowTime is how long a request that ran out of time must have taken to count as a failure: the time that was left
	// of its call may have been short.
	slowTime = 5 * time.Second
)

// outcome is what a request says about the API.
type outcome int

const (
	outcomeUnknown outcome = iota // nothing: it was canceled or not sent
	outcomeWorks                  // there is a response, also one that refuses: 4xx and 429
	outcomeFails                  // no response, or one with status 5xx
)

// judge returns the outcome of a request.
func judge(ctx context.Context, status int, err error, taken time.Duration) outcome {
	switch {
	case err == nil && (status < http.StatusInternalServerError || status == http.StatusNotImplemented):
		return outcomeWorks
	case err == nil:
		return outcomeFails
	case errors.Is(err, context.Canceled):
		return outcomeUnknown
	case ctx.Err() != nil && taken < slowTime:
		return outcomeUnknown
	}
	return outcomeFails
}

// route is what fails together: reads, or writes, of one host.
type route struct {
	host string
	read bool
}

func routeOf(r *http.Request) route {
	return route{r.URL.Host, r.Method == http.MethodGet || r.Method == http.MethodHead}
}

func (r route) class() string {
	if r.read {
		return "read"
	}
	return "write"
}

// circuitKey names a circuit: of one credential, or of all ("").
type circuitKey struct {
	route

	credential string
}

// circuit counts failures in a row.
type circuit struct {
	shared   bool
	failures int
	failed   []string  // shared: the credentials of the failures, each once
	until    time.Time // requests are held; zero: they are not
	trying   bool      // one request tries whether the API works again
}

func (one *circuit) scope() string {
	if one.shared {
		return "all"
	}
	return "credential"
}

// circuits hold requests to an API that fails. It is safe for concurrent use.
//
// It is written here because libraries count requests alone: this one counts each credential once, so that a tenant
// cannot stop others.
type circuits struct {
	now     func() time.Time
	logger  *slog.Logger
	metrics *Metrics

	mu  sync.Mutex
	all *lru.Cache[circuitKey, *circuit]
}

func newCircuits(m *Metrics, logger *slog.Logger) *circuits {
	c := &circuits{now: time.Now, logger: logger, metrics: m}
	c.all, _ = lru.New[circuitKey, *circuit](maxCallers) // fails for sizes below 1 only
	m.gauge(`mcp_upstream_circuits_open{scope="credential"}`, func() float64 { return c.open(false) })
	m.gauge(`mcp_upstream_circuits_open{scope="all"}`, func() float64 { return c.open(true) })
	return c
}

// open counts the circuits that hold requests, of credentials or of all.
func (c *circuits) open(shared bool) float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, key := range c.all.Keys() {
		if one, ok := c.all.Peek(key); ok && one.shared == shared && !one.until.IsZero() {
			n++
		}
	}
	return float64(n)
}

// admit reports whether a request may be sent: wait is 0, and done must be called once with its outcome. Otherwise
// the request must wait so long.
func (c *circuits) admit(r route, credential string) (done func(outcome), wait time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	own, shared := c.circuit(circuitKey{r, credential}), c.circuit(circuitKey{r, ""})
	now := c.now()
	if wait = max(own.held(now), shared.held(now)); wait > 0 {
		return nil, wait
	}
	triesOwn, triesShared := own.try(), shared.try()
	return func(o outcome) {
		c.mu.Lock()
		defer c.mu.Unlock()
		if triesOwn {
			own.trying = false
		}
		if triesShared {
			shared.trying = false
		}
		switch o {
		case outcomeUnknown:
		case outcomeWorks:
			c.close(own, r)
			c.close(shared, r)
		case outcomeFails:
			c.fail(own, credential, r)
			c.fail(shared, credential, r)
		}
	}, 0
}

func (c *circuits) circuit(key circuitKey) *circuit {
	one, ok := c.all.Get(key)
	if !ok {
		one = &circuit{shared: key.credential == ""}
		c.all.Add(key, one)
	}
	return one
}

// held returns how long a request must wait; 0: it may be sent.
func (one *circuit) held(now time.Time) time.Duration {
	switch {
	case one.until.IsZero():
		return 0
	case one.trying:
		return time.Second
	}
	return max(0, one.until.Sub(now))
}

// try makes a request the one that tries whether the API works again, if it has to be found out.
func (one *circuit) try() bool {
	if one.until.IsZero() {
		return false
	}
	one.trying = true
	return true
}

func (c *circuits) close(one *circuit, r route) {
	if !one.until.IsZero() {
		c.logger.Info("the API works again", "host", r.host, "class", r.class(), "scope", one.scope())
	}
	*one = circuit{shared: one.shared, trying: one.trying}
}

// fail counts a failure, and holds what follows once there are enough in a row.
func (c *circuits) fail(one *circuit, credential string, r route) {
	if !one.count(credential) {
		return
	}
	if one.until.IsZero() {
		c.logger.Warn("the API fails; requests to it are held",
			"host", r.host, "class", r.class(), "scope", one.scope(), "time", heldTime)
		c.metrics.opened(one.scope(), r.class())
	}
	one.until = c.now().Add(heldTime)
}

// count counts a failure and reports whether there are enough in a row.
func (one *circuit) count(credential string) bool {
	if !one.shared {
		one.failures = min(one.failures+1, credentialFailures)
		return one.failures == credentialFailures
	}
	if len(one.failed) < sharedFailures && !slices.Contains(one.failed, credential) {
		one.failed = append(one.failed, credential)
	}
	return len(one.failed) == sharedFailures
}

// held counts a request to the API that was not sent.
func (m *Metrics) held(code string) {
	m.counter(fmt.Sprintf("mcp_upstream_held_total{code=%q}", code)).Inc()
}

// opened counts when requests begin to be held.
func (m *Metrics) opened(scope, class string) {
	m.counter(fmt.Sprintf("mcp_upstream_circuits_opened_total{scope=%q,class=%q}", scope, class)).Inc()
}
