package flags_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/flags"
	"github.com/seed-f165d83c/workos/client/state"
)

// flakyStore fails while down is set, and counts writes.
type flakyStore struct {
	state.Memory

	down   atomic.Bool
	writes atomic.Int64
}

var errDown = errors.New("down")

func (s *flakyStore) Get(ctx context.Context, key string) ([]byte, bool, error) {
	if s.down.Load() {
		return nil, false, errDown
	}
	return s.Memory.Get(ctx, key)
}

func (s *flakyStore) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	if s.down.Load() {
		return false, errDown
	}
	s.writes.Add(1)
	return s.Memory.Add(ctx, key, value, ttl)
}

func (s *flakyStore) Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) (bool, error) {
	if s.down.Load() {
		return false, errDown
	}
	s.writes.Add(1)
	return s.Memory.Swap(ctx, key, old, value, ttl)
}

func stored(t *testing.T, store state.Store) string {
	t.Helper()
	value, _, err := store.Get(t.Context(), "flags/snapshot")
	if err != nil {
		t.Fatal(err)
	}
	return string(value)
}

func TestStoreBootstrapsTheNextProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &state.Memory{}
		server := &api{status: http.StatusOK, body: oneFlag("a", false)}
		first := newRuntime(t, server, flags.WithStore(store))
		stop := run(t, first)
		synctest.Wait()
		server.set(http.StatusOK, oneFlag("a", true))
		time.Sleep(time.Minute)
		stop()

		server.set(0, "")
		second := newRuntime(t, server, flags.WithStore(store))
		stop = run(t, second)
		if err := second.WaitUntilReady(t.Context()); err != nil || !second.IsEnabled(t.Context(), "a", flags.Target{}) {
			t.Errorf("second process: got %v, want the snapshot of the store", err)
		}
		stop()
	})
}

func TestDownStoreStopsNoDecision(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := new(flakyStore)
		store.down.Store(true)
		server := &api{status: http.StatusOK, body: oneFlag("a", true)}
		var errs []string
		r := newRuntime(t, server, flags.WithStore(store),
			flags.WithErrorFunc(func(err error) { errs = append(errs, err.Error()) }))
		stop := run(t, r)
		defer stop()
		if err := r.WaitUntilReady(t.Context()); err != nil || !r.IsEnabled(t.Context(), "a", flags.Target{}) {
			t.Errorf("got %v, want the snapshot of the API", err)
		}
		synctest.Wait()
		if len(errs) != 2 || !strings.Contains(errs[0], "store: down") || !strings.Contains(errs[1], "save the snapshot: down") {
			t.Errorf("errors: got %q, want those of reading and saving", errs)
		}
	})
}

// A snapshot that could not be saved would otherwise be missing, or an old one remain, until a flag changes again.
func TestSnapshotIsSavedOnceTheStoreIsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &flakyStore{}
		server := &api{status: http.StatusOK, body: oneFlag("a", true)}
		stop := run(t, newRuntime(t, server, flags.WithStore(store)))
		defer stop()
		synctest.Wait()
		store.down.Store(true)
		server.set(http.StatusOK, oneFlag("a", false))
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		store.down.Store(false)
		if got := stored(t, store); got != oneFlag("a", true) {
			t.Fatalf("while the store is down: it has %s", got)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := stored(t, store); got != oneFlag("a", false) {
			t.Errorf("once it is back: it has %s, want the present snapshot", got)
		}
		writes := store.writes.Load()
		time.Sleep(time.Hour)
		synctest.Wait()
		if got := store.writes.Load(); got != writes {
			t.Errorf("%d writes of a snapshot that the store has, want none", got-writes)
		}
	})
}

// The process knows a newer snapshot than the store from the start: a file.
func TestSnapshotOfAFileIsSavedOnceConfirmed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &flakyStore{}
		if _, err := store.Add(t.Context(), "flags/snapshot", []byte(oneFlag("a", true)), 0); err != nil {
			t.Fatal(err)
		}
		server := &api{status: http.StatusOK, body: oneFlag("a", false)}
		file := snapshotFile(t, oneFlag("a", false))
		stop := run(t, newRuntime(t, server, flags.WithStore(store), flags.WithBootstrapFile(file)))
		defer stop()
		synctest.Wait()
		if got := stored(t, store); got != oneFlag("a", false) {
			t.Errorf("the store has %s, want the snapshot of the API", got)
		}
	})
}

func TestSnapshotOfTheStoreIsReadOnceItIsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := new(flakyStore)
		store.down.Store(true)
		server := &api{} // cannot be reached
		r := newRuntime(t, server, flags.WithStore(store))
		stop := run(t, r)
		defer stop()
		time.Sleep(time.Minute)
		synctest.Wait()
		if _, ok := r.Flag("a"); ok || r.IsEnabled(t.Context(), "a", flags.Target{}) {
			t.Fatal("got a decision from nowhere")
		}
		if _, err := store.Memory.Add(t.Context(), "flags/snapshot", []byte(oneFlag("a", true)), 0); err != nil {
			t.Fatal(err)
		}
		store.down.Store(false)
		if err := r.WaitUntilReady(t.Context()); err != nil || !r.IsEnabled(t.Context(), "a", flags.Target{}) {
			t.Errorf("got %v, want the snapshot of the store", err)
		}
		if stats := r.Stats(); !stats.LastSuccess.IsZero() || stats.Age != 0 || stats.LastError == nil {
			t.Errorf("got %+v, want no success of a poll", stats)
		}
	})
}

func TestUnreadableSnapshotOfTheStoreIsReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &flakyStore{}
		if _, err := store.Add(t.Context(), "flags/snapshot", []byte("null"), 0); err != nil {
			t.Fatal(err)
		}
		var errs []error
		server := &api{status: http.StatusOK, body: oneFlag("a", true)}
		stop := run(t, newRuntime(t, server, flags.WithStore(store),
			flags.WithErrorFunc(func(err error) { errs = append(errs, err) })))
		defer stop()
		synctest.Wait()
		if got := stored(t, store); got != oneFlag("a", true) || len(errs) != 1 {
			t.Errorf("the store has %s after %v, want the snapshot of the API and one error", got, errs)
		}
	})
}
