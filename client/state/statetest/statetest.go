// Package statetest tests implementations of [state.Store]:
//
//	func TestStore(t *testing.T) {
//		statetest.Run(t, statetest.Subject{Open: func(t *testing.T) state.Store { return newStore(t) }})
//	}
package statetest

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/state"
)

// Subject is an implementation under test.
type Subject struct {
	// Open returns a store without keys. Each test calls it once.
	Open func(t *testing.T) state.Store
	// Wait returns after the clock of the opened stores has advanced by at least d. The default, for nil, is
	// [time.Sleep], for stores with a clock that cannot be set. Waits are at most a few milliseconds.
	Wait func(d time.Duration)
}

// Run tests the store in subtests. It needs no more than a few megabytes in the store.
func Run(t *testing.T, s Subject) {
	t.Helper()
	if s.Wait == nil {
		s.Wait = time.Sleep
	}
	for name, test := range map[string]func(*testing.T, Subject, state.Store){
		"add stores a key once":                 addOnce,
		"swap replaces the expected value":      swap,
		"delete removes a key":                  deletes,
		"keys expire":                           expire,
		"swap sets a new expiry":                swapExpiry,
		"a ttl of 0 never expires":              never,
		"keys and values have any bytes":        anyBytes,
		"values are copied":                     copies,
		"arguments outside limits are rejected": limits,
		"an ended context is an error":          endedContext,
		"one concurrent add wins":               concurrentAdds,
		"concurrent swaps lose no update":       concurrentSwaps,
	} {
		t.Run(name, func(t *testing.T) { test(t, s, s.Open(t)) })
	}
}

const (
	long  = time.Hour
	short = 2 * time.Millisecond
)

func add(t *testing.T, store state.Store, key, value string, ttl time.Duration, want bool) {
	t.Helper()
	if added, err := store.Add(t.Context(), key, []byte(value), ttl); added != want || err != nil {
		t.Errorf("Add %.20q: got %t, %v; want %t", key, added, err, want)
	}
}

func swaps(t *testing.T, store state.Store, key, old, value string, ttl time.Duration, want bool) {
	t.Helper()
	if swapped, err := store.Swap(t.Context(), key, []byte(old), []byte(value), ttl); swapped != want || err != nil {
		t.Errorf("Swap %.20q from %.20q: got %t, %v; want %t", key, old, swapped, err, want)
	}
}

func has(t *testing.T, store state.Store, key, want string) {
	t.Helper()
	if value, ok, err := store.Get(t.Context(), key); string(value) != want || !ok || err != nil {
		t.Errorf("Get %.20q: got %.20q, %t, %v; want %.20q", key, value, ok, err, want)
	}
}

func lacks(t *testing.T, store state.Store, key string) {
	t.Helper()
	if value, ok, err := store.Get(t.Context(), key); len(value) > 0 || ok || err != nil {
		t.Errorf("Get %.20q: got %.20q, %t, %v; want nothing", key, value, ok, err)
	}
}

func addOnce(t *testing.T, _ Subject, store state.Store) {
	t.Helper()
	lacks(t, store, "key")
	add(t, store, "key", "first", long, true)
	add(t, store, "key", "second", long, false)
	add(t, store, "key", "first", long, false)
	has(t, store, "key", "first")
	lacks(t, store, "ke")
	lacks(t, store, "key ")
	lacks(t, store, "KEY")
}

func swap(t *testing.T, _ Subject, store state.Store) {
	t.Helper()
	swaps(t, store, "key", "", "value", long, false)
	lacks(t, store, "key")
	add(t, store, "key", "a", long, true)
	add(t, store, "other", "a", long, true)
	for _, wrong := range []string{"", "b", "A", "a ", "aa"} {
		swaps(t, store, "key", wrong, "c", long, false)
	}
	has(t, store, "key", "a")
	swaps(t, store, "key", "a", "b", long, true)
	swaps(t, store, "key", "a", "c", long, false)
	swaps(t, store, "key", "b", "b", long, true)
	swaps(t, store, "key", "b", "", long, true)
	has(t, store, "key", "")
	swaps(t, store, "key", "", "d", long, true)
	has(t, store, "key", "d")
	has(t, store, "other", "a")
}

