package client_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// These tests are about transports, middleware and servers that do what they may and nobody expects.

// TestIdempotencyKeyDoesNotMakeTheTransportRepeatAPost watches net/http, which takes the header for leave to send a
// request again on a kept connection that broke.
func TestIdempotencyKeyDoesNotMakeTheTransportRepeatAPost(t *testing.T) {
	var posts atomic.Int32
	base := serve(t, func(w http.ResponseWriter, req *http.Request) {
		if req.Method == http.MethodPost {
			_, _ = io.Copy(io.Discard, req.Body)
			posts.Add(1)
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, anOrg)
	})
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	c := newClient(t, testKey, client.WithBaseURL(base), client.WithHTTPClient(&http.Client{Transport: transport}), once())
	if _, err := c.Organizations.Get(t.Context(), "org_01"); err != nil { // leaves a connection behind
		t.Fatal(err)
	}
	_, err := c.Organizations.Create(t.Context(), gen.CreateOrganization{Name: "Acme"}, client.WithIdempotencyKey("k"))
	if err == nil || posts.Load() != 1 {
		t.Errorf("got %v after %d requests, want an error after one", err, posts.Load())
	}
}

func TestMiddlewareThatFailsToDialAfterwardsDoesNotRepeatAPost(t *testing.T) {
	w := newWire(answerJSON(http.StatusCreated, anOrg))
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
func TestMiddlewareThatCallsALostAnswerADialFailureDoesNotRepeatAPost(t *testing.T) {
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

func TestDialFailureAfterAnAnswerIsRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		refused := httpmock.NewErrorResponder(&net.OpError{Op: "dial", Net: "tcp", Err: errors.New("refused")})
		w := newWire(answers(tooMany("1"), refused, answerJSON(http.StatusCreated, anOrg)))
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

func TestCauseOfAContextThatEndsDuringAWaitIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reason := errors.New("shutting down")
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(reason) })
		_, err := newClient(t, testKey, newWire(tooMany("20")).option()).Organizations.Get(ctx, "org_01")
		if !errors.Is(err, context.Canceled) || !errors.Is(err, reason) || !errors.Is(err, client.ErrRateLimited) {
			t.Errorf("got %v, want context.Canceled, its cause and ErrRateLimited in it", err)
		}
	})
}

func TestLongestWaitDoesNotPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		w := newWire(answerJSON(http.StatusInternalServerError, `{}`))
		policy := client.RetryPolicy{MaxAttempts: 70, MinWait: math.MaxInt64, MaxWait: math.MaxInt64}
		_, err := newClient(t, testKey, w.option(), client.WithRetry(policy)).Organizations.Get(ctx, "org_01")
		if err == nil {
			t.Error("got success, want ErrServer")
		}
	})
}

// transportFunc is a transport made by hand.
type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// byHand is an answer as tests make it: without a declared length.
func byHand(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"Application/JSON"}},
		Body: io.NopCloser(strings.NewReader(body)),
	}
}

func TestAnswerMadeByHandIsReadWhole(t *testing.T) {
	c := newClient(t, testKey, client.WithHTTPClient(&http.Client{Transport: transportFunc(
		func(*http.Request) (*http.Response, error) { return byHand(http.StatusOK, anOrg), nil })}))
	if got, err := c.Organizations.Get(t.Context(), "org_01"); err != nil || got.ID != "org_01" {
		t.Errorf("got %v, %v; want the organization", got, err)
	}
}

