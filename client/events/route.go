package events

import (
	"context"
	"errors"
	"fmt"
)

// Handler handles an event. A nil error confirms the event; after any other it is delivered again. Handlers must
// tolerate duplicates, for example after a crash; e.ID identifies them.
type Handler func(ctx context.Context, e *Event) error

// Branch assigns events to a function. [Type.Do] and [Otherwise] return one for [Route].
type Branch struct {
	name    string // of the event type
	rest    bool   // for all types that no other branch names
	handler Handler
}

// Otherwise is the branch for events of types without a branch, including new ones.
func Otherwise(handler Handler) Branch { return Branch{rest: true, handler: handler} }

// Route returns a handler that calls the branch of an event's type:
//
//	handler, err := events.Route(
//		events.UserCreated.Do(func(ctx context.Context, e *events.Event, user *gen.User) error { … }),
//		events.UserDeleted.Do(func(ctx context.Context, e *events.Event, user *gen.User) error { … }),
//		events.Otherwise(func(ctx context.Context, e *events.Event) error { … }),
//	)
//
// Without [Otherwise], events of other types are confirmed and ignored. Route rejects no branches, two branches for one
// type, and a branch without a function. The handler is safe for concurrent use if its branches are.
func Route(branches ...Branch) (Handler, error) {
	if len(branches) == 0 {
		return nil, errors.New("workos/events: Route: no branches")
	}
	var rest Handler
	handlers := make(map[string]Handler, len(branches))
	for _, b := range branches {
		name := b.name
		if b.rest {
			name = "all other types"
		}
		switch {
		case name == "":
			return nil, errors.New("workos/events: Route: branch with an empty event type")
		case b.handler == nil:
			return nil, fmt.Errorf("workos/events: Route: branch for %s has no function", name)
		case b.rest && rest != nil, !b.rest && handlers[name] != nil:
			return nil, fmt.Errorf("workos/events: Route: two branches for %s", name)
		case b.rest:
			rest = b.handler
		default:
			handlers[name] = b.handler
		}
	}
	return func(ctx context.Context, e *Event) error {
		handler := handlers[e.Type]
		if handler == nil {
			handler = rest
		}
		if handler == nil {
			return nil
		}
		return handler(ctx, e)
	}, nil
}
