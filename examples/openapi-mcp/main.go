// Openapi-mcp serves the API of an OpenAPI document, a file or a URL, as MCP tools, without generated code:
//
//	openapi-mcp SPEC_OR_URL                        serve over stdin and stdout
//	openapi-mcp SPEC_OR_URL http                   serve streamable HTTP
//	openapi-mcp SPEC_OR_URL tool list              names and summaries
//	openapi-mcp SPEC_OR_URL tool call NAME '{…}'   call one
//	openapi-mcp SPEC_OR_URL --help                 flags, and the variables and headers with credentials
//
// It is for trying an API out. A server to keep has a generated client, as examples/byo.
package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

func main() {
	if len(os.Args) < 2 || os.Args[1] == "" || strings.HasPrefix(os.Args[1], "-") {
		fmt.Fprintln(os.Stderr, "usage: openapi-mcp SPEC_OR_URL [stdio | http | tool | version] [flags]")
		os.Exit(serve.ExitUsage)
	}
	api := newAPI(context.Background(), os.Args[1])
	os.Args = slices.Delete(os.Args, 1, 2)
	serve.Main(api)
}

// newAPI serves the document at a path or URL, which is read when the program runs.
func newAPI(ctx context.Context, location string) serve.API {
	return serve.API{
		Name: "openapi-mcp", Title: location, Short: "Every operation of an OpenAPI document as an MCP tool",
		Spec: source(ctx, location),
	}
}
