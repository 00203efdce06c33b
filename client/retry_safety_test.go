package client_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

func TestMiddlewareThatFailsToDialAfterwardsDoesNotRepeatAPost(t *testing.T) {
	w := newWire(respondJSON(http.StatusCreated, anOrg))
	c := newClient(t, testKey, w.option(), client.WithMiddleware(
		func(req *http.Request, next client.Next) (*http.Response, error) {
			resp, err := next(req)
			if err != nil {
				return nil, err
			}
			_ = resp.Body.Close()
			return nil, fmt.Errorf("audit: %w", &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("refused")})
		}))
	_, err := c.Organizations.Create(t.Context(), gen.CreateOrganization{Name: "Acme"})
	if err == nil || len(w.sent) != 1 {
		t.Errorf("got %v after %d requests, want an error after one", err, len(w.sent))
	}
}

// What failed on the way may have arrived, whatever middleware calls it.
func TestMiddlewareThatReportsALostResponseAsADialFailureDoesNotRepeatAPost(t *testing.T) {
	w := newWire(httpmock.NewErrorResponder(&net.OpError{Op: "read", Net: "tcp", Err: errors.New("reset")}))
	c := newClient(t, testKey, w.option(), client.WithMiddleware(
		func(req *http.Request, next client.Next) (*http.Response, error) {
			if _, err := next(req); err == nil {
				t.Error("got a response of a transport that fails")
			}
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("refused")}
		}))
	_, err := c.Organizations.Create(t.Context(), gen.CreateOrganization{Name: "Acme"})
	if err == nil || len(w.sent) != 1 {
		t.Errorf("got %v after %d requests, want an error after one", err, len(w.sent))
	}
}

// A transport may send the request, and fail to connect when it sends it again, or when it does something else.
func TestTransportThatFailsToDialAfterwardsDoesNotRepeatAPost(t *testing.T) {
	for sends, want := range map[int]int{0: 3, 1: 1} {
		calls := 0
		c := newClient(t, testKey, client.WithRetry(client.RetryPolicy{MaxAttempts: 3}), client.WithHTTPClient(&http.Client{
			Transport: transportFunc(func(req *http.Request) (*http.Response, error) {
				calls++
				for range sends {
					httptrace.ContextClientTrace(req.Context()).WroteHeaders()
				}
				return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("refused")}
			})}))
		_, err := c.Organizations.Create(t.Context(), client.CreateOrganization{Name: "Acme"})
		if err == nil || calls != want {
			t.Errorf("sent %d times before it: got %v after %d calls of the transport, want %d", sends, err, calls, want)
		}
	}
}

func TestDialFailureAfterAResponseIsRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refused := httpmock.NewErrorResponder(&net.OpError{Op: "dial", Net: "tcp", Err: errors.New("refused")})
		w := newWire(respondInTurn(tooMany("1"), refused, respondJSON(http.StatusCreated, anOrg)))
		_, err := newClient(t, testKey, w.option()).Organizations.Create(t.Context(), gen.CreateOrganization{Name: "Acme"})
		if err != nil || len(w.sent) != 3 {
			t.Errorf("got %v after %d requests, want success with the third", err, len(w.sent))
		}
	})
}

func TestErrorsOfPackageBackoffMeanNothingHere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, cause := range []error{backoff.Permanent(errors.New("inner")), backoff.RetryAfter(1000)} {
			w := newWire(httpmock.NewErrorResponder(cause))
			start := time.Now()
			_, err := newClient(t, testKey, w.option()).Organizations.Get(t.Context(), "org_01")
			if took := time.Since(start); err == nil || len(w.sent) != 3 || took > time.Minute {
				t.Errorf("%v: got %v after %d requests in %s, want an error after 3", cause, err, len(w.sent), took)
			}
		}
	})
}

