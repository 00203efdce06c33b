package webhook

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/client/state"
)

// HandlerOption configures an endpoint in [NewHandler] and [NewActionHandler].
type HandlerOption func(*endpoint) error

// WithMaxBodyBytes limits the body of a request. The default is 1 MiB.
func WithMaxBodyBytes(n int64) HandlerOption {
	return func(e *endpoint) error {
		if n < 1 {
			return fmt.Errorf("WithMaxBodyBytes: invalid limit %d: want at least 1", n)
		}
		e.maxBody = n
		return nil
	}
}

// WithErrorFunc calls f, for example to log, after each request that was rejected or failed. f must be safe for
// concurrent use.
func WithErrorFunc(f func(r *http.Request, err error)) HandlerOption {
	return func(e *endpoint) error {
		if f == nil {
			return errors.New("WithErrorFunc: function is nil")
		}
		e.onError = f
		return nil
	}
}

// WithDeadLetter calls f with an event whose payload its type cannot decode: the error of the handler wraps
// [events.ErrMalformedData]. Then the response has that status: 200 to 299, so that WorkOS does not send the event
// again, or 500 to 599, so that it does, perhaps to a version of the program that can. If f fails, the status is 500.
// Without this option it is 500, as after any failure. f must be safe for concurrent use. It has no effect on actions.
func WithDeadLetter(status int, f func(ctx context.Context, e *events.Event, err error) error) HandlerOption {
	return func(e *endpoint) error {
		if f == nil {
			return errors.New("WithDeadLetter: function is nil")
		}
		if (status < 200 || status > 299) && (status < 500 || status > 599) {
			return fmt.Errorf("WithDeadLetter: invalid status %d: want 200 to 299 or 500 to 599", status)
		}
		e.deadStatus, e.deadLetter = status, f
		return nil
	}
}

const defaultMaxBody = 1 << 20

// endpoint reads a request, calls serve, and translates errors into responses.
type endpoint struct {
	maxBody int64
	onError func(*http.Request, error)
	serve   func(w http.ResponseWriter, r *http.Request, body []byte) error

	replays    state.Store // nil without WithReplayCheck
	deadStatus int
	deadLetter func(context.Context, *events.Event, error) error // nil: none
}

func newEndpoint(opts []HandlerOption) (*endpoint, error) {
	e := &endpoint{maxBody: defaultMaxBody, onError: func(*http.Request, error) {}}
	for i, opt := range opts {
		if opt == nil {
			return nil, fmt.Errorf("workos/webhook: option %d is nil", i+1)
		}
		if err := opt(e); err != nil {
			return nil, fmt.Errorf("workos/webhook: %w", err)
		}
	}
	return e, nil
}

// handlerError is a failure of the caller's function. Its text is not part of the response.
type handlerError struct{ error }

func (e *handlerError) Unwrap() error { return e.error }

var (
	errMethod = errors.New("workos/webhook: method is not POST")
	errBody   = errors.New("workos/webhook: read the body")
)

// ServeHTTP handles one request.
func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	err := e.handle(w, r)
	if err == nil {
		return
	}
	status, text := statusOf(err), err.Error()
	switch status {
	case http.StatusMethodNotAllowed:
		w.Header().Set("Allow", http.MethodPost)
	case http.StatusInternalServerError:
		text = "the event could not be handled"
	case http.StatusServiceUnavailable:
		text = "the request could not be checked"
	case http.StatusBadRequest:
		if errors.Is(err, errBody) { // the cause has addresses of this network
			text = "the body is incomplete"
		}
	}
	http.Error(w, text, status)
	e.onError(r, err)
}

func (e *endpoint) handle(w http.ResponseWriter, r *http.Request) error {
	if r.Method != http.MethodPost {
		return errMethod
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, e.maxBody))
	if err != nil {
		return fmt.Errorf("%w: %w", errBody, err)
	}
	return e.serve(w, r, body)
}

func statusOf(err error) int {
	var failed *handlerError
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &failed):
		return http.StatusInternalServerError
	case errors.As(err, &tooLarge):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, errMethod):
		return http.StatusMethodNotAllowed
	case errors.Is(err, ErrSignatureMismatch), errors.Is(err, ErrReplayed),
		errors.Is(err, ErrTimestampTooOld), errors.Is(err, ErrTimestampInFuture):
		return http.StatusUnauthorized
	case errors.Is(err, ErrStateUnavailable):
		return http.StatusServiceUnavailable
	default:
		return http.StatusBadRequest
	}
}

// signatureOf joins repeated headers (RFC 9110 section 5.3), so that a second one cannot hide behind the first.
func signatureOf(r *http.Request) string { return strings.Join(r.Header.Values(HeaderName), ",") }
