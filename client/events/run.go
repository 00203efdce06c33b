package events

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/seed-f165d83c/workos/client"
)

// run is the state of one run. Requests and waits end when the consumer is stopped; handling and saving use the context
// work, which lasts longer.
type run struct {
	*Consumer

	transactor Transactor // nil if the store is none
	stopping   <-chan struct{}
	failed     error // ends the run
	stored     Checkpoint
	at         Checkpoint
	unsaved    int        // events handled since the last checkpoint
	resumed    bool       // an event was passed to the handler
	doubt      Checkpoint // of a transaction that may have been committed; zero if there is none
	history    history
}

func (r *run) isStopping() bool {
	if r.failed != nil {
		return true
	}
	select {
	case <-r.stopping:
		return true
	default:
		return false
	}
}

// begin loads the checkpoint and saves it as one of this run, which ends any other. It saves a start time at once,
// because a start at the present time would move otherwise.
func (r *run) begin(ctx context.Context) error {
	stored, err := r.store.Load(ctx)
	if err != nil {
		return fmt.Errorf("workos/events: load the checkpoint: %w", err)
	}
	next := stored
	if stored.isStart() && !r.start.isStart() {
		next = r.start
	}
	next.Run = rand.Text()
	if err := r.store.Save(ctx, stored, next); err != nil {
		return fmt.Errorf("workos/events: save the checkpoint: %w", err)
	}
	r.at = next.position()
	r.reached(next)
	r.history.add(r.at.After)
	return nil
}

// reached records the checkpoint that is in the store.
func (r *run) reached(stored Checkpoint) {
	r.stored = stored
	r.progress.update(func(s *Status) {
		s.Checkpoint = stored
		s.CursorExpires = expiry(stored)
	})
}

// consume processes pages until ctx ends, which is not an error, or a permanent failure.
func (r *run) consume(ctx, work context.Context) error {
	empty := 0   // consecutive pages without events
	resyncs := 0 // since the last page
	for !r.isStopping() {
		asked := time.Now()
		p, err := r.fetch(ctx, r.at)
		if r.isStopping() {
			break // the error results from the cancellation
		}
		if errors.Is(err, ErrCursorExpired) && r.resync != nil {
			if resyncs > 0 { // what the program said has expired, too
				r.pause(err)
			}
			if !r.isStopping() && r.restart(work) {
				resyncs++
			}
			continue
		}
		if err != nil {
			if isPermanent(err) {
				return err
			}
			r.pause(err)
			continue
		}
		resyncs = 0
		if p.leads(r.at) {
			r.skip(work, p, empty)
			empty++
			continue
		}
		empty = 0
		if !r.handlePage(work, p) || !p.isLast() {
			continue
		}
		r.anchor(p, asked)
		if r.unsaved > 0 && !r.save(work) {
			continue
		}
		r.progress.succeeded()
		r.progress.reached(asked)
		sleep(r.stopping, r.poll)
	}
	return r.failed
}

// firstPace is the wait after the second empty page in a row; it doubles with each further one, up to the poll
// interval.
const firstPace = 50 * time.Millisecond

// skip continues from the cursor of an empty page, which a filter may leave.
func (r *run) skip(work context.Context, p *page, before int) {
	next := p.ListMetadata.After
	if !r.history.add(next) {
		r.pause(fmt.Errorf("workos/events: after %s: the cursor goes back to %s", quote(r.at.After), quote(next)))
		return
	}
	r.at = Checkpoint{After: next, Run: r.at.Run}
	r.unsaved++
	if r.unsaved >= r.every && !r.save(work) {
		return
	}
	if before > 0 {
		sleep(r.stopping, min(r.poll, firstPace<<min(before-1, 20)))
	}
}

// handlePage handles the events of a page and reports whether all succeeded.
func (r *run) handlePage(work context.Context, p *page) bool {
	for _, raw := range p.Data {
		e, err := Parse(raw)
		if err == nil && r.history.has(e.ID) {
			err = fmt.Errorf("the list repeats %s, a handled event", quote(e.ID))
		}
		if err != nil {
			r.pause(fmt.Errorf("workos/events: after %s: %w", quote(r.at.After), err))
			return false
		}
		r.progress.reached(e.CreatedAt)
		if !r.handle(work, e) {
			return false
		}
		r.history.add(e.ID)
		r.progress.update(func(s *Status) { s.Handled++ })
		if r.unsaved >= r.every && !r.save(work) {
			return false
		}
	}
	return true
}

// save saves the checkpoint until that succeeds. It returns false if the consumer is stopped first; finish tries again.
func (r *run) save(work context.Context) bool { return r.saveAs(work, r.at) }

func (r *run) saveAs(work context.Context, next Checkpoint) bool {
	for {
		err := r.store.Save(work, r.stored, next)
		if err == nil {
			r.unsaved = 0
			r.reached(next)
			r.progress.succeeded()
			return true
		}
		err = fmt.Errorf("workos/events: save the checkpoint: %w", err)
		if errors.Is(err, ErrSuperseded) {
			r.fail(err)
		}
		if r.isStopping() {
			return false
		}
		r.pause(err)
	}
}

// fail ends the run.
func (r *run) fail(err error) {
	r.failed = err
	r.progress.failed(err)
}

// finish saves the checkpoint of handled events.
func (r *run) finish(work context.Context) error {
	if r.unsaved == 0 && r.stored.Attempts == r.at.Attempts || errors.Is(r.failed, ErrSuperseded) {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(work), r.grace) // work may have ended
	defer cancel()
	if !r.doubt.Equal(Checkpoint{}) && r.committed(ctx, r.doubt) {
		r.reached(r.doubt)
		return nil
	}
	if err := r.store.Save(ctx, r.stored, r.at); err != nil {
		return fmt.Errorf("workos/events: save the last checkpoint: %w", err)
	}
	r.reached(r.at)
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
