package sandbox_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

// lifecycle is what a thing goes through. In paths, bodies and changes, {org} and {user} stand for those made before.
type lifecycle struct {
	name       string
	collection string
	query      string // that listing needs
	item       string // collection of a single thing, if another
	key        string // field that addresses it, "id" unless given
	bodies     []fields
	shows      fields // of the first one, when it is got
	update     string // method; "": cannot be changed
	change     fields
	changed    fields
	clear      fields // with null
	cleared    fields
	noGet      bool
	deleted    int
}

// TestLifecycle takes things through creation, reading, listing, changes and deletion.
func TestLifecycle(t *testing.T) {
	t.Parallel()
	for _, life := range []lifecycle{{
		name: "organizations", collection: "/organizations", update: http.MethodPut, deleted: http.StatusAccepted,
		bodies: []fields{
			{"name": "Acme", "external_id": "acme", "metadata": fields{"tier": "gold", "zone": "eu"}},
			{"name": "Globex"}, {"name": "Initech"},
		},
		shows:   fields{"object": "organization", "name": "Acme", "external_id": "acme", "domains": []any{}},
		change:  fields{"name": "Acme Inc", "metadata": fields{"tier": "lead"}},
		changed: fields{"name": "Acme Inc", "metadata": fields{"tier": "lead", "zone": "eu"}},
		clear:   fields{"external_id": nil, "metadata": fields{"zone": nil}},
		cleared: fields{"external_id": nil, "metadata": fields{"tier": "lead"}},
	}, {
		name: "users", collection: "/user_management/users", update: http.MethodPut, deleted: http.StatusOK,
		bodies: []fields{
			{"email": "ada@example.com", "first_name": "Ada", "last_name": "Lovelace", "external_id": "ada"},
			{"email": "bob@example.com"}, {"email": "eve@example.com"},
		},
		shows: fields{
			"object": "user", "email": "ada@example.com", "first_name": "Ada", "name": "Ada Lovelace",
			"email_verified": false, "last_sign_in_at": nil,
		},
		change:  fields{"first_name": "Augusta", "email_verified": true, "locale": "en"},
		changed: fields{"first_name": "Augusta", "email_verified": true, "locale": "en"},
		clear:   fields{"external_id": nil, "locale": nil},
		cleared: fields{"external_id": nil, "locale": nil},
	}, {
		name: "memberships", collection: "/user_management/organization_memberships", update: http.MethodPut,
		deleted: http.StatusOK, query: "?organization_id={org}",
		bodies: []fields{
			{"user_id": "{user}", "organization_id": "{org}", "role_slug": "member"},
			{"user_id": "{user2}", "organization_id": "{org}"}, {"user_id": "{user3}", "organization_id": "{org}"},
		},
		shows: fields{
			"object": "organization_membership", "status": "active", "organization_name": "Host",
			"role": fields{"slug": "member"}, "directory_managed": false,
		},
		change: fields{"role_slugs": []string{"member", "billing"}},
		changed: fields{
			"role": fields{"slug": "member"}, "roles": []any{fields{"slug": "member"}, fields{"slug": "billing"}},
		},
	}, {
		name: "invitations", collection: "/user_management/invitations",
		bodies: []fields{
			{"email": "bob@example.com", "organization_id": "{org}", "role_slug": "member"},
			{"email": "eve@example.com"}, {"email": "joe@example.com"},
		},
		shows: fields{"object": "invitation", "state": "pending", "email": "bob@example.com", "role_slug": "member"},
	}, {
		name: "groups", collection: "/organizations/{org}/groups", update: http.MethodPatch, deleted: http.StatusNoContent,
		bodies:  []fields{{"name": "Staff", "description": "All"}, {"name": "Ops"}, {"name": "Sales"}},
		shows:   fields{"object": "group", "name": "Staff", "description": "All"},
		change:  fields{"name": "Everyone"},
		changed: fields{"name": "Everyone", "description": "All"},
		clear:   fields{"description": nil},
		cleared: fields{"description": nil},
	}, {
		name: "organization roles", collection: "/authorization/organizations/{org}/roles", key: "slug",
		update: http.MethodPatch, deleted: http.StatusNoContent,
		bodies: []fields{
			{"slug": "org-a", "name": "A", "description": "x"}, {"slug": "org-b", "name": "B"}, {"slug": "org-c", "name": "C"},
		},
		shows:   fields{"object": "role", "slug": "org-a", "type": "OrganizationRole", "permissions": []any{}},
		change:  fields{"name": "AA"},
		changed: fields{"name": "AA", "description": "x"},
		clear:   fields{"description": nil},
		cleared: fields{"description": nil},
	}, {
		name: "environment roles", collection: "/authorization/roles", key: "slug", update: http.MethodPatch,
		bodies:  []fields{{"slug": "a", "name": "A"}, {"slug": "b", "name": "B"}, {"slug": "c", "name": "C"}},
		shows:   fields{"slug": "a", "type": "EnvironmentRole"},
		change:  fields{"name": "AA"},
		changed: fields{"name": "AA"},
	}, {
		name: "permissions", collection: "/authorization/permissions", key: "slug", update: http.MethodPatch,
		deleted: http.StatusNoContent,
		bodies: []fields{
			{"slug": "doc:read", "name": "Read", "description": "x"}, {"slug": "doc:write", "name": "W"},
			{"slug": "doc:own", "name": "O"},
		},
		shows:   fields{"object": "permission", "slug": "doc:read", "system": false},
		change:  fields{"name": "See"},
		changed: fields{"name": "See", "slug": "doc:read"},
		clear:   fields{"description": nil},
		cleared: fields{"description": nil},
	}, {
		name: "API keys", collection: "/organizations/{org}/api_keys", item: "/api_keys", noGet: true,
		deleted: http.StatusNoContent,
		bodies:  []fields{{"name": "CI"}, {"name": "CD"}, {"name": "Dev"}},
	}, {
		name: "domains", collection: "/organization_domains", deleted: http.StatusNoContent,
		bodies: []fields{{"domain": "acme.com", "organization_id": "{org}"}},
		shows:  fields{"object": "organization_domain", "domain": "acme.com", "state": "pending"},
	}, {
		name: "webhook endpoints", collection: "/webhook_endpoints", update: http.MethodPatch, noGet: true,
		deleted: http.StatusNoContent,
		bodies: []fields{
			{"endpoint_url": "https://a.example.com", "events": []string{"user.created"}},
			{"endpoint_url": "https://b.example.com", "events": []string{"user.created"}},
			{"endpoint_url": "https://c.example.com", "events": []string{"user.created"}},
		},
		change:  fields{"status": "disabled", "events": []string{"user.deleted"}},
		changed: fields{"status": "disabled", "events": []any{"user.deleted"}, "endpoint_url": "https://a.example.com"},
	}} {
		t.Run(life.name, func(t *testing.T) {
			t.Parallel()
			now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
			sb := sandbox.New(sandbox.WithClock(func() time.Time {
				now = now.Add(time.Second)
				return now
			}))
			life.run(t, sb)
		})
	}
}

