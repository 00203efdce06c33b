package webhook

import (
	"errors"
	"fmt"
	"time"

	"github.com/seed-f165d83c/workos/client/events"
)

const (
	defaultTolerance = 180 * time.Second
	actionTolerance  = 30 * time.Second
)

// Verifier tells deliveries of WorkOS from forgeries. It is safe for concurrent use, and prints no secret.
// [NewVerifier] makes it: the zero value refuses everything.
type Verifier struct {
	keys      []key
	tolerance time.Duration
	now       func() time.Time
	replays   *replays // nil without WithReplayCheck
}

// NewVerifier returns a verifier for the secret of a webhook endpoint, which its page in the dashboard and its creation
// by the API show. An empty secret is an error, as is one with white space around it, which a file or a shell added.
func NewVerifier(secret string, opts ...Option) (*Verifier, error) {
	v, err := newVerifier(secret, defaultTolerance, opts)
	if err != nil {
		return nil, fmt.Errorf("workos webhook: %w", err)
	}
	return v, nil
}

func newVerifier(secret string, tolerance time.Duration, opts []Option) (*Verifier, error) {
	cfg := config{tolerance: tolerance, now: time.Now}
	if err := checkSecret(secret); err != nil {
		return nil, err
	}
	for i, opt := range opts {
		if opt == nil {
			return nil, fmt.Errorf("option %d is nil", i+1)
		}
		if err := opt(&cfg); err != nil {
			return nil, err
		}
	}
	v := &Verifier{keys: []key{keyOf(secret)}, tolerance: cfg.tolerance, now: cfg.now}
	if cfg.previous != "" {
		v.keys = append(v.keys, keyOf(cfg.previous))
	}
	if cfg.replays {
		v.replays = new(replays)
	}
	return v, nil
}

// Verify checks the value of the header [HeaderName] for a body, which must be the bytes that came, not JSON decoded
// and encoded again. It does not look into them. The error wraps one of ErrNoSignature, ErrMalformedSignature,
// ErrSignatureMismatch, ErrTimestampTooOld, ErrTimestampInFuture and ErrReplayed; the times are only looked at where
// the signature is right, so that the last three are about a request that WorkOS made.
func (v *Verifier) Verify(body []byte, header string) error {
	_, err := v.verify(body, header)
	if err != nil {
		return fmt.Errorf("workos webhook: %w", err)
	}
	return nil
}

// Event verifies a delivery as [Verifier.Verify] does, then decodes it. An event of an unknown type is one, too. A
// body that is no event has an error that wraps [events.ErrMalformedEvent].
func (v *Verifier) Event(body []byte, header string) (*events.Event, error) {
	if err := v.Verify(body, header); err != nil {
		return nil, err
	}
	e, err := events.Parse(body)
	if err != nil {
		return nil, fmt.Errorf("workos webhook: %w", err)
	}
	return e, nil
}

// verify returns the key that the body is signed with.
func (v *Verifier) verify(body []byte, header string) (key, error) {
	s, err := parseSignature(header)
	if err != nil {
		return nil, err
	}
	if len(v.keys) == 0 {
		return nil, errors.New("the verifier has no secret; NewVerifier makes one")
	}
	var signer key
	for _, k := range v.keys {
		if s.matches(k, body) && signer == nil {
			signer = k
		}
	}
	if signer == nil {
		return nil, ErrSignatureMismatch
	}
	now := v.now()
	if age := now.Sub(s.at); age > v.tolerance {
		hint := ""
		if s.at.Before(time.UnixMilli(now.Unix()).Add(v.tolerance)) {
			hint = "; it may be in seconds, as the emulator writes it, where WorkOS writes milliseconds"
		}
		return nil, fmt.Errorf("%w: signed %v ago, %v are allowed%s", ErrTimestampTooOld, round(age), v.tolerance, hint)
	}
	if ahead := s.at.Sub(now); ahead > v.tolerance {
		return nil, fmt.Errorf("%w: signed %v ahead, %v are allowed", ErrTimestampInFuture, round(ahead), v.tolerance)
	}
	if v.replays != nil && !v.replays.first(signer(s.t, body), now, s.at.Add(v.tolerance)) {
		return nil, ErrReplayed
	}
	return signer, nil
}

func round(d time.Duration) time.Duration { return d.Round(time.Millisecond) }
