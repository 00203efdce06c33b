package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/client/sandbox"
)

const seed = `{
	"organization": [{"id": "org_1", "name": "Acme"}],
	"directory": [{"id": "directory_1", "organization_id": "org_1", "name": "Okta"},
		{"id": "directory_2", "organization_id": "org_1", "name": "Entra"}],
	"directory_group": [{"id": "directory_group_1", "directory_id": "directory_1", "organization_id": "org_1", "name": "Staff"}],
	"directory_user": [
		{"id": "directory_user_1", "directory_id": "directory_1", "organization_id": "org_1", "email": "ada@a.com"},
		{"id": "directory_user_2", "directory_id": "directory_2", "organization_id": "org_1", "email": "ben@a.com"}]
}`

// The program follows what the sandbox emits, the end of a directory included.
func TestProgramMirrorsDirectoriesUntilItIsStopped(t *testing.T) {
	sb := sandbox.New(sandbox.WithAnyKey())
	if err := sb.Seed([]byte(seed)); err != nil {
		t.Fatalf("seed: %v", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // which only ends a hang
	defer cancel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorded := httptest.NewRecorder()
		sb.ServeHTTP(recorded, r)
		if strings.Contains(recorded.Body.String(), `"data":[]`) { // the end
			cancel()
		}
		w.Header().Set("Content-Type", recorded.Header().Get("Content-Type"))
		w.WriteHeader(recorded.Code)
		_, _ = w.Write(recorded.Body.Bytes())
	}))
	t.Cleanup(server.Close)
	t.Setenv("WORKOS_API_KEY", "sk_test_key")
	t.Setenv("WORKOS_BASE_URL", server.URL)
	d := &sqliteDatabase{filepath.Join(t.TempDir(), "directories.db")}
	if err := run(ctx, d.file, directories.name, time.Second); err != nil {
		t.Fatalf("run: %v", err)
	}
	want := []string{"directory_1 ada@a.com active", "directory_2 ben@a.com active"}
	const people = "SELECT directory_id || ' ' || email || ' ' || state FROM directory_users ORDER BY id"
	if got := d.query(t, people); !slices.Equal(got, want) {
		t.Errorf("users: got %q, want %q", got, want)
	}
	if got := d.query(t, "SELECT name FROM directory_groups"); !slices.Equal(got, []string{"Staff"}) {
		t.Errorf("groups: got %q, want Staff", got)
	}
}

