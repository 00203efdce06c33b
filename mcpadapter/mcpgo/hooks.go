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
// them by any style. The error for an unknown name has the nearest ones. The function, such as [mcpadapter.StyleFor],
// gets the client's name: the one in clientInfo, or else the User-Agent, as a server without sessions has no more, or
// "". It must be safe for concurrent use.
//
// The hooks are for the server that the tools are registered with, under their own names. Other tools stay as they are:
// where one has the name that a tool would get, the tool keeps its own, and a call reaches the other one.
func AddHooks(hooks *server.Hooks, a *mcpadapter.Adapter, style func(client string) mcpadapter.NameStyle) {
	addResourceHooks(hooks, a)
	directory := a.Directory(style)
	hooks.AddAfterListTools(func(
		ctx context.Context, _ any, request *mcp.ListToolsRequest, result *mcp.ListToolsResult,
	) {
		result.Tools = listed(ctx, directory, result.Tools, ClientName(ctx, request.Header))
	})
	hooks.AddBeforeCallTool(func(ctx context.Context, _ any, request *mcp.CallToolRequest) {
		name, advice := directory.Resolve(ClientName(ctx, request.Header), request.Params.Name, registered(ctx))
		if name == "" { // mcp-go writes the name into its error, and leaves no other way to add to that
			name = request.Params.Name + advice
		}
		request.Params.Name = name
	})
}

// listed returns the list for a request: without the tools that its filters forbid, with the schemas and names for its
// client. It does not change the given list, which a filter of the server may retain.
func listed(ctx context.Context, directory *mcpadapter.Directory, list []mcp.Tool, client string) []mcp.Tool {
	taken := registered(ctx)
	result := make([]mcp.Tool, 0, len(list))
	for _, tool := range list {
		entry, permitted := directory.Entry(ctx, client, tool.Name, taken)
		if !permitted {
			continue
		}
		tool.Name = entry.Name
		if entry.InputSchema != nil {
			tool.RawInputSchema = entry.InputSchema
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

// ClientName returns the name of the client of a request, or "": that of the request since revision 2026-07-28, before
// that of its session, or else its User-Agent.
func ClientName(ctx context.Context, header http.Header) string {
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
