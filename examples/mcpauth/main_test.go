//go:build e2e

package main

import (
	"encoding/json"
	"net/http"
	"os/exec"
	"strings"
	"testing"
)

func TestE2EClientFollowsTheMetadataToACall(t *testing.T) {
	origin, _ := newServers(t)
	tokens := map[string]string{}
	for _, path := range []string{"/mcp-go", "/go-sdk"} {
		cmd := exec.CommandContext(t.Context(), "node", "mcpauth.mjs", origin+path)
		cmd.Dir = "../../.ci/e2e"
		var failure strings.Builder
		cmd.Stderr = &failure
		out, err := cmd.Output()
		var got struct {
			WhoAmI, Scope, Deletion, ScopeAfter, Token, Resource string
			Authorizations, Unauthorized, Forbidden              int
		}
		if err != nil || json.Unmarshal(out, &got) != nil {
			t.Fatalf("%s: the client: %v: %s%s", path, err, out, failure.String())
		}
		if got.WhoAmI != "whoami: user_demo in org_demo" || got.Deletion != "delete: user_demo in org_demo" ||
			got.Resource != origin+path || got.Authorizations != 2 || got.Unauthorized == 0 || got.Forbidden != 1 ||
			got.Scope == got.ScopeAfter || !strings.Contains(got.ScopeAfter, "reports:write") {
			t.Errorf("%s: got %+v", path, got)
		}
		tokens[path] = got.Token
		got.Token = ""
		t.Logf("%s: %+v", path, got)
	}
	for path, token := range tokens { // of the one at the other
		other := map[string]string{"/mcp-go": "/go-sdk", "/go-sdk": "/mcp-go"}[path]
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, origin+other, strings.NewReader(`{}`))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		if resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("the token for %s at %s: got %d, want 401", path, other, resp.StatusCode)
		}
	}
}
