package state_test

import (
	"errors"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/state"
	"github.com/seed-f165d83c/workos/client/state/statetest"
)

// clock is a time that only a test advances.
type clock struct{ nanoseconds atomic.Int64 }

func (c *clock) now() time.Time          { return time.Unix(1_800_000_000, c.nanoseconds.Load()) }
func (c *clock) advance(d time.Duration) { c.nanoseconds.Add(int64(d)) }

func TestMemory(t *testing.T) {
	var c clock
	statetest.Run(t, statetest.Subject{
		Open: func(*testing.T) state.Store { return &state.Memory{Now: c.now} },
		Wait: c.advance,
	})
}

func TestZeroMemoryHasTheTimeOfTheSystem(t *testing.T) {
	statetest.Run(t, statetest.Subject{Open: func(*testing.T) state.Store { return new(state.Memory) }})
}

func mustAdd(t *testing.T, m *state.Memory, key, value string, ttl time.Duration) {
	t.Helper()
	if added, err := m.Add(t.Context(), key, []byte(value), ttl); !added || err != nil {
		t.Fatalf("Add %s: got %t, %v", key, added, err)
	}
}

func TestMemoryExpiresToTheNanosecond(t *testing.T) {
	var c clock
	m := &state.Memory{Now: c.now}
	mustAdd(t, m, "key", "a", time.Minute)
	c.advance(time.Minute - 1)
	if _, ok, err := m.Get(t.Context(), "key"); !ok || err != nil {
		t.Errorf("before the ttl: got %t, %v; want the key", ok, err)
	}
	c.advance(1)
	if _, ok, err := m.Get(t.Context(), "key"); ok || err != nil {
		t.Errorf("after the ttl: got %t, %v; want nothing", ok, err)
	}
}

func TestFullMemoryRefusesAndForgetsNothing(t *testing.T) {
	for name, test := range map[string]struct {
		m   *state.Memory
		key string // for which the store has no room
	}{
		"entries": {m: &state.Memory{MaxEntries: 3}, key: "d"},
		"bytes":   {m: &state.Memory{MaxBytes: 3 * 11}, key: "d"},
	} {
		t.Run(name, func(t *testing.T) {
			var c clock
			test.m.Now = c.now
			for i, key := range []string{"a", "b", "c"} {
				mustAdd(t, test.m, key, "0123456789", time.Duration(3-i)*time.Minute)
			}
			if added, err := test.m.Add(t.Context(), test.key, nil, time.Hour); added || !errors.Is(err, state.ErrFull) {
				t.Errorf("Add: got %t, %v; want ErrFull", added, err)
			}
			if added, err := test.m.Add(t.Context(), "a", nil, time.Hour); added || err != nil {
				t.Errorf("Add of a key that is there: got %t, %v; want false", added, err)
			}
			swapped, err := test.m.Swap(t.Context(), "b", []byte("0123456789"), []byte("9876543210"), 2*time.Minute)
			if !swapped || err != nil {
				t.Errorf("Swap for a value of the same length: got %t, %v; want true", swapped, err)
			}
			for _, key := range []string{"a", "b", "c"} {
				if _, ok, err := test.m.Get(t.Context(), key); !ok || err != nil {
					t.Errorf("Get %s: got %t, %v; want the key", key, ok, err)
				}
			}
			c.advance(time.Minute) // c, which was added last, expires first
			mustAdd(t, test.m, test.key, "", time.Hour)
			if _, ok, _ := test.m.Get(t.Context(), "c"); ok {
				t.Error("Get c: got an expired key")
			}
			if err := test.m.Delete(t.Context(), "a"); err != nil {
				t.Errorf("Delete: %v", err)
			}
			mustAdd(t, test.m, "e", "", time.Hour)
		})
	}
}

func TestSwapWithoutRoomKeepsTheOldValue(t *testing.T) {
	var c clock
	m := &state.Memory{MaxBytes: 10, Now: c.now}
	mustAdd(t, m, "key", "old", time.Minute)
	swapped, err := m.Swap(t.Context(), "key", []byte("old"), []byte("12345678"), time.Hour)
	if swapped || !errors.Is(err, state.ErrFull) {
		t.Errorf("Swap: got %t, %v; want ErrFull", swapped, err)
	}
	if value, ok, err := m.Get(t.Context(), "key"); string(value) != "old" || !ok || err != nil {
		t.Errorf("Get: got %q, %t, %v; want old", value, ok, err)
	}
	c.advance(time.Minute)
	if _, ok, _ := m.Get(t.Context(), "key"); ok {
		t.Error("the old value has lost its expiry")
	}
}

// Whatever the order of expiry, what has expired leaves room and what has not stays.
func TestMemoryReleasesWhatExpires(t *testing.T) {
	var c clock
	m := &state.Memory{MaxEntries: 1000, Now: c.now}
	for round := range 3 {
		for i := range 1000 {
			mustAdd(t, m, strconv.Itoa(i*7919%1000), strconv.Itoa(round), time.Duration(i%10+1)*time.Second)
		}
		for second := range 10 {
			c.advance(time.Second)
			left := 0
			for i := range 1000 {
				if _, ok, _ := m.Get(t.Context(), strconv.Itoa(i)); ok {
					left++
				}
			}
			if want := 900 - 100*second; left != want {
				t.Errorf("round %d, after %d s: got %d keys, want %d", round, second+1, left, want)
			}
		}
	}
}

func BenchmarkMemoryAdd(b *testing.B) {
	var c clock
	m := &state.Memory{Now: c.now}
	value := make([]byte, 100)
	for i := 0; b.Loop(); i++ {
		c.advance(time.Millisecond)
		if _, err := m.Add(b.Context(), strconv.Itoa(i), value, time.Minute); err != nil {
			b.Fatal(err)
		}
	}
}
