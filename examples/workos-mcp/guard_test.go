package main

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// gate is the HTTP server with WorkOS behind it.
type gate struct {
	*upstream

	url string
}

func newGate(t *testing.T, args ...string) gate {
	t.Helper()
	g := gate{upstream: newUpstream(t, answer(acme))}
	g.url, _ = startHTTP(t, map[string]string{"WORKOS_BASE_URL": g.URL}, args...)
	return g
}

// call sends a call that reaches WorkOS wherever nothing refuses it.
func (g gate) call(t *testing.T, method string, body io.Reader, change func(*http.Request)) *httptest.ResponseRecorder {
	t.Helper()
	r, err := http.NewRequestWithContext(bounded(t), method, g.url+mcpPath, body)
	if err != nil {
		t.Fatal(err)
	}
	r.Host = "127.0.0.1:8080"
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	r.Header.Set("X-Bearer", "sk_test_1")
	if change != nil {
		change(r)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	w := httptest.NewRecorder()
	w.Code = response.StatusCode
	maps.Copy(w.Header(), response.Header)
	if _, err := io.Copy(w.Body, response.Body); err != nil {
		t.Fatal(err)
	}
	return w
}

// origins are the flags that allow them.
func origins(list ...string) (args []string) {
	for _, origin := range list {
		args = append(args, "--allow-origin", origin)
	}
	return args
}

func getAcme() io.Reader { return strings.NewReader(callBody(1, "organizations.get", deletion)) }

func TestOriginAndFetchSiteAreEachChecked(t *testing.T) {
	const own = "http://127.0.0.1:8080"
	g := newGate(t, origins("https://first.example", "http://second.example:81", "https://last.example")...)
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
}

// onlyReader hides how long a body is.
type onlyReader struct{ io.Reader }

func TestABodyIsBounded(t *testing.T) {
	g := newGate(t)
	call := callBody(1, "organizations.get", deletion)
	for size, want := range map[int]int{
		256<<10 - 1: http.StatusOK, 256 << 10: http.StatusOK, 256<<10 + 1: http.StatusRequestEntityTooLarge,
	} {
		text := call + strings.Repeat(" ", size-len(call))
		for what, body := range map[string]io.Reader{
			"with a length": strings.NewReader(text), "in chunks": onlyReader{strings.NewReader(text)},
		} {
			w := g.call(t, http.MethodPost, body, nil)
			if w.Code != want {
				t.Errorf("%d bytes %s: got %d %.200s, want %d", size, what, w.Code, w.Body, want)
			}
			if w.Code != http.StatusOK && !strings.Contains(w.Body.String(), `"the request has more than 262144 bytes"`) {
				t.Errorf("%d bytes %s: got %q", size, what, w.Body)
			}
			g.wantSent(t, what, map[int]int{http.StatusOK: 1}[want])
		}
	}
}

func TestAnOriginThatIsNoneStopsTheStart(t *testing.T) {
	for _, list := range [][]string{
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
		o := executeStopped(t, nil, append([]string{"http", "--addr", "127.0.0.1:0"}, origins(list...)...)...)
		if o.code != exitUsage || !strings.Contains(o.stderr, "workos-mcp: --allow-origin: invalid origin ") {
			t.Errorf("%q: got %d %s, want %d and the flag", list, o.code, o.stderr, exitUsage)
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
		{http.MethodPut, mcpPath, http.StatusMethodNotAllowed},
		{http.MethodPatch, mcpPath, http.StatusMethodNotAllowed},
		{http.MethodOptions, mcpPath, http.StatusMethodNotAllowed},
		{http.MethodDelete, mcpPath, http.StatusOK}, // there is no session to end
		{http.MethodPost, "/", http.StatusNotFound}, // a URL without the path; the page is for GET
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
		if where := "MCP is at http://127.0.0.1:8080/mcp"; w.Code == http.StatusNotFound && !strings.Contains(w.Body.String(), where) {
			t.Errorf("%s: got %s, want where MCP is", what, w.Body)
		}
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
