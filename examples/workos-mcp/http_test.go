package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// startHTTP serves MCP on a loopback port, as the http command does, with WorkOS at the given address.
func startHTTP(t *testing.T, env map[string]string, f flags) (url string, logs *bytes.Buffer) {
	t.Helper()
	logs = &bytes.Buffer{}
	p := process{stderr: &locked{w: logs}, getenv: func(name string) string { return env[name] }}
	handler, err := p.httpHandler(f, nil, p.logger(f))
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(handler)
	t.Cleanup(s.Close)
	return s.URL, logs
}

type locked struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(b) //nolint:wrapcheck // a buffer
}

func callBody(id int, tool, arguments string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":%q,"arguments":%s}}`,
		id, tool, arguments)
}

// post sends one JSON-RPC message.
func post(t *testing.T, url, body string, header http.Header) (status int, answer string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
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
	url, logs := startHTTP(t, env, flags{logLevel: -8})
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
		{"none", nil, "organizations.list", "no_credentials"},
		{"basic", http.Header{"Authorization": {"Basic c2s6"}}, "organizations.list", "no_credentials"},
		{"no access token", http.Header{"X-Bearer": {"sk_f"}}, "sso.profile.get", "no_credentials"},
	} {
		status, got := post(t, url+mcpPath, callBody(1, c.tool, `{}`), c.header)
		if status != http.StatusOK || !strings.Contains(got, c.want) {
			t.Errorf("%s: got %d %s, want %s", c.name, status, got, c.want)
		}
		if strings.Contains(got, "sk_of_the_process") {
			t.Errorf("%s: the key of the process was used", c.name)
		}
	}
	if n := len(u.seen()); n != 5 {
		t.Errorf("%d requests reached the wire, want 5", n)
	}
	for _, secret := range []string{"sk_a", "sk_b", "sk_c", "sk_d", "tok_1", "sk_of_the_process"} {
		if strings.Contains(logs.String(), secret) {
			t.Errorf("the log holds %s", secret)
		}
	}
}

func TestConcurrentTenantsDoNotMix(t *testing.T) {
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(time.Millisecond)
		_, _ = fmt.Fprintf(w, `{"seen":%q}`, r.Header.Get("Authorization"))
	})
	url, _ := startHTTP(t, map[string]string{"WORKOS_BASE_URL": u.URL}, flags{})
	var wg sync.WaitGroup
	for i := range 40 {
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

func TestHTTPServerGuardsItself(t *testing.T) {
	url, _ := startHTTP(t, nil, flags{sandbox: true})
	list := `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
	for _, c := range []struct {
		name   string
		body   string
		header http.Header
		want   int
	}{
		{"no origin", list, nil, http.StatusOK},
		{"a page of another origin", list, http.Header{"Origin": {"https://evil.example"}}, http.StatusForbidden},
		{"a page of another site", list, http.Header{"Sec-Fetch-Site": {"cross-site"}}, http.StatusForbidden},
		{
			"a rebound name", list, http.Header{"Host": {"evil.example"}, "Origin": {"http://evil.example"}},
			http.StatusForbidden,
		},
		{"a large body", `{"x":"` + strings.Repeat("a", maxBodyBytes) + `"}`, nil, http.StatusRequestEntityTooLarge},
		{"no JSON", `{`, nil, http.StatusBadRequest},
	} {
		if got, body := post(t, url+mcpPath, c.body, c.header); got != c.want {
			t.Errorf("%s: got %d %.200s, want %d", c.name, got, body, c.want)
		}
	}
}

func TestAllowedOriginMayCall(t *testing.T) {
	p := process{stderr: io.Discard, getenv: func(string) string { return "" }}
	f := flags{sandbox: true}
	handler, err := p.httpHandler(f, []string{"https://app.example.com"}, p.logger(f))
	if err != nil {
		t.Fatal(err)
	}
	s := httptest.NewServer(handler)
	defer s.Close()
	list := `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
	got, body := post(t, s.URL+mcpPath, list, http.Header{"Origin": {"https://app.example.com"}})
	if got != http.StatusOK {
		t.Errorf("got %d %.200s, want 200", got, body)
	}
	preflight, err := http.NewRequestWithContext(t.Context(), http.MethodOptions, s.URL+mcpPath, nil)
	if err != nil {
		t.Fatal(err)
	}
	preflight.Header.Set("Origin", "https://app.example.com")
	preflight.Header.Set("Access-Control-Request-Method", http.MethodPost)
	preflight.Header.Set("Access-Control-Request-Headers", "x-bearer")
	resp, err := http.DefaultClient.Do(preflight)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if got := resp.Header.Get("Access-Control-Allow-Origin"); got != "https://app.example.com" {
		t.Errorf("the browser is told %d and %q, want the origin", resp.StatusCode, got)
	}
	allowed := strings.Split(strings.ToLower(resp.Header.Get("Access-Control-Allow-Headers")), ", ")
	for _, header := range []string{"x-bearer", "mcp-protocol-version", "mcp-method", "mcp-name"} {
		if !slices.Contains(allowed, header) { // the latter two go with every request of 2026-07-28
			t.Errorf("got %v allowed, want %s", allowed, header)
		}
	}
}

func TestHealthIsToldToAnyone(t *testing.T) {
	url, _ := startHTTP(t, nil, flags{})
	resp, err := http.Get(url + "/healthz") //nolint:noctx // a test
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("got %d, want 200", resp.StatusCode)
	}
}

func TestNoClientCancelsAnothersCall(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		select {
		case <-release:
			_, _ = w.Write([]byte(`{"id":"org_1"}`))
		case <-r.Context().Done():
		}
	})
	url, _ := startHTTP(t, map[string]string{"WORKOS_BASE_URL": u.URL}, flags{})
	key := http.Header{"X-Bearer": {"sk_a"}}
	got := make(chan string, 1)
	go func() {
		_, text := post(t, url+mcpPath, callBody(7, "organizations.get", `{"id":"org_1"}`), key)
		got <- text
	}()
	<-arrived
	cancel := `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}`
	status, body := post(t, url+mcpPath, cancel, http.Header{"X-Bearer": {"sk_b"}})
	if status != http.StatusAccepted {
		t.Errorf("got %d %s, want 202", status, body)
	}
	close(release)
	if text := <-got; !strings.Contains(text, "org_1") || strings.Contains(text, `"isError":true`) {
		t.Errorf("got %s, want the organization", text)
	}
}

