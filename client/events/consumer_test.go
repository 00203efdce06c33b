package events_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
)

// wire answers requests for events in process, so that time can be that of a synctest bubble.
type wire func(*http.Request) (*http.Response, error)

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) { return w(r) }

func respond(status int, body string, header ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{
		StatusCode: status, Status: strconv.Itoa(status), Header: h, ContentLength: int64(len(body)),
		Body: io.NopCloser(strings.NewReader(body)),
	}
}

// list is a page of events of these numbers; after is its cursor, "" at the end.
func list(after string, numbers ...int) string {
	data := []json.RawMessage{}
	for _, n := range numbers {
		data = append(data, json.RawMessage(fmt.Sprintf(
			`{"object":"event","id":%q,"event":"group.member_added","data":{"group_id":"g"},"created_at":%q}`,
			stubID(n), time.Now().UTC().Format(time.RFC3339Nano))))
	}
	page := map[string]any{"object": "list", "data": data, "list_metadata": map[string]any{"after": nil}}
	if after != "" {
		page["list_metadata"] = map[string]any{"after": after}
	}
	text, err := json.Marshal(page)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// upTo serves the events below n, two a page.
func upTo(n int) wire {
	return func(r *http.Request) (*http.Response, error) {
		begin := 0
		if after := r.URL.Query().Get("after"); after != "" {
			if _, err := fmt.Sscanf(after, "event_%d", &begin); err != nil {
				return nil, fmt.Errorf("cursor %q: %w", after, err)
			}
			begin++
		}
		var numbers []int
		for i := begin; i < min(begin+2, n); i++ {
			numbers = append(numbers, i)
		}
		after := ""
		if begin+2 < n {
			after = stubID(begin + 1)
		}
		return respond(200, list(after, numbers...)), nil
	}
}

type store struct {
	events.MemoryStore

	saved []string
	load  error
	save  func() error
}

func (s *store) Load(ctx context.Context) (events.Checkpoint, error) {
	c, _ := s.MemoryStore.Load(ctx)
	return c, s.load
}

func (s *store) Save(ctx context.Context, c events.Checkpoint) error {
	if ctx.Err() != nil {
		return errors.New("the context has ended")
	}
	if s.save != nil {
		if err := s.save(); err != nil {
			return err
		}
	}
	s.saved = append(s.saved, c.After)
	return s.MemoryStore.Save(ctx, c)
}

func newConsumer(t *testing.T, w wire, s events.Store, h events.Handler, opts ...events.Option) *events.Consumer {
	t.Helper()
	c, err := client.New("sk_test_key", client.WithHTTPClient(&http.Client{Transport: w}))
	if err != nil {
		t.Fatalf("client: %v", err)
	}
	consumer, err := events.NewConsumer(c, s, h, opts...)
	if err != nil {
		t.Fatalf("NewConsumer: %v", err)
	}
	return consumer
}

// runFor runs the consumer for that long, in the time of the bubble.
func runFor(t *testing.T, c *events.Consumer, d time.Duration) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	return c.Run(ctx)
}

func collect(into *[]string) events.Handler {
	return func(_ context.Context, e *events.Event) error {
		*into = append(*into, e.ID)
		return nil
	}
}

func wantStrings(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

func TestConsumerHandlesAllEventsInOrderAndSavesEach(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var got []string
		s := new(store)
		c := newConsumer(t, upTo(5), s, collect(&got))
		if err := runFor(t, c, time.Second); err != nil {
			t.Errorf("Run: %v", err)
		}
		all := []string{stubID(0), stubID(1), stubID(2), stubID(3), stubID(4)}
		wantStrings(t, "handled", got, all...)
		wantStrings(t, "saved", s.saved, all...)
		if status := c.Status(); status.Handled != 5 || status.Checkpoint.After != stubID(4) || status.Failures != 0 {
			t.Errorf("status: got %+v", status)
		}

		if err := runFor(t, newConsumer(t, upTo(6), s, collect(&got)), time.Second); err != nil {
			t.Errorf("Run: %v", err)
		}
		wantStrings(t, "handled by the next process", got[5:], stubID(5))
	})
}

func TestCheckpointsAreSavedAsOftenAsSet(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var got []string
		s := new(store)
		c := newConsumer(t, upTo(8), s, collect(&got), events.WithCheckpointEvery(3))
		if err := runFor(t, c, time.Second); err != nil {
			t.Errorf("Run: %v", err)
		}
		wantStrings(t, "saved", s.saved, stubID(2), stubID(5), stubID(7))
	})
}

