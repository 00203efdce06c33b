package webhook

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/client/internal/untried"
	"github.com/seed-f165d83c/workos/client/state"
)

// ErrInProgress means that another request for the same event is being handled. WorkOS repeats the delivery.
var ErrInProgress = errors.New("event is being handled by another request")

// Once calls a handler once per event ID, among all processes that share a store: WorkOS repeats deliveries, and
// several can arrive at the same time. The same Once can serve an endpoint and a consumer of package events. Handlers
// with different effects need a store each, or a table or prefix each: in one store the first of them is the only one.
//
// It claims an event in the store, calls the handler, and records that the event is done. A handler that fails or
// panics gives the claim up, so the next delivery is handled. One gap remains: a process that dies after the effect of
// its handler and before the record leaves a claim that expires, and the next delivery is handled again. To close it,
// let the handler store the ID in the transaction of its effect.
//
// If the store is down before the handler, nothing is handled and the error makes WorkOS repeat the delivery. If it is
// down after the handler, the delivery is done and OnError is called. In a consumer of package events, an error before
// the handler does not count as an attempt: see [events.WithDeadLetter].
type Once struct {
	// Store remembers events under keys that begin with "webhook/event/".
	Store state.Store
	// Retain is how long an event is remembered. The default, for 0, is 7 days: WorkOS repeats deliveries for 3.
	Retain time.Duration
	// Claim limits a call of the handler, whose context ends then. The default, for 0, is 5 minutes.
	Claim time.Duration
	// OnError is called with an error of the store after the handler; nil for none. It must be safe for concurrent use.
	OnError func(ctx context.Context, e *events.Event, err error)
}

const (
	defaultRetain = 7 * 24 * time.Hour
	defaultClaim  = 5 * time.Minute
	storeTimeout  = 5 * time.Second // of a record after the handler, which the end of the request does not end
	done          = "done"
)

// Handler returns a handler for [NewHandler] or [events.NewConsumer] that calls handler once per event ID and returns
// nil for an event that is done. It rejects a nil store or handler and negative durations.
func (o Once) Handler(handler events.Handler) (events.Handler, error) {
	switch {
	case o.Store == nil || handler == nil:
		return nil, errors.New("workos/webhook: Once: store or handler is nil")
	case o.Retain < 0 || o.Claim < 0:
		return nil, fmt.Errorf("workos/webhook: Once: retain %v, claim %v: want 0 or more", o.Retain, o.Claim)
	}
	if o.Retain == 0 {
		o.Retain = defaultRetain
	}
	if o.Claim == 0 {
		o.Claim = defaultClaim
	}
	return func(ctx context.Context, e *events.Event) error { return o.handle(ctx, e, handler) }, nil
}

func (o Once) handle(ctx context.Context, e *events.Event, handler events.Handler) error {
	key, claim := onceKey(e.ID), []byte("claim "+rand.Text())
	claimed, err := o.claim(ctx, key, claim)
	if err != nil || !claimed {
		return err
	}
	handled := false
	defer func() { // also after a panic
		value, ttl := []byte(done), o.Retain
		if !handled {
			value, ttl = claim, 1 // gives the claim up
		}
		recording, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
		defer cancel()
		swapped, err := o.Store.Swap(recording, key, claim, value, ttl)
		if err == nil && !swapped {
			err = errors.New("the claim has expired")
		}
		if err != nil && o.OnError != nil {
			o.OnError(ctx, e, fmt.Errorf("workos/webhook: record %q: %w", e.ID, err))
		}
	}()
	calling, cancel := context.WithTimeout(ctx, o.Claim)
	defer cancel()
	err = handler(calling, e)
	handled = err == nil
	return err
}

// claim reports whether the event is to be handled now. It is not if it is done.
func (o Once) claim(ctx context.Context, key string, claim []byte) (bool, error) {
	added, err := o.Store.Add(ctx, key, claim, o.Claim)
	if err != nil || added {
		return added, wrapStore(err)
	}
	present, ok, err := o.Store.Get(ctx, key)
	switch {
	case err != nil:
		return false, wrapStore(err)
	case ok && string(present) == done:
		return false, nil
	default:
		return false, untried.Mark(ErrInProgress)
	}
}

func wrapStore(err error) error {
	if err == nil {
		return nil
	}
	return untried.Mark(fmt.Errorf("claim the event: %w", err))
}

// onceKey is the key of an event. IDs that are longer than WorkOS makes them are hashed.
func onceKey(id string) string {
	const prefix = "webhook/event/"
	if len(id) > 2*sha256.Size {
		sum := sha256.Sum256([]byte(id))
		return prefix + "sha256/" + hex.EncodeToString(sum[:])
	}
	return prefix + "id/" + id
}
