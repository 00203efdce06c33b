package serve

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

// clocked returns circuits with a clock that the test moves.
func clocked() (c *circuits, clock *time.Time) {
	clock = new(time.Time)
	*clock = time.Unix(1e9, 0)
	c = newCircuits(NewMetrics(), slog.New(slog.DiscardHandler))
	c.now = func() time.Time { return *clock }
	return c, clock
}

// after sends a request and ends it.
func (c *circuits) after(r route, credential string, o outcome) (wait time.Duration) {
	done, wait := c.admit(r, credential)
	if wait == 0 {
		done(o)
	}
	return wait
}

func TestACircuitOpensAndClosesAgain(t *testing.T) {
	read, write := route{"api.example", true}, route{"api.example", false}
	c, clock := clocked()
	want := func(what string, got, want time.Duration) {
		t.Helper()
		if got != want {
			t.Errorf("%s: got a wait of %v, want %v", what, got, want)
		}
	}
	for range credentialFailures - 1 {
		want("a failure", c.after(read, "a", outcomeFails), 0)
	}
	want("a success between", c.after(read, "a", outcomeWorks), 0)
	for range credentialFailures - 1 {
		want("a failure", c.after(read, "a", outcomeFails), 0)
	}
	want("nothing known", c.after(read, "a", outcomeUnknown), 0)
	want("the last failure", c.after(read, "a", outcomeFails), 0)
	want("open", c.after(read, "a", outcomeWorks), heldTime)
	want("other operations", c.after(write, "a", outcomeWorks), 0)
	want("another host", c.after(route{"b.example", true}, "a", outcomeWorks), 0)
	*clock = clock.Add(heldTime - 1)
	want("a moment before", c.after(read, "a", outcomeWorks), 1)
	*clock = clock.Add(1)
	done, wait := c.admit(read, "a")
	want("the one that tries", wait, 0)
	want("another meanwhile", c.after(read, "a", outcomeWorks), time.Second)
	done(outcomeUnknown)
	want("the next that tries", c.after(read, "a", outcomeFails), 0)
	want("open again", c.after(read, "a", outcomeWorks), heldTime)
	*clock = clock.Add(heldTime)
	want("it works", c.after(read, "a", outcomeWorks), 0)
	want("closed", c.after(read, "a", outcomeFails), 0)
	want("closed", c.after(read, "a", outcomeFails), 0)
}

// One tenant whose requests fail holds its own requests alone; three show that it is the API.
func TestATenantDoesNotHoldTheRequestsOfOthers(t *testing.T) {
	r := route{"api.example", true}
	c, clock := clocked()
	for range 100 {
		c.after(r, "a", outcomeFails)
		c.after(r, "b", outcomeFails)
	}
	if wait := c.after(r, "c", outcomeUnknown); wait != 0 {
		t.Errorf("got a wait of %v for another credential, want none", wait)
	}
	if open, all := c.open(false), c.open(true); open != 2 || all != 0 {
		t.Errorf("got %v and %v open circuits, want those of two credentials", open, all)
	}
	c.after(r, "c", outcomeFails)
	if wait := c.after(r, "d", outcomeWorks); wait != heldTime || c.open(true) != 1 {
		t.Errorf("got a wait of %v after failures of three credentials, want %v", wait, heldTime)
	}
	*clock = clock.Add(heldTime)
	if wait := c.after(r, "d", outcomeWorks); wait != 0 {
		t.Errorf("got a wait of %v, want one that tries", wait)
	}
	if wait := c.after(r, "e", outcomeWorks); wait != 0 || c.open(true) != 0 {
		t.Errorf("got a wait of %v, want none after a success", wait)
	}
}

func TestWhatCountsAsAFailureOfTheAPI(t *testing.T) {
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []struct {
		ctx    context.Context
		status int
		err    error
		taken  time.Duration
		want   outcome
	}{
		{t.Context(), 200, nil, 0, outcomeWorks},
		{t.Context(), 404, nil, 0, outcomeWorks},
		{t.Context(), 429, nil, 0, outcomeWorks},
		{t.Context(), 501, nil, 0, outcomeWorks},
		{t.Context(), 500, nil, 0, outcomeFails},
		{t.Context(), 503, nil, 0, outcomeFails},
		{t.Context(), 0, errors.New("reset"), 0, outcomeFails},
		{ended, 0, fmt.Errorf("get: %w", context.Canceled), time.Minute, outcomeUnknown},
		{ended, 0, fmt.Errorf("get: %w", context.DeadlineExceeded), slowTime - 1, outcomeUnknown},
		{ended, 0, fmt.Errorf("get: %w", context.DeadlineExceeded), slowTime, outcomeFails},
	} {
		if got := judge(c.ctx, c.status, c.err, c.taken); got != c.want {
			t.Errorf("%d, %v after %v: got %v, want %v", c.status, c.err, c.taken, got, c.want)
		}
	}
}

// On the wire: calls of an API that fails are refused with a time, nothing is sent, and other credentials are served.
func TestCallsOfAnAPIThatFailsAreHeld(t *testing.T) {
	s := newStore(t)
	s.status, s.body = http.StatusBadGateway, `{"message":"broken"}`
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	url, metrics, log, ended := started(t, ctx, s.keyed(), Process{})
	for range credentialFailures {
		if got := <-postCall(t, url); !strings.Contains(got, "broken") {
			t.Fatalf("got %s, want the failure of the API", got)
		}
	}
	for range 3 {
		got := <-postCall(t, url)
		if s.requests.Load() != credentialFailures || !strings.Contains(got, `"code":"upstream_unavailable"`) ||
			!strings.Contains(got, `"retry_after":`) || !strings.Contains(got, "nothing was sent") ||
			!strings.Contains(got, "before calling again") {
			t.Errorf("got %s and %d requests, want a refusal with a time, and nothing sent", got, s.requests.Load())
		}
	}
	_, text := get(t, metrics+"/metrics")
	for _, line := range []string{
		`mcp_upstream_circuits_open{scope="credential"} 1`, `mcp_upstream_circuits_open{scope="all"} 0`,
		`mcp_upstream_held_total{code="upstream_unavailable"} 3`,
		`mcp_upstream_circuits_opened_total{scope="credential",class="read"} 1`,
	} {
		if !strings.Contains(text, line) {
			t.Errorf("got %s, want %s", text, line)
		}
	}
	if n := strings.Count(log.String(), "requests to it are held"); n != 1 {
		t.Errorf("got %d lines in %s, want one", n, log)
	}
	stop()
	<-ended
}

func TestTheCircuitBreakerCanBeSwitchedOff(t *testing.T) {
	s := newStore(t)
	s.status = http.StatusBadGateway
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	url, _, _, ended := started(t, ctx, s.api(), Process{}, "--circuit-breaker=false")
	for range 2 * credentialFailures {
		<-postCall(t, url)
	}
	if n := s.requests.Load(); n != 2*credentialFailures {
		t.Errorf("got %d requests, want all", n)
	}
	stop()
	<-ended
}
