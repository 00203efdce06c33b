// Package events provides the events of a WorkOS environment: the event, the types of payloads, routing to functions by
// type, and a consumer of the list of events. Package webhook receives the same events by HTTP.
//
// # Event types
//
// Each event type is a constant with the Go type of its payload, so that a function for another payload does not
// compile:
//
//	handler, err := events.Route(
//		events.UserCreated.Do(func(ctx context.Context, e *events.Event, user *gen.User) error { … }),
//		events.OrganizationDomainVerified.Do(verified),
//		events.Otherwise(ignore),
//	)
//
// A program links only the payloads that it names. Events of types that this version does not know are delivered with
// their JSON, which a [Type] of your own can decode.
//
// # Consumer
//
// A [Consumer] reads events from a checkpoint on, oldest first, passes one at a time to a [Handler], and saves the
// next checkpoint in a [Store] after the handler succeeds. Each event is handled at least once: after a crash, events
// since the last checkpoint are handled again, with the same IDs. If the store is a [Transactor], the handler changes
// the database in the transaction of the checkpoint, and each event takes effect exactly once: package
// client/state/postgres has one, and examples/events another for SQLite.
//
// An event whose handler fails or panics is retried, and blocks those after it unless [WithDeadLetter] is set. The
// number of its attempts survives restarts, and crashes.
//
// Webhooks arrive sooner, but in any order, possibly several times, and not at all if an endpoint is down for too
// long. A program can use both with one handler that detects duplicates by [Event].ID.
//
// # Several machines
//
// Only one consumer at a time continues from a checkpoint. Saving it is a compare-and-swap: once a second consumer has
// saved, the first one ends with [ErrSuperseded] at its next event. Let several machines run the consumer with
// [WithLease]: one leads, and another takes over if it ends or hangs.
//
// Other elections work too. Kubernetes: package leaderelection of k8s.io/client-go acquires a Lease and calls
// OnStartedLeading with a context that ends when the lease is lost. Call Run with that context, and set
// [WithGracePeriod] below half of the lease's duration.
//
// If one machine cannot keep up, let the handler publish each event to a stream and return once the stream has stored
// it, and consume the stream with as many workers as needed:
//
//   - NATS JetStream: publish to a subject such as workos.<event type>, with e.ID in the header Nats-Msg-Id, by which
//     the stream drops duplicates within its window.
//   - Kafka: use as key what must stay in order, such as the ID of the organization or user, and put e.ID into a header
//     for the workers to detect duplicates.
package events
