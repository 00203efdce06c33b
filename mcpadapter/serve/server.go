package serve

import (
	"context"
	"fmt"
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
	prompts, err := p.prompts(adapter)
	if err != nil {
		return nil, fmt.Errorf("serve: %w", err)
	}
	hooks := &server.Hooks{}
	if f.mode == modeDirect {
		registerOnDemand(hooks, adapter) // before the hooks that look tools up
	}
	mcpgo.AddHooks(hooks, adapter, f.names.styleFor)
	logHooks(hooks)
	p.addInstructions(hooks, adapter, f.mode)
	addPromptHooks(hooks, prompts)
	completions := completer{adapter, prompts, f.calledAs}
	s := server.NewMCPServer(p.api.Name, p.api.Version,
		server.WithTitle(p.api.Title),
		server.WithDescription(p.api.Short),
		server.WithWebsiteURL(p.api.Website),
		server.WithIcons(p.api.icons()...),
		server.WithToolCapabilities(false), // the lists never change
		server.WithResourceCapabilities(false, false),
		server.WithPromptFilter(onlyPermitted(prompts)),
		server.WithCompletions(),
		server.WithPromptCompletionProvider(completions),
		server.WithResourceCompletionProvider(completions),
		server.WithHooks(hooks),
		// Private, because names and filters depend on the client and on the request.
		server.WithCacheHints(listTTL.Milliseconds(), mcp.CacheScopePrivate),
	)
	if err := f.register(s, adapter); err != nil {
		return nil, fmt.Errorf("register the tools: %w", err)
	}
	mcpgo.RegisterResources(s, adapter, f.calledAs)
	for _, prompt := range prompts {
		prompt.register(s, f.calledAs)
	}
	return s, nil
}

// addInstructions returns to each client the instructions for its request.
func (p program) addInstructions(hooks *server.Hooks, adapter *mcpadapter.Adapter, m mode) {
	instructions := p.api.Instructions
	if instructions == nil {
		instructions = func(ctx context.Context, adapter *mcpadapter.Adapter, dynamic bool) string {
			return adapter.Guide(ctx, dynamic)
		}
	}
	text := func(ctx context.Context) string {
		if m == modeCode {
			return adapter.ProgramGuide() + instructions(ctx, adapter, false)
		}
		return instructions(ctx, adapter, m == modeDynamic)
	}
	hooks.AddAfterInitialize(func(ctx context.Context, _ any, _ *mcp.InitializeRequest, result *mcp.InitializeResult) {
		result.Instructions = text(ctx)
	})
	hooks.AddAfterDiscover(func(ctx context.Context, _ any, _ *mcp.DiscoverRequest, result *mcp.DiscoverResult) {
		result.Instructions = text(ctx)
	})
}
