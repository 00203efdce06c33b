package client

import (
	"errors"
	"net/http"
	"net/url"
)

// httpClient sends one request and does not follow redirects. It calls the transport directly unless the [http.Client]
// has cookies or a timeout, because http.Client.Do costs time and adds nothing else.
type httpClient struct {
	transport http.RoundTripper // nil: the http.DefaultTransport of the moment
	whole     *http.Client      // nil: use the transport
}

func newHTTPClient(from *http.Client) *httpClient {
	c := &httpClient{transport: from.Transport}
	if from.Jar != nil || from.Timeout != 0 {
		own := *from
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
		if wrapped, ok := err.(*url.Error); ok { //nolint:errorlint // added by Do itself
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
	case resp == nil || resp.Body == nil: // violates the contract of RoundTripper
		return nil, errors.New("transport returned neither a response with a body nor an error")
	}
	return resp, nil
}