func TestAClientThatGoesAwayCancelsItsCall(t *testing.T) {
	arrived, canceled := make(chan struct{}), make(chan struct{})
	u := newUpstream(t, func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
		close(canceled)
	})
	url, _ := startHTTP(t, map[string]string{"WORKOS_BASE_URL": u.URL}, flags{})
	ctx, cancel := context.WithCancel(t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+mcpPath,
		strings.NewReader(callBody(1, "organizations.get", `{"id":"org_1"}`)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	req.Header.Set("X-Bearer", "sk_a")
	go func() {
		<-arrived
		cancel()
	}()
	if resp, err := http.DefaultClient.Do(req); err == nil {
		_ = resp.Body.Close()
		t.Fatal("got an answer, want the client's own cancellation")
	}
	select {
	case <-canceled:
	case <-time.After(10 * time.Second):
		t.Error("the call went on without its client")
	}
}

func TestShutdownLetsCallsFinish(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-release
		_, _ = w.Write([]byte(`{"id":"org_1"}`))
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // a free port
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	_ = listener.Close()
	ctx, stop := context.WithCancel(t.Context())
	env := map[string]string{"WORKOS_BASE_URL": u.URL}
	p := process{stderr: io.Discard, getenv: func(name string) string { return env[name] }}
	ended := make(chan error, 1)
	go func() { ended <- p.serveHTTP(ctx, flags{}, addr, nil) }()
	waitFor(t, "http://"+addr+"/healthz")
	got := make(chan string, 1)
	go func() {
		call := callBody(1, "organizations.get", `{"id":"org_1"}`)
		_, text := post(t, "http://"+addr+mcpPath, call, http.Header{"X-Bearer": {"sk_a"}})
		got <- text
	}()
	<-arrived
	stop()
	time.Sleep(20 * time.Millisecond) // the server is shutting down now
	close(release)
	if text := <-got; !strings.Contains(text, "org_1") {
		t.Errorf("got %s, want the organization", text)
	}
	if err := <-ended; err != nil {
		t.Errorf("got %v, want a clean end", err)
	}
}

func waitFor(t *testing.T, url string) {
	t.Helper()
	for range 200 {
		if resp, err := http.Get(url); err == nil { //nolint:noctx // a test
			_ = resp.Body.Close()
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("nothing answers at %s", url)
}

func TestLargeIntegersKeepTheirDigits(t *testing.T) {
	var body []byte
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ = io.ReadAll(r.Body)
		_, _ = w.Write([]byte(`{"success":true}`))
	})
	url, _ := startHTTP(t, map[string]string{"WORKOS_BASE_URL": u.URL}, flags{})
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
