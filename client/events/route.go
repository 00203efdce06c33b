package events

import (
	"context"
	"errors"
	"fmt"
)

// Handler does what an event asks for. A nil error says that it is done, which a delivery or a checkpoint then
// confirms; after any other the event comes again. It will also come again after a crash, so a handler must bear to
// see an event twice, which e.ID tells.
type Handler func(ctx context.Context, e *Event) error

// Branch is one way that [Route] can send an event: [Type.Do] or [Otherwise] makes it.
type Branch struct {
	name    string // of the event type
	rest    bool   // for all types that no other branch names
	handler Handler
}

// Otherwise is the branch for events whose type no other branch names, new ones of WorkOS among them.
func Otherwise(handler Handler) Branch { return Branch{rest: true, handler: handler} }

// Route makes one handler of several, by event type:
//
//	handler, err := events.Route(
//		events.UserCreated.Do(func(ctx context.Context, e *events.Event, user *gen.User) error { … }),
//		events.UserDeleted.Do(func(ctx context.Context, e *events.Event, user *gen.User) error { … }),
//		events.Otherwise(func(ctx context.Context, e *events.Event) error { … }),
//	)
//
// Without [Otherwise], events of other types are done as they come. Two branches for one type, or one without a
// function, are an error, as is no branch at all. The handler is safe for concurrent use as far as its branches are.
func Route(branches ...Branch) (Handler, error) {
	if len(branches) == 0 {
		return nil, errors.New("workos events: no branch is given")
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
			return nil, errors.New("workos events: a branch is for an event type without a name")
		case b.handler == nil:
			return nil, fmt.Errorf("workos events: the branch for %s has no function", name)
		case b.rest && rest != nil, !b.rest && handlers[name] != nil:
			return nil, fmt.Errorf("workos events: two branches are for %s", name)
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
