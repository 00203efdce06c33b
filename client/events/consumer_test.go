package events_test

import (
	"context"
	"errors"
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
	synctest.Test(t, func(t *testing.T) {
		var got []string
		s := new(store)
		c := newConsumer(t, upTo(8), s, collect(&got), events.WithCheckpointEvery(3))
		if err := runFor(t, c, time.Second); err != nil {
			t.Errorf("Run: %v", err)
		}
		wantStrings(t, "saved", s.saved, stubID(2), stubID(5), stubID(7))
	})
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
		}, events.WithErrorFunc(func(err error, _ time.Duration) { reported = append(reported, err) }))
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
	synctest.Test(t, func(t *testing.T) {
		tries, letters := 0, []string{}
		s := new(store)
		c := newConsumer(t, upTo(3), s, func(_ context.Context, e *events.Event) error {
			if e.ID == stubID(1) {
				tries++
				return errStop
			}
			return nil
		}, events.WithDeadLetter(3, func(_ context.Context, e *events.Event, err error) error {
			letters = append(letters, e.ID)
			if !errors.Is(err, errStop) {
				t.Errorf("dead letter: got %v, want the handler's error", err)
			}
			if len(letters) == 1 {
				return errors.New("no room")
			}
			return nil
		}))
		if err := runFor(t, c, time.Hour); err != nil {
			t.Errorf("Run: %v", err)
		}
		if tries != 4 || c.Status().Handled != 3 {
			t.Errorf("got %d tries, %d handled; want 4 and 3", tries, c.Status().Handled)
		}
		wantStrings(t, "letters", letters, stubID(1), stubID(1))
		wantStrings(t, "saved", s.saved, stubID(0), stubID(1), stubID(2))
	})
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
		c := newConsumer(t, upTo(2), s, collect(&got))
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
	c := newConsumer(t, upTo(2), &store{load: errStop}, collect(new([]string)))
	if err := c.Run(t.Context()); !errors.Is(err, errStop) {
		t.Errorf("Run: got %v, want the store's error", err)
	}
	c = newConsumer(t, upTo(2), &store{save: func() error { return errStop }}, collect(new([]string)),
		events.WithStartTime(time.Now()))
	if err := c.Run(t.Context()); !errors.Is(err, errStop) {
		t.Errorf("Run with a start: got %v, want the store's error", err)
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
		if err := c.Run(ctx); err == nil {
			t.Error("a second Run at the same time returns no error")
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
