package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

var errNoResponse = errors.New("no response: use Allow or Deny of a verified Action")

// NewActionHandler returns an endpoint that verifies action requests, calls decide, and sends its signed response with
// status 200. decide gets the request's context. The handler is safe for concurrent use if decide is.
//
// A rejected request gets a 4xx status, as described at [NewHandler]. If decide fails or returns no response, the
// status is 500, and WorkOS applies the endpoint's setting in the dashboard for failures.
func NewActionHandler(
	verifier *ActionVerifier, decide func(context.Context, *Action) (*ActionResponse, error), opts ...HandlerOption,
) (http.Handler, error) {
	if verifier == nil || decide == nil {
		return nil, errors.New("workos/webhook: NewActionHandler: verifier or decide is nil")
	}
	endpoint, err := newEndpoint(opts)
	if err != nil {
		return nil, err
	}
	endpoint.serve = func(w http.ResponseWriter, r *http.Request, body []byte) error {
		a, request, err := verifier.action(body, signatureOf(r))
		if err != nil {
			return err
		}
		return endpoint.once(r, request, func() (bool, error) {
			response, err := decide(r.Context(), a)
			if err == nil && (response == nil || response.body == nil) {
				err = errNoResponse
			}
			if err != nil {
				return false, &handlerError{fmt.Errorf("workos/webhook: decide on %q: %w", a.ID, err)}
			}
			response.ServeHTTP(w, r)
			return true, nil
		})
	}
	return endpoint, nil
}
