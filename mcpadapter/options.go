package mcpadapter

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// DefaultMaxResponseBytes is the size of the largest response that is read, unless [WithMaxResponseBytes] says
// otherwise.
const DefaultMaxResponseBytes = 16 << 20

// DefaultTimeout is how long a call may take, unless [WithTimeout] says otherwise: less than MCP clients and the
// proxies in front of a server wait.
const DefaultTimeout = 50 * time.Second

// Option adjusts an [Adapter].
type Option func(*options) error

// options are the settings of an adapter.
type options struct {
	logger        *slog.Logger
	describeError func(error) (*Failure, bool)
	maxResponse   int64
	timeout       time.Duration
	knownValue    func(op *optable.Operation, argument string) (string, bool)

	profile Profile
	terse   bool
	outputs bool // whether output schemas are published

	filters      []Filter
	confirmation Confirmation

	shapingArguments bool
	hideSecrets      bool
	cursors          Cursors
	maxElements      int
	maxResult        int // bytes; 0: no limit
}

// newOptions returns the defaults with the options applied in their order.
func newOptions(opts []Option) (options, error) {
	o := options{
		logger: slog.New(slog.DiscardHandler), maxResponse: DefaultMaxResponseBytes, timeout: DefaultTimeout,
		cursors: Cursors{After: "after", Before: "before", Limit: "limit"}, maxElements: DefaultMaxElements,
	}
	for _, opt := range opts {
		if opt == nil {
			return options{}, errors.New("an option is nil")
		}
		if err := opt(&o); err != nil {
			return options{}, err
		}
	}
	return o, nil
}

// WithLogger sets where panics during a call are reported. The default discards them. Neither arguments nor answers
// are logged.
func WithLogger(logger *slog.Logger) Option {
	return func(o *options) error {
		if logger == nil {
			return errors.New("WithLogger: the logger is nil")
		}
		o.logger = logger
		return nil
	}
}

// WithFailures sets how an error of the client is told to the caller: the function returns what the error says, or
// false for an error that it does not know. Without it, and for such errors, the error's text is the message.
func WithFailures(describe func(error) (*Failure, bool)) Option {
	return func(o *options) error {
		if describe == nil {
			return errors.New("WithFailures: the function is nil")
		}
		o.describeError = describe
		return nil
	}
}

// WithMaxResponseBytes sets the size in bytes of the largest answer that is read.
func WithMaxResponseBytes(n int64) Option {
	return func(o *options) error {
		if n <= 0 {
			return fmt.Errorf("WithMaxResponseBytes: %d is not positive", n)
		}
		o.maxResponse = min(n, math.MaxInt64-1) // one byte more is read, to tell
		return nil
	}
}

// WithTimeout limits how long a call may take: all its attempts, waits and pages together, but not the time that a
// person takes to confirm it. What ends by it is a [Failure] with [CodeTimeout]; a list of which some pages were read
// by then is returned with what was left out. The default is [DefaultTimeout].
func WithTimeout(d time.Duration) Option {
	return func(o *options) error {
		if d <= 0 {
			return fmt.Errorf("WithTimeout: %s is not positive", d)
		}
		o.timeout = d
		return nil
	}
}

// WithKnown fills in string arguments that the program knows, such as a client ID: where the function returns a value
// for an argument, callers may leave it out. The function is called by New alone, which fails on a value that the
// argument does not accept.
func WithKnown(value func(op *optable.Operation, argument string) (string, bool)) Option {
	return func(o *options) error {
		if value == nil {
			return errors.New("WithKnown: the function is nil")
		}
		o.knownValue = value
		return nil
	}
}
