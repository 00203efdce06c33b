package events_test

import (
	"context"
	"errors"
	"net/http"
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
