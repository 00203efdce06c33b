package events

import (
	"context"
	"sync"
	"time"
)

// Checkpoint is the position of a [Consumer]. The zero value is the beginning: the oldest event that WorkOS retains.
type Checkpoint struct {
	// After is the ID of the last handled event; "" if there is none.
	After string `json:"after,omitempty"`
	// Since is the start time of [WithStartTime] until an event is handled.
	Since time.Time `json:"since,omitzero"`
}

func (c Checkpoint) isZero() bool { return c.After == "" && c.Since.IsZero() }

// Store stores the checkpoint of one consumer, which calls it from one goroutine.
//
// Save must not return before the checkpoint is durable, because events after the loaded checkpoint are handled again.
// A handler that changes a database should save the checkpoint in the transaction of its changes: then each event takes
// effect exactly once, even after a crash, and Save has nothing left to do for a checkpoint that is stored. See
// examples/events.
type Store interface {
	// Load returns the last saved checkpoint, or the zero Checkpoint if there is none.
	Load(ctx context.Context) (Checkpoint, error)
	// Save replaces the checkpoint.
	Save(ctx context.Context, c Checkpoint) error
}

// MemoryStore is a [Store] for tests and for consumers that start anew with each process. The zero value is empty. It
// is safe for concurrent use.
type MemoryStore struct {
	mu    sync.Mutex
	saved Checkpoint
}

// Load returns the last saved checkpoint and a nil error.
func (s *MemoryStore) Load(context.Context) (Checkpoint, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.saved, nil
}

// Save stores the checkpoint and returns nil.
func (s *MemoryStore) Save(_ context.Context, c Checkpoint) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.saved = c
	return nil
}
