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
//   - 500: handler failed. WorkOS sends the event again, with the same ID. See [WithDeadLetter] and [Once].
//   - 503: the store of [WithReplayCheck] is not available.
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
		e, request, err := verifier.event(body, signatureOf(r))
		if err != nil {
			return err
		}
		return endpoint.once(r, request, func() (bool, error) {
			if err := handler(r.Context(), e); err != nil {
				return endpoint.fail(w, r, e, fmt.Errorf("workos/webhook: handle %s %q: %w", e.Type, e.ID, err))
			}
			w.WriteHeader(http.StatusOK)
			return true, nil
		})
	}
	return endpoint, nil
}

// fail responds to the failure of a handler, or returns it. done is whether the event is given up.
func (e *endpoint) fail(w http.ResponseWriter, r *http.Request, event *events.Event, err error) (done bool, _ error) {
	if e.deadLetter == nil || !errors.Is(err, events.ErrMalformedData) {
		return false, &handlerError{err}
	}
	if failed := e.deadLetter(r.Context(), event, err); failed != nil {
		return false, &handlerError{fmt.Errorf("%w; dead letter: %w", err, failed)}
	}
	w.WriteHeader(e.deadStatus)
	e.onError(r, err)
	return e.deadStatus < http.StatusMultipleChoices, nil
}
