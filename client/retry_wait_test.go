package client_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client"
)

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
		w := newWire(respondJSON(http.StatusInternalServerError, `{}`))
		policy := client.RetryPolicy{MaxAttempts: 70, MinWait: math.MaxInt64, MaxWait: math.MaxInt64}
		_, err := newClient(t, testKey, w.option(), client.WithRetry(policy)).Organizations.Get(ctx, "org_01")
		if err == nil {
			t.Error("got success, want ErrServer")
		}
	})
}

func TestRetryAfterIsReadInEachForm(t *testing.T) {
	const most = 1 << 32 * time.Second
	const now = "Sat, 01 Jan 2000 00:00:00 GMT"
	for _, tt := range []struct {
		after, date string
		want        time.Duration
		given       bool
	}{
		{"", "", 0, false}, {"soon", "", 0, false}, {"-1", "", 0, false}, {"+1", "", 0, false}, {"1.5", "", 0, false},
		{" 1", "", 0, false}, {"1s", "", 0, false}, {"0x1", "", 0, false},
		{"0", "", 0, true}, {"1", "", time.Second, true}, {"120", "", 2 * time.Minute, true}, {"007", "", 7 * time.Second,
			true},
		{"4294967295", "", most - time.Second, true}, {"4294967296", "", most, true}, {"4294967297", "", most, true},
		{"18446744073709551615", "", most, true}, {"18446744073709551616", "", most, true},
		{"99999999999999999999999", "", most, true},
		{"Sat, 01 Jan 2000 00:00:01 GMT", "", time.Second, true},
		{now, "", 0, true},
		{"Fri, 31 Dec 1999 23:59:59 GMT", "", 0, true},
		{"Saturday, 01-Jan-00 00:01:00 GMT", "", time.Minute, true},
		{"Sat Jan  1 00:01:00 2000", "", time.Minute, true},
		{"Sat, 01 Jan 2000 00:00:10 GMT", "Sat, 01 Jan 2000 00:00:07 GMT", 3 * time.Second, true},
		{"Sat, 01 Jan 2000 00:00:10 GMT", "Sat, 01 Jan 2000 00:00:10 GMT", 0, true},
		{"Sat, 01 Jan 2000 00:00:10 GMT", "Sat, 01 Jan 2000 00:00:11 GMT", 0, true},
		{"Sat, 01 Jan 2000 00:00:10 GMT", "today", 10 * time.Second, true},
		{"7", "Sat, 01 Jan 2000 00:00:05 GMT", 7 * time.Second, true},
		{"soon", now, 0, false},
	} {
		synctest.Test(t, func(t *testing.T) { // whose clock begins at midnight UTC 2000-01-01
			failed := &client.Error{Response: &http.Response{Header: http.Header{
				"Retry-After": {tt.after}, "Date": {tt.date},
			}}}
			if got, given := failed.RetryAfter(); got != tt.want || given != tt.given {
				t.Errorf("%q at %q: got %s, %t; want %s, %t", tt.after, tt.date, got, given, tt.want, tt.given)
			}
		})
	}
	for name, failed := range map[string]*client.Error{"no response": {}, "no header": {Response: &http.Response{}}} {
		if got, given := failed.RetryAfter(); got != 0 || given {
			t.Errorf("%s: got %s, %t", name, got, given)
		}
	}
}

func TestRetryAfterIsObservedWhateverTheStatus(t *testing.T) {
	policy := client.RetryPolicy{MaxAttempts: 4, MinWait: time.Nanosecond, MaxWait: 10 * time.Second}
	for _, status := range []int{408, 429, 500, 502, 503, 504} {
		for after, want := range map[string]time.Duration{
			"0": 0, "9": 9 * time.Second, "10": 10 * time.Second,
		} {
			synctest.Test(t, func(t *testing.T) {
				for i, got := range waits(t, policy, after, status) {
					if got != want {
						t.Errorf("%d, wait %d after %s: got %s, want %s", status, i+1, after, got, want)
					}
				}
			})
		}
	}
}

