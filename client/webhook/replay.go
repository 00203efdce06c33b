package webhook

import (
	"crypto/sha256"
	"sync"
	"time"
)

// replays stores accepted signatures until they expire.
type replays struct {
	mu    sync.Mutex
	seen  map[[sha256.Size]byte]struct{}
	queue []replay // in order of acceptance
}

type replay struct {
	mac     [sha256.Size]byte
	expires time.Time
}

// first stores a signature and reports whether it is new. A signature expires when its timestamp would be rejected. One
// from the future waits behind later ones, which keeps those slightly longer.
func (r *replays) first(mac []byte, now, expires time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for len(r.queue) > 0 && r.queue[0].expires.Before(now) {
		delete(r.seen, r.queue[0].mac)
		r.queue = r.queue[1:]
	}
	sum := [sha256.Size]byte(mac)
	if _, found := r.seen[sum]; found {
		return false
	}
	if r.seen == nil {
		r.seen = map[[sha256.Size]byte]struct{}{}
	}
	r.seen[sum] = struct{}{}
	r.queue = append(r.queue, replay{sum, expires})
	return true
}
