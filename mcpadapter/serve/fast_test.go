package serve

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"
)

// fastOf returns the fast path of a server of the shop.
func fastOf(t *testing.T, f flags) *fastPath {
	t.Helper()
	p := newProgram(newStore(t).api(), Process{Stderr: io.Discard})
	adapter, err := p.shellAdapter(f)
	if err != nil {
		t.Fatal(err)
	}
	s, err := p.newServer(f, adapter)
	if err != nil {
		t.Fatal(err)
	}
	return newFastPath(s, adapter, f)
}

// The usual requests are responded to without mcp-go, and no other is, but for those with wrong params.
func TestWhichRequestsAreUsual(t *testing.T) {
	call := func(params string) string {
		return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":` + params + `}`
	}
	fast := fastOf(t, flags{})
	for message, want := range map[string]bool{
		call(`{"name":"teas.list","arguments":{}}`):                                                true,
		call(`{"name":"teas_list","arguments":{"limit":"5"}}`):                                     true,
		call(`{"name":"teas.list"}`):                                                               true,
		call(` { "_meta" : { "a/b" : 1 } , "name" : "teas.list" } `):                               true,
		call(`{"name":"teas.list","arguments":{"limit":1e3}}`):                                     false,
		call(`{"name":"teas.list","arguments":{"limit":` + strings.Repeat("1", 301) + `}}`):        false,
		call(`{"name":"teas.list","arguments":{"search":"1e3 ` + strings.Repeat("1", 301) + `"}}`): true,
		call(`{"name":"teas.list","_meta":{"progressToken":1}}`):                                   false,
		call(`{"name":"teas.list","_meta":{"progress\u0054oken":1}}`):                              false,
		call(`{"name":"teas.list","_meta":{"io.modelcontextprotocol/protocolVersion":"x"}}`):       false,
		call(`{"name":"teas.list","name":"teas.list"}`):                                            false,
		call(`{"name":"teas.list","more":1}`):                                                      false,
		call(`{"name":"no.tool"}`):                                                                 false,
		`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`:                                           true,
		`{"jsonrpc":"2.0","id":"x","method":"tools/list","params":{"_meta":{}}}`:                   true,
		`{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"dGVhcw=="}}`:            false,
		`{"jsonrpc":"2.0","id":1.5,"method":"tools/list"}`:                                         false,
		`{"jsonrpc":"2.0","id":null,"method":"tools/list"}`:                                        false,
		`{"jsonrpc":"2.0","method":"tools/list"}`:                                                  false,
		`{"jsonrpc":"2.1","id":1,"method":"tools/list"}`:                                           false,
		`{"id":1,"method":"tools/list"}`:                                                           false,
		`{"jsonrpc":"2.0","id":1,"method":"tools/list","result":{}}`:                               false,
		`{"jsonrpc":"2.0","id":1,"method":"ping"}`:                                                 false,
	} {
		m, _ := readEnvelope([]byte(message))
		l := newRequestLog()
		response := fast.respond(t.Context(), m, sender{}, l)
		if (response != nil) != want {
			t.Errorf("%s: got %.200s, want a response: %t", message, response, want)
		}
		if (l.outcome != outcomeError) != want {
			t.Errorf("%s: got the outcome %s", message, l.outcome)
		}
	}
}

// A client that can ask its person is asked by mcp-go, and only about what has to be confirmed.
func TestCallsThatMayBeConfirmed(t *testing.T) {
	fast := fastOf(t, flags{})
	forms := newStdioClient(io.Discard, func(int) {})
	forms.SetClientCapabilities(mcp.ClientCapabilities{Elicitation: &mcp.ElicitationCapability{}})
	for _, c := range []struct {
		client *stdioClient
		tool   string
		want   bool
	}{
		{newStdioClient(io.Discard, func(int) {}), "teas.delete", true},
		{forms, "teas.delete", false}, {forms, "teas.list", true}, {forms, "teas.create", true},
	} {
		m, _ := readEnvelope([]byte(callBody(1, c.tool, `{}`)))
		ctx := fast.server.WithContext(t.Context(), c.client)
		if got := fast.respond(ctx, m, sender{}, newRequestLog()); (got != nil) != c.want {
			t.Errorf("%s: got %.200s, want a response: %t", c.tool, got, c.want)
		}
	}
}

