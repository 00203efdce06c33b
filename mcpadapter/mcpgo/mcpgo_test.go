package mcpgo_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	mcpclient "github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"
	mcpserver "github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
)

func connect(tb testing.TB, s *mcpserver.MCPServer) *mcpclient.Client {
	tb.Helper()
	c, err := mcpclient.NewInProcessClient(s)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = c.Close() })
	if err := c.Start(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	if _, err := c.Initialize(tb.Context(), mcp.InitializeRequest{}); err != nil {
		tb.Fatal(err)
	}
	return c
}

func served(tb testing.TB, a *mcpadapter.Adapter) *mcpserver.MCPServer {
	tb.Helper()
	s := mcpserver.NewMCPServer("shop", "1")
	if err := mcpgo.Register(s, a); err != nil {
		tb.Fatal(err)
	}
	return s
}

func call(tb testing.TB, c *mcpclient.Client, name string, arguments any) *mcp.CallToolResult {
	tb.Helper()
	r, err := c.CallTool(tb.Context(), mcp.CallToolRequest{Params: mcp.CallToolParams{Name: name, Arguments: arguments}})
	if err != nil {
		tb.Fatalf("%s: %v", name, err)
	}
	return r
}

func textOf(tb testing.TB, r *mcp.CallToolResult) string {
	tb.Helper()
	if len(r.Content) != 1 {
		tb.Fatalf("got %d contents, want 1", len(r.Content))
	}
	text, ok := r.Content[0].(mcp.TextContent)
	if !ok {
		tb.Fatalf("got a %T, want text", r.Content[0])
	}
	return text.Text
}

func TestRegisteredToolsAreListed(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil)
	list, err := connect(t, served(t, a)).ListTools(t.Context(), mcp.ListToolsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := len(list.Tools), len(a.Tools()); got != want {
		t.Fatalf("got %d tools, want %d", got, want)
	}
	for _, listed := range list.Tools {
		want := shoptest.Tool(t, a, listed.Name)
		if listed.Title != want.Title() || listed.Description != want.Description() {
			t.Errorf("%s: got %q %q, want %q %q", listed.Name, listed.Title, listed.Description, want.Title(), want.Description())
		}
		hints := listed.Annotations
		got := mcpadapter.Annotations{
			ReadOnly: *hints.ReadOnlyHint, Destructive: *hints.DestructiveHint,
			Idempotent: *hints.IdempotentHint, OpenWorld: *hints.OpenWorldHint,
		}
		if got != want.Annotations() {
			t.Errorf("%s: got %+v, want %+v", listed.Name, got, want.Annotations())
		}
		if len(listed.InputSchema.Properties) == 0 || listed.InputSchema.Type != "object" {
			t.Errorf("%s: got %+v, want an object with properties", listed.Name, listed.InputSchema)
		}
	}
}

func TestToolsAreCalledOverMCP(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, shoptest.RespondWith(http.StatusCreated, "application/json",
		` { "id": "tea_1", "stock": 9007199254740993 }`))
	c := connect(t, served(t, a))
	r := call(t, c, "teas.create", json.RawMessage(`{"name":"n","stock":9007199254740993}`))
	const want = `{"id":"tea_1","stock":9007199254740993}`
	if r.IsError || textOf(t, r) != want || string(r.RawStructuredContent) != want {
		t.Errorf("got %v %s %s, want %s twice", r.IsError, textOf(t, r), r.RawStructuredContent, want)
	}
	if got := wire.Seen()[0].Body; got != `{"name":"n","stock":9007199254740993}` {
		t.Errorf("got %s, want the integer's digits", got)
	}
	if r := call(t, c, "teas.list", nil); r.IsError {
		t.Errorf("without arguments: got %s", textOf(t, r))
	}
	if got := wire.Seen()[0].URI; got != "/teas" {
		t.Errorf("got %s, want /teas", got)
	}
}

