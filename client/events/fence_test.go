package events_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/client/state"
)

// stores are the stores of this package, each empty.
func stores(t *testing.T) map[string]events.Store {
	t.Helper()
	file := newFileStore(t, filepath.Join(t.TempDir(), "checkpoint.json"))
	shared, err := events.NewStateStore(new(state.Memory), "users")
	if err != nil {
		t.Fatalf("NewStateStore: %v", err)
	}
	return map[string]events.Store{"memory": new(events.MemoryStore), "file": file, "state": shared}
}

func TestSaveIsACompareAndSwap(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 2, 3, 4, 5, 6, time.FixedZone("", 3600))
	chain := []events.Checkpoint{
		{}, {Run: "a"}, {Since: at, Run: "a"}, {After: "event_01", Created: at, Run: "a"},
		{After: "event_01", Created: at, Run: "b"},
		{After: "event_01", Created: at, Run: "b", Failing: "event_02", Attempts: 1},
		{After: "event_01", Created: at, Run: "b", Failing: "event_02", Attempts: 2}, {After: "event_02", Run: "b"},
	}
	for name, s := range stores(t) {
		for i, next := range chain[1:] {
			for j, wrong := range chain {
				if j == i || j == i+1 {
					continue
				}
				if err := s.Save(t.Context(), wrong, events.Checkpoint{After: "x"}); !errors.Is(err, events.ErrSuperseded) {
					t.Errorf("%s, at %d: Save from %d: got %v, want ErrSuperseded", name, i, j, err)
				}
			}
			for range 2 { // once more, as after a response that was lost
				if err := s.Save(t.Context(), chain[i], next); err != nil {
					t.Errorf("%s: Save %d: %v", name, i+1, err)
				}
			}
			if got, err := s.Load(t.Context()); err != nil || !got.Equal(next) {
				t.Errorf("%s: got %+v, %v; want %+v", name, got, err, next)
			}
		}
	}
}

func TestOneOfConcurrentSavesWins(t *testing.T) {
	t.Parallel()
	for name, s := range stores(t) {
		var group sync.WaitGroup
		wins := make([]bool, 8)
		for i := range wins {
			group.Go(func() {
				err := s.Save(t.Context(), events.Checkpoint{}, events.Checkpoint{After: "event_01", Run: string(rune('a' + i))})
				wins[i] = err == nil
				if err != nil && !errors.Is(err, events.ErrSuperseded) {
					t.Errorf("%s: %v", name, err)
				}
			})
		}
		group.Wait()
		won := slices.Index(wins, true)
		if won < 0 || slices.Contains(wins[won+1:], true) {
			t.Errorf("%s: got the winners %v, want one", name, wins)
			continue
		}
		if got, err := s.Load(t.Context()); err != nil || got.Run != string(rune('a'+won)) {
			t.Errorf("%s: got %+v, %v; want that of %d", name, got, err, won)
		}
	}
}

// The run that starts last wins. The first one handles at most the event that it is at.
func TestSecondConsumerOfAStoreEndsTheFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := new(store)
		var mu sync.Mutex
		var first, second []string
		handler := func(into *[]string) events.Handler {
			return func(_ context.Context, e *events.Event) error {
				time.Sleep(time.Second)
				mu.Lock()
				defer mu.Unlock()
				*into = append(*into, e.ID)
				return nil
			}
		}
		a := newConsumer(t, upTo(6), s, handler(&first))
		b := newConsumer(t, upTo(6), s, handler(&second))
		ended := make(chan error, 1)
		go func() { ended <- runFor(t, a, time.Hour) }()
		time.Sleep(2500 * time.Millisecond)
		if err := runFor(t, b, 30*time.Minute); err != nil {
			t.Errorf("the second Run: %v", err)
		}
		if err := <-ended; !errors.Is(err, events.ErrSuperseded) {
			t.Errorf("the first Run: got %v, want ErrSuperseded", err)
		}
		mu.Lock()
		defer mu.Unlock()
		wantStrings(t, "first", first, stubID(0), stubID(1), stubID(2))
		wantStrings(t, "second", second, stubID(2), stubID(3), stubID(4), stubID(5))
		wantStrings(t, "saved", s.saved, stubID(0), stubID(1), stubID(2), stubID(3), stubID(4), stubID(5))
		if failed := a.Status(); !errors.Is(failed.LastError, events.ErrSuperseded) || failed.Leading {
			t.Errorf("status of the first: got %+v, want ErrSuperseded", failed)
		}
	})
}

func TestStateStoreRejects(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		store state.Store
		name  string
	}{
		"no store": {nil, "users"}, "no name": {new(state.Memory), ""},
		"a long name": {new(state.Memory), string(make([]byte, state.MaxKey))},
	} {
		if s, err := events.NewStateStore(test.store, test.name); s != nil || err == nil {
			t.Errorf("%s: got %v, %v; want an error", name, s, err)
		}
	}
	memory := new(state.Memory)
	if _, err := memory.Add(t.Context(), "events/checkpoint/users", []byte("{"), 0); err != nil {
		t.Fatal(err)
	}
	s, err := events.NewStateStore(memory, "users")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load(t.Context()); err == nil {
		t.Error("Load of what is no checkpoint: got no error")
	}
	if err := s.Save(t.Context(), events.Checkpoint{}, before()); err == nil || errors.Is(err, events.ErrSuperseded) {
		t.Errorf("Save over what is no checkpoint: got %v, want an error of decoding", err)
	}
}
