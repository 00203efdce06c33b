package sandbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

func TestErrors(t *testing.T) {
	env := sandbox.New()
	org := create(t, env, "/organizations", fields{"name": "Acme", "external_id": "acme"})
	other := create(t, env, "/organizations", fields{"name": "Other"})
	create(t, env, "/user_management/users", fields{"email": "ada@example.com", "external_id": "ada"})
	create(t, env, "/authorization/roles", fields{"slug": "r", "name": "R"})
	const users, orgs = "/user_management/users", "/organizations"
	for _, test := range []struct {
		name, method, path string
		body               any
		status             int
		code, field        string
	}{
		{"unknown path", "GET", "/nothing", nil, 404, "not_found", ""},
		{"root", "GET", "/", nil, 404, "not_found", ""},
		{"trailing slash", "GET", "/organizations/", nil, 404, "not_found", ""},
		{"other method", "PATCH", "/organizations", fields{}, 405, "method_not_allowed", ""},
		{"unknown ID", "GET", orgs + "/org_none", nil, 404, "entity_not_found", ""},
		{"unknown parent", "GET", orgs + "/org_none/groups", nil, 404, "entity_not_found", ""},
		{"unknown ID in the body", "POST", "/organization_domains",
			fields{"domain": "a.com", "organization_id": "org_none"}, 404, "entity_not_found", ""},
		{"no body", "POST", orgs, nil, 400, "bad_request", ""},
		{"malformed", "POST", orgs, `{"name":`, 400, "bad_request", ""},
		{"two values", "POST", orgs, `{"name":"a"} {}`, 400, "bad_request", ""},
		{"bad escape in the query", "GET", orgs + "?limit=%zz", nil, 400, "bad_request", ""},
		{"no object", "POST", orgs, `[]`, 422, "unprocessable_entity", ""},
		{"missing", "POST", orgs, fields{}, 422, "unprocessable_entity", "name required"},
		{"unknown field", "POST", orgs, fields{"name": "a", "nmae": "a"}, 422, "unprocessable_entity", "nmae unknown_field"},
		{"wrong type", "POST", orgs, fields{"name": 1}, 422, "unprocessable_entity", "name invalid_type"},
		{"null", "POST", orgs, fields{"name": nil}, 422, "unprocessable_entity", "name invalid_type"},
		{"nested", "POST", orgs, fields{"name": "a", "domain_data": []fields{{"domain": "a", "state": "x"}}},
			422, "unprocessable_entity", "domain_data.0.state invalid_value"},
		{"too long", "POST", orgs, fields{"name": "a", "external_id": strings.Repeat("x", 129)},
			422, "unprocessable_entity", "external_id invalid_length"},
		{"pattern", "POST", orgs, fields{"name": "a", "external_id": "é"},
			422, "unprocessable_entity", "external_id invalid_format"},
		{"email", "POST", users, fields{"email": "nobody"}, 422, "unprocessable_entity", "email invalid_format"},
		{"two alternatives", "POST", users, fields{"email": "b@example.com", "password": "p", "password_hash": "h"},
			422, "unprocessable_entity", "password_hash mutually_exclusive"},
		{"half an alternative", "POST", users, fields{"email": "b@example.com", "password_hash": "h"},
			422, "unprocessable_entity", "password_hash_type required"},
		{"unknown variant", "POST", "/user_management/authenticate", fields{"grant_type": "x"},
			422, "unprocessable_entity", "grant_type invalid_value"},
		{"no variant", "POST", "/user_management/authenticate", fields{},
			422, "unprocessable_entity", "grant_type required"},
		{"no variant fits", "POST", "/audit_logs/events", fields{"organization_id": org, "event": fields{
			"action": "a", "occurred_at": "2026-01-02T03:04:05Z", "actor": fields{"id": "1", "type": "user"},
			"targets": []any{}, "context": fields{"location": "1.2.3.4"}, "metadata": fields{"k": []any{}},
		}}, 422, "unprocessable_entity", "event.metadata.k invalid_type"},
		{"limit", "GET", orgs + "?limit=0", nil, 422, "unprocessable_entity", "limit invalid_value"},
		{"limit of words", "GET", orgs + "?limit=ten", nil, 422, "unprocessable_entity", "limit invalid_type"},
		{"order", "GET", orgs + "?order=up", nil, 422, "unprocessable_entity", "order invalid_value"},
		{"unknown cursor", "GET", orgs + "?after=org_none", nil, 422, "unprocessable_entity", "after invalid_value"},
		{"both cursors", "GET", orgs + "?after=a&before=b", nil, 422, "unprocessable_entity", "before mutually_exclusive"},
		{"missing parameter", "GET", "/sso/authorize?client_id=c&response_type=code", nil,
			422, "unprocessable_entity", "redirect_uri required"},
		{"path parameter", "POST", "/radar/lists/colour/block", fields{"entry": "x"},
			422, "unprocessable_entity", "type invalid_value"},
		{"external ID taken", "POST", orgs, fields{"name": "a", "external_id": "acme"},
			409, "external_id_already_in_use", ""},
		{"external ID taken on update", "PUT", orgs + "/" + other, fields{"external_id": "acme"},
			409, "external_id_already_in_use", ""},
		{"slug taken", "POST", "/authorization/roles", fields{"slug": "r", "name": "R"}, 409, "slug_already_in_use", ""},
		{"email taken", "POST", users, fields{"email": "ADA@example.com"},
			422, "user_creation_error", "email email_not_available"},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := send(t, env, test.method, test.path, test.body)
			if a.status != test.status || a.json["code"] != test.code {
				t.Fatalf("got %d %s, want %d %s", a.status, a.text, test.status, test.code)
			}
			if message, _ := a.json["message"].(string); message == "" {
				t.Errorf("no message: %s", a.text)
			}
			if !strings.HasPrefix(a.header.Get("X-Request-Id"), "req_") {
				t.Errorf("X-Request-Id: got %q", a.header.Get("X-Request-Id"))
			}
			if got := a.header.Get("Content-Type"); got != "application/json; charset=utf-8" {
				t.Errorf("Content-Type: got %q", got)
			}
			if test.field == "" {
				return
			}
			name, code, _ := strings.Cut(test.field, " ")
			first := obj(list(a.json["errors"])[0])
			wantFields(t, first, fields{"field": name, "code": code})
		})
	}
	if a := send(t, env, "GET", orgs+"/org_none", nil); a.json["entity_id"] != "org_none" {
		t.Errorf("entity_id: got %s", a.text)
	}
	if a := send(t, env, "PATCH", orgs, nil); a.header.Get("Allow") != "GET, POST" {
		t.Errorf("Allow: got %q", a.header.Get("Allow"))
	}
	wantFields(t, get(t, env, orgs+"/"+other), fields{"external_id": nil})
	wantFields(t, must(t, env, http.StatusOK, "PUT", orgs+"/"+org, fields{"external_id": "acme"}), fields{"id": org})
}

