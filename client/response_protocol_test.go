package client_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client"
)

// The body of 101 Switching Protocols, which nobody asked for, is the connection: to read it would take for ever.
func TestAProtocolThatNobodyAskedForIsNotRead(t *testing.T) {
	for name, httpClient := range map[string]*http.Client{"transport": {}, "client": {Timeout: time.Minute}} {
		closed := false
		httpClient.Transport = transportFunc(func(*http.Request) (*http.Response, error) {
			resp := byHand(http.StatusSwitchingProtocols, "")
			resp.Body = connection{func() { t.Errorf("%s: the connection is read", name) }, func() { closed = true }}
			return resp, nil
		})
		_, err := newClient(t, testKey, client.WithHTTPClient(httpClient)).Organizations.Get(t.Context(), "org_01")
		failed := (*client.Error)(nil)
		if !errors.As(err, &failed) || failed.StatusCode != http.StatusSwitchingProtocols || !closed {
			t.Errorf("%s: got %v and closed %v, want an error of that status", name, err, closed)
		}
	}
}

// A proxy, or a server at a wrong base URL, may return a page for every request.
func TestPageIsNoSuccess(t *testing.T) {
	const page = "<!doctype html><title>Sign in</title>"
	for _, tt := range []struct {
		contentType, body, want string
	}{
		{"text/html", page, "it is an HTML page: " + page},
		{"Text/HTML ; charset=utf-8", page + " " + testKey, "it is an HTML page: " + page + " [redacted]"},
		{"text/html", "", ""}, {"text/html", "\n", ""}, {"text/html", `{"ok":true}`, ""}, {"text/plain", "OK", ""},
	} {
		c := replying(t, func() *http.Response {
			resp := byHand(http.StatusOK, tt.body)
			resp.Header.Set("Content-Type", tt.contentType)
			return resp
		})
		err := c.Organizations.Delete(t.Context(), "org_01")
		if tt.want == "" && err == nil {
			continue
		}
		want := "organizations.delete: 200 invalid_response: invalid response: " + tt.want
		if !errors.Is(err, client.ErrInvalidResponse) || err.Error() != want {
			t.Errorf("%s, %q: got %v, want %s", tt.contentType, tt.body, err, want)
		}
	}
	c := replying(t, func() *http.Response {
		resp := byHand(http.StatusOK, page)
		resp.Header.Set("Content-Type", "text/html")
		return resp
	})
	if _, err := c.SSO.Logout.Get(t.Context(), &client.SSOLogoutGetParams{Token: "t"}); err != nil {
		t.Errorf("an operation that redirects browsers: got %v, want success", err)
	}
}

func TestContextThatEndsWithinABodyIsTheCause(t *testing.T) {
	left := errors.New("the user left")
	for _, seen := range []error{left, context.Canceled} { // by readers
		ctx, cancel := context.WithCancelCause(t.Context())
		c := replying(t, func() *http.Response {
			resp := byHand(http.StatusOK, "")
			resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"id":`), readerFunc(func() error {
				cancel(left)
				return seen
			})))
			return resp
		})
		_, err := c.Organizations.Get(ctx, "org_01")
		if !errors.Is(err, context.Canceled) || !errors.Is(err, client.ErrInvalidResponse) {
			t.Errorf("got %v, want context.Canceled and ErrInvalidResponse", err)
		}
	}
}

// readerFunc is a body that fails.
type readerFunc func() error

func (f readerFunc) Read([]byte) (int, error) { return 0, f() }

// connection is the body of a response that is a connection.
type connection struct{ read, closed func() }

func (c connection) Read([]byte) (int, error) {
	c.read()
	return 0, io.EOF
}

func (c connection) Close() error {
	c.closed()
	return nil
}
