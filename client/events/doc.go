// Package events holds what happens in a WorkOS environment: the event, the types of its payloads, and the routing of
// events to functions. Package webhook receives the same events by HTTP.
//
//	handler, err := events.Route(
//		events.Type[gen.User]("user.created").Do(welcome),
//		events.Otherwise(ignore),
//	)
package events
