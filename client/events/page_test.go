package events_test

import (
	"context"
	"errors"
	"io"
	"net/http"
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
	for name, page := range map[string]func() string{
		"the same page again":    func() string { return list(stubID(1), 0, 1) },
		"what the cursor names":  func() string { return list(stubID(0), 0) },
		"a cursor without end":   func() string { return list(stubID(7)) },
		"an end that is no null": func() string { return strings.Replace(list("", 0), `null`, `"`+stubID(0)+`"`, 1) },
	} {
		synctest.Test(t, func(t *testing.T) {
			handled, requests := map[string]int{}, 0
			w := func(*http.Request) (*http.Response, error) {
				requests++
				return respond(200, page()), nil
			}
			c := newConsumer(t, w, new(store), func(_ context.Context, e *events.Event) error {
				handled[e.ID]++
				return nil
			})
			if err := runFor(t, c, time.Minute); err != nil {
				t.Errorf("%s: Run: %v", name, err)
			}
			for id, times := range handled {
				if times > 1 {
					t.Errorf("%s: %s was handled %d times", name, id, times)
				}
			}
			if requests > 200 {
				t.Errorf("%s: got %d requests in a minute, want waits between them", name, requests)
			}
		})
	}
}

func TestEmptyPageWithACursorIsPassed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var got []string
		w := func(r *http.Request) (*http.Response, error) {
			if r.URL.Query().Get("after") == "" {
				return respond(200, list(stubID(0))), nil
			}
			return upTo(2)(r)
		}
		s := new(store)
		if err := runFor(t, newConsumer(t, w, s, collect(&got)), time.Second); err != nil {
			t.Errorf("Run: %v", err)
		}
		wantStrings(t, "handled", got, stubID(1))
	})
}
