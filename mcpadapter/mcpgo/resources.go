package mcpgo

import (
	"context"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// DocumentationVariable is the variable of the URI template that [RegisterResources] adds.
const DocumentationVariable = "name"

const markdown = "text/markdown"

// RegisterResources adds the catalogue of operations as a resource, and the documentation of each operation as a
// resource template. Both have only what the filters of a request permit. The function returns the style of the names
// in the documentation, as that of [AddHooks], whose hooks report an unknown operation as MCP requires. It must not run
// concurrently with other registrations on the server.
func RegisterResources(s *server.MCPServer, a *mcpadapter.Adapter, style func(client string) mcpadapter.NameStyle) {
	addCatalogue(s, a)
	template := mcp.NewResourceTemplate(
		a.DocumentationURI("{"+DocumentationVariable+"}"), "documentation",
		mcp.WithTemplateDescription("What an operation does, its risk, its arguments and an example."),
		mcp.WithTemplateMIMEType(markdown),
	)
	template.Title = "Documentation of an operation"
	s.AddResourceTemplate(template, func(
		ctx context.Context, request mcp.ReadResourceRequest,
	) ([]mcp.ResourceContents, error) {
		t, err := documented(ctx, a, request.Params.URI)
		if err != nil {
			return nil, err
		}
		return []mcp.ResourceContents{mcp.TextResourceContents{
			URI: request.Params.URI, MIMEType: markdown,
			Text: t.Documentation(ctx, style(ClientName(ctx, request.Header))),
		}}, nil
	})
}

// addCatalogue adds the catalogue of operations as a resource.
func addCatalogue(s *server.MCPServer, a *mcpadapter.Adapter) {
	uri := a.CatalogueURI()
	resource := mcp.NewResource(uri, "catalogue", mcp.WithMIMEType(markdown),
		mcp.WithResourceDescription("The names of all operations that may be called, by toolset."))
	resource.Title = "Catalogue of operations"
	s.AddResource(resource, func(ctx context.Context, _ mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
		text := mcp.TextResourceContents{URI: uri, MIMEType: markdown, Text: a.Catalogue(ctx)}
		return []mcp.ResourceContents{text}, nil
	})
}

// documented returns the operation whose documentation has the URI. The error is a [mcpadapter.UnknownToolError], also
// for an operation that the filters of the context reject.
func documented(ctx context.Context, a *mcpadapter.Adapter, uri string) (mcpadapter.Tool, error) {
	name := strings.TrimPrefix(uri, a.DocumentationURI(""))
	t, err := a.Tool(name)
	if err == nil && !t.Permitted(ctx) {
		err = &mcpadapter.UnknownToolError{Name: name}
	}
	return t, err
}

// addResourceHooks has a read of documentation that does not exist fail with the error code that the revision of the
// request has for that: mcp-go chooses it for URIs without a handler, and one with a space matches no template.
func addResourceHooks(hooks *server.Hooks, a *mcpadapter.Adapter) {
	prefix := a.DocumentationURI("")
	hooks.AddBeforeReadResource(func(ctx context.Context, _ any, request *mcp.ReadResourceRequest) {
		uri := &request.Params.URI
		if !strings.HasPrefix(*uri, prefix) {
			return
		}
		if _, err := documented(ctx, a, *uri); err != nil {
			*uri += " (there is no such operation: " + a.CatalogueURI() + " names them)"
		}
	})
}
