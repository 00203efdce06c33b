package conversation_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/conversation"
)

// person answers each question when it is let through, and notes it.
type person struct {
	replies chan string

	mu    sync.Mutex
	asked []string
}

func (p *person) ask(ctx context.Context, text string) string {
	p.mu.Lock()
	p.asked = append(p.asked, text)
	p.mu.Unlock()
	select {
	case reply := <-p.replies:
		if reply == "panic" {
			panic(reply)
		}
		return reply
	case <-ctx.Done():
		return "gone"
	}
}

func (p *person) questions() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked
}

func (p *person) question(text string) conversation.Question[string] {
	return conversation.Question[string]{
		Text: text, Ask: p.ask, Panicked: func(context.Context) string { return "panicked" },
	}
}

func TestCallsAtOnceAreOneQuestion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var all conversation.Conversations[string]
		p := &person{replies: make(chan string)}
		seats := []*conversation.Seat[string]{all.Enter("a"), all.Enter("a"), all.Enter("a")}
		replies := make(chan string, 3)
		for i, s := range seats[:2] {
			go func() {
				reply, err := s.Ask(t.Context(), p.question(fmt.Sprint("q", i+1)))
				replies <- fmt.Sprint(reply, err)
			}()
			synctest.Wait()
		}
		if got := p.questions(); got != nil {
			t.Errorf("got %q while a call is being prepared, want no question yet", got)
		}
		seats[2].Leave()
		seats[2].Leave() // once more changes nothing
		synctest.Wait()
		if got := p.questions(); len(got) != 1 || got[0] != "2 calls, all of them or none:\n\n1. q1\n\n2. q2" {
			t.Errorf("got %q, want one question", got)
		}
		p.replies <- "yes"
		for range 2 {
			if got := <-replies; got != "yes<nil>" {
				t.Errorf("got %s, want yes", got)
			}
		}
	})
}

func TestAQuestionIsForAFewCallsOfOneConversation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var all conversation.Conversations[string]
		p := &person{replies: make(chan string)}
		var seats []*conversation.Seat[string]
		for range 12 {
			seats = append(seats, all.Enter("a"))
		}
		seats = append(seats, all.Enter("b"), all.Enter(""))
		var group sync.WaitGroup
		for i, s := range seats {
			group.Go(func() {
				defer s.Leave()
				if reply, err := s.Ask(t.Context(), p.question(fmt.Sprint("q", i))); reply != "yes" || err != nil {
					t.Errorf("%d: got %s, %v, want yes", i, reply, err)
				}
			})
		}
		for range 4 { // ten, two, one and one
			synctest.Wait()
			p.replies <- "yes"
		}
		group.Wait()
		sizes := map[int]int{}
		for _, text := range p.questions() {
			sizes[max(1, strings.Count(text, ". q"))]++
		}
		if sizes[10] != 1 || sizes[2] != 1 || sizes[1] != 2 {
			t.Errorf("got questions of %v calls, want of 10, 2, 1 and 1", sizes)
		}
	})
}

func TestACallThatIsGoneIsNotWaitedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var all conversation.Conversations[string]
		p := &person{replies: make(chan string)}
		ask := func(ctx context.Context, s *conversation.Seat[string], text string) <-chan string {
			done := make(chan string, 1)
			go func() {
				reply, err := s.Ask(ctx, p.question(text))
				done <- fmt.Sprintf("%s %t", reply, errors.Is(err, context.Canceled))
			}()
			synctest.Wait()
			return done
		}
		open := ask(t.Context(), all.Enter("a"), "open")
		ctx, cancel := context.WithCancel(t.Context())
		gone, next := ask(ctx, all.Enter("a"), "gone"), ask(t.Context(), all.Enter("a"), "next")
		cancel()
		if got := <-gone; got != " true" {
			t.Errorf("gone: got %q, want the error of its context", got)
		}
		p.replies <- "yes"
		synctest.Wait()
		p.replies <- "no"
		if a, b := <-open, <-next; a != "yes false" || b != "no false" {
			t.Errorf("got %q and %q, want yes and no", a, b)
		}
		if got := p.questions(); len(got) != 2 || got[1] != "next" {
			t.Errorf("got %q, want no question about what is gone", got)
		}
		ctx, cancel = context.WithCancel(t.Context())
		last := ask(ctx, all.Enter("a"), "last")
		cancel() // which ends the open question too
		if got := <-last; got != " true" {
			t.Errorf("last: got %q, want the error of its context", got)
		}
	})
}

func TestAPanicIsAReply(t *testing.T) {
	t.Parallel()
	var all conversation.Conversations[string]
	p := &person{replies: make(chan string, 1)}
	p.replies <- "panic"
	if reply, err := all.Enter("a").Ask(t.Context(), p.question("q")); reply != "panicked" || err != nil {
		t.Errorf("got %s, %v, want panicked", reply, err)
	}
}
