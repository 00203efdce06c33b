package webhook_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/client/state"
	"github.com/seed-f165d83c/workos/client/webhook"
)

var errOnce = errors.New("failed")

func onceHandler(t *testing.T, o webhook.Once, handler events.Handler) events.Handler {
	t.Helper()
	h, err := o.Handler(handler)
	if err != nil {
		t.Fatalf("Handler: %v", err)
	}
	return h
}

func TestOnceHandlesAnEventOnceAmongProcesses(t *testing.T) {
	t.Parallel()
	store := new(state.Memory)
	var calls atomic.Int64
	var group sync.WaitGroup
	for range 4 { // processes
		h := onceHandler(t, webhook.Once{Store: store}, func(context.Context, *events.Event) error {
			calls.Add(1)
			return nil
		})
		for range 8 {
			group.Go(func() {
				for _, id := range []string{"event_01", "event_02", strings.Repeat("x", 1000), strings.Repeat("x", 1001)} {
					err := h(t.Context(), &events.Event{ID: id})
					for errors.Is(err, webhook.ErrInProgress) {
						err = h(t.Context(), &events.Event{ID: id})
					}
					if err != nil {
						t.Errorf("%.10s: %v", id, err)
					}
				}
			})
		}
	}
	group.Wait()
	if got := calls.Load(); got != 4 {
		t.Errorf("got %d calls, want one for each of 4 events", got)
	}
}

func TestOnceRepeatsWhatFailed(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func() error{
		"error": func() error { return errOnce },
		"panic": func() error { panic(errOnce) },
	} {
		synctest.Test(t, func(t *testing.T) {
			calls := 0
			h := onceHandler(t, webhook.Once{Store: new(state.Memory)}, func(context.Context, *events.Event) error {
				if calls++; calls == 1 {
					return fail()
				}
				return nil
			})
			for i := range 3 {
				err := func() (err error) {
					defer func() {
						if value := recover(); value != nil {
							var ok bool
							if err, ok = value.(error); !ok {
								t.Errorf("%s: panic of %v, want that of the handler", name, value)
							}
						}
					}()
					return h(t.Context(), &events.Event{ID: "event_01"})
				}()
				if first := i == 0; errors.Is(err, errOnce) != first || !first && err != nil {
					t.Errorf("%s, delivery %d: got %v", name, i+1, err)
				}
				time.Sleep(time.Second)
			}
			if calls != 2 {
				t.Errorf("%s: got %d calls, want 2", name, calls)
			}
		})
	}
}

func TestOnceClaimsWhileItHandles(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var failures []error
		o := webhook.Once{
			Store: new(state.Memory), Claim: time.Minute, Retain: time.Hour,
			OnError: func(_ context.Context, _ *events.Event, err error) { failures = append(failures, err) },
		}
		calls := 0
		h := onceHandler(t, o, func(ctx context.Context, _ *events.Event) error {
			calls++
			if calls == 1 {
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		})
		ended := make(chan error, 1)
		go func() { ended <- h(t.Context(), &events.Event{ID: "event_01"}) }()
		time.Sleep(59 * time.Second)
		synctest.Wait() // orders the read of calls after the first call's write
		if err := h(t.Context(), &events.Event{ID: "event_01"}); !errors.Is(err, webhook.ErrInProgress) || calls != 1 {
			t.Errorf("beside it: got %v after %d calls, want ErrInProgress", err, calls)
		}
		if err := <-ended; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the first: got %v, want the end of the claim", err)
		}
		for range 2 {
			if err := h(t.Context(), &events.Event{ID: "event_01"}); err != nil || calls != 2 {
				t.Errorf("after the claim: got %v after %d calls, want nil and 2", err, calls)
			}
		}
		time.Sleep(time.Hour)
		if err := h(t.Context(), &events.Event{ID: "event_01"}); err != nil || calls != 3 {
			t.Errorf("after it is forgotten: got %v after %d calls, want nil and 3", err, calls)
		}
		if len(failures) != 1 || !strings.Contains(failures[0].Error(), "claim has expired") {
			t.Errorf("OnError: got %v, want one call, of the first handler, whose claim had expired", failures)
		}
	})
}

// downAfter is a store that is down after some calls.
type downAfter struct {
	state.Memory

	calls int
}

func (d *downAfter) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	if d.calls--; d.calls < 0 {
		return false, errOnce
	}
	return d.Memory.Add(ctx, key, value, ttl)
}

func (d *downAfter) Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) (bool, error) {
	if d.calls--; d.calls < 0 {
		return false, errOnce
	}
	return d.Memory.Swap(ctx, key, old, value, ttl)
}

func TestOnceRefusesWithoutItsStore(t *testing.T) {
	t.Parallel()
	for calls := range 2 {
		handled, reported := 0, 0
		o := webhook.Once{
			Store:   &downAfter{calls: calls},
			OnError: func(context.Context, *events.Event, error) { reported++ },
		}
		h := onceHandler(t, o, func(context.Context, *events.Event) error {
			handled++
			return nil
		})
		err := h(t.Context(), &events.Event{ID: "event_01"})
		if errors.Is(err, errOnce) != (calls == 0) || handled != calls || reported != calls {
			t.Errorf("down after %d calls: got %v, %d handled, %d reported", calls, err, handled, reported)
		}
	}
}

func TestOnceRejects(t *testing.T) {
	t.Parallel()
	handler := func(context.Context, *events.Event) error { return nil }
	for name, o := range map[string]webhook.Once{
		"no store":         {},
		"negative retain":  {Store: new(state.Memory), Retain: -1},
		"a negative claim": {Store: new(state.Memory), Claim: -1},
	} {
		if h, err := o.Handler(handler); h != nil || err == nil {
			t.Errorf("%s: got no error", name)
		}
	}
	if h, err := (webhook.Once{Store: new(state.Memory)}).Handler(nil); h != nil || err == nil {
		t.Error("no handler: got no error")
	}
}