func TestConsumerAsksForWhatItIsToldTo(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 1, 2, 4, 4, 5, 678_900_000, time.FixedZone("", 3600))
	for _, test := range []struct {
		opts []events.Option
		want string
	}{
		{nil, "limit=100&order=asc"},
		{
			[]events.Option{
				events.WithTypes(events.UserCreated, events.DsyncUserDeleted), events.WithOrganization("org_01"),
				events.WithPageSize(7), events.WithStartAfter("event_01"),
			},
			"after=event_01&events=user.created%2Cdsync.user.deleted&limit=7&order=asc&organization_id=org_01",
		},
		{[]events.Option{events.WithStartTime(start)}, "limit=100&order=asc&range_start=2026-01-02T03%3A04%3A05.677Z"},
	} {
		synctest.Test(t, func(t *testing.T) {
			var sent []string
			w := func(r *http.Request) (*http.Response, error) {
				sent = append(sent, r.Method+" "+r.URL.Path+" "+r.URL.Query().Encode())
				return respond(200, list("")), nil
			}
			s := new(store)
			if err := runFor(t, newConsumer(t, w, s, collect(new([]string)), test.opts...), 12*time.Second); err != nil {
				t.Errorf("Run: %v", err)
			}
			want := "GET /events " + test.want
			wantStrings(t, "sent in 12 seconds", sent, want, want, want)

			// The next process begins where this one did, whatever it is told.
			sent = nil
			other := events.WithStartTime(start.Add(time.Hour))
			if test.opts == nil {
				return
			}
			opts := append(slices.Clone(test.opts), other)
			if err := runFor(t, newConsumer(t, w, s, collect(new([]string)), opts...), time.Second); err != nil {
				t.Errorf("Run: %v", err)
			}
			wantStrings(t, "sent by the next process", sent, want)
		})
	}
}

func TestFailuresThatMayPassAreWaitedFor(t *testing.T) {
	t.Parallel()
	reset := func() (*http.Response, error) { return nil, errors.New("connection reset by peer") }
	for name, failure := range map[string]func() (*http.Response, error){
		"429":          func() (*http.Response, error) { return respond(429, `"Ratelimited"`), nil },
		"408":          func() (*http.Response, error) { return respond(408, `{}`), nil },
		"500":          func() (*http.Response, error) { return respond(500, `{"message":"oops"}`), nil },
		"503 in HTML":  func() (*http.Response, error) { return respond(503, "<html>"), nil },
		"reset":        reset,
		"no JSON":      func() (*http.Response, error) { return respond(200, "{"), nil },
		"another JSON": func() (*http.Response, error) { return respond(200, `{"data":{}}`), nil },
		"no event":     func() (*http.Response, error) { return respond(200, `{"data":[{"id":"event_01"}]}`), nil },
		"hanging": func() (*http.Response, error) {
			body, _ := io.Pipe()
			answer := respond(200, "")
			answer.Body, answer.ContentLength = body, -1
			return answer, nil
		},
	} {
		synctest.Test(t, func(t *testing.T) {
			requests, failures, serve := 0, []error{}, upTo(2)
			w := func(r *http.Request) (*http.Response, error) {
				if requests++; requests <= 20 {
					answer, err := failure()
					if pipe, ok := bodyOf(answer).(*io.PipeReader); ok { // as net/http does
						context.AfterFunc(r.Context(), func() { _ = pipe.CloseWithError(r.Context().Err()) })
					}
					return answer, err
				}
				return serve(r)
			}
			var got []string
			c := newConsumer(t, w, new(store), collect(&got), events.WithBackoff(time.Second, time.Minute),
				events.WithErrorFunc(func(err error, wait time.Duration) {
					failures = append(failures, err)
					bound := min(time.Second<<(len(failures)-1), time.Minute)
					if wait < 0 || wait > bound {
						t.Errorf("%s: wait %d: got %v, want at most %v", name, len(failures), wait, bound)
					}
				}))
			if err := runFor(t, c, time.Hour); err != nil {
				t.Errorf("%s: Run: %v", name, err)
			}
			wantStrings(t, name, got, stubID(0), stubID(1))
			if len(failures) == 0 || c.Status().Failures != 0 || c.Status().LastError != nil {
				t.Errorf("%s: got %d failures, status %+v; want failures that are over", name, len(failures), c.Status())
			}
		})
	}
}

