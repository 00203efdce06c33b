// Byo is a server and a command line for an API of your own: an OpenAPI file, a client that oapi-codegen makes of it,
// the table that tablegen makes of it, and the adapter.
//
//	NOTES_MCP_SERVER=https://notes.example.com go run ./examples/byo tool list
package main

import (
	"net/http"

	"github.com/seed-f165d83c/workos/examples/byo/notes"
	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

//go:generate go tool -modfile=../../gen/tools/go.mod oapi-codegen -config notes/oapi-codegen.yaml notes/notes.yaml
//go:generate go run ../../gen/tablegen -package notes -out notes/table.gen.go notes/notes.yaml

func main() { serve.Main(api()) }

func api() serve.API {
	return serve.API{Name: "notes-mcp", Title: "Notes", Table: &notes.Operations, Client: newClient}
}

func newClient(server string, doer *http.Client) (any, error) {
	return notes.NewClientWithResponses(server, notes.WithHTTPClient(doer))
}
