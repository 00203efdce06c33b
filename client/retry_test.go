package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// answers gives one answer after the other, the last of them again and again.
func answers(list ...httpmock.Responder) httpmock.Responder {
	next := 0
	return func(req *http.Request) (*http.Response, error) {
		answer := list[min(next, len(list)-1)]
		next++
		return answer(req)
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
			w := newWire(answers(tooMany(tt.retryAfter), answerJSON(http.StatusOK, anOrg)))
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
			w := newWire(answers(tooMany(retryAfter), answerJSON(http.StatusOK, anOrg)))
			start := time.Now()
			_, err := newClient(t, testKey, w.option()).Organizations.Get(t.Context(), "org_01")
			text := "organizations.get: 429: slow down; not repeated, as the server asks to wait " + want +
				", longer than the policy's 30s"
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
		const why = "deadline is sooner than the next attempt in 20s"
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
			!strings.Contains(err.Error(), "no answer within 1s") {
			t.Errorf("got %v, want a *TransportError for context.DeadlineExceeded", err)
		}
	})
}

func TestContextGoesBeforeTheTimeOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire(func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, context.Cause(req.Context())
		})
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		start := time.Now()
		_, err := newClient(t, testKey, w.option()).Organizations.Get(ctx, "org_01")
		if took := time.Since(start); took != 3*time.Second || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v after %s, want context.DeadlineExceeded after 3s", err, took)
		}
	})
}

func TestAuditLogEventIsRepeatedWithOneKey(t *testing.T) {
	event := gen.CreateAuditLogEvent{OrganizationID: "org_01"}
	for _, tt := range []struct {
		name string
		opts []client.Option
	}{
		{"a key of its own", nil},
		{"the caller's key", []client.Option{client.WithIdempotencyKey("my-key")}},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWire(answers(
				answerJSON(http.StatusInternalServerError, `{}`), httpmock.NewErrorResponder(errors.New("reset")),
				answerJSON(http.StatusOK, `{"success":true}`)))
			if _, err := newClient(t, testKey, w.option()).AuditLogs.Events.Create(t.Context(), event, tt.opts...); err != nil {
				t.Fatalf("%s: got %v, want success with the third request", tt.name, err)
			}
			first := w.sent[0].Header.Get("Idempotency-Key")
			if len(tt.opts) > 0 && first != "my-key" || len(first) == 0 {
				t.Errorf("%s: got %q", tt.name, first)
			}
			for i, req := range w.sent {
				if got := req.Header.Get("Idempotency-Key"); got != first {
					t.Errorf("%s: request %d has the key %q, the first one %q", tt.name, i+1, got, first)
				}
			}
		})
	}
}

func TestIdempotencyKeyThatIsIgnoredMakesNothingSafe(t *testing.T) {
	w := newWire(answerJSON(http.StatusInternalServerError, `{}`))
	_, err := newClient(t, testKey, w.option()).Organizations.
		Create(t.Context(), gen.CreateOrganization{Name: "Acme"}, client.WithIdempotencyKey("k"))
	if !errors.Is(err, client.ErrServer) || len(w.sent) != 1 {
		t.Errorf("got %v and %d requests, want ErrServer and one", err, len(w.sent))
	}
	if got := w.sent[0].Header.Get("Idempotency-Key"); got != "" {
		t.Errorf("Idempotency-Key: got %q, want none", got)
	}
}

func TestBodyIsSentAgainFromItsBeginning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var bodies []string
		w := newWire(func(req *http.Request) (*http.Response, error) {
			text := make([]byte, req.ContentLength)
			if len(bodies) == 0 {
				text = text[:5] // not to its end
			}
			n, _ := io.ReadFull(req.Body, text)
			bodies = append(bodies, string(text[:n]))
			if len(bodies) == 1 {
				return tooMany("1")(req)
			}
			return answerJSON(http.StatusCreated, anOrg)(req)
		})
		_, err := newClient(t, testKey, w.option()).Organizations.Create(t.Context(), gen.CreateOrganization{Name: "Acme"})
		if err != nil || len(bodies) != 2 || bodies[1] != `{"name":"Acme"}` {
			t.Errorf("got %v and the bodies %q, want the whole body the second time", err, bodies)
		}
	})
}

// TestTimeOutEndsEachAttemptOnTime has many attempts under way, of which some end by themselves.
func TestTimeOutEndsEachAttemptOnTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const timeout = 10 * time.Second
		w := httpmock.NewMockTransport()
		w.RegisterNoResponder(func(req *http.Request) (*http.Response, error) {
			takes, err := time.ParseDuration(req.Header.Get("X-Takes"))
			if err != nil {
				return nil, fmt.Errorf("the test's header: %w", err)
			}
			select {
			case <-time.After(takes):
				return answerJSON(http.StatusOK, anOrg)(req)
			case <-req.Context().Done():
				return nil, req.Context().Err()
			}
		})
		c := newClient(t, testKey, once(), client.WithTimeout(timeout), client.WithHTTPClient(&http.Client{Transport: w}))
		var calls sync.WaitGroup
		for i := range 100 {
			takes := time.Duration(i%21) * time.Second
			calls.Go(func() {
				time.Sleep(time.Duration(i) * 777 * time.Millisecond)
				start := time.Now()
				_, err := c.Organizations.Get(t.Context(), "org_01", client.WithHeader("X-Takes", takes.String()))
				took := time.Since(start)
				if takes < timeout && (err != nil || took != takes) {
					t.Errorf("an answer after %s: got %v after %s, want success", takes, err, took)
				}
				if takes > timeout && (!errors.Is(err, context.DeadlineExceeded) || took != timeout) {
					t.Errorf("an answer after %s: got %v after %s, want context.DeadlineExceeded after %s", takes, err, took,
						timeout)
				}
			})
		}
		calls.Wait()
	})
}
