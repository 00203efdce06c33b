package mcpgo_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"
	mcpserver "github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
)

func servedDynamic(tb testing.TB, a *mcpadapter.Adapter) *mcpserver.MCPServer {
	tb.Helper()
	hooks := &mcpserver.Hooks{}
	mcpgo.AddHooks(hooks, a, mcpadapter.StyleFor)
	s := mcpserver.NewMCPServer("shop", "1", mcpserver.WithHooks(hooks), mcpserver.WithElicitation())
	if err := mcpgo.RegisterDynamic(s, a); err != nil {
		tb.Fatal(err)
	}
	return s
}

func TestTheDynamicModeIsServed(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", `{"data":[]}`))
	c := connect(t, servedDynamic(t, a))
	list, err := c.ListTools(t.Context(), mcp.ListToolsRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if len(list.Tools) != 5 {
		t.Errorf("got %d tools, want 5", len(list.Tools))
	}
	for _, listed := range list.Tools {
		want := shoptest.DynamicTool(t, a, listed.Name)
		h := listed.Annotations
		got := mcpadapter.Annotations{
			ReadOnly: *h.ReadOnlyHint, Destructive: *h.DestructiveHint,
			Idempotent: *h.IdempotentHint, OpenWorld: *h.OpenWorldHint,
		}
		if got != want.Annotations() || listed.Description != want.Description() || listed.Title != want.Title() {
			t.Errorf("%s: got %+v %q, want %+v %q", listed.Name, got, listed.Description, want.Annotations(), want.Description())
		}
	}
	r := call(t, c, "call_read_operation", json.RawMessage(`{"operation":"teas.list","arguments":{"limit":"5"}}`))
	if r.IsError || textOf(t, r) != `{"data":[]}` {
		t.Errorf("got %s, want the answer", textOf(t, r))
	}
	if got := fmt.Sprint(r.Meta.AdditionalFields[mcpadapter.MetaRepaired]); got != "[limit]" {
		t.Errorf("got %s repaired, want [limit]", got)
	}
	if got := wire.Seen(); len(got) != 1 || got[0].URI != "/teas?limit=5" {
		t.Errorf("got %v on the wire, want the list", got)
	}
	if r = call(t, c, "search_operations", map[string]any{"query": "list teas"}); r.IsError {
		t.Errorf("got %s, want operations", textOf(t, r))
	}
	r = call(t, c, "call_write_operation", map[string]any{"operation": "teas.list"})
	if !r.IsError || len(wire.Seen()) != 0 {
		t.Errorf("got %s, want a refusal", textOf(t, r))
	}
	handler := servedDynamic(t, a).GetTool("call_read_operation").Handler
	r, err = handler(t.Context(), mcp.CallToolRequest{Params: mcp.CallToolParams{Arguments: func() {}}})
	if err != nil || !r.IsError {
		t.Errorf("arguments that are no JSON: got %+v (%v), want a tool error", r, err)
	}
}

func TestARequestsFilterBoundsTheDynamicMode(t *testing.T) {
	t.Parallel()
	var sent int
	a := shoptest.NewWith(t, shoptest.Counting(&sent))
	s := servedDynamic(t, a)
	ctx, err := a.Narrow(t.Context(), mcpadapter.Filter{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(ctx context.Context, message string) string {
		text, err := json.Marshal(s.HandleMessage(ctx, json.RawMessage(message)))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	const list = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
	if got := ask(ctx, list); strings.Contains(got, "call_write") || !strings.Contains(got, "call_read") {
		t.Errorf("got %s, want no tool that writes", got)
	}
	if got := ask(t.Context(), list); !strings.Contains(got, "call_write") {
		t.Errorf("got %s, want the tools of another request whole", got)
	}
	const read = `{"jsonrpc":"2.0","id":1,"method":"resources/read","params":{"uri":"operations://catalogue"}}`
	if got := ask(ctx, read); strings.Contains(got, "tastings") || !strings.Contains(got, "teas: list(read)") {
		t.Errorf("got %s, want the catalogue of what reads", got)
	}
	got := ask(ctx, `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"call_destructive_operation",`+
		`"arguments":{"operation":"teas.delete","arguments":{"tea_id":"1"}}}}`)
	if !strings.Contains(got, `"isError":true`) || !strings.Contains(got, "teas.delete is filtered") || sent != 0 {
		t.Errorf("got %d requests and %s, want it filtered", sent, got)
	}
}

func TestRegisterDynamicNeverReplacesATool(t *testing.T) {
	t.Parallel()
	var sent int
	a := shoptest.NewWith(t, shoptest.Counting(&sent))
	s := mcpserver.NewMCPServer("embedder", "1")
	s.AddTool(mcp.NewTool("describe_operations"), nil)
	if err := mcpgo.RegisterDynamic(s, a); err == nil || !strings.Contains(err.Error(), `a tool "describe_operations" already`) {
		t.Errorf("got %v, want a refusal that names the tool", err)
	}
	if got := len(s.ListTools()); got != 1 {
		t.Errorf("got %d tools, want the server as it was", got)
	}
}

// A destructive call is confirmed in dynamic mode as it is by the operation's own tool.
func TestDynamicCallsAreConfirmed(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
	const arguments = `{"tea_id":"1"}`
	d := shoptest.DynamicTool(t, a, "call_destructive_operation")
	r := d.Invoke(t.Context(), shoptest.CallOf("teas.delete", json.RawMessage(arguments)))
	shoptest.WantFailure(t, r, mcpadapter.CodeConfirmationRequired, 0)
	if got := wire.Changes(); len(got) != 0 {
		t.Fatalf("got %v on the wire, want nothing before the confirmation", got)
	}
	confirmed := shoptest.WithToken(t, arguments, r.Failure.Confirmation.Token)
	if r = d.Invoke(t.Context(), shoptest.CallOf("teas.delete", confirmed)); r.Failure != nil || len(wire.Changes()) != 1 {
		t.Errorf("got %s, want it sent once", r.Text())
	}
	p := &person{answer: accepts(map[string]any{"confirm": true})}
	c := elicitingClient(t, servedDynamic(t, a), p)
	result := call(t, c, d.Name(), shoptest.CallOf("teas.delete", json.RawMessage(arguments)))
	if result.IsError || len(p.asked) != 1 || len(wire.Changes()) != 1 {
		t.Errorf("got %s after %d questions, want it sent after one", textOf(t, result), len(p.asked))
	}
}
