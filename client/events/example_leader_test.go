package events_test

import (
	"context"
	"fmt"
	"time"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/client/state"
)

// A consumer that runs on several machines: one of them leads, and another takes over if it ends or hangs.
func ExampleWithLease() {
	var shared state.Store = new(state.Memory) // for several machines one of client/state/postgres or client/state/redis
	store, err := events.NewStateStore(shared, "users")
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := workos.New("sk_test_key")
	if err != nil {
		fmt.Println(err)
		return
	}
	consumer, err := events.NewConsumer(c, store, func(context.Context, *events.Event) error { return nil },
		events.WithLease(shared, "users", 15*time.Second), events.WithEventTimeout(time.Minute))
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()                       // in a program: when it gets a signal
	fmt.Println(consumer.Run(ctx)) // waits for the lease, then consumes
	// Output: <nil>
}
