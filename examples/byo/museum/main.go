// Museum is a server and a command line for an API of somebody else, the Redocly Museum. Package api is generated from
// the description as it is published; api/LICENSE has its source and license.
//
//	MUSEUM_MCP_MUSEUM_PLACEHOLDER_AUTH=user:password go run ./examples/byo/museum tool call getMuseumHours '{"limit": 3}'
package main

import (
	"net/http"

	"github.com/seed-f165d83c/workos/examples/byo/museum/api"
	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

//go:generate go tool -modfile=../../../gen/tools/go.mod oapi-codegen -config api/oapi-codegen.yaml api/openapi.yaml
//go:generate go run ../../../gen/tablegen -package api -out api/table.gen.go api/openapi.yaml

func main() { serve.Main(museum()) }

func museum() serve.API {
	return serve.API{
		Name: "museum-mcp", Title: "Redocly Museum", Short: "Opening hours, special events and tickets of a museum",
		Table: &api.Operations, Client: newClient,
	}
}

func newClient(server string, doer *http.Client) (any, error) {
	return api.NewClientWithResponses(server, api.WithHTTPClient(doer))
}
