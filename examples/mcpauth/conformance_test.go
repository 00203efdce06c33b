//go:build e2e

package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/authkit/mcpauth"
)

const suite = "node_modules/@modelcontextprotocol/conformance/dist/index.js"

// newServers returns the origin of both MCP servers and of their authorization server.
func newServers(t *testing.T) (string, *authorizationServer) {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	origin := strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	as, err := newAuthorizationServer(origin)
	if err != nil {
		t.Fatal(err)
	}
	as.register(mux)
	if err := register(mux, origin, mcpauth.Issuer{URL: origin, JWKSURL: origin + "/oauth2/jwks"}); err != nil {
		t.Fatal(err)
	}
	return origin, as
}

func conformance(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "node_modules/.bin/node", append([]string{suite}, args...)...)
	cmd.Dir = "../../.ci/e2e"
	return cmd
}

// The scenarios of the official suite that test an authorization server, which the demonstration is as well.
func TestE2EConformanceOfTheAuthorizationServer(t *testing.T) {
	origin, _ := newServers(t)
	port := freePort(t)
	registration := `{"redirect_uris":["http://127.0.0.1:` + port + `/callback"]}`
	var registered struct {
		ClientID string `json:"client_id"`
	}
	if err := json.Unmarshal([]byte(send(t, http.MethodPost, origin+"/oauth2/register", registration)), &registered); err != nil {
		t.Fatal(err)
	}
	cmd := conformance(t, "authorization", "--url", origin, "--client-id", registered.ClientID, "--resource", origin+"/mcp-go",
		"--port", port)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		out.WriteString(lines.Text() + "\n")
		if target := lines.Text(); strings.HasPrefix(target, origin+"/oauth2/authorize?") {
			awaitListener(t, "127.0.0.1:"+port)
			send(t, http.MethodGet, target, "") // as a browser, back to the suite
		}
	}
	if err := cmd.Wait(); err != nil || strings.Count(out.String(), "✓") < 2 {
		t.Errorf("got %v:\n%s", err, out.String())
	}
}

// awaitListener waits until something listens: the suite prints where to sign in before it waits for the callback.
func awaitListener(t *testing.T, addr string) {
	t.Helper()
	for {
		connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", addr)
		if err == nil {
			_ = connection.Close()
			return
		}
		select {
		case <-t.Context().Done():
			t.Fatal(err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// The suite has no scenarios for resource servers, and sends no token. A proxy adds one, so that its scenarios for
// servers pass through the guard.
func TestE2EConformanceBehindTheGuard(t *testing.T) {
	origin, as := newServers(t)
	for _, path := range []string{"/mcp-go", "/go-sdk"} {
		token, err := as.sign(map[string]any{
			"iss": origin, "aud": origin + path, "sub": "user_demo", "scope": "openid", "exp": 1 << 35,
		})
		if err != nil {
			t.Fatal(err)
		}
		target, err := url.Parse(origin)
		if err != nil {
			t.Fatal(err)
		}
		proxy := httptest.NewServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Header.Set("Authorization", "Bearer "+token)
		}})
		t.Cleanup(proxy.Close)
		for _, scenario := range []string{"server-initialize", "ping", "tools-list"} {
			out, err := conformance(t, "server", "--url", proxy.URL+path, "--scenario", scenario).CombinedOutput()
			if err != nil || !strings.Contains(string(out), ", 0 failed") {
				t.Errorf("%s: %s: %v:\n%s", path, scenario, err, out)
			}
		}
		out, err := conformance(t, "server", "--url", origin+path, "--scenario", "ping").CombinedOutput()
		if err == nil {
			t.Errorf("%s: passed without a token:\n%s", path, out)
		}
	}
}

func send(t *testing.T, method, target, body string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode > 299 {
		t.Fatalf("%s %s: got %s %s %v", method, target, resp.Status, text, err)
	}
	return string(text)
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	address, _ := listener.Addr().(*net.TCPAddr)
	return strconv.Itoa(address.Port)
}
