package webhook

import "errors"

// Errors of verification. Each method that verifies returns an error that wraps one of them. The texts are safe to log
// and to send in a response.
var (
	// ErrNoSignature: the header is missing or empty.
	ErrNoSignature = errors.New("no signature")
	// ErrMalformedSignature: the header does not have the form described at [HeaderName].
	ErrMalformedSignature = errors.New("malformed signature")
	// ErrSignatureMismatch: the body or timestamp was changed, or signed with another secret. Decoding and encoding the
	// JSON, or converting its character set, changes the body.
	ErrSignatureMismatch = errors.New("signature does not match")
	// ErrTimestampTooOld: the signature is valid but older than the tolerance: a replay, or the local clock is fast.
	ErrTimestampTooOld = errors.New("timestamp is too old")
	// ErrTimestampInFuture: the signature is valid but further in the future than the tolerance: the local clock is
	// slow.
	ErrTimestampInFuture = errors.New("timestamp is in the future")
)

// Errors of [WithReplayCheck], which [WithErrorFunc] receives.
var (
	// ErrReplayed means that an endpoint accepted the same request before.
	ErrReplayed = errors.New("request is replayed")
	// ErrStateUnavailable means that the store failed or is full. The request may be valid.
	ErrStateUnavailable = errors.New("state is not available")
)