func (c lifecycle) run(t *testing.T, env *sandbox.Sandbox) {
	t.Helper()
	var pairs []string
	for name, prepare := range map[string]func() string{
		"{org}":   func() string { return create(t, env, "/organizations", fields{"name": "Host"}) },
		"{user}":  func() string { return create(t, env, "/user_management/users", fields{"email": "1@example.com"}) },
		"{user2}": func() string { return create(t, env, "/user_management/users", fields{"email": "2@example.com"}) },
		"{user3}": func() string { return create(t, env, "/user_management/users", fields{"email": "3@example.com"}) },
	} {
		if strings.Contains(c.collection+jsonText(t, c.bodies), name) {
			pairs = append(pairs, name, prepare())
		}
	}
	if c.name == "memberships" {
		create(t, env, "/authorization/roles", fields{"slug": "billing", "name": "Billing"})
	}
	fill := strings.NewReplacer(pairs...)
	collection, key := fill.Replace(c.collection), c.key
	item := fill.Replace(c.item)
	if item == "" {
		item = collection
	}
	if key == "" {
		key = "id"
	}
	var ids, addresses []string
	var first fields
	for i, body := range c.bodies {
		for name, v := range body {
			if s, ok := v.(string); ok {
				body[name] = fill.Replace(s)
			}
		}
		made := must(t, env, http.StatusCreated, http.MethodPost, collection, body)
		if i == 0 {
			first = made
		}
		ids = append(ids, str(made["id"]))
		addresses = append(addresses, item+"/"+str(made[key]))
	}
	wantFields(t, first, c.shows)
	if !c.noGet {
		wantFields(t, must(t, env, http.StatusOK, http.MethodGet, addresses[0], nil), c.shows)
	}
	if len(ids) > 1 {
		wantPages(t, env, collection+fill.Replace(c.query), ids)
	}
	if c.update != "" {
		updated := must(t, env, http.StatusOK, c.update, addresses[0], c.change)
		wantFields(t, updated, c.changed)
		if updated["updated_at"] == updated["created_at"] {
			t.Error("updated_at has not moved")
		}
		if updated["created_at"] != first["created_at"] {
			t.Errorf("created_at moved from %v to %v", first["created_at"], updated["created_at"])
		}
	}
	if c.clear != nil {
		wantFields(t, must(t, env, http.StatusOK, c.update, addresses[0], c.clear), c.cleared)
		wantFields(t, must(t, env, http.StatusOK, http.MethodGet, addresses[0], nil), c.cleared)
	}
	if c.deleted != 0 {
		must(t, env, c.deleted, http.MethodDelete, addresses[0], nil)
		if !c.noGet {
			refused(t, env, http.StatusNotFound, http.MethodGet, addresses[0], nil)
		}
		refused(t, env, http.StatusNotFound, http.MethodDelete, addresses[0], nil)
	}
}

