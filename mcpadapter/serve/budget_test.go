package serve

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// Whoever asks as often as it can is let through no more often than the limit says, in any minute.
func TestABudgetHoldsInAnyMinute(t *testing.T) {
	for _, perMinute := range []int{1, 2, 9, 10, 11, 60, 600} {
		synctest.Test(t, func(t *testing.T) {
			b, err := newBudgets(perMinute)
			if err != nil {
				t.Fatal(err)
			}
			var sent []time.Time
			for began := time.Now(); time.Since(began) < 5*time.Minute; {
				if wait, err := b.take(t.Context(), "a"); err != nil {
					t.Fatal(err)
				} else if wait > 0 {
					time.Sleep(wait)
					continue
				}
				sent = append(sent, time.Now())
			}
			for i := range sent {
				if last := i + perMinute; last < len(sent) && sent[last].Sub(sent[i]) < time.Minute-time.Microsecond {
					t.Fatalf("%d a minute: got %d in %v", perMinute, perMinute+1, sent[last].Sub(sent[i]))
				}
			}
			if len(sent) < 4*perMinute {
				t.Errorf("%d a minute: got %d in five minutes, want most of what is permitted", perMinute, len(sent))
			}
		})
	}
}

func TestABudgetWaitsOrRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, err := newBudgets(20) // two at once, then one in 60/19 seconds
		if err != nil {
			t.Fatal(err)
		}
		take := func(ctx context.Context) (time.Duration, time.Duration, error) {
			began := time.Now()
			refused, err := b.take(ctx, "a")
			return time.Since(began).Round(time.Second / 10), refused.Round(time.Second / 10), err
		}
		for i, want := range []time.Duration{0, 0, 3200 * time.Millisecond} {
			if waited, refused, err := take(t.Context()); waited != want || refused != 0 || err != nil {
				t.Errorf("request %d: got a wait of %v, %v, %v, want %v", i, waited, refused, err, want)
			}
		}
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if waited, refused, err := take(short); waited != 0 || refused != 3200*time.Millisecond || err != nil {
			t.Errorf("got a wait of %v, %v, %v, want a refusal at once", waited, refused, err)
		}
		gone, leave := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, leave)
		if waited, refused, err := take(gone); waited != time.Second || refused != 0 || err == nil {
			t.Errorf("got a wait of %v, %v, %v, want the end of the context", waited, refused, err)
		}
		if refused, err := b.take(t.Context(), "b"); refused != 0 || err != nil {
			t.Errorf("got %v, %v for another credential, want none", refused, err)
		}
	})
}

func TestACallBeyondTheBudgetIsRefused(t *testing.T) {
	s := newStore(t)
	api := s.api()
	api.UpstreamRate = 1
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	url, metrics, _, ended := started(t, ctx, api, Process{})
	if got := <-postCall(t, url); !strings.Contains(got, `"id":"1"`) && !strings.Contains(got, `\"id\":\"1\"`) {
		t.Fatalf("got %s, want the response", got)
	}
	got := <-postCall(t, url)
	if s.requests.Load() != 1 || !strings.Contains(got, `"code":"upstream_budget_spent"`) ||
		!strings.Contains(got, "its 1 request to the API in a minute; nothing was sent") ||
		!strings.Contains(got, `"retry_after":`) {
		t.Errorf("got %s and %d requests, want a refusal with a time, and nothing sent", got, s.requests.Load())
	}
	if _, text := get(t, metrics+"/metrics"); !strings.Contains(text, `mcp_upstream_held_total{code="upstream_budget_spent"} 1`) {
		t.Errorf("got %s, want the call counted", text)
	}
	stop()
	<-ended
	code, _, stderr := printed(t, s.api(), nil, "--upstream-rate=-1", "tool", "call", "teas.list")
	if code != ExitUsage || !strings.Contains(stderr, "--upstream-rate: invalid limit -1") || s.requests.Load() != 1 {
		t.Errorf("got %d %s, want a refusal of the limit", code, stderr)
	}
}
