// A benchmark of success: tasks of administrators, solved through workos-mcp in each of its modes.
//
//	go -C examples/agentbench run .
module github.com/seed-f165d83c/workos/examples/agentbench

go 1.26.0

require (
	github.com/seed-f165d83c/workos v0.0.0
	github.com/tiktoken-go/tokenizer v0.7.0
)

require (
	github.com/apapsch/go-jsonmerge/v2 v2.0.0 // indirect
	github.com/dlclark/regexp2 v1.11.5 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/oapi-codegen/nullable v1.2.0 // indirect
	github.com/oapi-codegen/runtime v1.9.0 // indirect
)

replace github.com/seed-f165d83c/workos => ../..
