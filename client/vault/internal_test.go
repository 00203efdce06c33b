package vault

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestNoncesOfAStreamAreUniqueAndEnd(t *testing.T) {
	seen := map[string]bool{}
	for _, count := range []uint64{0, 1, 255, 256, 1<<16 - 1, 1 << 16, maxChunks - 1} {
		c := chunks{count: count}
		nonce, err := c.nonce()
		if err != nil || len(nonce) != nonceSize || seen[string(nonce)] {
			t.Errorf("chunk %d: got nonce %x, error %v; want %d bytes of its own", count, nonce, err, nonceSize)
		}
		seen[string(nonce)] = true
		if c.count != count+1 {
			t.Errorf("after chunk %d: got %d next, want the one after it", count, c.count)
		}
	}
	c := chunks{count: maxChunks}
	if nonce, err := c.nonce(); !errors.Is(err, ErrTooLarge) || nonce != nil {
		t.Errorf("chunk %d: got nonce %x, error %v; want ErrTooLarge", uint64(maxChunks), nonce, err)
	}
}

func TestDataKeysAreOverwrittenOnceTheyAreUsed(t *testing.T) {
	for name, use := range map[string]func(dataKey) error{
		"to encrypt":  func(k dataKey) error { _, err := k.sealer(); return err },
		"to decrypt":  func(k dataKey) error { _, err := k.opener(nonceSize); return err },
		"in a stream": func(k dataKey) error { _, err := k.stream(make([]byte, saltSize), nil); return err },
	} {
		key := dataKey{plain: bytes.Repeat([]byte{7}, keySize)}
		if err := use(key); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !bytes.Equal(key.plain, make([]byte, keySize)) {
			t.Errorf("%s: got a key that is still there, want zeros", name)
		}
	}
}

// A key that is being fetched, and then refused, takes nobody's place meanwhile.
func TestKeysUnderWayPushNoneOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newKeyring(2, 100, time.Hour)
		fetched := map[string]int{}
		use := func(name string, took time.Duration, err error) {
			if _, failed := r.use(t.Context(), name, func(context.Context) (heldKey, error) {
				fetched[name]++
				time.Sleep(took)
				return heldKey{encrypted: []byte(name)}, err
			}); !errors.Is(failed, err) {
				t.Errorf("%s: got %v, want %v", name, failed, err)
			}
		}
		use("a", 0, nil)
		var wait sync.WaitGroup
		for range 5 {
			wait.Go(func() { use("refused", time.Second, ErrDataKey) })
		}
		synctest.Wait()
		use("b", 0, nil)
		use("a", 0, nil)
		wait.Wait()
		if fetched["a"] != 1 || fetched["refused"] != 5 {
			t.Errorf("fetched %v, want one a, which has its place", fetched)
		}
		use("c", 0, nil)
		use("a", 0, nil)
		if fetched["a"] != 1 || len(r.slots) != 2 || r.order.Len() != 2 || r.busy != 0 {
			t.Errorf("fetched %v, %d places and %d busy; want a and c in 2", fetched, len(r.slots), r.busy)
		}
	})
}

func TestKeysAreLetGoOfAtTheirAge(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newKeyring(10, 5, time.Minute)
		fetch := func(context.Context) (heldKey, error) { return heldKey{encrypted: []byte("key")}, nil }
		for _, name := range []string{"a", "b"} {
			if _, err := r.use(t.Context(), name, fetch); err != nil {
				t.Fatal(err)
			}
			time.Sleep(30 * time.Second)
		}
		for _, want := range []int{1, 0} {
			synctest.Wait()
			r.mu.Lock()
			held := 0
			for _, e := range r.slots {
				if slotOf(e).key.encrypted != nil {
					held++
				}
			}
			r.mu.Unlock()
			if held != want {
				t.Errorf("got %d keys in memory, want %d", held, want)
			}
			time.Sleep(30 * time.Second)
		}
	})
}
