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

// Consumer reads the list of events (GET /events) without losing one: oldest first, each handed to a handler until that
// has done it, one after the other, with a checkpoint saved after. [NewConsumer] makes it: the zero value is of no use.
type Consumer struct {
	config

	api      *gen.ClientWithResponses
	store    Store
	handler  Handler
	running  atomic.Bool
	progress progress
}

// NewConsumer returns a consumer of the events of the client's environment. It sends nothing before [Consumer.Run]. An
// option that cannot work is an error, as is a nil argument.
func NewConsumer(c *client.Client, store Store, handler Handler, opts ...Option) (*Consumer, error) {
	if c == nil || store == nil || handler == nil {
		return nil, errors.New("workos events: NewConsumer needs a client, a store and a handler")
	}
	cfg := defaults()
	for i, opt := range opts {
		if opt == nil {
			return nil, fmt.Errorf("workos events: option %d is nil", i+1)
		}
		if err := opt(&cfg); err != nil {
			return nil, fmt.Errorf("workos events: %w", err)
		}
	}
	return &Consumer{config: cfg, api: c.API(), store: store, handler: handler}, nil
}

// Run consumes events until ctx ends. Then the handler that is at work finishes, its checkpoint is saved, and Run
// returns nil; [WithGracePeriod] bounds either. The handler's context has the values of ctx and ends after the grace
// period.
//
// A failure of the handler or of the store, and one of the API that may pass (429, 5xx, no answer, a broken or slow
// one), is tried again after a wait, without end: [WithErrorFunc] tells of each, and [Consumer.Status] of all. What
// cannot pass ends Run with an error: a store that fails at the beginning, credentials that are refused, a request that
// is, such as one from a checkpoint that WorkOS has forgotten. After such an error, or a crash, another Run goes on
// from the last checkpoint. Two at once are an error. A panic of the handler is not recovered.
func (c *Consumer) Run(ctx context.Context) error {
	if !c.running.CompareAndSwap(false, true) {
		return errors.New("workos events: the consumer runs already")
	}
	defer c.running.Store(false)
	work, end := linger(ctx, c.grace)
	defer end()
	c.progress.reached(time.Now())
	r := run{Consumer: c, stopping: ctx.Done()}
	if err := r.begin(ctx); err != nil {
		if r.isStopping() {
			return nil // what a canceled call of the store says is of no interest
		}
		return err
	}
	err := r.consume(ctx, work)
	return errors.Join(err, r.finish(work))
}

// run is one Run: where it is, and how far that is saved. Its methods have two notions of an end. What asks for events
// and waits ends when the consumer is told to stop; what handles and saves has a context that lasts longer: work.
type run struct {
	*Consumer

	stopping <-chan struct{}
	at       Checkpoint
	unsaved  int    // events done since the last checkpoint
	first    string // ID of the first event of the last page
}

func (r *run) isStopping() bool {
	select {
	case <-r.stopping:
		return true
	default:
		return false
	}
}

// begin loads the checkpoint. Where to start is saved at once, as a start at the present time would move with it.
func (r *run) begin(ctx context.Context) error {
	at, err := r.store.Load(ctx)
	if err != nil {
		return fmt.Errorf("workos events: load the checkpoint: %w", err)
	}
	r.at = at
	if at.isZero() && !r.start.isZero() {
		r.at = r.start
		if err := r.store.Save(ctx, r.at); err != nil {
			return fmt.Errorf("workos events: save the checkpoint: %w", err)
		}
	}
	r.progress.update(func(s *Status) { s.Checkpoint = r.at })
	return nil
}

// consume goes from page to page until ctx ends, which is no error, or something lasting fails.
func (r *run) consume(ctx, work context.Context) error {
	for !r.isStopping() {
		asked := time.Now()
		p, err := r.fetch(ctx, r.at)
		if r.isStopping() {
			break // what a canceled request says is of no interest
		}
		if err != nil {
			if isLasting(err) {
				return err
			}
			r.pause(err)
			continue
		}
		if !r.handlePage(work, p) || !p.isLast() || r.unsaved > 0 && !r.save(work) {
			continue
		}
		r.progress.succeeded()
		r.progress.reached(asked)
		sleep(r.stopping, r.poll)
	}
	return nil
}

// handlePage does what a page holds, and tells whether all of it is done.
func (r *run) handlePage(work context.Context, p *page) bool {
	for i, raw := range p.Data {
		e, err := Parse(raw)
		if err == nil && i == 0 && (e.ID == r.first || e.ID == r.at.After) {
			err = errors.New("the list begins with what is done")
		}
		if err != nil {
			r.pause(fmt.Errorf("workos events: after %s: %w", quote(r.at.After), err))
			return false
		}
		r.progress.reached(e.CreatedAt)
		if !r.handle(work, e) {
			return false
		}
		if i == 0 {
			r.first = e.ID
		}
		r.at = Checkpoint{After: e.ID}
		r.unsaved++
		r.progress.update(func(s *Status) { s.Handled++ })
		if r.unsaved >= r.every && !r.save(work) {
			return false
		}
	}
	if next := p.ListMetadata.After; len(p.Data) == 0 && next != "" && next != r.at.After {
		r.at = Checkpoint{After: next} // a filter may leave nothing of a page
		r.unsaved++
		return false
	}
	return true
}

// handle calls the handler until it has done the event. It returns false if the consumer is told to stop before.
func (r *run) handle(work context.Context, e *Event) bool {
	for attempt := 1; !r.isStopping(); attempt++ {
		err := r.handler(work, e)
		if err != nil && r.deadLetter != nil && attempt >= r.attempts {
			if failed := r.deadLetter(work, e, err); failed != nil {
				err = fmt.Errorf("%w; and as a dead letter: %w", err, failed)
			} else {
				err = nil
			}
		}
		if err == nil {
			r.progress.succeeded()
			return true
		}
		r.pause(fmt.Errorf("workos events: handle %s %s: %w", e.Type, quote(e.ID), err))
	}
	return false
}

// save saves the checkpoint until that succeeds. It returns false if the consumer is told to stop before; finish has
// another try.
func (r *run) save(work context.Context) bool {
	for {
		err := r.store.Save(work, r.at)
		if err == nil {
			r.unsaved = 0
			r.progress.update(func(s *Status) { s.Checkpoint = r.at })
			r.progress.succeeded()
			return true
		}
		if r.isStopping() {
			return false
		}
		r.pause(fmt.Errorf("workos events: save the checkpoint: %w", err))
	}
}

// finish saves what is done and not saved.
func (r *run) finish(work context.Context) error {
	if r.unsaved == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(work), r.grace) // its own time may be up
	defer cancel()
	if err := r.store.Save(ctx, r.at); err != nil {
		return fmt.Errorf("workos events: save the checkpoint on the way out: %w", err)
	}
	r.progress.update(func(s *Status) { s.Checkpoint = r.at })
	return nil
}

const maxRetryAfter = 5 * time.Minute

// pause tells of a failure and waits.
func (r *run) pause(err error) {
	wait := r.backoff.wait(r.progress.failed(err))
	if failed, ok := errors.AsType[*client.Error](err); ok {
		if after, given := failed.RetryAfter(); given {
			wait += min(after, maxRetryAfter)
		}
	}
	r.onError(err, wait)
	sleep(r.stopping, wait)
}
