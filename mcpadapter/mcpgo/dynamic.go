package mcpgo

import (
	"context"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// RegisterDynamic adds the tools of the dynamic mode to a server in place of those of [Register], and the catalogue of
// operations as a resource. It never replaces a tool: if a name is taken it fails and adds nothing. It must not run
// concurrently with other registrations on the server.
//
// It also adds tools that have no operation to call, so that a call returns the reason for its refusal; the hooks of
// [AddHooks] omit them from lists.
func RegisterDynamic(s *server.MCPServer, a *mcpadapter.Adapter) error {
	if err := register(s, a.AllDynamicTools()); err != nil {
		return err
	}
	const uri, markdown = mcpadapter.CatalogueURI, "text/markdown"
	s.AddResource(
		mcp.NewResource(uri, "catalogue", mcp.WithMIMEType(markdown),
			mcp.WithResourceDescription("The names of all operations that may be called, by toolset.")),
		func(ctx context.Context, _ mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
			text := mcp.TextResourceContents{URI: uri, MIMEType: markdown, Text: a.Catalogue(ctx)}
			return []mcp.ResourceContents{text}, nil
		})
	return nil
}
