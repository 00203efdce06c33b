package client

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/client/internal/redact"
)

// TransportError reports a call without a response: the connection failed, the call timed out, or its context ended.
// The server may have carried out the operation. The text contains no credential, path value or query, whatever the
// cause.
//
// errors.Is matches context.Canceled and context.DeadlineExceeded. errors.As finds a *[url.Error], whose URL is the
// path template, and the cause in it, such as a *[net.OpError].
type TransportError struct {
	// Operation is the operation's ID, such as organizations.get; "" for a request built by hand.
	Operation string

	text  string
	cause error
}

// Error returns the operation and the cause.
func (e *TransportError) Error() string { return e.text }

// Unwrap returns the cause.
func (e *TransportError) Unwrap() error { return e.cause }

// attemptTimeoutError is the cause of a context that ended because of [WithTimeout]. It is a net.Error.
type attemptTimeoutError struct{ after time.Duration }

func (e *attemptTimeoutError) Error() string   { return fmt.Sprintf("no response within %s", e.after) }
func (e *attemptTimeoutError) Timeout() bool   { return true }
func (e *attemptTimeoutError) Temporary() bool { return true }
func (e *attemptTimeoutError) Unwrap() error   { return context.DeadlineExceeded }

// transportError wraps the cause. It replaces the URL of a *url.Error by the path template, because path and query may
// contain tokens.
func (c *call) transportError(ctx context.Context, cause error) *TransportError {
	if cause = endOf(ctx, cause); c.sends.tooMany.Load() {
		cause = &resentError{c.sends.all.Load()}
	}
	cause = &url.Error{Op: c.req.Method[:1] + strings.ToLower(c.req.Method[1:]), URL: c.address(), Err: cause}
	text := c.name() + ": " + c.text(redact.URLs(cause.Error()), maxText)
	return &TransportError{Operation: c.operation(), text: text, cause: cause}
}

// endOf returns the cause of a failure together with the end of the context if that has ended.
func endOf(ctx context.Context, cause error) error {
	own := (*attemptTimeoutError)(nil)
	switch ended := ctx.Err(); {
	case errors.As(context.Cause(ctx), &own):
		return own // some transports return only the context's error
	case ended != nil && !errors.Is(cause, ended):
		return fmt.Errorf("%w: %w", ended, cause) // others only its cause
	}
	return cause
}

func (c *call) address() string { return c.req.URL.Scheme + "://" + c.req.URL.Host + c.path() }
