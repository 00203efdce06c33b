package client

import (
	"errors"
	"net/http"
	"net/url"
)

// maxText bounds texts from outside in the errors of this package, in bytes.
const maxText = 1 << 10

// send is the end of the chain: one exchange with the server.
func send(configured *http.Client, userAgent string) handler {
	client := *configured
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return func(c *call) (*http.Response, error) {
		plain := prepare(c, userAgent)
		sent := plain
		if c.bearer != "" {
			// On a copy, so that the request the response refers to can be logged.
			sent = plain.WithContext(plain.Context())
			sent.Header = plain.Header.Clone()
			sent.Header.Set("Authorization", "Bearer "+c.bearer)
		}
		resp, err := client.Do(sent)
		if err != nil {
			return nil, c.failure(err)
		}
		resp.Request = plain
		return resp, nil
	}
}

// prepare returns the request to send but for its credential. The request as given remains as it is.
func prepare(c *call, userAgent string) *http.Request {
	req := c.req.Clone(c.req.Context())
	if req.Header == nil {
		req.Header = http.Header{}
	}
	if c.server != nil {
		req.URL.Scheme, req.URL.Host, req.Host = c.server.Scheme, c.server.Host, c.server.Host
	}
	if c.ours {
		req.Header.Del("Authorization")
	}
	if req.Header.Get("Accept") == "" {
		req.Header.Set("Accept", "application/json")
	}
	if req.Header.Get("User-Agent") == "" {
		req.Header.Set("User-Agent", userAgent)
	}
	return req
}

// callError is a failure other than by the answer's status. Its text is fit to print, whatever its cause says.
type callError struct {
	text  string
	cause error
}

func (e *callError) Error() string { return e.text }

func (e *callError) Unwrap() error { return e.cause }

// failure names the call. The URL of a *url.Error becomes the operation's template: path and query may hold tokens.
func (c *call) failure(cause error) error {
	if wrapped := (*url.Error)(nil); errors.As(cause, &wrapped) {
		cause = &url.Error{Op: wrapped.Op, URL: c.address(), Err: wrapped.Err}
	}
	return &callError{text: c.name() + ": " + c.text(scrubQueries(cause.Error()), maxText), cause: cause}
}

func (c *call) address() string {
	target := c.req.URL
	if c.server != nil {
		target = c.server
	}
	if target == nil {
		return c.path()
	}
	return target.Scheme + "://" + target.Host + c.path()
}