func deletes(t *testing.T, _ Subject, store state.Store) {
	t.Helper()
	add(t, store, "key", "a", long, true)
	add(t, store, "other", "b", long, true)
	for range 2 { // the second finds none
		if err := store.Delete(t.Context(), "key"); err != nil {
			t.Errorf("Delete: %v", err)
		}
		lacks(t, store, "key")
	}
	swaps(t, store, "key", "a", "b", long, false)
	add(t, store, "key", "c", long, true)
	has(t, store, "key", "c")
	has(t, store, "other", "b")
}

func expire(t *testing.T, s Subject, store state.Store) {
	t.Helper()
	add(t, store, "stays", "a", long, true)
	for _, key := range []string{"got", "added", "swapped", "deleted"} {
		add(t, store, key, "a", short, true)
	}
	add(t, store, "instant", "a", 1, true) // a nanosecond is not 0, which would be forever
	s.Wait(2 * short)
	lacks(t, store, "instant")
	lacks(t, store, "got")
	add(t, store, "added", "b", long, true)
	has(t, store, "added", "b")
	swaps(t, store, "swapped", "a", "b", long, false)
	lacks(t, store, "swapped")
	if err := store.Delete(t.Context(), "deleted"); err != nil {
		t.Errorf("Delete: %v", err)
	}
	has(t, store, "stays", "a")
}

func swapExpiry(t *testing.T, s Subject, store state.Store) {
	t.Helper()
	add(t, store, "shorter", "a", long, true)
	add(t, store, "kept", "a", 0, true)
	add(t, store, "refused", "a", long, true)
	swaps(t, store, "shorter", "a", "b", short, true)
	swaps(t, store, "kept", "a", "b", 0, true)
	swaps(t, store, "refused", "b", "c", short, false)
	s.Wait(2 * short)
	lacks(t, store, "shorter")
	has(t, store, "kept", "b")
	has(t, store, "refused", "a")
}

func never(t *testing.T, s Subject, store state.Store) {
	t.Helper()
	add(t, store, "added", "a", 0, true)
	add(t, store, "swapped", "a", long, true)
	swaps(t, store, "swapped", "a", "b", 0, true)
	s.Wait(2 * short)
	has(t, store, "added", "a")
	has(t, store, "swapped", "b")
	add(t, store, "added", "b", long, false)
}

func anyBytes(t *testing.T, _ Subject, store state.Store) {
	t.Helper()
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	values := map[string]string{
		string(every):                           string(every),
		strings.Repeat("k", state.MaxKey):       strings.Repeat("v", state.MaxValue),
		strings.Repeat("k", state.MaxKey-1):     "\x00",
		"\x00":                                  "\xff\xfe",
		"a\x00":                                 "",
		"a":                                     "\n",
		"é":                                     "composed",
		"e\u0301":                               "decomposed",
		`{"a":1}`:                               `null`,
		"%s'; DROP TABLE state; --\\":           `\x41`,
		"*":                                     "glob",
		strings.Repeat("\xff", state.MaxKey):    "no UTF-8",
		strings.Repeat("\xff", state.MaxKey-10): "shorter",
	}
	for key, value := range values {
		add(t, store, key, value, long, true)
	}
	for key, value := range values {
		has(t, store, key, value)
		swaps(t, store, key, value, "new"+value[:min(len(value), 10)], long, true)
	}
	for key, value := range values {
		has(t, store, key, "new"+value[:min(len(value), 10)])
	}
}