func TestFailuresAreToolErrorsOverMCP(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, shoptest.RespondWith(http.StatusNotFound, "application/json", `{"code":"no_tea","message":"Sold out."}`))
	c := connect(t, served(t, a))
	r := call(t, c, "getTea", map[string]any{"tea_id": "1"})
	if !r.IsError {
		t.Fatal("got an answer, want a tool error")
	}
	shoptest.WantParts(t, "text", textOf(t, r), "404 no_tea: Sold out.")
	shoptest.WantParts(t, "structured", string(r.RawStructuredContent), `{"error":{"status":404,"code":"no_tea"`)
	wire.Seen()

	r = call(t, c, "getTea", map[string]any{"tea_id": ".."})
	if !r.IsError || len(wire.Seen()) != 0 {
		t.Errorf("got %s, want a tool error before anything is sent", textOf(t, r))
	}
	shoptest.WantParts(t, "structured", string(r.RawStructuredContent), `"code":"invalid_arguments"`, `"argument":"tea_id"`)
}

// A handler may be called with arguments that were never JSON.
func TestArgumentsOfCallsWithinTheProcess(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	handler := served(t, a).GetTool("getTea").Handler
	for _, c := range []struct {
		arguments any
		refused   bool
	}{
		{map[string]any{"tea_id": "1"}, false},
		{nil, true},
		{[]string{"1"}, true},
		{map[string]any{"tea_id": func() {}}, true},
	} {
		r, err := handler(t.Context(), mcp.CallToolRequest{Params: mcp.CallToolParams{Arguments: c.arguments}})
		if err != nil || r.IsError != c.refused || len(wire.Seen()) == 1 == c.refused {
			t.Errorf("%T: got %+v (%v), want refused %v", c.arguments, r, err, c.refused)
		}
	}
}

func TestRegisterNeverReplacesATool(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil)
	s := mcpserver.NewMCPServer("embedder", "1")
	s.AddTool(mcp.NewTool("parcels.slip", mcp.WithDescription("own")), nil)
	err := mcpgo.Register(s, a)
	if err == nil || !strings.Contains(err.Error(), `has a tool "parcels.slip" already`) {
		t.Errorf("got %v, want a refusal that names the tool", err)
	}
	if got := len(s.ListTools()); got != 1 {
		t.Errorf("got %d tools, want the server as it was", got)
	}
	if got := s.GetTool("parcels.slip").Tool.Description; got != "own" {
		t.Errorf("got %q, want the embedder's own tool", got)
	}
	s = mcpserver.NewMCPServer("embedder", "1")
	s.AddTool(mcp.NewTool("own"), nil)
	if err := mcpgo.Register(s, a); err != nil {
		t.Fatal(err)
	}
	if got, want := len(s.ListTools()), len(a.Tools())+1; got != want {
		t.Errorf("got %d tools, want %d", got, want)
	}
	if err := mcpgo.Register(s, a); err == nil {
		t.Error("registering twice: got no error")
	}
}

func TestServersMayChooseAmongTheTools(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil)
	tools := a.Tools()
	s := mcpserver.NewMCPServer("embedder", "1")
	s.AddTools(mcpgo.ServerTool(tools[0]), mcpgo.ServerTool(tools[2]))
	if got := len(s.ListTools()); got != 2 || tools[2].Name() != "getTea" {
		t.Errorf("got %d tools, %q, want 2", got, tools[2].Name())
	}
}

func TestToolsAreSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", `{"id":"1"}`))
	c := connect(t, served(t, a))
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for j := range 10 {
				id := fmt.Sprintf("%d-%d", i, j)
				if r := call(t, c, "getTea", map[string]any{"tea_id": id}); r.IsError {
					t.Errorf("%s: got %s", id, textOf(t, r))
				}
				shoptest.Invoke(t, a, "menus.create", `{"title":"a","entries":[{"title":"b"}]}`)
				shoptest.Invoke(t, a, "payments.create", `{"by":"card","amount":1,"pin":2}`)
			}
		})
	}
	group.Wait()
	paths := map[string]bool{}
	for _, r := range wire.Seen() {
		paths[r.URI] = true
	}
	if len(paths) != 81 {
		t.Errorf("got %d paths, want 80 teas and the menus", len(paths))
	}
}
