package mcpgo_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"
	mcpserver "github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
)

// listedByMCPGo returns the result of tools/list as a server with all tools writes it.
func listedByMCPGo(
	ctx context.Context, t *testing.T, a *mcpadapter.Adapter, client string,
	register func(*mcpserver.MCPServer, *mcpadapter.Adapter) error,
) string {
	t.Helper()
	hooks := &mcpserver.Hooks{}
	mcpgo.AddHooks(hooks, a, mcpadapter.StyleFor)
	s := mcpserver.NewMCPServer("shop", "1", mcpserver.WithHooks(hooks), mcpserver.WithToolCapabilities(false))
	if err := register(s, a); err != nil {
		t.Fatal(err)
	}
	session := mcpserver.NewInProcessSession("1", nil)
	session.SetClientInfo(mcp.Implementation{Name: client})
	message := json.RawMessage(`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`)
	text, err := json.Marshal(s.HandleMessage(s.WithContext(ctx, session), message))
	if err != nil {
		t.Fatal(err)
	}
	var response struct{ Result json.RawMessage }
	if err := json.Unmarshal(text, &response); err != nil || response.Result == nil {
		t.Fatalf("got %s (%v), want a result", text, err)
	}
	return string(response.Result)
}

func TestListsAreWrittenAsMCPGoWritesThem(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]mcpadapter.Option{
		"plain": nil, "terse": {mcpadapter.WithTerseSchemas(), mcpadapter.WithShapingArguments()},
		"outputs":  {mcpadapter.WithOutputSchemas()},
		"openai":   {mcpadapter.WithProfile(mcpadapter.ProfileOpenAI)},
		"gemini":   {mcpadapter.WithProfile(mcpadapter.ProfileGemini)},
		"filtered": {mcpadapter.WithFilter(mcpadapter.Filter{ReadOnly: true})},
	} {
		a, _ := shoptest.New(t, nil, opts...)
		d := a.Directory(mcpadapter.StyleFor)
		nothing, err := a.Narrow(t.Context(), mcpadapter.Filter{Deny: []string{"*"}})
		if err != nil {
			t.Fatal(err)
		}
		for _, client := range []string{"", "claude-ai", "mcp-inspector"} {
			for why, ctx := range map[string]context.Context{
				"": t.Context(), "confirming": mcpadapter.RequireConfirmation(t.Context(), mcpadapter.ConfirmWrites),
				"nothing": nothing,
			} {
				got := string(mcpgo.AppendList(ctx, []byte("head"), d, a.AllTools(), client))
				if want := listedByMCPGo(ctx, t, a, client, mcpgo.RegisterAll); got != "head"+want {
					t.Errorf("%s, %q, %s: got %s, want %s", name, client, why, got, want)
				}
				got = string(mcpgo.AppendList(ctx, nil, d, a.AllDynamicTools(), client))
				if want := listedByMCPGo(ctx, t, a, client, mcpgo.RegisterDynamic); got != want {
					t.Errorf("%s, %q, %s, dynamic: got %s, want %s", name, client, why, got, want)
				}
			}
		}
	}
}
