package events

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Option configures a consumer in [NewConsumer]. Later options override earlier ones.
type Option func(*config) error

type config struct {
	types        []string
	organization string
	start        Checkpoint

	pageSize     int
	every        int
	poll         time.Duration
	fetchTimeout time.Duration
	grace        time.Duration
	eventTimeout time.Duration // 0: none
	backoff      backoff

	attempts   int
	deadLetter func(context.Context, *Event, error) error
	onError    func(err error, wait time.Duration)
	resync     func(ctx context.Context, expired Checkpoint) (Checkpoint, error) // nil: none
	lease      *lease                                                            // nil: none
}

func defaults() config {
	return config{
		types: knownTypes(), pageSize: 100, every: 1, poll: 5 * time.Second,
		fetchTimeout: time.Minute, grace: 30 * time.Second, backoff: backoff{500 * time.Millisecond, time.Minute},
		onError: func(error, time.Duration) {},
	}
}

// WithTypes consumes only events of these types, such as [UserCreated]. The default is all types that this package has
// a constant for, because the API requires a list. Types that WorkOS does not know are no error. A checkpoint is a
// position among all events: types that are added later start from there.
func WithTypes(types ...fmt.Stringer) Option {
	return func(cfg *config) error {
		if len(types) == 0 {
			return errors.New("WithTypes: no types")
		}
		cfg.types = nil
		for i, t := range types {
			if t == nil || t.String() == "" {
				return fmt.Errorf("WithTypes: type %d has no name", i+1)
			}
			cfg.types = append(cfg.types, t.String())
		}
		return nil
	}
}

// WithOrganization consumes only events of one organization, "org_…".
func WithOrganization(id string) Option {
	return func(cfg *config) error {
		if id == "" {
			return errors.New("WithOrganization: ID is empty")
		}
		cfg.organization = id
		return nil
	}
}

// WithStartTime starts with the events of that time, to the millisecond, if the store has no checkpoint. The default is
// the oldest event that WorkOS retains.
func WithStartTime(t time.Time) Option {
	return func(cfg *config) error {
		if t.IsZero() {
			return errors.New("WithStartTime: time is zero")
		}
		cfg.start = Checkpoint{Since: t.UTC()}
		return nil
	}
}

// WithStartAfter starts after the event with that ID, "event_…", if the store has no checkpoint.
func WithStartAfter(id string) Option {
	return func(cfg *config) error {
		if id == "" {
			return errors.New("WithStartAfter: ID is empty")
		}
		cfg.start = Checkpoint{After: id}
		return nil
	}
}

// WithPageSize sets the number of events per request, 1 to 100. The default is 100.
func WithPageSize(n int) Option {
	return func(cfg *config) error {
		if n < 1 || n > 100 {
			return fmt.Errorf("WithPageSize: invalid size %d: want 1 to 100", n)
		}
		cfg.pageSize = n
		return nil
	}
}

// WithCheckpointEvery saves a checkpoint after n events, when no events are left, and when the consumer stops. The
// default is 1. After a crash at most n events are handled again. It has no effect if the store is a [Transactor].
func WithCheckpointEvery(n int) Option {
	return func(cfg *config) error {
		if n < 1 {
			return fmt.Errorf("WithCheckpointEvery: invalid number %d: want at least 1", n)
		}
		cfg.every = n
		return nil
	}
}

// WithPollInterval sets the wait before the next request when no events are left. The default is 5 seconds.
func WithPollInterval(d time.Duration) Option {
	return func(cfg *config) error { return positive("WithPollInterval", d, &cfg.poll) }
}

// WithFetchTimeout limits a request for events, including the body, whatever the client's own timeout. The default is 1
// minute.
func WithFetchTimeout(d time.Duration) Option {
	return func(cfg *config) error { return positive("WithFetchTimeout", d, &cfg.fetchTimeout) }
}

// WithGracePeriod sets how long the current handler may continue after the consumer is stopped, and after it the store.
// Then their contexts end. The default is 30 seconds.
func WithGracePeriod(d time.Duration) Option {
	return func(cfg *config) error { return positive("WithGracePeriod", d, &cfg.grace) }
}

// WithEventTimeout ends the context of each attempt to handle an event after d. By default attempts have no timeout.
// The consumer waits for a handler that ignores its context, but with [WithLease] lets another consumer lead then.
func WithEventTimeout(d time.Duration) Option {
	return func(cfg *config) error { return positive("WithEventTimeout", d, &cfg.eventTimeout) }
}

// WithBackoff sets the range of waits after failures: the maximum wait is lowest after the first failure and doubles
// with each further one, up to highest. The actual wait is random between 0 and the maximum ("full jitter"), so that
// consumers do not retry together. The defaults are 500 milliseconds and 1 minute. A longer Retry-After of the API is
// honored, up to 5 minutes. A request fails after the client's own retries, see
// [github.com/seed-f165d83c/workos/client.WithRetry].
func WithBackoff(lowest, highest time.Duration) Option {
	return func(cfg *config) error {
		if lowest <= 0 || highest < lowest {
			return fmt.Errorf("WithBackoff: invalid range %v to %v: want 0 < lowest <= highest", lowest, highest)
		}
		cfg.backoff = backoff{lowest, highest}
		return nil
	}
}

// WithDeadLetter gives up an event after its handler has failed attempts times: the consumer calls f with the event and
// the last error, and continues if f returns nil. If f fails, the handler is called again. By default an event is
// retried until it succeeds and blocks those after it.
//
// The number of attempts is saved with the checkpoint, so restarts do not reset it. Attempts that end the process count
// too, if they are the first of a run: an event that crashes the program is given up after attempts further starts,
// with [ErrInterrupted]. Attempts that are stopped with the consumer do not count, nor those in which webhook.Once does
// not call its handler, because another process handles the event or its store is down. After a panic the error is a
// [PanicError] with the stack. If the store is a [Transactor], f is called in a transaction, with the checkpoint.
func WithDeadLetter(attempts int, f func(ctx context.Context, e *Event, err error) error) Option {
	return func(cfg *config) error {
		switch {
		case attempts < 1:
			return fmt.Errorf("WithDeadLetter: invalid attempts %d: want at least 1", attempts)
		case f == nil:
			return errors.New("WithDeadLetter: function is nil")
		}
		cfg.attempts, cfg.deadLetter = attempts, f
		return nil
	}
}

// WithErrorFunc calls f, for example to log, before the consumer waits and retries after a failure. The consumer waits
// for f.
func WithErrorFunc(f func(err error, wait time.Duration)) Option {
	return func(cfg *config) error {
		if f == nil {
			return errors.New("WithErrorFunc: function is nil")
		}
		cfg.onError = f
		return nil
	}
}

func positive(what string, d time.Duration, into *time.Duration) error {
	if d <= 0 {
		return fmt.Errorf("%s: invalid duration %v: want more than 0", what, d)
	}
	*into = d
	return nil
}
