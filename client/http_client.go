package client

import (
	"errors"
	"net/http"
)

// httpClient sends one request and follows no redirect. Without cookies and a time-out of its own, which the SDK has no
// need of, an http.Client adds nothing to its transport but time.
type httpClient struct {
	transport http.RoundTripper
	whole     *http.Client // nil: the transport does
}

func newHTTPClient(given *http.Client) *httpClient {
	c := &httpClient{transport: given.Transport}
	if c.transport == nil {
		c.transport = http.DefaultTransport
	}
	if given.Jar != nil || given.Timeout != 0 {
		own := *given
		own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		c.whole = &own
	}
	return c
}

func (c *httpClient) do(req *http.Request) (*http.Response, error) {
	if c.whole != nil {
		return c.whole.Do(req) //nolint:wrapcheck // the caller names the call
	}
	resp, err := c.transport.RoundTrip(req)
	switch {
	case err != nil:
		return nil, err //nolint:wrapcheck // as above
	case resp == nil || resp.Body == nil: // against its contract
		return nil, errors.New("the transport returned neither a response with a body nor an error")
	}
	return resp, nil
}
