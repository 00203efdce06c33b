package sandbox_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

func TestAPIKeyValueIsShownOnce(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	org := create(t, sb, "/organizations", fields{"name": "Acme"})
	user := create(t, sb, "/user_management/users", fields{"email": "ada@example.com"})
	create(t, sb, "/user_management/organization_memberships", fields{"user_id": user, "organization_id": org})
	key := must(t, sb, http.StatusCreated, "POST", "/organizations/"+org+"/api_keys", fields{"name": "CI"})
	value, _ := key["value"].(string)
	if !strings.HasPrefix(value, "sk_") {
		t.Fatalf("value: got %q, want sk_…", value)
	}
	create(t, sb, "/user_management/users/"+user+"/api_keys", fields{"name": "Mine", "organization_id": org})
	a := send(t, sb, "GET", "/organizations/"+org+"/api_keys", nil)
	if strings.Contains(a.text, value) {
		t.Error("the list shows the value")
	}
	if got := len(pageIDs(a.json)); got != 1 {
		t.Errorf("keys of the organization: got %d, want 1", got)
	}
	check := must(t, sb, http.StatusOK, "POST", "/api_keys/validations", fields{"value": value})
	wantFields(t, obj(check["api_key"]), fields{"id": key["id"]})
	check = must(t, sb, http.StatusOK, "POST", "/api_keys/validations", fields{"value": "sk_x"})
	if check["api_key"] != nil {
		t.Errorf("unknown value: got %v, want null", check["api_key"])
	}
}

func TestActionsChangeTheState(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	sb := sandbox.New(sandbox.WithExamples(), sandbox.WithClock(func() time.Time { return now }))
	org := create(t, sb, "/organizations", fields{"name": "Acme"})
	user := create(t, sb, "/user_management/users", fields{"email": "ada@example.com"})
	om := create(t, sb, "/user_management/organization_memberships", fields{"user_id": user, "organization_id": org})
	invited := 0
	invite := func() string {
		invited++
		return create(t, sb, "/user_management/invitations", fields{"email": fmt.Sprintf("guest%d@example.com", invited)})
	}
	key := create(t, sb, "/organizations/"+org+"/api_keys", fields{"name": "CI"})
	const at = "2026-01-02T03:04:05.000Z"
	for _, c := range []struct {
		method, path string
		body         any
		want         fields
	}{
		{"POST", "/user_management/invitations/" + invite() + "/revoke", nil, fields{"state": "revoked", "revoked_at": at}},
		{"POST", "/user_management/invitations/" + invite() + "/accept", nil, fields{
			"state": "accepted", "accepted_at": at,
		}},
		{"POST", "/user_management/invitations/" + invite() + "/resend", fields{}, fields{"state": "pending"}},
		{"PUT", "/user_management/organization_memberships/" + om + "/deactivate", nil, fields{"status": "inactive"}},
		{"PUT", "/user_management/organization_memberships/" + om + "/reactivate", nil, fields{"status": "active"}},
		{"PUT", "/feature-flags/example/disable", nil, fields{"enabled": false}},
		{"PUT", "/feature-flags/example/enable", nil, fields{"enabled": true}},
		{"POST", "/api_keys/" + key + "/expire", fields{"expires_at": "2027-01-01T00:00:00+01:00"}, fields{
			"expires_at": "2026-12-31T23:00:00.000Z",
		}},
		{"POST", "/api_keys/" + key + "/expire", fields{"expires_at": nil}, fields{"expires_at": nil}},
		{"POST", "/api_keys/" + key + "/expire", nil, fields{"expires_at": at}},
	} {
		wantFields(t, must(t, sb, http.StatusOK, c.method, c.path, c.body), c.want)
	}
}

