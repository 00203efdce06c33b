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

// pageOf writes the page of a list of count events after a cursor, at most 10, about a user who is created and then
// updated again and again. It returns the number of its first event.
func pageOf(t *testing.T, w http.ResponseWriter, r *http.Request, count int) (begin int) {
	t.Helper()
	if after := r.URL.Query().Get("after"); after != "" {
		n, err := strconv.Atoi(after)
		if err != nil {
			t.Errorf("cursor %q: %v", after, err)
		}
		begin = n + 1
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
	_ = json.NewEncoder(w).Encode(list) // the consumer may have been killed
	return begin
}

// serve serves count events. It calls done once the end is asked for.
func serve(t *testing.T, count int, done func()) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if pageOf(t, w, r, count) == count {
			done()
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestProgramMirrorsUsersUntilItIsStopped(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // which only ends a hang
	defer cancel()
	t.Setenv("WORKOS_API_KEY", "sk_test_key")
	t.Setenv("WORKOS_BASE_URL", serve(t, 25, cancel))
	file := filepath.Join(t.TempDir(), "a?b c.db")
	if err := run(ctx, file, users.name, time.Second); err != nil {
		t.Fatalf("run: %v", err)
	}
	d := &sqliteDatabase{file}
	wantState(t, d, sequence(25, -1), "ada24@example.com", 25)
}

func TestProgramNeedsAKey(t *testing.T) {
	t.Setenv("WORKOS_API_KEY", "")
	file := filepath.Join(t.TempDir(), "users.db")
	if err := run(t.Context(), file, users.name, time.Second); err == nil || !strings.Contains(err.Error(), "WORKOS_API_KEY") {
		t.Errorf("got %v, want an error that names the variable", err)
	}
	if _, err := os.Stat(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the database: got %v, want none", err)
	}
}

func TestDatabaseThatCannotBeOpenedIsReported(t *testing.T) {
	for name, database := range map[string]string{
		"a directory": t.TempDir(), "a directory that is missing": filepath.Join(t.TempDir(), "missing", "users.db"),
		"a server that is none": "postgres://127.0.0.1:1/app?connect_timeout=5",
	} {
		if m, err := open(t.Context(), database, users, time.Second); m != nil || err == nil {
			t.Errorf("%s: got %v, %v; want an error", name, m, err)
		}
	}
	t.Setenv("WORKOS_API_KEY", "sk_test_key")
	t.Setenv("WORKOS_BASE_URL", serve(t, 0, func() { t.Error("events were asked for") }))
	if err := run(t.Context(), t.TempDir(), users.name, time.Second); err == nil {
		t.Error("run: got no error")
	}
}

// The checkpoint and the change go together: where one fails there is neither.
func TestEventThatFailsLeavesTheCheckpointBefore(t *testing.T) {
	d := &sqliteDatabase{filepath.Join(t.TempDir(), "users.db")}
	m, err := open(t.Context(), d.file, users, time.Second)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	defer m.close()
	at := events.Checkpoint{}
	apply := func(id, typ, data string) error {
		next := events.Checkpoint{After: id}
		err := m.checkpoints.Transact(t.Context(), at, next, func(ctx context.Context) error {
			return m.handle(ctx, &events.Event{ID: id, Type: typ, Data: json.RawMessage(data)})
		})
		if err == nil {
			at = next
		}
		return err
	}
	const user = `{"id":"user_01","email":"ada@example.com","created_at":"2026-01-02T03:04:05Z",` +
		`"updated_at":"2026-01-02T03:04:05Z"}`
	if err := errors.Join(apply("1", "user.created", user), apply("2", "group.created", "{}")); err != nil {
		t.Fatalf("handle: %v", err)
	}
	wantState(t, d, []string{"1"}, "ada@example.com", 1)
	if err := apply("3", "user.created", "[]"); !errors.Is(err, events.ErrMalformedData) {
		t.Errorf("a misfit: got %v, want ErrMalformedData", err)
	}
	d.exec(t, "ALTER TABLE changes RENAME TO gone")
	if err := apply("3", "user.updated", user); err == nil || !strings.HasPrefix(err.Error(), "record 3: ") {
		t.Errorf("without a table: got %v, want an error of it", err)
	}
	d.exec(t, "ALTER TABLE gone RENAME TO changes")
	wantState(t, d, []string{"1"}, "ada@example.com", 1)
	if stored, err := m.checkpoints.Load(t.Context()); err != nil || stored.After != "2" {
		t.Errorf("checkpoint: got %+v, %v; want that of before", stored, err)
	}
	if err := apply("3", "user.deleted", user); err != nil {
		t.Errorf("user.deleted: %v", err)
	}
	if got := d.query(t, "SELECT count(*) FROM users"); got[0] != "0" {
		t.Errorf("users left: got %s, want none", got[0])
	}
}
