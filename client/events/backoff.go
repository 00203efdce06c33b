package events

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"
)

// backoff is the range of waits after consecutive failures.
type backoff struct{ lowest, highest time.Duration }

// wait returns a random wait after a number of consecutive failures, counted from 1.
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

// sleep waits until d has passed or stopping is closed.
func sleep(stopping <-chan struct{}, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-stopping:
	}
}

// linger returns a context that ends some time after ctx, for work that must finish, and a function that ends it at
// once. If ctx ends because the lease is lost, it ends at once too.
func linger(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		if !errors.Is(context.Cause(ctx), errLeaseLost) {
			sleep(work.Done(), grace)
		}
		cancel()
	})
	return work, func() {
		stop()
		cancel()
	}
}
