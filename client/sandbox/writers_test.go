package sandbox_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

// writer makes, changes and deletes users of its own, by addresses that others want too.
type writer struct {
	*testing.T

	sb      *sandbox.Sandbox
	random  *rand.Rand
	org     string
	alive   []string            // IDs of its users
	emails  map[string]string   // of its users, by ID
	history map[string][]string // types of the events that have to be there, by the ID of the thing
}

// TestWritersLeaveNothingBehindButWhatSucceeded runs 64 writers at once. After that an address has one user at most,
// and each write that succeeded, and no other, has its event, in the order of the writes.
func TestWritersLeaveNothingBehindButWhatSucceeded(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithSeed(1), sandbox.WithClock(newTicker().next))
	org := create(t, sb, "/organizations", fields{"name": "Acme"})
	const most, each = 64, 40
	writers := make([]*writer, most)
	var wait sync.WaitGroup
	for i := range writers {
		w := &writer{
			T: t, sb: sb, random: rand.New(rand.NewPCG(uint64(i), 0)), org: org,
			emails: map[string]string{}, history: map[string][]string{},
		}
		writers[i] = w
		wait.Go(func() {
			for range each {
				w.write()
			}
		})
	}
	wait.Wait()
	emails, history := map[string]int{}, map[string][]string{}
	for _, w := range writers {
		for _, id := range w.alive {
			emails[w.emails[id]]++
		}
		maps.Copy(history, w.history)
	}
	for _, user := range all(t, sb, "/user_management/users?limit=100") {
		email := str(user["email"])
		if emails[email] != 1 {
			t.Errorf("user %s with %s: got %d such users made, want 1", user["id"], email, emails[email])
		}
		delete(emails, email)
	}
	if len(emails) > 0 {
		t.Errorf("users not listed: %v", emails)
	}
	checkHistory(t, all(t, sb, "/events?limit=100&order=asc&events=user.created,user.updated,user.deleted,"+
		"organization_membership.created"), history)
	sandbox.Content(sb) // panics if the store's indexes do not agree
}

// write makes one request, and notes the event that it has to leave.
func (w *writer) write() {
	const users = "/user_management/users"
	choice := w.random.IntN(8)
	if len(w.alive) == 0 {
		choice = 0
	}
	at := w.random.IntN(max(1, len(w.alive)))
	switch choice {
	case 0, 1, 2:
		email := fmt.Sprintf("user%d@example.com", w.random.IntN(600))
		res := record(w.Context(), w.sb, http.MethodPost, users, `{"email":"`+email+`"}`)
		var user struct{ ID string }
		if err := json.Unmarshal(res.Body.Bytes(), &user); err != nil || user.ID == "" {
			if res.Code != http.StatusBadRequest {
				w.Errorf("create a user: got %d %s, want 201 or 400", res.Code, res.Body)
			}
			return
		}
		w.alive, w.emails[user.ID] = append(w.alive, user.ID), email
		w.note(user.ID, "user.created")
	case 3, 4:
		id := w.alive[at]
		w.do(http.MethodPut, users+"/"+id, fmt.Sprintf(`{"first_name":"%d"}`, w.random.IntN(100)))
		w.note(id, "user.updated")
	case 5:
		id := w.alive[at]
		w.do(http.MethodDelete, users+"/"+id, "")
		w.note(id, "user.deleted")
		w.alive = slices.Delete(w.alive, at, at+1)
	case 6:
		body := fmt.Sprintf(`{"user_id":%q,"organization_id":%q}`, w.alive[at], w.org)
		res := record(w.Context(), w.sb, http.MethodPost, "/user_management/organization_memberships", body)
		var membership struct{ ID string }
		if err := json.Unmarshal(res.Body.Bytes(), &membership); err == nil && membership.ID != "" {
			w.note(membership.ID, "organization_membership.created")
		}
	default:
		w.do(http.MethodGet, users+"?limit=20", "")
	}
}

func (w *writer) note(id, typ string) { w.history[id] = append(w.history[id], typ) }

func (w *writer) do(method, target, body string) {
	if res := record(w.Context(), w.sb, method, target, body); res.Code >= http.StatusBadRequest {
		w.Errorf("%s %s: got %d %s", method, target, res.Code, res.Body)
	}
}

// checkHistory compares events, which came in their order, with those wanted of each thing.
func checkHistory(t *testing.T, events []fields, want map[string][]string) {
	t.Helper()
	got, ids := map[string][]string{}, map[string]bool{}
	for i, e := range events {
		id := str(obj(e["data"])["id"])
		got[id] = append(got[id], str(e["event"]))
		ids[str(e["id"])] = true
		if i > 0 && cmp.Less(str(e["created_at"]), str(events[i-1]["created_at"])) {
			t.Errorf("event %s is older than the one before", e["id"])
		}
	}
	if len(ids) != len(events) {
		t.Errorf("IDs of events: got %d different ones, want %d", len(ids), len(events))
	}
	for id, types := range want {
		if !slices.Equal(got[id], types) {
			t.Errorf("events of %s: got %q, want %q", id, got[id], types)
		}
		delete(got, id)
	}
	if len(got) > 0 {
		t.Errorf("events of writes that did not succeed: %v", got)
	}
}

// all are the entries of all pages of a list.
func all(tb testing.TB, sb *sandbox.Sandbox, path string) []fields {
	tb.Helper()
	var entries []fields
	for after := ""; ; {
		page := must(tb, sb, http.StatusOK, http.MethodGet, path+after, nil)
		for _, entry := range list(page["data"]) {
			entries = append(entries, obj(entry))
		}
		next := str(obj(page["list_metadata"])["after"])
		if next == "" {
			return entries
		}
		after = "&after=" + next
	}
}
