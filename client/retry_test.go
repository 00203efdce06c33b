package client_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// respondInTurn returns the given responses one after the other, and the last of them from then on.
func respondInTurn(list ...httpmock.Responder) httpmock.Responder {
	next := 0
	return func(req *http.Request) (*http.Response, error) {
		respond := list[min(next, len(list)-1)]
		next++
		return respond(req)
	}
}

func tooMany(retryAfter string) httpmock.Responder {
	return httpmock.NewStringResponder(http.StatusTooManyRequests, `{"message":"slow down"}`).
		HeaderSet(http.Header{"Content-Type": {"application/json"}, "Retry-After": {retryAfter}})
}

// TestWaitIsThatOfRetryAfter measures waits on the clock of a bubble, in which they take no time.
func TestWaitIsThatOfRetryAfter(t *testing.T) {
	for _, tt := range []struct {
		retryAfter string
		want       time.Duration // below 0: as without the header
	}{
		{"7", 7 * time.Second},
		{"0", 0},
		{"30", 30 * time.Second},
		{"Sat, 01 Jan 2000 00:00:11 GMT", 11 * time.Second},
		{"Sat, 01 Jan 2000 00:00:30 GMT", 30 * time.Second},
		{"Fri, 31 Dec 1999 00:00:00 GMT", 0},
		{"-5", -1},
	} {
		synctest.Test(t, func(t *testing.T) { // the bubble's clock begins at midnight UTC 2000-01-01
			w := newWire(respondInTurn(tooMany(tt.retryAfter), respondJSON(http.StatusOK, anOrg)))
			start := time.Now()
			_, err := newClient(t, testKey, w.option()).Organizations.Get(t.Context(), "org_01")
			took := time.Since(start)
			if err != nil || len(w.sent) != 2 {
				t.Errorf("%s: got %v and %d requests, want success with the second", tt.retryAfter, err, len(w.sent))
			}
			if tt.want < 0 && took > client.DefaultRetryPolicy().MinWait || tt.want >= 0 && took != tt.want {
				t.Errorf("%s: waited %s, want %s", tt.retryAfter, took, tt.want)
			}
		})
	}
}

func TestRetryAfterBeyondThePolicyFailsAtOnce(t *testing.T) {
	for retryAfter, want := range map[string]string{
		"31": "31s", "3600": "1h0m0s", "99999999999999999999": "1193046h28m16s",
		"Sat, 01 Jan 2000 00:00:31 GMT": "31s", "Sat, 01 Jan 2000 01:00:00 GMT": "1h0m0s",
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWire(respondInTurn(tooMany(retryAfter), respondJSON(http.StatusOK, anOrg)))
			start := time.Now()
			_, err := newClient(t, testKey, w.option()).Organizations.Get(t.Context(), "org_01")
			text := "organizations.get: 429: slow down; not retried: Retry-After is " + want +
				", longer than the policy's MaxWait 30s"
			if err == nil || err.Error() != text || !errors.Is(err, client.ErrRateLimited) {
				t.Errorf("%s: got %v, want %s", retryAfter, err, text)
			}
			if failed, ok := errors.AsType[*client.Error](err); ok {
				if after, given := failed.RetryAfter(); !given || after.String() != want {
					t.Errorf("%s: got RetryAfter %s, %t, want %s", retryAfter, after, given, want)
				}
			}
			if took := time.Since(start); took != 0 || len(w.sent) != 1 {
				t.Errorf("%s: sent %d requests in %s, want 1 at once", retryAfter, len(w.sent), took)
			}
		})
	}
}

