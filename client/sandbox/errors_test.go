package sandbox_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
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
		{"no body", "POST", orgs, nil, 422, "unprocessable_entity", "name required"},
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
		{"email", "POST", users, fields{"email": "nobody"}, 422, "invalid_request_parameters", "email invalid_format"},
		{"two alternatives", "POST", users, fields{"email": "b@example.com", "password": "p", "password_hash": "h"},
			422, "invalid_request_parameters", "password_hash mutually_exclusive"},
		{"half an alternative", "POST", users, fields{"email": "b@example.com", "password_hash": "h"},
			422, "invalid_request_parameters", "password_hash_type required"},
		{"unknown variant", "POST", "/user_management/authenticate", fields{"grant_type": "x"},
			422, "invalid_request_parameters", "grant_type invalid_value"},
		{"no variant", "POST", "/user_management/authenticate", fields{},
			422, "invalid_request_parameters", "grant_type required"},
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
			400, "bad_request", "type invalid_value"},
		{"external ID taken", "POST", orgs, fields{"name": "a", "external_id": "acme"},
			400, "external_id_already_used", ""},
		{"external ID taken on update", "PUT", orgs + "/" + other, fields{"external_id": "acme"},
			400, "external_id_already_used", ""},
		{"slug taken", "POST", "/authorization/roles", fields{"slug": "r", "name": "R"}, 409, "role_slug_conflict", ""},
		{"email taken", "POST", users, fields{"email": "ADA@example.com"},
			400, "user_creation_error", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			a := refused(t, env, test.status, test.method, test.path, test.body)
			if a.json["code"] != test.code {
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

// TestBodyIsLimited sends bodies of a limit's length and its neighbours'.
func TestBodyIsLimited(t *testing.T) {
	t.Parallel()
	for n, status := range map[int]int{
		1<<20 - 1: http.StatusCreated, 1 << 20: http.StatusCreated,
		1<<20 + 1: http.StatusRequestEntityTooLarge, 1 << 21: http.StatusRequestEntityTooLarge,
	} {
		env := sandbox.New()
		body := `{"name":"` + strings.Repeat("x", n-len(`{"name":""}`)) + `"}`
		if status == http.StatusCreated {
			must(t, env, status, "POST", "/organizations", body)
			continue
		}
		create(t, env, "/organizations", fields{"name": "first"})
		a := refused(t, env, status, "POST", "/organizations", body)
		wantFields(t, a.json, fields{"code": "payload_too_large", "message": "The body has more than 1 MiB."})
	}
}

// TestMethodsOfAPathAreAllowed asks each path for a method that it does not have.
func TestMethodsOfAPathAreAllowed(t *testing.T) {
	t.Parallel()
	env := sandbox.New()
	for _, route := range gen.Routes {
		path := route.Path
		var methods []string
		for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE"} {
			if slices.ContainsFunc(gen.Routes, func(r optable.Route) bool {
				return r.Method == method && isOf(path, r.Path)
			}) {
				methods = append(methods, method)
			}
		}
		a := send(t, env, "OPTIONS", path, nil)
		if want := strings.Join(methods, ", "); a.status != http.StatusMethodNotAllowed || a.header.Get("Allow") != want {
			t.Errorf("OPTIONS %s: got %d and Allow %q, want 405 and %q", path, a.status, a.header.Get("Allow"), want)
		}
		wantFields(t, a.json, fields{
			"code": "method_not_allowed", "message": "This path does not take the method; see the header Allow.",
		})
	}
	if a := send(t, env, "GET", "/organizations", nil); a.header["Allow"] != nil || a.header["Location"] != nil {
		t.Errorf("GET /organizations: got the header %v, want neither Allow nor Location", a.header)
	}
}

// isOf reports whether a path is one of a template, such as /auth/factors/enroll of /auth/factors/{id}.
func isOf(path, template string) bool {
	return slices.EqualFunc(strings.Split(path, "/"), strings.Split(template, "/"), func(value, part string) bool {
		return value == part || strings.HasPrefix(part, "{")
	})
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	env := sandbox.New()
	const authorize = "?client_id=c&response_type=code&redirect_uri="
	for target, want := range map[string]string{
		"/sso/authorize" + authorize + "https%3A%2F%2Fapp.example.com%2Fcb&provider=GoogleOAuth": "https://app.example.com/cb?code=",
		"/user_management/authorize" + authorize + "https%3A%2F%2Fa.b%2Fcb%3Fx%3D1%26code%3Dold%23f&state=s+t%26": "" +
			"https://a.b/cb?code=&state=s+t%26&x=1#f",
		"/user_management/sessions/logout?session_id=s&return_to=https%3A%2F%2Fapp.example.com": "https://app.example.com",
		"/user_management/sessions/logout?session_id=s":                                         "https://example.com/",
	} {
		a := send(t, env, "GET", target, nil)
		got := regexp.MustCompile(`code=\w+`).ReplaceAllString(a.header.Get("Location"), "code=")
		if a.status != http.StatusFound || got != want || a.text != "" {
			t.Errorf("%s: got %d %q %s, want 302 to %q without a body", target, a.status, got, a.text, want)
		}
		if got := a.header["Content-Type"]; got != nil {
			t.Errorf("%s: got Content-Type %q, want none", target, got)
		}
	}
	for target, field := range map[string]string{
		"/sso/authorize" + authorize + "app%3A%2F%2Fcb":                "redirect_uri",
		"/sso/authorize" + authorize + "javascript%3Aalert%281%29":     "redirect_uri",
		"/sso/authorize" + authorize + "relative":                      "redirect_uri",
		"/sso/authorize" + authorize + "https%3A%2F%2F%25zz":           "redirect_uri",
		"/sso/authorize" + authorize:                                   "redirect_uri",
		"/user_management/sessions/logout?session_id=s&return_to=%2Fa": "return_to",
	} {
		a := refused(t, env, http.StatusUnprocessableEntity, "GET", target, nil)
		wantFields(t, a.json, fields{"errors": []fields{{"field": field, "code": "invalid_format"}}})
		if got := a.header.Get("Location"); got != "" {
			t.Errorf("%s: got a Location %q, want none", target, got)
		}
	}
}
