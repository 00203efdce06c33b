package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/seed-f165d83c/workos/client/state"
)

// StateStore is a [Store] over a [state.Store], under the key "events/checkpoint/" and a name. It is safe for
// concurrent use. Create it with [NewStateStore].
type StateStore struct {
	store state.Store
	key   string
}

// NewStateStore returns a store for the consumer of that name. Consumers of other events have other names. It rejects a
// nil store and an empty name.
func NewStateStore(store state.Store, name string) (*StateStore, error) {
	if store == nil || name == "" {
		return nil, errors.New("workos/events: NewStateStore: store is nil or name is empty")
	}
	s := &StateStore{store, "events/checkpoint/" + name}
	if err := state.Check(s.key, nil, 0); err != nil {
		return nil, fmt.Errorf("workos/events: NewStateStore: %w", err)
	}
	return s, nil
}

// Load implements [Store].
func (s *StateStore) Load(ctx context.Context) (Checkpoint, error) {
	c, _, err := s.load(ctx)
	return c, err
}

// load returns the checkpoint and its text, nil if there is none.
func (s *StateStore) load(ctx context.Context) (c Checkpoint, text []byte, err error) {
	text, ok, err := s.store.Get(ctx, s.key)
	if err != nil || !ok {
		return c, nil, err
	}
	if err := json.Unmarshal(text, &c); err != nil {
		return c, nil, fmt.Errorf("decode the checkpoint %s: %w", quote(s.key), err)
	}
	return c, text, nil
}

// Save implements [Store].
func (s *StateStore) Save(ctx context.Context, previous, next Checkpoint) error {
	stored, text, err := s.load(ctx)
	if err != nil {
		return err
	}
	if replace, err := compare(stored, previous, next); !replace {
		return err
	}
	value, err := json.Marshal(next)
	if err != nil {
		return fmt.Errorf("encode the checkpoint: %w", err)
	}
	var saved bool
	if text == nil {
		saved, err = s.store.Add(ctx, s.key, value, 0)
	} else {
		saved, err = s.store.Swap(ctx, s.key, text, value, 0) // as read: another version may have stored more
	}
	if err == nil && !saved {
		err = fmt.Errorf("%w: its checkpoint came first", ErrSuperseded)
	}
	return err
}
