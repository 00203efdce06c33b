package events

import (
	"sync"
	"time"
)

// Status is the state of a consumer, for metrics and health checks.
type Status struct {
	// Leading reports whether the consumer reads events: false outside Run and while it waits for the lease.
	Leading bool
	// Checkpoint is the last saved checkpoint.
	Checkpoint Checkpoint
	// CursorExpires is when WorkOS stops retaining the checkpoint's event, which leads to [ErrCursorExpired]; zero if
	// that is not known. While the consumer keeps up it is at least a week ahead: less is an early warning.
	CursorExpires time.Time
	// Handled is the number of events handled since the consumer was created, including dead letters.
	Handled uint64
	// Lag is the maximum age of the oldest unhandled event. While the consumer keeps up it is at most the poll interval
	// plus the time of a request; it grows if the handler is slow or fails, or the API fails. It is 0 before Run.
	Lag time.Duration
	// Failures is the number of consecutive failed attempts to fetch, handle or save.
	Failures int
	// LastError is the last of these failures; nil if Failures is 0.
	LastError error
}

// progress is the state that Run writes and Status reads.
type progress struct {
	mu     sync.Mutex
	status Status
	upTo   time.Time // older events are handled
}

// Status returns the current state. It is safe for concurrent use, also during Run.
func (c *Consumer) Status() Status {
	c.progress.mu.Lock()
	defer c.progress.mu.Unlock()
	status := c.progress.status
	if !c.progress.upTo.IsZero() {
		status.Lag = max(0, time.Since(c.progress.upTo))
	}
	return status
}

func (p *progress) update(f func(status *Status)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f(&p.status)
}

// reached records that events older than t are handled. Events may lack a time.
func (p *progress) reached(t time.Time) {
	if t.IsZero() {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.upTo = t
}

func (p *progress) failed(err error) (failures int) {
	p.update(func(s *Status) {
		s.Failures++
		s.LastError = err
		failures = s.Failures
	})
	return failures
}

func (p *progress) succeeded() {
	p.update(func(s *Status) { s.Failures, s.LastError = 0, nil })
}
