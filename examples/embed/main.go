// Embed adds some WorkOS tools to an mcp-go server that has tools of its own:
//
//	WORKOS_API_KEY=sk_… go run ./examples/embed
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	s, err := newServer(os.Getenv("WORKOS_API_KEY"))
	if err == nil {
		// Unlike that of mcp-go, it waits for the calls in flight at the end of its input.
		err = serve.Stdio(ctx, s, os.Stdin, os.Stdout, slog.Default())
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "embed:", err)
		os.Exit(1)
	}
}

func newServer(key string, opts ...workos.Option) (*server.MCPServer, error) {
	s := server.NewMCPServer("our-tools", "1.0.0")
	s.AddTool(mcp.NewTool("clock", mcp.WithDescription("Tells the time.")),
		func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return mcp.NewToolResultText(time.Now().Format(time.RFC3339)), nil
		})

	c, err := workos.New(key, opts...)
	if err != nil {
		return nil, err
	}
	// Without a filter all operations would come in, and without a bound lists as long as they come.
	adapter, err := mcpadapter.New(c.API(), &gen.Operations,
		mcpadapter.WithFilter(mcpadapter.Filter{Toolsets: []string{"organizations"}, ReadOnly: true}),
		mcpadapter.WithMaxResultBytes(mcpadapter.DefaultMaxResultBytes), mcpadapter.WithShapingArguments())
	if err != nil {
		return nil, err
	}
	return s, mcpgo.Register(s, adapter)
}