func copies(t *testing.T, _ Subject, store state.Store) {
	t.Helper()
	value := []byte("value")
	if added, err := store.Add(t.Context(), "key", value, long); !added || err != nil {
		t.Fatalf("Add: got %t, %v", added, err)
	}
	value[0] = 'X'
	has(t, store, "key", "value")
	got, _, err := store.Get(t.Context(), "key")
	if err != nil || len(got) == 0 {
		t.Fatalf("Get: got %q, %v", got, err)
	}
	got[0] = 'Y'
	has(t, store, "key", "value")
	next := []byte("next")
	if swapped, err := store.Swap(t.Context(), "key", []byte("value"), next, long); !swapped || err != nil {
		t.Fatalf("Swap: got %t, %v", swapped, err)
	}
	next[0] = 'Z'
	has(t, store, "key", "next")
	if added, err := store.Add(t.Context(), "nil", nil, long); !added || err != nil {
		t.Errorf("Add nil: got %t, %v", added, err)
	}
	has(t, store, "nil", "")
	if swapped, err := store.Swap(t.Context(), "nil", nil, nil, long); !swapped || err != nil {
		t.Errorf("Swap nil: got %t, %v", swapped, err)
	}
}

func limits(t *testing.T, _ Subject, store state.Store) {
	t.Helper()
	ctx := t.Context()
	add(t, store, "key", "a", long, true)
	large := make([]byte, state.MaxValue+1)
	rejected := func(what string, did bool, err error) {
		t.Helper()
		if did || !errors.Is(err, state.ErrInvalid) {
			t.Errorf("%s: got %t, %v; want ErrInvalid", what, did, err)
		}
	}
	for what, key := range map[string]string{
		"an empty key": "", "a long key": strings.Repeat("k", state.MaxKey+1),
	} {
		added, err := store.Add(ctx, key, nil, long)
		rejected("Add of "+what, added, err)
		_, ok, err := store.Get(ctx, key)
		rejected("Get of "+what, ok, err)
		swapped, err := store.Swap(ctx, key, nil, nil, long)
		rejected("Swap of "+what, swapped, err)
		rejected("Delete of "+what, false, store.Delete(ctx, key))
	}
	added, err := store.Add(ctx, "new", large, long)
	rejected("Add of a large value", added, err)
	added, err = store.Add(ctx, "new", nil, -1)
	rejected("Add with a negative ttl", added, err)
	lacks(t, store, "new")
	swapped, err := store.Swap(ctx, "key", []byte("a"), large, long)
	rejected("Swap of a large value", swapped, err)
	swapped, err = store.Swap(ctx, "key", []byte("a"), nil, -1)
	rejected("Swap with a negative ttl", swapped, err)
	has(t, store, "key", "a")
	swapped, err = store.Swap(ctx, "key", large, nil, long) // what no key can have is no match
	if swapped || err != nil && !errors.Is(err, state.ErrInvalid) {
		t.Errorf("Swap from a large value: got %t, %v; want false", swapped, err)
	}
	has(t, store, "key", "a")
}

func endedContext(t *testing.T, _ Subject, store state.Store) {
	t.Helper()
	add(t, store, "key", "a", long, true)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if added, err := store.Add(ctx, "new", nil, long); added || !errors.Is(err, context.Canceled) {
		t.Errorf("Add: got %t, %v; want context.Canceled", added, err)
	}
	if _, ok, err := store.Get(ctx, "key"); ok || !errors.Is(err, context.Canceled) {
		t.Errorf("Get: got %t, %v; want context.Canceled", ok, err)
	}
	if swapped, err := store.Swap(ctx, "key", []byte("a"), nil, long); swapped || !errors.Is(err, context.Canceled) {
		t.Errorf("Swap: got %t, %v; want context.Canceled", swapped, err)
	}
	if err := store.Delete(ctx, "key"); !errors.Is(err, context.Canceled) {
		t.Errorf("Delete: got %v, want context.Canceled", err)
	}
	lacks(t, store, "new")
	has(t, store, "key", "a")
}