// TestWaitsStayBelowTheirBounds draws each wait many times: the longest comes near its bound, and none reaches it.
func TestWaitsStayBelowTheirBounds(t *testing.T) {
	const s = time.Second
	for name, tt := range map[string]struct {
		least, most time.Duration
		bounds      []time.Duration
	}{
		"no waits":         {0, 0, []time.Duration{0, 0, 0}},
		"no first wait":    {0, s, []time.Duration{0, 0, 0}},
		"doubled":          {s, 100 * s, []time.Duration{s, 2 * s, 4 * s, 8 * s, 16 * s, 32 * s, 64 * s, 100 * s, 100 * s}},
		"up to a power":    {s, 4 * s, []time.Duration{s, 2 * s, 4 * s, 4 * s}},
		"below a power":    {s, 4*s - 1, []time.Duration{s, 2 * s, 4*s - 1, 4*s - 1}},
		"of one bound":     {s, s, []time.Duration{s, s, s}},
		"a nanosecond":     {1, 1, []time.Duration{0, 0, 0}},
		"one of two":       {1, 2, []time.Duration{0, 1, 1}},
		"nearly the most":  {s, s + 1, []time.Duration{s, s + 1}},
		"without an error": {s, 3 * s, []time.Duration{s, 2 * s, 3 * s}},
	} {
		for _, status := range []int{0, 429, 503} {
			synctest.Test(t, func(t *testing.T) {
				policy := client.RetryPolicy{MaxAttempts: len(tt.bounds) + 1, MinWait: tt.least, MaxWait: tt.most}
				longest := make([]time.Duration, len(tt.bounds))
				for range 300 {
					for i, got := range waits(t, policy, "", status) {
						longest[i] = max(longest[i], got)
					}
				}
				for i, got := range longest {
					if bound := tt.bounds[i]; got > bound || got < bound*9/10 || bound > time.Millisecond && got == bound {
						t.Errorf("%s after %d, wait %d: the longest of 300 is %s, want it below %s and near", name, status, i+1, got,
							bound)
					}
				}
			})
		}
	}
}

// TestWaitsOfManyAttemptsDoNotOverflow has more attempts than a wait has bits.
func TestWaitsOfManyAttemptsDoNotOverflow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		policy := client.RetryPolicy{MaxAttempts: 80, MinWait: 1, MaxWait: time.Hour}
		longest := make([]time.Duration, policy.MaxAttempts-1)
		for range 100 {
			for i, got := range waits(t, policy, "", 503) {
				longest[i] = max(longest[i], got)
			}
		}
		for i, got := range longest {
			bound := time.Hour
			if i < 32 {
				bound = 1 << i
			}
			if got > bound || got < bound/2-1 {
				t.Errorf("wait %d: the longest of 100 is %s, want it near %s", i+1, got, bound)
			}
		}
	})
}

func TestNothingWaitsUntilTheDeadline(t *testing.T) {
	for deadline, want := range map[time.Duration]int{9 * time.Second: 1, 10 * time.Second: 1, 10*time.Second + 1: 2,
		20 * time.Second: 2, 20*time.Second + 1: 3, time.Hour: 3} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), deadline)
			defer cancel()
			sent := 0
			c := newClient(t, testKey, client.WithHTTPClient(&http.Client{Transport: transportFunc(
				func(*http.Request) (*http.Response, error) {
					sent++
					resp := byHand(http.StatusServiceUnavailable, `{}`)
					resp.Header.Set("Retry-After", "10")
					return resp, nil
				})}))
			start := time.Now()
			_, err := c.Organizations.Get(ctx, "org_01")
			text := "organizations.get: 503 Service Unavailable"
			if deadline <= 20*time.Second {
				text += "; not retried: the context ends before the next attempt in 10s"
			}
			if want > 1 {
				text += fmt.Sprintf(" (after %d attempts)", want)
			}
			if took := time.Since(start); sent != want || took != time.Duration(want-1)*10*time.Second ||
				fmt.Sprint(err) != text || !errors.Is(err, client.ErrServer) {
				t.Errorf("%s: got %v after %d requests and %s, want %s", deadline, err, sent, took, text)
			}
		})
	}
}

func TestContextThatEndsAWait(t *testing.T) {
	reason := errors.New("shutting down")
	for name, tt := range map[string]struct {
		cause error
		want  string
	}{
		"canceled": {nil, "organizations.get: 503 Service Unavailable (while waiting for a retry: context canceled)"},
		"a cause": {reason, "organizations.get: 503 Service Unavailable (while waiting for a retry: context canceled: " +
			"shutting down)"},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(t.Context())
			time.AfterFunc(time.Second, func() { cancel(tt.cause) })
			c := replying(t, func() *http.Response {
				resp := byHand(http.StatusServiceUnavailable, `{}`)
				resp.Header.Set("Retry-After", "10")
				return resp
			}, client.WithRetry(client.DefaultRetryPolicy()))
			start := time.Now()
			got, err := c.Organizations.Get(ctx, "org_01")
			if took := time.Since(start); took != time.Second || got != nil || fmt.Sprint(err) != tt.want ||
				!errors.Is(err, context.Canceled) || !errors.Is(err, client.ErrServer) {
				t.Errorf("%s: got %v after %s, want %s after 1s", name, err, took, tt.want)
			}
		})
	}
}
