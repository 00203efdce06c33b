// Package workos is the root of a Go SDK for the WorkOS API and of a reflection-driven MCP adapter.
//
// Everything starts at api.yaml. Packages:
//
//   - client: the SDK, what most programs import;
//   - gen: models, client and operations table, generated; below it the generators, and what tests its operations;
//   - mcpadapter: any oapi-codegen client as MCP tools;
//   - examples: programs to run or copy, above all workos-mcp, the server and command line.
package workos

//go:generate go run ./gen/overlaygen -out gen/overlay.gen.yaml api.yaml
//go:generate go tool -modfile=gen/tools/go.mod oapi-codegen -config gen/oapi-codegen.yaml api.yaml
//go:generate go run ./gen/tablegen -strict -package gen -words gen/search.yaml -out gen/table.gen.go -reserved gen/internal/runtime/reserved.gen.go api.yaml
//go:generate go run ./gen/eventgen -out client/events/types.gen.go -test client/events/types_gen_test.go api.yaml
//go:generate go run ./gen/treegen -out client/services.gen.go -types client/types.gen.go -examples client/services_gen_test.go -models gen/api.gen.go api.yaml
