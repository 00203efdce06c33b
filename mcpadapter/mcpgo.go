package mcpadapter

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

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
	d.RawOutputSchema = t.OutputSchema
	d.Title = t.Title
	d.Annotations = mcp.ToolAnnotation{
		ReadOnlyHint: &t.Hints.ReadOnly, DestructiveHint: &t.Hints.Destructive,
		IdempotentHint: &t.Hints.Idempotent, OpenWorldHint: &t.Hints.OpenWorld,
	}
	return d
}

func (t *Tool) handle(ctx context.Context, request mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	raw, err := rawArguments(request)
	if err != nil {
		f := invalidArguments("the arguments cannot be written as JSON", nil)
		return callResult(failed(t.refused(nil, f))), nil //nolint:nilerr // a tool result, as every failure
	}
	return t.serve(ctx, request, raw), nil
}

// rawArguments are the arguments from the raw bytes, as the decoded ones have lost digits.
func rawArguments(request mcp.CallToolRequest) (json.RawMessage, error) {
	if request.Params.RawArguments != nil || request.Params.Arguments == nil {
		return request.Params.RawArguments, nil
	}
	return json.Marshal(request.Params.Arguments) //nolint:wrapcheck // a call within the process
}

// serve calls the tool with arguments that stand in a request, whether they are all of its arguments or some. It
// returns every failure as a tool result, as a Go error would become a protocol error that models do not see.
func (t *Tool) serve(ctx context.Context, _ mcp.CallToolRequest, arguments json.RawMessage) *mcp.CallToolResult {
	return callResult(t.Invoke(ctx, arguments))
}

// MetaRepaired is the name in a result's _meta of the list of arguments that were repaired, as in [Result.Repaired].
// Its prefix is a domain of the project's, reversed (MCP revision 2025-11-25, basic, "_meta").
const MetaRepaired = "io.github.seed-f165d83c.workos/repaired"

func callResult(r Result) *mcp.CallToolResult {
	var meta *mcp.Meta
	if len(r.Repaired) > 0 {
		meta = mcp.NewMetaFromMap(map[string]any{MetaRepaired: r.Repaired})
	}
	return &mcp.CallToolResult{
		Result:               mcp.Result{Meta: meta},
		Content:              []mcp.Content{mcp.NewTextContent(r.Text())},
		StructuredContent:    r.JSON, // what the server's own output validation reads
		RawStructuredContent: r.JSON,
		IsError:              r.Failure != nil,
	}
}

// AddHooks tells each client the names of the tools in the style that the function returns for it, and lets it call
// them by any style. The function, such as [StyleFor], gets the client's name: the one in clientInfo, or else the
// User-Agent, as a server without sessions has no more, or "". It must be safe for concurrent use.
//
// The hooks are for the server that the tools are registered with, under their own names. Other tools stay as they are:
// where one has the name that a tool would get, the tool keeps its own, and a call reaches the other one.
func (a *Adapter) AddHooks(hooks *server.Hooks, style func(client string) NameStyle) {
	hooks.AddAfterListTools(func(
		ctx context.Context, _ any, request *mcp.ListToolsRequest, result *mcp.ListToolsResult,
	) {
		if s := style(clientName(ctx, request.Header)); s != NamesDots {
			result.Tools = a.renamed(ctx, result.Tools, s)
		}
	})
	hooks.AddBeforeCallTool(func(ctx context.Context, _ any, request *mcp.CallToolRequest) {
		name := &request.Params.Name
		if t := a.byName[*name]; t != nil && t.Name != *name && !registered(ctx)(*name) {
			*name = t.Name
		}
	})
}

// renamed returns the list with the adapter's tools under other names.
func (a *Adapter) renamed(ctx context.Context, list []mcp.Tool, style NameStyle) []mcp.Tool {
	list = slices.Clone(list) // a filter of the server may keep it
	taken := registered(ctx)
	for i := range list {
		t := a.byName[list[i].Name]
		if t == nil || t.Name != list[i].Name {
			continue
		}
		if name := t.NameIn(style); name != t.Name && !taken(name) {
			list[i].Name = name
		}
	}
	return list
}

// registered tells whether the server or the session has a tool of exactly that name.
func registered(ctx context.Context) func(name string) bool {
	var own map[string]server.ServerTool
	if session, ok := server.ClientSessionFromContext(ctx).(server.SessionWithTools); ok {
		own = session.GetSessionTools()
	}
	s := server.ServerFromContext(ctx)
	return func(name string) bool {
		_, found := own[name]
		return found || s != nil && s.GetTool(name) != nil
	}
}

// clientName returns the name by which the client goes: with each request since revision 2026-07-28, before that of
// its session.
func clientName(ctx context.Context, header http.Header) string {
	info := server.RequestProtocolInfoFromContext(ctx)
	if info != nil && info.ClientInfo != nil && info.ClientInfo.Name != "" {
		return info.ClientInfo.Name
	}
	if session, ok := server.ClientSessionFromContext(ctx).(server.SessionWithClientInfo); ok {
		if name := session.GetClientInfo().Name; name != "" {
			return name
		}
	}
	return header.Get("User-Agent")
}