func TestSlowAnswerIsGivenUpAfterTheFetchTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var waited []time.Duration
		w := func(r *http.Request) (*http.Response, error) {
			begin := time.Now()
			<-r.Context().Done()
			waited = append(waited, time.Since(begin))
			return nil, r.Context().Err()
		}
		c := newConsumer(t, w, new(store), collect(new([]string)), events.WithFetchTimeout(3*time.Second),
			events.WithBackoff(time.Second, time.Second))
		if err := runFor(t, c, 10*time.Second); err != nil {
			t.Errorf("Run: %v", err)
		}
		if len(waited) < 2 || waited[0] != 3*time.Second {
			t.Errorf("requests were given up after %v, want 3s each", waited)
		}
	})
}

func bodyOf(answer *http.Response) io.ReadCloser {
	if answer == nil {
		return nil
	}
	return answer.Body
}

func TestRetryAfterIsWaitedFor(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]time.Duration{"90": 90 * time.Second, "7200": 5 * time.Minute, "soon": 0} {
		synctest.Test(t, func(t *testing.T) {
			var sent []time.Time
			w := func(*http.Request) (*http.Response, error) {
				sent = append(sent, time.Now())
				return respond(429, `"Ratelimited"`, "Retry-After", header), nil
			}
			waits := 0
			c := newConsumer(t, w, new(store), collect(new([]string)), events.WithBackoff(time.Second, time.Second),
				events.WithErrorFunc(func(_ error, wait time.Duration) {
					waits++
					if wait < want || wait > want+time.Second {
						t.Errorf("Retry-After %s: got a wait of %v, want %v and up to a second", header, wait, want)
					}
				}))
			if err := runFor(t, c, 11*time.Minute); err != nil {
				t.Errorf("Run: %v", err)
			}
			if waits < 2 || len(sent) < waits {
				t.Errorf("Retry-After %s: got %d requests and %d waits in 11 minutes", header, len(sent), waits)
			}
		})
	}
}

func TestFailuresThatCannotPassEndTheRun(t *testing.T) {
	t.Parallel()
	for _, status := range []int{302, 400, 401, 403, 404, 422} {
		synctest.Test(t, func(t *testing.T) {
			w := func(*http.Request) (*http.Response, error) {
				return respond(status, `{"code":"some_code","message":"Some message."}`), nil
			}
			err := runFor(t, newConsumer(t, w, new(store), collect(new([]string))), time.Hour)
			var failed *client.Error
			if !errors.As(err, &failed) || failed.StatusCode != status {
				t.Errorf("got %v, want a *client.Error of status %d", err, status)
			}
		})
	}
}

func TestEventIsTriedUntilItIsDone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var got []string
		var reported []error
		s := new(store)
		c := newConsumer(t, upTo(3), s, func(_ context.Context, e *events.Event) error {
			got = append(got, e.ID)
			if e.ID == stubID(1) && len(got) < 5 {
				return errStop
			}
			return nil
		}, events.WithErrorFunc(func(err error, _ time.Duration) { reported = append(reported, err) }))
		if err := runFor(t, c, time.Hour); err != nil {
			t.Errorf("Run: %v", err)
		}
		wantStrings(t, "handled", got, stubID(0), stubID(1), stubID(1), stubID(1), stubID(1), stubID(2))
		wantStrings(t, "saved", s.saved, stubID(0), stubID(1), stubID(2))
		if len(reported) != 3 || !errors.Is(reported[0], errStop) || !strings.Contains(reported[0].Error(), stubID(1)) {
			t.Errorf("reported: got %v, want three failures that name the event", reported)
		}
	})
}

func TestDeadLetterIsTakenAside(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tries, letters := 0, []string{}
		s := new(store)
		c := newConsumer(t, upTo(3), s, func(_ context.Context, e *events.Event) error {
			if e.ID == stubID(1) {
				tries++
				return errStop
			}
			return nil
		}, events.WithDeadLetter(3, func(_ context.Context, e *events.Event, err error) error {
			letters = append(letters, e.ID)
			if !errors.Is(err, errStop) {
				t.Errorf("dead letter: got %v, want the handler's error", err)
			}
			if len(letters) == 1 {
				return errors.New("no room")
			}
			return nil
		}))
		if err := runFor(t, c, time.Hour); err != nil {
			t.Errorf("Run: %v", err)
		}
		if tries != 4 || c.Status().Handled != 3 {
			t.Errorf("got %d tries, %d handled; want 4 and 3", tries, c.Status().Handled)
		}
		wantStrings(t, "letters", letters, stubID(1), stubID(1))
		wantStrings(t, "saved", s.saved, stubID(0), stubID(1), stubID(2))
	})
}

