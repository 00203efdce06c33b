package serve

import (
	"context"
	"net/http"
	"strings"
	"testing"
)

func TestEverythingIsBelowTheBasePath(t *testing.T) {
	s := newStore(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	url, metrics, log, ended := started(t, ctx, s.api(), Process{}, "--base-path", "/tools/workos/")
	root, ok := strings.CutSuffix(url, "/tools/workos")
	if !ok {
		t.Fatalf("got %s: %s", url, log)
	}
	for path, want := range map[string]int{
		root + "/tools/workos/healthz": 200, root + "/tools/workos/readyz": 200, root + "/healthz": 404, root + "/readyz": 404,
		root + "/mcp": 404, root + "/tools/mcp": 404, root + "/": 404, metrics + "/healthz": 200, metrics + "/metrics": 200,
	} {
		if status, text := get(t, path); status != want {
			t.Errorf("%s: got %d %.100s, want %d", path, status, text, want)
		}
	}
	if got := <-postCall(t, root); s.requests.Load() != 0 || !strings.Contains(got, "not found") {
		t.Errorf("outside the base path: got %s and %d requests, want nothing sent", got, s.requests.Load())
	}
	if got := <-postCall(t, url); s.requests.Load() != 1 || !strings.Contains(got, `"id":1`) {
		t.Errorf("got %s and %d requests, want the call", got, s.requests.Load())
	}
	stop()
	<-ended
}

// Clients look for the metadata of a resource at the root of its host (RFC 9728 section 3.1).
func TestTheResourceHasTheBasePath(t *testing.T) {
	for _, baseURL := range []string{"https://mcp.example.com", "https://mcp.example.com/workos", "https://mcp.example.com/workos/"} {
		l := listening{
			basePath: "/workos",
			auth:     authSettings{auth: "door", issuer: "i", grants: []string{"admin=all"}, baseURL: baseURL},
		}
		handler, _, _, err := guarded(t, l)
		if err != nil {
			t.Fatalf("%s: %v", baseURL, err)
		}
		r := request(t, strings.NewReader(listTools))
		r.Host, r.URL.Path = "mcp.example.com", "/workos/mcp"
		r.Header.Set("Authorization", "Bearer ada:admin")
		w := serveRecorded(handler, r)
		if w.Code != http.StatusOK {
			t.Errorf("%s: got %d %s", baseURL, w.Code, w.Body)
		}
		r = request(t, nil)
		r.Method, r.URL.Path = http.MethodGet, "/.well-known/oauth-protected-resource"
		if w := serveRecorded(handler, r); w.Body.String() != "https://mcp.example.com/workos/mcp" {
			t.Errorf("%s: got the resource %s", baseURL, w.Body)
		}
	}
}

func TestWrongBasePathsAreRefused(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--base-path", "workos"}, `--base-path: invalid path "workos": want one such as /workos`},
		{[]string{"--base-path", "/a/../b"}, "--base-path: "},
		{[]string{"--base-path", "//a"}, "--base-path: "},
		{[]string{"--base-path", "/{a}"}, "--base-path: "},
		{[]string{"--base-path", "/a b"}, "--base-path: "},
		{[]string{"--base-url", "https://h/other", "--base-path", "/a"}, "its path must be that of --base-path"},
		{[]string{"--base-url", "https://h/other"}, "its path must be that of --base-path"},
		{[]string{"--base-url", "https://h/?x"}, "--base-url: invalid URL"},
		{[]string{"--base-url", "ftp://h"}, "--base-url: invalid URL"},
	} {
		code, _, stderr := printed(t, newStore(t).api(), nil, append([]string{"http", "--addr", "127.0.0.1:0"}, c.args...)...)
		if code != ExitUsage || !strings.Contains(stderr, c.want) {
			t.Errorf("%v: got %d %s, want %q", c.args, code, stderr, c.want)
		}
	}
}
