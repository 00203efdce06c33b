package main

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// probe is a call that servers for large APIs are known to get wrong.
type probe struct {
	name            string
	tool, arguments string
	effect          string // as the tools of the dynamic mode are called by
	// wire is what must be sent, as method, escaped path with query, and body. "" for nothing at all, in which case the
	// answer says why.
	wire    string
	refused []string
}

// The ten probes, one or several calls each.
func probes() []probe {
	return []probe{
		{
			name: "escaping", tool: "organizations.get", effect: "read",
			arguments: `{"id":"org 1/../?a=b#c%2F"}`, refused: []string{"id: expected one path segment"},
		},
		{
			name: "escaping", tool: "organizations.external_id.get", effect: "read",
			arguments: `{"external_id":"a b/c?d=e#f%2Fg;é"}`,
			wire:      "GET /organizations/external_id/a%20b%2Fc%3Fd=e%23f%252Fg%3B%C3%A9 ",
		},
		{
			name: "traversal", tool: "organizations.delete", effect: "destructive",
			arguments: `{"id":"../user_management/users/user_01"}`, refused: []string{"id: expected one path segment"},
		},
		{
			name: "traversal", tool: "organizations.delete", effect: "destructive",
			arguments: `{"id":".."}`, refused: []string{"id: expected one path segment"},
		},
		{
			name: "missing path parameter", tool: "organizations.get", effect: "read",
			arguments: `{}`, refused: []string{"id: is required"},
		},
		{
			name: "missing path parameter", tool: "organizations.delete", effect: "destructive",
			arguments: `{"id":""}`, refused: []string{"id: expected at least 1 character"},
		},
		{
			name: "null body field", tool: "organizations.update", effect: "write",
			arguments: `{"id":"org_1","external_id":null,"metadata":{"tier":null}}`,
			wire:      `PUT /organizations/org_1 {"external_id":null,"metadata":{"tier":null}}`,
		},
		{
			name: "explode: false array", tool: "organizations.list", effect: "read",
			arguments: `{"domains":["a.example","b.example"]}`, wire: "GET /organizations?domains=a.example,b.example ",
		},
		{
			name: "wrong type", tool: "organizations.list", effect: "read",
			arguments: `{"limit":"five"}`, refused: []string{`limit: expected a whole number, got the string "five"`},
		},
		{
			name: "wrong type", tool: "organizations.create", effect: "write",
			arguments: `{"name":["Acme"]}`, refused: []string{"name: expected a string, got an array of 1"},
		},
		{
			name: "bad enum", tool: "organizations.list", effect: "read",
			arguments: `{"order":"ascc"}`,
			refused:   []string{`order: expected one of "normal", "desc", "asc"`, "did you mean asc?"},
		},
		{
			name: "path/body collision", tool: "authorization.roles.permissions.create", effect: "write",
			arguments: `{"slug":"admin","body":{"slug":"doc:read"}}`,
			wire:      `POST /authorization/roles/admin/permissions {"slug":"doc:read"}`,
		},
		{
			name: "stringified body", tool: "authorization.roles.permissions.create", effect: "write",
			arguments: `{"slug":"admin","body":"{\"slug\":\"doc:read\"}"}`,
			wire:      `POST /authorization/roles/admin/permissions {"slug":"doc:read"}`,
		},
		{
			name: "stringified body", tool: "organizations.create", effect: "write",
			arguments: `{"name":"Acme","metadata":"{\"tier\":\"gold\"}"}`,
			wire:      `POST /organizations {"metadata":{"tier":"gold"},"name":"Acme"}`,
		},
		{
			name: "unknown argument", tool: "organizations.create", effect: "write",
			arguments: `{"name":"Acme","domain":"acme.com"}`, refused: []string{"domain: is unknown", "Example: {"},
		},
		{
			name: "unknown argument", tool: "user_management.users.list", effect: "read",
			arguments: `{"emial":"ada@example.com"}`, refused: []string{"emial: is unknown (did you mean email?)"},
		},
	}
}

// wireRecord writes down what reaches the wire.
type wireRecord struct {
	mu   sync.Mutex
	sent []string
}

func (r *wireRecord) take() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	sent := r.sent
	r.sent = nil
	return sent
}

// Whichever way a call comes, what reaches the wire is what was meant, or nothing.
func TestTheTenProbes(t *testing.T) {
	r := &wireRecord{}
	u := newUpstream(t, func(_ http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			t.Error(err)
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.sent = append(r.sent, request.Method+" "+request.RequestURI+" "+string(body))
	})
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1", confirmEnv: "none"}
	doors := map[string]func(probe) string{}
	for name, s := range map[string]session{
		"HTTP": openHTTP(t, env, nil), "stdio": openStdio(t, env),
	} {
		doors[name] = func(p probe) string { return s.call([]string{callBody(1, p.tool, p.arguments)})[0] }
	}
	dynamic := openHTTP(t, env, nil, "--mode=dynamic")
	doors["dynamic, HTTP"] = func(p probe) string {
		return dynamic.call([]string{callBody(1, "call_"+p.effect+"_operation",
			fmt.Sprintf(`{"operation":%q,"arguments":%s}`, p.tool, p.arguments))})[0]
	}
	doors["shell"] = func(p probe) string {
		o := execute(t, env, "", "tool", "call", p.tool, p.arguments)
		return o.stdout + o.stderr
	}
	names := map[string]bool{}
	for _, p := range probes() {
		names[p.name] = true
		for door, call := range doors {
			answer := strings.ReplaceAll(call(p), `\"`, `"`)
			var want []string
			if p.wire != "" {
				want = []string{p.wire}
			}
			if got := r.take(); !slices.Equal(got, want) {
				t.Errorf("%s by %s, %s: got %q on the wire, want %q; the answer: %s", p.name, door, p.arguments, got, want, answer)
			}
			for _, part := range p.refused {
				if !strings.Contains(answer, part) {
					t.Errorf("%s by %s, %s: got %s, want %q", p.name, door, p.arguments, answer, part)
				}
			}
		}
	}
	if len(names) != 10 {
		t.Errorf("got %d probes, want ten", len(names))
	}
}
