package main

import (
	"fmt"
	"log/slog"
	"regexp"
	"strings"

	"github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
)

func newServer(adapter *mcpadapter.Adapter, n names, m mode, logger *slog.Logger) (*server.MCPServer, error) {
	hooks := &server.Hooks{}
	mcpgo.AddHooks(hooks, adapter, n.styleFor)
	instruct(hooks, adapter, m)
	s := server.NewMCPServer("workos-mcp", version(),
		server.WithTitle("WorkOS"),
		server.WithToolCapabilities(false), // the list never changes
		server.WithLogger(logger),
		server.WithHooks(hooks),
	)
	register := mcpgo.RegisterAll
	if m == modeDynamic {
		register = mcpgo.RegisterDynamic
	}
	if err := register(s, adapter); err != nil {
		return nil, fmt.Errorf("register the tools: %w", err)
	}
	return s, nil
}

func (p process) logger(f flags) *slog.Logger {
	return slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: f.logLevel, ReplaceAttr: short}))
}

// secretKey is what an API key looks like, wherever a client has put it.
var secretKey = regexp.MustCompile(`sk_\w+`)

// short bounds what clients choose, such as the name of a method, and takes keys out of it.
func short(_ []string, a slog.Attr) slog.Attr {
	const most = 200
	if a.Value.Kind() != slog.KindString {
		return a
	}
	text := secretKey.ReplaceAllString(a.Value.String(), "sk_…")
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return slog.String(a.Key, text)
}
