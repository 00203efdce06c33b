package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"
)

// startSignedIn starts a server behind a proxy, whose callers sign in.
func startSignedIn(t *testing.T, as *authorizationServer, env map[string]string, args ...string) (endpoint string) {
	t.Helper()
	var target *url.URL
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		httputil.NewSingleHostReverseProxy(target).ServeHTTP(w, r)
	}))
	t.Cleanup(proxy.Close)
	args = append([]string{"--auth", "authkit", "--issuer", as.URL, "--base-url", proxy.URL}, args...)
	address, _ := startHTTP(t, env, args...)
	target, _ = url.Parse(address)
	return proxy.URL + mcpPath
}

// oauthClient is a client that has found out where to sign in, registered itself, and got a token.
func oauthClient(t *testing.T, endpoint string) *client.Client {
	t.Helper()
	ctx := bounded(t)
	const redirect = "http://127.0.0.1/callback"
	c, err := client.NewOAuthStreamableHttpClient(endpoint, client.OAuthConfig{
		RedirectURI: redirect, TokenStore: client.NewMemoryTokenStore(), PKCEEnabled: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	begin := func() error {
		if err := c.Start(ctx); err != nil {
			return err
		}
		_, err := c.Initialize(ctx, mcp.InitializeRequest{Params: mcp.InitializeParams{
			ProtocolVersion: mcp.LATEST_PROTOCOL_VERSION, ClientInfo: mcp.Implementation{Name: "oauth-client", Version: "1"},
		}})
		return err
	}
	err = begin()
	if !client.IsOAuthAuthorizationRequiredError(err) {
		t.Fatalf("got %v, want the challenge to sign in", err)
	}
	handler := client.GetOAuthHandler(err)
	verifier, err := client.GenerateCodeVerifier()
	if err != nil {
		t.Fatal(err)
	}
	state, err := client.GenerateState()
	if err != nil {
		t.Fatal(err)
	}
	if err := handler.RegisterClient(ctx, "oauth-client"); err != nil {
		t.Fatal(err)
	}
	page, err := handler.GetAuthorizationURL(ctx, state, client.GenerateCodeChallenge(verifier))
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, page, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultTransport.RoundTrip(request) // without following the redirect
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	back, err := url.Parse(response.Header.Get("Location"))
	if err != nil || back.Query().Get("code") == "" {
		t.Fatalf("got %d %q, want the code", response.StatusCode, response.Header.Get("Location"))
	}
	if err := handler.ProcessAuthorizationResponse(
		ctx, back.Query().Get("code"), back.Query().Get("state"), verifier); err != nil {
		t.Fatal(err)
	}
	if err := begin(); err != nil {
		t.Fatal(err)
	}
	return c
}

func callSignedIn(t *testing.T, c *client.Client, tool string, arguments any) (text string, failed bool) {
	t.Helper()
	result, err := c.CallTool(bounded(t), mcp.CallToolRequest{Params: mcp.CallToolParams{Name: tool, Arguments: arguments}})
	if err != nil {
		return err.Error(), true
	}
	encoded, err := json.Marshal(result)
	if err != nil {
		t.Fatal(err)
	}
	return string(encoded), result.IsError
}

// A client signs in at the authorization server that the challenge leads to, and calls with the server's key what the
// role of its user permits. Somebody who may only read writes in no mode, and the audit says who tried.
func TestAClientSignsInAndCallsWhatItsRolePermits(t *testing.T) {
	for _, mode := range []string{"direct", "dynamic", "code"} {
		as := newAuthorizationServer(t)
		u := newUpstream(t, answer(acme))
		audit := filepath.Join(t.TempDir(), "audit.jsonl")
		endpoint := startSignedIn(t, as,
			codeEnv(t, map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_of_the_server"}),
			"--mode", mode, "--audit-log", audit, "--grant", "admin=all", "--grant", "viewer=read-only,toolset:organizations")
		read, write := "organizations.get", "organizations.create"
		reading, writing := any(map[string]any{"id": "org_1"}), any(map[string]any{"name": "Acme"})
		if mode == "dynamic" {
			reading = map[string]any{"operation": read, "arguments": reading}
			writing = map[string]any{"operation": write, "arguments": writing}
			read, write = "call_read_operation", "call_write_operation"
		}
		if mode == "code" {
			reading = map[string]any{"program": `return await api.organizations.get({id: "org_1"})`}
			writing = map[string]any{"program": `return await api.organizations.create({name: "Acme"})`}
			read, write = "run_program", "run_program"
		}
		as.signsIn("user_ada", "admin")
		admin := oauthClient(t, endpoint)
		as.signsIn("user_ben", "viewer")
		viewer := oauthClient(t, endpoint)
		for _, c := range []struct {
			who       *client.Client
			tool      string
			arguments any
			failed    bool
			sent      int
		}{
			{admin, write, writing, false, 1}, {viewer, read, reading, false, 1}, {viewer, write, writing, true, 0},
			{viewer, "organizations.create", map[string]any{"name": "Acme"}, true, 0},
			{viewer, "organizations_delete", map[string]any{"id": "org_1"}, true, 0},
			{viewer, "call_destructive_operation", map[string]any{"operation": "organizations.delete"}, true, 0},
		} {
			text, failed := callSignedIn(t, c.who, c.tool, c.arguments)
			if failed != c.failed {
				t.Errorf("%s, %s: got %s, want a failure: %t", mode, c.tool, text, c.failed)
			}
			for _, r := range u.seen() {
				if got := r.Header.Get("Authorization"); got != "Bearer sk_of_the_server" {
					t.Errorf("%s: got %q upstream, want the server's key", c.tool, got)
				}
			}
			u.wantSent(t, mode+" "+c.tool, c.sent)
		}
		list, err := viewer.ListTools(context.Background(), mcp.ListToolsRequest{})
		if err != nil {
			t.Fatal(err)
		}
		for _, tool := range list.Tools {
			if strings.Contains(tool.Name, "create") || strings.Contains(tool.Name, "write") {
				t.Errorf("%s: the viewer is given %s", mode, tool.Name)
			}
		}
		text, err := os.ReadFile(audit)
		if err != nil {
			t.Fatal(err)
		}
		var made, refused bool
		for line := range strings.Lines(string(text)) {
			made = made || strings.Contains(line, `"user":"user_ada"`) && strings.Contains(line, `"outcome":"ok"`)
			refused = refused || strings.Contains(line, `"user":"user_ben"`) && strings.Contains(line, `"outcome":"filtered"`)
			if strings.Contains(line, `"user":"user_ben"`) && strings.Contains(line, `"sent":true`) {
				t.Errorf("%s: got %s, want nothing sent", mode, line)
			}
		}
		if !made || !refused {
			t.Errorf("%s: got %s, want who did and who tried", mode, text)
		}
	}
}

// The server's key reaches every organization, so that the role in one of them must not open it.
func TestTokensOfOtherOrganizationsAreRefused(t *testing.T) {
	as := newAuthorizationServer(t)
	u := newUpstream(t, answer(acme))
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_of_the_server"}
	body := callBody(1, "organizations.get", deletion)
	for organization, want := range map[string]int{"org_1": http.StatusOK, "org_2": http.StatusForbidden} {
		endpoint := startSignedIn(t, as, env, "--grant", "admin=all", "--grant", "*=read-only", "--organization", organization)
		token := as.signed(endpoint, "user_ada", "admin") // of org_1
		status, text := post(t, endpoint, body, http.Header{"Authorization": {"Bearer " + token}})
		if status != want {
			t.Errorf("%s: got %d %s, want %d", organization, status, text, want)
		}
		sent := 0
		if want == http.StatusOK {
			sent = 1
		}
		u.wantSent(t, organization, sent)
	}
}

// Tokens of others, for others and of nobody are refused with the way to sign in.
func TestTokensThatAreNotForThisServer(t *testing.T) {
	as, other := newAuthorizationServer(t), newAuthorizationServer(t)
	u := newUpstream(t, answer(acme))
	endpoint := startSignedIn(t, as, map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_of_the_server"},
		"--grant", "*=all")
	body := callBody(1, "organizations.get", deletion)
	for name, c := range map[string]struct {
		token  string
		status int
	}{
		"good":             {as.signed(endpoint, "user_ada", "x"), http.StatusOK},
		"another resource": {as.signed(endpoint+"x", "user_ada", "x"), http.StatusUnauthorized},
		"another issuer":   {other.signed(endpoint, "user_ada", "x"), http.StatusUnauthorized},
		"a key of WorkOS":  {"sk_test_1", http.StatusUnauthorized},
		"the server's key": {"sk_of_the_server", http.StatusUnauthorized},
		"nothing":          {"", http.StatusUnauthorized},
	} {
		status, text := post(t, endpoint, body, http.Header{"Authorization": {"Bearer " + c.token}})
		sent := 0
		if c.status == http.StatusOK {
			sent = 1
		}
		if status != c.status {
			t.Errorf("%s: got %d %s, want %d", name, status, text, c.status)
		}
		u.wantSent(t, name, sent)
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, endpoint, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if challenge := response.Header.Get("WWW-Authenticate"); !strings.Contains(challenge, "resource_metadata=") {
		t.Errorf("got the challenge %q, want the metadata", challenge)
	}
}
