package webhook

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/seed-f165d83c/workos/client/events"
)

// NewHandler returns an endpoint that verifies deliveries and passes their events to handler, such as one of
// [events.Route]. handler gets the request's context. The endpoint is safe for concurrent use if handler is.
//
// WorkOS repeats a delivery unless the status is 200:
//
//   - 200: handler returned nil, also for types that it ignores.
//   - 400: the signature is missing or malformed, or the body is incomplete or not an event.
//   - 401: the signature does not match, its timestamp is outside the tolerance, or it was replayed.
//   - 405: the method is not POST.
//   - 413: the body exceeds [WithMaxBodyBytes].
//   - 500: handler failed. WorkOS sends the event again, with the same ID.
//
// The response body states the reason in one line, without the error of handler; [WithErrorFunc] receives that. WorkOS
// waits for the response: a handler with slow work should store the event and return.
func NewHandler(verifier *Verifier, handler events.Handler, opts ...HandlerOption) (http.Handler, error) {
	if verifier == nil || handler == nil {
		return nil, errors.New("workos/webhook: NewHandler: verifier or handler is nil")
	}
	endpoint, err := newEndpoint(opts)
	if err != nil {
		return nil, err
	}
	endpoint.serve = func(w http.ResponseWriter, r *http.Request, body []byte) error {
		e, err := verifier.Event(body, signatureOf(r))
		if err != nil {
			return err
		}
		if err := handler(r.Context(), e); err != nil {
			return &handlerError{fmt.Errorf("workos/webhook: handle %s %q: %w", e.Type, e.ID, err)}
		}
		w.WriteHeader(http.StatusOK)
		return nil
	}
	return endpoint, nil
}
