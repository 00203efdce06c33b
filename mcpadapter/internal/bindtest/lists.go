package bindtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// listed is a tool of a list.
type listed struct {
	Name         string          `json:"name"`
	Description  string          `json:"description"`
	InputSchema  json.RawMessage `json:"inputSchema"`
	OutputSchema json.RawMessage `json:"outputSchema"`
}

// list returns the tools as the client gets them.
func (c *client) list(tb testing.TB) []listed {
	tb.Helper()
	text, failure := c.request(tb, "tools/list", map[string]any{})
	if failure != nil {
		tb.Fatalf("tools/list: %v", *failure)
	}
	var result struct {
		Tools []listed `json:"tools"`
	}
	if err := json.Unmarshal(text, &result); err != nil {
		tb.Fatal(err)
	}
	return result.Tools
}

// names returns the names of the tools as the client gets them.
func (c *client) names(tb testing.TB) []string {
	tb.Helper()
	tools := c.list(tb)
	names := make([]string, 0, len(tools))
	for _, tool := range tools {
		names = append(names, tool.Name)
	}
	return names
}

// testSchemas compares schemas byte for byte, but for the escapes of HTML.
func testSchemas(t *testing.T, b Binding) {
	t.Helper()
	t.Parallel()
	a := shoptest.NewWithOutput(t, shoptest.Responding(http.StatusOK, strings.NewReader(`{}`)))
	tools := (&client{url: serve(t, b, a, Setup{})}).connect(t).list(t)
	if len(tools) != len(a.Tools()) {
		t.Errorf("got %d tools, want %d", len(tools), len(a.Tools()))
	}
	for _, tool := range tools {
		want := shoptest.Tool(t, a, tool.Name)
		for got, want := range map[*json.RawMessage]json.RawMessage{
			&tool.InputSchema: want.InputSchema(), &tool.OutputSchema: want.OutputSchema(),
		} {
			var escaped bytes.Buffer
			json.HTMLEscape(&escaped, want)
			if !bytes.Equal(*got, want) && !bytes.Equal(*got, escaped.Bytes()) {
				t.Errorf("%s: got %s, want %s", tool.Name, *got, want)
			}
		}
	}
}

func testRegistration(t *testing.T, b Binding) {
	t.Helper()
	t.Parallel()
	whole, _ := shoptest.New(t, nil)
	a, _ := shoptest.New(t, nil, mcpadapter.WithFilter(mcpadapter.Filter{ReadOnly: true}))
	for mode, tools := range map[Mode][]mcpadapter.Tool{
		Register: a.Tools(), RegisterAll: whole.Tools(), RegisterDynamic: whole.DynamicTools(),
		RegisterPrograms: whole.ProgramTools(engine{}),
	} {
		want := make([]string, 0, len(tools)+1)
		for _, tool := range tools {
			want = append(want, tool.Name())
		}
		first, last := want[0], want[len(want)-1]
		want = append(want, "own")
		slices.Sort(want)
		setup := Setup{Mode: mode, Engine: engine{}, Own: []string{"own"}}
		c := (&client{url: serve(t, b, a, setup)}).connect(t)
		if got := c.names(t); !slices.Equal(got, want) {
			t.Errorf("mode %d: got %v, want %v", mode, got, want)
		}
		for _, taken := range []string{first, last} {
			setup.Own = []string{taken}
			handler, err := b(t, a, setup)
			want := fmt.Sprintf("workos/mcpadapter: the server has a tool %q already", taken)
			if err == nil || err.Error() != want {
				t.Errorf("mode %d beside %s: got %v, want %s", mode, taken, err, want)
			}
			if handler == nil {
				t.Fatalf("mode %d beside %s: got no handler, want the server as it was", mode, taken)
			}
			listener := httptest.NewServer(handler)
			t.Cleanup(listener.Close)
			c := (&client{url: listener.URL}).connect(t)
			if got := c.names(t); len(got) != 1 || c.call(t, taken, `{}`).text() != "own" {
				t.Errorf("mode %d beside %s: got %v, want the server as it was", mode, taken, got)
			}
		}
	}
}

