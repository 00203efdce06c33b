// Package state defines the store by which the processes of one program share short-lived state: refreshed sessions,
// ended sessions, used sign-in states, webhook requests, handled event IDs, snapshots of feature flags, leases.
//
// [Store] is small enough to implement over any database with a conditional write. This package has [Memory], for one
// process. The modules client/state/postgres and client/state/redis have stores for several; they are modules of their
// own, so that their drivers burden no other program. Package statetest has the tests that every store must pass.
//
// # Keys
//
// One store may serve several purposes. Each package that stores something begins its keys with a name of its own, such
// as "webhook/event/", and hashes what is secret or longer than [MaxKey]. Two programs that share a database need a
// table or key prefix each.
//
// # A store that is down
//
// A store never guesses: if it cannot know, it returns an error. What the error means depends on the use, and each use
// documents it. The rule: where a wrong guess would let somebody in or repeat an effect, refuse; where it would only
// cost work, continue and report the error.
package state

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Limits of every store.
const (
	// MaxKey is the maximum length of a key in bytes.
	MaxKey = 512
	// MaxValue is the maximum length of a value in bytes.
	MaxValue = 1 << 20
)

var (
	// ErrInvalid means that a key, value or duration is outside the limits. Nothing was stored.
	ErrInvalid = errors.New("invalid argument")
	// ErrFull means that the store has no room. Nothing was stored, and nothing was removed to make room.
	ErrFull = errors.New("store is full")
)

// Store is a shared map with expiry and conditional writes. It is safe for concurrent use, also by several processes if
// the store is shared: each method takes effect atomically, at one moment between call and return.
//
// A key has 1 to [MaxKey] bytes of any kind. A value has 0 to [MaxValue] bytes of any kind; a nil value is an empty
// one. A ttl is the time until the key expires, by the store's clock; it is rounded up to the store's resolution, at
// most a millisecond; 0 means never; a negative one is invalid. An expired key is absent to every method. Methods
// reject what is outside these limits with an error that wraps [ErrInvalid], see [Check].
//
// A stored key stays until it expires or is deleted: a store that has no room refuses with [ErrFull] instead of
// forgetting, because a forgotten key can mean a token that is accepted twice.
//
// After an error other than ErrInvalid and ErrFull a write may have taken place. A store keeps no reference to a value
// that it is given, and a caller may change a value that it gets.
type Store interface {
	// Add stores value under key for ttl if the key is absent, and reports whether it was.
	Add(ctx context.Context, key string, value []byte, ttl time.Duration) (added bool, err error)
	// Get returns the value of key; ok is false if the key is absent.
	Get(ctx context.Context, key string) (value []byte, ok bool, err error)
	// Swap replaces the value of key and sets a new ttl if the present value equals old, and reports whether it did. It
	// does nothing if the key is absent.
	Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) (swapped bool, err error)
	// Delete removes key. It is no error if the key is absent.
	Delete(ctx context.Context, key string) error
}

// Check returns an error that wraps [ErrInvalid] if a store must reject the key, value or ttl. It is for
// implementations; for methods without a value or ttl pass nil and 0. The error has no part of the key or value.
func Check(key string, value []byte, ttl time.Duration) error {
	switch {
	case key == "":
		return fmt.Errorf("workos/state: %w: key is empty", ErrInvalid)
	case len(key) > MaxKey:
		return fmt.Errorf("workos/state: %w: key has %d bytes: want at most %d", ErrInvalid, len(key), MaxKey)
	case len(value) > MaxValue:
		return fmt.Errorf("workos/state: %w: value has %d bytes: want at most %d", ErrInvalid, len(value), MaxValue)
	case ttl < 0:
		return fmt.Errorf("workos/state: %w: ttl is %v: want 0 or more", ErrInvalid, ttl)
	}
	return nil
}