// Each type of event has its effect on users, groups and members, and on nothing else.
func TestDirectoryEventsChangeTheTables(t *testing.T) {
	d := &sqliteDatabase{filepath.Join(t.TempDir(), "directories.db")}
	m, err := open(t.Context(), d.file, directories, time.Second)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	defer m.close()
	const (
		times = `"created_at":"2026-01-02T03:04:05Z","updated_at":"2026-01-02T03:04:05Z"`
		ada   = `{"id":"du_1","directory_id":"d_1","organization_id":"org_1","email":"ada@a.com","state":"active",` + times + `}`
		left  = `{"id":"du_1","directory_id":"d_1","organization_id":"org_1","email":null,"state":"inactive",` + times + `}`
		ben   = `{"id":"du_2","directory_id":"d_2","organization_id":"org_1","email":"ben@a.com","state":"active",` + times + `}`
		staff = `{"id":"dg_1","directory_id":"d_1","organization_id":"org_1","name":"Staff",` + times + `}`
		crew  = `{"id":"dg_1","directory_id":"d_1","organization_id":"org_1","name":"Crew",` + times + `}`
		team  = `{"id":"dg_2","directory_id":"d_2","organization_id":"org_1","name":"Team",` + times + `}`
	)
	member := func(group, user, directory string) string {
		return `{"directory_id":"` + directory + `","group":` + group + `,"user":` + user + `}`
	}
	at := events.Checkpoint{}
	for i, c := range []struct{ typ, data, users, groups, members string }{
		{"dsync.user.created", ada, "du_1:ada@a.com:active", "", ""},
		{"dsync.user.created", ben, "du_1:ada@a.com:active du_2:ben@a.com:active", "", ""},
		{"dsync.group.created", staff, "du_1:ada@a.com:active du_2:ben@a.com:active", "dg_1:Staff", ""},
		{"dsync.group.created", team, "du_1:ada@a.com:active du_2:ben@a.com:active", "dg_1:Staff dg_2:Team", ""},
		{"dsync.group.user_added", member(staff, ada, "d_1"), "du_1:ada@a.com:active du_2:ben@a.com:active",
			"dg_1:Staff dg_2:Team", "dg_1:du_1"},
		{"dsync.group.user_added", member(team, ben, "d_2"), "du_1:ada@a.com:active du_2:ben@a.com:active",
			"dg_1:Staff dg_2:Team", "dg_1:du_1 dg_2:du_2"},
		{"dsync.user.updated", left, "du_1:-:inactive du_2:ben@a.com:active", "dg_1:Staff dg_2:Team", "dg_1:du_1 dg_2:du_2"},
		{"dsync.group.updated", crew, "du_1:-:inactive du_2:ben@a.com:active", "dg_1:Crew dg_2:Team", "dg_1:du_1 dg_2:du_2"},
		{"user.created", ada, "du_1:-:inactive du_2:ben@a.com:active", "dg_1:Crew dg_2:Team", "dg_1:du_1 dg_2:du_2"},
		{"dsync.group.user_removed", member(crew, ada, "d_1"), "du_1:-:inactive du_2:ben@a.com:active",
			"dg_1:Crew dg_2:Team", "dg_2:du_2"},
		{"dsync.group.user_added", member(crew, ada, "d_1"), "du_1:-:inactive du_2:ben@a.com:active",
			"dg_1:Crew dg_2:Team", "dg_1:du_1 dg_2:du_2"},
		{"dsync.group.deleted", crew, "du_1:-:inactive du_2:ben@a.com:active", "dg_2:Team", "dg_2:du_2"},
		{"dsync.user.deleted", left, "du_2:ben@a.com:active", "dg_2:Team", "dg_2:du_2"},
		{"dsync.user.created", ada, "du_1:ada@a.com:active du_2:ben@a.com:active", "dg_2:Team", "dg_2:du_2"},
		{"dsync.deleted", `{"id":"d_2","name":"Entra","state":"inactive",` + times + `}`, "du_1:ada@a.com:active", "", ""},
	} {
		next := events.Checkpoint{After: strconv.Itoa(i)}
		err := m.checkpoints.Transact(t.Context(), at, next, func(ctx context.Context) error {
			return m.handle(ctx, &events.Event{ID: next.After, Type: c.typ, Data: json.RawMessage(c.data)})
		})
		if err != nil {
			t.Fatalf("%d, %s: %v", i, c.typ, err)
		}
		at = next
		for query, want := range map[string]string{
			"SELECT id || ':' || coalesce(email, '-') || ':' || state FROM directory_users ORDER BY id": c.users,
			"SELECT id || ':' || name FROM directory_groups ORDER BY id":                                c.groups,
			"SELECT group_id || ':' || user_id FROM directory_members ORDER BY group_id":                c.members,
		} {
			if got := d.query(t, query); strings.Join(got, " ") != want {
				t.Errorf("%d, %s: got %q, want %q", i, c.typ, got, want)
			}
		}
	}
}

func TestDirectoryEventThatFitsNoTypeIsRefused(t *testing.T) {
	for _, typ := range directories.types {
		if s, err := directories.statements(&events.Event{ID: "1", Type: typ.String(), Data: json.RawMessage("[]")}); err == nil {
			t.Errorf("%s: got %v, want an error", typ, s)
		}
	}
}

func TestProgramRefusesAnUnknownSubject(t *testing.T) {
	t.Setenv("WORKOS_API_KEY", "sk_test_key")
	err := run(t.Context(), filepath.Join(t.TempDir(), "x.db"), "groups", time.Second)
	if err == nil || err.Error() != `unknown -of "groups": want users or directories` {
		t.Errorf("got %v, want an error that names both", err)
	}
}
