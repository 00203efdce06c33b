// Byo is a server and a command line for an API of your own: an OpenAPI file, a client that oapi-codegen makes of it,
// the table that tablegen makes of it, and the adapter.
//
//	NOTES_URL=https://notes.example.com go run ./examples/byo tool list
package main

import (
	"errors"
	"net/http"

	"github.com/seed-f165d83c/workos/examples/byo/notes"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

//go:generate go tool -modfile=../../gen/tools/go.mod oapi-codegen -config notes/oapi-codegen.yaml notes/notes.yaml
//go:generate go run ../../gen/tablegen -package notes -out notes/table.gen.go notes/notes.yaml

func main() { serve.Main(api()) }

func api() serve.API {
	return serve.API{
		Name: "notes-mcp", Title: "Notes", Version: "v1.0.0", EnvPrefix: "NOTES_MCP",
		Short: "Every operation of the notes API as an MCP tool", Adapter: newAdapter,
	}
}

func newAdapter(settings serve.Settings, opts ...mcpadapter.Option) (*mcpadapter.Adapter, error) {
	url := settings.Getenv("NOTES_URL")
	if url == "" {
		return nil, errors.New("NOTES_URL is not set")
	}
	// A redirect could carry a request, and what authenticates it, to another host.
	plain := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	client, err := notes.NewClientWithResponses(url, notes.WithHTTPClient(plain))
	if err != nil {
		return nil, err
	}
	return mcpadapter.New(client, &notes.Operations, opts...)
}
