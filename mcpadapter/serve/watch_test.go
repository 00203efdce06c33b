package serve

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// watched is a server over HTTP with its log and its audit log, which are JSON.
type watched struct {
	*store

	handler http.Handler
	metrics *Metrics
	log     *shared
	audit   string // the file
}

func newWatched(t *testing.T, f flags, environ ...string) watched {
	t.Helper()
	s := watched{
		store: newStore(t), metrics: NewMetrics(), log: &shared{}, audit: filepath.Join(t.TempDir(), "audit.jsonl"),
	}
	f.audit = s.audit
	p := newProgram(s.api(), Process{Stderr: s.log, Environ: environ})
	handler, err := p.httpHandler(f, listening{auth: authSettings{auth: authPassthrough}, opts: HTTPOptions{Metrics: s.metrics}}, p.logger(f))
	if err != nil {
		t.Fatal(err)
	}
	s.handler = handler
	return s
}

func (s watched) call(t *testing.T, body string, change func(*http.Request)) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	r := request(t, strings.NewReader(body))
	if change != nil {
		change(r)
	}
	s.handler.ServeHTTP(w, r)
	return w
}

// audited returns the audit log.
func (s watched) audited(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(s.audit)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// lines returns the lines of a log with a value of a member, decoded.
func lines(t *testing.T, text, member, value string) (list []map[string]any) {
	t.Helper()
	for line := range strings.Lines(text) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if m[member] == value {
			list = append(list, m)
		}
	}
	return list
}

// One line says who called what, how long it took and what came of it.
func TestTheLineOfARequest(t *testing.T) {
	const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	s := newWatched(t, flags{logFormat: logJSON})
	w := s.call(t, callBody(1, "teas.list", `{}`), func(r *http.Request) {
		r.Header.Set("X-Request-Id", "request-1")
		r.Header.Set("User-Agent", "client/1.0")
		r.Header.Set("Traceparent", parent)
		r.Header.Set("Tracestate", "a=b")
	})
	if got := w.Header().Get("X-Request-Id"); got != "request-1" {
		t.Errorf("got the request ID %q, want that of the request", got)
	}
	line := lines(t, s.log.String(), "msg", "mcp.request")[0]
	for name, want := range map[string]any{
		"mcp.method": "tools/call", "mcp.tool.name": "teas.list", "request_id": "request-1", "client": "client/1.0",
		"trace_id": "0af7651916cd43dd8448eb211c80319c", "outcome": "ok", "caller": hashed("k"), "level": "INFO",
		"upstream.attempts": 1.0, "upstream.status": 200.0, "upstream.bytes": 10.0, "response.bytes": float64(w.Body.Len()),
	} {
		if line[name] != want {
			t.Errorf("%s: got %v, want %v", name, line[name], want)
		}
	}
	if taken, ok := line["duration_s"].(float64); !ok || taken <= 0 {
		t.Errorf("got the duration %v", line["duration_s"])
	}
	if got := s.last().Get("Traceparent") + " " + s.last().Get("Tracestate"); got != parent+" a=b" {
		t.Errorf("got %q upstream, want the trace to go on", got)
	}
	s.call(t, callBody(1, "teas.list", `{"x":1}`), func(r *http.Request) { r.Header.Set("X-Request-Id", "a b") })
	s.call(t, callBody(1, "teas.list", `{"a":1,"a":2}`), nil)
	all := lines(t, s.log.String(), "msg", "mcp.request")
	if len(all) != 3 || all[1]["outcome"] != "error_result" || all[1]["upstream.attempts"] != nil ||
		all[2]["outcome"] != "refused" || all[2]["reason"] != "duplicate" {
		t.Fatalf("got %v, want a failure and a refusal", all)
	}
	if first, second := all[1]["request_id"], all[2]["request_id"]; first == "a b" || first == "" || first == second {
		t.Errorf("got the request IDs %v and %v, want new ones", first, second)
	}
}

