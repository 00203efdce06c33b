package statetest

import (
	"bytes"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/seed-f165d83c/workos/client/state"
)

const callers = 16

func concurrentAdds(t *testing.T, _ Subject, store state.Store) {
	t.Helper()
	const keys = 20
	var wins [keys]atomic.Int64
	var group sync.WaitGroup
	for caller := range callers {
		group.Go(func() {
			for key := range keys {
				value := []byte(strconv.Itoa(caller))
				added, err := store.Add(t.Context(), strconv.Itoa(key), value, long)
				if err != nil {
					t.Errorf("Add: %v", err)
				}
				if !added {
					continue
				}
				wins[key].Add(1)
				if got, ok, err := store.Get(t.Context(), strconv.Itoa(key)); !bytes.Equal(got, value) || !ok || err != nil {
					t.Errorf("Get after Add: got %q, %t, %v; want %q", got, ok, err, value)
				}
			}
		})
	}
	group.Wait()
	for key := range keys {
		if got := wins[key].Load(); got != 1 {
			t.Errorf("key %d was added %d times, want once", key, got)
		}
	}
}

func concurrentSwaps(t *testing.T, _ Subject, store state.Store) {
	t.Helper()
	const each = 10
	add(t, store, "counter", "0", long, true)
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			for done := 0; done < each; {
				old, ok, err := store.Get(t.Context(), "counter")
				n, parseErr := strconv.Atoi(string(old))
				if !ok || err != nil || parseErr != nil {
					t.Errorf("Get: got %q, %t, %v", old, ok, err)
					return
				}
				swapped, err := store.Swap(t.Context(), "counter", old, []byte(strconv.Itoa(n+1)), long)
				if err != nil {
					t.Errorf("Swap: %v", err)
					return
				}
				if swapped {
					done++
				}
			}
		})
	}
	group.Wait()
	has(t, store, "counter", strconv.Itoa(callers*each))
}
