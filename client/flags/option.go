package flags

import (
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"time"

	"github.com/seed-f165d83c/workos/client/state"
)

// Option configures a [Runtime] in [New]. Later options override earlier ones.
type Option func(*config) error

type config struct {
	interval  time.Duration
	timeout   time.Duration
	defaults  map[string]bool
	bootstrap string
	store     state.Store // nil: none
	onChange  func(Change)
	onError   func(error)
	logger    *slog.Logger // nil: none
}

const (
	minInterval   = 5 * time.Second
	firstRetry    = time.Second
	maxRetry      = time.Minute
	maxRetryAfter = 5 * time.Minute
	storeTimeout  = 5 * time.Second
)

// WithInterval sets the time between polls, varied by 10 % so that processes do not poll at the same time. The default
// is 30 seconds, the minimum 5.
func WithInterval(interval time.Duration) Option {
	return func(cfg *config) error {
		if interval < minInterval {
			return fmt.Errorf("WithInterval: invalid interval %v: want at least %v", interval, minInterval)
		}
		cfg.interval = interval
		return nil
	}
}

// WithTimeout limits a poll with all its attempts. The default is 10 seconds.
func WithTimeout(timeout time.Duration) Option {
	return func(cfg *config) error {
		if timeout <= 0 {
			return fmt.Errorf("WithTimeout: invalid timeout %v: want more than 0", timeout)
		}
		cfg.timeout = timeout
		return nil
	}
}

// WithDefaults sets the decisions for flags that the snapshot lacks, and for all until there is a snapshot. The default
// is false for every flag. Defaults are no part of [Runtime.All].
func WithDefaults(defaults map[string]bool) Option {
	return func(cfg *config) error {
		cfg.defaults = maps.Clone(defaults)
		return nil
	}
}

// WithBootstrapFile reads the first snapshot from a file of [Runtime.WriteSnapshot], so that there are
// decisions from the start. The format is that of the Node SDK's bootstrapFlags. [New] fails if the file cannot be
// read; flags in it that cannot be read go to [WithErrorFunc].
func WithBootstrapFile(path string) Option {
	return func(cfg *config) error {
		if path == "" {
			return errors.New("WithBootstrapFile: path is empty")
		}
		cfg.bootstrap = path
		return nil
	}
}

// WithStore saves each changed snapshot in a shared store under the key "flags/snapshot", and starts from what is
// there, so that a new process decides as the others do while WorkOS cannot be reached. Environments need a store each.
// The snapshot of a file comes first. A store that is down, or a snapshot above [state.MaxValue], is an error for
// [WithErrorFunc]; decisions continue, and each poll tries again until the store has the snapshot or, if there is
// none to decide with, has given one.
func WithStore(store state.Store) Option {
	return func(cfg *config) error {
		if store == nil {
			return errors.New("WithStore: store is nil")
		}
		cfg.store = store
		return nil
	}
}

// WithOnChange calls f for each flag that a new snapshot changes, in order of slugs, from Run's goroutine. A first
// snapshot without one to compare with changes nothing.
func WithOnChange(f func(Change)) Option {
	return func(cfg *config) error {
		if f == nil {
			return errors.New("WithOnChange: function is nil")
		}
		cfg.onChange = f
		return nil
	}
}

// WithErrorFunc calls f with each failure of a poll or the store, and with flags that cannot be read, from Run's
// goroutine and, for a bootstrap file, from New.
func WithErrorFunc(f func(error)) Option {
	return func(cfg *config) error {
		if f == nil {
			return errors.New("WithErrorFunc: function is nil")
		}
		cfg.onError = f
		return nil
	}
}

// WithLogger logs failures, and targets whose type or ID is invalid, which match no flag. IDs are not logged.
func WithLogger(logger *slog.Logger) Option {
	return func(cfg *config) error {
		if logger == nil {
			return errors.New("WithLogger: logger is nil")
		}
		cfg.logger = logger
		return nil
	}
}
