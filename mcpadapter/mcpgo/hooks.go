package mcpgo

import (
	"context"
	"net/http"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// AddHooks lists to each client the tools that the filters of its request permit, with the argument for the token where
// its request asks for more confirmations, by names in the style that the function returns for it, and lets it call
// them by any style. The function, such as [mcpadapter.StyleFor], gets the client's name: the one in clientInfo, or
// else the User-Agent, as a server without sessions has no more, or "". It must be safe for concurrent use.
//
// The hooks are for the server that the tools are registered with, under their own names. Other tools stay as they are:
// where one has the name that a tool would get, the tool keeps its own, and a call reaches the other one.
func AddHooks(hooks *server.Hooks, a *mcpadapter.Adapter, style func(client string) mcpadapter.NameStyle) {
	own := ownTools{adapter: a, dynamic: map[string]mcpadapter.Tool{}}
	for _, t := range a.AllDynamicTools() {
		own.dynamic[t.Name()] = t
	}
	hooks.AddAfterListTools(func(
		ctx context.Context, _ any, request *mcp.ListToolsRequest, result *mcp.ListToolsResult,
	) {
		result.Tools = own.listed(ctx, result.Tools, style(clientName(ctx, request.Header)))
	})
	hooks.AddBeforeCallTool(func(ctx context.Context, _ any, request *mcp.CallToolRequest) {
		name := &request.Params.Name
		if t, err := a.Tool(*name); err == nil && t.Name() != *name && !registered(ctx)(*name) {
			*name = t.Name()
		}
	})
}

// ownTools finds the adapter's tools among those of a server.
type ownTools struct {
	adapter *mcpadapter.Adapter
	dynamic map[string]mcpadapter.Tool
}

// find returns the tool that is registered under a name, and whether there is one.
func (o *ownTools) find(name string) (mcpadapter.Tool, bool) {
	if t, ok := o.dynamic[name]; ok {
		return t, true
	}
	t, err := o.adapter.Tool(name)
	return t, err == nil && t.Name() == name
}

// listed returns the list for a request: without the tools that its filters forbid, with the schemas and names for its
// client. It does not change the given list, which a filter of the server may retain.
func (o *ownTools) listed(ctx context.Context, list []mcp.Tool, style mcpadapter.NameStyle) []mcp.Tool {
	taken := registered(ctx)
	result := make([]mcp.Tool, 0, len(list))
	for _, tool := range list {
		t, own := o.find(tool.Name)
		if own && !t.Permitted(ctx) {
			continue
		}
		if own {
			if schema, differs := t.InputSchemaIn(ctx); differs {
				tool.RawInputSchema = schema
			}
			if name := style.Name(t.Name()); name != t.Name() && !taken(name) {
				tool.Name = name
			}
		}
		result = append(result, tool)
	}
	return result
}

// registered reports whether the server or the session has a tool of exactly that name.
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

// clientName returns the client's name: that of the request since revision 2026-07-28, before that of its session.
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
