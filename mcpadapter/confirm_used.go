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
	// maxUsedTokens bounds the memory of used tokens, to some ten megabytes.
	maxUsedTokens = 100_000
	// fewUsedTokens are not worth looking for expired ones among them.
	fewUsedTokens = 1000
)

// usedTokens is a ConfirmationStore in memory. The zero value is ready for use.
type usedTokens struct {
	mu      sync.Mutex
	expires map[string]time.Time // by ID
	limit   int                  // how many there may be until the expired ones are forgotten
}

// Use refuses when too many are remembered. It never forgets one before it expires, as that could be used again.
func (u *usedTokens) Use(_ context.Context, id string, expires time.Time) (bool, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if _, found := u.expires[id]; found {
		return false, nil
	}
	if len(u.expires) >= u.limit {
		now := time.Now()
		maps.DeleteFunc(u.expires, func(_ string, expires time.Time) bool { return !now.Before(expires) })
		u.limit = min(max(fewUsedTokens, 2*len(u.expires)), maxUsedTokens) // so that forgetting costs little a token
	}
	if len(u.expires) >= maxUsedTokens {
		return false, errors.New("too many were used a moment ago")
	}
	if u.expires == nil {
		u.expires = map[string]time.Time{}
	}
	u.expires[id] = expires
	return true, nil
}