func TestWaitsAreRandomPartsOfABoundThatDoubles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		policy := client.RetryPolicy{MaxAttempts: 6, MinWait: time.Second, MaxWait: 5 * time.Second}
		bounds := []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 5 * time.Second, 5 * time.Second}
		longest := make([]time.Duration, len(bounds))
		for range 200 {
			var sent []time.Time
			w := newWire(func(*http.Request) (*http.Response, error) {
				sent = append(sent, time.Now())
				return nil, errors.New("down")
			})
			_, _ = newClient(t, testKey, w.option(), client.WithRetry(policy)).Organizations.Get(t.Context(), "org_01")
			if len(sent) != policy.MaxAttempts {
				t.Fatalf("sent %d requests, want %d", len(sent), policy.MaxAttempts)
			}
			for i := range bounds {
				wait := sent[i+1].Sub(sent[i])
				if wait > bounds[i] {
					t.Fatalf("wait %d: got %s, want at most %s", i+1, wait, bounds[i])
				}
				longest[i] = max(longest[i], wait)
			}
		}
		for i, got := range longest {
			if got < bounds[i]*9/10 {
				t.Errorf("wait %d: the longest of 200 is %s, want it near %s", i+1, got, bounds[i])
			}
		}
	})
}

func TestNoWaitPastTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(tooMany("20"))
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		start := time.Now()
		_, err := newClient(t, testKey, w.option()).Organizations.Get(ctx, "org_01")
		if took := time.Since(start); took != 0 || len(w.sent) != 1 {
			t.Errorf("took %s and %d requests, want no time and one", took, len(w.sent))
		}
		const why = "the context ends before the next attempt in 20s"
		if !errors.Is(err, client.ErrRateLimited) || !strings.Contains(err.Error(), why) {
			t.Errorf("got %v, want ErrRateLimited that says why it was not repeated", err)
		}
	})
}

func TestCanceledWaitKeepsWhatWentWrongBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(tooMany("20"))
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		_, err := newClient(t, testKey, w.option()).Organizations.Get(ctx, "org_01")
		if !errors.Is(err, context.Canceled) || !errors.Is(err, client.ErrRateLimited) {
			t.Errorf("got %v, want it to be both context.Canceled and ErrRateLimited", err)
		}
	})
}

func TestPostIsNotRepeatedAfterATimeOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, context.Cause(req.Context())
		})
		c := newClient(t, testKey, w.option(), client.WithTimeout(time.Second))
		start := time.Now()
		_, err := c.Organizations.Create(t.Context(), gen.CreateOrganization{Name: "Acme"})
		synctest.Wait() // for the stand-in of the server
		if took := time.Since(start); took != time.Second || len(w.sent) != 1 {
			t.Errorf("took %s and %d requests, want 1s and one", took, len(w.sent))
		}
		var transport *client.TransportError
		if !errors.As(err, &transport) || !errors.Is(err, context.DeadlineExceeded) ||
			!strings.Contains(err.Error(), "no response within 1s") {
			t.Errorf("got %v, want a *TransportError for context.DeadlineExceeded", err)
		}
	})
}

// heldError is the error of a transport that refuses to send a request.
type heldError struct{}

func (heldError) Error() string { return "the request is held" }

func (heldError) Retryable() bool { return false }

func TestWhatTheTransportHoldsIsNotRetried(t *testing.T) {
	holds := func(*http.Request) (*http.Response, error) { return nil, heldError{} }
	for name, c := range map[string]struct {
		responses []httpmock.Responder
		sent      int
		held      bool // what the error is
	}{
		"the first attempt":  {[]httpmock.Responder{holds}, 1, true},
		"the second attempt": {[]httpmock.Responder{respondJSON(http.StatusBadGateway, `{"message":"broken"}`), holds}, 2, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWire(respondInTurn(c.responses...))
			_, err := newClient(t, testKey, w.option()).Organizations.Get(t.Context(), "org_01")
			var failed *client.Error
			if len(w.sent) != c.sent || errors.As(err, new(heldError)) != c.held || errors.As(err, &failed) == c.held ||
				!strings.Contains(err.Error(), "the request is held") {
				t.Errorf("%s: got %v and %d requests, want %d", name, err, len(w.sent), c.sent)
			}
		})
	}
}
