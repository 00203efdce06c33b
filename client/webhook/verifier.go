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

// Verifier verifies webhook deliveries. It is safe for concurrent use and prints no secret. Create it with
// [NewVerifier]; the zero value rejects every request.
type Verifier struct {
	keys      []key
	tolerance time.Duration
	now       func() time.Time
}

// NewVerifier returns a verifier for the secret of a webhook endpoint, shown in the dashboard and in the response of
// webhook_endpoints.create. It rejects an empty secret and one with surrounding white space.
func NewVerifier(secret string, opts ...Option) (*Verifier, error) {
	v, err := newVerifier(secret, defaultTolerance, opts)
	if err != nil {
		return nil, fmt.Errorf("workos/webhook: %w", err)
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
	if cfg.previous != "" && cfg.previous != secret { // one twice would make each request a replay of itself
		v.keys = append(v.keys, keyOf(cfg.previous))
	}
	return v, nil
}

// Verify checks the value of the header [HeaderName] for a body. The body must be the bytes as received, not JSON that
// was decoded and encoded again. The error wraps ErrNoSignature, ErrMalformedSignature, ErrSignatureMismatch,
// ErrTimestampTooOld or ErrTimestampInFuture. The last two mean that WorkOS did sign the request.
func (v *Verifier) Verify(body []byte, header string) error {
	_, err := v.verify(body, header)
	if err != nil {
		return fmt.Errorf("workos/webhook: %w", err)
	}
	return nil
}

// Event verifies a delivery like [Verifier.Verify] and decodes it. Events of unknown types are valid. The error wraps
// [events.ErrMalformedEvent] if the body is not an event.
func (v *Verifier) Event(body []byte, header string) (*events.Event, error) {
	e, _, err := v.event(body, header)
	return e, err
}

func (v *Verifier) event(body []byte, header string) (*events.Event, accepted, error) {
	request, err := v.verify(body, header)
	if err != nil {
		return nil, accepted{}, fmt.Errorf("workos/webhook: %w", err)
	}
	e, err := events.Parse(body)
	if err != nil {
		return nil, accepted{}, fmt.Errorf("workos/webhook: %w", err)
	}
	return e, request, nil
}

func (v *Verifier) verify(body []byte, header string) (accepted, error) {
	s, err := parseSignature(header)
	if err != nil {
		return accepted{}, err
	}
	if len(v.keys) == 0 {
		return accepted{}, errors.New("verifier has no secret: use NewVerifier")
	}
	var signer key
	macs := make([][]byte, len(v.keys))
	for i, k := range v.keys {
		macs[i] = k(s.t, body)
		if s.has(macs[i]) && signer == nil {
			signer = k
		}
	}
	if signer == nil {
		return accepted{}, ErrSignatureMismatch
	}
	now := v.now()
	if age := now.Sub(s.at); age > v.tolerance {
		hint := ""
		if s.at.Before(time.UnixMilli(now.Unix()).Add(v.tolerance)) {
			hint = "; it may be in seconds, as the emulator writes it, where WorkOS writes milliseconds"
		}
		return accepted{}, fmt.Errorf("%w: signed %v ago, tolerance %v%s", ErrTimestampTooOld, round(age), v.tolerance, hint)
	}
	if ahead := s.at.Sub(now); ahead > v.tolerance {
		return accepted{}, fmt.Errorf("%w: signed %v ahead, tolerance %v", ErrTimestampInFuture, round(ahead), v.tolerance)
	}
	return accepted{signer, macs, s.at.Add(v.tolerance).Sub(now)}, nil
}

func round(d time.Duration) time.Duration { return d.Round(time.Millisecond) }
