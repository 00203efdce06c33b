package state_test

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-f165d83c/workos/client/state"
)

// Do something once among all processes that share a store.
func ExampleStore() {
	ctx := context.Background()
	var store state.Store = new(state.Memory)
	for range 2 {
		first, err := store.Add(ctx, "newsletter/2026-01", nil, 24*time.Hour)
		if err != nil {
			fmt.Println("not sent, as nobody knows whether it was:", err)
			return
		}
		fmt.Println("send:", first)
	}
	// Output:
	// send: true
	// send: false
}

// Update a value that others may update at the same time.
func ExampleStore_swap() {
	ctx := context.Background()
	var store state.Store = new(state.Memory)
	if _, err := store.Add(ctx, "color", []byte("red"), 0); err != nil {
		fmt.Println(err)
		return
	}
	for _, old := range []string{"green", "red"} {
		swapped, err := store.Swap(ctx, "color", []byte(old), []byte("blue"), 0)
		fmt.Println("from", old+":", swapped, err)
	}
	// Output:
	// from green: false <nil>
	// from red: true <nil>
}