func TestOnlyWhatIsSafeIsRepeated(t *testing.T) {
	const hidden, auditLogs = "https://api.workos.com/new/thing", "https://api.workos.com/audit_logs/events"
	for _, request := range []struct {
		method, url, key string
		safe             bool
	}{
		{http.MethodGet, hidden, "", true}, {http.MethodHead, hidden, "", true}, {http.MethodOptions, hidden, "", true},
		{http.MethodPut, hidden, "", true}, {http.MethodDelete, hidden, "", true},
		{http.MethodPatch, hidden, "", false}, {http.MethodPost, hidden, "", false},
		{http.MethodTrace, hidden, "", false}, {"PROPFIND", hidden, "", false}, {"get", hidden, "", false},
		{http.MethodPost, hidden, "k", false}, {http.MethodPatch, hidden, "k", false}, // whether it is honoured is not known
		{http.MethodPost, "https://api.workos.com/organizations", "k", false},
		{http.MethodPost, auditLogs, "k", true}, {http.MethodPost, auditLogs, "", true}, // which gets a key
		{http.MethodGet, "https://api.workos.com/organizations/org_01", "", true},
		{http.MethodPut, "https://api.workos.com/organizations/org_01", "", true},
		{http.MethodDelete, "https://api.workos.com/organizations/org_01", "", true},
	} {
		for _, ending := range endings() {
			for _, body := range []string{"", "the body"} {
				name := fmt.Sprintf("%s %s with key %q and body %q after %s", request.method, request.url, request.key, body,
					ending.name)
				synctest.Test(t, func(t *testing.T) {
					var bodies []string
					c := newClient(t, testKey, client.WithHTTPClient(&http.Client{Transport: transportFunc(
						func(req *http.Request) (*http.Response, error) {
							text := ""
							if req.Body != nil {
								read, _ := io.ReadAll(req.Body)
								text = string(read)
							}
							if bodies = append(bodies, text); len(bodies) == 1 {
								return ending.end()
							}
							return byHand(http.StatusOK, `{}`), nil
						})}))
					req := handBuilt(t, request.method, request.url, body)
					if request.key != "" {
						req.Header.Set("Idempotency-Key", request.key)
					}
					want := 1
					if request.safe && ending.safe || !request.safe && ending.other {
						want = 2
					}
					resp, err := handMade(c, req)
					if resp != nil {
						_ = resp.Body.Close()
					}
					if len(bodies) != want || (err == nil) != (want == 2) || (resp == nil) != (err != nil) {
						t.Errorf("%s: sent %d requests (%v), want %d", name, len(bodies), err, want)
					}
					for i, got := range bodies {
						if got != body {
							t.Errorf("%s: request %d has the body %q, want all of it", name, i+1, got)
						}
					}
				})
			}
		}
	}
}

func TestBodyThatCannotBeHadAgainIsSentOnce(t *testing.T) {
	gone := errors.New("the file is gone")
	broken := func() (io.ReadCloser, error) { return nil, gone }
	whole := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("text")), nil }
	for _, tt := range []struct {
		name string
		body io.ReadCloser
		get  func() (io.ReadCloser, error)
		sent int
		want string
	}{
		{"no body", nil, nil, 3, "PUT request: 500 Internal Server Error (after 3 attempts)"},
		{"http.NoBody", http.NoBody, nil, 3, "PUT request: 500 Internal Server Error (after 3 attempts)"},
		{"a body of one use", io.NopCloser(strings.NewReader("text")), nil, 1, "PUT request: 500 Internal Server Error"},
		{"a body to be had again", io.NopCloser(strings.NewReader("text")), whole, 3,
			"PUT request: 500 Internal Server Error (after 3 attempts)"},
		{"a body that is gone", io.NopCloser(strings.NewReader("text")), broken, 1,
			"PUT request: 500 Internal Server Error (not retried: body: the file is gone)"},
	} {
		synctest.Test(t, func(t *testing.T) {
			sent := 0
			c := newClient(t, testKey, client.WithHTTPClient(&http.Client{Transport: transportFunc(
				func(*http.Request) (*http.Response, error) {
					sent++
					return byHand(http.StatusInternalServerError, ``), nil
				})}))
			req := handBuilt(t, http.MethodPut, "https://api.workos.com/new/thing", "")
			req.Body, req.GetBody = tt.body, tt.get
			_, err := handMade(c, req)
			if fmt.Sprint(err) != tt.want || sent != tt.sent || !errors.Is(err, client.ErrServer) ||
				errors.Is(err, gone) != (tt.name == "a body that is gone") {
				t.Errorf("%s: got %v after %d requests, want %s after %d", tt.name, err, sent, tt.want, tt.sent)
			}
		})
	}
}

func TestAttemptsAreAsManyAsThePolicySays(t *testing.T) {
	for most := 1; most <= 5; most++ {
		for successAt := 1; successAt <= 6; successAt++ {
			synctest.Test(t, func(t *testing.T) {
				list := make([]int, 0, successAt)
				c := newClient(t, testKey, client.WithRetry(client.RetryPolicy{MaxAttempts: most}),
					client.WithHTTPClient(&http.Client{Transport: transportFunc(func(*http.Request) (*http.Response, error) {
						if list = append(list, 0); len(list) == successAt {
							return byHand(http.StatusOK, anOrg), nil
						}
						return byHand(http.StatusBadGateway, `{}`), nil
					})}))
				start := time.Now()
				var tell client.Response
				got, err := c.Organizations.Get(t.Context(), "org_01", client.WithResponse(&tell))
				want := "<nil>"
				switch {
				case most < successAt && most > 1:
					want = fmt.Sprintf("organizations.get: 502 Bad Gateway (after %d attempts)", most)
				case most < successAt:
					want = "organizations.get: 502 Bad Gateway"
				}
				if fmt.Sprint(err) != want || (got == nil) != (err != nil) {
					t.Errorf("success at %d of %d: got %v, %v; want %s", successAt, most, got, err, want)
				}
				if sent := min(most, successAt); len(list) != sent || tell.Attempts != sent {
					t.Errorf("success at %d of %d: sent %d, told %d; want %d", successAt, most, len(list), tell.Attempts, sent)
				}
				if took := time.Since(start); took != 0 {
					t.Errorf("a policy without waits waited %s", took)
				}
			})
		}
	}
}

