package client

import (
	"cmp"
	"fmt"
	"net/http"
	"time"
)

// httpClient sends one request, with the parts of an [http.Client] that this package uses. It does not call
// http.Client.Do, which takes time and fails for a redirect that it cannot parse, although it is not to follow any.
type httpClient struct {
	transport http.RoundTripper // nil: the http.DefaultTransport of the moment
	jar       http.CookieJar    // nil: none
	timeout   time.Duration     // of an attempt; 0: none
}

func newHTTPClient(from *http.Client) *httpClient {
	return &httpClient{from.Transport, from.Jar, max(0, from.Timeout)}
}

// do sends a request, to which it adds cookies.
func (c *httpClient) do(req *http.Request) (*http.Response, error) {
	if c.jar == nil || req.URL == nil {
		return c.roundTrip(req)
	}
	site := *req.URL // as for http.Client, that of the header Host
	site.Host = cmp.Or(req.Host, site.Host)
	for _, cookie := range c.jar.Cookies(&site) {
		req.AddCookie(cookie)
	}
	resp, err := c.roundTrip(req)
	if err != nil {
		return nil, err
	}
	if cookies := resp.Cookies(); len(cookies) > 0 {
		c.jar.SetCookies(&site, cookies)
	}
	return resp, nil
}

func (c *httpClient) roundTrip(req *http.Request) (*http.Response, error) {
	transport := c.transport
	if transport == nil {
		transport = http.DefaultTransport
	}
	resp, err := transport.RoundTrip(req)
	switch {
	case err != nil:
		return nil, err //nolint:wrapcheck // transportError wraps it
	case resp == nil: // violates the contract of RoundTripper
		return nil, fmt.Errorf("transport %T returned neither a response nor an error", transport)
	case resp.Body == nil && resp.ContentLength > 0: // likewise
		return nil, fmt.Errorf("transport %T returned a response of %d bytes without a body", transport, resp.ContentLength)
	case resp.Body == nil: // built by hand
		resp.Body = http.NoBody
	}
	return resp, nil
}
