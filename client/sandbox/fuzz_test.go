package sandbox_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/gen"
)

// FuzzServeHTTP puts two arbitrary requests to a sandbox: the answers are JSON or empty, never a panic nor a 500.
func FuzzServeHTTP(f *testing.F) {
	for i := range gen.Operations.Operations {
		op := &gen.Operations.Operations[i]
		f.Add(op.Method, op.Path, "limit=2&order=asc", `{"name":"a","email":"a@example.com"}`)
	}
	f.Add(http.MethodPost, "/organizations", "", `{"name":"A","domains":["a.com"],"metadata":{"a":null}}`)
	f.Add(http.MethodGet, "/organizations", "before=x&limit=1e3", "")
	f.Add(http.MethodGet, "//organizations/%2e%2e/", "a=%zz", "[")
	f.Add(http.MethodPost, "/user_management/authenticate", "", `{"grant_type":1}`)
	f.Fuzz(func(t *testing.T, method, path, query, body string) {
		sb := sandbox.New()
		for range 2 {
			req, err := http.NewRequestWithContext(t.Context(), method, "http://sandbox.test/", strings.NewReader(body))
			if err != nil {
				t.Skip() // no HTTP method
			}
			req.URL = &url.URL{Scheme: "http", Host: "sandbox.test", Path: path, RawQuery: query}
			res := httptest.NewRecorder()
			sb.ServeHTTP(res, req)
			if res.Code >= http.StatusInternalServerError {
				t.Errorf("%s %s: got %d %s", method, path, res.Code, res.Body)
			}
			if res.Body.Len() > 0 && !json.Valid(res.Body.Bytes()) {
				t.Errorf("%s %s: answer is no JSON: %s", method, path, res.Body)
			}
		}
	})
}

// A template is refused, or the token of a sign-in has the claims that it makes.
func FuzzJWTTemplates(f *testing.F) {
	f.Add(`{"a":{{ user.email }},"b":"{{ user.metadata.x || 'none' }} {{ organization.name }}"}`)
	f.Add(`{"a":"\\"{{ user.id }}","iss":{{`)
	f.Add(`{"a":{{ organization_membership.roles.0 || "}}" }}}`)
	f.Fuzz(func(t *testing.T, content string) {
		sb := sandbox.New()
		a := send(t, sb, http.MethodPut, "/user_management/jwt_template", fields{"content": content})
		if a.status != http.StatusOK && a.status != http.StatusUnprocessableEntity {
			t.Fatalf("%q: got %d %s", content, a.status, a.text)
		}
		create(t, sb, "/user_management/users", fields{
			"email": "ada@example.com", "password": "correct horse", "email_verified": true,
		})
		in := send(t, sb, http.MethodPost, "/user_management/authenticate", fields{
			"client_id": "client_1", "client_secret": "sk_test", "grant_type": "password", "email": "ada@example.com",
			"password": "correct horse",
		})
		if in.status == http.StatusOK && claimsOf(t, str(in.json["access_token"]))["sub"] == nil ||
			in.status != http.StatusOK && in.json["error"] != "token_too_big" {
			t.Errorf("%q: got %d %s", content, in.status, in.text)
		}
	})
}
