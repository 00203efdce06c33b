package events_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/events"
)

func TestConsumerHandlesAllEventsInOrderAndSavesEach(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var got []string
		s := new(store)
		c := newConsumer(t, upTo(5), s, collect(&got))
		if err := runFor(t, c, time.Second); err != nil {
			t.Errorf("Run: %v", err)
		}
		all := []string{stubID(0), stubID(1), stubID(2), stubID(3), stubID(4)}
		wantStrings(t, "handled", got, all...)
		wantStrings(t, "saved", s.saved, all...)
		if status := c.Status(); status.Handled != 5 || status.Checkpoint.After != stubID(4) || status.Failures != 0 {
			t.Errorf("status: got %+v", status)
		}

		if err := runFor(t, newConsumer(t, upTo(6), s, collect(&got)), time.Second); err != nil {
			t.Errorf("Run: %v", err)
		}
		wantStrings(t, "handled by the next process", got[5:], stubID(5))
	})
}

func TestCheckpointsAreSavedAsOftenAsSet(t *testing.T) {
	t.Parallel()
	for every, want := range map[int][]int{
		1: {0, 1, 2, 3, 4, 5, 6, 7}, 2: {1, 3, 5, 7}, 3: {2, 5, 7}, 4: {3, 7}, 7: {6, 7}, 8: {7}, 9: {7}, 100: {7},
	} {
		synctest.Test(t, func(t *testing.T) {
			var got, saved []string
			for _, n := range want {
				saved = append(saved, stubID(n))
			}
			s := new(store)
			c := newConsumer(t, upTo(8), s, collect(&got), events.WithCheckpointEvery(every))
			if err := runFor(t, c, time.Minute); err != nil { // with polls that bring nothing
				t.Errorf("Run: %v", err)
			}
			wantStrings(t, "saved", s.saved, saved...)
			if status := c.Status(); len(got) != 8 || status.Handled != 8 || status.Checkpoint.After != stubID(7) {
				t.Errorf("every %d: handled %d, status %+v; want 8", every, len(got), status)
			}
		})
	}
}

func TestEventIsTriedUntilItIsDone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var got []string
		var reported []error
		s := new(store)
		c := newConsumer(t, upTo(3), s, func(_ context.Context, e *events.Event) error {
			got = append(got, e.ID)
			if e.ID == stubID(1) && len(got) < 5 {
				return errStop
			}
			return nil
		}, events.WithPollInterval(time.Hour), events.WithErrorFunc(func(err error, _ time.Duration) {
			reported = append(reported, err)
		}))
		if err := runFor(t, c, time.Hour); err != nil {
			t.Errorf("Run: %v", err)
		}
		wantStrings(t, "handled", got, stubID(0), stubID(1), stubID(1), stubID(1), stubID(1), stubID(2))
		wantStrings(t, "saved", s.saved, stubID(0), stubID(1), stubID(2))
		if len(reported) != 3 || !errors.Is(reported[0], errStop) || !strings.Contains(reported[0].Error(), stubID(1)) {
			t.Errorf("reported: got %v, want three failures that name the event", reported)
		}
	})
}

func TestDeadLetterIsTakenAside(t *testing.T) {
	t.Parallel()
	full := errors.New("no room")
	for _, attempts := range []int{1, 2, 3} {
		for _, fails := range []int{0, 1, 2} { // of the function that takes the letter
			synctest.Test(t, func(t *testing.T) {
				tries, letters, reported := 0, []string{}, []string{}
				s := new(store)
				letter := func(_ context.Context, e *events.Event, err error) error {
					letters = append(letters, e.ID)
					if !errors.Is(err, errStop) || errors.Is(err, full) {
						t.Errorf("dead letter: got %v, want the handler's error", err)
					}
					if len(letters) <= fails {
						return full
					}
					return nil
				}
				c := newConsumer(t, upTo(3), s, func(_ context.Context, e *events.Event) error {
					if e.ID == stubID(1) {
						tries++
						return errStop
					}
					return nil
				}, events.WithPollInterval(time.Hour), events.WithDeadLetter(attempts, letter), events.WithErrorFunc(func(err error, _ time.Duration) {
					if !errors.Is(err, errStop) {
						t.Errorf("reported: got %v, want the handler's error in it", err)
					}
					reported = append(reported, err.Error())
				}))
				if err := runFor(t, c, time.Hour); err != nil {
					t.Errorf("Run: %v", err)
				}
				if want := attempts + fails; tries != want || c.Status().Handled != 3 || len(letters) != 1+fails {
					t.Errorf("%d attempts, %d failures: got %d tries, %d handled and %d letters; want %d, 3 and %d",
						attempts, fails, tries, c.Status().Handled, len(letters), want, 1+fails)
				}
				const handle = `workos/events: handle group.member_added "event_000001": stop`
				want := slices.Concat(slices.Repeat([]string{handle}, attempts-1),
					slices.Repeat([]string{handle + "; dead letter: no room"}, fails))
				wantStrings(t, "reported", reported, want...)
				wantStrings(t, "saved", s.saved, stubID(0), stubID(1), stubID(2))
			})
		}
	}
}

func TestStoreIsTriedUntilItSaves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var got []string
		s, tries := new(store), 0
		s.save = func() error {
			if tries++; tries < 4 {
				return errStop
			}
			return nil
		}
		c := newConsumer(t, upTo(2), s, collect(&got), events.WithPollInterval(time.Hour))
		if err := runFor(t, c, time.Hour); err != nil {
			t.Errorf("Run: %v", err)
		}
		wantStrings(t, "handled", got, stubID(0), stubID(1))
		wantStrings(t, "saved", s.saved, stubID(0), stubID(1))
		if status := c.Status(); status.Failures != 0 {
			t.Errorf("status: got %+v, want no failure left", status)
		}
	})
}

func TestCheckpointThatCannotBeLoadedEndsTheRun(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		s    *store
		want string
	}{
		{"load", &store{load: errStop}, "workos/events: load the checkpoint: stop"},
		{"save", &store{save: func() error { return errStop }}, "workos/events: save the checkpoint: stop"},
	} {
		synctest.Test(t, func(t *testing.T) {
			requests := 0
			w := func(r *http.Request) (*http.Response, error) {
				requests++
				return upTo(2)(r)
			}
			var got []string
			c := newConsumer(t, w, test.s, collect(&got), events.WithStartTime(time.Now()))
			begin := time.Now()
			err := runFor(t, c, time.Hour)
			if err == nil || err.Error() != test.want || !errors.Is(err, errStop) {
				t.Errorf("%s: got %v, want %s", test.name, err, test.want)
			}
			if took := time.Since(begin); took != 0 || requests != 0 || len(got) != 0 || len(test.s.saved) != 0 {
				t.Errorf("%s: got %d requests, %q handled, %q saved in %v; want nothing done", test.name, requests, got,
					test.s.saved, took)
			}
		})
	}
}

func TestConsumerRunsOnceAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsumer(t, upTo(0), new(store), collect(new([]string)))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- c.Run(ctx) }()
		synctest.Wait()
		if err := c.Run(ctx); err == nil || err.Error() != "workos/events: consumer is already running" {
			t.Errorf("a second Run at the same time: got %v, want an error that says so", err)
		}
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
		if err := runFor(t, c, time.Second); err != nil {
			t.Errorf("Run after the first: %v", err)
		}
	})
}