func TestNothingIsRepeatedOnceTheContextHasEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		sent := 0
		c := newClient(t, testKey, client.WithHTTPClient(&http.Client{Transport: transportFunc(
			func(*http.Request) (*http.Response, error) {
				sent++
				cancel()
				return byHand(http.StatusInternalServerError, `{}`), nil
			})}))
		start := time.Now()
		_, err := c.Organizations.Get(ctx, "org_01")
		const want = "organizations.get: 500 Internal Server Error"
		if fmt.Sprint(err) != want || sent != 1 || time.Since(start) != 0 {
			t.Errorf("got %v after %d requests and %s, want %s after one, at once", err, sent, time.Since(start), want)
		}
		var tell client.Response
		_, err = c.Organizations.Get(ctx, "org_01", client.WithResponse(&tell))
		if sent != 1 || tell.Attempts != 0 || err == nil {
			t.Errorf("a call after the end: got %v and %d more requests, %d attempts; want an error and none", err, sent-1,
				tell.Attempts)
		}
	})
}

func TestPostThatMiddlewareFailsIsRepeatedOnlyIfItWasNeverSent(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		want int
	}{
		"any error": {errors.New("policy"), 1},
		"dial":      {&net.OpError{Op: "dial", Net: "tcp", Err: errors.New("refused")}, 3},
	} {
		synctest.Test(t, func(t *testing.T) {
			calls := 0
			c := newClient(t, testKey, client.WithMiddleware(func(*http.Request, client.Next) (*http.Response, error) {
				calls++
				return nil, tt.err
			}))
			_, err := c.Organizations.Create(t.Context(), gen.CreateOrganization{Name: "Acme"})
			if !errors.Is(err, tt.err) || calls != tt.want {
				t.Errorf("%s: got %v after %d attempts, want %d", name, err, calls, tt.want)
			}
		})
	}
}

// ending is how an attempt ends, and which requests are sent again then.
type ending struct {
	name  string
	safe  bool // requests that may come twice
	other bool // all others
	end   func() (*http.Response, error)
}

func endings() []ending {
	var all []ending
	status := func(status int, code string, safe, other bool) {
		all = append(all, ending{fmt.Sprint(status, " ", code), safe, other, func() (*http.Response, error) {
			return byHand(status, `{"code":"`+code+`"}`), nil
		}})
	}
	failure := func(name string, err error, safe, other bool) {
		all = append(all, ending{name, safe, other, func() (*http.Response, error) { return nil, err }})
	}
	for _, lasting := range []int{300, 302, 304, 400, 401, 403, 404, 405, 407, 409, 410, 422, 425, 428, 430, 501, 505, 507,
		511, 599} {
		status(lasting, "c", false, false)
	}
	for _, transient := range []int{408, 500, 502, 503, 504} {
		status(transient, "c", true, false)
		status(transient, "daily_quota_exceeded", true, false) // means something of a 429 alone
	}
	status(429, "", true, true)
	status(429, "c", true, true)
	status(429, "daily_quota_exceeded", false, false)
	status(429, "daily_quota_exceeded_", true, true)
	status(429, "email_too_many_attempts", false, false)
	status(429, "_too_many_attempts", false, false)
	status(429, "too_many_attempts", true, true)
	status(429, "x_too_many_attempts_y", true, true)
	for _, op := range []string{"dial", "proxyconnect"} {
		err := &net.OpError{Op: op, Net: "tcp", Err: errors.New("refused")}
		failure(op, err, true, true)
		failure(op+", wrapped", fmt.Errorf("transport: %w", err), true, true)
	}
	for _, op := range []string{"read", "write", "close", "remote error", ""} {
		failure("OpError "+op, &net.OpError{Op: op, Net: "tcp", Err: errors.New("reset")}, true, false)
	}
	failure("io.EOF", io.EOF, true, false)
	failure("any other", errors.New("down"), true, false)
	untrusted := &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}
	failure("certificate", untrusted, false, false)
	failure("certificate, wrapped", fmt.Errorf("transport: %w", untrusted), false, false)
	failure("certificate of a proxy", &net.OpError{Op: "proxyconnect", Net: "tcp", Err: untrusted}, false, false)
	all = append(all, ending{"body that breaks off", true, false, func() (*http.Response, error) {
		resp := byHand(http.StatusOK, "")
		resp.Body = brokenBody{strings.NewReader(`{"id":`)}
		return resp, nil
	}}, ending{"body of a refusal that breaks off", false, false, func() (*http.Response, error) {
		resp := byHand(http.StatusNotFound, "")
		resp.Body = brokenBody{strings.NewReader(`{"code":`)}
		return resp, nil
	}})
	return all
}
