package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/gen"
)

// serve answers with the events of a user who is created and then updated again and again. It calls done once it is
// asked for what comes after the last of them, which so is done.
func serve(t *testing.T, count int, done func()) string {
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
		if begin == count {
			done()
		}
		data := []workos.Event{}
		for i := begin; i < min(begin+10, count); i++ {
			e := workos.Event{Object: "event", ID: strconv.Itoa(i), Event: "user.updated", Data: map[string]any{
				"object": "user", "id": "user_01", "email": fmt.Sprintf("ada%d@example.com", i),
				"created_at": time.Now(), "updated_at": time.Now(),
			}}
			if i == 0 {
				e.Event = "user.created"
			}
			data = append(data, e)
		}
		list := gen.EventList{Object: "list", Data: data}
		if len(data) > 0 { // so that the end is asked for at once
			list.ListMetadata.After = &data[len(data)-1].ID
		}
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(list); err != nil {
			t.Errorf("encode: %v", err)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func state(t *testing.T, m *mirror) (email string, count int, at events.Checkpoint) {
	t.Helper()
	if err := m.db.QueryRowContext(t.Context(), "SELECT email, events FROM users").Scan(&email, &count); err != nil {
		t.Fatalf("users: %v", err)
	}
	at, err := m.Load(t.Context())
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	return email, count, at
}

func TestProgramMirrorsUsersUntilItIsStopped(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // which only ends a hang
	defer cancel()
	t.Setenv("WORKOS_API_KEY", "sk_test_key")
	t.Setenv("WORKOS_BASE_URL", serve(t, 25, cancel))
	file := filepath.Join(t.TempDir(), "a?b c.db")
	if err := run(ctx, file); err != nil {
		t.Fatalf("run: %v", err)
	}
	m, err := open(t.Context(), file)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	defer func() { _ = m.db.Close() }()
	email, count, at := state(t, m)
	if email != "ada24@example.com" || count != 25 || at.After != "24" {
		t.Errorf("got %s after %d events, checkpoint %+v; want ada24@example.com after 25, checkpoint 24", email, count, at)
	}
}

// TestEachEventChangesTheTableOnce breaks off after the transaction of every third event, as a crash would.
func TestEachEventChangesTheTableOnce(t *testing.T) {
	const count = 25
	c, err := workos.New("sk_test_key", workos.WithBaseURL(serve(t, count, func() {})))
	if err != nil {
		t.Fatalf("client: %v", err)
	}
	m, err := open(t.Context(), filepath.Join(t.TempDir(), "users.db"))
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	defer func() { _ = m.db.Close() }()
	for runs := 0; ; runs++ {
		if runs > count {
			t.Fatalf("not done after %d runs", runs)
		}
		ctx, crash := context.WithTimeout(t.Context(), time.Minute)
		done, handled := false, 0
		consumer, err := events.NewConsumer(c, m, func(ctx context.Context, e *events.Event) error {
			if err := m.handle(ctx, e); err != nil {
				return err
			}
			done = e.ID == strconv.Itoa(count-1)
			if handled++; handled == 3 || done {
				crash()
				return errors.New("crash")
			}
			if handled == 2 {
				return m.handle(ctx, e) // once more, as after a Commit that has only seemed to fail
			}
			return nil
		})
		if err != nil {
			t.Fatalf("NewConsumer: %v", err)
		}
		if err := consumer.Run(ctx); err != nil {
			t.Fatalf("Run: %v", err)
		}
		crash()
		if done {
			break
		}
	}
	if email, got, at := state(t, m); email != "ada24@example.com" || got != count || at.After != "24" {
		t.Errorf("got %s after %d events, checkpoint %+v; want ada24@example.com after %d, checkpoint 24",
			email, got, at, count)
	}
}

func TestProgramNeedsAKey(t *testing.T) {
	t.Setenv("WORKOS_API_KEY", "")
	file := filepath.Join(t.TempDir(), "users.db")
	if err := run(t.Context(), file); err == nil || !strings.Contains(err.Error(), "WORKOS_API_KEY") {
		t.Errorf("got %v, want an error that names the variable", err)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the database: got %v, want none", err)
	}
}

func newMirror(t *testing.T) *mirror {
	t.Helper()
	m, err := open(t.Context(), filepath.Join(t.TempDir(), "users.db"))
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { _ = m.db.Close() })
	return m
}

func created(id string) *events.Event {
	return &events.Event{ID: id, Type: "user.created", Data: []byte(`{"id":"user_01","email":"ada@example.com",` +
		`"created_at":"2026-01-02T03:04:05Z","updated_at":"2026-01-02T03:04:05Z"}`)}
}

func wantFailure(t *testing.T, what string, err error, begins string) {
	t.Helper()
	if err == nil || !strings.HasPrefix(err.Error(), begins) {
		t.Errorf("%s: got %v, want an error that begins with %q", what, err, begins)
	}
}

func TestDatabaseThatCannotBeOpenedIsReported(t *testing.T) {
	for name, file := range map[string]string{
		"a directory": t.TempDir(), "a directory that is missing": filepath.Join(t.TempDir(), "missing", "users.db"),
	} {
		m, err := open(t.Context(), file)
		wantFailure(t, name, err, "create the tables: ")
		if m != nil {
			t.Errorf("%s: got a database", name)
		}
	}
	t.Setenv("WORKOS_API_KEY", "sk_test_key")
	t.Setenv("WORKOS_BASE_URL", serve(t, 0, func() { t.Error("events were asked for") }))
	wantFailure(t, "run", run(t.Context(), t.TempDir()), "create the tables: ")
}

func TestDatabaseThatFailsIsReported(t *testing.T) {
	m := newMirror(t)
	if err := m.db.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
	_, err := m.Load(t.Context())
	wantFailure(t, "Load", err, "read the checkpoint: ")
	wantFailure(t, "Save", m.Save(t.Context(), events.Checkpoint{After: "1"}), "save the checkpoint: ")
	wantFailure(t, "handle", m.handle(t.Context(), created("1")), "begin: ")

	m = newMirror(t)
	if _, err := m.db.ExecContext(t.Context(), "INSERT INTO checkpoint (only, value) VALUES (1, 'x')"); err != nil {
		t.Fatalf("insert: %v", err)
	}
	_, err = m.Load(t.Context())
	wantFailure(t, "Load of what is no checkpoint", err, "decode the checkpoint: ")
	late := events.Checkpoint{Since: time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)}
	wantFailure(t, "Save of a time that JSON has no form for", m.Save(t.Context(), late), "encode the checkpoint: ")

	m = newMirror(t)
	if _, err := m.db.ExecContext(t.Context(), "DROP TABLE checkpoint"); err != nil {
		t.Fatalf("drop: %v", err)
	}
	wantFailure(t, "handle", m.handle(t.Context(), created("1")), "save the checkpoint: ")
	var users int
	if err := m.db.QueryRowContext(t.Context(), "SELECT count(*) FROM users").Scan(&users); err != nil || users != 0 {
		t.Errorf("without a checkpoint: got %d users, %v; want none", users, err)
	}
}

