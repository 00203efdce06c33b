package events_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/events"
)

// A resync may be a listing of everything: a program that returns what has expired must not repeat it without a pause.
func TestResyncToAnExpiredCursorIsPaced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := new(store)
		if err := save(t, &s.MemoryStore, events.Checkpoint{After: stubID(1)}); err != nil {
			t.Fatal(err)
		}
		var handled []string
		calls, expiries := 0, 0
		c := newConsumer(t, expired(3), s, collect(&handled), events.WithBackoff(time.Minute, time.Minute),
			events.WithErrorFunc(func(err error, _ time.Duration) {
				if errors.Is(err, events.ErrCursorExpired) {
					expiries++
				}
			}),
			events.WithResync(func(_ context.Context, at events.Checkpoint) (events.Checkpoint, error) {
				if calls++; calls > 200 {
					return events.Checkpoint{After: stubID(3)}, nil
				}
				return at, nil
			}))
		if err := runFor(t, c, time.Hour); err != nil {
			t.Errorf("Run: %v", err)
		}
		if calls < 60 || calls > 190 || expiries < calls-1 { // a wait is random, up to a minute
			t.Errorf("got %d calls and %d reports in an hour, want about one of each in half a minute", calls, expiries)
		}
		if err := runFor(t, c, 3*time.Hour); err != nil {
			t.Errorf("Run: %v", err)
		}
		wantStrings(t, "handled", handled, stubID(4))
	})
}

func TestResyncThatPanicsIsRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := new(store)
		if err := save(t, &s.MemoryStore, events.Checkpoint{After: stubID(1)}); err != nil {
			t.Fatal(err)
		}
		var handled []string
		var failures []error
		calls := 0
		c := newConsumer(t, expired(3), s, collect(&handled),
			events.WithErrorFunc(func(err error, _ time.Duration) { failures = append(failures, err) }),
			events.WithResync(func(context.Context, events.Checkpoint) (events.Checkpoint, error) {
				if calls++; calls < 3 {
					panic(errStop)
				}
				return events.Checkpoint{After: stubID(3)}, nil
			}))
		if err := runFor(t, c, time.Hour); err != nil {
			t.Errorf("Run: %v", err)
		}
		wantStrings(t, "handled", handled, stubID(4))
		var panicked *events.PanicError
		if len(failures) != 2 || !errors.As(failures[0], &panicked) || !errors.Is(failures[1], errStop) || len(panicked.Stack) == 0 {
			t.Errorf("got %v, want both panics", failures)
		}
	})
}
