// Package mcpadapter turns every operation of an oapi-codegen client into an MCP tool, by reflection.
//
// # Start
//
// In a module with an OpenAPI document, here petstore/openapi.yaml, three commands write the client and its table:
//
//	go get github.com/seed-f165d83c/workos@latest github.com/oapi-codegen/runtime@latest
//	go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@latest -generate models,client \
//		-package petstore -o petstore/client.gen.go petstore/openapi.yaml
//	go run github.com/seed-f165d83c/workos/gen/tablegen@latest -package petstore \
//		-out petstore/table.gen.go petstore/openapi.yaml
//
// With them, main.go is a server and a command line:
//
//	package main
//
//	import (
//		"net/http"
//
//		"example.com/petstore-mcp/petstore"
//		"github.com/seed-f165d83c/workos/mcpadapter/serve"
//	)
//
//	func main() {
//		serve.Main(serve.API{Name: "petstore-mcp", Table: &petstore.Operations, Client: newClient})
//	}
//
//	func newClient(server string, doer *http.Client) (any, error) {
//		return petstore.NewClientWithResponses(server, petstore.WithHTTPClient(doer))
//	}
//
// After go mod tidy, the first line calls a tool, and the second is the command of the server for an MCP client:
//
//	go run . tool call listPets '{"limit": 2}' --server https://petstore.example
//	go run . --server https://petstore.example
//
// A program with an MCP server of its own adds the tools to it, beside those that it has:
//
//	adapter, err := mcpadapter.New(client, &petstore.Operations)
//	if err != nil { … }
//	err = mcpgo.Register(mcpServer, adapter)
//
// To try an API out, examples/openapi-mcp serves an OpenAPI document without generated code.
//
// # Types and table
//
// Reflection on the Go types of the client yields the callable methods, the order of arguments, their properties, types
// and which are required or nullable. The table (package optable) adds what types cannot say, such as paths,
// descriptions, enum members and limits. It comes from one of three places:
//
//   - tablegen writes it as Go code, which costs nothing at start;
//   - package spec makes it at start, of the document that oapi-codegen embeds or of any other;
//   - [WithRequests] makes it of the client alone, without descriptions, enum members, limits and response schemas.
//
// # What works
//
// The table and the client must be of the same document, of OpenAPI 3.0, 3.1 or 3.2. The client needs oapi-codegen's
// models and client; other options, such as those for names, may be set, and an operation that one of them prevents is
// skipped. Some documents compile only with resolve-type-name-collisions, always-prefix-enum-values or skip-prune.
// Where operations are selected by tags or IDs, tablegen -config reads the same selection. Bodies and responses have
// any media type: JSON, forms, multipart, XML, text and files. A body of a type such as image/png whose schema has the
// format byte is sent as base64, as OpenAPI says. Where an API takes the bytes themselves, which many documents that
// say byte mean, change the format to binary.
//
// The page docs/matrix.md lists public documents, of GitHub, Twilio, Xero and others, with the options that each needs,
// how many of its operations are tools, and how many of their calls an independent validator accepts.
//
// # What is skipped
//
// New leaves out an operation that cannot be a tool, logs it, and lists it in [Adapter.Skipped] with the reason and a
// cure: the client has no method for it, or two that differ in case alone; an optional parameter has a Go type that
// cannot be absent, as an object has with prefer-skip-optional-pointer; a parameter is called body beside a body; x-mcp
// is invalid; the client cannot write a required query parameter, such as one of the style deepObject with explode:
// false; or no valid arguments can be converted to its Go types. Each operation is proven by an example when New runs,
// so that no listed tool is one that cannot be called. An optional query parameter that the client cannot write, such
// as a choice or a list of objects, is added to the request by the adapter. With [WithStrict], New fails instead.
//
// What a document says and a table cannot represent is published permissively, so that no value is rejected that the
// document accepts. Tablegen prints each such place with its line and a cure, and package spec logs it.
//
// # Credentials
//
// An adapter adds no credentials: the HTTP client below the API client does. Package credential makes its transport of
// the security schemes of the table, and serve reads what it needs. For a scheme named api_key, that is the environment
// variable PETSTORE_MCP_API_KEY for stdio and the shell, and over HTTP a header of each request; --help lists them.
// Credentials travel in the context of a call, and are never logged.
//
// # Input
//
// A tool takes one flat JSON object: path, query and header parameters and the top-level properties of the body side
// by side under their wire names. A parameter whose name clients refuse, such as StartTime<, has a similar one. A body
// that is not an object, that has arbitrary properties, that is a choice without a discriminator, or that shares a name
// with a parameter is one argument, "body".
// A union body is flattened; its discriminator selects the variant.
//
// Arguments are checked before anything is sent: an unknown, missing, mistyped or out-of-range one, and a path value
// that is empty, "." or ".." or would address another operation, is a [Failure] that names the argument, what was
// expected and the nearest valid name. Absent, null and a value are different all the way to the wire, and large
// integers keep their digits.
//
// Where the schema accepts no string, a string that is exactly the JSON of an accepted object, array, number or boolean
// is read as that value; so is a string with all arguments. [Result.Repaired] lists them. Every other mistake is
// rejected, with an example of valid arguments.
//
// # Output
//
// The result is one JSON object:
//
//   - the response, if it is a JSON object, and {} if it has no body;
//   - {"data": […]} for a bare array, and {"value": …} for any other JSON value;
//   - {"location": "…"} for a documented redirect, which is not followed;
//   - {"data": […]} for a stream of server-sent events or of JSON values, as far as it goes within the limits;
//   - {"content_type": "…", "text": "…"} for XML and every other text;
//   - {"content_type": "…", "bytes": 1234} for an image, audio or a file, which itself is in [Result.Content].
//
// Every other status is a failure with the status and the API's code, message and request ID. [WithOutputSchemas]
// publishes the shape of responses, so tolerantly that a new property or enum member never makes a client reject one.
//
// # Result size
//
// [WithShapingArguments] lets a call select parts of a response, or all pages of a list. [WithHiddenSecrets] removes
// the secrets that an operation returns. [WithMaxResultBytes] limits the size of what remains: it cuts a list after the
// last item that fits, with a cursor to the next one.
//
// # Filters
//
// A [Filter] limits which operations are listed and may be called: by toolset, by patterns over names, and to those
// that change nothing. [WithFilter] applies to every call, [Adapter.Narrow] to the calls of one context, such as an
// HTTP request. A filter can only restrict what others permit, and [Tool.Invoke] enforces all of them: nothing of a
// rejected operation is sent.
//
// # Confirmation
//
// [WithConfirmation] has a person confirm calls before they are sent, after their arguments were checked: those that
// replace, destroy or send something or read a secret, or every change; see [Risk]. The question describes what would
// be done to what. A client that supports elicitation asks it. For other clients the call fails with the question and a
// sealed token, and is sent when it is repeated with that token. [Tool.InvokeAsking] is for programs that can ask a
// person themselves.
//
// # Discovery
//
// A model need not read hundreds of tools to use some. [Adapter.Search] finds operations for a request in plain words.
// [Adapter.DynamicTools] replace all other tools: one searches, one describes, and three call operations that read,
// write and destroy. [Adapter.Catalogue] names everything in few words, and [Adapter.Guide] has instructions for a
// model.
//
// # MCP libraries
//
// This package imports no MCP library. [Adapter.Tools] returns tools as values with raw schemas and [Tool.Invoke], and
// [Tool.Serve] for clients that may ask their person; package mcpgo registers them with mcp-go, and package gosdk, a
// module of its own, with the official Go SDK.
//
// An Adapter and its tools are immutable, and safe for concurrent use if the client is. The table must not change after
// New.
package mcpadapter
