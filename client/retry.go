package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// RetryPolicy sets how often a call is retried and how long it waits. Which calls may be retried is fixed:
//
//   - GET, PUT and DELETE (idempotent, RFC 9110 section 9.2.2): after the statuses 408, 429, 500, 502, 503 and 504, a
//     failed connection, or a response body that ended early.
//   - POST and PATCH: only if the server has not carried out the operation, that is after 429 or if no connection was
//     established. With an idempotency key that the operation honors (see [WithIdempotencyKey]) they are retried like
//     GET.
//   - Never after a 429 whose code is daily_quota_exceeded or ends in _too_many_attempts, because waiting does not
//     help.
//   - Never after an error of the HTTP client's transport that has a method Retryable() bool and returns false.
//   - Within an attempt net/http sends a request of any method again if the server closes a connection in use, or
//     rejects the HTTP/2 stream: by REFUSED_STREAM, GOAWAY, or PROTOCOL_ERROR, which RFC 9113 permits for the same. The
//     attempt fails after two such requests that were the first on their connections, or 16 in all.
//   - Never if the next attempt would begin after the context's deadline, or if Retry-After exceeds MaxWait. The call
//     then fails at once and the error gives the reason.
type RetryPolicy struct {
	// MaxAttempts is the maximum number of requests, including the first; 1 disables retries.
	MaxAttempts int
	// MinWait is the maximum of the first wait. It doubles with each further wait. The actual wait is a random part of
	// the maximum ("full jitter"), so that clients that failed together do not retry together.
	MinWait time.Duration
	// MaxWait is the longest wait. If Retry-After (RFC 9110 section 10.2.3) exceeds it, the call fails at once; see
	// [Error.RetryAfter].
	MaxWait time.Duration
}

// DefaultRetryPolicy returns the default policy: three attempts, with waits of at most 500 ms and 1 s, or the wait of
// Retry-After if that is at most 30 s.
func DefaultRetryPolicy() RetryPolicy {
	return RetryPolicy{MaxAttempts: 3, MinWait: 500 * time.Millisecond, MaxWait: 30 * time.Second}
}

func (p RetryPolicy) check() error {
	switch {
	case p.MaxAttempts < 1:
		return fmt.Errorf("WithRetry: invalid MaxAttempts %d: want at least 1, which disables retries", p.MaxAttempts)
	case p.MinWait < 0, p.MaxWait < p.MinWait:
		return fmt.Errorf("WithRetry: invalid waits %s and %s: want 0 <= MinWait <= MaxWait",
			p.MinWait, p.MaxWait)
	}
	return nil
}

// wait returns the wait after an attempt, counted from 1. It returns an error if the server demands a longer wait than
// the policy permits: an earlier request would fail as well.
func (p RetryPolicy) wait(attempt int, err error) (time.Duration, error) {
	if failed := (*Error)(nil); errors.As(err, &failed) {
		if after, ok := failed.RetryAfter(); ok {
			if after > p.MaxWait {
				return 0, fmt.Errorf("Retry-After is %s, longer than the policy's MaxWait %s", after, p.MaxWait)
			}
			return after, nil
		}
	}
	bound := p.MaxWait
	if shift := attempt - 1; shift < 32 && p.MinWait < p.MaxWait>>shift { //nolint:mnd // beyond any wait
		bound = p.MinWait << shift
	}
	if bound <= 0 {
		return 0, nil
	}
	return mathrand.N(bound), nil //nolint:gosec // jitter needs no secure randomness
}