// A trace goes on from _meta as well, over both paths, and nothing else passes for one.
func TestTracesOfMeta(t *testing.T) {
	const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	call := func(meta string) string {
		return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"teas.list","arguments":{},"_meta":` + meta + `}}`
	}
	s := newWatched(t, flags{logFormat: logJSON})
	for _, c := range []struct{ meta, want string }{
		{`{"traceparent":"` + parent + `"}`, parent},
		{`{"traceparent":"` + parent + `","progressToken":7}`, parent},
		{`{"traceparent":"` + parent + `\n"}`, ""},
		{`{"traceparent":"` + parent + `x"}`, ""},
		{`{"traceparent":7}`, ""},
		{`{"tracestate":"a=b"}`, ""},
	} {
		s.call(t, call(c.meta), nil)
		if got := s.last().Get("Traceparent"); got != c.want || s.last().Get("Tracestate") != "" {
			t.Errorf("%s: got %q upstream, want %q", c.meta, got, c.want)
		}
	}
}

func TestTheMetricsOfCalls(t *testing.T) {
	s := newWatched(t, flags{})
	s.call(t, callBody(1, "teas.list", `{}`), nil)
	s.call(t, callBody(1, "teas.list", `{"x":1}`), nil)
	s.call(t, callBody(1, "teas.delete", `{"tea_id":"1"}`), nil)
	s.call(t, `{"jsonrpc":"2.0","id":1,"method":"made/up"}`, nil)
	s.call(t, `{"a":1,"a":2}`, nil)
	w := httptest.NewRecorder()
	s.metrics.ServeHTTP(w, nil)
	for name, want := range map[string]float64{
		`mcp_requests_total{method="tools/call",outcome="ok"}`:                     1,
		`mcp_requests_total{method="tools/call",outcome="error_result"}`:           2,
		`mcp_requests_total{method="other",outcome="error"}`:                       1,
		`mcp_tool_calls_total{tool="teas.list",outcome="ok"}`:                      1,
		`mcp_tool_calls_total{tool="teas.list",outcome="invalid_arguments"}`:       1,
		`mcp_tool_calls_total{tool="teas.delete",outcome="confirmation_required"}`: 1,
		`mcp_upstream_requests_total{status="2xx"}`:                                float64(s.requests.Load()),
		`mcp_upstream_duration_seconds_count`:                                      float64(s.requests.Load()),
		`mcp_request_duration_seconds_bucket{method="tools/call",le="+Inf"}`:       3,
		`mcp_refusals_total{reason="duplicate"}`:                                   1,
		`mcp_requests_in_flight`:                                                   0,
		`mcp_requests_waiting`:                                                     0,
		`mcp_request_bytes_held`:                                                   0,
	} {
		if got := metricValue(t, w.Body.String(), name); got != want {
			t.Errorf("%s: got %g, want %g", name, got, want)
		}
	}
	if !strings.Contains(w.Body.String(), "process_resident_memory_bytes ") {
		t.Error("got no metrics of the process")
	}
	if strings.Contains(w.Body.String(), "made/up") {
		t.Error("a client can add metrics")
	}
}

// The audit says of each call that changes something who made it, what for, and what came of it.
func TestTheAuditOfWrites(t *testing.T) {
	s := newWatched(t, flags{logFormat: logJSON}, "SHOP_MCP_CONFIRM_KEY="+strings.Repeat("k", 32))
	s.call(t, callBody(1, "teas.list", `{}`), nil)
	s.call(t, callBody(1, "teas.create", `{"name":"Sencha","stock":1}`), nil)
	first := s.call(t, callBody(1, "teas.delete", `{"tea_id":"tea_1"}`), nil)
	_, token, _ := strings.Cut(first.Body.String(), `"token":"`)
	token, _, _ = strings.Cut(token, `"`)
	s.call(t, callBody(1, "teas.delete", `{"tea_id":"tea_1","confirmation":"`+token+`"}`), func(r *http.Request) {
		r.Header.Set("X-Request-Id", "request-4")
	})
	got := lines(t, s.audited(t), "event", "call")
	if len(got) != 3 {
		t.Fatalf("got %v, want three calls that change something", got)
	}
	create, asked, deleted := got[0], got[1], got[2]
	if create["tool"] != "teas.create" || create["caller"] != hashed("k") || create["confirmed"] != false {
		t.Errorf("got %v", create)
	}
	if asked["outcome"] != "confirmation_required" || asked["sent"] != false || asked["confirmed"] != false {
		t.Errorf("got %v, want a call that was not sent", asked)
	}
	target, _ := deleted["target"].(map[string]any)
	risks, _ := deleted["risks"].([]any)
	if deleted["outcome"] != "ok" || deleted["sent"] != true || deleted["confirmed"] != true || target["tea_id"] != "tea_1" ||
		deleted["request_id"] != "request-4" || !slices.Contains(risks, any("destroys")) {
		t.Errorf("got %v, want the deletion", deleted)
	}
	if text := s.audited(t); strings.Contains(text, "Sencha") || strings.Contains(text, token) || !strings.Contains(text, `"hmac:`) {
		t.Errorf("got %s, want the arguments hashed", text)
	}
}

func TestAnAuditThatCannotBeOpened(t *testing.T) {
	p := newProgram(newStore(t).api(), Process{Stderr: io.Discard})
	_, err := p.shellAdapter(flags{audit: filepath.Join(t.TempDir(), "no", "directory")})
	if ExitCode(err) != ExitUsage || !strings.HasPrefix(err.Error(), "--audit-log: open ") {
		t.Errorf("got %v, want a usage error", err)
	}
}

// failingWriter writes nothing.
type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

// A line of the audit that is lost is reported, and counted.
func TestAnAuditThatFailsIsReported(t *testing.T) {
	var log shared
	m := NewMetrics()
	s := newStore(t)
	p := newProgram(s.api(), Process{Stderr: &log})
	a, err := p.openAudit("stderr", auditFailure(p.logger(flags{}), m))
	if err != nil {
		t.Fatal(err)
	}
	a.out = failingWriter{}
	adapter, err := p.shellAdapter(flags{})
	if err != nil {
		t.Fatal(err)
	}
	tool, err := adapter.Tool("teas.create")
	if err != nil {
		t.Fatal(err)
	}
	observer{metrics: m, audit: a}.call(t.Context(), mcpadapter.Observation{Tool: tool})
	var text bytes.Buffer
	m.write(&text)
	if n := metricValue(t, text.String(), "mcp_audit_failures_total"); n != 1 || !strings.Contains(log.String(), "write the audit log") {
		t.Errorf("got %g and %s, want the failure", n, &log)
	}
}
