package events_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
)

func TestHandlerAtWorkFinishesWhenTheConsumerStops(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := new(store)
		var inside error
		c := newConsumer(t, upTo(3), s, func(ctx context.Context, e *events.Event) error {
			if e.ID == stubID(1) {
				time.Sleep(10 * time.Second)
				inside = ctx.Err()
				if ctx.Value(valueKey{}) != "value" {
					t.Error("the handler's context lacks the values of Run's")
				}
			}
			return nil
		}, events.WithCheckpointEvery(100))
		ctx, cancel := context.WithTimeout(context.WithValue(t.Context(), valueKey{}, "value"), 3*time.Second)
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
		const want = "workos/events: save the last checkpoint: stop"
		if err := runFor(t, c, time.Hour); !errors.Is(err, errStop) || err.Error() != want {
			t.Errorf("Run: got %v, want %s", err, want)
		}
		if status := c.Status(); status.Failures == 0 || !errors.Is(status.LastError, errStop) ||
			position(status.Checkpoint) != (events.Checkpoint{}) {
			t.Errorf("status: got %+v, want the failures", status)
		}
	})
}

func TestFailureThatEndsTheRunSavesWhatIsDone(t *testing.T) {
	t.Parallel()
	for _, broken := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			s := new(store)
			w := func(r *http.Request) (*http.Response, error) {
				if r.URL.Query().Get("after") != "" {
					return respond(403, `{"message":"no"}`), nil
				}
				return upTo(8)(r)
			}
			if broken {
				s.save = func() error { return errStop }
			}
			c := newConsumer(t, w, s, collect(new([]string)), events.WithCheckpointEvery(100))
			err := runFor(t, c, time.Hour)
			var failed *client.Error
			if !errors.As(err, &failed) || errors.Is(err, errStop) != broken {
				t.Errorf("got %v, want the API's error, and the store's: %t", err, broken)
			}
			if !broken {
				wantStrings(t, "saved", s.saved, stubID(1))
			}
		})
	}
}

// slowStore saves when its context ends, or never.
type slowStore struct {
	store

	value any
	took  time.Duration
}

type valueKey struct{}

func (s *slowStore) Save(ctx context.Context, previous, next events.Checkpoint) error {
	if next.After == previous.After {
		return nil // the beginning
	}
	begin := time.Now()
	<-ctx.Done()
	s.value, s.took = ctx.Value(valueKey{}), time.Since(begin)
	return ctx.Err()
}

func TestSaveOnTheWayOutHasItsOwnGracePeriod(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := new(slowStore)
		c := newConsumer(t, upTo(1), s, collect(new([]string)), events.WithGracePeriod(7*time.Second))
		ctx, cancel := context.WithTimeout(context.WithValue(t.Context(), valueKey{}, "value"), time.Second)
		defer cancel()
		begin := time.Now()
		if err := c.Run(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("Run: got %v, want context.DeadlineExceeded", err)
		}
		// A second until it is stopped, 7 that the save at work may take, and 7 for the one on the way out.
		if took := time.Since(begin); took != 15*time.Second || s.took != 7*time.Second || s.value != "value" {
			t.Errorf("Run took %v, the last save %v with the value %v; want 15s, 7s and that of Run's context", took, s.took,
				s.value)
		}
	})
}

func TestConsumerThatIsStoppedInARequestHasNotFailed(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]func() (*http.Response, error){
		"canceled":  func() (*http.Response, error) { return nil, context.Canceled },
		"refused":   func() (*http.Response, error) { return respond(403, `{}`), nil },
		"an answer": func() (*http.Response, error) { return respond(200, list("", 0)), nil },
	} {
		synctest.Test(t, func(t *testing.T) {
			var got []string
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			w := func(*http.Request) (*http.Response, error) {
				cancel()
				return answer()
			}
			s := new(store)
			c := newConsumer(t, w, s, collect(&got), events.WithErrorFunc(func(err error, _ time.Duration) {
				t.Errorf("%s: %v is told, which is of no interest", name, err)
			}))
			begin := time.Now()
			if err := c.Run(ctx); err != nil {
				t.Errorf("%s: got %v, want nil", name, err)
			}
			if took := time.Since(begin); took != 0 || len(got) != 0 || len(s.saved) != 0 || c.Status().Failures != 0 {
				t.Errorf("%s: got %q handled, %q saved in %v, status %+v; want nothing done", name, got, s.saved, took, c.Status())
			}
		})
	}
}