// resend retries a call whose first attempt failed, until it succeeds, must not be retried, or the policy's attempts
// are used up.
func (c *call) resend(ctx context.Context, err error) (rawResponse, error) {
	for c.attempts < c.retry.MaxAttempts && ctx.Err() == nil && c.retryable(err) {
		wait, tooLong := c.retry.wait(c.attempts, err)
		if tooLong != nil {
			err = fmt.Errorf("%w; not retried: %w", err, tooLong)
			break
		}
		if deadline, bounded := ctx.Deadline(); bounded && time.Until(deadline) <= wait {
			err = fmt.Errorf("%w; not retried: the context ends before the next attempt in %s",
				err, wait.Round(time.Millisecond))
			break
		}
		c.logWait(ctx, err, wait)
		if ended := sleep(ctx, wait); ended != nil {
			return rawResponse{}, fmt.Errorf("%w (while waiting for a retry: %w)", err, ended)
		}
		got, failed := c.attempt(ctx)
		if failed == nil {
			return got, nil
		}
		if lost := (*lostBodyError)(nil); errors.As(failed, &lost) {
			err = fmt.Errorf("%w (not retried: %w)", err, failed)
			break
		}
		if held(failed) { // the failure before is what the caller needs to know
			err = fmt.Errorf("%w (not retried: %v)", err, failed) //nolint:errorlint // it is not the call's error
			break
		}
		err = failed
	}
	if c.attempts > 1 {
		err = fmt.Errorf("%w (after %d attempts)", err, c.attempts)
	}
	return rawResponse{}, err
}

// sleep waits. If the context ends first, it returns the context's error and cause.
func sleep(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
	}
	ended, cause := ctx.Err(), context.Cause(ctx)
	if errors.Is(cause, ended) {
		return cause //nolint:wrapcheck // the context's own error
	}
	return fmt.Errorf("%w: %w", ended, cause)
}

// retryable reports whether the request may be sent again after err.
func (c *call) retryable(err error) bool {
	if c.req.Body != nil && c.req.Body != http.NoBody && c.req.GetBody == nil {
		return false // the body cannot be read again
	}
	if held(err) {
		return false
	}
	safe := c.idempotent()
	failed := (*Error)(nil)
	if errors.As(err, &failed) {
		broken := (*brokenBodyError)(nil)
		return safe && (isTransient(failed.StatusCode) || errors.As(err, &broken)) ||
			failed.StatusCode == http.StatusTooManyRequests && !isPermanent(failed.Code)
	}
	if untrusted := (*tls.CertificateVerificationError)(nil); errors.As(err, &untrusted) {
		return false
	}
	return safe || !c.reached.Load() && neverSent(err)
}

// held reports whether the transport has refused to send the request.
func held(err error) bool {
	decided := interface{ Retryable() bool }(nil)
	return errors.As(err, &decided) && !decided.Retryable()
}

func (c *call) idempotent() bool {
	switch c.req.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodDelete:
		return true
	}
	return c.route != nil && c.route.IdempotencyKey && c.req.Header.Get(headerIdempotencyKey) != ""
}

// isTransient reports whether the same request may succeed after this status. For 429 see isPermanent.
func isTransient(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// isPermanent reports whether the code of a 429 cannot change within the wait of a retry.
func isPermanent(code string) bool {
	return code == "daily_quota_exceeded" || strings.HasSuffix(code, "_too_many_attempts")
}

// neverSent reports whether err shows that no connection was established. Otherwise the request may have been sent.
func neverSent(err error) bool {
	op := (*net.OpError)(nil)
	return errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect")
}

// RetryAfter returns the wait that the Retry-After header (RFC 9110 section 10.2.3) asks for, in seconds or as a date;
// 0 for a past date, and false if the header is missing or invalid.
func (e *Error) RetryAfter() (time.Duration, bool) {
	if e.Response == nil {
		return 0, false
	}
	text := e.Response.Header.Get("Retry-After")
	const most = 1 << 32 // seconds, more than a century
	if seconds, err := strconv.ParseUint(text, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(seconds, most)) * time.Second, true
	}
	at, err := http.ParseTime(text)
	if err != nil {
		return 0, false
	}
	now := time.Now()
	if date, err := http.ParseTime(e.Response.Header.Get("Date")); err == nil {
		now = date // the server's clock
	}
	return max(0, at.Sub(now)), true
}
