package flags

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// Runtime decides flags by a polled snapshot. It is safe for concurrent use. Create it with [New]; the zero value is
// not usable.
type Runtime struct {
	config config
	api    *gen.Client

	current atomic.Pointer[snapshot]
	running atomic.Bool
	stored  []byte // the snapshot that the store is known to have; of Run's goroutine

	mu     sync.Mutex
	polled chan struct{} // closed and replaced after each poll
	stats  Stats
}

// Stats are figures of a [Runtime] since it was created.
type Stats struct {
	Polls, FailedPolls uint64
	// Flags is the number of flags in the snapshot.
	Flags int
	// LastPoll is when the last poll began, LastSuccess when the snapshot came; zero if there was none. A snapshot of a
	// file or store has no LastSuccess.
	LastPoll, LastSuccess time.Time
	// Age is the time since LastSuccess; 0 if there was none.
	Age time.Duration
	// Failures is the number of failed polls since LastSuccess, and LastError the error of the last one; nil for none.
	Failures  int
	LastError error
}

// New returns a runtime that polls with the client's credentials once [Runtime.Run] is called. It sends nothing.
func New(c *client.Client, opts ...Option) (*Runtime, error) {
	if c == nil || c.FeatureFlags == nil {
		return nil, errors.New("workos/flags: client is nil: use client.New")
	}
	api, ok := c.API().ClientInterface.(*gen.Client)
	if !ok {
		return nil, errors.New("workos/flags: the client has no generated client")
	}
	cfg := config{
		interval: 30 * time.Second, timeout: 10 * time.Second, onChange: func(Change) {}, onError: func(error) {},
	}
	for i, opt := range opts {
		if opt == nil {
			return nil, fmt.Errorf("workos/flags: option %d is nil", i+1)
		}
		if err := opt(&cfg); err != nil {
			return nil, fmt.Errorf("workos/flags: %w", err)
		}
	}
	r := &Runtime{config: cfg, api: api, polled: make(chan struct{})}
	if cfg.bootstrap != "" {
		if err := r.bootstrap(cfg.bootstrap); err != nil {
			return nil, fmt.Errorf("workos/flags: WithBootstrapFile: %w", err)
		}
	}
	return r, nil
}

func (r *Runtime) bootstrap(path string) error {
	file, err := os.Open(path) //nolint:gosec // the program's own path
	if err != nil {
		return err //nolint:wrapcheck // names the path
	}
	defer func() { _ = file.Close() }()
	raw, err := io.ReadAll(io.LimitReader(file, maxSnapshot+1))
	switch {
	case err != nil:
		return err //nolint:wrapcheck // names the path
	case len(raw) > maxSnapshot:
		return fmt.Errorf("%s has more than %d bytes", path, maxSnapshot)
	}
	first, defects, err := parse(raw, nil)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if defects != nil {
		r.config.onError(fmt.Errorf("workos/flags: %s: %w", path, defects))
	}
	r.current.Store(first)
	return nil
}

// IsEnabled decides a flag for a target. It never waits and never fails: ctx only reaches the handler of [WithLogger].
func (r *Runtime) IsEnabled(ctx context.Context, flag string, target Target) bool {
	r.warn(ctx, target)
	found := r.current.Load().entry(flag)
	if found == nil {
		return r.config.defaults[flag]
	}
	return found.decide(target)
}

// All decides every flag of the snapshot for a target, by slug. It is empty until there is a snapshot.
func (r *Runtime) All(ctx context.Context, target Target) map[string]bool {
	r.warn(ctx, target)
	now := r.current.Load()
	if now == nil {
		return map[string]bool{}
	}
	all := make(map[string]bool, len(now.flags))
	for slug, e := range now.flags {
		all[slug] = e.decide(target)
	}
	return all
}

func (e *entry) decide(target Target) bool {
	return e.flag.Enabled && (e.flag.DefaultValue || target.among(e.targets))
}

// warn logs the types of invalid IDs.
func (r *Runtime) warn(ctx context.Context, target Target) {
	if r.config.logger == nil {
		return
	}
	if kinds := target.invalid(); len(kinds) > 0 {
		r.config.logger.WarnContext(ctx, "feature flags: target has an invalid type or ID, which matches no flag",
			"types", kinds)
	}
}

// Flag returns the state of a flag; ok is false if the snapshot lacks it.
func (r *Runtime) Flag(slug string) (flag Flag, ok bool) {
	found := r.current.Load().entry(slug)
	if found == nil {
		return Flag{}, false
	}
	return *found.flag, true
}

// WriteSnapshot writes the current snapshot as JSON, for [WithBootstrapFile]. It fails before the first one is loaded.
func (r *Runtime) WriteSnapshot(w io.Writer) error {
	now := r.current.Load()
	if now == nil {
		return errors.New("workos/flags: no snapshot yet")
	}
	if _, err := w.Write(now.raw); err != nil {
		return fmt.Errorf("workos/flags: write the snapshot: %w", err)
	}
	return nil
}

// Stats returns the present figures.
func (r *Runtime) Stats() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	stats := r.stats
	if now := r.current.Load(); now != nil {
		stats.Flags = len(now.flags)
	}
	if !stats.LastSuccess.IsZero() {
		stats.Age = time.Since(stats.LastSuccess)
	}
	return stats
}

// WaitUntilReady waits until a snapshot is loaded. Until then a rejected credential ([client.ErrUnauthorized],
// [client.ErrForbidden]) is an error at once, and other failures are waited out; [Runtime.Run] must be running, and
// continues in both cases. If ctx ends, the error wraps its cause and that of the last failed poll.
func (r *Runtime) WaitUntilReady(ctx context.Context) error {
	for {
		r.mu.Lock()
		polled, last := r.polled, r.stats.LastError
		r.mu.Unlock()
		switch {
		case r.current.Load() != nil:
			return nil
		case errors.Is(last, client.ErrUnauthorized), errors.Is(last, client.ErrForbidden):
			return last
		}
		select {
		case <-polled:
		case <-ctx.Done():
			switch cause := context.Cause(ctx); {
			case last != nil:
				return fmt.Errorf("workos/flags: waiting for a snapshot: %w; last poll: %w", cause, last)
			case !r.running.Load():
				return fmt.Errorf("workos/flags: waiting for a snapshot: %w; Run is not running", cause)
			default:
				return fmt.Errorf("workos/flags: waiting for a snapshot: %w", cause)
			}
		}
	}
}
