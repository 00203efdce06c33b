package sandbox

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/seed-f165d83c/workos/gen"
)

// Sandbox is a WorkOS environment in memory. Each has its own content. It is safe for concurrent use; requests take
// effect one after the other.
//
// The zero value is not usable: see [New].
type Sandbox struct {
	now func() time.Time

	once  sync.Once
	index *index

	mu    sync.Mutex // guards what follows
	store *store
}

// Option changes a sandbox as it is made.
type Option func(*config)

type config struct {
	now  func() time.Time
	seed uint64
}

// WithClock sets the clock that timestamps are read from, [time.Now] unless given. The sandbox calls it once a request,
// never twice at a time. Nil is ignored.
func WithClock(now func() time.Time) Option {
	return func(c *config) {
		if now != nil {
			c.now = now
		}
	}
}

// WithSeed makes the random part of IDs, tokens and secrets reproducible: the same calls in the same order get the
// same ones. As an ID begins with the time, [WithClock] is needed too to make it the same as a whole.
func WithSeed(seed uint64) Option {
	return func(c *config) { c.seed = seed }
}

// New returns an empty sandbox. It costs next to nothing: the first request reads the operations table.
func New(opts ...Option) *Sandbox {
	c := config{now: time.Now, seed: rand.Uint64()} //nolint:gosec // IDs of a fake need not be hard to guess
	for _, opt := range opts {
		opt(&c)
	}
	return &Sandbox{now: c.now, store: newStore(c.seed)}
}

func (s *Sandbox) ready() *index {
	s.once.Do(func() { s.index = newIndex(&gen.Operations, gen.Routes) })
	return s.index
}

// handle answers a request.
func (s *Sandbox) handle(r request) reply {
	ix := s.ready()
	p, params, err := ix.find(r.method, r.path)
	if err != nil {
		return s.refuse(err)
	}
	c := &call{ix: ix, plan: p, params: params}
	if err := c.read(r); err != nil {
		return s.refuse(err)
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	c.store = s.store
	c.now = s.now().UTC()
	id := s.store.newID("req_", c.now)
	rep, err := c.answer()
	if err != nil {
		rep = newProblemReply(err)
	}
	rep.requestID = id
	return rep
}

// refuse answers a request that does not get to the store.
func (s *Sandbox) refuse(err error) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	rep := newProblemReply(err)
	rep.requestID = s.store.newID("req_", s.now().UTC())
	return rep
}
