package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client"
)

func TestGivenHTTPClientIsNotChanged(t *testing.T) {
	given := &http.Client{Transport: newWire(respondJSON(http.StatusOK, anOrg))}
	newAPI(t, testKey, client.WithHTTPClient(given))
	if given.CheckRedirect != nil {
		t.Error("CheckRedirect of the caller's client was set")
	}
}

func TestCookiesDoNotAddUpOrShow(t *testing.T) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	jar.SetCookies(&url.URL{Scheme: "https", Host: "api.workos.com"}, []*http.Cookie{{Name: "s", Value: "c00kie"}})
	w := newWire(respondJSON(http.StatusServiceUnavailable, `{}`))
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

func TestDefaultTransportIsLookedUpForEachRequest(t *testing.T) {
	c := newClient(t, testKey)
	w := newWire(respondJSON(http.StatusOK, anOrg))
	before := http.DefaultTransport
	http.DefaultTransport = w // as httpmock.Activate does
	defer func() { http.DefaultTransport = before }()
	if _, err := c.Organizations.Get(t.Context(), "org_01"); err != nil || len(w.sent) != 1 {
		t.Errorf("got %v and %d requests, want one through the new transport", err, len(w.sent))
	}
}

func TestCookieJarOfAnHTTPClientIsUsed(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, req *http.Request) {
		if _, err := req.Cookie("seen"); err != nil {
			http.SetCookie(w, &http.Cookie{Name: "seen", Value: "1"})
		} else {
			w.Header().Set("X-Seen", "yes")
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(anOrg))
	})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := newClient(t, testKey, client.WithBaseURL(base), once(),
		client.WithHTTPClient(&http.Client{Jar: jar}))
	var tell client.Response
	for range 2 {
		if _, err := c.Organizations.Get(t.Context(), "org_01", client.WithResponse(&tell)); err != nil {
			t.Fatal(err)
		}
	}
	if tell.Header.Get("X-Seen") != "yes" {
		t.Error("the cookie did not come back")
	}
}

// TestHTTPClientCountsOnlyForWhatItAdds has each part of a given HTTP client alone.
func TestHTTPClientCountsOnlyForWhatItAdds(t *testing.T) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, with := range map[string]http.Client{
		"transport alone": {}, "jar": {Jar: jar}, "time-out": {Timeout: time.Hour}, "both": {Jar: jar, Timeout: time.Hour},
	} {
		for reply, want := range map[string]string{
			"redirect": "organizations.get: 302: redirect to https://elsewhere.example, which is not followed",
			"error":    `organizations.get: Get "https://api.workos.com/organizations/{id}": down`,
		} {
			sent := 0
			with.Transport = transportFunc(func(*http.Request) (*http.Response, error) {
				sent++
				if reply == "error" {
					return nil, errors.New("down")
				}
				return location(http.StatusFound, "https://elsewhere.example/x")(), nil
			})
			with.CheckRedirect = func(*http.Request, []*http.Request) error { return nil }
			_, err := newClient(t, testKey, once(), client.WithHTTPClient(&with)).Organizations.Get(t.Context(), "org_01")
			if fmt.Sprint(err) != want || sent != 1 {
				t.Errorf("%s, %s: got %v after %d requests, want %s", name, reply, err, sent, want)
			}
		}
	}
}

func TestTransportThatBreaksItsContractIsAnError(t *testing.T) {
	for want, resp := range map[string]*http.Response{
		"neither a response nor an error":      nil,
		"a response of 1 bytes without a body": {StatusCode: http.StatusOK, ContentLength: 1},
	} {
		want = `organizations.get: Get "https://api.workos.com/organizations/{id}": transport client_test.transportFunc ` +
			"returned " + want
		c := newClient(t, testKey, once(), client.WithHTTPClient(&http.Client{Transport: transportFunc(
			func(*http.Request) (*http.Response, error) { return resp, nil })}))
		got, err := c.Organizations.Get(t.Context(), "org_01")
		if got != nil || fmt.Sprint(err) != want {
			t.Errorf("got %v, %v; want %s", got, err, want)
		}
	}
}

