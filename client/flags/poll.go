package flags

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/client"
)

// path of the snapshot of all flags, which the description of the API lacks.
const path = "/sdk/feature-flags"

// storeKey is the key of the snapshot in a store.
const storeKey = "flags/snapshot"

// Run polls until ctx ends, and returns the cause. A failed poll is repeated: without a snapshot after a second, then
// two, four and so on up to the interval; with one after the interval, then up to a minute if that is longer. If the
// response asks for a longer wait (Retry-After), it waits that long, at most five minutes. Run once at a time.
func (r *Runtime) Run(ctx context.Context) error {
	if !r.running.CompareAndSwap(false, true) {
		return errors.New("workos/flags: Run is already running")
	}
	defer r.running.Store(false)
	r.restore(ctx)
	for ctx.Err() == nil {
		r.poll(ctx)
		timer := time.NewTimer(r.pause())
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
		}
	}
	return fmt.Errorf("workos/flags: %w", context.Cause(ctx))
}

// pause is the time until the next poll.
func (r *Runtime) pause() time.Duration {
	r.mu.Lock()
	failures, last := r.stats.Failures, r.stats.LastError
	r.mu.Unlock()
	wait := r.config.interval
	if failures > 0 {
		const doublings = 6 // one more is above maxRetry
		backoff := min(maxRetry, firstRetry<<min(failures-1, doublings))
		if r.current.Load() == nil {
			wait = min(wait, backoff)
		} else {
			wait = max(wait, backoff)
		}
	}
	const spread = 0.1
	wait = time.Duration(float64(wait) * (1 + spread*(2*rand.Float64()-1))) //nolint:gosec // no secret
	if failed, ok := errors.AsType[*client.Error](last); ok {
		if after, given := failed.RetryAfter(); given {
			wait = max(wait, min(after, maxRetryAfter))
		}
	}
	return wait
}

func (r *Runtime) poll(ctx context.Context) {
	r.mu.Lock()
	r.stats.Polls++
	r.stats.LastPoll = time.Now()
	r.mu.Unlock()

	before := r.current.Load()
	raw, err := r.fetch(ctx)
	if ctx.Err() != nil {
		return // Run ends
	}
	var after *snapshot
	var defects error
	if err == nil {
		after, defects, err = parse(raw, before)
	}
	if err != nil {
		err = fmt.Errorf("workos/flags: poll: %w", err)
	} else {
		r.current.Store(after)
	}
	r.record(err)
	if err != nil {
		r.report(ctx, err)
		r.restore(ctx) // the store may have been down before, or another process may have saved since
		return
	}
	if defects != nil {
		r.report(ctx, fmt.Errorf("workos/flags: %w", defects))
	}
	r.save(ctx, after)
	if before != nil {
		for _, change := range changes(before, after) {
			r.config.onChange(change)
		}
	}
}

// record updates the figures after a poll and wakes those who wait for it.
func (r *Runtime) record(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stats.LastError = err
	if err != nil {
		r.stats.FailedPolls++
		r.stats.Failures++
	} else {
		r.stats.Failures = 0
		r.stats.LastSuccess = time.Now()
	}
	r.wake()
}

func (r *Runtime) wake() {
	close(r.polled)
	r.polled = make(chan struct{})
}

func (r *Runtime) report(ctx context.Context, err error) {
	if r.config.logger != nil {
		r.config.logger.WarnContext(ctx, "feature flags: decisions continue with the last snapshot", "error", err)
	}
	r.config.onError(err)
}

func (r *Runtime) fetch(ctx context.Context) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, r.config.timeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(r.api.Server, "/")+path, nil)
	if err != nil {
		return nil, err //nolint:wrapcheck // names the URL
	}
	resp, err := r.api.Client.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxSnapshot+1))
	if err == nil && len(raw) > maxSnapshot {
		err = fmt.Errorf("the snapshot has more than %d bytes", maxSnapshot)
	}
	return raw, err
}

// restore starts from the snapshot of the store, unless there is one.
func (r *Runtime) restore(ctx context.Context) {
	if r.config.store == nil || r.current.Load() != nil {
		return
	}
	reading, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	raw, ok, err := r.config.store.Get(reading, storeKey)
	if err == nil && !ok {
		return
	}
	var first *snapshot
	var defects error
	if err == nil {
		first, defects, err = parse(raw, nil)
	}
	if err := errors.Join(err, defects); err != nil {
		r.report(ctx, fmt.Errorf("workos/flags: snapshot of the store: %w", err))
	}
	if first == nil {
		return
	}
	r.current.Store(first)
	r.stored = raw
	r.mu.Lock()
	r.wake()
	r.mu.Unlock()
}

// save stores the snapshot unless the store has it. Of several processes that do so at the same time one wins: all have
// polled just now.
func (r *Runtime) save(ctx context.Context, now *snapshot) {
	if r.config.store == nil || r.stored != nil && bytes.Equal(r.stored, now.raw) {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	added, err := r.config.store.Add(ctx, storeKey, now.raw, 0)
	if err == nil && !added {
		var old []byte
		if old, _, err = r.config.store.Get(ctx, storeKey); err == nil && !bytes.Equal(old, now.raw) {
			_, err = r.config.store.Swap(ctx, storeKey, old, now.raw, 0)
		}
	}
	if err != nil {
		r.report(ctx, fmt.Errorf("workos/flags: save the snapshot: %w", err))
		return
	}
	r.stored = now.raw
}
