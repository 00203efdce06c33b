package events_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/client/state"
	"github.com/seed-f165d83c/workos/client/webhook"
)

func anyClient(t *testing.T) *client.Client {
	t.Helper()
	c, err := client.New("sk_test_key")
	if err != nil {
		t.Fatalf("client: %v", err)
	}
	return c
}

// letters is a dead-letter function that remembers.
type letters struct {
	ids  []string
	errs []error
}

func (l *letters) take(_ context.Context, e *events.Event, err error) error {
	l.ids, l.errs = append(l.ids, e.ID), append(l.errs, err)
	return nil
}

func TestPanicIsAFailureWithItsStack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var dead letters
		var handled []string
		attempts := 0
		c := newConsumer(t, upTo(3), new(store), func(_ context.Context, e *events.Event) error {
			if e.ID == stubID(1) {
				attempts++
				panic(errStop)
			}
			handled = append(handled, e.ID)
			return nil
		}, events.WithDeadLetter(3, dead.take))
		if err := runFor(t, c, time.Hour); err != nil {
			t.Errorf("Run: %v", err)
		}
		wantStrings(t, "handled", handled, stubID(0), stubID(2))
		wantStrings(t, "dead letters", dead.ids, stubID(1))
		if attempts != 3 {
			t.Errorf("attempts: got %d, want 3", attempts)
		}
		panicked, ok := errors.AsType[*events.PanicError](dead.errs[0])
		if !ok || panicked.Value != errStop || !strings.Contains(string(panicked.Stack), "attempt_test.go") ||
			!errors.Is(dead.errs[0], errStop) {
			t.Errorf("got %v, want the panic with the stack of this file", dead.errs[0])
		}
	})
}

// A process that ended in the handler has left its claim. The event waits for the end of it; it has not failed.
func TestEventThatOnceHoldsBackIsNotGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shared := new(state.Memory)
		if ok, err := shared.Add(t.Context(), "webhook/event/id/"+stubID(1), []byte("claim of another"), 5*time.Minute); !ok {
			t.Fatalf("claim: got %t and %v, want true", ok, err)
		}
		var dead letters
		var handled []string
		once, err := webhook.Once{Store: shared}.Handler(func(_ context.Context, e *events.Event) error {
			handled = append(handled, e.ID)
			if e.ID == stubID(2) {
				return errStop
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		c := newConsumer(t, upTo(4), new(store), once, events.WithDeadLetter(2, dead.take))
		if err := runFor(t, c, time.Hour); err != nil {
			t.Errorf("Run: %v", err)
		}
		wantStrings(t, "handled", handled, stubID(0), stubID(1), stubID(2), stubID(2), stubID(3))
		wantStrings(t, "dead letters", dead.ids, stubID(2))
	})
}

// A process that ends in a handler leaves the attempts that it has counted.
func TestAttemptsPersistAcrossRestarts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := new(store)
		var dead letters
		attempts := 0
		for range 3 { // each run fails once and is stopped while it waits
			c := newConsumer(t, upTo(2), s, func(context.Context, *events.Event) error {
				attempts++
				return errStop
			}, events.WithDeadLetter(4, dead.take), events.WithBackoff(1000*time.Hour, 1000*time.Hour))
			if err := runFor(t, c, time.Second); err != nil {
				t.Errorf("Run: %v", err)
			}
		}
		if at, err := s.Load(t.Context()); err != nil || at.Failing != stubID(0) || at.Attempts != 3 || len(dead.ids) > 0 {
			t.Errorf("got %+v, %v, dead letters %q; want 3 attempts and none", at, err, dead.ids)
		}
		c := newConsumer(t, upTo(2), s, func(_ context.Context, e *events.Event) error {
			if e.ID == stubID(0) {
				attempts++
				return errStop
			}
			return nil
		}, events.WithDeadLetter(4, dead.take))
		if err := runFor(t, c, time.Hour); err != nil {
			t.Errorf("Run: %v", err)
		}
		wantStrings(t, "dead letters", dead.ids, stubID(0))
		if at, err := s.Load(t.Context()); attempts != 4 || err != nil || at.After != stubID(1) || at.Attempts != 0 {
			t.Errorf("got %d attempts, %+v, %v; want 4 and the next event handled", attempts, at, err)
		}
	})
}

// crash ends a run as the death of the process would: it saves nothing more.
type crash struct {
	events.Store

	dead bool
}

func (s *crash) Save(ctx context.Context, previous, next events.Checkpoint) error {
	if s.dead {
		return errStop
	}
	return s.Store.Save(ctx, previous, next)
}

func TestEventThatEndsTheProcessIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := new(store)
		var dead letters
		var handled []string
		crashes := 0
		for len(handled) < 3 {
			ctx, die := context.WithCancel(t.Context())
			process := &crash{Store: s}
			c := newConsumer(t, upTo(4), process, func(_ context.Context, e *events.Event) error {
				if e.ID == stubID(1) {
					crashes++
					process.dead = true
					die()
					return errStop
				}
				handled = append(handled, e.ID)
				if len(handled) == 3 {
					die()
				}
				return nil
			}, events.WithDeadLetter(2, func(ctx context.Context, e *events.Event, err error) error {
				if process.dead {
					return errStop
				}
				return dead.take(ctx, e, err)
			}))
			_ = c.Run(ctx) // the process is dead
			if crashes > 10 {
				t.Fatalf("%d crashes", crashes)
			}
		}
		wantStrings(t, "handled", handled, stubID(0), stubID(2), stubID(3))
		wantStrings(t, "dead letters", dead.ids, stubID(1))
		if crashes != 3 || !errors.Is(dead.errs[0], events.ErrInterrupted) {
			t.Errorf("got %d crashes, %v; want 3 and ErrInterrupted", crashes, dead.errs)
		}
	})
}

func TestStopCountsNoAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := new(store)
		var dead letters
		for range 5 {
			c := newConsumer(t, upTo(2), s, func(ctx context.Context, _ *events.Event) error {
				<-ctx.Done()
				return ctx.Err()
			}, events.WithDeadLetter(2, dead.take))
			if err := runFor(t, c, time.Second); err != nil {
				t.Errorf("Run: %v", err)
			}
		}
		if at, err := s.Load(t.Context()); err != nil || at.Attempts != 0 || len(dead.ids) != 0 {
			t.Errorf("got %+v, %v, dead letters %q; want no attempt", at, err, dead.ids)
		}
	})
}

func TestEventTimeoutEndsTheAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var dead letters
		var took []time.Duration
		c := newConsumer(t, upTo(1), new(store), func(ctx context.Context, _ *events.Event) error {
			begin := time.Now()
			<-ctx.Done()
			took = append(took, time.Since(begin))
			return ctx.Err()
		}, events.WithEventTimeout(7*time.Second), events.WithDeadLetter(2, dead.take))
		if err := runFor(t, c, time.Hour); err != nil {
			t.Errorf("Run: %v", err)
		}
		if want := []time.Duration{7 * time.Second, 7 * time.Second}; !slices.Equal(took, want) {
			t.Errorf("attempts took %v, want %v", took, want)
		}
		if len(dead.errs) != 1 || !errors.Is(dead.errs[0], context.DeadlineExceeded) {
			t.Errorf("dead letters: got %v, want one timeout", dead.errs)
		}
	})
}
