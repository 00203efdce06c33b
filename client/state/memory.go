package state

import (
	"bytes"
	"container/heap"
	"context"
	"fmt"
	"sync"
	"time"
)

// Defaults of [Memory].
const (
	defaultMaxEntries = 100_000
	defaultMaxBytes   = 64 << 20
)

// Memory is a [Store] in the memory of one process. The zero value is empty and ready to use; set the fields before the
// first call. It starts no goroutine: each write removes what has expired.
//
// It is bounded. What has not expired is never evicted; a write that would exceed a limit returns [ErrFull]. Give each
// purpose a store of its own where one should not be able to fill that of another.
type Memory struct {
	// MaxEntries limits the number of keys. The default, for 0, is 100,000.
	MaxEntries int
	// MaxBytes limits the total length of keys and values. The default, for 0, is 64 MiB. An entry needs about 150 bytes
	// more.
	MaxBytes int
	// Now returns the time. The default, for nil, is [time.Now]. It must be safe for concurrent use.
	Now func() time.Time

	mu      sync.Mutex
	entries map[string]*entry
	expiry  expiries
	bytes   int
}

type entry struct {
	key     string
	value   []byte
	expires time.Time // zero: never
	index   int       // in expiries; -1 if the entry never expires
}

func (e *entry) size() int { return len(e.key) + len(e.value) }

// Add implements [Store].
func (m *Memory) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	if err := check(ctx, key, value, ttl); err != nil {
		return false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.expire()
	if m.entries[key] != nil {
		return false, nil
	}
	if err := m.put(key, value, ttl, now); err != nil {
		return false, err
	}
	return true, nil
}

// Get implements [Store].
func (m *Memory) Get(ctx context.Context, key string) ([]byte, bool, error) {
	if err := check(ctx, key, nil, 0); err != nil {
		return nil, false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.expire()
	e := m.entries[key]
	if e == nil {
		return nil, false, nil
	}
	return bytes.Clone(e.value), true, nil
}

// Swap implements [Store].
func (m *Memory) Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) (bool, error) {
	if err := check(ctx, key, value, ttl); err != nil {
		return false, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.expire()
	e := m.entries[key]
	if e == nil || !bytes.Equal(e.value, old) {
		return false, nil
	}
	m.remove(e)
	if err := m.put(key, value, ttl, now); err != nil {
		m.insert(e)
		return false, err
	}
	return true, nil
}

// Delete implements [Store].
func (m *Memory) Delete(ctx context.Context, key string) error {
	if err := check(ctx, key, nil, 0); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if e := m.entries[key]; e != nil {
		m.remove(e)
	}
	return nil
}

func check(ctx context.Context, key string, value []byte, ttl time.Duration) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("workos/state: %w", err)
	}
	return Check(key, value, ttl)
}

// expire removes what has expired and returns the time.
func (m *Memory) expire() time.Time {
	now := time.Now
	if m.Now != nil {
		now = m.Now
	}
	at := now()
	for len(m.expiry) > 0 && !m.expiry[0].expires.After(at) {
		m.remove(m.expiry[0])
	}
	return at
}

func (m *Memory) put(key string, value []byte, ttl time.Duration, now time.Time) error {
	e := &entry{key: key, value: append([]byte{}, value...)}
	if ttl > 0 {
		e.expires = now.Add(ttl)
	}
	maxEntries, maxBytes := m.MaxEntries, m.MaxBytes
	if maxEntries == 0 {
		maxEntries = defaultMaxEntries
	}
	if maxBytes == 0 {
		maxBytes = defaultMaxBytes
	}
	if len(m.entries) >= maxEntries {
		return fmt.Errorf("workos/state: %w: it has %d entries", ErrFull, len(m.entries))
	}
	if e.size() > maxBytes-m.bytes {
		return fmt.Errorf("workos/state: %w: it has %d of %d bytes", ErrFull, m.bytes, maxBytes)
	}
	m.insert(e)
	return nil
}

func (m *Memory) insert(e *entry) {
	if m.entries == nil {
		m.entries = map[string]*entry{}
	}
	m.entries[e.key] = e
	m.bytes += e.size()
	e.index = -1
	if !e.expires.IsZero() {
		heap.Push(&m.expiry, e)
	}
}

func (m *Memory) remove(e *entry) {
	delete(m.entries, e.key)
	m.bytes -= e.size()
	if e.index >= 0 {
		heap.Remove(&m.expiry, e.index)
	}
}

// expiries is a heap of the entries that expire; the first expires first.
type expiries []*entry

// Len is a part of [heap.Interface].
func (x *expiries) Len() int { return len(*x) }

// Less is a part of [heap.Interface].
func (x *expiries) Less(i, j int) bool { return (*x)[i].expires.Before((*x)[j].expires) }

// Swap is a part of [heap.Interface].
func (x *expiries) Swap(i, j int) {
	s := *x
	s[i], s[j] = s[j], s[i]
	s[i].index, s[j].index = i, j
}

// Push is a part of [heap.Interface].
func (x *expiries) Push(e any) {
	added := e.(*entry) //nolint:errcheck,forcetypeassert // insert alone calls it
	added.index = len(*x)
	*x = append(*x, added)
}

// Pop is a part of [heap.Interface].
func (x *expiries) Pop() any {
	last := (*x)[len(*x)-1]
	(*x)[len(*x)-1] = nil
	*x = (*x)[:len(*x)-1]
	return last
}