func TestBodyThatMiddlewareReplacesIsReadWhole(t *testing.T) {
	w := newWire(answerJSON(http.StatusOK, `{}`))
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
	w := newWire(answerJSON(http.StatusOK, anOrg))
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

func TestAnswerWithoutTheDocumentedObjectIsAnError(t *testing.T) {
	for status, body := range map[int]string{http.StatusNoContent: "", http.StatusAccepted: "", http.StatusOK: " null\n"} {
		c := newClient(t, testKey, client.WithHTTPClient(&http.Client{Transport: transportFunc(
			func(*http.Request) (*http.Response, error) { return byHand(status, body), nil })}))
		got, err := c.Organizations.Get(t.Context(), "org_01")
		var failed *client.Error
		if got != nil || !errors.Is(err, client.ErrInvalidResponse) || !errors.As(err, &failed) || failed.Truncated {
			t.Errorf("%d: got %v, %v; want ErrInvalidResponse with the whole body", status, got, err)
		}
	}
}

func TestCodeOfALongErrorIsRead(t *testing.T) {
	body := `{"pad":"` + strings.Repeat("x", 100<<10) + `","code":"daily_quota_exceeded"}`
	w := newWire(answerJSON(http.StatusTooManyRequests, body))
	_, err := newClient(t, testKey, w.option()).Organizations.Get(t.Context(), "org_01")
	var failed *client.Error
	if !errors.As(err, &failed) || failed.Code != "daily_quota_exceeded" || len(failed.Body) != 64<<10 ||
		len(w.sent) != 1 {
		t.Errorf("got %v after %d requests, want the code after one", err, len(w.sent))
	}
}

func TestCookiesDoNotAddUpOrShow(t *testing.T) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	jar.SetCookies(&url.URL{Scheme: "https", Host: "api.workos.com"}, []*http.Cookie{{Name: "s", Value: "c00kie"}})
	w := newWire(answerJSON(http.StatusServiceUnavailable, `{}`))
	c := newClient(t, testKey, client.WithHTTPClient(&http.Client{Jar: jar, Transport: w}),
		client.WithRetry(client.RetryPolicy{MaxAttempts: 3}))
	_, err = c.SSO.JWKS.Get(t.Context(), "client_01")
	for i, req := range w.sent {
		if got := req.Header.Get("Cookie"); got != "s=c00kie" {
			t.Errorf("request %d: got the cookies %q, want one", i+1, got)
		}
	}
	var failed *client.Error
	if !errors.As(err, &failed) || failed.Response.Request.Header.Get("Cookie") != "" {
		t.Errorf("got %v, want an *Error whose request has no cookie", err)
	}
}

func TestSecretHeadersAreNotInTheRequestOfAnError(t *testing.T) {
	w := newWire(answerJSON(http.StatusNotFound, `{}`))
	_, err := newClient(t, testKey, w.option(), client.WithHeader("Cf-Access-Client-Secret", "s3cret")).
		Organizations.Get(t.Context(), "org_01")
	var failed *client.Error
	if !errors.As(err, &failed) || strings.Contains(fmt.Sprint(failed.Response.Request.Header), "s3cret") {
		t.Errorf("got %v, want an *Error whose request does not have the secret", err)
	}
	if got := w.sent[0].Header.Get("Cf-Access-Client-Secret"); got != "s3cret" {
		t.Errorf("sent %q, want the header", got)
	}
}

func TestCopiesOfAnErrorPrintNoBody(t *testing.T) {
	failed := failWith(t, http.StatusForbidden, `{"code":"mfa_challenge","pending_authentication_token":"PENDING"}`)
	step, _ := failed.StepUp()
	var out bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&out, nil))
	log.Info("m", "error", *failed, "step", step, "state", struct{ Step *client.StepUp }{step},
		"all", []client.Error{*failed})
	fmt.Fprintf(&out, "%s %q %v %+v %#v %x", *failed, *failed, *failed, *failed, *failed, *failed)
	if strings.Contains(out.String(), "PENDING") || strings.Contains(out.String(), fmt.Sprintf("%x", "PENDING")) {
		t.Errorf("the token shows: %s", out.String())
	}
}

func TestBaseURLThatIsRefusedIsNotShown(t *testing.T) {
	for _, text := range []string{
		"https://user:sk_live_secret", "https://user:secret#w0rd@host", "https://us%zzsecret@host", "https://h/%secret",
		"https://h/a%2F",
	} {
		_, err := client.New(testKey, client.WithBaseURL(text))
		if err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: got %v, want an error without it", text, err)
		}
	}
}

func TestClientOfOthersHasNoCredentialOfItsOwn(t *testing.T) {
	if _, err := client.New("", client.WithCredentialsFromContext(), client.WithAccessToken("t")); err == nil {
		t.Error("New with an access token and WithCredentialsFromContext: got success, want an error")
	}
}

func TestPageWithANilContextIsAnError(t *testing.T) {
	page, err := newClient(t, testKey, newWire(shelf(20)).option()).Organizations.List(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var none context.Context
	if _, err := page.Next(none); err == nil || !strings.Contains(err.Error(), "the context is nil") {
		t.Errorf("got %v, want an error", err)
	}
}

func TestDefaultTransportIsLookedUpForEachRequest(t *testing.T) {
	c := newClient(t, testKey)
	w := newWire(answerJSON(http.StatusOK, anOrg))
	before := http.DefaultTransport
	http.DefaultTransport = w // as httpmock.Activate does
	defer func() { http.DefaultTransport = before }()
	if _, err := c.Organizations.Get(t.Context(), "org_01"); err != nil || len(w.sent) != 1 {
		t.Errorf("got %v and %d requests, want one through the new transport", err, len(w.sent))
	}
}
