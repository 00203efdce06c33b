package events

import (
	"context"
	"math/rand/v2"
	"time"
)

// backoff holds the bounds of waits after failures in a row.
type backoff struct{ lowest, highest time.Duration }

// wait is drawn for a number of failures in a row, the first of which is 1.
func (b backoff) wait(failures int) time.Duration {
	bound := b.lowest
	for range failures - 1 {
		if bound > b.highest/2 {
			bound = b.highest
			break
		}
		bound *= 2
	}
	return time.Duration(rand.Uint64N(uint64(bound) + 1)) //nolint:gosec // no secret depends on it, and bound is positive
}

// sleep waits, or until stopping is closed.
func sleep(stopping <-chan struct{}, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-stopping:
	}
}

// linger returns a context that ends some time after ctx has ended, for work that is to be finished. The function that
// it returns ends it at once.
func linger(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		sleep(work.Done(), grace)
		cancel()
	})
	return work, func() {
		stop()
		cancel()
	}
}
