package events

import (
	"context"
	"sync"
	"time"
)

// Checkpoint is how far a [Consumer] has come. The zero value is the beginning: the oldest event that WorkOS keeps.
type Checkpoint struct {
	// After is the ID of the last event that is done; "" if there is none.
	After string `json:"after,omitempty"`
	// Since is where the consumer began by [WithStartTime], as long as no event is done.
	Since time.Time `json:"since,omitzero"`
}

func (c Checkpoint) isZero() bool { return c.After == "" && c.Since.IsZero() }

// Store keeps the checkpoint of one consumer. A consumer calls it from one goroutine.
//
// What Load returns decides which events come again, so Save must not return before the checkpoint would survive what
// the store is to survive. A handler that changes a database does best to save the checkpoint itself, in the
// transaction of its changes: then no event is done twice, even after a crash. Save of such a store has nothing left to
// do for a checkpoint that is there. examples/events shows it.
type Store interface {
	// Load returns the checkpoint saved last, or the zero Checkpoint if there is none.
	Load(ctx context.Context) (Checkpoint, error)
	// Save replaces the checkpoint as a whole.
	Save(ctx context.Context, c Checkpoint) error
}

// MemoryStore is a [Store] for tests and for consumers that begin anew with each process. The zero value is empty. It
// is safe for concurrent use.
type MemoryStore struct {
	mu    sync.Mutex
	saved Checkpoint
}

// Load returns the checkpoint saved last; the error is nil.
func (s *MemoryStore) Load(context.Context) (Checkpoint, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.saved, nil
}

// Save keeps the checkpoint; the error is nil.
func (s *MemoryStore) Save(_ context.Context, c Checkpoint) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.saved = c
	return nil
}
