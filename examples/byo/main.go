// Byo serves an API of your own over MCP: an OpenAPI file, a client that oapi-codegen makes of it, the table that
// tablegen makes of it, and the adapter.
//
//	NOTES_URL=https://notes.example.com go run ./examples/byo
package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/examples/byo/notes"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
)

//go:generate go tool -modfile=../../gen/tools/go.mod oapi-codegen -config notes/oapi-codegen.yaml notes/notes.yaml
//go:generate go run ../../gen/tablegen -package notes -out notes/table.gen.go notes/notes.yaml

func main() {
	s, err := newServer(os.Getenv("NOTES_URL"))
	if err == nil {
		// At the end of its input this cancels the calls in flight; workos-mcp shows how to wait for them.
		err = server.ServeStdio(s)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "byo:", err)
		os.Exit(1)
	}
}

func newServer(url string) (*server.MCPServer, error) {
	if url == "" {
		return nil, errors.New("NOTES_URL is not set")
	}
	// A redirect could carry a request, and what authenticates it, to another host.
	plain := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	client, err := notes.NewClientWithResponses(url, notes.WithHTTPClient(plain))
	if err != nil {
		return nil, err
	}
	adapter, err := mcpadapter.New(client, &notes.Operations)
	if err != nil {
		return nil, err
	}
	s := server.NewMCPServer("notes", "1.0.0")
	return s, mcpgo.Register(s, adapter)
}
