// Package events holds what happens in a WorkOS environment: the event, the types of its payloads, the routing of
// events to functions, and a consumer of the list of events that loses none. Package webhook receives the same events
// by HTTP.
//
// # Events and their types
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
//
// # The consumer
//
// A [Consumer] asks for events from a checkpoint on, oldest first, hands one after the other to a [Handler], and saves
// the next checkpoint in a [Store] once that has done it. An event is done at least once: after a crash those since the
// last checkpoint come again, with the same IDs. Where the store is the database that the handler changes, the
// checkpoint goes into the same transaction, and each event has its effect exactly once; examples/events is a program
// that does so.
//
// Webhooks come at once, but in any order, more than once, and not at all if an endpoint is down for too long. A
// program may have both, with one handler that tells duplicates by [Event].ID.
//
// # More than one machine
//
// The order of events is worth something only if one consumer at a time goes on from a checkpoint. Two that do, for a
// moment, do the same events twice, which a handler must bear anyway. So for a program that runs on several machines
// there is nothing to add but an election, and engines for that are at hand.
//
// PostgreSQL, where the program has one: the session that holds an advisory lock leads, and the lock goes to another
// when that session ends. The example of the package called Leader has the code.
//
// Kubernetes: package leaderelection of k8s.io/client-go holds a Lease, and calls OnStartedLeading with a context that
// ends when the lease is lost: call Run with it, and set [WithGracePeriod] below half of the lease's duration.
//
// If one machine cannot keep up with the work, it still can with passing it on: let the handler publish each event to a
// stream and return once the stream has taken it, and let as many workers as needed consume that.
//
//   - NATS JetStream: publish to a subject such as workos.<event type>, with e.ID in the header Nats-Msg-Id, by which
//     the stream drops duplicates of the last minutes.
//   - Kafka: key the record by what must stay in order, such as the ID of the organization or user, and put e.ID into a
//     header for the workers to tell duplicates by.
package events
