package events

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrCursorExpired means that WorkOS no longer retains the event of the checkpoint, so that events after it may be
// gone. See [WithResync].
var ErrCursorExpired = errors.New("cursor has expired")

// Retention is how long WorkOS retains events.
const Retention = 30 * 24 * time.Hour

// WithResync sets what happens if the cursor has expired. The consumer calls f with the expired checkpoint: f restores
// what the program missed, for example by listing all users, and returns the position to continue from. The consumer
// saves that, or, if f fails or panics, or its position has expired as well, waits and calls it again. Take the time
// before listing, so that what changes meanwhile comes as an event:
//
//	events.WithResync(func(ctx context.Context, expired events.Checkpoint) (events.Checkpoint, error) {
//		begin := time.Now()
//		return events.Checkpoint{Since: begin}, mirrorAll(ctx)
//	})
//
// The zero Checkpoint continues with the oldest event that is left. Without this option Run returns [ErrCursorExpired].
// It happens to a program that stands still for [Retention]; [Status].CursorExpires warns before.
func WithResync(f func(ctx context.Context, expired Checkpoint) (Checkpoint, error)) Option {
	return func(cfg *config) error {
		if f == nil {
			return errors.New("WithResync: function is nil")
		}
		cfg.resync = f
		return nil
	}
}

// restart continues from where the program says after the cursor has expired. It returns false if the program fails.
func (r *run) restart(work context.Context) bool {
	var next Checkpoint
	err := recovered(func() (err error) {
		next, err = r.resync(work, r.at)
		return err
	})
	if err != nil {
		r.pause(fmt.Errorf("workos/events: resync after %s: %w", quote(r.at.After), err))
		return false
	}
	next.Run = r.at.Run
	r.at = next.position()
	r.history = history{}
	r.unsaved++
	r.save(work)
	return true
}

// expiry returns when the cursor of a checkpoint expires; zero if that is not known.
func expiry(c Checkpoint) time.Time {
	if c.After == "" || c.Created.IsZero() {
		return time.Time{}
	}
	return c.Created.Add(Retention)
}

const (
	anchorAge    = Retention * 3 / 4
	anchorMargin = time.Hour // events may appear in the list later than they are created
)

// anchor replaces a cursor that will expire, in an environment where nothing happens, by a time before which all events
// are handled: the list, as asked for at that time, ends with the event of the cursor.
func (r *run) anchor(p *page, asked time.Time) {
	if len(p.Data) > 0 || r.at.After == "" || r.at.Created.IsZero() || asked.Sub(r.at.Created) < anchorAge {
		return
	}
	r.at = Checkpoint{Since: asked.Add(-anchorMargin).UTC(), Run: r.at.Run}
	r.unsaved++
}
