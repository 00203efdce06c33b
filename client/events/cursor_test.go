package events_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
)

// expired is a list that no longer retains events below n.
func expired(n int) wire {
	return func(r *http.Request) (*http.Response, error) {
		if after := r.URL.Query().Get("after"); after != "" && after < stubID(n) {
			return respond(400, `{"code":"invalid_cursor","message":"The cursor is invalid."}`), nil
		}
		return upTo(n + 2)(r)
	}
}

func TestExpiredCursorIsATypedError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := new(store)
		if err := save(t, &s.MemoryStore, events.Checkpoint{After: stubID(1)}); err != nil {
			t.Fatal(err)
		}
		var handled []string
		err := runFor(t, newConsumer(t, expired(3), s, collect(&handled)), time.Hour)
		var failed *client.Error
		if !errors.Is(err, events.ErrCursorExpired) || !errors.As(err, &failed) || failed.Code != "invalid_cursor" {
			t.Errorf("got %v, want ErrCursorExpired with the API's error", err)
		}
		if at, _ := s.Load(t.Context()); at.After != stubID(1) || len(handled) != 0 {
			t.Errorf("got %+v, %q handled; want the checkpoint kept", at, handled)
		}
	})
}

func TestOtherRefusalsBehindACursorAreNoExpiredCursor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := new(store)
		if err := save(t, &s.MemoryStore, events.Checkpoint{After: stubID(1)}); err != nil {
			t.Fatal(err)
		}
		refused := func(*http.Request) (*http.Response, error) {
			return respond(403, `{"code":"access_denied","message":"no"}`), nil
		}
		c := newConsumer(t, refused, s, collect(new([]string)),
			events.WithResync(func(context.Context, events.Checkpoint) (events.Checkpoint, error) {
				t.Error("resync was called")
				return events.Checkpoint{}, errStop
			}))
		var failed *client.Error
		if err := runFor(t, c, time.Hour); errors.Is(err, events.ErrCursorExpired) || !errors.As(err, &failed) {
			t.Errorf("got %v, want the API's error alone", err)
		}
	})
}

func TestResyncContinuesWhereItSays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := new(store)
		if err := save(t, &s.MemoryStore, events.Checkpoint{After: stubID(1)}); err != nil {
			t.Fatal(err)
		}
		var handled []string
		calls := 0
		c := newConsumer(t, expired(3), s, collect(&handled),
			events.WithResync(func(_ context.Context, at events.Checkpoint) (events.Checkpoint, error) {
				if calls++; calls == 1 {
					return events.Checkpoint{}, errStop
				}
				if at.After != stubID(1) {
					t.Errorf("got %+v, want the expired checkpoint", at)
				}
				return events.Checkpoint{After: stubID(3), Attempts: 7}, nil
			}))
		if err := runFor(t, c, time.Hour); err != nil {
			t.Errorf("Run: %v", err)
		}
		wantStrings(t, "handled", handled, stubID(4))
		wantStrings(t, "saved", s.saved, stubID(3), stubID(4))
		if calls != 2 {
			t.Errorf("calls: got %d, want 2", calls)
		}
	})
}

func TestStatusWarnsOfACursorThatWillExpire(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := new(store)
		begin := time.Now()
		c := newConsumer(t, upTo(1), s, fast, events.WithPollInterval(time.Hour))
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() { ended <- c.Run(ctx) }()
		time.Sleep(time.Minute)
		if got, want := c.Status().CursorExpires, begin.Add(events.Retention); !got.Equal(want) {
			t.Errorf("CursorExpires: got %v, want %v", got, want)
		}
		// Where nothing happens the cursor does not expire: a time takes its place, a week before.
		time.Sleep(events.Retention * 3 / 4)
		at, err := s.Load(t.Context())
		if err != nil || at.After != "" || at.Since.Before(begin.Add(20*24*time.Hour)) {
			t.Errorf("got %+v, %v; want a recent time", at, err)
		}
		if got := c.Status().CursorExpires; !got.IsZero() {
			t.Errorf("CursorExpires: got %v, want none", got)
		}
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

func TestCursorThatGoesBackIsRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		requests := 0
		cursors := []string{stubID(1), stubID(2), stubID(3)} // around and around
		w := func(*http.Request) (*http.Response, error) {
			requests++
			return respond(200, list(cursors[(requests-1)%len(cursors)])), nil
		}
		s := new(store)
		var failures []string
		c := newConsumer(t, w, s, fast, events.WithBackoff(time.Minute, time.Minute),
			events.WithErrorFunc(func(err error, _ time.Duration) { failures = append(failures, err.Error()) }))
		if err := runFor(t, c, time.Hour); err != nil {
			t.Errorf("Run: %v", err)
		}
		wantStrings(t, "saved", s.saved, stubID(1), stubID(2), stubID(3))
		const want = `workos/events: after "event_000003": the cursor goes back to "event_000001"`
		if !slices.Contains(failures, want) || requests > 1000 {
			t.Errorf("got %.300q in %d requests, want failures such as %s, and waits", failures, requests, want)
		}
	})
}

func TestEmptyPagesArePaced(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		requests := 0
		w := func(*http.Request) (*http.Response, error) {
			requests++
			return respond(200, list(stubID(requests))), nil
		}
		c := newConsumer(t, w, new(store), fast, events.WithPollInterval(10*time.Second))
		if err := runFor(t, c, 10*time.Minute); err != nil {
			t.Errorf("Run: %v", err)
		}
		if requests < 60 || requests > 75 {
			t.Errorf("got %d requests in 10 minutes, want one each 10s after the first ones", requests)
		}
	})
}
