package serve

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
)

// listTTL is how long clients may reuse a list, the instructions and the catalogue. They never change while the server
// runs; after an upgrade a client sees the new ones within this time.
const listTTL = time.Hour

func (p program) newServer(f flags, adapter *mcpadapter.Adapter) (*server.MCPServer, error) {
	hooks := &server.Hooks{}
	mcpgo.AddHooks(hooks, adapter, f.names.styleFor)
	logHooks(hooks)
	p.addInstructions(hooks, adapter, f.mode == modeDynamic)
	s := server.NewMCPServer(p.api.Name, p.api.Version,
		server.WithTitle(p.api.Title),
		server.WithToolCapabilities(false), // the list never changes
		server.WithHooks(hooks),
		// Private, because names and filters depend on the client and on the request.
		server.WithCacheHints(listTTL.Milliseconds(), mcp.CacheScopePrivate),
	)
	register := mcpgo.RegisterAll
	if f.mode == modeDynamic {
		register = mcpgo.RegisterDynamic
	}
	if err := register(s, adapter); err != nil {
		return nil, fmt.Errorf("register the tools: %w", err)
	}
	return s, nil
}

// addInstructions returns to each client the instructions for its request.
func (p program) addInstructions(hooks *server.Hooks, adapter *mcpadapter.Adapter, dynamic bool) {
	instructions := p.api.Instructions
	if instructions == nil {
		instructions = func(ctx context.Context, adapter *mcpadapter.Adapter, dynamic bool) string {
			return adapter.Guide(ctx, dynamic)
		}
	}
	hooks.AddAfterInitialize(func(ctx context.Context, _ any, _ *mcp.InitializeRequest, result *mcp.InitializeResult) {
		result.Instructions = instructions(ctx, adapter, dynamic)
	})
	hooks.AddAfterDiscover(func(ctx context.Context, _ any, _ *mcp.DiscoverRequest, result *mcp.DiscoverResult) {
		result.Instructions = instructions(ctx, adapter, dynamic)
	})
}

func (p program) logger(f flags) *slog.Logger {
	return slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: f.logLevel, ReplaceAttr: p.shorten}))
}

// shorten limits text that clients choose, such as the name of a method, and removes secrets from it.
func (p program) shorten(_ []string, a slog.Attr) slog.Attr {
	const most = 200
	if a.Value.Kind() != slog.KindString {
		return a
	}
	text := a.Value.String()
	if p.api.Redact != nil {
		text = p.api.Redact(text)
	}
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return slog.String(a.Key, text)
}
