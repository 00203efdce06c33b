package client

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync/atomic"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// call is one call of an operation, with all its attempts.
type call struct {
	*config
	scrubber // of the call's credentials

	route    *optable.Route // nil: not an operation of the API
	req      *http.Request  // to be sent, but for its credential; a copy of it is
	ours     bool           // whether it goes below the base URL, and so may carry a credential
	token    string         // header Authorization to send; "": none
	attempts int            // begun so far
	reached  atomic.Bool    // whether the attempt under way may have reached the server
}

// answer is a success, or a redirect where that is what the operation answers with. Its body is read and closed.
type answer struct {
	resp *http.Response
	body []byte
}

// newCall makes ready a request that this package may change.
func newCall(cfg *config, route *optable.Route, req *http.Request, ours bool) *call {
	c := &call{config: cfg, route: route, req: req, ours: ours}
	for name, value := range cfg.standing { // one value serves all calls, as nothing changes it
		if len(req.Header[name]) == 0 {
			req.Header[name] = value
		}
	}
	c.setIdempotencyKey()
	return c
}

// operation is the operation's ID, or "".
func (c *call) operation() string {
	if c.route == nil {
		return ""
	}
	return c.route.ID
}

// name is how errors call it.
func (c *call) name() string { return cmp.Or(c.operation(), c.req.Method+" request") }

// path is the operation's path template, or "". Unlike the path it holds no values.
func (c *call) path() string {
	if c.route == nil {
		return ""
	}
	return c.route.Path
}

// run carries the call out: it authorizes it, and sends it until it succeeds or the policy says that it failed.
func (c *call) run(ctx context.Context) (answer, error) {
	got, err := c.deliver(ctx)
	c.capture(got, err)
	return got, err
}

func (c *call) deliver(ctx context.Context) (answer, error) {
	if err := c.authorize(ctx); err != nil {
		return answer{}, err
	}
	if ctx.Err() != nil {
		return answer{}, c.transportError(ctx, context.Cause(ctx))
	}
	got, err := c.attempt(ctx)
	if err != nil {
		return c.repeat(ctx, err)
	}
	return got, nil
}

// attempt sends the request once and reads the answer.
func (c *call) attempt(ctx context.Context) (answer, error) {
	ctx, cancel := c.bound(ctx)
	defer cancel()
	req, err := c.copy(ctx)
	if err != nil {
		return answer{}, err
	}
	c.attempts++
	c.reached.Store(false)
	logged := c.logAttempt(ctx)  //nolint:bodyclose // a function
	resp, err := c.exchange(req) //nolint:bodyclose // judge closes it
	if err != nil {
		err = c.transportError(ctx, err)
		logged(nil, err)
		return answer{}, err
	}
	got, err := c.judge(resp)
	logged(resp, err)
	return got, err
}

// bound limits the time of one attempt, unless the context does so already.
func (c *call) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	if c.timeout == 0 {
		return ctx, func() {}
	}
	if deadline, bounded := ctx.Deadline(); bounded && time.Until(deadline) < c.timeout {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, c.timeout, &attemptTimeoutError{c.timeout})
}

// copy returns the request of one attempt, with the body from its beginning.
func (c *call) copy(ctx context.Context) (*http.Request, error) {
	req := c.req.WithContext(withOperation(ctx, c.route))
	if c.header != nil { // on the copy, as they may hold secrets
		req.Header = maps.Clone(req.Header)
		maps.Copy(req.Header, c.header())
	}
	if c.attempts > 0 && c.req.GetBody != nil {
		body, err := c.req.GetBody()
		if err != nil {
			return nil, &lostBodyError{err}
		}
		req.Body = body
	}
	return req, nil
}

// lostBodyError reports a request that cannot be sent again, as its GetBody failed.
type lostBodyError struct{ cause error }

func (e *lostBodyError) Error() string { return "body: " + e.cause.Error() }

func (e *lostBodyError) Unwrap() error { return e.cause }

// exchange takes a request through the middleware to the server.
func (c *call) exchange(req *http.Request) (*http.Response, error) {
	if len(c.middleware) == 0 {
		return c.send(req)
	}
	next := c.send
	for _, around := range slices.Backward(c.middleware) {
		inner := next
		next = func(req *http.Request) (*http.Response, error) { return around(req, inner) }
	}
	target := *req.URL // what middleware changes belongs to the attempt
	req.URL, req.Header = &target, req.Header.Clone()
	resp, err := next(req)
	switch {
	case err != nil:
		return nil, err
	case resp == nil:
		return nil, errors.New("middleware returned neither a response nor an error")
	case resp.Body == nil: // made by hand
		resp.Body = http.NoBody
	}
	if resp.Request == nil {
		resp.Request = c.req
	}
	return resp, nil
}

// send is the end of the chain: one exchange with the server. The response refers to the request without its
// credential, so that it can be logged.
func (c *call) send(req *http.Request) (*http.Response, error) {
	if c.token != "" && sameOrigin(req.URL, c.req.URL) { // middleware may have sent it elsewhere
		if len(c.middleware) > 0 { // which may still look at its request
			own := *req
			req = &own
		}
		header := make(http.Header, len(req.Header)+1)
		maps.Copy(header, req.Header)
		header["Authorization"] = []string{c.token}
		req.Header = header
	}
	resp, err := c.httpClient.do(req)
	if !neverSent(err) {
		c.reached.Store(true) // whatever the middleware makes of it
	}
	if err != nil {
		return nil, err
	}
	resp.Request = c.req
	return resp, nil
}

// sameOrigin compares the URL of an attempt, which middleware may have taken away, with that of the call.
func sameOrigin(a, b *url.URL) bool {
	return a != nil && a.Scheme == b.Scheme && a.Host == b.Host
}
