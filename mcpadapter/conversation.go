package mcpadapter

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

type conversationKey struct{}

// InConversation returns a context whose calls belong to a conversation with one person. Calls of [Tool.InvokeAsking]
// that need a confirmation at the same time are then one question, to be answered for all of them: a question waits for
// the calls that are being checked, and those that come in while it is open are the next one. The ID says whose
// conversation it is, such as the ID of an MCP session; "": none, and each call is a question of its own.
func InConversation(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, conversationKey{}, id)
}

// conversations are those in which calls wait, by ID. The zero value is ready to use.
type conversations struct {
	mu  sync.Mutex
	all map[string]*conversation
}

// conversation collects the calls that a person has to confirm.
type conversation struct {
	preparing int  // calls whose question is not known yet
	asking    bool // a question is open
	waiting   []*asked
}

// asked is a call that a person has to confirm.
type asked struct {
	context  context.Context //nolint:containedctx // of one of several calls that wait for the same reply
	call     *call
	ask      Asker
	question string
	reply    chan *Failure // has room for one
}

// seat is a place in a conversation.
type seat struct {
	all  *conversations
	id   string // of the conversation; "": none
	left bool
}

// enter notes that a question is being prepared. The seat must be left.
func (cs *conversations) enter(ctx context.Context) *seat {
	id, _ := ctx.Value(conversationKey{}).(string)
	if id == "" {
		return &seat{left: true}
	}
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if cs.all == nil {
		cs.all = map[string]*conversation{}
	}
	if cs.all[id] == nil {
		cs.all[id] = &conversation{}
	}
	cs.all[id].preparing++
	return &seat{all: cs, id: id}
}

// leave has others proceed without a question from this seat.
func (s *seat) leave() { s.exchange(nil) }

// exchange leaves the seat for a place among the calls that wait; nil: for none.
func (s *seat) exchange(a *asked) {
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

// agreed asks the question, alone or together with others, and returns nil if the person agrees.
func (s *seat) agreed(ctx context.Context, c *call, ask Asker, question string) *Failure {
	if s.id == "" {
		return ask.agreed(ctx, question)
	}
	a := &asked{context: ctx, call: c, ask: ask, question: question, reply: make(chan *Failure, 1)}
	s.exchange(a) //nolint:contextcheck // others that wait have their own
	select {
	case f := <-a.reply:
		return f
	case <-ctx.Done():
		s.all.withdraw(s.id, a)
		return unasked(ctx.Err())
	}
}

// withdraw takes a call that is gone out of the next question.
func (cs *conversations) withdraw(id string, a *asked) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if c := cs.all[id]; c != nil {
		c.waiting = slices.DeleteFunc(c.waiting, func(other *asked) bool { return other == a })
	}
}

// proceed asks the next question of a conversation if it is time. The mutex is held.
func (cs *conversations) proceed(id string, c *conversation) {
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
		f := askTogether(together)
		for _, a := range together {
			a.reply <- f
		}
		cs.mu.Lock()
		defer cs.mu.Unlock()
		c.asking = false
		cs.proceed(id, c)
	}()
}

// askTogether asks one question for all the calls. It ends when the last of them is gone.
func askTogether(calls []*asked) (f *Failure) {
	first := calls[0]
	ctx, cancel := context.WithCancel(context.WithoutCancel(first.context))
	defer cancel()
	defer func() {
		if recover() != nil {
			first.call.tool.engine.panicked(ctx, first.call.tool.name)
			f = unconfirmed("the person could not be asked")
		}
	}()
	left := atomic.Int64{}
	left.Store(int64(len(calls)))
	for _, a := range calls {
		defer context.AfterFunc(a.context, func() {
			if left.Add(-1) == 0 {
				cancel()
			}
		})()
	}
	return first.ask.agreed(ctx, questionFor(calls))
}

// questionFor returns one question for all the calls.
func questionFor(calls []*asked) string {
	if len(calls) == 1 {
		return calls[0].question
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s, all of them or none:\n", phrase.Plural(len(calls), "call"))
	for i, a := range calls {
		fmt.Fprintf(&b, "\n%d. %s\n", i+1, a.question)
	}
	return strings.TrimSpace(b.String())
}
