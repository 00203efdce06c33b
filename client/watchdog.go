package client

import (
	"context"
	"sync"
	"time"
)

// watchdog ends attempts that take longer than a time-out. It does what a context with a time-out for each of them
// would, by one timer for all: arming a timer may wake a thread, which costs a few per cent of a fast exchange. The
// timer is armed at most once in the span of a time-out as long as no attempt takes that long, and runs out by itself
// when nothing is left to watch.
//
// It is safe for concurrent use.
type watchdog struct {
	timeout time.Duration // above 0
	single  bool          // whether it serves one call, which has a timer that ends with it

	mu          sync.Mutex
	armed       bool
	first, last *watch // in the order of their ends, which is that of their beginnings
}

// watch is an attempt under way.
type watch struct {
	end            time.Time
	cancel         context.CancelCauseFunc
	watched        bool
	previous, next *watch
}

// begin returns a context that ends when the time is up, with an *attemptTimeoutError as its cause, and a function to
// call when the attempt has ended.
func (d *watchdog) begin(ctx context.Context) (context.Context, context.CancelFunc) {
	if d.single {
		return context.WithTimeoutCause(ctx, d.timeout, &attemptTimeoutError{d.timeout})
	}
	ctx, cancel := context.WithCancelCause(ctx)
	w := &watch{end: time.Now().Add(d.timeout), cancel: cancel, watched: true}
	d.mu.Lock()
	defer d.mu.Unlock()
	if w.previous = d.last; d.last == nil {
		d.first = w
	} else {
		d.last.next = w
	}
	d.last = w
	if !d.armed {
		d.armed = true
		time.AfterFunc(d.timeout, d.look)
	}
	return ctx, func() {
		d.mu.Lock()
		d.remove(w)
		d.mu.Unlock()
		cancel(nil)
	}
}

// look ends the attempts whose time is up, and comes back when that of the next one will be.
func (d *watchdog) look() {
	now := time.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	for d.first != nil && !d.first.end.After(now) {
		d.first.cancel(&attemptTimeoutError{d.timeout})
		d.remove(d.first)
	}
	if d.armed = d.first != nil; d.armed {
		time.AfterFunc(d.first.end.Sub(now), d.look)
	}
}

// remove takes an attempt off the list, once. The lock is held.
func (d *watchdog) remove(w *watch) {
	if !w.watched {
		return
	}
	w.watched = false
	if w.previous == nil {
		d.first = w.next
	} else {
		w.previous.next = w.next
	}
	if w.next == nil {
		d.last = w.previous
	} else {
		w.next.previous = w.previous
	}
}