// The checkpoint and the change go together: where one fails there is neither.
func TestEventThatFailsLeavesTheCheckpointBefore(t *testing.T) {
	m := newMirror(t)
	if err := m.handle(t.Context(), created("1")); err != nil {
		t.Fatalf("handle: %v", err)
	}
	other := &events.Event{ID: "2", Type: "group.created", Data: []byte(`{}`)}
	if err := m.handle(t.Context(), other); err != nil {
		t.Errorf("an event of another type: %v", err)
	}
	if email, count, at := state(t, m); email != "ada@example.com" || count != 1 || at.After != "2" {
		t.Errorf("got %s after %d events, checkpoint %+v; want ada@example.com after 1, checkpoint 2", email, count, at)
	}
	if _, err := m.db.ExecContext(t.Context(), "ALTER TABLE users RENAME TO gone"); err != nil {
		t.Fatalf("rename: %v", err)
	}
	wantFailure(t, "handle", m.handle(t.Context(), created("3")), "apply 3: ")
	if at, err := m.Load(t.Context()); err != nil || at.After != "2" {
		t.Errorf("checkpoint: got %+v, %v; want that of before", at, err)
	}
}

func TestStartIsSavedAndDeletedUsersGo(t *testing.T) {
	ctx := t.Context()
	m, err := open(ctx, filepath.Join(t.TempDir(), "users.db"))
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	defer func() { _ = m.db.Close() }()
	if at, err := m.Load(ctx); err != nil || at != (events.Checkpoint{}) {
		t.Errorf("Load of a new database: got %+v, %v; want zero", at, err)
	}
	start := events.Checkpoint{Since: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	if err := m.Save(ctx, start); err != nil {
		t.Fatalf("Save: %v", err)
	}
	if at, err := m.Load(ctx); err != nil || !at.Since.Equal(start.Since) {
		t.Errorf("Load: got %+v, %v; want %+v", at, err, start)
	}
	user := json.RawMessage(`{"id":"user_01","email":"ada@example.com","created_at":"2026-01-02T03:04:05Z",` +
		`"updated_at":"2026-01-02T03:04:05Z"}`)
	for i, typ := range []string{"user.created", "user.deleted"} {
		if err := m.handle(ctx, &events.Event{ID: strconv.Itoa(i), Type: typ, Data: user}); err != nil {
			t.Fatalf("%s: %v", typ, err)
		}
	}
	var left int
	if err := m.db.QueryRowContext(ctx, "SELECT count(*) FROM users").Scan(&left); err != nil || left != 0 {
		t.Errorf("users left: got %d, %v; want none", left, err)
	}
	misfit := &events.Event{ID: "2", Type: "user.created", Data: []byte(`[]`)}
	if err := m.handle(ctx, misfit); !errors.Is(err, events.ErrMalformedData) {
		t.Errorf("misfit: got %v, want ErrMalformedData", err)
	}
	if at, err := m.Load(ctx); err != nil || at.After != "1" {
		t.Errorf("checkpoint after a failure: got %+v, %v; want that of before", at, err)
	}
}
