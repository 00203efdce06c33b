package vault

import (
	"container/list"
	"context"
	"crypto/cipher"
	"fmt"
	"sync"
	"time"
)

// cachedKey is a data key ready for use. Its AES key schedule is the only copy of the key that this package keeps.
type cachedKey struct {
	aead      cipher.AEAD
	encrypted []byte
}

// keyring caches data keys, each for a number of uses and a duration; the least recently used are evicted first. It is
// safe for concurrent use. nil caches nothing.
type keyring struct {
	keys int
	uses int64
	age  time.Duration

	mu    sync.Mutex // guards what follows, and the slots
	slots map[string]*list.Element
	order *list.List // of *slot, the most recently used first
	busy  int        // slots of it that calls wait for
}

// slot is the place of one key, which may still be being fetched.
type slot struct {
	name   string
	turn   chan struct{} // held by the call that fetches the key
	calls  int           // that fetch the key or wait for it
	key    cachedKey
	left   int64 // uses
	until  time.Time
	expiry *time.Timer
}

func newKeyring(keys int, uses int64, age time.Duration) *keyring {
	return &keyring{keys: keys, uses: uses, age: age, slots: map[string]*list.Element{}, order: list.New()}
}

// use returns the named key for one use, and fetches it if none is usable. Of concurrent calls one fetches; if it
// fails, the next one does.
func (r *keyring) use(
	ctx context.Context, name string, fetch func(context.Context) (cachedKey, error),
) (cachedKey, error) {
	if r == nil {
		return fetch(ctx)
	}
	s, key, ok := r.find(name)
	if ok {
		return key, nil
	}
	defer r.leave(s)
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return cachedKey{}, fmt.Errorf("wait for a data key: %w", ctx.Err())
	}
	if key, ok = r.take(s); ok {
		return key, nil
	}
	key, err := fetch(ctx)
	r.settle(s, key, err)
	return key, err
}

// find returns the slot of that name, and its key if usable; otherwise the call must leave the slot.
func (r *keyring) find(name string) (*slot, cachedKey, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e := r.slots[name]
	if e == nil {
		e = r.order.PushFront(&slot{name: name, turn: make(chan struct{}, 1)})
		r.slots[name] = e
	}
	r.order.MoveToFront(e)
	s := slotOf(e)
	key, ok := s.take(time.Now())
	if !ok {
		if s.calls == 0 {
			r.busy++
		}
		s.calls++
	}
	return s, key, ok
}

func (r *keyring) take(s *slot) (cachedKey, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return s.take(time.Now())
}

// settle stores a fetched key in its slot, minus one use.
func (r *keyring) settle(s *slot, key cachedKey, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil || r.uses == 1 {
		return
	}
	s.key, s.left, s.until = key, r.uses-1, time.Now().Add(r.age)
	s.stop()
	s.expiry = time.AfterFunc(r.age, func() { r.expire(s) })
}

// leave evicts keys once no call waits for the slot. If no key was fetched it removes the slot, so that invalid input
// cannot evict keys in use.
func (r *keyring) leave(s *slot) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.calls--; s.calls > 0 {
		return
	}
	if r.has(s) {
		r.busy--
	}
	if s.left == 0 || !r.has(s) {
		r.remove(s)
	}
	for e := r.order.Back(); e != nil && r.order.Len()-r.busy > r.keys; {
		oldest := slotOf(e)
		e = e.Prev()
		if oldest.calls == 0 {
			r.remove(oldest)
		}
	}
}

// expire removes an expired key and its slot, unless a call is fetching the next key.
func (r *keyring) expire(s *slot) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case s.usable(time.Now()): // the next key already
	case s.calls == 0:
		r.remove(s)
	default:
		s.key, s.left = cachedKey{}, 0
	}
}

// remove drops a slot's key, and the slot unless another one has replaced it.
func (r *keyring) remove(s *slot) {
	s.stop()
	s.key, s.left = cachedKey{}, 0
	if !r.has(s) {
		return
	}
	r.order.Remove(r.slots[s.name])
	delete(r.slots, s.name)
	if s.calls > 0 {
		r.busy--
	}
}

// has reports whether a slot is current.
func (r *keyring) has(s *slot) bool {
	e := r.slots[s.name]
	return e != nil && slotOf(e) == s
}

// forget drops all keys except those being fetched, which only the calls that wait for them use.
func (r *keyring) forget() {
	if r == nil {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for r.order.Len() > 0 {
		r.remove(slotOf(r.order.Back()))
	}
}

func (s *slot) stop() {
	if s.expiry != nil {
		s.expiry.Stop()
	}
}

func (s *slot) usable(now time.Time) bool { return s.left > 0 && now.Before(s.until) }

func (s *slot) take(now time.Time) (cachedKey, bool) {
	if !s.usable(now) {
		s.key, s.left = cachedKey{}, 0
		return cachedKey{}, false
	}
	key := s.key
	if s.left--; s.left == 0 {
		s.key = cachedKey{}
	}
	return key, true
}

func slotOf(e *list.Element) *slot {
	s, _ := e.Value.(*slot) // nothing else is put in
	return s
}
