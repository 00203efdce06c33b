package mcpgo_test

import (
	"context"
	"flag"
	"net/http"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"
	mcpserver "github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/bindtest"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
)

var update = flag.Bool("update", false, "rewrite the results that all bindings return")

// TestBinding is what all bindings have in common.
func TestBinding(t *testing.T) { bindtest.Run(t, binding, *update) }

func binding(_ testing.TB, a *mcpadapter.Adapter, s bindtest.Setup) (http.Handler, error) {
	hooks := &mcpserver.Hooks{}
	if s.Named {
		mcpgo.AddHooks(hooks, a, mcpadapter.StyleFor)
	}
	server := mcpserver.NewMCPServer("test", "1", mcpserver.WithHooks(hooks), mcpserver.WithElicitation(),
		mcpserver.WithToolCapabilities(false))
	for _, name := range s.Own {
		server.AddTool(mcp.NewTool(name), ownHandler)
	}
	if s.Resources {
		mcpgo.RegisterResources(server, a, mcpadapter.StyleFor)
	}
	opts := []mcpserver.StreamableHTTPOption{mcpserver.WithStateLess(s.Stateless)}
	if s.Context != nil {
		opts = append(opts, mcpserver.WithHTTPContextFunc(func(ctx context.Context, r *http.Request) context.Context {
			return s.Context(ctx, r.Header)
		}))
	}
	return mcpserver.NewStreamableHTTPServer(server, opts...), register(server, a, s)
}

func register(server *mcpserver.MCPServer, a *mcpadapter.Adapter, s bindtest.Setup) error {
	switch s.Mode {
	case bindtest.RegisterAll:
		return mcpgo.RegisterAll(server, a)
	case bindtest.RegisterDynamic:
		return mcpgo.RegisterDynamic(server, a)
	case bindtest.RegisterPrograms:
		return mcpgo.RegisterPrograms(server, a, s.Engine)
	case bindtest.Register:
	}
	return mcpgo.Register(server, a)
}

// TestNothingIsRegisteredWithoutAServerOrAnAdapter asks every way to register.
func TestNothingIsRegisteredWithoutAServerOrAnAdapter(t *testing.T) {
	s := mcpserver.NewMCPServer("test", "1")
	for _, setup := range []bindtest.Setup{
		{Mode: bindtest.Register}, {Mode: bindtest.RegisterAll}, {Mode: bindtest.RegisterDynamic},
		{Mode: bindtest.RegisterPrograms},
	} {
		for name, err := range map[string]error{
			"no server": register(nil, new(mcpadapter.Adapter), setup), "no adapter": register(s, nil, setup),
		} {
			if err == nil || !strings.Contains(err.Error(), " is nil") {
				t.Errorf("mode %d, %s: got %v, want an error", setup.Mode, name, err)
			}
		}
	}
}
