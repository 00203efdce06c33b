package events

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// Consumer reads the list of events (GET /events), oldest first, and passes one event at a time to a handler until the
// handler succeeds. Then it saves a checkpoint, so no event is lost. Create it with [NewConsumer]; the zero value is
// not usable.
type Consumer struct {
	config

	api      *gen.ClientWithResponses
	store    Store
	handler  Handler
	running  atomic.Bool
	stuck    atomic.Bool // the handler ignores its timeout
	progress progress
}

// NewConsumer returns a consumer of the events of the client's environment. It sends nothing before [Consumer.Run]. It
// rejects nil arguments and invalid options. If store is a [Transactor], handlers and dead letters are called in its
// transactions.
func NewConsumer(c *client.Client, store Store, handler Handler, opts ...Option) (*Consumer, error) {
	if c == nil || store == nil || handler == nil {
		return nil, errors.New("workos/events: NewConsumer: client, store or handler is nil")
	}
	cfg := defaults()
	for i, opt := range opts {
		if opt == nil {
			return nil, fmt.Errorf("workos/events: option %d is nil", i+1)
		}
		if err := opt(&cfg); err != nil {
			return nil, fmt.Errorf("workos/events: %w", err)
		}
	}
	return &Consumer{config: cfg, api: c.API(), store: store, handler: handler}, nil
}

// Run consumes events until ctx ends. Then the current handler finishes, its checkpoint is saved, and Run returns nil;
// [WithGracePeriod] limits each of the two. The handler's context has the values of ctx and ends after the grace
// period.
//
// Run retries without end, after waits, if the handler or the store fails or the API fails temporarily (429, 5xx, no
// response, a slow or incomplete one). [WithErrorFunc] and [Consumer.Status] report each failure. A panic of the
// handler is a failure too, a [PanicError].
//
// Run returns an error if retrying is useless: the store fails at the start, credentials or a request are rejected,
// WorkOS no longer retains the checkpoint's event ([ErrCursorExpired], unless [WithResync] is set), or another run has
// saved to the same store ([ErrSuperseded]): the run that starts last wins, and with [WithLease] waits instead. Another
// Run continues from the last checkpoint, after an error or a crash. A second concurrent Run of the same consumer
// returns an error.
func (c *Consumer) Run(ctx context.Context) error {
	if !c.running.CompareAndSwap(false, true) {
		return errors.New("workos/events: consumer is already running")
	}
	defer c.running.Store(false)
	if c.lease != nil {
		return c.lead(ctx)
	}
	return c.run(ctx)
}

// run consumes events until ctx ends. If it ends because the lease is lost, there is no grace period.
func (c *Consumer) run(ctx context.Context) error {
	work, end := linger(ctx, c.grace)
	defer end()
	c.progress.reached(time.Now())
	c.progress.update(func(s *Status) { s.Leading = true })
	defer c.progress.update(func(s *Status) { s.Leading = false })
	r := &run{Consumer: c, stopping: ctx.Done()}
	r.transactor, _ = c.store.(Transactor)
	if err := r.begin(ctx); err != nil {
		if ctx.Err() != nil {
			return nil // the store's error results from the cancellation
		}
		return err
	}
	err := r.consume(ctx, work)
	return errors.Join(err, r.finish(work))
}
