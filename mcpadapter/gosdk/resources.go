package gosdk

import (
	"context"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// DocumentationVariable is the variable of the URI template that [RegisterResources] adds.
const DocumentationVariable = "name"

const markdown = "text/markdown"

// RegisterResources adds the catalogue of operations as a resource, and the documentation of each operation as a
// resource template. Both have only what the filters of a request permit. The function returns the style of the names
// in the documentation, as that of [Middleware]. It must not run concurrently with other registrations on the server.
func RegisterResources(s *mcp.Server, a *mcpadapter.Adapter, style func(client string) mcpadapter.NameStyle) {
	addCatalogue(s, a)
	s.AddResourceTemplate(&mcp.ResourceTemplate{
		URITemplate: a.DocumentationURI("{" + DocumentationVariable + "}"), Name: "documentation", MIMEType: markdown,
		Title:       "Documentation of an operation",
		Description: "What an operation does, its risk, its arguments and an example.",
	}, func(ctx context.Context, request *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
		uri := request.Params.URI
		t, err := a.Tool(strings.TrimPrefix(uri, a.DocumentationURI("")))
		if err != nil || !t.Permitted(ctx) {
			return nil, mcp.ResourceNotFoundError(uri)
		}
		return text(uri, t.Documentation(ctx, style(clientName(request)))), nil
	})
}

// addCatalogue adds the catalogue of operations as a resource.
func addCatalogue(s *mcp.Server, a *mcpadapter.Adapter) {
	uri := a.CatalogueURI()
	s.AddResource(
		&mcp.Resource{
			URI: uri, Name: "catalogue", Title: "Catalogue of operations", MIMEType: markdown,
			Description: "The names of all operations that may be called, by toolset.",
		},
		func(ctx context.Context, _ *mcp.ReadResourceRequest) (*mcp.ReadResourceResult, error) {
			return text(uri, a.Catalogue(ctx)), nil
		})
}

// text returns a resource, which is private to the client because it follows the filters of the request.
func text(uri, content string) *mcp.ReadResourceResult {
	return &mcp.ReadResourceResult{
		Contents:  []*mcp.ResourceContents{{URI: uri, MIMEType: markdown, Text: content}},
		Cacheable: mcp.Cacheable{CacheScope: "private"},
	}
}
