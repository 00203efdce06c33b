package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

// startHTTP serves MCP on a loopback port, as the http command does, with WorkOS at the given address.
func startHTTP(t *testing.T, env map[string]string, args ...string) (url string, logs *serverLog) {
	t.Helper()
	logs = &serverLog{url: make(chan string, 1)}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan int, 1)
	go func() {
		ended <- run(ctx, serve.Process{
			Args: append([]string{"http", "--addr", "127.0.0.1:0"}, args...), Environ: environ(env),
			Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: logs,
		})
		close(logs.url)
	}()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		stop()
		if code := await(t, "the end of the server", ended); code != exitOK {
			t.Errorf("the server ended with %d: %s", code, logs)
		}
	})
	if url = await(t, "the address of the server", logs.url); url == "" {
		t.Fatalf("the server did not start: %s", logs)
	}
	return url, logs
}

// serverLog is the standard error of a server over HTTP, and tells its address.
type serverLog struct {
	url chan string

	mu   sync.Mutex
	text strings.Builder
}

func (l *serverLog) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, url, ok := strings.Cut(string(b), `msg="serving MCP" url=`); ok {
		url, _, _ = strings.Cut(url, mcpPath)
		l.url <- url
	}
	return l.text.Write(b)
}

func (l *serverLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func callBody(id int, tool, arguments string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":%q,"arguments":%s}}`,
		id, tool, arguments)
}

// refusalIn returns the message of a JSON-RPC error.
func refusalIn(t *testing.T, text string) string {
	t.Helper()
	var response struct{ Error struct{ Message string } }
	if err := json.Unmarshal([]byte(text), &response); err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return response.Error.Message
}

// post sends one JSON-RPC message.
func post(t *testing.T, url, body string, header http.Header) (status int, answer string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), hang)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	for name, values := range header {
		req.Header[name] = values
		if name == "Host" {
			req.Host = values[0]
		}
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

func TestEachRequestUsesItsOwnCredentials(t *testing.T) {
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, `{"seen":%q}`, r.Header.Get("Authorization"))
	})
	env := map[string]string{
		"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_of_the_process", "WORKOS_CLIENT_ID": "client_1",
	}
	url, logs := startHTTP(t, env, "--log-level", "debug-4")
	for _, c := range []struct {
		name   string
		header http.Header
		tool   string
		want   string
	}{
		{"authorization", http.Header{"Authorization": {"Bearer sk_a"}}, "organizations.list", "Bearer sk_a"},
		{"authorization in lower case", http.Header{"Authorization": {"bearer sk_b"}}, "organizations.list", "Bearer sk_b"},
		{"x-bearer", http.Header{"X-Bearer": {"sk_c"}}, "organizations.list", "Bearer sk_c"},
		{
			"x-bearer beside a gateway's", http.Header{"X-Bearer": {"sk_d"}, "Authorization": {"Bearer gw"}},
			"organizations.list", "Bearer sk_d",
		},
		{"access token", http.Header{"X-Access_token": {"tok_1"}, "X-Bearer": {"sk_e"}}, "sso.profile.get", "Bearer tok_1"},
		{"platform token", http.Header{"X-Platform": {"pt_1"}, "X-Bearer": {"sk_g"}}, "platform.teams.get", "Bearer pt_1"},
		{"no platform token", http.Header{"X-Bearer": {"sk_h"}}, "platform.teams.get", "no_credentials"},
		{"none", nil, "organizations.list", "no credential"},
		{"basic", http.Header{"Authorization": {"Basic c2s6"}}, "organizations.list", "no credential"},
		{"no access token", http.Header{"X-Bearer": {"sk_f"}}, "sso.profile.get", "no_credentials"},
	} {
		arguments := `{}`
		if c.tool == "platform.teams.get" {
			arguments = `{"team_id":"team_1"}`
		}
		status, got := post(t, url+mcpPath, callBody(1, c.tool, arguments), c.header)
		want := http.StatusOK
		if c.want == "no credential" {
			want = http.StatusUnauthorized
		}
		if status != want || !strings.Contains(got, c.want) {
			t.Errorf("%s: got %d %s, want %d and %s", c.name, status, got, want, c.want)
		}
		if strings.Contains(got, "sk_of_the_process") {
			t.Errorf("%s: the key of the process was used", c.name)
		}
	}
	if n := len(u.seen()); n != 6 {
		t.Errorf("%d requests reached the wire, want 6", n)
	}
	for _, secret := range []string{"sk_a", "sk_b", "sk_c", "sk_d", "tok_1", "pt_1", "sk_of_the_process"} {
		if strings.Contains(logs.String(), secret) {
			t.Errorf("the log holds %s", secret)
		}
	}
}

