package events

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/seed-f165d83c/workos/client/internal/untried"
)

// PanicError is the failure of a handler, or of another function of the program, that panicked. Its text has the value
// of the panic, but not the stack.
type PanicError struct {
	// Value is the argument of panic.
	Value any
	// Stack is the stack of the goroutine, as of [debug.Stack].
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap returns the value of the panic if it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// ErrInterrupted is the failure of an event that is given up after a restart, because all its attempts failed or ended
// with the process before.
var ErrInterrupted = errors.New("attempts failed or ended with the process before a restart")

// handle calls the handler until it succeeds or the event is given up. It returns false if the consumer is stopped
// first.
func (r *run) handle(work context.Context, e *Event) bool {
	attempt := 0 // the last one that counts
	if r.stored.Failing == e.ID {
		attempt = r.stored.Attempts
	}
	r.at.Failing, r.at.Attempts = e.ID, attempt
	for !r.isStopping() {
		first := !r.resumed // an event that ends the process is the first one after the restart
		r.resumed = true
		err := ErrInterrupted
		if !first || !r.exhausted(attempt) {
			attempt++
			if first && !r.count(work, attempt) {
				break
			}
			if err = r.try(work, e, r.handler); untried.Is(err) {
				attempt--
			}
		}
		if err != nil && r.exhausted(attempt) && r.failed == nil && work.Err() == nil {
			if failed := r.try(work, e, r.letter(err)); failed != nil {
				err = fmt.Errorf("%w; dead letter: %w", err, failed)
			} else {
				err = nil
			}
		}
		if err == nil {
			r.progress.succeeded()
			return true
		}
		if r.failed != nil {
			break // the failure results from it
		}
		// If work has ended, the failure results from that; after a checkpoint in doubt no other can be saved.
		if work.Err() == nil && r.deadLetter != nil && r.doubt.Equal(Checkpoint{}) {
			r.at.Attempts = attempt
			r.saveAs(work, r.at)
		}
		r.pause(fmt.Errorf("workos/events: handle %s %s: %w", e.Type, quote(e.ID), err))
	}
	return false
}

// exhausted reports whether an event is given up after so many attempts.
func (r *run) exhausted(attempts int) bool { return r.deadLetter != nil && attempts >= r.attempts }

// letter returns the dead-letter function as a handler.
func (r *run) letter(cause error) Handler {
	return func(ctx context.Context, e *Event) error { return r.deadLetter(ctx, e, cause) }
}

// count saves the number of an attempt that begins. It returns false if the consumer is stopped first. An attempt that
// is stopped does not count: finish takes it back.
func (r *run) count(work context.Context, attempt int) bool {
	if r.deadLetter == nil {
		return true
	}
	next := r.at
	next.Attempts = attempt
	return r.saveAs(work, next)
}

// try calls a handler once, in a transaction if the store has them, and moves the checkpoint if it succeeds.
func (r *run) try(work context.Context, e *Event, handler Handler) error {
	next := Checkpoint{After: e.ID, Created: e.CreatedAt, Run: r.at.Run}
	if r.transactor == nil {
		err := r.call(work, e, handler)
		if err == nil {
			r.at = next
			r.unsaved++
		}
		return err
	}
	handled := false
	err := r.transactor.Transact(work, r.stored, next, func(ctx context.Context) error {
		r.doubt = Checkpoint{} // the store has that of before
		err := r.call(ctx, e, handler)
		handled = err == nil
		return err
	})
	if err != nil && handled && r.committed(work, next) {
		err = nil
	}
	switch {
	case err == nil:
		r.at, r.doubt = next, Checkpoint{}
		r.reached(next)
	case errors.Is(err, ErrSuperseded):
		r.fail(fmt.Errorf("workos/events: save the checkpoint: %w", err))
	}
	return err
}

// committed reports whether a transaction that failed was committed nevertheless. If that cannot be known, the
// checkpoint is in doubt.
func (r *run) committed(ctx context.Context, next Checkpoint) bool {
	stored, err := r.store.Load(ctx)
	if err != nil {
		r.doubt = next
	}
	return err == nil && stored.Equal(next)
}

// call calls a handler within its timeout and recovers a panic.
func (r *run) call(ctx context.Context, e *Event, handler Handler) error {
	if r.eventTimeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, r.eventTimeout)
		defer cancel()
		overdue := time.AfterFunc(r.eventTimeout+r.grace, func() { r.stuck.Store(true) })
		defer func() {
			overdue.Stop()
			r.stuck.Store(false)
		}()
	}
	return recovered(func() error { return handler(ctx, e) })
}

// recovered calls a function of the program and returns its panic as an error.
func recovered(f func() error) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &PanicError{Value: value, Stack: debug.Stack()}
		}
	}()
	return f()
}