func TestHandlerAtWorkFinishesWhenTheConsumerStops(t *testing.T) {
	t.Parallel()
	type key struct{}
	synctest.Test(t, func(t *testing.T) {
		s := new(store)
		var inside error
		c := newConsumer(t, upTo(3), s, func(ctx context.Context, e *events.Event) error {
			if e.ID == stubID(1) {
				time.Sleep(10 * time.Second)
				inside = ctx.Err()
				if ctx.Value(key{}) != "value" {
					t.Error("the handler's context lacks the values of Run's")
				}
			}
			return nil
		}, events.WithCheckpointEvery(100))
		ctx, cancel := context.WithTimeout(context.WithValue(t.Context(), key{}, "value"), 3*time.Second)
		defer cancel()
		begin := time.Now()
		if err := c.Run(ctx); err != nil {
			t.Errorf("Run: %v", err)
		}
		if took := time.Since(begin); took != 10*time.Second || inside != nil {
			t.Errorf("Run took %v, the handler's context: %v; want 10s and nil", took, inside)
		}
		wantStrings(t, "saved", s.saved, stubID(1))
	})
}

func TestHandlerHasNoMoreThanTheGracePeriod(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := new(store)
		c := newConsumer(t, upTo(3), s, func(ctx context.Context, e *events.Event) error {
			if e.ID == stubID(1) {
				<-ctx.Done()
				return ctx.Err()
			}
			return nil
		}, events.WithGracePeriod(2*time.Second), events.WithCheckpointEvery(100))
		begin := time.Now()
		if err := runFor(t, c, 3*time.Second); err != nil {
			t.Errorf("Run: %v", err)
		}
		if took := time.Since(begin); took != 5*time.Second {
			t.Errorf("Run took %v, want 5s", took)
		}
		wantStrings(t, "saved", s.saved, stubID(0)) // the event that was not done comes again
	})
}

func TestStoreIsTriedUntilItSaves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var got []string
		s, tries := new(store), 0
		s.save = func() error {
			if tries++; tries < 4 {
				return errStop
			}
			return nil
		}
		c := newConsumer(t, upTo(2), s, collect(&got))
		if err := runFor(t, c, time.Hour); err != nil {
			t.Errorf("Run: %v", err)
		}
		wantStrings(t, "handled", got, stubID(0), stubID(1))
		wantStrings(t, "saved", s.saved, stubID(0), stubID(1))
		if status := c.Status(); status.Failures != 0 {
			t.Errorf("status: got %+v, want no failure left", status)
		}
	})
}

func TestCheckpointThatCannotBeSavedOnTheWayOutIsAnError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &store{save: func() error { return errStop }}
		c := newConsumer(t, upTo(2), s, collect(new([]string)))
		if err := runFor(t, c, time.Hour); !errors.Is(err, errStop) {
			t.Errorf("Run: got %v, want the store's error", err)
		}
		if status := c.Status(); status.Failures == 0 || !errors.Is(status.LastError, errStop) {
			t.Errorf("status: got %+v, want the failures", status)
		}
	})
}

func TestCheckpointThatCannotBeLoadedEndsTheRun(t *testing.T) {
	t.Parallel()
	c := newConsumer(t, upTo(2), &store{load: errStop}, collect(new([]string)))
	if err := c.Run(t.Context()); !errors.Is(err, errStop) {
		t.Errorf("Run: got %v, want the store's error", err)
	}
	c = newConsumer(t, upTo(2), &store{save: func() error { return errStop }}, collect(new([]string)),
		events.WithStartTime(time.Now()))
	if err := c.Run(t.Context()); !errors.Is(err, errStop) {
		t.Errorf("Run with a start: got %v, want the store's error", err)
	}
}

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

