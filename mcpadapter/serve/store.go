package serve

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

const (
	storeFlag   = "store"
	storeMemory = "memory"
)

// Store is a map that the replicas of a server share, with expiry and conditional writes. It must be safe for
// concurrent use; each method takes effect atomically. A ttl of 0 means that a key never expires. This module's
// client/state has the same interface, and stores for it.
type Store interface {
	// Add stores value under key for ttl if the key is absent, and reports whether it was.
	Add(ctx context.Context, key string, value []byte, ttl time.Duration) (added bool, err error)
	// Get returns the value of key; ok is false if the key is absent.
	Get(ctx context.Context, key string) (value []byte, ok bool, err error)
	// Swap replaces the value of key and sets a new ttl if the present value equals old, and reports whether it did.
	Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) (swapped bool, err error)
	// Delete removes key. It is no error if the key is absent.
	Delete(ctx context.Context, key string) error
}

// OpenStore opens the store at a URL, which may contain a password: errors must not. The context is that of the whole
// server.
type OpenStore func(ctx context.Context, url string) (Store, error)

// openStore returns what the replicas share; nil: each has its own memory.
func (p program) openStore(ctx context.Context, f flags) (Store, error) {
	if f.store == storeMemory || f.store == "" {
		return nil, nil //nolint:nilnil // there is none
	}
	scheme, _, ok := strings.Cut(f.store, "://")
	open := p.api.Stores[scheme]
	if !ok || open == nil {
		known := append([]string{storeMemory}, slices.Sorted(maps.Keys(p.api.Stores))...)
		return nil, usageError{fmt.Errorf("--%s: unknown kind of store %.40q: this build has %s",
			storeFlag, scheme, strings.Join(known, ", "))}
	}
	if p.getenv(p.variable(confirmKey)) == "" {
		return nil, usageError{fmt.Errorf("--%s needs %s, so that all replicas accept the same confirmations",
			storeFlag, p.variable(confirmKey))}
	}
	store, err := open(ctx, f.store)
	if err != nil {
		return nil, fmt.Errorf("--%s: open %s: %w", storeFlag, scheme, err)
	}
	return store, nil
}

// confirmationsIn returns where used confirmations are remembered; nil: in the memory of the adapter.
func confirmationsIn(store Store) mcpadapter.ConfirmationStore {
	if store == nil {
		return nil
	}
	return usedConfirmations{store}
}

// usedConfirmations remembers which confirmations were used in a store, so that each is accepted once by all replicas.
// A store that fails accepts none.
type usedConfirmations struct{ store Store }

// clockSkew is by how much the clocks of replicas and store may differ.
const clockSkew = time.Minute

func (u usedConfirmations) Use(ctx context.Context, id string, expires time.Time) (first bool, err error) {
	ttl := max(time.Until(expires), 0) + clockSkew
	first, err = u.store.Add(ctx, "mcp/confirmation/"+id, nil, ttl)
	if err != nil {
		return false, fmt.Errorf("the store of confirmations: %w", err)
	}
	return first, nil
}
