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
	progress progress
}

// NewConsumer returns a consumer of the events of the client's environment. It sends nothing before [Consumer.Run]. It
// rejects nil arguments and invalid options.
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
// response, a slow or incomplete one). [WithErrorFunc] and [Consumer.Status] report each failure. Run returns an error
// if retrying is useless: the store fails at the start, credentials or a request are rejected, for example because
// WorkOS no longer retains the checkpoint's event. Another Run continues from the last checkpoint, after an error or a
// crash. A second concurrent Run returns an error. Run does not recover panics of the handler.
func (c *Consumer) Run(ctx context.Context) error {
	if !c.running.CompareAndSwap(false, true) {
		return errors.New("workos/events: consumer is already running")
	}
	defer c.running.Store(false)
	work, end := linger(ctx, c.grace)
	defer end()
	c.progress.reached(time.Now())
	r := run{Consumer: c, stopping: ctx.Done()}
	if err := r.begin(ctx); err != nil {
		if r.isStopping() {
			return nil // the store's error results from the cancellation
		}
		return err
	}
	err := r.consume(ctx, work)
	return errors.Join(err, r.finish(work))
}

// run is the state of one Run. Requests and waits end when the consumer is stopped; handling and saving use the context
// work, which lasts longer.
type run struct {
	*Consumer

	stopping <-chan struct{}
	at       Checkpoint
	unsaved  int    // events handled since the last checkpoint
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

// begin loads the checkpoint. It saves a start time at once, because a start at the present time would move otherwise.
func (r *run) begin(ctx context.Context) error {
	at, err := r.store.Load(ctx)
	if err != nil {
		return fmt.Errorf("workos/events: load the checkpoint: %w", err)
	}
	r.at = at
	if at.isZero() && !r.start.isZero() {
		r.at = r.start
		if err := r.store.Save(ctx, r.at); err != nil {
			return fmt.Errorf("workos/events: save the checkpoint: %w", err)
		}
	}
	r.progress.update(func(s *Status) { s.Checkpoint = r.at })
	return nil
}

// consume processes pages until ctx ends, which is not an error, or a permanent failure.
func (r *run) consume(ctx, work context.Context) error {
	for !r.isStopping() {
		asked := time.Now()
		p, err := r.fetch(ctx, r.at)
		if r.isStopping() {
			break // the error results from the cancellation
		}
		if err != nil {
			if isPermanent(err) {
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

// handlePage handles the events of a page and reports whether all succeeded.
func (r *run) handlePage(work context.Context, p *page) bool {
	for i, raw := range p.Data {
		e, err := Parse(raw)
		if err == nil && i == 0 && (e.ID == r.first || e.ID == r.at.After) {
			err = errors.New("the list begins with a handled event")
		}
		if err != nil {
			r.pause(fmt.Errorf("workos/events: after %s: %w", quote(r.at.After), err))
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
		r.at = Checkpoint{After: next} // a filter may leave a page empty
		r.unsaved++
		return false
	}
	return true
}

// handle calls the handler until it succeeds. It returns false if the consumer is stopped first.
func (r *run) handle(work context.Context, e *Event) bool {
	for attempt := 1; !r.isStopping(); attempt++ {
		err := r.handler(work, e)
		if err != nil && r.deadLetter != nil && attempt >= r.attempts {
			if failed := r.deadLetter(work, e, err); failed != nil {
				err = fmt.Errorf("%w; dead letter: %w", err, failed)
			} else {
				err = nil
			}
		}
		if err == nil {
			r.progress.succeeded()
			return true
		}
		r.pause(fmt.Errorf("workos/events: handle %s %s: %w", e.Type, quote(e.ID), err))
	}
	return false
}

// save saves the checkpoint until that succeeds. It returns false if the consumer is stopped first; finish tries again.
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
		r.pause(fmt.Errorf("workos/events: save the checkpoint: %w", err))
	}
}

// finish saves the checkpoint of handled events.
func (r *run) finish(work context.Context) error {
	if r.unsaved == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(work), r.grace) // work may have ended
	defer cancel()
	if err := r.store.Save(ctx, r.at); err != nil {
		return fmt.Errorf("workos/events: save the last checkpoint: %w", err)
	}
	r.progress.update(func(s *Status) { s.Checkpoint = r.at })
	return nil
}

const maxRetryAfter = 5 * time.Minute

// pause reports a failure and waits.
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
