package events_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/events"
)

func TestMalformedEventHoldsUpOnlyThoseBehindIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var got []string
		repaired := time.Now().Add(time.Hour)
		w := func(r *http.Request) (*http.Response, error) {
			answer, err := upTo(4)(r)
			if err != nil || time.Now().After(repaired) {
				return answer, err
			}
			text, err := io.ReadAll(answer.Body)
			return respond(200, strings.Replace(string(text), `"`+stubID(1)+`","event":`, `"`+stubID(1)+`","type":`, 1)), err
		}
		s := new(store)
		c := newConsumer(t, w, s, collect(&got))
		if err := runFor(t, c, 30*time.Minute); err != nil {
			t.Errorf("Run: %v", err)
		}
		wantStrings(t, "handled", got, stubID(0))
		if err := c.Status().LastError; !errors.Is(err, events.ErrMalformedEvent) {
			t.Errorf("status: got %v, want ErrMalformedEvent", err)
		}
		if err := runFor(t, c, time.Hour); err != nil {
			t.Errorf("Run: %v", err)
		}
		wantStrings(t, "handled", got, stubID(0), stubID(1), stubID(2), stubID(3))
	})
}

func TestListThatDoesNotGoOnIsNotHandledAgain(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		page    func() string
		after   string // of the checkpoint
		handled []string
		saved   []string
		failure string // the last one
	}{
		"the same page again": {
			func() string { return list(stubID(1), 0, 1) }, "", []string{stubID(0), stubID(1)},
			[]string{stubID(0), stubID(1)}, stubID(1),
		},
		"what the cursor names": {
			func() string { return list(stubID(0), 0) }, "", []string{stubID(0)}, []string{stubID(0)}, stubID(0),
		},
		"what the checkpoint names": {
			func() string { return list(stubID(5), 4, 5) }, stubID(4), nil, nil, stubID(4),
		},
		"a cursor without end": {func() string { return list(stubID(7)) }, "", nil, []string{stubID(7)}, ""},
		"an end that is no null": {
			func() string { return strings.Replace(list("", 0), `null`, `"`+stubID(0)+`"`, 1) }, "",
			[]string{stubID(0)}, []string{stubID(0)}, stubID(0),
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			var handled []string
			requests, s := 0, new(store)
			if err := save(t, &s.MemoryStore, events.Checkpoint{After: test.after}); err != nil {
				t.Fatalf("Save: %v", err)
			}
			w := func(*http.Request) (*http.Response, error) {
				requests++
				return respond(200, test.page()), nil
			}
			c := newConsumer(t, w, s, collect(&handled))
			if err := runFor(t, c, time.Minute); err != nil {
				t.Errorf("%s: Run: %v", name, err)
			}
			wantStrings(t, name+": handled", handled, test.handled...)
			wantStrings(t, name+": saved", s.saved, test.saved...)
			if requests < 5 || requests > 200 {
				t.Errorf("%s: got %d requests in a minute, want waits between them", name, requests)
			}
			failure := "<nil>"
			if test.failure != "" {
				failure = `workos/events: after "` + test.failure + `": the list repeats "event_`
			}
			if got := fmt.Sprint(c.Status().LastError); !strings.HasPrefix(got, failure) {
				t.Errorf("%s: got the failure %s, want %s…", name, got, failure)
			}
		})
	}
}

func TestEmptyPageWithACursorIsPassed(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		all     int // events
		handled []string
		saved   []string
	}{
		"before an event": {2, []string{stubID(1)}, []string{stubID(1)}},
		"at the end":      {1, nil, []string{stubID(0)}},
	} {
		synctest.Test(t, func(t *testing.T) {
			var got, sent []string
			begin := time.Now()
			w := func(r *http.Request) (*http.Response, error) {
				after := r.URL.Query().Get("after")
				sent = append(sent, after)
				if after == "" {
					return respond(200, list(stubID(0))), nil
				}
				if took := time.Since(begin); len(sent) == 2 && took != 0 {
					t.Errorf("%s: the page behind it was asked for after %v, want at once", name, took)
				}
				return upTo(test.all)(r)
			}
			s := new(store)
			c := newConsumer(t, w, s, collect(&got), events.WithCheckpointEvery(100))
			if err := runFor(t, c, time.Minute); err != nil {
				t.Errorf("%s: Run: %v", name, err)
			}
			wantStrings(t, name+": handled", got, test.handled...)
			wantStrings(t, name+": saved", s.saved, test.saved...)
			wantStrings(t, name+": sent first", sent[:2], "", stubID(0))
			if status := c.Status(); status.Handled != uint64(len(test.handled)) {
				t.Errorf("%s: got the status %+v, want %d handled", name, status, len(test.handled))
			}
		})
	}
}

func TestLastPageIsAskedForAgainAfterThePollInterval(t *testing.T) {
	t.Parallel()
	for _, poll := range []time.Duration{time.Millisecond, 7 * time.Second, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			var at []time.Duration
			begin := time.Now()
			w := func(r *http.Request) (*http.Response, error) {
				at = append(at, time.Since(begin))
				return upTo(5)(r)
			}
			c := newConsumer(t, w, new(store), collect(new([]string)), events.WithPollInterval(poll))
			if err := runFor(t, c, 2*poll-1); err != nil {
				t.Errorf("Run: %v", err)
			}
			// Three pages at once, then the end again and again.
			if want := []time.Duration{0, 0, 0, poll}; !slices.Equal(at, want) {
				t.Errorf("polls of %v: got requests at %v, want %v", poll, at, want)
			}
		})
	}
}

// A cursor that is not the last event's leads on from an empty page alone.
func TestPageWithEventsIsGoneOnFromItsLastOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var got, sent []string
		w := func(r *http.Request) (*http.Response, error) {
			sent = append(sent, r.URL.Query().Get("after"))
			if len(sent) == 1 {
				return respond(200, list(stubID(7), 0, 1)), nil
			}
			return respond(200, list("")), nil
		}
		s := new(store)
		if err := runFor(t, newConsumer(t, w, s, collect(&got)), time.Second); err != nil {
			t.Errorf("Run: %v", err)
		}
		wantStrings(t, "handled", got, stubID(0), stubID(1))
		wantStrings(t, "sent", sent, "", stubID(1))
		wantStrings(t, "saved", s.saved, stubID(0), stubID(1))
	})
}
