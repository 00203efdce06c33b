package confirm

import (
	"errors"
	"maps"
	"sync"
	"time"
)

const (
	maxRemembered = 100_000
	fewRemembered = 1000 // below it, removing the expired ones does not pay
)

// Memory remembers the IDs of used tokens, at most 100,000 of them, and rejects more: to forget one before it expires
// would allow its token again. The zero value is ready for use and must not be copied after that. It is safe for
// concurrent use.
type Memory struct {
	mu      sync.Mutex
	expires map[string]time.Time // by ID
	limit   int                  // how many there may be before the expired ones are removed
}

// Use remembers an ID until it expires, and reports whether it was not remembered yet. It fails if too many are.
func (m *Memory) Use(id string, expires time.Time) (first bool, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, found := m.expires[id]; found {
		return false, nil
	}
	if len(m.expires) >= m.limit {
		now := time.Now()
		maps.DeleteFunc(m.expires, func(_ string, expires time.Time) bool { return !now.Before(expires) })
		m.limit = min(max(fewRemembered, 2*len(m.expires)), maxRemembered) // so that removing costs little per token
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