func TestStoppedConsumerBeginsNoOtherEvent(t *testing.T) {
	t.Parallel()
	for name, failure := range map[string]error{"done": nil, "failed": errStop} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			var got []string
			s := new(store)
			c := newConsumer(t, upTo(4), s, func(_ context.Context, e *events.Event) error {
				got = append(got, e.ID)
				cancel()
				return failure
			}, events.WithCheckpointEvery(2), events.WithBackoff(time.Hour, time.Hour))
			begin := time.Now()
			if err := c.Run(ctx); err != nil {
				t.Errorf("%s: Run: %v", name, err)
			}
			wantStrings(t, name+": handled", got, stubID(0))
			saved := []string{stubID(0)}
			if failure != nil {
				saved = nil
			}
			wantStrings(t, name+": saved", s.saved, saved...)
			if took := time.Since(begin); took != 0 || c.Status().Handled != uint64(len(saved)) ||
				len(saved) == 1 && c.Status().Checkpoint.After != saved[0] {
				t.Errorf("%s: Run took %v, status %+v; want 0s and %d handled", name, took, c.Status(), len(saved))
			}
		})
	}
}

// A stop ends the wait between two attempts, of the store too, and the one for more events. The failure stays known.
func TestStopEndsEveryWait(t *testing.T) {
	t.Parallel()
	noJSON := func(*http.Request) (*http.Response, error) { return respond(200, "{"), nil }
	for name, test := range map[string]struct {
		w       wire
		handler error // fails
		store   error // fails
		saves   int
	}{
		"for more events": {upTo(1), nil, nil, 1},
		"for the API":     {noJSON, nil, nil, 0},
		"for the handler": {upTo(1), errStop, nil, 0},
		"for the store":   {upTo(1), nil, errStop, 3}, // once more when the wait ends, and on the way out
	} {
		synctest.Test(t, func(t *testing.T) {
			handled, saves := 0, 0
			s := &store{save: func() error {
				saves++
				return test.store
			}}
			c := newConsumer(t, test.w, s, func(context.Context, *events.Event) error {
				handled++
				return test.handler
			}, events.WithBackoff(1000*time.Hour, 1000*time.Hour), events.WithPollInterval(1000*time.Hour))
			begin := time.Now()
			if err := runFor(t, c, time.Second); !errors.Is(err, test.store) {
				t.Errorf("%s: got %v, want %v", name, err, test.store)
			}
			if took := time.Since(begin); took != time.Second || handled > 1 || saves != test.saves {
				t.Errorf("%s: Run took %v, the handler was called %d times, the store %d; want 1s, once at most and %d", name,
					took, handled, saves, test.saves)
			}
			failed := name != "for more events"
			if status := c.Status(); failed != (status.Failures > 0) || failed != (status.LastError != nil) {
				t.Errorf("%s: got the status %+v, want a failure in it: %t", name, status, failed)
			}
		})
	}
}

// lateStore answers as a database does whose caller has gone.
type lateStore struct{ store }

func (s *lateStore) Load(ctx context.Context) (events.Checkpoint, error) {
	return events.Checkpoint{}, ctx.Err()
}

func TestConsumerThatIsStoppedAtTheBeginningHasNotFailed(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]events.Store{"load": new(lateStore), "save": new(store)} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			w := func(*http.Request) (*http.Response, error) {
				t.Errorf("%s: a request was sent", name)
				return respond(200, list("")), nil
			}
			c := newConsumer(t, w, s, collect(new([]string)), events.WithStartAfter(stubID(0)))
			if err := c.Run(ctx); err != nil {
				t.Errorf("%s: got %v, want nil as after any other stop", name, err)
			}
		})
	}
}
