package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
)

// gate is the HTTP server, called without a network, with WorkOS behind it.
type gate struct {
	*upstream

	handler http.Handler
}

func newGate(t *testing.T, origins ...string) gate {
	t.Helper()
	g := gate{upstream: newUpstream(t, answer(acme))}
	env := map[string]string{"WORKOS_BASE_URL": g.URL}
	p := process{stderr: io.Discard, getenv: func(name string) string { return env[name] }}
	var err error
	if g.handler, err = p.httpHandler(parsed(t), origins, p.logger(flags{})); err != nil {
		t.Fatal(err)
	}
	return g
}

// call sends a call that reaches WorkOS wherever nothing refuses it.
func (g gate) call(t *testing.T, method string, body io.Reader, change func(*http.Request)) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, "http://127.0.0.1:8080"+mcpPath, body)
	local := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}
	r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, local))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	r.Header.Set("X-Bearer", "sk_test_1")
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	g.handler.ServeHTTP(w, r)
	return w
}

func getAcme() io.Reader { return strings.NewReader(callBody(1, "organizations.get", deletion)) }

func TestOriginAndFetchSiteAreEachChecked(t *testing.T) {
	const own = "http://127.0.0.1:8080"
	g := newGate(t, "https://first.example", "http://second.example:81", "https://last.example")
	for _, c := range []struct {
		site, origin string // "" for none
		allowed      bool
	}{
		{"", "", true},
		{"same-origin", "", true},
		{"none", "", true},
		{"same-site", "", false},
		{"cross-site", "", false},
		{"Same-Origin", "", false},
		{"", own, true},
		{"", "http://127.0.0.1:8081", false},
		{"", "http://127.0.0.1", false},
		{"", "http://localhost:8080", false},
		{"", "null", false},
		{"", "https://evil.example", false},
		{"cross-site", own, false},
		{"same-origin", "https://evil.example", true}, // no page can set Sec-Fetch-Site
		{"none", "https://evil.example", true},

		{"", "https://first.example", true},
		{"", "http://second.example:81", true},
		{"", "https://last.example", true},
		{"cross-site", "https://first.example", true},
		{"cross-site", "http://second.example:81", true},
		{"same-site", "https://last.example", true},
		{"", "http://first.example", false},
		{"", "https://first.example:444", false},
		{"", "https://a.first.example", false},
		{"", "https://first.example.evil.example", false},
		{"", "http://second.example", false},
		{"cross-site", "https://last.exampl", false},
		{"cross-site", "https://first.example,https://last.example", false},
	} {
		what := fmt.Sprintf("Sec-Fetch-Site %q, Origin %q", c.site, c.origin)
		w := g.call(t, http.MethodPost, getAcme(), func(r *http.Request) {
			for name, value := range map[string]string{"Sec-Fetch-Site": c.site, "Origin": c.origin} {
				if value != "" {
					r.Header.Set(name, value)
				}
			}
		})
		want, sent := http.StatusForbidden, 0
		if c.allowed {
			want, sent = http.StatusOK, 1
		}
		if w.Code != want {
			t.Errorf("%s: got %d %.200s, want %d", what, w.Code, w.Body, want)
		}
		g.wantSent(t, what, sent)
		if got := w.Header().Get("Access-Control-Allow-Origin"); got != "" && got != c.origin {
			t.Errorf("%s: the response allows the origin %q", what, got)
		}
	}
}

func TestALoopbackServerHasALoopbackName(t *testing.T) {
	g := newGate(t)
	for host, want := range map[string]int{
		"127.0.0.1:8080": http.StatusOK, "127.0.0.1": http.StatusOK, "localhost": http.StatusOK,
		"localhost:8080": http.StatusOK, "[::1]:8080": http.StatusOK,
		"evil.example": http.StatusForbidden, "evil.example:8080": http.StatusForbidden,
		"localhost.evil.example": http.StatusForbidden, "127.0.0.1.evil.example": http.StatusForbidden,
		"10.0.0.1:8080": http.StatusForbidden,
	} {
		for _, origin := range []string{"", "http://" + host} { // a rebound page is of the same origin
			w := g.call(t, http.MethodPost, getAcme(), func(r *http.Request) {
				r.Host = host
				if origin != "" {
					r.Header.Set("Origin", origin)
				}
			})
			if w.Code != want {
				t.Errorf("host %s, origin %q: got %d %.200s, want %d", host, origin, w.Code, w.Body, want)
			}
			g.wantSent(t, host, map[int]int{http.StatusOK: 1}[want])
		}
	}
	w := g.call(t, http.MethodPost, getAcme(), func(r *http.Request) {
		public := &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 8080}
		*r = *r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, public))
		r.Host = "mcp.example.com"
	})
	if g.wantSent(t, "a public address", 1); w.Code != http.StatusOK {
		t.Errorf("a public address: got %d %.200s, want 200", w.Code, w.Body)
	}
}

// onlyReader hides how long a body is.
type onlyReader struct{ io.Reader }

func TestABodyIsBounded(t *testing.T) {
	g := newGate(t)
	call := callBody(1, "organizations.get", deletion)
	for size, want := range map[int]int{
		4<<20 - 1: http.StatusOK, 4 << 20: http.StatusOK, 4<<20 + 1: http.StatusRequestEntityTooLarge,
	} {
		text := call + strings.Repeat(" ", size-len(call))
		for what, body := range map[string]io.Reader{
			"with a length": strings.NewReader(text), "in chunks": onlyReader{strings.NewReader(text)},
		} {
			w := g.call(t, http.MethodPost, body, nil)
			if w.Code != want {
				t.Errorf("%d bytes %s: got %d %.200s, want %d", size, what, w.Code, w.Body, want)
			}
			if w.Code != http.StatusOK && w.Body.String() != "the request has more than 4194304 bytes\n" {
				t.Errorf("%d bytes %s: got %q", size, what, w.Body)
			}
			g.wantSent(t, what, map[int]int{http.StatusOK: 1}[want])
		}
	}
}

