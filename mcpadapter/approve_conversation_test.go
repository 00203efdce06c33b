package mcpadapter_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// counter removes teas. The reads for a question wait until they are let through.
type counter struct {
	reads   chan struct{} // closed: reads are served
	missing string        // tea that does not exist

	mu      sync.Mutex
	removed []string
}

func (c *counter) Do(r *http.Request) (*http.Response, error) {
	id := r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]
	status := http.StatusOK
	if r.Method == http.MethodGet {
		<-c.reads
		if id == c.missing {
			status = http.StatusNotFound
		}
	} else {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.removed = append(c.removed, id)
	}
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(`{}`)), Request: r,
	}, nil
}

func (c *counter) sent() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.removed)
}

// clerk answers questions, which wait until they are let through.
type clerk struct {
	answer chan bool

	mu        sync.Mutex
	questions []string
}

func (k *clerk) ask(ctx context.Context, question string) (bool, error) {
	k.mu.Lock()
	k.questions = append(k.questions, question)
	k.mu.Unlock()
	select {
	case agreed, ok := <-k.answer:
		if !ok {
			panic("the clerk is gone")
		}
		return agreed, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// asked returns how many calls each question was about.
func (k *clerk) asked() string {
	k.mu.Lock()
	defer k.mu.Unlock()
	var list []string
	for _, q := range k.questions {
		list = append(list, strconv.Itoa(strings.Count(q, "Remove a tea?")))
	}
	return strings.Join(list, " ")
}

// shift is a shop in which calls come in at once.
type shift struct {
	counter
	clerk

	remove  mcpadapter.Tool
	results chan mcpadapter.Result
}

func newShift(t *testing.T) *shift {
	t.Helper()
	s := &shift{
		counter: counter{reads: make(chan struct{})}, clerk: clerk{answer: make(chan bool)},
		results: make(chan mcpadapter.Result, 100),
	}
	a := shoptest.NewWith(t, shoptest.Doer(s.Do), shoptest.Confirming(mcpadapter.ConfirmRisky))
	s.remove = shoptest.Tool(t, a, "teas.delete")
	return s
}

// call removes teas in a conversation, each by a call of its own.
func (s *shift) call(ctx context.Context, conversation string, teas ...string) {
	ctx = mcpadapter.InConversation(ctx, conversation)
	for _, tea := range teas {
		go func() { s.results <- s.remove.InvokeAsking(ctx, json.RawMessage(`{"tea_id":"`+tea+`"}`), s.ask) }()
	}
	synctest.Wait()
}

// finish returns the codes of the failures of n calls, and how many had none.
func (s *shift) finish(n int) (done int, codes map[string]int) {
	codes = map[string]int{}
	for range n {
		if r := <-s.results; r.Failure != nil {
			codes[r.Failure.Code]++
		} else {
			done++
		}
	}
	return done, codes
}

func TestCallsAtOnceAreOneQuestion(t *testing.T) {
	t.Parallel()
	for _, agreed := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			s := newShift(t)
			s.call(t.Context(), "a", "1", "2", "3")
			close(s.reads)
			synctest.Wait()
			if got := s.asked(); got != "3" || s.sent() > 0 {
				t.Fatalf("got questions about %s calls and %d sent, want one about 3 and none", got, s.sent())
			}
			shoptest.WantParts(t, "question", s.questions[0], "3 calls, all of them or none", "1. Remove", "3. Remove",
				`tea_id: "1"`, `tea_id: "2"`, `tea_id: "3"`)
			s.answer <- agreed
			done, codes := s.finish(3)
			if agreed && (done != 3 || s.sent() != 3) || !agreed && (codes[mcpadapter.CodeNotConfirmed] != 3 || s.sent() != 0) {
				t.Errorf("agreed %t: got %d done, %v, %d sent", agreed, done, codes, s.sent())
			}
		})
	}
}

func TestCallsDuringAQuestionAreTheNext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShift(t)
		close(s.reads)
		s.call(t.Context(), "a", "1")
		s.call(t.Context(), "a", "2", "3")
		gone, leave := context.WithCancel(t.Context())
		s.call(gone, "a", "4")
		if got := s.asked(); got != "1" {
			t.Fatalf("got questions about %s calls, want one about 1", got)
		}
		leave()
		if done, codes := s.finish(1); done != 0 || codes[mcpadapter.CodeNotConfirmed] != 1 {
			t.Errorf("got %d done and %v of a call that is gone, want it unconfirmed", done, codes)
		}
		s.answer <- false
		s.answer <- true
		if done, codes := s.finish(3); done != 2 || codes[mcpadapter.CodeNotConfirmed] != 1 || s.sent() != 2 {
			t.Errorf("got %d done, %v, %d sent, want the two that were agreed to", done, codes, s.sent())
		}
		if got := s.asked(); got != "1 2" {
			t.Errorf("got questions about %s calls, want 1 and 2", got)
		}
	})
}

func TestAQuestionIsForOneConversation(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShift(t)
		s.call(t.Context(), "a", "1")
		s.call(t.Context(), "b", "2")
		s.call(t.Context(), "", "3", "4")
		close(s.reads)
		synctest.Wait()
		if got := s.asked(); got != "1 1 1 1" {
			t.Errorf("got questions about %s calls, want four about 1", got)
		}
		for range 4 {
			s.answer <- true
		}
		if done, codes := s.finish(4); done != 4 {
			t.Errorf("got %d done and %v, want 4", done, codes)
		}
	})
}

func TestAQuestionIsAboutAFewCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShift(t)
		s.missing = "0"
		s.call(t.Context(), "a", strings.Fields("0 1 2 3 4 5 6 7 8 9 10 11 12")...)
		close(s.reads)
		synctest.Wait()
		s.answer <- true
		s.answer <- false
		if got := s.asked(); got != "10 2" {
			t.Errorf("got questions about %s calls, want 10 and 2: a tea that does not exist is none", got)
		}
		if done, codes := s.finish(13); done != 10 || codes[mcpadapter.CodeNotConfirmed] != 2 || s.sent() != 10 {
			t.Errorf("got %d done, %v, %d sent", done, codes, s.sent())
		}
	})
}

func TestAQuestionEndsWithItsCalls(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newShift(t)
		ctx, leave := context.WithCancel(t.Context())
		s.call(ctx, "a", "1", "2")
		close(s.reads)
		synctest.Wait()
		leave()
		s.finish(2)
		// The clerk no longer waits, so that the next question can be asked.
		s.call(t.Context(), "a", "3")
		s.answer <- true
		if done, codes := s.finish(1); done != 1 || s.sent() != 1 {
			t.Errorf("got %d done, %v, %d sent, want the last call alone", done, codes, s.sent())
		}
		// Nobody responds: as for a single call.
		s.call(t.Context(), "a", "4", "5")
		time.Sleep(24 * time.Hour)
		if done, codes := s.finish(2); done != 0 || codes[mcpadapter.CodeNotConfirmed] != 2 || s.sent() != 1 {
			t.Errorf("got %d done, %v, %d sent, want nothing", done, codes, s.sent())
		}
		close(s.answer) // it panics from now on
		s.call(t.Context(), "a", "6", "7")
		if done, codes := s.finish(2); done != 0 || codes[mcpadapter.CodeNotConfirmed] != 2 || s.sent() != 1 {
			t.Errorf("got %d done, %v, %d sent, want nothing", done, codes, s.sent())
		}
	})
}
