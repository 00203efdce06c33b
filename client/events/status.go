package events

import (
	"sync"
	"time"
)

// Status is what a consumer tells of itself, such as for metrics and health checks.
type Status struct {
	// Checkpoint is the one saved last.
	Checkpoint Checkpoint
	// Handled counts the events done since the consumer was made, those given up as dead letters among them.
	Handled uint64
	// Lag is how old the oldest event may be that is not done yet. It is at most the poll interval and the time of a
	// request while the consumer keeps up, and grows while it cannot: because the handler is slow or fails, or the API
	// does not answer. It is 0 before Run.
	Lag time.Duration
	// Failures counts the attempts that have failed in a row: to fetch, to handle or to save.
	Failures int
	// LastError is the last failure of those, nil if Failures is 0.
	LastError error
}

// progress is the part of a consumer that Status reads while Run writes.
type progress struct {
	mu     sync.Mutex
	status Status
	upTo   time.Time // what is older is done
}

// Status tells how far the consumer has come. It is safe for concurrent use, also while Run runs.
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

// reached notes that what is older than t is done. The clock of an event may be missing.
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