func TestABodyThatBreaksOffIsRefused(t *testing.T) {
	g := newGate(t)
	w := g.call(t, http.MethodPost, io.MultiReader(getAcme(), iotest.ErrReader(errors.New("reset"))), nil)
	if w.Code != http.StatusBadRequest || w.Body.String() != "the request could not be read\n" {
		t.Errorf("got %d %q, want 400", w.Code, w.Body)
	}
	g.wantSent(t, "a body that breaks off", 0)
}

func TestOnlyCancellationsAreSwallowed(t *testing.T) {
	var passed []string
	handler, err := guard(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		passed = append(passed, string(body))
	}), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		body   string
		passes bool
	}{
		{`{"method":"notifications/cancelled","params":{"requestId":1}}`, false},
		{` { "params":{}, "method" : "notifications/cancelled" } `, false},
		{`{"id":1,"method":"notifications/cancelled"}`, false},
		{`{"method":"notifications/initialized"}`, true},
		{`{"method":"notifications/cancelled2"}`, true},
		{`{"params":{"method":"notifications/cancelled"}}`, true},
		{`{"method":"notifications/cancelled"`, true}, // no JSON, which the transport says
		{``, true},
		{callBody(1, "organizations.get", deletion), true},
	} {
		passed = nil
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, mcpPath, strings.NewReader(c.body)))
		if !c.passes {
			if w.Code != http.StatusAccepted || w.Body.Len() != 0 || passed != nil {
				t.Errorf("%s: got %d %q and %q passed, want 202 alone", c.body, w.Code, w.Body, passed)
			}
		} else if w.Code != http.StatusOK || len(passed) != 1 || passed[0] != c.body {
			t.Errorf("%s: got %d and %q passed, want it as it is", c.body, w.Code, passed)
		}
	}
}

func TestAnOriginThatIsNoneStopsTheStart(t *testing.T) {
	for _, origins := range [][]string{
		{"app.example.com"},
		{""},
		{"https://"},
		{"https://app.example.com/"},
		{"https://app.example.com?x"},
		{"*"},
		{"a b", "https://a.example", "https://b.example"},
		{"https://a.example", "b.example", "https://c.example"},
		{"https://a.example", "https://b.example", "c.example"},
	} {
		args := []string{"http", "--addr", "127.0.0.1:0"}
		for _, origin := range origins {
			args = append(args, "--allow-origin", origin)
		}
		o := executeStopped(t, nil, args...)
		if o.code != exitUsage || !strings.Contains(o.stderr, "workos-mcp: --allow-origin: invalid origin ") {
			t.Errorf("%q: got %d %s, want %d and the flag", origins, o.code, o.stderr, exitUsage)
		}
		next := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
		if handler, err := guard(next, origins); handler != nil || err == nil {
			t.Errorf("%q: got %v and %v, want an error alone", origins, handler, err)
		}
	}
}

func TestMethodsAndPathsOfTheServer(t *testing.T) {
	g := newGate(t)
	for _, c := range []struct {
		method, path string
		want         int
	}{
		{http.MethodGet, mcpPath, http.StatusMethodNotAllowed}, // no stream to listen to
		{http.MethodHead, mcpPath, http.StatusOK},
		{http.MethodPut, mcpPath, http.StatusNotFound},
		{http.MethodPatch, mcpPath, http.StatusNotFound},
		{http.MethodOptions, mcpPath, http.StatusNotFound},
		{http.MethodDelete, mcpPath, http.StatusOK}, // there is no session to end
		{http.MethodPost, "/", http.StatusNotFound},
		{http.MethodPost, "/mcp/", http.StatusNotFound},
		{http.MethodPost, "/mcp/x", http.StatusNotFound},
		{http.MethodPost, "/MCP", http.StatusNotFound},
		{http.MethodPost, "/healthz", http.StatusMethodNotAllowed},
		{http.MethodGet, "/healthz", http.StatusOK},
		{http.MethodHead, "/healthz", http.StatusOK},
	} {
		what := c.method + " " + c.path
		w := g.call(t, c.method, getAcme(), func(r *http.Request) { r.URL.Path = c.path })
		if w.Code != c.want {
			t.Errorf("%s: got %d %.200s, want %d", what, w.Code, w.Body, c.want)
		}
		g.wantSent(t, what, 0)
		if what == "GET /healthz" {
			if kind := w.Header().Get("Content-Type"); kind != "text/plain; charset=utf-8" || w.Body.String() != "ok\n" {
				t.Errorf("%s: got %q %q, want ok as plain text", what, kind, w.Body)
			}
		}
	}
	for _, kind := range []string{"", "text/plain", "application/x-www-form-urlencoded", "application/jsonx"} {
		w := g.call(t, http.MethodPost, getAcme(), func(r *http.Request) { r.Header.Set("Content-Type", kind) })
		if w.Code != http.StatusBadRequest {
			t.Errorf("the type %q: got %d %.200s, want 400", kind, w.Code, w.Body)
		}
		g.wantSent(t, kind, 0)
	}
}
