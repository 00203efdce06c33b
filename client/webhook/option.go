package webhook

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Option configures a verifier in [NewVerifier] and [NewActionVerifier]. Of two that set the same thing the later one
// counts.
type Option func(*config) error

type config struct {
	previous  string
	tolerance time.Duration
	now       func() time.Time
	replays   bool
}

// WithPreviousSecret accepts a second secret too, so that the secret of an endpoint can be changed without a delivery
// lost: give the new one and the old one, change it at WorkOS, and drop the old one when its deliveries have ceased.
func WithPreviousSecret(secret string) Option {
	return func(cfg *config) error {
		if err := checkSecret(secret); err != nil {
			return fmt.Errorf("previous %w", err)
		}
		cfg.previous = secret
		return nil
	}
}

// WithTolerance sets how far the time of a signature may be from the clock, before or after; 3 minutes unless set, and
// 30 seconds for actions. It must be more than 0. The official emulator writes times in seconds, which are in 1970 when
// read as milliseconds: only a test against it has use for a tolerance of a hundred years.
func WithTolerance(tolerance time.Duration) Option {
	return func(cfg *config) error {
		if tolerance <= 0 {
			return fmt.Errorf("tolerance is %v; it must be more than 0", tolerance)
		}
		cfg.tolerance = tolerance
		return nil
	}
}

// WithClock reads the time from a function instead of [time.Now]. It must be safe for concurrent use.
func WithClock(now func() time.Time) Option {
	return func(cfg *config) error {
		if now == nil {
			return errors.New("clock is nil")
		}
		cfg.now = now
		return nil
	}
}

// WithReplayCheck refuses a signature that the same verifier has accepted before, with [ErrReplayed], as long as its
// timestamp would do. WorkOS signs each delivery anew, so that its own repetitions pass. The memory is about 100 bytes
// for each request of twice the tolerance, and only signed ones count. It is no substitute for telling events by their
// ID: each process has a memory of its own.
func WithReplayCheck() Option {
	return func(cfg *config) error {
		cfg.replays = true
		return nil
	}
}

// checkSecret never puts the secret into an error.
func checkSecret(secret string) error {
	switch {
	case secret == "":
		return errors.New("secret is empty")
	case strings.TrimSpace(secret) != secret:
		return errors.New("secret begins or ends with white space, which is none of its own")
	default:
		return nil
	}
}
