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
