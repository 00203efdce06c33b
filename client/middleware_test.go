package client_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client"
)

func TestBodyThatMiddlewareReplacesIsReadWhole(t *testing.T) {
	w := newWire(respondJSON(http.StatusOK, `{}`))
	c := newClient(t, testKey, w.option(), client.WithMiddleware(
		func(req *http.Request, next client.Next) (*http.Response, error) {
			resp, err := next(req)
			if err == nil {
				resp.Body = io.NopCloser(strings.NewReader(anOrg))
			}
			return resp, err
		}))
	if got, err := c.Organizations.Get(t.Context(), "org_01"); err != nil || got.ID != "org_01" {
		t.Errorf("got %v, %v; want the organization", got, err)
	}
}

func TestMiddlewareMayLeaveOutBodyAndHeader(t *testing.T) {
	for _, status := range []int{http.StatusNoContent, http.StatusNotFound} {
		c := newClient(t, testKey, client.WithMiddleware(func(*http.Request, client.Next) (*http.Response, error) {
			return &http.Response{StatusCode: status}, nil
		}))
		if err := c.Organizations.Delete(t.Context(), "org_01"); (err == nil) != (status == http.StatusNoContent) {
			t.Errorf("%d: got %v", status, err)
		}
	}
	w := newWire(respondJSON(http.StatusOK, anOrg))
	c := newClient(t, testKey, w.option(), client.WithMiddleware(
		func(req *http.Request, next client.Next) (*http.Response, error) {
			return next((&http.Request{Method: req.Method, URL: req.URL}).WithContext(req.Context()))
		}))
	_, err := c.Organizations.Get(t.Context(), "org_01")
	if err != nil || w.sent[0].Header.Get("Authorization") != "Bearer "+testKey {
		t.Errorf("got %v, want the request sent with the key", err)
	}
}

func TestCauseOfMiddlewareIsKept(t *testing.T) {
	policy := errors.New("policy refuses")
	c := newClient(t, testKey, once(), client.WithMiddleware(func(*http.Request, client.Next) (*http.Response, error) {
		return nil, fmt.Errorf("%w: %w", policy, &url.Error{Op: "Get", URL: "http://policy.example/?q=secret", Err: io.EOF})
	}))
	_, err := c.Organizations.Get(t.Context(), "org_01")
	if text := fmt.Sprint(err); !errors.Is(err, policy) || !strings.Contains(text, "policy refuses") ||
		strings.Contains(text, "secret") {
		t.Errorf("got %v, want the policy's error without the query", err)
	}
}

func TestMiddlewareStandsAroundEachAttempt(t *testing.T) {
	w := newWire(respondInTurn(respondJSON(http.StatusInternalServerError, `{}`), respondJSON(http.StatusOK, anOrg)))
	var trail []string
	mark := func(name string) client.Middleware {
		return func(req *http.Request, next client.Next) (*http.Response, error) {
			if req.Header.Get("Authorization") != "" {
				t.Error("middleware sees the credential")
			}
			op, _ := client.OperationOf(req)
			trail = append(trail, name+" "+op.ID+" "+op.Path)
			req.Header.Add("X-Trail", name)
			return next(req)
		}
	}
	c := newClient(t, testKey, w.option(), client.WithMiddleware(mark("a"), mark("b")),
		client.WithRetry(client.RetryPolicy{MaxAttempts: 2}))
	if _, err := c.Organizations.Get(t.Context(), "org_01", client.WithMiddleware(mark("c"))); err != nil {
		t.Fatal(err)
	}
	const at = " organizations.get /organizations/{id}"
	if got, want := strings.Join(trail, ","), strings.Join([]string{
		"a" + at, "b" + at, "c" + at, "a" + at, "b" + at, "c" + at,
	}, ","); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for i, req := range w.sent {
		if got := strings.Join(req.Header["X-Trail"], ""); got != "abc" || req.Header.Get("Authorization") == "" {
			t.Errorf("request %d: got trail %q, want abc and the credential", i+1, got)
		}
	}
}

