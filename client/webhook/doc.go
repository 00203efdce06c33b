// Package webhook receives what WorkOS sends to your server: events by webhook, and actions, which ask whether a user
// may sign in or register.
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
// # What is checked
//
// The signature in the header [HeaderName] over the bytes of the body, in constant time, then how far its time is from
// the clock, in both directions. Each reason to refuse has an error of its own, such as [ErrTimestampTooOld]. A server
// with a router of its own calls [Verifier.Event] or [Verifier.Verify] with the body that it has read.
//
// # Changing the secret
//
// A verifier takes a second secret with [WithPreviousSecret]. Action answers are signed with that of the two which the
// request was signed with.
//
// # Events come more than once
//
// WorkOS repeats a delivery that was not answered with 200, in any order with others, so a handler must bear to see an
// event twice: it remembers the event's ID in the transaction that does the work. What never comes, because an endpoint
// was down for days, can be read from the list of events: package events has a consumer.
//
// # Tests
//
// [Sign] makes the header for a body, as WorkOS would:
//
//	request.Header.Set(webhook.HeaderName, webhook.Sign(body, secret, time.Now()))
package webhook
