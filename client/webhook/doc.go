// Package webhook receives requests of WorkOS: events by webhook, and actions, which ask whether a user may sign in
// or register.
//
//	verifier, err := webhook.NewVerifier(os.Getenv("WORKOS_WEBHOOK_SECRET"))
//	if err != nil {
//		return err
//	}
//	handle, err := events.Route(events.UserCreated.Do(welcome))
//	if err != nil {
//		return err
//	}
//	endpoint, err := webhook.NewHandler(verifier, handle)
//	if err != nil {
//		return err
//	}
//	http.Handle("/webhooks/workos", endpoint)
//
// # Verification
//
// A verifier checks the signature of the body in the header [HeaderName], in constant time, then the distance between
// its timestamp and the clock in both directions. Each failure has its own error, such as [ErrTimestampTooOld]. A
// server with its own routing calls [Verifier.Event] or [Verifier.Verify] with the body that it has read.
//
// # Changing the secret
//
// [WithPreviousSecret] adds a second secret. The response to an action is signed with the secret that signed the
// request.
//
// # Duplicates and replays
//
// WorkOS repeats a delivery until the response is 200, in any order with others. Handlers must tolerate duplicates:
// wrap them in [Once], or store the event's ID in the transaction that does the work. Events that never arrive, because
// an endpoint was down for days, can be read from the list of events: package events has a consumer.
//
// A request that somebody captured is accepted again within the tolerance, unless the endpoint has [WithReplayCheck].
// An endpoint for events with Once needs it less: a replayed event has the ID of the first. One for actions has no
// other protection, and would sign a second response.
//
// # Tests
//
// [Sign] returns the header that WorkOS would send:
//
//	request.Header.Set(webhook.HeaderName, webhook.Sign(body, secret, time.Now()))
package webhook
