package webhook

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/seed-f165d83c/workos/client/events"
)

// NewHandler returns an endpoint that verifies deliveries and hands their events to handler, such as [events.Route]
// makes. It is safe for concurrent use as far as handler is, which gets the request's context.
//
// Its answers decide what WorkOS sends again, as it repeats whatever is not answered with 200:
//
//   - 200: handler returned nil, also for a type that it has nothing to do for. The event is done.
//   - 400: the signature is missing or malformed, or the body is cut off or no event.
//   - 401: the signature does not match, its time is off, or it is replayed.
//   - 405: the method is not POST.
//   - 413: the body is larger than [WithMaxBodyBytes].
//   - 500: handler failed. The event comes again, with the same ID.
//
// An answer tells why in one line of text, but of a failure of handler only that there was one; [WithErrorFunc] gets
// it all. WorkOS waits for the answer: a handler with much to do stores the event and returns.
func NewHandler(verifier *Verifier, handler events.Handler, opts ...HandlerOption) (http.Handler, error) {
	if verifier == nil || handler == nil {
		return nil, errors.New("workos webhook: NewHandler needs a verifier and a handler")
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
			return &handlerError{fmt.Errorf("workos webhook: handle %s %q: %w", e.Type, e.ID, err)}
		}
		w.WriteHeader(http.StatusOK)
		return nil
	}
	return endpoint, nil
}
