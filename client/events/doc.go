// Package events holds what happens in a WorkOS environment: the event, the types of its payloads, and the routing of
// events to functions. Package webhook receives the same events by HTTP.
//
// Each event type is a constant that knows the Go type of its payload, so that a function for another payload does not
// compile:
//
//	handler, err := events.Route(
//		events.UserCreated.Do(func(ctx context.Context, e *events.Event, user *gen.User) error { … }),
//		events.OrganizationDomainVerified.Do(verified),
//		events.Otherwise(ignore),
//	)
//
// A program links the payloads that it names and no others. An event of a type that this version does not know is one
// like any other: its JSON is there, and a [Type] of your own decodes it.
package events