func TestEmailChangeTakesEffectWhenConfirmed(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	user := "/user_management/users/" + create(t, sb, "/user_management/users", fields{"email": "old@example.com"})
	must(t, sb, http.StatusOK, "POST", user+"/email_change/send", fields{"new_email": "new@example.com"})
	wantFields(t, get(t, sb, user), fields{"email": "old@example.com"})
	must(t, sb, http.StatusOK, "POST", user+"/email_change/confirm", fields{"code": sb.Outbox()[0].Code})
	wantFields(t, get(t, sb, user), fields{"email": "new@example.com"})
	wantFields(t, get(t, sb, user), fields{"email_verified": true})
}

func TestListFilters(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	acme := create(t, sb, "/organizations", fields{
		"name": "Acme", "domain_data": []fields{{"domain": "acme.com", "state": "verified"}},
	})
	globex := create(t, sb, "/organizations", fields{"name": "Globex Corp"})
	ada := create(t, sb, "/user_management/users", fields{"email": "ada@example.com"})
	bob := create(t, sb, "/user_management/users", fields{"email": "bob@example.com"})
	om := create(t, sb, "/user_management/organization_memberships", fields{"user_id": ada, "organization_id": acme})
	om2 := create(t, sb, "/user_management/organization_memberships", fields{"user_id": bob, "organization_id": globex})
	must(t, sb, http.StatusOK, "PUT", "/user_management/organization_memberships/"+om2+"/deactivate", nil)
	invitation := create(t, sb, "/user_management/invitations", fields{"email": "c@example.com", "organization_id": acme})
	create(t, sb, "/user_management/invitations", fields{"email": "d@example.com"})
	const memberships = "/user_management/organization_memberships"
	for path, want := range map[string][]string{
		"/organizations?domains=acme.com,other.com":                                                   {acme},
		"/organizations?domains=other.com":                                                            {},
		"/organizations?search=glob":                                                                  {globex},
		"/organizations?search=ACME":                                                                  {acme},
		"/user_management/users?email=bob@example.com":                                                {bob},
		"/user_management/users?organization_id=" + acme:                                              {ada},
		"/user_management/users?organization_id=org_none":                                             {},
		memberships + "?organization_id=" + globex:                                                    {},
		memberships + "?statuses=inactive&user_id=" + bob:                                             {om2},
		memberships + "?statuses=active,inactive&organization_id=" + globex:                           {om2},
		memberships + "?user_id=" + ada:                                                               {om},
		memberships + "?statuses=inactive&organization_id=" + acme:                                    {},
		"/user_management/invitations?organization_id=" + acme:                                        {invitation},
		"/user_management/invitations?email=c@example.com":                                            {invitation},
		"/connections?organization_id=" + acme:                                                        {},
		"/events?events=user.deleted":                                                                 {},
		"/events?events=user.created&range_start=2000-01-01T00:00:00Z&range_end=2001-01-01T00:00:00Z": {},
	} {
		wantIDs(t, get(t, sb, path), want...)
	}
}

func TestCursorsOutliveWhatTheyName(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	a := create(t, sb, "/organizations", fields{"name": "A"})
	b := create(t, sb, "/organizations", fields{"name": "B"})
	c := create(t, sb, "/organizations", fields{"name": "C"})
	must(t, sb, http.StatusAccepted, "DELETE", "/organizations/"+b, nil)
	wantIDs(t, get(t, sb, "/organizations?after="+b), a)
	wantIDs(t, get(t, sb, "/organizations?before="+b), c)
	wantIDs(t, get(t, sb, "/organizations?order=asc&after="+b), c)
}

func TestVaultVersions(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	made := must(t, sb, http.StatusCreated, "POST", "/vault/v1/kv",
		fields{"key_context": fields{"org": "1"}, "name": "card", "value": "4242"})
	path := "/vault/v1/kv/" + str(made["id"])
	wantFields(t, get(t, sb, path), fields{"value": "4242", "name": "card"})
	refused(t, sb, http.StatusConflict, "PUT", path, fields{"value": "x", "version_check": "other"})
	must(t, sb, http.StatusCreated, "PUT", path, fields{"value": "x", "version_check": made["version_id"]})
	wantFields(t, get(t, sb, path), fields{"value": "x"})
	if got := len(pageIDs(get(t, sb, path+"/versions"))); got != 2 {
		t.Errorf("versions: got %d, want 2", got)
	}
	refused(t, sb, http.StatusConflict, "DELETE", path+"?version_check=other", nil)
	wantFields(t, must(t, sb, http.StatusOK, "DELETE", path, nil), fields{"name": "card", "success": true})
	refused(t, sb, http.StatusNotFound, "GET", "/vault/v1/kv/name/card", nil)
}