func TestMiddlewareThatLeadsElsewhereLosesTheCredential(t *testing.T) {
	w := newWire(respondJSON(http.StatusOK, anOrg))
	for _, change := range []func(*http.Request){
		func(req *http.Request) { req.URL.Host = "evil.example" },
		func(req *http.Request) { req.URL.Scheme = "http" },
		func(req *http.Request) { req.URL = &url.URL{Scheme: "https", Host: "evil.example"} },
	} {
		w.sent = nil
		_, err := newClient(t, testKey, w.option(), client.WithMiddleware(
			func(req *http.Request, next client.Next) (*http.Response, error) {
				change(req)
				return next(req)
			})).Organizations.Get(t.Context(), "org_01")
		if err != nil || len(w.sent) != 1 || w.sent[0].Header.Get("Authorization") != "" {
			t.Errorf("got %v; want one request without the key", err)
		}
	}
}

func TestMiddlewareThatRemovesTheURLIsAnError(t *testing.T) {
	for name, sender := range map[string]*http.Client{"transport": {}, "HTTP client": {Timeout: time.Hour}} {
		c := newClient(t, testKey, client.WithHTTPClient(sender), once(), client.WithMiddleware(
			func(req *http.Request, next client.Next) (*http.Response, error) {
				req.URL = nil
				return next(req)
			}))
		if _, err := c.Organizations.Get(t.Context(), "org_01"); err == nil {
			t.Errorf("%s: got success, want an error", name)
		}
	}
}

func TestMiddlewareThatReturnsNothingIsAnError(t *testing.T) {
	c := newClient(t, testKey, once(), client.WithMiddleware(
		func(*http.Request, client.Next) (*http.Response, error) { return nil, nil }))
	if _, err := c.Organizations.Get(t.Context(), "org_01"); err == nil || !strings.Contains(err.Error(), "middleware") {
		t.Errorf("got %v, want an error that names the middleware", err)
	}
}

func TestMiddlewareLeavesTheNextAttemptAlone(t *testing.T) {
	w := newWire(respondInTurn(respondJSON(http.StatusInternalServerError, `{}`), respondJSON(http.StatusOK, anOrg)))
	var seen []string
	var inner *http.Request
	c := newClient(t, testKey, w.option(), client.WithRetry(client.RetryPolicy{MaxAttempts: 2}),
		client.WithHeader("X-A", "1"), client.WithMiddleware(
			func(req *http.Request, next client.Next) (*http.Response, error) {
				seen = append(seen, req.URL.String()+" "+req.Header.Get("X-A")+" "+req.Header.Get("Authorization"))
				req.URL.RawQuery = "added"
				req.Header.Add("X-A", "2")
				inner = req
				resp, err := next(req)
				if inner.Header.Get("Authorization") != "" {
					t.Error("middleware can see the key afterwards")
				}
				return resp, err
			}))
	if _, err := c.Organizations.Get(t.Context(), "org_01"); err != nil {
		t.Fatal(err)
	}
	const first = "https://api.workos.com/organizations/org_01 1 "
	if want := []string{first, first}; !slices.Equal(seen, want) {
		t.Errorf("got %q, want %q", seen, want)
	}
	for i, req := range w.sent {
		if got := fmt.Sprint(req.URL.RawQuery, req.Header["X-A"], req.Header.Get("Authorization")); got !=
			"added[1 2]Bearer "+testKey {
			t.Errorf("request %d: got %s", i+1, got)
		}
	}
}

func TestOperationOfARequest(t *testing.T) {
	var got []string
	w := newWire(respondJSON(http.StatusOK, `{}`))
	c := newClient(t, testKey, client.WithHTTPClient(&http.Client{Transport: transportFunc(
		func(req *http.Request) (*http.Response, error) {
			op, ok := client.OperationOf(req)
			got = append(got, fmt.Sprintf("%v %t %s", op, ok, client.SpanName("HTTP GET", req)))
			return w.RoundTrip(req)
		})}))
	_, _ = c.Organizations.Get(t.Context(), "org_01")
	for _, url := range []string{"https://api.workos.com/new", "https://api.workos.com/organizations/org_01"} {
		resp, err := handMade(c, handBuilt(t, http.MethodDelete, url, ""))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
	}
	want := []string{
		"{organizations.get /organizations/{id}} true organizations.get", "{ } false DELETE",
		"{organizations.delete /organizations/{id}} true organizations.delete",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
