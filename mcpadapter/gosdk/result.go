package gosdk

import (
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

func callResult(r mcpadapter.Result) *mcp.CallToolResult {
	return &mcp.CallToolResult{
		Meta:              r.Meta(),
		Content:           append([]mcp.Content{&mcp.TextContent{Text: r.Text()}}, contents(r)...),
		StructuredContent: r.JSON,
		IsError:           r.Failure != nil,
	}
}

// contents returns what a result has beside its JSON.
func contents(r mcpadapter.Result) []mcp.Content {
	var list []mcp.Content
	for _, c := range r.Content {
		switch c.Kind {
		case mcpadapter.ContentImage:
			list = append(list, &mcp.ImageContent{Data: c.Data, MIMEType: c.MediaType})
		case mcpadapter.ContentAudio:
			list = append(list, &mcp.AudioContent{Data: c.Data, MIMEType: c.MediaType})
		case mcpadapter.ContentResource:
			list = append(list, &mcp.EmbeddedResource{Resource: &mcp.ResourceContents{
				URI: c.URI, MIMEType: c.MediaType, Blob: append([]byte{}, c.Data...), // nil would be left out
			}})
		}
	}
	return list
}
