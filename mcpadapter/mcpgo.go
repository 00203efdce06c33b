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

// Register adds the tools that the filters of [WithFilter] permit to an mcp-go server. It never replaces a tool: if a
// name is taken it fails and adds none. It must not run concurrently with other registrations on the server.
func (a *Adapter) Register(s *server.MCPServer) error { return register(s, a.ServerTools()) }

// RegisterAll is Register for a server with the hooks of [Adapter.AddHooks]. It adds also the tools that no filter
// permits: the hooks keep them out of every list, and a call of one is told why it is refused.
func (a *Adapter) RegisterAll(s *server.MCPServer) error { return register(s, serverTools(a.tools)) }

func register(s *server.MCPServer, tools []server.ServerTool) error {
	for _, t := range tools {
		if s.GetTool(t.Tool.Name) != nil {
			return fmt.Errorf("mcpadapter: the server has a tool %q already", t.Tool.Name)
		}
	}
	s.AddTools(tools...)
	return nil
}

// ServerTools returns the tools of [Adapter.Tools] as mcp-go takes them.
func (a *Adapter) ServerTools() []server.ServerTool { return serverTools(a.Tools()) }

func serverTools(tools []*Tool) []server.ServerTool {
	list := make([]server.ServerTool, len(tools))
	for i, t := range tools {
		list[i] = t.ServerTool()
	}
	return list
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
	d.Annotations = annotations(&t.Hints)
	return d
}

func annotations(h *Hints) mcp.ToolAnnotation {
	return mcp.ToolAnnotation{
		ReadOnlyHint: &h.ReadOnly, DestructiveHint: &h.Destructive,
		IdempotentHint: &h.Idempotent, OpenWorldHint: &h.OpenWorld,
	}
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

// serve calls the tool with arguments that stand in a request, whether they are all of its arguments or some. Where a
// person has to confirm the call, the client asks them if it can. Every failure is a tool result, as a Go error would
// become a protocol error that models do not see.
func (t *Tool) serve(
	ctx context.Context, request mcp.CallToolRequest, arguments json.RawMessage,
) *mcp.CallToolResult {
	ctx = reporting(ctx, request)
	switch elicits(ctx) {
	case elicitsInCall:
		return callResult(t.InvokeAsking(ctx, arguments, elicit))
	case elicitsBetween:
		return t.serveRound(ctx, request, arguments)
	case elicitsNothing:
	}
	return callResult(t.Invoke(ctx, arguments))
}

// MetaRepaired is the name in a result's _meta of the list of arguments that were repaired, as in [Result.Repaired].
// Its prefix is a domain of the project's, reversed (MCP revision 2025-11-25, basic, "_meta").
const MetaRepaired = "io.github.seed-f165d83c.workos/repaired"

func repairedMeta(paths []string) *mcp.Meta {
	if len(paths) == 0 {
		return nil
	}
	return mcp.NewMetaFromMap(map[string]any{MetaRepaired: paths})
}

func callResult(r Result) *mcp.CallToolResult {
	return &mcp.CallToolResult{
		Result:               mcp.Result{Meta: repairedMeta(r.Repaired)},
		Content:              []mcp.Content{mcp.NewTextContent(r.Text())},
		StructuredContent:    r.JSON, // what the server's own output validation reads
		RawStructuredContent: r.JSON,
		IsError:              r.Failure != nil,
	}
}

// AddHooks lists to each client the tools that the filters of its request permit, with the argument for the token where
// its request asks for more confirmations, by names in the style that the function returns for it, and lets it call
// them by any style. The function, such as [StyleFor], gets the client's name: the one in clientInfo, or else the
// User-Agent, as a server without sessions has no more, or "". It must be safe for concurrent use.
//
// The hooks are for the server that the tools are registered with, under their own names. Other tools stay as they are:
// where one has the name that a tool would get, the tool keeps its own, and a call reaches the other one.
func (a *Adapter) AddHooks(hooks *server.Hooks, style func(client string) NameStyle) {
	hooks.AddAfterListTools(func(
		ctx context.Context, _ any, request *mcp.ListToolsRequest, result *mcp.ListToolsResult,
	) {
		if filters := a.config.filtersIn(ctx); len(filters) > 0 {
			result.Tools = a.narrowed(filters, result.Tools)
		}
		if requiredConfirmation(ctx) > a.config.confirmation.Policy {
			result.Tools = a.confirmed(ctx, result.Tools)
		}
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

// narrowed returns the list without the adapter's tools that do not pass the filters or have nothing to call that does.
func (a *Adapter) narrowed(filters []Filter, list []mcp.Tool) []mcp.Tool {
	kept := make([]mcp.Tool, 0, len(list)) // a filter of the server may keep the list
	for _, listed := range list {
		t := a.byName[listed.Name]
		if t != nil && t.Name == listed.Name && !passes(filters, t) || a.idle(filters, listed.Name) {
			continue
		}
		kept = append(kept, listed)
	}
	return kept
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
