package events

import (
	"context"
	"math"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// TestWaitsAreDrawnUpToTheirBound is in nanoseconds, so that each wait that is possible is seen.
func TestWaitsAreDrawnUpToTheirBound(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		backoff backoff
		bounds  []time.Duration // of the first failures in a row
	}{
		{backoff{1, 1}, []time.Duration{1, 1, 1}},
		{backoff{1, 2}, []time.Duration{1, 2, 2, 2}},
		{backoff{1, 3}, []time.Duration{1, 2, 3, 3}},
		{backoff{1, 8}, []time.Duration{1, 2, 4, 8, 8, 8}},
		{backoff{3, 7}, []time.Duration{3, 6, 7, 7}},
		{backoff{3, 5}, []time.Duration{3, 5, 5}},
		{backoff{6, 6}, []time.Duration{6, 6}},
	} {
		for i, bound := range test.bounds {
			seen := map[time.Duration]bool{}
			for range 2000 {
				seen[test.backoff.wait(i+1)] = true
			}
			for wait := range bound + 1 {
				if !seen[wait] {
					t.Errorf("%v, failure %d: a wait of %d was never drawn", test.backoff, i+1, wait)
				}
				delete(seen, wait)
			}
			if len(seen) > 0 {
				t.Errorf("%v, failure %d: got the waits %v, want at most %d", test.backoff, i+1, seen, bound)
			}
		}
	}
}

func TestWaitsHaveNoBoundThatOverflows(t *testing.T) {
	t.Parallel()
	for _, b := range []backoff{{1, math.MaxInt64}, {math.MaxInt64, math.MaxInt64}, {math.MaxInt64/2 + 1, math.MaxInt64}} {
		for _, failures := range []int{1, 2, 62, 63, 64, 65, 100, math.MaxInt} {
			if wait := b.wait(failures); wait < 0 {
				t.Errorf("%v, failure %d: got a wait of %v", b, failures, wait)
			}
		}
	}
}

func TestSleepEndsAtItsTimeOrWhenTheConsumerStops(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		sleep(make(chan struct{}), time.Minute)
		if took := time.Since(begin); took != time.Minute {
			t.Errorf("sleep took %v, want a minute", took)
		}
		stopping := make(chan struct{})
		time.AfterFunc(time.Second, func() { close(stopping) })
		begin = time.Now()
		sleep(stopping, time.Minute)
		if took := time.Since(begin); took != time.Second {
			t.Errorf("sleep took %v, want the second until it was stopped", took)
		}
	})
}

func TestLingeringContextEndsAfterTheGracePeriod(t *testing.T) {
	t.Parallel()
	type key struct{}
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(context.WithValue(t.Context(), key{}, "value"))
		work, end := linger(ctx, time.Minute)
		defer end()
		if work.Value(key{}) != "value" {
			t.Error("the context lacks the values of the other")
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if err := work.Err(); err != nil {
			t.Errorf("before the other ends: got %v, want nil", err)
		}
		stop()
		time.Sleep(time.Minute - 1)
		synctest.Wait()
		if err := work.Err(); err != nil {
			t.Errorf("in the grace period: got %v, want nil", err)
		}
		time.Sleep(1)
		synctest.Wait()
		if err := work.Err(); err == nil {
			t.Error("after the grace period: got nil, want an error")
		}
	})
}

// A goroutine that stayed behind would keep the bubble from ending.
func TestLingeringContextEndsAtOnceByItsFunction(t *testing.T) {
	t.Parallel()
	for name, stopped := range map[string]bool{"before the other ends": false, "in the grace period": true} {
		synctest.Test(t, func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			defer stop()
			work, end := linger(ctx, time.Hour)
			if stopped {
				stop()
				synctest.Wait()
			}
			begin := time.Now()
			end()
			if work.Err() == nil {
				t.Errorf("%s: the context has not ended", name)
			}
			synctest.Wait()
			stop()
			synctest.Wait()
			if took := time.Since(begin); took != 0 {
				t.Errorf("%s: it took %v", name, took)
			}
		})
	}
}

func TestDefaultsAreAsDocumented(t *testing.T) {
	t.Parallel()
	got := defaults()
	if got.pageSize != 100 || got.every != 1 || !slices.Equal(got.types, knownTypes()) || got.organization != "" || !got.start.isStart() ||
		got.attempts != 0 || got.deadLetter != nil {
		t.Errorf("got %+v", got)
	}
	waits := []time.Duration{got.poll, got.fetchTimeout, got.grace, got.backoff.lowest, got.backoff.highest}
	want := []time.Duration{5 * time.Second, time.Minute, 30 * time.Second, 500 * time.Millisecond, time.Minute}
	if !slices.Equal(waits, want) {
		t.Errorf("got the waits %v, want %v", waits, want)
	}
	got.onError(nil, 0) // does nothing
}
