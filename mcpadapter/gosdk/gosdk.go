// Package gosdk binds package mcpadapter to the official Go SDK of MCP: it registers an adapter's tools with a server
// of github.com/modelcontextprotocol/go-sdk, has clients confirm calls by elicitation, and reports progress. It does
// what package mcpgo does for mcp-go, and a test holds both to the same results.
//
//	adapter, err := mcpadapter.New(apiClient, &petstore.Operations)
//	if err != nil { … }
//	err = gosdk.Register(mcpServer, adapter) // with or without tools of its own
//
// It is a module of its own, so that programs which use another library do not require the SDK.
package gosdk

import (
	"context"
	"errors"
	"fmt"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// Register adds the tools that the adapter's filters permit to a server. It never replaces a tool: if a name is taken
// it fails and adds none. It must not run concurrently with other registrations on the server.
//
// The SDK has no way to look a tool up, so Register lists the tools of the server as a client within the process does.
// Middleware that the server has already sees that request; add middleware that rejects requests later.
func Register(s *mcp.Server, a *mcpadapter.Adapter) error {
	return register(s, a, (*mcpadapter.Adapter).Tools)
}

// RegisterAll is Register for a server with the middleware of [Middleware]. It adds also the tools that no filter
// permits: the middleware omits them from every list, and a call of one returns the reason for its refusal.
func RegisterAll(s *mcp.Server, a *mcpadapter.Adapter) error {
	return register(s, a, (*mcpadapter.Adapter).AllTools)
}

func register(s *mcp.Server, a *mcpadapter.Adapter, of func(*mcpadapter.Adapter) []mcpadapter.Tool) error {
	if s == nil || a == nil {
		return errors.New("workos/mcpadapter: the server or the adapter is nil")
	}
	tools := of(a)
	taken, err := names(s)
	if err != nil {
		return fmt.Errorf("workos/mcpadapter: list the tools of the server: %w", err)
	}
	for _, t := range tools {
		if taken[t.Name()] {
			return fmt.Errorf("workos/mcpadapter: the server has a tool %q already", t.Name())
		}
	}
	for _, t := range tools {
		s.AddTool(Definition(t), Handler(t))
	}
	return nil
}

// Definition returns a tool as MCP lists it, with its schemas byte for byte.
func Definition(t mcpadapter.Tool) *mcp.Tool {
	h := t.Annotations()
	d := &mcp.Tool{
		Name: t.Name(), Title: t.Title(), Description: t.Description(), InputSchema: t.InputSchema(),
		Annotations: &mcp.ToolAnnotations{
			Title:        t.Title(),
			ReadOnlyHint: h.ReadOnly, DestructiveHint: &h.Destructive,
			IdempotentHint: h.Idempotent, OpenWorldHint: &h.OpenWorld,
		},
	}
	if schema := t.OutputSchema(); schema != nil {
		d.OutputSchema = schema
	}
	return d
}

// Handler serves the calls of a tool, for [mcp.Server.AddTool] beside [Definition]. If a call needs a confirmation, the
// client asks its user if it can. Every failure is a tool result, as a Go error would become a protocol error that
// models do not see.
func Handler(t mcpadapter.Tool) mcp.ToolHandler {
	return func(ctx context.Context, request *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		pending, result := t.Serve(reporting(ctx, request), request.Params.Arguments, clientOf(request))
		if pending != nil {
			return questionResult(pending), nil
		}
		return callResult(result), nil
	}
}
