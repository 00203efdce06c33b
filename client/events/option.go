package events

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Option configures a consumer in [NewConsumer]. Of two that set the same thing the later one counts.
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
	backoff      backoff

	attempts   int
	deadLetter func(context.Context, *Event, error) error
	onError    func(err error, wait time.Duration)
}

func defaults() config {
	return config{
		types: knownTypes(), pageSize: 100, every: 1, poll: 5 * time.Second,
		fetchTimeout: time.Minute, grace: 30 * time.Second, backoff: backoff{500 * time.Millisecond, time.Minute},
		onError: func(error, time.Duration) {},
	}
}

// WithTypes consumes events of these types alone, such as [UserCreated], in place of all that this package has a
// constant for: the API requires the types. It is no error if WorkOS does not know one. The checkpoint is a place among
// all events: types that are added later come from that place on.
func WithTypes(types ...fmt.Stringer) Option {
	return func(cfg *config) error {
		if len(types) == 0 {
			return errors.New("no type is given; without WithTypes, all known types come")
		}
		cfg.types = nil
		for i, t := range types {
			if t == nil || t.String() == "" {
				return fmt.Errorf("type %d has no name", i+1)
			}
			cfg.types = append(cfg.types, t.String())
		}
		return nil
	}
}

// WithOrganization consumes events of one organization alone, "org_…".
func WithOrganization(id string) Option {
	return func(cfg *config) error {
		if id == "" {
			return errors.New("organization is empty")
		}
		cfg.organization = id
		return nil
	}
}

// WithStartTime begins with the events of that time, to the millisecond, if the store has no checkpoint. Without it a
// consumer begins with the oldest event that WorkOS keeps.
func WithStartTime(t time.Time) Option {
	return func(cfg *config) error {
		if t.IsZero() {
			return errors.New("start time is zero; without WithStartTime, all events come")
		}
		cfg.start = Checkpoint{Since: t}
		return nil
	}
}

// WithStartAfter begins after the event of that ID, "event_…", if the store has no checkpoint.
func WithStartAfter(id string) Option {
	return func(cfg *config) error {
		if id == "" {
			return errors.New("event to start after is empty")
		}
		cfg.start = Checkpoint{After: id}
		return nil
	}
}

// WithPageSize sets how many events one request asks for: 1 to 100, 100 unless set.
func WithPageSize(n int) Option {
	return func(cfg *config) error {
		if n < 1 || n > 100 {
			return fmt.Errorf("page size is %d; it must be from 1 to 100", n)
		}
		cfg.pageSize = n
		return nil
	}
}

// WithCheckpointEvery saves a checkpoint after n events, after the last one that there is, and on the way out; 1 unless
// set. After a crash at most n events come again.
func WithCheckpointEvery(n int) Option {
	return func(cfg *config) error {
		if n < 1 {
			return fmt.Errorf("checkpoint interval is %d events; it must be at least 1", n)
		}
		cfg.every = n
		return nil
	}
}

// WithPollInterval sets how long to wait, once all events are done, before asking for more; 5 seconds unless set.
func WithPollInterval(d time.Duration) Option {
	return func(cfg *config) error { return positive("poll interval", d, &cfg.poll) }
}

// WithFetchTimeout bounds one request for events, body included, whatever the client's own limit is; 1 minute unless
// set.
func WithFetchTimeout(d time.Duration) Option {
	return func(cfg *config) error { return positive("fetch time-out", d, &cfg.fetchTimeout) }
}

// WithGracePeriod sets how long a handler that is at work may go on after the consumer was told to stop, and after that
// the store to save its checkpoint; 30 seconds unless set. Then their contexts end.
func WithGracePeriod(d time.Duration) Option {
	return func(cfg *config) error { return positive("grace period", d, &cfg.grace) }
}

// WithBackoff sets the bounds of the waits after failures: the first is up to lowest, each further one up to twice as
// much, up to highest. What a wait really is, is drawn at random between 0 and its bound ("full jitter"), so that
// consumers do not come back together. They are 500 milliseconds and 1 minute unless set. A Retry-After of the API is
// waited for beyond that, up to 5 minutes. A request counts as failed when the client's own repetitions have, see
// [github.com/seed-f165d83c/workos/client.WithRetry].
func WithBackoff(lowest, highest time.Duration) Option {
	return func(cfg *config) error {
		if lowest <= 0 || highest < lowest {
			return fmt.Errorf("back-off is %v to %v; it must be more than 0 and not descend", lowest, highest)
		}
		cfg.backoff = backoff{lowest, highest}
		return nil
	}
}

// WithDeadLetter gives an event up once its handler has failed that many times: f gets it, with the last error, and the
// consumer goes on if f returns nil, as f has put it where somebody will look. If f fails, the handler is tried again.
// Without it an event is tried until it succeeds, and holds up those behind it: nothing is skipped in silence.
func WithDeadLetter(attempts int, f func(ctx context.Context, e *Event, err error) error) Option {
	return func(cfg *config) error {
		switch {
		case attempts < 1:
			return fmt.Errorf("attempts before the dead letter are %d; they must be at least 1", attempts)
		case f == nil:
			return errors.New("dead letter function is nil")
		}
		cfg.attempts, cfg.deadLetter = attempts, f
		return nil
	}
}

// WithErrorFunc calls f for each failure that the consumer is about to wait for and try again, such as to log it. The
// consumer waits for f to return, too.
func WithErrorFunc(f func(err error, wait time.Duration)) Option {
	return func(cfg *config) error {
		if f == nil {
			return errors.New("error function is nil")
		}
		cfg.onError = f
		return nil
	}
}

func positive(what string, d time.Duration, into *time.Duration) error {
	if d <= 0 {
		return fmt.Errorf("%s is %v; it must be more than 0", what, d)
	}
	*into = d
	return nil
}
