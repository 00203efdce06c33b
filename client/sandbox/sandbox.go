package sandbox

import (
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/seed-f165d83c/workos/gen"
)

// Sandbox is WorkOS in memory: one environment for each API key, or one for all. It is safe for concurrent use;
// requests take effect one after the other.
//
// The zero value is not usable: see [New].
type Sandbox struct {
	config

	once  sync.Once
	index *index

	wake       chan struct{} // of Run
	delivering sync.Mutex

	faultMu     sync.Mutex // guards what follows
	faults      []*Fault
	faultIDs    int
	faultRandom *rand.Rand

	logMu    sync.Mutex // guards what follows
	requests []logged   // a ring once there are maxRequests
	oldest   int

	mu      sync.Mutex // guards what follows
	content            //nolint:embeddedstructfieldcheck // what mu guards stands below it
	journal *journal   // nil: none
}

// Option changes a sandbox as it is made. Nil is ignored.
type Option func(*config)

type config struct {
	now      func() time.Time
	start    uint64 // seed
	anyKey   bool
	shared   bool
	examples bool

	interactive bool

	transport http.RoundTripper // of what is sent; nil: that of net/http
}

// WithClock sets the clock that timestamps are read from, [time.Now] unless given. The sandbox calls it once a request,
// never concurrently. Nil is ignored.
func WithClock(now func() time.Time) Option {
	return func(c *config) {
		if now != nil {
			c.now = now
		}
	}
}

// WithSeed makes the random part of IDs, codes, tokens, secrets and keys reproducible: the same calls in the same order
// get the same ones. As an ID begins with the time, [WithClock] is needed too to make it the same as a whole.
func WithSeed(seed uint64) Option {
	return func(c *config) { c.start = seed }
}

// WithAnyKey accepts any credential, or none, in place of keys that begin with sk_. All requests share one environment.
func WithAnyKey() Option {
	return func(c *config) { c.anyKey, c.shared = true, true }
}

// WithSharedEnvironment gives all API keys the same environment, in place of one each.
func WithSharedEnvironment() Option {
	return func(c *config) { c.shared = true }
}

// WithExamples puts one example into each collection that no operation of the API fills, such as directories and
// feature flags, and into that of the connections. At the top level it has the ID that the API's description gives as
// an example.
func WithExamples() Option {
	return func(c *config) { c.examples = true }
}

// WithInteractive makes the sandbox ask who signs in, at pages without script, in place of redirecting at once: by
// password or emailed code, then by what else the API wants, such as a second factor or the choice of an organization.
func WithInteractive() Option {
	return func(c *config) { c.interactive = true }
}

// New returns an empty sandbox. It costs next to nothing: the first request reads the operations table.
func New(opts ...Option) *Sandbox {
	c := config{now: time.Now, start: rand.Uint64()} //nolint:gosec // IDs of a fake need not be hard to guess
	for _, opt := range opts {
		if opt != nil {
			opt(&c)
		}
	}
	random := rand.New(rand.NewPCG(c.start, 0)) //nolint:gosec // as above
	return &Sandbox{faultRandom: random, config: c, content: newContent(c.start), wake: make(chan struct{}, 1)}
}

func newContent(seed uint64) content { return content{seed: seed, unknown: newStore(seed, nil, nil)} }

// api is what all sandboxes know of WorkOS.
//
//nolint:gochecknoglobals // worked out once, from a table that does not change
var api = sync.OnceValue(func() *index { return newIndex(withExtras(&gen.Operations, gen.Routes)) })

func (s *Sandbox) ready() *index {
	s.once.Do(func() {
		if s.index == nil {
			s.index = api()
		}
	})
	return s.index
}

// handle responds to a request of an operation. One that an action endpoint has to be asked about begins again after
// that.
func (s *Sandbox) handle(ctx context.Context, r request, p *plan, params map[string]string) reply {
	var verdicts map[string]verdict
	for {
		c := &call{ix: s.ready(), plan: p, params: params, request: r, examples: s.examples, verdicts: verdicts}
		rep, q, now := s.try(c)
		if q == nil {
			return rep
		}
		if verdicts == nil {
			verdicts = map[string]verdict{}
		}
		verdicts[q.typ] = s.ask(ctx, q, now)
	}
}

// try responds to a request, or returns whom to ask first, and the time.
func (s *Sandbox) try(c *call) (reply, *consultation, time.Time) {
	readErr := c.read(c.request)

	s.mu.Lock()
	defer s.mu.Unlock()
	c.now = s.time()
	env, err := s.environmentOf(c)
	if err != nil {
		rep := newProblemReply(err)
		rep.requestID, rep.at = s.unknown.newID("req_", c.now), c.now
		return rep, nil, time.Time{}
	}
	rep, q := env.answer(c, readErr)
	rep.at = c.now
	return rep, q, c.now.Add(-s.offset)
}

// refuse responds to a request that does not get to an environment.
func (s *Sandbox) refuse(err error) reply {
	rep := newProblemReply(err)
	rep.requestID, rep.at = s.newRequestID()
	return rep
}
