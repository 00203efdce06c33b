package vault

import (
	"container/list"
	"context"
	"crypto/cipher"
	"fmt"
	"sync"
	"time"
)

// heldKey is a data key ready for use. Its AES key schedule is the only copy of the key that this package keeps.
type heldKey struct {
	aead      cipher.AEAD
	encrypted []byte
}

// keyring keeps data keys between calls, each for a number of uses and a time, the least recently used ones making
// room. It is safe for concurrent use; nil keeps none.
type keyring struct {
	keys int
	uses int64
	age  time.Duration

	mu    sync.Mutex // guards what follows, and the slots
	slots map[string]*list.Element
	order *list.List // of *slot, the most recently used first
}

// slot is where one key is or will be.
type slot struct {
	name   string
	turn   chan struct{} // held by the call that fetches the key
	key    heldKey
	left   int64 // uses
	until  time.Time
	expiry *time.Timer
}

func newKeyring(keys int, uses int64, age time.Duration) *keyring {
	return &keyring{keys: keys, uses: uses, age: age, slots: map[string]*list.Element{}, order: list.New()}
}

// use returns the key of that name for one use, and fetches it where there is none that may be used. Of calls at the
// same time one fetches; where it fails, the next one does.
func (r *keyring) use(
	ctx context.Context, name string, fetch func(context.Context) (heldKey, error),
) (heldKey, error) {
	if r == nil {
		return fetch(ctx)
	}
	s, key, ok := r.find(name)
	if ok {
		return key, nil
	}
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return heldKey{}, fmt.Errorf("wait for a data key: %w", ctx.Err())
	}
	if key, ok = r.take(s); ok {
		return key, nil
	}
	key, err := fetch(ctx)
	r.settle(s, key, err)
	return key, err
}

// find returns the slot of that name, and its key if that may be used.
func (r *keyring) find(name string) (*slot, heldKey, bool) {
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
	return s, key, ok
}

func (r *keyring) take(s *slot) (heldKey, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return s.take(time.Now())
}

// settle puts a fetched key into its slot, less the use that it was fetched for, and makes room for it. What was not
// fetched leaves no trace, so that no input can push out keys that are in use.
func (r *keyring) settle(s *slot, key heldKey, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.remove(s)
		return
	}
	s.key, s.left, s.until = key, r.uses-1, time.Now().Add(r.age)
	s.stop()
	s.expiry = time.AfterFunc(r.age, func() { r.expire(s) })
	for r.order.Len() > r.keys {
		r.remove(slotOf(r.order.Back()))
	}
}

// expire lets go of a key that has reached its age. The slot stays, for the call that may be fetching the next one.
func (r *keyring) expire(s *slot) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !s.usable(time.Now()) { // else it is the next key already
		s.key, s.left = heldKey{}, 0
	}
}

// remove lets go of a slot's key, and of the slot, unless that is another's place by now.
func (r *keyring) remove(s *slot) {
	s.stop()
	s.key, s.left = heldKey{}, 0
	if e := r.slots[s.name]; e != nil && slotOf(e) == s {
		r.order.Remove(e)
		delete(r.slots, s.name)
	}
}

// forget lets go of all keys but those that are being fetched, which only the calls that fetch them or wait for them
// get to use.
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

func (s *slot) take(now time.Time) (heldKey, bool) {
	if !s.usable(now) {
		s.key = heldKey{}
		return heldKey{}, false
	}
	s.left--
	return s.key, true
}

func slotOf(e *list.Element) *slot {
	s, _ := e.Value.(*slot) // nothing else is put in
	return s
}
