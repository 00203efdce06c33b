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
	busy  int        // slots of it that calls wait for
}

// slot is where one key is or will be.
type slot struct {
	name   string
	turn   chan struct{} // held by the call that fetches the key
	calls  int           // that fetch the key or wait for it
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
	defer r.leave(s)
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

// find returns the slot of that name, and its key if that may be used; else the call has to leave the slot.
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
	if !ok {
		if s.calls == 0 {
			r.busy++
		}
		s.calls++
	}
	return s, key, ok
}

func (r *keyring) take(s *slot) (heldKey, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return s.take(time.Now())
}

// settle puts a fetched key into its slot, less the use that it was fetched for.
func (r *keyring) settle(s *slot, key heldKey, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil || r.uses == 1 {
		return
	}
	s.key, s.left, s.until = key, r.uses-1, time.Now().Add(r.age)
	s.stop()
	s.expiry = time.AfterFunc(r.age, func() { r.expire(s) })
}

// leave makes room for the key of a slot, once no call waits for it any more. Where none was fetched nothing is left of
// the slot, so that no input can push out keys that are in use.
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

// expire lets go of a key that has reached its age, and of the slot, unless a call is fetching the next one.
func (r *keyring) expire(s *slot) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case s.usable(time.Now()): // the next key already
	case s.calls == 0:
		r.remove(s)
	default:
		s.key, s.left = heldKey{}, 0
	}
}

// remove lets go of a slot's key, and of the slot, unless that is another's place by now.
func (r *keyring) remove(s *slot) {
	s.stop()
	s.key, s.left = heldKey{}, 0
	if !r.has(s) {
		return
	}
	r.order.Remove(r.slots[s.name])
	delete(r.slots, s.name)
	if s.calls > 0 {
		r.busy--
	}
}

// has tells whether a slot is still the one of its name.
func (r *keyring) has(s *slot) bool {
	e := r.slots[s.name]
	return e != nil && slotOf(e) == s
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
		s.key, s.left = heldKey{}, 0
		return heldKey{}, false
	}
	key := s.key
	if s.left--; s.left == 0 {
		s.key = heldKey{}
	}
	return key, true
}

func slotOf(e *list.Element) *slot {
	s, _ := e.Value.(*slot) // nothing else is put in
	return s
}
