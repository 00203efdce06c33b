package mcpadapter

import (
	"context"
	"errors"
	"maps"
	"sync"
	"time"
)

// ConfirmationStore remembers which confirmations were used. Processes that share a key and a store accept each of them
// once among them all. It must be safe for concurrent use.
type ConfirmationStore interface {
	// Use remembers an ID until it expires, and tells whether it was not remembered yet. Of all calls with the same ID,
	// however close to each other, one alone gets true: a row that must be new in a database, or SET with NX and EXAT in
	// Redis. After an error the call is not sent.
	Use(ctx context.Context, id string, expires time.Time) (first bool, err error)
}

const (
	maxRemembered = 100_000
	fewRemembered = 1000 // are not worth looking for expired ones among them
)

// ConfirmationMemory is a [ConfirmationStore] in the memory of a process, for one adapter or several. It remembers at
// most 100,000 IDs, in some ten megabytes, and refuses more: to forget one before it expires would be to let it be used
// again. The zero value is ready for use and must not be copied after that.
type ConfirmationMemory struct {
	mu      sync.Mutex
	expires map[string]time.Time // by ID
	limit   int                  // how many there may be until the expired ones are forgotten
}

// Use implements [ConfirmationStore]. The error says that too many are remembered.
func (m *ConfirmationMemory) Use(_ context.Context, id string, expires time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, found := m.expires[id]; found {
		return false, nil
	}
	if len(m.expires) >= m.limit {
		now := time.Now()
		maps.DeleteFunc(m.expires, func(_ string, expires time.Time) bool { return !now.Before(expires) })
		m.limit = min(max(fewRemembered, 2*len(m.expires)), maxRemembered) // so that forgetting costs little a token
	}
	if len(m.expires) >= maxRemembered {
		return false, errors.New("too many were used a moment ago")
	}
	if m.expires == nil {
		m.expires = map[string]time.Time{}
	}
	m.expires[id] = expires
	return true, nil
}