func TestConcurrentTenantsDoNotMix(t *testing.T) {
	const tenants = 40
	var arrived sync.WaitGroup // all of them at once
	arrived.Add(tenants)
	all := make(chan struct{})
	go func() {
		arrived.Wait()
		close(all)
	}()
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		arrived.Done()
		select {
		case <-all:
		case <-r.Context().Done():
		}
		_, _ = fmt.Fprintf(w, `{"seen":%q}`, r.Header.Get("Authorization"))
	})
	url, _ := startHTTP(t, map[string]string{"WORKOS_BASE_URL": u.URL})
	var wg sync.WaitGroup
	for i := range tenants {
		wg.Go(func() {
			key := fmt.Sprintf("sk_tenant_%d_", i)
			_, got := post(t, url+mcpPath, callBody(1, "organizations.list", `{}`), http.Header{"X-Bearer": {key}})
			if !strings.Contains(got, "Bearer "+key) {
				t.Errorf("tenant %d: got %s", i, got)
			}
		})
	}
	wg.Wait()
}

// Browsers ask before they send what a page of another origin wants.
func TestABrowserIsToldWhatAllowedOriginsMaySend(t *testing.T) {
	allowed := []string{"https://first.example", "https://app.example.com", "https://last.example"}
	g := newGate(t, origins(allowed...)...)
	preflight := func(g gate, origin string) http.Header {
		w := g.call(t, http.MethodOptions, nil, func(r *http.Request) {
			r.Header = http.Header{
				"Origin": {origin}, "Access-Control-Request-Method": {http.MethodPost},
				"Access-Control-Request-Headers": {"x-bearer"},
			}
		})
		g.wantSent(t, origin, 0)
		return w.Header()
	}
	want := []string{ // the latter two go with every request of 2026-07-28
		"content-type", "authorization", "x-bearer", "x-access_token", "x-platform", "x-mcp-toolsets", "x-mcp-allow",
		"x-mcp-deny", "x-mcp-readonly", "x-mcp-confirm", "x-mcp-max-result-bytes", "x-mcp-hide-secrets", "mcp-session-id",
		"mcp-protocol-version", "mcp-method", "mcp-name",
	}
	for _, origin := range allowed {
		header := preflight(g, origin)
		if got := header.Get("Access-Control-Allow-Origin"); got != origin {
			t.Errorf("%s: got the origin %q allowed", origin, got)
		}
		if got := strings.Split(strings.ToLower(header.Get("Access-Control-Allow-Headers")), ", "); !slices.Equal(got, want) {
			t.Errorf("%s: got %v allowed, want %v", origin, got, want)
		}
		w := g.call(t, http.MethodPost, getAcme(), func(r *http.Request) { r.Header.Set("Origin", origin) })
		if got := w.Header().Get("Access-Control-Allow-Origin"); w.Code != http.StatusOK || got != origin {
			t.Errorf("%s: got %d and the origin %q allowed", origin, w.Code, got)
		}
		g.wantSent(t, origin, 1)
	}
	for what, header := range map[string]http.Header{
		"another origin":      preflight(g, "https://evil.example"),
		"no origins":          preflight(newGate(t), allowed[0]),
		"no origins, its own": preflight(newGate(t), "http://127.0.0.1:8080"),
	} {
		if got := header.Get("Access-Control-Allow-Origin"); got != "" {
			t.Errorf("%s: got %q allowed, want none", what, got)
		}
	}
}

func TestWhatIsNoJSONIsRefused(t *testing.T) {
	g := newGate(t)
	for _, body := range []string{"", "{", callBody(1, "organizations.get", deletion)[1:]} {
		w := g.call(t, http.MethodPost, strings.NewReader(body), nil)
		if w.Code != http.StatusBadRequest {
			t.Errorf("%q: got %d %s, want 400", body, w.Code, w.Body)
		}
		g.wantSent(t, body, 0)
	}
}

func TestLargeIntegersKeepTheirDigits(t *testing.T) {
	var body []byte
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ = io.ReadAll(r.Body)
		_, _ = w.Write([]byte(`{"success":true}`))
	})
	url, _ := startHTTP(t, map[string]string{"WORKOS_BASE_URL": u.URL})
	arguments := `{"organization_id":"org_1","event":{"action":"a.b","occurred_at":"2026-01-31T12:00:00Z",` +
		`"version":9007199254740993,"actor":{"id":"u","type":"user","metadata":{"n":9007199254740993}},"targets":[],` +
		`"context":{"location":"1.1.1.1"}}}`
	call := callBody(1, "audit_logs.events.create", arguments)
	status, text := post(t, url+mcpPath, call, http.Header{"X-Bearer": {"sk_a"}})
	if status != http.StatusOK || strings.Contains(text, `"isError":true`) {
		t.Fatalf("got %d %s", status, text)
	}
	var sent struct {
		Event struct {
			Version json.Number
			Actor   struct{ Metadata map[string]json.Number }
		}
	}
	if err := json.Unmarshal(body, &sent); err != nil {
		t.Fatal(err)
	}
	if sent.Event.Version != "9007199254740993" || sent.Event.Actor.Metadata["n"] != "9007199254740993" {
		t.Errorf("got %s, want 9007199254740993 twice", body)
	}
}
