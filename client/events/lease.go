package events

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"time"

	"github.com/seed-f165d83c/workos/client/state"
)

// errLeaseLost ends a term.
var errLeaseLost = errors.New("workos/events: lease lost")

// lease elects one of several consumers: the key has the token of the one that leads, and expires unless it is renewed.
type lease struct {
	store state.Store
	key   string
	term  time.Duration // within which a hung leader is replaced
}

// The parts of a term add up to less than a whole one: a leader that hangs right after it has renewed the lease is
// replaced after stored + wait.
func (l *lease) stored() time.Duration { return l.term * 3 / 4 }
func (l *lease) wait() time.Duration   { return l.term / 8 }

// release is the ttl of a lease that is given back: as short as possible.
const release = 1

// WithLease runs one consumer in several processes, of which one at a time leads: it has a lease in a shared store,
// under the key "events/lease/" + name, and renews it. The others wait in [Consumer.Run]. If the leader ends, hangs, or
// is cut off, another one leads after at most term, and at once if the leader stops properly. A term is at least a
// second; 15 seconds is a good value.
//
// A leader that cannot renew stops before the lease expires and waits like the others. One that hangs and wakes later
// may call its handler once more, but the checkpoint is fenced: see [ErrSuperseded]. Only with a [Transactor] its late
// effects are undone too.
//
// If the store is down, the leader stops within the term and nobody leads until the store is back: events wait at
// WorkOS, and Run does not return. Set [WithEventTimeout] too: a leader whose handler ignores it for longer than
// [WithGracePeriod] stops renewing.
func WithLease(store state.Store, name string, term time.Duration) Option {
	return func(cfg *config) error {
		if store == nil || name == "" {
			return errors.New("WithLease: store is nil or name is empty")
		}
		if term < time.Second {
			return fmt.Errorf("WithLease: invalid term %v: want at least 1s", term)
		}
		l := &lease{store, "events/lease/" + name, term}
		if err := state.Check(l.key, nil, 0); err != nil {
			return fmt.Errorf("WithLease: %w", err)
		}
		cfg.lease = l
		return nil
	}
}

// lead runs the consumer whenever it has the lease, until ctx ends or a failure that no other consumer would survive. A
// store that fails is none: the process waits for it, as for the lease.
func (c *Consumer) lead(ctx context.Context) error {
	token := []byte(rand.Text())
	for {
		since, ok := c.elect(ctx, token)
		if !ok {
			return nil
		}
		err := c.hold(ctx, token, since)
		switch {
		case ctx.Err() != nil, isPermanent(err):
			return err
		case err != nil:
			c.onError(err, c.lease.wait())
		}
		sleep(ctx.Done(), c.lease.wait()) // others first
	}
}

// elect waits for the lease. It returns the time before it was acquired, and false if ctx ends first.
func (c *Consumer) elect(ctx context.Context, token []byte) (since time.Time, ok bool) {
	for ctx.Err() == nil {
		since = time.Now()
		acquired, err := c.lease.acquire(ctx, token)
		if acquired {
			return since, true
		}
		if err != nil && ctx.Err() == nil {
			err = fmt.Errorf("workos/events: acquire the lease: %w", err)
			c.progress.failed(err)
			c.onError(err, c.lease.wait())
		}
		wait := c.lease.wait()
		sleep(ctx.Done(), wait/2+mathrand.N(wait/2+1)) //nolint:gosec // no secret depends on it
	}
	return since, false
}

func (l *lease) acquire(ctx context.Context, token []byte) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, l.wait())
	defer cancel()
	added, err := l.store.Add(ctx, l.key, token, l.stored())
	if added || err != nil {
		return added, err
	}
	// It may be ours if an earlier response was lost.
	return l.store.Swap(ctx, l.key, token, token, l.stored())
}

// hold runs the consumer and renews the lease meanwhile.
func (c *Consumer) hold(ctx context.Context, token []byte, since time.Time) error {
	leading, lost := context.WithCancelCause(ctx)
	renewing, stop := context.WithCancel(context.WithoutCancel(ctx)) // while the last handler finishes
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := c.renew(renewing, token, since); err != nil {
			lost(err)
		}
	}()
	defer func() {
		stop()
		<-ended
		lost(nil)
		if !errors.Is(context.Cause(leading), errLeaseLost) {
			c.resign(ctx, token)
		}
	}()
	err := c.run(leading)
	if cause := context.Cause(leading); ctx.Err() == nil && errors.Is(cause, errLeaseLost) {
		return errors.Join(cause, err)
	}
	return err
}

// renew renews the lease until ctx ends. It returns an error that wraps errLeaseLost if it cannot, while the lease is
// still valid.
func (c *Consumer) renew(ctx context.Context, token []byte, since time.Time) error {
	l := c.lease
	for {
		sleep(ctx.Done(), l.wait())
		if ctx.Err() != nil {
			return nil //nolint:nilerr // the end of the term is no failure
		}
		if c.stuck.Load() {
			return fmt.Errorf("%w: the handler does not return", errLeaseLost)
		}
		attempt := time.Now()
		if attempt.Sub(since) >= l.stored() {
			return fmt.Errorf("%w: not renewed for %v", errLeaseLost, attempt.Sub(since))
		}
		call, cancel := context.WithTimeout(ctx, l.wait())
		renewed, err := l.store.Swap(call, l.key, token, token, l.stored())
		cancel()
		switch {
		case ctx.Err() != nil:
			return nil //nolint:nilerr // as above
		case renewed:
			since = attempt
		case err == nil:
			return fmt.Errorf("%w: another consumer has it", errLeaseLost)
		case time.Since(since) >= l.stored()-2*l.wait(): // the next attempt could end too late
			return fmt.Errorf("%w: %w", errLeaseLost, err)
		}
	}
}

// resign gives the lease back.
func (c *Consumer) resign(ctx context.Context, token []byte) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.lease.wait())
	defer cancel()
	if _, err := c.lease.store.Swap(ctx, c.lease.key, token, token, release); err != nil {
		c.onError(fmt.Errorf("workos/events: give the lease back: %w", err), 0)
	}
}
