package events_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/events"
)

func TestLagTellsHowFarBehindTheConsumerIs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var down, stuck atomic.Bool
		var emitted atomic.Int64
		emitted.Store(2)
		w := func(r *http.Request) (*http.Response, error) {
			if down.Load() {
				return nil, errors.New("connection refused")
			}
			return upTo(int(emitted.Load()))(r)
		}
		c := newConsumer(t, w, new(store), func(context.Context, *events.Event) error {
			if stuck.Load() {
				return errStop
			}
			return nil
		})
		if lag := c.Status().Lag; lag != 0 {
			t.Errorf("lag before Run: got %v, want 0", lag)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- c.Run(ctx) }()
		check := func(what string, least, most time.Duration) {
			t.Helper()
			synctest.Wait()
			if lag := c.Status().Lag; lag < least || lag > most {
				t.Errorf("%s: got a lag of %v, want %v to %v", what, lag, least, most)
			}
		}
		time.Sleep(time.Hour)
		check("after an hour of keeping up", 0, 5*time.Second)
		down.Store(true)
		time.Sleep(time.Hour)
		check("after an hour without the API", time.Hour, time.Hour+5*time.Second)
		down.Store(false)
		time.Sleep(2 * time.Minute)
		check("with the API back", 0, 5*time.Second)
		stuck.Store(true)
		emitted.Store(3)
		time.Sleep(time.Hour)
		check("after an hour with a handler that fails", time.Hour-10*time.Second, time.Hour)
		stuck.Store(false)
		time.Sleep(2 * time.Minute)
		check("with the handler back", 0, 5*time.Second)
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

func TestLagCountsFromTheStartWhereNothingIsAnswered(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := func(*http.Request) (*http.Response, error) { return nil, errors.New("connection refused") }
		c := newConsumer(t, w, new(store), collect(new([]string)))
		if err := runFor(t, c, time.Hour); err != nil {
			t.Errorf("Run: %v", err)
		}
		if lag := c.Status().Lag; lag != time.Hour {
			t.Errorf("got a lag of %v, want an hour", lag)
		}
	})
}

func TestLagCountsFromBeforeTheLastRequest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := func(*http.Request) (*http.Response, error) {
			time.Sleep(10 * time.Second) // what happens meanwhile is not in the answer
			return respond(200, list("")), nil
		}
		c := newConsumer(t, w, new(store), collect(new([]string)), events.WithPollInterval(time.Minute))
		if err := runFor(t, c, 30*time.Second); err != nil {
			t.Errorf("Run: %v", err)
		}
		if lag := c.Status().Lag; lag != 30*time.Second {
			t.Errorf("got a lag of %v, want that since the request", lag)
		}
	})
}

func TestLagOfEventsIsThatOfTheirTimes(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		created string
		age     time.Duration
		want    time.Duration
	}{
		"an hour ago":      {`"created_at"`, -time.Hour, time.Hour},
		"by a fast clock":  {`"created_at"`, time.Hour, 0},
		"without its time": {`"created"`, -time.Hour, time.Minute}, // since Run began
	} {
		synctest.Test(t, func(t *testing.T) {
			var lag time.Duration
			w := func(*http.Request) (*http.Response, error) {
				time.Sleep(time.Minute)
				old := time.Now().UTC().Format(time.RFC3339Nano)
				then := time.Now().Add(test.age).UTC().Format(time.RFC3339Nano)
				return respond(200, strings.NewReplacer(`"created_at"`, test.created, old, then).Replace(list("", 0))), nil
			}
			var c *events.Consumer
			c = newConsumer(t, w, new(store), func(context.Context, *events.Event) error {
				lag = c.Status().Lag
				return nil
			}, events.WithFetchTimeout(time.Hour), events.WithPollInterval(time.Hour))
			if err := runFor(t, c, 2*time.Minute); err != nil {
				t.Errorf("%s: Run: %v", name, err)
			}
			if lag != test.want {
				t.Errorf("%s: got a lag of %v in the handler, want %v", name, lag, test.want)
			}
		})
	}
}