func TestDataKeysAreRecovered(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	const path = "/vault/v1/keys/"
	made := must(t, sb, http.StatusOK, "POST", path+"data-key", fields{"context": fields{"org": "1"}})
	wantFields(t, obj(made["context"]), fields{"org": "1"})
	if key, err := base64.StdEncoding.DecodeString(str(made["data_key"])); err != nil || len(key) != 32 {
		t.Errorf("data key: got %d bytes, error %v; want 32 in Base64", len(key), err)
	}
	same := fields{"id": made["id"], "data_key": made["data_key"]}
	decrypt := func(keys any) fields {
		return must(t, sb, http.StatusOK, "POST", path+"decrypt", fields{"keys": keys})
	}
	wantFields(t, decrypt(made["encrypted_keys"]), same)

	moved := must(t, sb, http.StatusOK, "POST", path+"rekey",
		fields{"context": fields{"org": "2"}, "encrypted_keys": made["encrypted_keys"]})
	wantFields(t, moved, same)
	wantFields(t, obj(moved["context"]), fields{"org": "2"})
	if moved["encrypted_keys"] == made["encrypted_keys"] {
		t.Error("rekey: got the same encrypted keys, want new ones")
	}
	wantFields(t, decrypt(moved["encrypted_keys"]), same)
	wantFields(t, decrypt(made["encrypted_keys"]), same)

	other := must(t, sb, http.StatusOK, "POST", path+"data-key", fields{"context": fields{"org": "1"}})
	if other["data_key"] == made["data_key"] || other["id"] == made["id"] {
		t.Errorf("second data key: got that of the first, want another")
	}
	must(t, sandbox.New(sandbox.WithExamples()), http.StatusBadRequest, "POST", path+"decrypt", fields{"keys": made["encrypted_keys"]})
}

func TestSinglesAreKept(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	const path = "/user_management/jwt_template"
	get(t, sb, path)
	const content = `{"urn:acme:plan": "free"}`
	must(t, sb, http.StatusOK, "PUT", path, fields{"content": content})
	wantFields(t, get(t, sb, path), fields{"content": content})

	a := create(t, sb, "/organizations", fields{"name": "A"})
	b := create(t, sb, "/organizations", fields{"name": "B"})
	must(t, sb, http.StatusOK, "PUT", "/organizations/"+a+"/audit_logs_retention", fields{"retention_period_in_days": 90})
	wantFields(t, get(t, sb, "/organizations/"+a+"/audit_logs_retention"), fields{"retention_period_in_days": 90})
	wantFields(t, get(t, sb, "/organizations/"+b+"/audit_logs_retention"), fields{"retention_period_in_days": nil})
}

func TestTypesThatNothingCreatesHoldAnExample(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	for _, path := range []string{"/connections", "/directories", "/directory_users", "/directory_groups"} {
		ids := pageIDs(get(t, sb, path))
		if len(ids) != 1 {
			t.Fatalf("%s: got %v, want one", path, ids)
		}
		wantFields(t, get(t, sb, path+"/"+ids[0]), fields{"id": ids[0]})
		refused(t, sb, http.StatusNotFound, "GET", path+"/x", nil)
	}
	id := pageIDs(get(t, sb, "/connections"))[0]
	must(t, sb, http.StatusNoContent, "DELETE", "/connections/"+id, nil)
	wantIDs(t, get(t, sb, "/connections"))

	user := create(t, sb, "/user_management/users", fields{"email": "ada@example.com"})
	sessions := "/user_management/users/" + user + "/sessions"
	code := codeOf(t, sb, "/user_management/authorize?provider=authkit&client_id=c&response_type=code&redirect_uri=http://a.com")
	must(t, sb, http.StatusOK, "POST", "/user_management/authenticate", fields{
		"grant_type": "authorization_code", "client_id": "c", "client_secret": "sk_test", "code": code,
	})
	session := pageIDs(get(t, sb, sessions))[0]
	must(t, sb, http.StatusOK, "POST", "/user_management/sessions/revoke", fields{"session_id": session})
	if left := pageIDs(get(t, sb, sessions)); slices.Contains(left, session) {
		t.Errorf("got the sessions %v, want %s not to be active", left, session)
	}
}