// Transports of tests return responses without a body, which http.Client permits.
func TestResponseBuiltByHandNeedsNoBody(t *testing.T) {
	for status, want := range map[int]string{
		http.StatusNoContent: "<nil>", http.StatusNotFound: "organizations.delete: 404 Not Found",
	} {
		c := newClient(t, testKey, once(), client.WithHTTPClient(&http.Client{Transport: transportFunc(
			func(*http.Request) (*http.Response, error) { return &http.Response{StatusCode: status}, nil })}))
		if err := c.Organizations.Delete(t.Context(), "org_01"); fmt.Sprint(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// http.Client.Do reports a Location that it cannot parse as a failed connection, and shows it.
func TestRedirectThatIsNotParsedIsAResponse(t *testing.T) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, with := range map[string]http.Client{
		"transport alone": {}, "jar": {Jar: jar}, "time-out": {Timeout: time.Hour},
	} {
		sent := 0
		with.Transport = transportFunc(func(*http.Request) (*http.Response, error) {
			sent++
			return location(http.StatusFound, "https://elsewhere.example:x/s3cret")(), nil
		})
		_, err := newClient(t, testKey, client.WithHTTPClient(&with)).Organizations.Get(t.Context(), "org_01")
		if want := "organizations.get: 302: redirect, which is not followed"; fmt.Sprint(err) != want || sent != 1 {
			t.Errorf("%s: got %v after %d requests, want %s", name, err, sent, want)
		}
	}
}

func TestTimeoutOfAnHTTPClientLimitsAttempts(t *testing.T) {
	for _, tt := range []struct{ of, own, want time.Duration }{
		{time.Second, 0, time.Second}, {time.Second, time.Minute, time.Second}, {time.Minute, time.Second, time.Second},
		{-time.Second, time.Minute, time.Minute},
	} {
		synctest.Test(t, func(t *testing.T) {
			hang := transportFunc(func(req *http.Request) (*http.Response, error) {
				<-req.Context().Done()
				return nil, req.Context().Err()
			})
			c := newClient(t, testKey, once(), client.WithTimeout(tt.own),
				client.WithHTTPClient(&http.Client{Transport: hang, Timeout: tt.of}))
			start := time.Now()
			_, err := c.Organizations.Get(t.Context(), "org_01")
			if took := time.Since(start); took != tt.want || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s and %s: got %v after %s, want a time-out after %s", tt.of, tt.own, err, took, tt.want)
			}
		})
	}
}

// A transport must not change the request, but those that rewrite the target often do.
func TestTransportThatChangesItsRequestAffectsNoOther(t *testing.T) {
	var sent []string
	rewrite := transportFunc(func(req *http.Request) (*http.Response, error) {
		req.URL.Host, req.URL.Path = "gateway.example", "/gateway"+req.URL.Path
		req.Header.Add("X-Gateway", "1")
		sent = append(sent, req.URL.String()+" "+strings.Join(req.Header["X-Gateway"], ","))
		switch len(sent) {
		case 1:
			return byHand(http.StatusServiceUnavailable, `{}`), nil
		case 2:
			return byHand(http.StatusOK, `{"data":[{"id":"org_01"}],"list_metadata":{"after":"a"}}`), nil
		default:
			return byHand(http.StatusOK, `{"data":[],"list_metadata":{}}`), nil
		}
	})
	again := func(req *http.Request, next client.Next) (*http.Response, error) {
		if resp, err := next(req); err != nil || resp.StatusCode == http.StatusOK {
			return resp, err
		}
		return next(req)
	}
	for name, opts := range map[string][]client.Option{
		"retried":       {client.WithRetry(client.RetryPolicy{MaxAttempts: 2})},
		"by middleware": {once(), client.WithMiddleware(again)},
	} {
		sent = nil
		c := newClient(t, testKey, append(opts, client.WithHTTPClient(&http.Client{Transport: rewrite}))...)
		for _, err := range c.Organizations.All(t.Context(), nil) {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		const at = "https://gateway.example/gateway/organizations"
		if want := []string{at + " 1", at + " 1", at + "?after=a 1"}; !slices.Equal(sent, want) {
			t.Errorf("%s: sent %q, want %q", name, sent, want)
		}
	}
}