func TestStatusTellsFailuresInARowUntilOneSucceeds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var c *events.Consumer
		var seen []string
		note := func(what string) {
			status := c.Status()
			seen = append(seen, fmt.Sprintf("%s: %d %d %v %s", what, status.Handled, status.Failures, status.LastError,
				status.Checkpoint.After))
		}
		fails := map[string]int{"fetch": 1, "handle": 2, "save": 1}
		failing := func(what string) error {
			note(what)
			if fails[what]--; fails[what] >= 0 {
				return errStop
			}
			return nil
		}
		s := &store{save: func() error { return failing("save") }}
		serve := upTo(2)
		w := func(r *http.Request) (*http.Response, error) {
			if failing("fetch") != nil {
				return respond(500, `{}`), nil
			}
			return serve(r)
		}
		c = newConsumer(t, w, s, func(context.Context, *events.Event) error { return failing("handle") },
			events.WithErrorFunc(func(err error, _ time.Duration) {
				if status := c.Status(); status.Failures == 0 || !errors.Is(status.LastError, err) {
					t.Errorf("told of %v: got the status %+v", err, status)
				}
			}))
		if err := runFor(t, c, 4*time.Second); err != nil {
			t.Errorf("Run: %v", err)
		}
		note("end")
		handle := `workos/events: handle group.member_added "event_000000": stop`
		want := []string{
			"fetch: 0 0 <nil> ",
			"fetch: 0 0 <nil> ", // the client's own second attempt
			"handle: 0 0 <nil> ",
			"handle: 0 1 " + handle + " ",
			"handle: 0 2 " + handle + " ",
			"save: 1 0 <nil> ",
			"save: 1 1 workos/events: save the checkpoint: stop ",
			"handle: 1 0 <nil> event_000000",
			"save: 2 0 <nil> event_000000",
			"end: 2 0 <nil> event_000001",
		}
		wantStrings(t, "status", seen, want...)
	})
}

// After an empty answer, too, the failures before it are over.
func TestEmptyListEndsTheFailures(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		answers, failures := 0, 0
		w := func(*http.Request) (*http.Response, error) {
			if answers++; answers == 1 {
				return respond(200, "{"), nil
			}
			return respond(200, list("")), nil
		}
		c := newConsumer(t, w, new(store), collect(new([]string)),
			events.WithErrorFunc(func(error, time.Duration) { failures++ }))
		if err := runFor(t, c, time.Minute); err != nil {
			t.Errorf("Run: %v", err)
		}
		if status := c.Status(); failures != 1 || status.Failures != 0 || status.LastError != nil {
			t.Errorf("got %d failures and the status %+v, want one that is over", failures, status)
		}
	})
}

// The start is told, and saved, before the first request.
func TestStatusTellsTheStart(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for name, test := range map[string]struct {
		saved events.Checkpoint
		opt   events.Option
		want  events.Checkpoint
	}{
		"a time":       {events.Checkpoint{}, events.WithStartTime(start), events.Checkpoint{Since: start}},
		"an event":     {events.Checkpoint{}, events.WithStartAfter("event_01"), events.Checkpoint{After: "event_01"}},
		"a checkpoint": {events.Checkpoint{After: "e"}, events.WithStartAfter("event_01"), events.Checkpoint{After: "e"}},
		"none":         {events.Checkpoint{}, events.WithPageSize(1), events.Checkpoint{}},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := new(store)
			if err := save(t, &s.MemoryStore, test.saved); err != nil {
				t.Fatalf("Save: %v", err)
			}
			var c *events.Consumer
			var told, kept events.Checkpoint
			w := func(r *http.Request) (*http.Response, error) {
				told = c.Status().Checkpoint
				kept, _ = s.MemoryStore.Load(r.Context())
				return respond(200, list("")), nil
			}
			c = newConsumer(t, w, s, collect(new([]string)), test.opt)
			if err := runFor(t, c, time.Second); err != nil {
				t.Errorf("%s: Run: %v", name, err)
			}
			if position(told) != test.want || position(kept) != test.want {
				t.Errorf("%s: got %+v, and %+v saved; want %+v", name, told, kept, test.want)
			}
			if saves := len(s.saved); saves > 1 || saves == 1 && test.saved == test.want {
				t.Errorf("%s: it was saved %d times", name, saves)
			}
		})
	}
}
