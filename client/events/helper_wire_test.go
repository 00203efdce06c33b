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

// Save records the positions that are saved. The beginning of a run and an attempt are none.
func (s *store) Save(ctx context.Context, previous, next events.Checkpoint) error {
	if ctx.Err() != nil {
		return errors.New("the context has ended")
	}
	if next.After == previous.After && next.Since.Equal(previous.Since) {
		return s.MemoryStore.Save(ctx, previous, next)
	}
	if s.save != nil {
		if err := s.save(); err != nil {
			return err
		}
	}
	err := s.MemoryStore.Save(ctx, previous, next)
	if err == nil {
		s.saved = append(s.saved, next.After)
	}
	return err
}

// save replaces what a store has.
func save(t *testing.T, s events.Store, c events.Checkpoint) error {
	t.Helper()
	at, err := s.Load(t.Context())
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	return s.Save(t.Context(), at, c)
}

// position is a checkpoint without what differs from run to run.
func position(c events.Checkpoint) events.Checkpoint {
	return events.Checkpoint{After: c.After, Since: c.Since}
}

// leash ends what a consumer does without end: time stands still in a bubble in which something is always at work. So
// beyond a number of calls that no test comes near each one waits for its context.
type leash struct {
	tb    testing.TB
	calls atomic.Int64
}

func (l *leash) pull(ctx context.Context) {
	const most = 10_000
	calls := l.calls.Add(1)
	if calls == most {
		l.tb.Errorf("the consumer has made %d calls, want waits between them", calls)
	}
	if calls >= most {
		<-ctx.Done()
	}
}

type leashedStore struct {
	events.Store
	*leash
}

func (s leashedStore) Load(ctx context.Context) (events.Checkpoint, error) {
	s.pull(ctx)
	return s.Store.Load(ctx)
}

func (s leashedStore) Save(ctx context.Context, previous, next events.Checkpoint) error {
	s.pull(ctx)
	return s.Store.Save(ctx, previous, next)
}

func newConsumer(t *testing.T, w wire, s events.Store, h events.Handler, opts ...events.Option) *events.Consumer {
	t.Helper()
	l := &leash{tb: t}
	leashed := wire(func(r *http.Request) (*http.Response, error) {
		l.pull(r.Context())
		return w(r)
	})
	c, err := client.New("sk_test_key", client.WithHTTPClient(&http.Client{Transport: leashed}))
	if err != nil {
		t.Fatalf("client: %v", err)
	}
	consumer, err := events.NewConsumer(c, leashedStore{s, l}, func(ctx context.Context, e *events.Event) error {
		l.pull(ctx)
		return h(ctx, e)
	}, opts...)
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
