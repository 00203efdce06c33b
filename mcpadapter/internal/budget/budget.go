// Package budget limits the memory of the responses that calls read at the same time.
//
// Each call has [Free] bytes for itself. What it reads beyond comes from memory that all calls share. Where that is
// used up, one call at a time may read on regardless, so that calls that each wait for more always end: a [Budget]
// bounds the responses to the shared bytes, those of one call, and Free for every other one.
package budget

import (
	fifo "container/list"
	"context"
	"io"
	"sync"
)

// Free is how many bytes a call may read that are not counted: more than most responses have.
const Free = 32 << 10

// Budget is the memory that calls share. It is safe for concurrent use; make it with [New].
type Budget struct {
	shared int64

	mu      sync.Mutex
	used    int64
	beyond  *Account  // the one that may read more than there is; nil: none
	waiting fifo.List // of *waiter
}

// waiter is a call that waits for memory.
type waiter struct {
	account *Account
	need    int64
	granted chan struct{}
}

// New returns a budget of so many bytes.
func New(shared int64) *Budget { return &Budget{shared: shared} }

// Account counts the bytes of one call. Only one goroutine at a time may use it.
type Account struct {
	budget *Budget
	read   int64 // in all
	held   int64 // of the shared bytes
	below  bool  // the transport counts
}

// Open returns the account of a call. Close must be called when its responses are no longer used.
func (b *Budget) Open() *Account { return &Account{budget: b} }

// Close gives back what the account holds.
func (a *Account) Close() {
	b := a.budget
	b.mu.Lock()
	defer b.mu.Unlock()
	b.used -= a.held
	a.held, a.read = 0, 0
	if b.beyond == a {
		b.beyond = nil
	}
	for front := b.waiting.Front(); front != nil; front = b.waiting.Front() {
		w, _ := front.Value.(*waiter)
		if !b.fits(w.account, w.need) && !b.exceeds(w.account) {
			return
		}
		b.waiting.Remove(front)
		close(w.granted)
	}
}

// Transport is Reader for the transport below a client that reads responses whole. What Reader reads afterwards is
// counted already.
func (a *Account) Transport(ctx context.Context, response io.Reader) io.Reader {
	a.below = true
	return &reader{ctx, a, response}
}

// Reader counts what is read of a response. A read waits until there is memory for it; if ctx ends first, that is its
// error.
func (a *Account) Reader(ctx context.Context, response io.Reader) io.Reader {
	if a.below {
		return response
	}
	return &reader{ctx, a, response}
}

type reader struct {
	ctx     context.Context //nolint:containedctx // of the call whose response this reads
	account *Account
	from    io.Reader
}

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.from.Read(p)
	if failed := r.account.grow(r.ctx, int64(n)); failed != nil {
		return 0, failed
	}
	return n, err //nolint:wrapcheck // as the response
}

// step is how much of the shared memory is taken at least.
const step = 64 << 10

// grow counts bytes, and waits until there is memory for them.
func (a *Account) grow(ctx context.Context, n int64) error {
	a.read += n
	need := a.read - Free - a.held
	if need <= 0 {
		return nil
	}
	need = max(need, step)
	b := a.budget
	b.mu.Lock()
	if b.beyond == a || b.fits(a, need) || b.waiting.Len() == 0 && b.exceeds(a) {
		b.mu.Unlock()
		return nil
	}
	w := &waiter{a, need, make(chan struct{})}
	element := b.waiting.PushBack(w)
	b.mu.Unlock()
	select {
	case <-w.granted:
		return nil
	case <-ctx.Done():
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case <-w.granted: // in the meantime
		return nil
	default:
		b.waiting.Remove(element)
		return context.Cause(ctx) //nolint:wrapcheck // as of the request itself
	}
}

// fits takes shared bytes for an account, if there are so many.
func (b *Budget) fits(a *Account, need int64) bool {
	if b.used+need > b.shared {
		return false
	}
	b.used += need
	a.held += need
	return true
}

// exceeds makes an account the one that may read more than there is, if there is none.
func (b *Budget) exceeds(a *Account) bool {
	if b.beyond != nil {
		return false
	}
	b.beyond = a
	return true
}

// Used returns how many of the shared bytes are held, and how many calls wait for some.
func (b *Budget) Used() (bytes int64, waiting int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.used, b.waiting.Len()
}