func TestUserIsFoundByEmail(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	user := create(t, sb, "/user_management/users", fields{
		"email": "ada@example.com", "email_verified": true, "password": "correct horse",
	})
	signIn := must(t, sb, http.StatusOK, "POST", "/user_management/authenticate", fields{
		"grant_type": "password", "client_id": "c", "client_secret": "sk_test", "email": "ada@example.com",
		"password": "correct horse",
	})
	wantFields(t, obj(signIn["user"]), fields{"id": user})
	code := must(t, sb, http.StatusCreated, "POST", "/user_management/magic_auth", fields{"email": "ada@example.com"})
	wantFields(t, code, fields{"user_id": user})
	wantFields(t, get(t, sb, "/user_management/magic_auth/"+str(code["id"])), fields{"email": "ada@example.com"})
}

func TestNullEmptiesMetadata(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	for path, body := range map[string]fields{
		"/organizations":         {"name": "Acme", "metadata": fields{"a": "1", "b": nil}},
		"/user_management/users": {"email": "ada@example.com", "metadata": fields{"a": "1", "b": nil}},
	} {
		made := must(t, sb, http.StatusCreated, "POST", path, body)
		wantFields(t, made, fields{"metadata": fields{"a": "1"}})
		cleared := must(t, sb, http.StatusOK, "PUT", path+"/"+str(made["id"]), fields{"metadata": nil})
		wantFields(t, cleared, fields{"metadata": fields{}})
	}
}

func TestRoleSlugIsMadeFromTheName(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	path := "/authorization/organizations/" + create(t, sb, "/organizations", fields{"name": "Acme"}) + "/roles"
	role := must(t, sb, http.StatusCreated, "POST", path, fields{"name": "Billing Admin!"})
	slug := str(role["slug"])
	if !strings.HasPrefix(slug, "org-billing-admin-") {
		t.Errorf("slug: got %q, want org-billing-admin-…", slug)
	}
	wantFields(t, get(t, sb, path+"/"+slug), fields{"id": role["id"]})
}

func TestRefusedChangeLeavesEverythingAsItWas(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	org := create(t, sb, "/organizations", fields{"name": "Acme"})
	path := "/authorization/resources/" + create(t, sb, "/authorization/resources", fields{
		"external_id": "d1", "name": "D", "resource_type_slug": "doc", "organization_id": org,
	})
	refused(t, sb, http.StatusNotFound, "PATCH", path, fields{
		"name": "E", "parent_resource_external_id": "none", "parent_resource_type_slug": "doc",
	})
	wantFields(t, get(t, sb, path), fields{"name": "D"})
	parent := create(t, sb, "/authorization/resources", fields{
		"external_id": "f1", "name": "F", "resource_type_slug": "folder", "organization_id": org,
	})
	changed := must(t, sb, http.StatusOK, "PATCH", path, fields{
		"parent_resource_external_id": "f1", "parent_resource_type_slug": "folder",
	})
	wantFields(t, changed, fields{"parent_resource_id": parent})
	refused(t, sb, http.StatusConflict, "DELETE", "/authorization/resources/"+parent, nil)
	must(t, sb, http.StatusNoContent, "DELETE", "/authorization/resources/"+parent+"?cascade_delete=true", nil)
	refused(t, sb, http.StatusNotFound, "GET", path, nil)
}
