package sandbox_test

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

// TestTakenNamesAreRefused has the first, a middle and the last of three things taken, when one is made and changed.
func TestTakenNamesAreRefused(t *testing.T) {
	t.Parallel()
	const orgs, users, roles, kv = "/organizations", "/user_management/users", "/authorization/roles", "/vault/v1/kv"
	for _, c := range []struct {
		path, field, code, message string
		status                     int
		body                       func(string) fields
	}{
		{
			orgs, "external_id", "external_id_already_used", "Organization with the external id '%s' already exists.", 400,
			func(v string) fields { return fields{"name": "A", "external_id": v} },
		},
		{
			users, "external_id", "user_creation_error", "User with the external id '%s' already exists.", 400,
			func(v string) fields { return fields{"email": fmt.Sprint(v, "@", len(v), ".com"), "external_id": v} },
		},
		{
			users, "email", "user_creation_error", "User with the email '%s@example.com' already exists.", 400,
			func(v string) fields { return fields{"email": v + "@example.com"} },
		},
		{
			roles, "slug", "role_slug_conflict", "Role with the slug '%s' already exists.", 409,
			func(v string) fields { return fields{"slug": v, "name": "A"} },
		},
	} {
		sb := sandbox.New(sandbox.WithExamples())
		ids := map[string]string{}
		for _, v := range []string{"a", "b", "c"} {
			ids[v] = create(t, sb, c.path, c.body(v))
		}
		for _, v := range []string{"a", "b", "c"} {
			body := c.body(v)
			if c.field == "external_id" && c.path == users {
				body["email"] = "other@example.com"
			}
			a := refused(t, sb, c.status, "POST", c.path, body)
			wantFields(t, a.json, fields{"code": c.code, "message": fmt.Sprintf(c.message, v)})
			if c.path == orgs {
				for other, id := range ids {
					if other == v { // its own it may keep
						must(t, sb, http.StatusOK, "PUT", c.path+"/"+id, fields{c.field: v})
					} else {
						refused(t, sb, c.status, "PUT", c.path+"/"+id, fields{c.field: v})
					}
				}
			}
		}
		create(t, sb, c.path, c.body("d"))
	}
}

// TestChangesAreMerged patches metadata, which RFC 7386 is applied to, at each depth.
func TestChangesAreMerged(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	path := "/organizations/" + create(t, sb, "/organizations", fields{"name": "A", "external_id": "e"})
	for _, c := range []struct{ body, want fields }{
		{fields{"metadata": fields{"a": "1"}}, fields{"metadata": fields{"a": "1"}, "name": "A", "external_id": "e"}},
		{fields{"metadata": fields{"b": "2", "c": "3"}}, fields{"metadata": fields{"a": "1", "b": "2", "c": "3"}}},
		{fields{"metadata": fields{"b": nil}}, fields{"metadata": fields{"a": "1", "c": "3"}}},
		{fields{"metadata": fields{"none": nil}}, fields{"metadata": fields{"a": "1", "c": "3"}}},
		{fields{"metadata": fields{}}, fields{"metadata": fields{"a": "1", "c": "3"}}},
		{fields{}, fields{"metadata": fields{"a": "1", "c": "3"}, "name": "A", "external_id": "e"}},
		{fields{"external_id": nil}, fields{"external_id": nil, "name": "A"}},
		{fields{"metadata": nil}, fields{"metadata": fields{}, "name": "A"}},
		{fields{"name": "B", "external_id": "f"}, fields{"metadata": fields{}, "name": "B", "external_id": "f"}},
	} {
		wantFields(t, must(t, sb, http.StatusOK, "PUT", path, c.body), c.want)
		wantFields(t, get(t, sb, path), c.want)
	}
}

func TestEmailChangeIsRefusedWhereTheAddressIsTaken(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	create(t, sb, "/user_management/users", fields{"email": "taken@example.com"})
	user := "/user_management/users/" + create(t, sb, "/user_management/users", fields{"email": "old@example.com"})
	confirm := user + "/email_change/confirm"
	a := refused(t, sb, http.StatusConflict, "POST", confirm, fields{"code": "123456"})
	wantFields(t, a.json, fields{"code": "no_pending_email_change"})
	a = refused(t, sb, http.StatusConflict, "POST", user+"/email_change/send", fields{"new_email": "TAKEN@example.com"})
	wantFields(t, a.json, fields{"code": "email_not_available"})
	must(t, sb, http.StatusOK, "POST", user+"/email_change/send", fields{"new_email": "new@example.com"})
	create(t, sb, "/user_management/users", fields{"email": "new@example.com"})
	a = refused(t, sb, http.StatusConflict, "POST", confirm, fields{"code": sb.Outbox()[0].Code})
	wantFields(t, a.json, fields{"code": "email_not_available"})
	wantFields(t, get(t, sb, user), fields{"email": "old@example.com"})
}

