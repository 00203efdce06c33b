package client

import (
	"context"
	"crypto/rand"
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

const (
	headerIdempotencyKey  = "Idempotency-Key"
	headerXIdempotencyKey = "X-Idempotency-Key" // which net/http knows as well
)

// RetryPolicy says how often and after which waits a call is repeated. What may be repeated is not a matter of policy:
//
//   - GET, PUT and DELETE (idempotent, RFC 9110 section 9.2.2) after the statuses 408, 429, 500, 502, 503 and 504, and
//     after a connection that failed or an answer that broke off;
//   - POST and PATCH only where the server has not carried them out: after 429, and if no connection came about. With
//     an idempotency key that the operation honours (see [WithIdempotencyKey]) they are as GET;
//   - nothing after a 429 whose code is daily_quota_exceeded or ends in _too_many_attempts, as waiting does not help;
//   - nothing whose next attempt would begin after the context's deadline, or for which Retry-After asks to wait longer
//     than MaxWait: the call fails at once instead, and says so.
type RetryPolicy struct {
	// MaxAttempts is how often a request is sent at most, the first time included; 1 repeats nothing.
	MaxAttempts int
	// MinWait is the bound of the first wait, which doubles with each further one. The wait itself is a random part of
	// the bound ("full jitter"), so that clients that failed together do not come back together.
	MinWait time.Duration
	// MaxWait is the longest wait. If a Retry-After header (RFC 9110 section 10.2.3) asks for more, the call fails at
	// once, and [Error.RetryAfter] says when to come back.
	MaxWait time.Duration
}

// DefaultRetryPolicy is the policy of a client that is not given another: three attempts, and waits of up to 500 ms
// and 1 s, or what Retry-After says if that is at most 30 s.
func DefaultRetryPolicy() RetryPolicy {
	return RetryPolicy{MaxAttempts: 3, MinWait: 500 * time.Millisecond, MaxWait: 30 * time.Second}
}

func (p RetryPolicy) check() error {
	switch {
	case p.MaxAttempts < 1:
		return fmt.Errorf("retry policy: MaxAttempts is %d; it must be at least 1, which repeats nothing", p.MaxAttempts)
	case p.MinWait < 0, p.MaxWait < p.MinWait:
		return fmt.Errorf("retry policy: the waits are %s to %s; they must not be negative, nor the first longer",
			p.MinWait, p.MaxWait)
	}
	return nil
}

// wait returns how long to wait after an attempt, counted from 1. An error says that the server asks for longer than
// the policy waits: an earlier request would fail as well, or make matters worse.
func (p RetryPolicy) wait(attempt int, err error) (time.Duration, error) {
	if failed := (*Error)(nil); errors.As(err, &failed) {
		if after, given := failed.RetryAfter(); given && after > p.MaxWait {
			return 0, fmt.Errorf("the server asks to wait %s, longer than the policy's %s", after, p.MaxWait)
		} else if given {
			return after, nil
		}
	}
	bound := p.MaxWait
	if shift := attempt - 1; shift < 32 && p.MinWait < p.MaxWait>>shift { //nolint:mnd // far beyond any wait
		bound = p.MinWait << shift
	}
	if bound <= 0 {
		return 0, nil
	}
	return mathrand.N(bound), nil //nolint:gosec // jitter is no secret
}

// repeat continues after a failed first attempt: it sends the request until it succeeds, must not be repeated, or was
// sent as often as the policy allows.
func (c *call) repeat(ctx context.Context, err error) (answer, error) {
	for c.attempts < c.retry.MaxAttempts && ctx.Err() == nil && c.repeatable(err) {
		wait, tooLong := c.retry.wait(c.attempts, err)
		if tooLong != nil {
			err = fmt.Errorf("%w; not repeated, as %w", err, tooLong)
			break
		}
		if deadline, bounded := ctx.Deadline(); bounded && time.Until(deadline) <= wait {
			err = fmt.Errorf("%w; not repeated, as the context's deadline is sooner than the next attempt in %s",
				err, wait.Round(time.Millisecond))
			break
		}
		c.logWait(ctx, err, wait)
		if ended := sleep(ctx, wait); ended != nil {
			return answer{}, fmt.Errorf("%w (while waiting to repeat it: %w)", err, ended)
		}
		got, failed := c.attempt(ctx)
		if failed == nil {
			return got, nil
		}
		if lost := (*lostBodyError)(nil); errors.As(failed, &lost) {
			err = fmt.Errorf("%w (not repeated: %w)", err, failed)
			break
		}
		err = failed
	}
	if c.attempts > 1 {
		err = fmt.Errorf("%w (after %d attempts)", err, c.attempts)
	}
	return answer{}, err
}

// sleep waits, or returns why the context ended: its error, with its cause if that is another.
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
		return cause //nolint:wrapcheck // as the context gives it
	}
	return fmt.Errorf("%w: %w", ended, cause)
}

// repeatable tells whether the request may be sent again after an error.
func (c *call) repeatable(err error) bool {
	if c.req.Body != nil && c.req.Body != http.NoBody && c.req.GetBody == nil {
		return false // the body is gone
	}
	safe := c.idempotent()
	failed := (*Error)(nil)
	if errors.As(err, &failed) {
		broken := (*brokenBodyError)(nil)
		return safe && (isTransient(failed.StatusCode) || errors.As(err, &broken)) ||
			failed.StatusCode == http.StatusTooManyRequests && !isLasting(failed.Code)
	}
	if untrusted := (*tls.CertificateVerificationError)(nil); errors.As(err, &untrusted) {
		return false
	}
	return safe || !c.reached.Load() && neverSent(err)
}

func (c *call) idempotent() bool {
	switch c.req.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodDelete:
		return true
	}
	return c.route != nil && c.route.IdempotencyKey && c.req.Header.Get(headerIdempotencyKey) != ""
}

// isTransient tells the statuses after which the same request may succeed. 429 is judged by isLasting as well.
func isTransient(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway,
		http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// isLasting tells the codes of a 429 that no wait of a retry overcomes.
func isLasting(code string) bool {
	return code == "daily_quota_exceeded" || strings.HasSuffix(code, "_too_many_attempts")
}

// neverSent tells whether an error shows that no connection came about. Where it does not show, the request may have
// been sent.
func neverSent(err error) bool {
	op := (*net.OpError)(nil)
	return errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect")
}

// RetryAfter is how long the server asks to wait before the next request (Retry-After, RFC 9110 section 10.2.3, in
// seconds or as a date); false if it does not say, or says something unreadable. A date in the past is 0.
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
		now = date // the server's clock, which the date is of
	}
	return max(0, at.Sub(now)), true
}

// setIdempotencyKey gives a request that can have one its key: the caller's, or one of its own.
func (c *call) setIdempotencyKey() {
	header := c.req.Header
	switch {
	case c.route != nil && !c.route.IdempotencyKey:
		// The server would ignore it, but net/http takes it for leave to send a POST again by itself.
		delete(header, headerIdempotencyKey)
		delete(header, headerXIdempotencyKey)
	case c.idempotencyKey != "":
		header[headerIdempotencyKey] = []string{c.idempotencyKey}
	case c.route != nil && len(header[headerIdempotencyKey]) == 0:
		header[headerIdempotencyKey] = []string{rand.Text()}
	}
}
