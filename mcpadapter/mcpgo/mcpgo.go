// Package mcpgo binds package mcpadapter to mcp-go: it registers an adapter's tools with a server of
// github.com/mark3labs/mcp-go, has clients confirm calls by elicitation, and reports progress.
//
//	adapter, err := mcpadapter.New(apiClient, &petstore.Operations)
//	if err != nil { … }
//	err = mcpgo.Register(mcpServer, adapter) // with or without tools of its own
package mcpgo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// Register adds the tools that the adapter's filters permit to a server. It never replaces a tool: if a name is taken
// it fails and adds none. It must not run concurrently with other registrations on the server.
func Register(s *server.MCPServer, a *mcpadapter.Adapter) error {
	return register(s, a, (*mcpadapter.Adapter).Tools)
}

// RegisterAll is Register for a server with the hooks of [AddHooks]. It adds also the tools that no filter permits: the
// hooks omit them from every list, and a call of one returns the reason for its refusal.
func RegisterAll(s *server.MCPServer, a *mcpadapter.Adapter) error {
	return register(s, a, (*mcpadapter.Adapter).AllTools)
}

func register(s *server.MCPServer, a *mcpadapter.Adapter, of func(*mcpadapter.Adapter) []mcpadapter.Tool) error {
	if s == nil || a == nil {
		return errors.New("workos/mcpadapter: the server or the adapter is nil")
	}
	tools := of(a)
	list := make([]server.ServerTool, len(tools))
	for i, t := range tools {
		if s.GetTool(t.Name()) != nil {
			return fmt.Errorf("workos/mcpadapter: the server has a tool %q already", t.Name())
		}
		list[i] = ServerTool(t)
	}
	s.AddTools(list...)
	return nil
}

// ServerTool returns a tool in the form that mcp-go registers.
func ServerTool(t mcpadapter.Tool) server.ServerTool {
	return server.ServerTool{Tool: Definition(t), Handler: handler(t)}
}

// Definition returns a tool as MCP lists it.
func Definition(t mcpadapter.Tool) mcp.Tool {
	d := mcp.NewToolWithRawSchema(t.Name(), t.Description(), t.InputSchema())
	d.RawOutputSchema = t.OutputSchema()
	d.Title = t.Title()
	h := t.Annotations()
	d.Annotations = mcp.ToolAnnotation{
		Title:        t.Title(),
		ReadOnlyHint: &h.ReadOnly, DestructiveHint: &h.Destructive,
		IdempotentHint: &h.Idempotent, OpenWorldHint: &h.OpenWorld,
	}
	return d
}

// handler serves the calls of a tool. If a call needs a confirmation, the client asks its user if it can. Every
// failure is a tool result, as a Go error would become a protocol error that models do not see.
func handler(t mcpadapter.Tool) server.ToolHandlerFunc {
	return func(ctx context.Context, request mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		arguments, err := rawArguments(request)
		if err != nil {
			f := mcpadapter.Failure{
				Code: mcpadapter.CodeInvalidArguments, Message: "the arguments cannot be written as JSON; nothing was sent",
			}
			return callResult(f.Result()), nil //nolint:nilerr // a tool result, as every failure
		}
		pending, result := t.Serve(reporting(ctx, request), arguments, clientOf(ctx, request))
		if pending != nil {
			return questionResult(pending), nil
		}
		return callResult(result), nil
	}
}

// rawArguments are the arguments from the raw bytes, as the decoded ones have lost digits.
func rawArguments(request mcp.CallToolRequest) (json.RawMessage, error) {
	if request.Params.RawArguments != nil || request.Params.Arguments == nil {
		return request.Params.RawArguments, nil
	}
	return json.Marshal(request.Params.Arguments) //nolint:wrapcheck // a call within the process
}
