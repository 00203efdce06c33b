package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

var errNoAnswer = errors.New("there is no answer; Allow and Deny of an Action that was verified make one")

// NewActionHandler returns an endpoint that verifies action requests, asks decide, and answers with its signed verdict
// and status 200. It is safe for concurrent use as far as decide is, which gets the request's context.
//
// A request that is refused gets a status of the 4xx class, as [NewHandler] tells. If decide fails, or returns no
// answer, it is 500, and WorkOS does what the endpoint's settings in the dashboard say for that case.
func NewActionHandler(
	verifier *ActionVerifier, decide func(context.Context, *Action) (*ActionResponse, error), opts ...HandlerOption,
) (http.Handler, error) {
	if verifier == nil || decide == nil {
		return nil, errors.New("workos action: NewActionHandler needs a verifier and a function that decides")
	}
	endpoint, err := newEndpoint(opts)
	if err != nil {
		return nil, err
	}
	endpoint.serve = func(w http.ResponseWriter, r *http.Request, body []byte) error {
		a, err := verifier.Action(body, signatureOf(r))
		if err != nil {
			return err
		}
		answer, err := decide(r.Context(), a)
		if err == nil && (answer == nil || answer.body == nil) {
			err = errNoAnswer
		}
		if err != nil {
			return &handlerError{fmt.Errorf("workos action: decide on %q: %w", a.ID, err)}
		}
		answer.ServeHTTP(w, r)
		return nil
	}
	return endpoint, nil
}
