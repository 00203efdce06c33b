package mcpadapter

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// Register adds every tool to an mcp-go server. It never replaces a tool: if a name is taken it fails and adds none.
// It must not run concurrently with other registrations on the server.
func (a *Adapter) Register(s *server.MCPServer) error {
	for _, t := range a.tools {
		if s.GetTool(t.Name) != nil {
			return fmt.Errorf("mcpadapter: the server has a tool %q already", t.Name)
		}
	}
	s.AddTools(a.ServerTools()...)
	return nil
}

// ServerTools returns all tools as mcp-go takes them.
func (a *Adapter) ServerTools() []server.ServerTool {
	tools := make([]server.ServerTool, len(a.tools))
	for i, t := range a.tools {
		tools[i] = t.ServerTool()
	}
	return tools
}

// ServerTool is the tool as mcp-go takes it.
func (t *Tool) ServerTool() server.ServerTool {
	return server.ServerTool{Tool: t.Definition(), Handler: t.handle}
}

// Definition is the tool as MCP lists it.
func (t *Tool) Definition() mcp.Tool {
	d := mcp.NewToolWithRawSchema(t.Name, t.Description, t.InputSchema)
	d.Title = t.Title
	d.Annotations = mcp.ToolAnnotation{
		ReadOnlyHint: &t.Hints.ReadOnly, DestructiveHint: &t.Hints.Destructive,
		IdempotentHint: &t.Hints.Idempotent, OpenWorldHint: &t.Hints.OpenWorld,
	}
	return d
}

// handle reads the arguments from the raw bytes, as the decoded ones have lost digits, and returns every failure as a
// tool result, as a Go error would become a protocol error that models do not see.
func (t *Tool) handle(ctx context.Context, request mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	raw := request.Params.RawArguments
	if raw == nil && request.Params.Arguments != nil { // a call within the process
		var err error
		if raw, err = json.Marshal(request.Params.Arguments); err != nil {
			f := &Failure{Code: CodeInvalidArguments, Message: "the arguments cannot be written as JSON"}
			return callResult(failed(f)), nil //nolint:nilerr // a tool result, as every failure
		}
	}
	return callResult(t.Invoke(ctx, raw)), nil
}

func callResult(r Result) *mcp.CallToolResult {
	return &mcp.CallToolResult{
		Content:              []mcp.Content{mcp.NewTextContent(r.Text())},
		RawStructuredContent: r.JSON,
		IsError:              r.Failure != nil,
	}
}