func testNames(t *testing.T, b Binding) {
	t.Helper()
	t.Parallel()
	a, wire := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", `{"data":[]}`))
	url := serve(t, b, a, Setup{Named: true, Own: []string{"own.tool", "getTea_", "teas_create"}})
	for name, want := range map[string]string{
		"claude-ai": "teas_list", "cursor-vscode": "teas_list", "mcp-inspector": "teas.list", "unheard-of": "teas_list",
	} {
		c := (&client{url: url, name: name}).connect(t)
		names := c.names(t)
		for _, want := range []string{want, "own.tool", "teas.create", "teas_create"} { // two of one name keep theirs
			if !slices.Contains(names, want) || len(names) != len(a.Tools())+3 {
				t.Errorf("%s: got %v, want %s among them", name, names, want)
			}
		}
		for _, spelled := range []string{"teas.list", "teas_list"} {
			if r := c.call(t, spelled, `{}`); r.IsError || len(wire.Seen()) != 1 {
				t.Errorf("%s by %s: got %s", spelled, name, r.text())
			}
		}
		if got := c.call(t, "teas_create", `{}`).text(); got != "own" || len(wire.Seen()) != 0 {
			t.Errorf("%s: got %s, want the embedder's tool", name, got)
		}
	}
	dynamic := serve(t, b, a, Setup{Mode: RegisterDynamic, Named: true})
	for _, c := range []struct{ url, client, tool, want string }{
		{url, "inspector", "tea.list", "(did you mean teas.list"},
		{url, "claude-ai", "tea.list", "(did you mean teas_list"},
		{dynamic, "claude-ai", "teas.list", "(an operation: call it with call_read_operation)"},
		{dynamic, "claude-ai", "teas_delete", "(an operation: call it with call_destructive_operation)"},
	} {
		session := (&client{url: c.url, name: c.client}).connect(t)
		_, failure := session.request(t, "tools/call", map[string]any{"name": c.tool})
		if failure == nil || !strings.Contains(failure.Message, c.want) || len(wire.Seen()) != 0 {
			t.Errorf("%s by %s: got %+v, want %s and nothing sent", c.tool, c.client, failure, c.want)
		}
	}
	none := serve(t, b, a, Setup{Named: true, Stateless: true})
	for _, c := range []struct {
		client client
		want   string
	}{
		{client{userAgent: "Claude-User"}, "teas_list"},
		{client{userAgent: "mcporter/0.9"}, "teas.list"},
		{client{revision: withoutSessions, capabilities: `{}`, name: "mcp-inspector", userAgent: "curl/8"}, "teas.list"},
		{client{revision: withoutSessions, capabilities: `{}`, name: "claude-ai", userAgent: "mcporter/0.9"}, "teas_list"},
	} {
		session := &client{
			url: none, revision: c.client.revision, capabilities: c.client.capabilities, name: c.client.name,
			userAgent: c.client.userAgent,
		}
		if got := session.names(t); !slices.Contains(got, c.want) {
			t.Errorf("%s %s: got %v, want %s", session.name, session.userAgent, got, c.want)
		}
	}
}

// testFilters narrows a request by its headers.
func testFilters(t *testing.T, b Binding) {
	t.Helper()
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	narrow := func(ctx context.Context, header http.Header) context.Context {
		if header.Get("Test-Read-Only") != "" {
			if narrowed, err := a.Narrow(ctx, mcpadapter.Filter{ReadOnly: true}); err == nil {
				ctx = narrowed
			}
		}
		if header.Get("Test-Confirm") != "" {
			ctx = mcpadapter.RequireConfirmation(ctx, mcpadapter.ConfirmRisky)
		}
		return ctx
	}
	with := func(url, name string) *client {
		return (&client{url: url, name: "inspector", header: http.Header{name: {"1"}}}).connect(t)
	}
	direct := serve(t, b, a, Setup{Mode: RegisterAll, Named: true, Context: narrow})
	reads := with(direct, "Test-Read-Only")
	if got := reads.names(t); slices.Contains(got, "teas.delete") || !slices.Contains(got, "teas.list") {
		t.Errorf("got %v, want what reads", got)
	}
	r := reads.call(t, "teas.delete", deletion)
	shoptest.WantParts(t, "call", r.text(), "filtered", "teas.delete")
	shoptest.WantNothingSent(t, wire, "a filtered call")
	if got := with(direct, "Test-Other").names(t); len(got) != len(a.Tools()) {
		t.Errorf("got %d tools, want those of another request whole", len(got))
	}
	confirmed := with(direct, "Test-Confirm")
	for _, tool := range confirmed.list(t) {
		got := strings.Contains(string(tool.InputSchema), "Token from a first call")
		if want := tool.Name == "teas.delete"; want && !got {
			t.Errorf("%s: got %s, want the argument for the token", tool.Name, tool.InputSchema)
		}
	}
	confirmed.call(t, "teas.delete", deletion).pending(t)
	wantNothingChanged(t, wire, "a call to confirm")

	dynamic := serve(t, b, a, Setup{Mode: RegisterDynamic, Named: true, Context: narrow})
	reads = with(dynamic, "Test-Read-Only")
	got := reads.names(t)
	if slices.Contains(got, "call_write_operation") || !slices.Contains(got, "call_read_operation") {
		t.Errorf("got %v, want no tool that writes", got)
	}
	catalogue, _ := reads.request(t, "resources/read", map[string]any{"uri": a.CatalogueURI()})
	if text := string(catalogue); strings.Contains(text, "tastings") || !strings.Contains(text, "teas: list(read)") {
		t.Errorf("got %s, want the catalogue of what reads", text)
	}
	r = reads.call(t, "call_destructive_operation", string(shoptest.CallOf("teas.delete", json.RawMessage(deletion))))
	shoptest.WantParts(t, "dynamic call", r.text(), "teas.delete is filtered")
	shoptest.WantNothingSent(t, wire, "a filtered dynamic call")
}