func TestOnlyMatchingAssignmentsAreRemoved(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	org := create(t, sb, "/organizations", fields{"name": "Acme"})
	group := create(t, sb, "/organizations/"+org+"/groups", fields{"name": "G"})
	resources := make([]string, 2)
	for i := range resources {
		resources[i] = create(t, sb, "/authorization/resources", fields{
			"external_id": strconv.Itoa(i), "name": "R", "resource_type_slug": "doc", "organization_id": org,
		})
	}
	for _, slug := range []string{"a", "b"} {
		create(t, sb, "/authorization/roles", fields{"slug": slug, "name": slug, "resource_type_slug": "doc"})
	}
	path := "/authorization/groups/" + group + "/role_assignments"
	var ids []string
	for _, body := range []fields{
		{"role_slug": "a", "resource_id": resources[0]}, {"role_slug": "a", "resource_id": resources[1]},
		{"role_slug": "b", "resource_id": resources[0]},
	} {
		ids = append(ids, create(t, sb, path, body))
	}
	refused(t, sb, http.StatusNotFound, "DELETE", path, fields{"role_slug": "c"})
	refused(t, sb, http.StatusNotFound, "DELETE", path, fields{"role_slug": "b", "resource_id": resources[1]})
	refused(t, sb, http.StatusNotFound, "DELETE", path, fields{"role_slug": "b"})
	refused(t, sb, http.StatusConflict, "POST", path, fields{"role_slug": "a", "resource_id": resources[0]})
	wantIDs(t, get(t, sb, path), ids[2], ids[1], ids[0])
	must(t, sb, http.StatusNoContent, "DELETE", path, fields{"role_slug": "a", "resource_id": resources[0]})
	wantIDs(t, get(t, sb, path), ids[2], ids[1])
	must(t, sb, http.StatusNoContent, "DELETE", path, fields{"role_slug": "b", "resource_id": resources[0]})
	wantIDs(t, get(t, sb, path), ids[1])
}

// TestRefusedReplacementKeepsWhatWasThere has the fault in the first, the middle and the last entry.
func TestRefusedReplacementKeepsWhatWasThere(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	org := create(t, sb, "/organizations", fields{"name": "Acme"})
	path := "/authorization/groups/" + create(t, sb, "/organizations/"+org+"/groups", fields{"name": "G"}) +
		"/role_assignments"
	for _, slug := range []string{"old", "a", "b", "c"} {
		create(t, sb, "/authorization/roles", fields{"slug": slug, "name": slug})
	}
	create(t, sb, path, fields{"role_slug": "old"})
	for fault := range 3 {
		entries := []fields{{"role_slug": "a"}, {"role_slug": "b"}, {"role_slug": "c"}}
		entries[fault]["resource_id"] = "authz_resource_none"
		refused(t, sb, http.StatusNotFound, "PUT", path, fields{"role_assignments": entries})
		delete(entries[fault], "resource_id")
		entries[fault]["resource_external_id"], entries[fault]["resource_type_slug"] = "none", "doc"
		refused(t, sb, http.StatusNotFound, "PUT", path, fields{"role_assignments": entries})
	}
	must(t, sb, http.StatusOK, "PUT", path, fields{"role_assignments": []fields{}})
	wantIDs(t, get(t, sb, path))
}

func TestEachWriteOfAVaultObjectIsAVersion(t *testing.T) {
	t.Parallel()
	sb := fixed()
	made := must(t, sb, http.StatusCreated, "POST", "/vault/v1/kv",
		fields{"key_context": fields{"o": "1"}, "name": "card", "value": "1"})
	path := "/vault/v1/kv/" + str(made["id"])
	etags, newest := map[string]bool{}, str(made["version_id"])
	for n := 2; n <= 4; n++ {
		refused(t, sb, http.StatusConflict, "PUT", path, fields{"value": "x", "version_check": newest + "x"})
		must(t, sb, http.StatusCreated, "PUT", path, fields{"value": fmt.Sprintf("%0*d", n, n), "version_check": newest})
		last := newest
		if newest = str(obj(get(t, sb, path)["metadata"])["version_id"]); newest == last || newest == "" {
			t.Errorf("write %d: got the version %q after %q, want a new one", n, newest, last)
		}
		versions := list(get(t, sb, path+"/versions")["data"])
		if len(versions) != n {
			t.Fatalf("write %d: got %v, want %d versions", n, versions, n)
		}
		for i, v := range versions {
			wantFields(t, obj(v), fields{"current_version": obj(v)["id"] == newest, "size": i + 1})
			wantForm(t, str(obj(v)["etag"]), `[0-9a-hjkmnp-tv-z]{25}`)
			etags[str(obj(v)["etag"])] = true
		}
	}
	if len(etags) != 4 {
		t.Errorf("etags: got %d different ones, want 4", len(etags))
	}
	refused(t, sb, http.StatusConflict, "DELETE", path+"?version_check=none", nil)
	must(t, sb, http.StatusOK, "DELETE", path+"?version_check="+newest, nil)
	for name := range sandbox.Content(sb) {
		if len(name) > 6 && name[:6] == "/vault" {
			t.Errorf("after the deletion: got %s, want no version", name)
		}
	}
}

func TestAuditSchemasAreNumberedByAction(t *testing.T) {
	t.Parallel()
	sb := fixed()
	for _, c := range []struct {
		action  string
		version int
	}{{"a.b", 1}, {"a.b", 2}, {"c.d", 1}, {"a.b", 3}, {"c.d", 2}} {
		made := must(t, sb, http.StatusCreated, "POST", "/audit_logs/actions/"+c.action+"/schemas",
			fields{"targets": []fields{{"type": fmt.Sprint("t", c.version)}}})
		wantFields(t, made, fields{"version": c.version, "created_at": "2026-01-02T03:04:05.000Z"})
	}
	actions := list(get(t, sb, "/audit_logs/actions")["data"])
	if len(actions) != 2 {
		t.Fatalf("actions: got %v, want two", actions)
	}
	for _, a := range actions {
		want := map[string]int{"a.b": 3, "c.d": 2}[str(obj(a)["name"])]
		wantFields(t, obj(obj(a)["schema"]), fields{"version": want, "targets": []fields{{"type": fmt.Sprint("t", want)}}})
	}
}
