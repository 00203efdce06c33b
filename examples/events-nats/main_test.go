package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/gen"
)

const (
	total = 400
	users = 10
)

// listed is the list of events, of which each changes the address of one of the users. It calls
// end when what follows the last one is asked for.
func listed(t *testing.T, end func()) *workos.Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin := 0
		if after := r.URL.Query().Get("after"); after != "" {
			n, err := strconv.Atoi(after)
			if err != nil {
				t.Errorf("cursor %q: %v", after, err)
			}
			begin = n + 1
		}
		list := gen.EventList{Object: "list", Data: []workos.Event{}}
		for i := begin; i < min(begin+20, total); i++ {
			list.Data = append(list.Data, workos.Event{
				Object: "event", ID: strconv.Itoa(i), Event: "user.updated", CreatedAt: time.Now(), Data: map[string]any{
					"object": "user", "id": fmt.Sprintf("user_%d", i%users), "email": fmt.Sprintf("%d@example.com", i),
					"created_at": time.Now(), "updated_at": time.Now(),
				},
			})
		}
		if n := len(list.Data); n > 0 {
			list.ListMetadata.After = &list.Data[n-1].ID
		} else {
			end()
		}
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(list); err != nil && r.Context().Err() == nil {
			t.Errorf("write: %v", err)
		}
	}))
	t.Cleanup(server.Close)
	c, err := workos.New("sk_test", workos.WithBaseURL(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// connect starts a NATS server in this process and returns what makes connections to it.
func connect(t *testing.T) func() jetstream.JetStream {
	t.Helper()
	server, err := natsserver.NewServer(&natsserver.Options{
		Host: "127.0.0.1", Port: natsserver.RANDOM_PORT, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Start()
	t.Cleanup(func() { server.Shutdown(); server.WaitForShutdown() })
	if !server.ReadyForConnections(time.Minute) {
		t.Fatal("the NATS server does not start")
	}
	return func() jetstream.JetStream {
		connection, err := nats.Connect("", nats.InProcessServer(server))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(connection.Close)
		js, err := jetstream.New(connection)
		if err != nil {
			t.Fatal(err)
		}
		return js
	}
}

var errCrash = errors.New("crash")

// crashing is the store of a process that dies after publishing and before saving.
type crashing struct {
	events.Store

	left int // saves
}

func (c *crashing) Save(ctx context.Context, previous, next events.Checkpoint) error {
	if c.left--; c.left < 0 {
		return errCrash
	}
	return c.Store.Save(ctx, previous, next)
}

// TestEachEventTakesEffectOnce publishes with crashes, and works with workers that die after the commit and before the
// acknowledgement.
func TestEachEventTakesEffectOnce(t *testing.T) {
	var published atomic.Bool
	ctx, stop := context.WithCancel(t.Context())
	c := listed(t, func() { published.Store(true); stop() })
	dial := connect(t)
	store, err := events.NewFileStore(filepath.Join(t.TempDir(), "checkpoint.json"))
	if err != nil {
		t.Fatal(err)
	}
	publisher := dial()
	crashes := 0
	for !published.Load() {
		err := publish(ctx, c, publisher, &crashing{store, 23}, events.WithErrorFunc(func(error, time.Duration) {
			crashes++
			stop()
		}))
		if err != nil && !errors.Is(err, errCrash) {
			t.Fatalf("publish: %v", err)
		}
		if !published.Load() {
			ctx, stop = context.WithCancel(t.Context())
		}
	}
	stream, err := publisher.Stream(t.Context(), streamName)
	if err != nil {
		t.Fatal(err)
	}
	info, err := stream.Info(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if info.State.Msgs != total || crashes < 10 {
		t.Errorf("the stream has %d messages after %d crashes, want %d", info.State.Msgs, crashes, total)
	}

	m, err := open(t.Context(), filepath.Join(t.TempDir(), "users.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer m.close()
	var calls, lost atomic.Int64
	apply := func(ctx context.Context, e *events.Event) error {
		if err := m.apply(ctx, e); err != nil {
			return err
		}
		if calls.Add(1)%7 == 0 { // the effect is committed, and the message is delivered again
			lost.Add(1)
			return errCrash
		}
		return nil
	}
	ctx, stop = context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 3)
	for range cap(ended) {
		js := dial()
		go func() { ended <- work(ctx, js, apply) }()
	}
	for m.count(t, `SELECT count(*) FROM handled`) < total {
		time.Sleep(10 * time.Millisecond) // until the test's deadline
	}
	stop()
	for range cap(ended) {
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("work: %v", err)
		}
	}
	if got := m.count(t, `SELECT sum(events) FROM users`); got != total {
		t.Errorf("%d effects of %d events", got, total)
	}
	m.checkOrder(t)
	t.Logf("%d events: publisher crashed %d times, %d acknowledgements lost; %d effects",
		total, crashes, lost.Load(), m.count(t, `SELECT sum(events) FROM users`))
}

func (m *mirror) count(t *testing.T, query string) (n int) {
	t.Helper()
	if err := m.db.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// checkOrder checks that the events of each user took effect in order.
func (m *mirror) checkOrder(t *testing.T) {
	t.Helper()
	rows, err := m.db.QueryContext(t.Context(), `SELECT event FROM handled ORDER BY position`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	last := map[int]int{}
	for rows.Next() {
		var n int
		if err := rows.Scan(&n); err != nil {
			t.Fatal(err)
		}
		if before, ok := last[n%users]; ok && n != before+users {
			t.Errorf("user %d: event %d after %d", n%users, n, before)
		}
		last[n%users] = n
	}
	if err := rows.Err(); err != nil || len(last) != users {
		t.Errorf("events of %d users, %v; want %d", len(last), err, users)
	}
}

func TestPartitionsKeepTogetherWhatBelongsTogether(t *testing.T) {
	of := func(data string) int {
		return partition(&events.Event{ID: "event_1", Type: "x", Data: json.RawMessage(data)})
	}
	user := of(`{"object":"user","id":"user_1"}`)
	for _, same := range []string{
		`{"object":"session","id":"session_1","user_id":"user_1","organization_id":"org_1"}`,
		`{"object":"organization_membership","user_id":"user_1","organization_id":"org_2"}`,
	} {
		if got := of(same); got != user {
			t.Errorf("%s: partition %d, want %d", same, got, user)
		}
	}
	org := of(`{"object":"organization","id":"org_1"}`)
	if got := of(`{"object":"connection","id":"conn_1","organization_id":"org_1"}`); got != org {
		t.Errorf("connection: partition %d, want %d", got, org)
	}
	used := map[int]bool{}
	for i := range 1000 {
		used[of(fmt.Sprintf(`{"object":"user","id":"user_%d"}`, i))] = true
	}
	if len(used) != partitions {
		t.Errorf("used %v, want all of %d", maps.Keys(used), partitions)
	}
}
