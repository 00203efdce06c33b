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

// call is one call of an operation, including all its attempts.
type call struct {
	*config
	scrubber // of the call's credentials

	route     *optable.Route // nil: not an operation of the API
	req       *http.Request  // template of the attempts' requests, without credential
	belowBase bool           // whether it is below the base URL and so may carry a credential
	token     string         // value of the Authorization header; "": none
	attempts  int            // started so far
	reached   atomic.Bool    // whether the current attempt may have reached the server
	sends     sends          // of the current attempt
}

// rawResponse is a success, or a documented redirect, whose body has been read and closed.
type rawResponse struct {
	resp *http.Response
	body []byte
}

// newCall returns a call for a request that this package may change.
func newCall(cfg *config, route *optable.Route, req *http.Request, belowBase bool) *call {
	c := &call{config: cfg, route: route, req: req, belowBase: belowBase}
	for name, value := range cfg.defaults { // all calls share the values, which nothing changes
		if len(req.Header[name]) == 0 {
			req.Header[name] = value
		}
	}
	c.setIdempotencyKey()
	return c
}

// operation returns the operation's ID, or "".
func (c *call) operation() string {
	if c.route == nil {
		return ""
	}
	return c.route.ID
}

// name returns the text that errors begin with.
func (c *call) name() string { return cmp.Or(c.operation(), c.req.Method+" request") }

// path returns the operation's path template, or "". Unlike the path it contains no values.
func (c *call) path() string {
	if c.route == nil {
		return ""
	}
	return c.route.Path
}

// run authorizes the call and sends it until it succeeds or may not be retried.
func (c *call) run(ctx context.Context) (rawResponse, error) {
	got, err := c.runAttempts(ctx)
	c.capture(got, err)
	return got, err
}

func (c *call) runAttempts(ctx context.Context) (rawResponse, error) {
	if err := c.authorize(ctx); err != nil {
		return rawResponse{}, err
	}
	if ctx.Err() != nil {
		return rawResponse{}, c.transportError(ctx, context.Cause(ctx))
	}
	got, err := c.attempt(ctx)
	if err != nil {
		return c.resend(ctx, err)
	}
	return got, nil
}

// attempt sends the request once and reads the response.
func (c *call) attempt(ctx context.Context) (rawResponse, error) {
	ctx, cancel := c.withTimeout(ctx)
	defer cancel()
	ctx = c.limitSends(ctx, cancel)
	req, err := c.attemptRequest(ctx)
	if err != nil {
		return rawResponse{}, err
	}
	c.attempts++
	c.reached.Store(false)
	logged := c.logAttempt(ctx)  //nolint:bodyclose // a function
	resp, err := c.exchange(req) //nolint:bodyclose // read closes it
	if err != nil {
		err = c.transportError(ctx, err)
		logged(nil, err)
		return rawResponse{}, err
	}
	got, err := c.read(ctx, resp)
	logged(resp, err)
	return got, err
}

// withTimeout limits the time of one attempt, unless the context has an earlier deadline.
func (c *call) withTimeout(ctx context.Context) (context.Context, context.CancelFunc) {
	timeout := c.timeout
	if other := c.httpClient.timeout; other > 0 && (timeout == 0 || other < timeout) {
		timeout = other
	}
	if timeout == 0 {
		return context.WithCancel(ctx)
	}
	if deadline, bounded := ctx.Deadline(); bounded && time.Until(deadline) < timeout {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, timeout, &attemptTimeoutError{timeout})
}

// attemptRequest returns the request of one attempt, with the body rewound.
func (c *call) attemptRequest(ctx context.Context) (*http.Request, error) {
	req := c.req.WithContext(withOperation(ctx, c.route))
	if c.header != nil { // on the copy, because values may be secret
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

// lostBodyError reports a request that cannot be sent again because its GetBody failed.
type lostBodyError struct{ cause error }

func (e *lostBodyError) Error() string { return "body: " + e.cause.Error() }

func (e *lostBodyError) Unwrap() error { return e.cause }

// exchange passes a request through the middleware to the server.
func (c *call) exchange(req *http.Request) (*http.Response, error) {
	if len(c.middleware) == 0 {
		return c.send(req)
	}
	next := c.send
	for _, around := range slices.Backward(c.middleware) {
		inner := next
		next = func(req *http.Request) (*http.Response, error) { return around(req, inner) }
	}
	target := *req.URL // changes of middleware affect one attempt only
	req.URL, req.Header = &target, req.Header.Clone()
	resp, err := next(req)
	switch {
	case err != nil:
		return nil, err
	case resp == nil:
		return nil, errors.New("middleware returned neither a response nor an error")
	case resp.Body == nil: // built by hand
		resp.Body = http.NoBody
	}
	if resp.Request == nil {
		resp.Request = c.req
	}
	return resp, nil
}

// send performs one exchange with the server, inside all middleware. The response refers to the request without its
// credential, so that it can be logged.
func (c *call) send(req *http.Request) (*http.Response, error) {
	if len(c.middleware) > 0 { // which may still use its request
		own := *req
		req = &own
	}
	header := make(http.Header, len(req.Header)+1)
	maps.Copy(header, req.Header)
	if c.token != "" && sameOrigin(req.URL, c.req.URL) { // middleware may have changed the target
		header["Authorization"] = []string{c.token}
	}
	req.Header = header
	if req.URL != nil { // transports change it, although they must not, and the call may be sent again
		target := *req.URL
		req.URL = &target
	}
	c.sends.reset()
	resp, err := c.httpClient.do(req)
	if !neverSent(err) || c.sends.all.Load() > 0 { // the transport may have tried again, or done something else
		c.reached.Store(true) // whatever error middleware returns
	}
	if err != nil {
		return nil, err
	}
	if resp.StatusCode == http.StatusSwitchingProtocols { // the body is the connection, whose reads heed no deadline
		_ = resp.Body.Close()
		resp.Body = http.NoBody
	}
	resp.Request = c.req
	return resp, nil
}

// sameOrigin reports whether the URL of an attempt, which middleware may have changed, has the origin of the call's.
func sameOrigin(a, b *url.URL) bool {
	return a != nil && a.Scheme == b.Scheme && a.Host == b.Host
}
