// Package conversation asks one person about several calls at once: a question waits for the calls that are being
// prepared, and those that come in while it is open are the next one.
package conversation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
)

// maxTogether is how many calls one question is about at most, so that a person can read it.
const maxTogether = 10

// Conversations are those in which calls wait for a reply of type R. The zero value is ready to use, and must not be
// copied after that. It is safe for concurrent use.
type Conversations[R any] struct {
	mu  sync.Mutex
	all map[string]*conversation[R] // by ID
}

// conversation collects the calls that wait.
type conversation[R any] struct {
	preparing int  // calls whose question is not known yet
	asking    bool // a question is open
	waiting   []*waiting[R]
}

// Question is what one call asks. Of several calls that become one question the first one's functions are called, with
// a context that ends when the last of the calls is gone.
type Question[R any] struct {
	Text string
	// Ask asks the person.
	Ask func(ctx context.Context, text string) R
	// Panicked returns the reply after a panic of Ask; it is called while the panic is being recovered.
	Panicked func(ctx context.Context) R
}

// waiting is a call that waits for a reply.
type waiting[R any] struct {
	Question[R]

	context context.Context //nolint:containedctx // of one of several calls that wait for the same reply
	reply   chan R          // has room for one
}

// Seat is the place of a call in a conversation. It is not safe for concurrent use.
type Seat[R any] struct {
	all  *Conversations[R]
	id   string // of the conversation; "": none
	left bool
}

// Enter notes that the question of a call is being prepared. The seat must be left. The ID is that of the conversation;
// "": none, and the question is one of its own.
func (cs *Conversations[R]) Enter(id string) *Seat[R] {
	if id == "" {
		return &Seat[R]{left: true}
	}
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if cs.all == nil {
		cs.all = map[string]*conversation[R]{}
	}
	if cs.all[id] == nil {
		cs.all[id] = &conversation[R]{}
	}
	cs.all[id].preparing++
	return &Seat[R]{all: cs, id: id}
}

// Leave has others proceed without a question from this seat.
func (s *Seat[R]) Leave() { s.exchange(nil) }

// exchange leaves the seat for a place among the calls that wait; nil: for none.
func (s *Seat[R]) exchange(a *waiting[R]) {
	if s.left {
		return
	}
	s.left = true
	s.all.mu.Lock()
	defer s.all.mu.Unlock()
	c := s.all.all[s.id]
	c.preparing--
	if a != nil {
		c.waiting = append(c.waiting, a)
	}
	s.all.proceed(s.id, c)
}

// Ask leaves the seat and asks the question, alone or together with others. It returns the reply, or the error of the
// context if that ends first.
func (s *Seat[R]) Ask(ctx context.Context, q Question[R]) (reply R, err error) {
	if s.id == "" {
		return q.Ask(ctx, q.Text), nil
	}
	w := &waiting[R]{Question: q, context: ctx, reply: make(chan R, 1)}
	s.exchange(w)
	select {
	case reply = <-w.reply:
		return reply, nil
	case <-ctx.Done():
		s.all.withdraw(s.id, w)
		return reply, ctx.Err() //nolint:wrapcheck // the caller describes it
	}
}

// withdraw takes a call that is gone out of the next question.
func (cs *Conversations[R]) withdraw(id string, w *waiting[R]) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if c := cs.all[id]; c != nil {
		c.waiting = slices.DeleteFunc(c.waiting, func(other *waiting[R]) bool { return other == w })
	}
}

// proceed asks the next question of a conversation if it is time. The mutex is held.
func (cs *Conversations[R]) proceed(id string, c *conversation[R]) {
	switch {
	case c.preparing > 0 || c.asking:
		return
	case len(c.waiting) == 0:
		delete(cs.all, id)
		return
	}
	n := min(len(c.waiting), maxTogether)
	together := slices.Clone(c.waiting[:n])
	c.waiting, c.asking = slices.Clone(c.waiting[n:]), true
	go func() {
		reply := askTogether(together)
		for _, w := range together {
			w.reply <- reply
		}
		cs.mu.Lock()
		defer cs.mu.Unlock()
		c.asking = false
		cs.proceed(id, c)
	}()
}

// askTogether asks one question for all the calls. It ends when the last of them is gone.
func askTogether[R any](calls []*waiting[R]) (reply R) {
	first := calls[0]
	ctx, cancel := context.WithCancel(context.WithoutCancel(first.context))
	defer cancel()
	defer func() {
		if recover() != nil {
			reply = first.Panicked(ctx)
		}
	}()
	left := atomic.Int64{}
	left.Store(int64(len(calls)))
	for _, w := range calls {
		defer context.AfterFunc(w.context, func() {
			if left.Add(-1) == 0 {
				cancel()
			}
		})()
	}
	return first.Ask(ctx, textOf(calls))
}

// textOf returns one question for all the calls.
func textOf[R any](calls []*waiting[R]) string {
	if len(calls) == 1 {
		return calls[0].Text
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s, all of them or none:\n", phrase.Plural(len(calls), "call"))
	for i, w := range calls {
		fmt.Fprintf(&b, "\n%d. %s\n", i+1, w.Text)
	}
	return strings.TrimSpace(b.String())
}
