package mcpgo_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	mcpclient "github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"
	mcpserver "github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
)

func ownHandler(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	return mcp.NewToolResultText("own"), nil
}

// servedByStyle is a server whose clients are told names by StyleFor, with tools of its own.
func servedByStyle(tb testing.TB, a *mcpadapter.Adapter, own ...string) *mcpserver.MCPServer {
	tb.Helper()
	hooks := &mcpserver.Hooks{}
	mcpgo.AddHooks(hooks, a, mcpadapter.StyleFor)
	s := mcpserver.NewMCPServer("shop", "1", mcpserver.WithHooks(hooks), mcpserver.WithToolCapabilities(false))
	for _, name := range own {
		s.AddTool(mcp.NewTool(name), ownHandler)
	}
	if err := mcpgo.Register(s, a); err != nil {
		tb.Fatal(err)
	}
	return s
}

func connectAs(tb testing.TB, s *mcpserver.MCPServer, name string) *mcpclient.Client {
	tb.Helper()
	c, err := mcpclient.NewInProcessClient(s)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = c.Close() })
	if err := c.Start(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	request := mcp.InitializeRequest{Params: mcp.InitializeParams{ClientInfo: mcp.Implementation{Name: name}}}
	if _, err := c.Initialize(tb.Context(), request); err != nil {
		tb.Fatal(err)
	}
	return c
}

func listedNames(tb testing.TB, c *mcpclient.Client) []string {
	tb.Helper()
	list, err := c.ListTools(tb.Context(), mcp.ListToolsRequest{})
	if err != nil {
		tb.Fatal(err)
	}
	var names []string
	for _, tool := range list.Tools {
		names = append(names, tool.Name)
	}
	return names
}

func TestEachClientIsToldNamesThatItTakes(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil)
	s := servedByStyle(t, a)
	for client, want := range map[string]string{
		"claude-ai": "teas_list", "cursor-vscode": "teas_list", "mcp-inspector": "teas.list", "unheard-of": "teas_list",
	} {
		names := listedNames(t, connectAs(t, s, client))
		if len(names) != len(a.Tools()) || !slices.Contains(names, want) {
			t.Errorf("%s: got %v, want %s among them", client, names, want)
		}
		if dots := strings.Contains(strings.Join(names, ""), "."); dots != (want == "teas.list") {
			t.Errorf("%s: got %v", client, names)
		}
	}
}

func TestACallMayUseAnyStyle(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", `{"data":[]}`))
	s := servedByStyle(t, a)
	for _, client := range []string{"claude-ai", "mcp-inspector"} {
		c := connectAs(t, s, client)
		for _, name := range []string{"teas.list", "teas_list"} {
			if r := call(t, c, name, nil); r.IsError || len(wire.Seen()) != 1 {
				t.Errorf("%s by %s: got %s", name, client, textOf(t, r))
			}
		}
		_, err := c.CallTool(t.Context(), mcp.CallToolRequest{Params: mcp.CallToolParams{Name: "teas-list"}})
		if err == nil || !strings.Contains(err.Error(), "teas-list") {
			t.Errorf("got %v, want a refusal of the name as it was sent", err)
		}
	}
}

func TestToolsOfTheEmbedderKeepTheirNames(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	c := connectAs(t, servedByStyle(t, a, "own.tool", "teas_list"), "claude-ai")
	names := listedNames(t, c)
	for _, want := range []string{"own.tool", "teas_list", "teas.list", "teas_create"} {
		if !slices.Contains(names, want) {
			t.Errorf("got %v, want %s among them", names, want)
		}
	}
	if got := textOf(t, call(t, c, "teas_list", nil)); got != "own" || len(wire.Seen()) != 0 {
		t.Errorf("got %s, want the embedder's tool", got)
	}
	call(t, c, "teas.list", nil)
	if len(wire.Seen()) != 1 {
		t.Error("teas.list did not reach the adapter's tool")
	}
}

// Without sessions a client is known by what comes with the request itself.
func TestClientsAreKnownWithoutSessions(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil)
	s := httptest.NewServer(mcpserver.NewStreamableHTTPServer(servedByStyle(t, a), mcpserver.WithStateLess(true)))
	t.Cleanup(s.Close)
	const revision = "2026-07-28"
	for _, c := range []struct{ name, userAgent, info, want string }{
		{"User-Agent", "Claude-User", "", "teas_list"},
		{"another User-Agent", "curl/8", "", "teas_list"},
		{"a User-Agent that takes dots", "mcporter/0.9", "", "teas.list"},
		{"clientInfo of the request", "curl/8", "claude-ai", "teas_list"},
		{"clientInfo before the User-Agent", "Claude-User", "mcp-inspector", "teas.list"},
	} {
		body := `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
		if c.info != "" {
			body = `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{` +
				`"io.modelcontextprotocol/protocolVersion":"` + revision + `",` +
				`"io.modelcontextprotocol/clientInfo":{"name":"` + c.info + `","version":"1"},` +
				`"io.modelcontextprotocol/clientCapabilities":{}}}}`
		}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Accept", "application/json, text/event-stream")
		req.Header.Set("User-Agent", c.userAgent)
		if c.info != "" {
			req.Header.Set("Mcp-Protocol-Version", revision)
			req.Header.Set("Mcp-Method", "tools/list")
		}
		resp, err := s.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		if !json.Valid(text) || !strings.Contains(string(text), `"name":"`+c.want+`"`) {
			t.Errorf("%s: got %d %.300s, want %s", c.name, resp.StatusCode, text, c.want)
		}
	}
}

// mcp-go rejects the call, with the nearest tools by the names that the client has.
func TestAnUnknownToolIsRejectedWithTheNearest(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	dynamic := mcpserver.NewMCPServer("test", "1", mcpserver.WithHooks(hooked(a)))
	if err := mcpgo.RegisterDynamic(dynamic, a); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		server             *mcpserver.MCPServer
		client, name, want string
	}{
		{servedByStyle(t, a), "inspector", "tea.list", "(did you mean teas.list?)"},
		{servedByStyle(t, a), "claude-ai", "tea.list", "(did you mean teas_list?)"},
		{servedByStyle(t, a), "claude-ai", "list_all_teas", "(did you mean teas_list"},
		{servedByStyle(t, a), "claude-ai", strings.Repeat("q", 1000), "q' not found"},
		{dynamic, "claude-ai", "teas.list", "(an operation: call it with call_read_operation)"},
		{dynamic, "claude-ai", "teas_delete", "(an operation: call it with call_destructive_operation)"},
	} {
		_, err := connectAs(t, c.server, c.client).CallTool(t.Context(),
			mcp.CallToolRequest{Params: mcp.CallToolParams{Name: c.name}})
		if err == nil || !strings.Contains(err.Error(), c.want) || len(wire.Seen()) > 0 {
			t.Errorf("%s by %s: got %v, want %s and nothing sent", c.name, c.client, err, c.want)
		}
	}
}

// hooked returns hooks of an adapter that name tools for each client.
func hooked(a *mcpadapter.Adapter) *mcpserver.Hooks {
	hooks := &mcpserver.Hooks{}
	mcpgo.AddHooks(hooks, a, mcpadapter.StyleFor)
	return hooks
}
