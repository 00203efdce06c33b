package mcpadapter

import (
	"context"
	"slices"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// RegisterDynamic adds the tools of the dynamic mode to an mcp-go server in place of those of [Adapter.Register], and
// the catalogue of operations as a resource. It never replaces a tool: if a name is taken it fails and adds nothing. It
// must not run concurrently with other registrations on the server.
//
// Tools that have nothing to call are added too, so that a call is told why it is refused; the hooks of
// [Adapter.AddHooks] keep them out of lists.
func (a *Adapter) RegisterDynamic(s *server.MCPServer) error {
	all := a.dynamicTools()
	tools := make([]server.ServerTool, len(all))
	for i, d := range all {
		tools[i] = d.ServerTool()
	}
	if err := register(s, tools); err != nil {
		return err
	}
	s.AddResource(
		mcp.NewResource(CatalogueURI, "catalogue", mcp.WithMIMEType("text/markdown"),
			mcp.WithResourceDescription("The names of all operations that may be called, by toolset.")),
		func(ctx context.Context, _ mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
			text := mcp.TextResourceContents{URI: CatalogueURI, MIMEType: "text/markdown", Text: a.Catalogue(ctx)}
			return []mcp.ResourceContents{text}, nil
		})
	return nil
}

// ServerTool is the tool as mcp-go takes it.
func (d *DynamicTool) ServerTool() server.ServerTool {
	return server.ServerTool{Tool: d.Definition(), Handler: d.handle}
}

// Definition is the tool as MCP lists it.
func (d *DynamicTool) Definition() mcp.Tool {
	definition := mcp.NewToolWithRawSchema(d.Name, d.Description, d.InputSchema)
	definition.Title = d.Title
	definition.Annotations = annotations(&d.Hints)
	return definition
}

// handle serves a call of an operation as the operation's own tool does, and everything else itself.
func (d *DynamicTool) handle(
	ctx context.Context, request mcp.CallToolRequest,
) (result *mcp.CallToolResult, _ error) {
	defer func() {
		if recover() != nil {
			result = callResult(failed(d.adapter.config.panicked(ctx, d.Name)))
		}
	}()
	raw, err := rawArguments(request)
	if err != nil {
		f := invalidArguments("the arguments cannot be written as JSON", nil)
		return callResult(failed(f)), nil // a tool result, as every failure
	}
	if d.answer != nil {
		return callResult(d.Invoke(ctx, raw)), nil
	}
	to, f := d.target(ctx, raw)
	if f != nil {
		return callResult(failed(f).bounded(d.adapter.config.resultBytes(ctx))), nil
	}
	result = to.tool.serve(ctx, request, to.arguments)
	if to.repaired != nil {
		result.Meta = repairedMeta(append(to.repaired, repairedIn(result.Meta)...))
	}
	return result, nil
}

// repairedIn is what a result's _meta says of repaired arguments.
func repairedIn(meta *mcp.Meta) []string {
	if meta == nil {
		return nil
	}
	paths, _ := meta.AdditionalFields[MetaRepaired].([]string)
	return paths
}

// idle tells whether a tool of the dynamic mode has nothing to call that passes the filters.
func (a *Adapter) idle(filters []Filter, name string) bool {
	effects := []Effect{EffectRead, EffectWrite, EffectDestructive}
	i := slices.IndexFunc(effects, func(e Effect) bool { return callerOf(e) == name })
	return i >= 0 && !a.offers(filters, effects[i])
}
