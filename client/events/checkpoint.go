package events

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// ErrSuperseded means that another run has saved a checkpoint to the same store. [Consumer.Run] ends with it, unless
// [WithLease] is set.
var ErrSuperseded = errors.New("superseded by another consumer")

// Checkpoint is the position of a [Consumer], with what must survive a restart. The zero value is the beginning: the
// oldest event that WorkOS retains. The position is After and Since; a program that writes a checkpoint itself leaves
// the other fields zero.
type Checkpoint struct {
	// After is the ID of the last handled event; "" if there is none.
	After string `json:"after,omitempty"`
	// Since is the start time of [WithStartTime] until an event is handled.
	Since time.Time `json:"since,omitzero"`
	// Created is the time of the event After; zero if it is not known.
	Created time.Time `json:"created,omitzero"`
	// Failing is the ID of an event after the checkpoint whose handler has failed; "" if there is none.
	Failing string `json:"failing,omitempty"`
	// Attempts is the number of attempts to handle the event Failing, including one at work.
	Attempts int `json:"attempts,omitempty"`
	// Run identifies the call of [Consumer.Run] that has saved the checkpoint. It tells the checkpoints of two consumers
	// apart that are at the same event.
	Run string `json:"run,omitempty"`
}

// Equal reports whether two checkpoints are the same in all fields. Times are equal if they are the same instant.
func (c Checkpoint) Equal(other Checkpoint) bool {
	times := c.Since.Equal(other.Since) && c.Created.Equal(other.Created)
	c.Since, c.Created, other.Since, other.Created = time.Time{}, time.Time{}, time.Time{}, time.Time{}
	return times && c == other
}

// isStart reports whether the position is the beginning.
func (c Checkpoint) isStart() bool { return c.After == "" && c.Since.IsZero() }

// position returns the checkpoint without attempts.
func (c Checkpoint) position() Checkpoint {
	c.Failing, c.Attempts = "", 0
	return c
}

// Store stores the checkpoint of one consumer, which calls it from one goroutine. Several consumers may share it, in
// several processes too: Save is a compare-and-swap, which fences a consumer once another one has saved.
type Store interface {
	// Load returns the last saved checkpoint, or the zero Checkpoint if there is none.
	Load(ctx context.Context) (Checkpoint, error)
	// Save replaces the checkpoint previous by next, atomically; previous is the zero Checkpoint if there is none. If
	// the stored checkpoint is another one, it changes nothing and returns an error that wraps [ErrSuperseded]. If the
	// stored checkpoint is next, an earlier Save has succeeded though it reported an error, and Save returns nil.
	// [Checkpoint.Equal] compares checkpoints.
	//
	// Save must not return nil before the checkpoint is durable, because events after the loaded checkpoint are handled
	// again.
	Save(ctx context.Context, previous, next Checkpoint) error
}

// Transactor is a [Store] in a database that handlers change. Its consumer calls the handler within Transact, so that
// each event takes effect exactly once: the changes and the checkpoint are committed together or not at all.
// [WithCheckpointEvery] has no effect then.
type Transactor interface {
	Store
	// Transact replaces the checkpoint previous by next like Save, and calls do, in one transaction. It passes the
	// transaction to do in its context; how a handler gets it there is up to the implementation. If the checkpoint is
	// neither previous nor next, or do fails, nothing is changed, and the error wraps [ErrSuperseded] or that of do. If
	// the stored checkpoint is next, an earlier transaction was committed though it reported an error: Transact returns
	// nil without calling do.
	Transact(ctx context.Context, previous, next Checkpoint, do func(ctx context.Context) error) error
}

// compare returns whether a store must replace the stored checkpoint by next, and the error of one that must not.
func compare(stored, previous, next Checkpoint) (replace bool, err error) {
	switch {
	case stored.Equal(next):
		return false, nil
	case !stored.Equal(previous):
		return false, fmt.Errorf("%w: its checkpoint is after %s", ErrSuperseded, quote(stored.After))
	default:
		return true, nil
	}
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

// Save implements [Store]. Its only error is [ErrSuperseded].
func (s *MemoryStore) Save(_ context.Context, previous, next Checkpoint) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	replace, err := compare(s.saved, previous, next)
	if replace {
		s.saved = next
	}
	return err
}