func TestLagTellsHowFarBehindTheConsumerIs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var down, stuck atomic.Bool
		var emitted atomic.Int64
		emitted.Store(2)
		w := func(r *http.Request) (*http.Response, error) {
			if down.Load() {
				return nil, errors.New("connection refused")
			}
			return upTo(int(emitted.Load()))(r)
		}
		c := newConsumer(t, w, new(store), func(context.Context, *events.Event) error {
			if stuck.Load() {
				return errStop
			}
			return nil
		})
		if lag := c.Status().Lag; lag != 0 {
			t.Errorf("lag before Run: got %v, want 0", lag)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- c.Run(ctx) }()
		check := func(what string, least, most time.Duration) {
			t.Helper()
			synctest.Wait()
			if lag := c.Status().Lag; lag < least || lag > most {
				t.Errorf("%s: got a lag of %v, want %v to %v", what, lag, least, most)
			}
		}
		time.Sleep(time.Hour)
		check("after an hour of keeping up", 0, 5*time.Second)
		down.Store(true)
		time.Sleep(time.Hour)
		check("after an hour without the API", time.Hour, time.Hour+5*time.Second)
		down.Store(false)
		time.Sleep(2 * time.Minute)
		check("with the API back", 0, 5*time.Second)
		stuck.Store(true)
		emitted.Store(3)
		time.Sleep(time.Hour)
		check("after an hour with a handler that fails", time.Hour-10*time.Second, time.Hour)
		stuck.Store(false)
		time.Sleep(2 * time.Minute)
		check("with the handler back", 0, 5*time.Second)
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

// lateStore answers as a database does whose caller has gone.
type lateStore struct{ store }

func (s *lateStore) Load(ctx context.Context) (events.Checkpoint, error) {
	return events.Checkpoint{}, ctx.Err() //nolint:wrapcheck // as a database does
}

func TestConsumerThatIsStoppedAtTheBeginningHasNotFailed(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for name, s := range map[string]events.Store{"load": new(lateStore), "save": new(store)} {
		c := newConsumer(t, upTo(1), s, collect(new([]string)), events.WithStartAfter(stubID(0)))
		if err := c.Run(ctx); err != nil {
			t.Errorf("%s: got %v, want nil as after any other stop", name, err)
		}
	}
}

func TestConsumerRunsOnceAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newConsumer(t, upTo(0), new(store), collect(new([]string)))
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- c.Run(ctx) }()
		synctest.Wait()
		if err := c.Run(ctx); err == nil {
			t.Error("a second Run at the same time returns no error")
		}
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
		if err := runFor(t, c, time.Second); err != nil {
			t.Errorf("Run after the first: %v", err)
		}
	})
}

func TestNewConsumerRefusesWhatCannotWork(t *testing.T) {
	t.Parallel()
	api, err := client.New("sk_test_key")
	if err != nil {
		t.Fatalf("client: %v", err)
	}
	handler := collect(new([]string))
	letter := func(context.Context, *events.Event, error) error { return nil }
	for _, err := range []error{
		second(events.NewConsumer(nil, new(store), handler)), second(events.NewConsumer(api, nil, handler)),
		second(events.NewConsumer(api, new(store), nil)),
	} {
		if err == nil {
			t.Error("NewConsumer takes nil")
		}
	}
	for says, opt := range map[string]events.Option{
		"option 1 is nil":                 nil,
		"no type is given":                events.WithTypes(),
		"type 2 has no name":              events.WithTypes(events.UserCreated, events.Type[any]("")),
		"organization is empty":           events.WithOrganization(""),
		"start time is zero":              events.WithStartTime(time.Time{}),
		"event to start after is empty":   events.WithStartAfter(""),
		"page size is 0":                  events.WithPageSize(0),
		"page size is 101":                events.WithPageSize(101),
		"checkpoint interval is 0":        events.WithCheckpointEvery(0),
		"poll interval is 0s":             events.WithPollInterval(0),
		"fetch time-out is -1s":           events.WithFetchTimeout(-time.Second),
		"grace period is 0s":              events.WithGracePeriod(0),
		"back-off is 0s":                  events.WithBackoff(0, time.Second),
		"back-off is 2s":                  events.WithBackoff(2*time.Second, time.Second),
		"attempts before the dead letter": events.WithDeadLetter(0, letter),
		"dead letter function is nil":     events.WithDeadLetter(1, nil),
		"error function is nil":           events.WithErrorFunc(nil),
	} {
		err := second(events.NewConsumer(api, new(store), handler, opt))
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v, want an error that says %q", err, says)
		}
	}
}

func second[T any](_ T, err error) error { return err }
