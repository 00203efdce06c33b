package events_test

import (
	"context"
	"fmt"
	"net/http"
	"os/signal"
	"syscall"
	"time"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
)

// One function for each event type; the compiler holds it to the type's payload.
func ExampleRoute() {
	handler, err := events.Route(
		events.UserCreated.Do(func(_ context.Context, e *events.Event, user *workos.User) error {
			fmt.Println(e.ID, "user", user.Email)
			return nil
		}),
		events.Otherwise(func(_ context.Context, e *events.Event) error {
			fmt.Println(e.ID, "is", e.Type)
			return nil
		}),
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, text := range []string{anEvent, `{"id":"event_02","event":"a.type.to.come","data":{}}`} {
		e, err := events.Parse([]byte(text))
		if err != nil {
			fmt.Println(err)
			return
		}
		if err := handler(context.Background(), e); err != nil {
			fmt.Println(err)
		}
	}
	// Output:
	// event_01 user ada@example.com
	// event_02 is a.type.to.come
}

// Without a route: by a switch.
func ExampleType_Data() {
	e, err := events.Parse([]byte(anEvent))
	if err != nil {
		fmt.Println(err)
		return
	}
	switch e.Type {
	case string(events.UserCreated):
		user, err := events.UserCreated.Data(e)
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("new:", user.Email)
	case string(events.UserDeleted):
		fmt.Println("gone")
	}
	// Output: new: ada@example.com
}

// A type that this version of the package does not know, with a payload of your own.
func ExampleType() {
	type Renaming struct {
		From string `json:"from"`
		To   string `json:"to"`
	}
	const renamed events.Type[Renaming] = "organization.renamed"

	e, err := events.Parse([]byte(`{"id":"event_03","event":"organization.renamed","data":{"from":"A","to":"B"}}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	renaming, err := renamed.Data(e)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(renaming.From, "is now", renaming.To)
	// Output: A is now B
}

// A consumer that goes on from its checkpoint whenever the program is started, and stops in good order on SIGTERM.
func ExampleConsumer() {
	c, err := workos.New("sk_test_key", workos.WithHTTPClient(eventsAPI()))
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	handler := func(_ context.Context, e *events.Event) error {
		fmt.Println("done:", e.ID)
		if e.ID == "event_000002" {
			stop() // as the signal would
		}
		return nil
	}
	store := new(events.MemoryStore) // or events.NewFileStore, or one of your own in a database
	consumer, err := events.NewConsumer(c, store, handler,
		events.WithTypes(events.GroupMemberAdded),
		events.WithStartTime(time.Now().Add(-time.Hour)),
		events.WithErrorFunc(func(err error, wait time.Duration) { fmt.Println(err, "- again in", wait) }))
	if err != nil {
		fmt.Println(err)
		return
	}
	if err := consumer.Run(ctx); err != nil {
		fmt.Println(err)
	}
	fmt.Println("checkpoint:", consumer.Status().Checkpoint.After)
	// Output:
	// done: event_000000
	// done: event_000001
	// done: event_000002
	// checkpoint: event_000002
}

// How far a consumer is behind, for a gauge or a health check.
func ExampleConsumer_Status() {
	healthy := func(consumer *events.Consumer) bool {
		status := consumer.Status()
		fmt.Printf("lag %v, %d failures in a row, last: %v\n", status.Lag, status.Failures, status.LastError)
		return status.Lag < time.Minute
	}
	fmt.Println(healthy(new(events.Consumer)))
	// Output:
	// lag 0s, 0 failures in a row, last: <nil>
	// true
}

// eventsAPI stands for the API in the example.
func eventsAPI() *http.Client { return &http.Client{Transport: upTo(5)} }