func TestBodyIsLimited(t *testing.T) {
	t.Parallel()
	env := sandbox.New()
	name := strings.Repeat("x", 1<<20)
	if a := send(t, env, "POST", "/organizations", fields{"name": name}); a.status != http.StatusRequestEntityTooLarge {
		t.Errorf("got %d, want 413", a.status)
	}
	must(t, env, http.StatusCreated, "POST", "/organizations", fields{"name": name[:1<<19]})
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	env := sandbox.New()
	location := func(path string, query url.Values) *url.URL {
		t.Helper()
		a := send(t, env, "GET", path+"?"+query.Encode(), nil)
		u, err := url.Parse(a.header.Get("Location"))
		if a.status != http.StatusFound || err != nil || a.text != "" {
			t.Fatalf("%s: got %d %q %s, want 302", path, a.status, a.header.Get("Location"), a.text)
		}
		return u
	}
	query := url.Values{
		"client_id": {"c"}, "response_type": {"code"}, "state": {"s t&"}, "redirect_uri": {"https://app.example.com/cb?x=1"},
	}
	for _, path := range []string{"/sso/authorize", "/user_management/authorize"} {
		u := location(path, query)
		q := u.Query()
		if u.Host != "app.example.com" || q.Get("code") == "" || q.Get("state") != "s t&" || q.Get("x") != "1" {
			t.Errorf("%s: got %s", path, u)
		}
	}
	u := location("/user_management/sessions/logout",
		url.Values{"session_id": {"s"}, "return_to": {"https://app.example.com/bye"}})
	if u.String() != "https://app.example.com/bye" {
		t.Errorf("logout: got %s", u)
	}
	location("/user_management/sessions/logout", url.Values{"session_id": {"s"}})
	location("/sso/logout", url.Values{"token": {"t"}})
	query.Set("redirect_uri", "relative")
	must(t, env, http.StatusUnprocessableEntity, "GET", "/sso/authorize?"+query.Encode(), nil)
}
