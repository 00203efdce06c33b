package events_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/events"
)

func TestHandlerAtWorkFinishesWhenTheConsumerStops(t *testing.T) {
	t.Parallel()
	type key struct{}
	synctest.Test(t, func(t *testing.T) {
		s := new(store)
		var inside error
		c := newConsumer(t, upTo(3), s, func(ctx context.Context, e *events.Event) error {
			if e.ID == stubID(1) {
				time.Sleep(10 * time.Second)
				inside = ctx.Err()
				if ctx.Value(key{}) != "value" {
					t.Error("the handler's context lacks the values of Run's")
				}
			}
			return nil
		}, events.WithCheckpointEvery(100))
		ctx, cancel := context.WithTimeout(context.WithValue(t.Context(), key{}, "value"), 3*time.Second)
		defer cancel()
		begin := time.Now()
		if err := c.Run(ctx); err != nil {
			t.Errorf("Run: %v", err)
		}
		if took := time.Since(begin); took != 10*time.Second || inside != nil {
			t.Errorf("Run took %v, the handler's context: %v; want 10s and nil", took, inside)
		}
		wantStrings(t, "saved", s.saved, stubID(1))
	})
}

func TestHandlerHasNoMoreThanTheGracePeriod(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := new(store)
		c := newConsumer(t, upTo(3), s, func(ctx context.Context, e *events.Event) error {
			if e.ID == stubID(1) {
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		}, events.WithGracePeriod(2*time.Second), events.WithCheckpointEvery(100))
		begin := time.Now()
		if err := runFor(t, c, 3*time.Second); err != nil {
			t.Errorf("Run: %v", err)
		}
		if took := time.Since(begin); took != 5*time.Second {
			t.Errorf("Run took %v, want 5s", took)
		}
		wantStrings(t, "saved", s.saved, stubID(0)) // the event that was not done comes again
	})
}

func TestCheckpointThatCannotBeSavedOnTheWayOutIsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &store{save: func() error { return errStop }}
		c := newConsumer(t, upTo(2), s, collect(new([]string)))
		if err := runFor(t, c, time.Hour); !errors.Is(err, errStop) {
			t.Errorf("Run: got %v, want the store's error", err)
		}
		if status := c.Status(); status.Failures == 0 || !errors.Is(status.LastError, errStop) {
			t.Errorf("status: got %+v, want the failures", status)
		}
	})
}

// lateStore answers as a database does whose caller has gone.
type lateStore struct{ store }

func (s *lateStore) Load(ctx context.Context) (events.Checkpoint, error) {
	return events.Checkpoint{}, ctx.Err() //nolint:wrapcheck // as a database does
}

func TestConsumerThatIsStoppedAtTheBeginningHasNotFailed(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, s := range map[string]events.Store{"load": new(lateStore), "save": new(store)} {
		c := newConsumer(t, upTo(1), s, collect(new([]string)), events.WithStartAfter(stubID(0)))
		if err := c.Run(ctx); err != nil {
			t.Errorf("%s: got %v, want nil as after any other stop", name, err)
		}
	}
}
