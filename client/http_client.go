package client

import (
	"errors"
	"net/http"
	"net/url"
)

// httpClient sends one request and follows no redirect. Without cookies and a time-out of its own, which the SDK has no
// need of, an http.Client adds nothing to its transport but time.
type httpClient struct {
	transport http.RoundTripper // nil: http.DefaultTransport, as it is at the time of the request
	whole     *http.Client      // nil: the transport does
}

func newHTTPClient(given *http.Client) *httpClient {
	c := &httpClient{transport: given.Transport}
	if given.Jar != nil || given.Timeout != 0 {
		own := *given
		own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		c.whole = &own
	}
	return c
}

func (c *httpClient) do(req *http.Request) (*http.Response, error) {
	if c.whole != nil {
		own := *req
		own.Header = req.Header.Clone() // Do adds the cookies to it
		resp, err := c.whole.Do(&own)
		if wrapped, ok := err.(*url.Error); ok { //nolint:errorlint // what Do itself has put around it
			err = wrapped.Err
		}
		return resp, err
	}
	transport := c.transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	resp, err := transport.RoundTrip(req)
	switch {
	case err != nil:
		return nil, err //nolint:wrapcheck // as above
	case resp == nil || resp.Body == nil: // against its contract
		return nil, errors.New("the transport returned neither a response with a body nor an error")
	}
	return resp, nil
}
