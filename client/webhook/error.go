package webhook

import "errors"

// Why a request is refused: errors.Is finds one of these in the error of each method that verifies. The texts that
// wrap them are safe to log and to answer with.
var (
	// ErrNoSignature: the header is missing or empty, as in a request that WorkOS did not send.
	ErrNoSignature = errors.New("no signature")
	// ErrMalformedSignature: the header is not of the form that [HeaderName] describes, or cut off.
	ErrMalformedSignature = errors.New("malformed signature")
	// ErrSignatureMismatch: the body or the timestamp was changed, or signed with another secret. A body that went
	// through a JSON decoder or another character set before it came here is a changed one.
	ErrSignatureMismatch = errors.New("signature does not match")
	// ErrTimestampTooOld: signed properly, but longer ago than the tolerance: a replay, or a clock that is fast here.
	ErrTimestampTooOld = errors.New("timestamp is too old")
	// ErrTimestampInFuture: signed properly, but further ahead than the tolerance: a clock that is slow here.
	ErrTimestampInFuture = errors.New("timestamp is in the future")
	// ErrReplayed: this very signature has been accepted before. See [WithReplayCheck].
	ErrReplayed = errors.New("request is replayed")
)