// In the dynamic mode only its own tools can be called.
func TestTheToolsOfTheDynamicMode(t *testing.T) {
	fast := fastOf(t, flags{mode: modeDynamic})
	for name, want := range map[string]bool{"teas.list": false, "teas_list": false, "search_operations": true} {
		m, _ := readEnvelope([]byte(callBody(1, name, `{"query":"teas"}`)))
		if got := fast.respond(t.Context(), m, sender{}, newRequestLog()); (got != nil) != want {
			t.Errorf("%s: got %.200s, want a response: %t", name, got, want)
		}
	}
}

// Over HTTP the request around a message has to be usual, too.
func TestWhichHTTPRequestsAreUsual(t *testing.T) {
	header := func(name, value string) func(r *http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	body := func(text string) func(r *http.Request) {
		return func(r *http.Request) { r.Body = io.NopCloser(strings.NewReader(text)) }
	}
	host := func(name string) func(r *http.Request) { return func(r *http.Request) { r.Host = name } }
	for name, c := range map[string]struct {
		change func(r *http.Request)
		want   bool
	}{
		"usual":           {func(*http.Request) {}, true},
		"a version":       {header("Mcp-Protocol-Version", "2025-06-18"), true},
		"a modern one":    {header("Mcp-Protocol-Version", "2026-07-28"), false},
		"an unknown one":  {header("Mcp-Protocol-Version", "1"), false},
		"a charset":       {header("Content-Type", "application/json; charset=utf-8"), false},
		"GET":             {func(r *http.Request) { r.Method = http.MethodGet }, false},
		"localhost":       {host("LOCALHOST:80"), true},
		"IPv6":            {host("[::1]:80"), true},
		"another host":    {host("example.com"), false},
		"a page":          {header("Origin", "https://a.example"), true},
		"no message":      {body("{"), false},
		"another message": {body(initialize), false},
	} {
		passed := false
		next := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { passed = true })
		handler := logged(fastOf(t, flags{}).handler(next), newProgram(API{}, Process{Stderr: io.Discard}).logger(flags{}), NewMetrics(), nil)
		r := request(t, strings.NewReader(callBody(1, "teas.list", `{}`)))
		c.change(r)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if passed == c.want || c.want != strings.Contains(w.Body.String(), `"structuredContent"`) {
			t.Errorf("%s: got passed on: %t, %d %.200s", name, passed, w.Code, w.Body)
		}
	}
}

// The one line that is logged about a request is written after its response, by both paths.
func TestRequestsAreLoggedAfterTheirResponse(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"a call": {callBody(1, "teas.list", `{}`), "mcp.method=tools/call mcp.tool.name=teas.list duration_s=D outcome=ok upstream.attempts=1 upstream.status=200 upstream.bytes=10"},
		"a failure": {
			callBody(1, "teas.list", `{"x":1}`), "mcp.method=tools/call mcp.tool.name=teas.list duration_s=D outcome=error_result",
		},
		"mcp-go's": {
			strings.Replace(callBody(1, "teas_list", `{"x":1}`), `"id"`, `"y":1,"id"`, 1),
			"mcp.method=tools/call mcp.tool.name=teas.list duration_s=D outcome=error_result",
		},
		"an error": {
			callBody(1, "no.tool", `{}`),
			`mcp.method=tools/call duration_s=D outcome=error error="tool not found"`,
		},
		"a list":            {listTools, "mcp.method=tools/list duration_s=D outcome=ok"},
		"a ping":            {`{"jsonrpc":"2.0","id":1,"method":"ping"}`, "mcp.method=ping duration_s=D outcome=ok"},
		"an unknown method": {`{"jsonrpc":"2.0","id":1,"method":"x"}`, `mcp.method=other duration_s=D outcome=error error="method not found"`},
	} {
		var both shared
		code := Run(t.Context(), newStore(t).api(), Process{Stdin: strings.NewReader(c.in), Stdout: &both, Stderr: &both})
		response, line, _ := strings.Cut(both.String(), "\n")
		if !strings.HasPrefix(response, `{"jsonrpc":"2.0","id":1,`) || code != ExitOK {
			t.Errorf("%s: got %d and %s first, want the response", name, code, response)
		}
		_, rest, _ := strings.Cut(line, "level=INFO msg=mcp.request ")
		var duration float64
		_, after, _ := strings.Cut(rest, "duration_s=")
		_, _ = fmt.Sscan(after, &duration)
		digits, _, _ := strings.Cut(after, " ")
		if got := strings.Replace(rest, "duration_s="+digits, "duration_s=D", 1); got != c.want+"\n" || duration <= 0 {
			t.Errorf("%s: got %q, want %q", name, line, c.want)
		}
	}
}
