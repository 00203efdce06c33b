package client

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
)

// TransportError is a call without a usable answer: no connection, a broken one, a time-out, a canceled context. The
// server may have carried the operation out. Its text is fit to print, whatever its cause says.
//
// errors.Is finds context.Canceled and context.DeadlineExceeded in it, errors.As a *[url.Error] without the URL's path
// values and query, and through it a *[net.OpError].
type TransportError struct {
	// Operation is the operation's ID, such as organizations.get; "" for a request built by hand.
	Operation string

	text  string
	cause error
}

// Error names the operation and says what went wrong.
func (e *TransportError) Error() string { return e.text }

// Unwrap returns the cause.
func (e *TransportError) Unwrap() error { return e.cause }

// attemptTimeoutError is the cause of a context that ran out by the client's own time-out. It is a net.Error.
type attemptTimeoutError struct{ after time.Duration }

func (e *attemptTimeoutError) Error() string   { return fmt.Sprintf("no answer within %s", e.after) }
func (e *attemptTimeoutError) Timeout() bool   { return true }
func (e *attemptTimeoutError) Temporary() bool { return true }
func (e *attemptTimeoutError) Unwrap() error   { return context.DeadlineExceeded }

// transportError names the call. The URL of a *url.Error becomes the operation's template: path and query may hold
// tokens.
func (c *call) transportError(ctx context.Context, cause error) *TransportError {
	own := (*attemptTimeoutError)(nil)
	switch ended := ctx.Err(); {
	case errors.As(context.Cause(ctx), &own):
		cause = own // some transports tell only that the context ended
	case ended != nil && !errors.Is(cause, ended):
		cause = fmt.Errorf("%w: %w", ended, cause) // and some only the cause that it was given
	}
	cause = &url.Error{Op: c.req.Method[:1] + strings.ToLower(c.req.Method[1:]), URL: c.address(), Err: cause}
	text := c.name() + ": " + c.text(scrubQueries(scrubUserInfo(cause.Error())), maxText)
	return &TransportError{Operation: c.operation(), text: text, cause: cause}
}

func (c *call) address() string { return c.req.URL.Scheme + "://" + c.req.URL.Host + c.path() }
