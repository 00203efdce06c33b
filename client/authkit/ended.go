package authkit

import (
	"slices"
	"sync"
	"time"
)

const (
	endedMemory = time.Minute // in which requests that were under way at a sign-out are over
	maxEnded    = 10_000      // sessions
)

// endedSessions remembers sessions that were signed out here, so that the response of a concurrent request does not
// restore one.
type endedSessions struct {
	mu    sync.Mutex
	at    map[string]time.Time // by session ID
	order []string             // of at, the oldest first
}

func (e *endedSessions) add(id string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.forget(maxEnded - 1)
	if _, known := e.at[id]; known {
		return
	}
	if e.at == nil {
		e.at = map[string]time.Time{}
	}
	e.at[id] = time.Now()
	e.order = append(e.order, id)
}

func (e *endedSessions) has(id string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.forget(maxEnded)
	_, known := e.at[id]
	return known
}

// forget removes old entries, and the oldest beyond keep.
func (e *endedSessions) forget(keep int) {
	drop := max(0, len(e.order)-keep)
	for drop < len(e.order) && time.Since(e.at[e.order[drop]]) >= endedMemory {
		drop++
	}
	for _, id := range e.order[:drop] {
		delete(e.at, id)
	}
	e.order = slices.Delete(e.order, 0, drop)
}
