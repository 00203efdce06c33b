package events_test

import (
	"context"
	"fmt"

	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/gen"
)

// One function for each event type; the compiler holds it to the type's payload.
func ExampleRoute() {
	handler, err := events.Route(
		events.UserCreated.Do(func(_ context.Context, e *events.Event, user *gen.User) error {
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
