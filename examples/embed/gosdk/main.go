// Gosdk adds some WorkOS tools to a server of the official Go SDK of MCP that has tools of its own. The program in the
// folder above does the same for mcp-go.
//
//	WORKOS_API_KEY=sk_… go -C examples/embed/gosdk run .
//
// It is a module of its own, so that users of the WorkOS SDK do not require the one of MCP.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/gosdk"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	s, err := newServer(os.Getenv("WORKOS_API_KEY"))
	if err == nil {
		err = s.Run(ctx, &mcp.StdioTransport{})
	}
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "gosdk:", err)
		os.Exit(1)
	}
}

func newServer(key string, opts ...workos.Option) (*mcp.Server, error) {
	s := mcp.NewServer(&mcp.Implementation{Name: "our-tools", Version: "1.0.0"}, nil)
	mcp.AddTool(s, &mcp.Tool{Name: "clock", Description: "Tells the time."},
		func(context.Context, *mcp.CallToolRequest, any) (*mcp.CallToolResult, any, error) {
			now := &mcp.TextContent{Text: time.Now().Format(time.RFC3339)}
			return &mcp.CallToolResult{Content: []mcp.Content{now}}, nil, nil
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
	if err := gosdk.Register(s, adapter); err != nil { // fails if a name is taken, and then adds none
		return nil, err
	}
	s.AddReceivingMiddleware(gosdk.Middleware(adapter, mcpadapter.StyleFor)) // names that each client accepts
	return s, nil
}
