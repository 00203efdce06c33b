package webhook

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Option configures a verifier in [NewVerifier] and [NewActionVerifier]. Later options override earlier ones.
type Option func(*config) error

type config struct {
	previous  string
	tolerance time.Duration
	now       func() time.Time
}

// WithPreviousSecret also accepts a second secret, to change the secret of an endpoint without losing deliveries:
// configure the new one and the old one, change it at WorkOS, and remove the old one when its deliveries have ended.
func WithPreviousSecret(secret string) Option {
	return func(cfg *config) error {
		if err := checkSecret(secret); err != nil {
			return fmt.Errorf("previous %w", err)
		}
		cfg.previous = secret
		return nil
	}
}

// WithTolerance sets the maximum distance between the timestamp of a signature and the clock, in either direction. The
// default is 3 minutes, 30 seconds for actions. It must be positive. The official emulator writes seconds, which read
// as milliseconds are in 1970: tests against it need a tolerance of a hundred years.
func WithTolerance(tolerance time.Duration) Option {
	return func(cfg *config) error {
		if tolerance <= 0 {
			return fmt.Errorf("WithTolerance: invalid tolerance %v: want more than 0", tolerance)
		}
		cfg.tolerance = tolerance
		return nil
	}
}

// WithClock replaces [time.Now]. The function must be safe for concurrent use.
func WithClock(now func() time.Time) Option {
	return func(cfg *config) error {
		if now == nil {
			return errors.New("WithClock: function is nil")
		}
		cfg.now = now
		return nil
	}
}

// checkSecret returns errors without the secret.
func checkSecret(secret string) error {
	switch {
	case secret == "":
		return errors.New("secret is empty")
	case strings.TrimSpace(secret) != secret:
		return errors.New("secret begins or ends with white space")
	default:
		return nil
	}
}