// wantPages lists by pages of two, forward and back in both orders.
func wantPages(t *testing.T, sb *sandbox.Sandbox, collection string, ids []string) {
	t.Helper()
	first := must(t, sb, http.StatusOK, http.MethodGet, collection, nil)
	meta, paged := first["list_metadata"].(map[string]any)
	if !paged {
		wantIDs(t, first, ids...) // a list without cursors, in the order of creation
		return
	}
	a, b, c := ids[0], ids[1], ids[2]
	wantIDs(t, first, c, b, a)
	if meta["before"] != nil || meta["after"] != nil {
		t.Errorf("list_metadata of all: got %v, want nulls", meta)
	}
	for order, o := range map[string][]string{"desc": {c, b, a}, "normal": {c, b, a}, "asc": {a, b, c}} {
		query := collection + "?limit=2&order=" + order
		if strings.Contains(collection, "?") {
			query = collection + "&limit=2&order=" + order
		}
		page := must(t, sb, http.StatusOK, http.MethodGet, query, nil)
		wantIDs(t, page, o[0], o[1])
		wantCursors(t, page, nil, o[1])
		page = must(t, sb, http.StatusOK, http.MethodGet, query+"&after="+o[1], nil)
		wantIDs(t, page, o[2])
		wantCursors(t, page, o[2], nil)
		page = must(t, sb, http.StatusOK, http.MethodGet, query+"&before="+o[2], nil)
		wantIDs(t, page, o[0], o[1])
		wantCursors(t, page, nil, o[1])
		wantIDs(t, must(t, sb, http.StatusOK, http.MethodGet, query+"&after="+o[2], nil))
	}
}

func wantCursors(t *testing.T, page fields, before, after any) {
	t.Helper()
	meta := obj(page["list_metadata"])
	if meta["before"] != before || meta["after"] != after {
		t.Errorf("list_metadata: got %v, want before %v, after %v", meta, before, after)
	}
}

func wantIDs(t *testing.T, page fields, want ...string) {
	t.Helper()
	if got := pageIDs(page); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("listed: got %v, want %v", got, want)
	}
}

func pageIDs(page fields) []string {
	var ids []string
	for _, entry := range list(page["data"]) {
		ids = append(ids, str(obj(entry)["id"]))
	}
	return ids
}

func wantFields(t *testing.T, got, want fields) {
	t.Helper()
	for name, v := range want {
		if g, w := jsonText(t, got[name]), jsonText(t, v); g != w {
			t.Errorf("%s: got %s, want %s", name, g, w)
		}
	}
}
