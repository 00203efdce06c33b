// Package mcpadapter turns every operation of an oapi-codegen client into an MCP tool.
//
// [New] takes the client and its operations table (package optable). Reflection on the Go types yields the callable
// methods, the order of arguments, their properties, types and which are required or nullable. The table adds what
// types cannot say, such as paths, descriptions, enum members and limits. An operation that cannot be a tool is left
// out; see [Adapter.Skipped]. Package spec makes the table of an OpenAPI document at start, and [WithRequests] of the
// client alone.
//
//	adapter, err := mcpadapter.New(apiClient, &petstore.Operations)
//	if err != nil { … }
//	err = mcpgo.Register(mcpServer, adapter) // an mcp-go *server.MCPServer, with or without tools of its own
//
// # Input
//
// A tool takes one flat JSON object: path, query and header parameters and the top-level properties of the body side
// by side under their wire names. A parameter whose name clients refuse, such as StartTime<, has a similar one. A body
// that is not an object, that has arbitrary properties, or that shares a name with a parameter is one argument, "body".
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
// This package imports no MCP library. [Adapter.Tools] returns tools as values with raw schemas and [Tool.Invoke];
// package mcpgo registers them with mcp-go, and package gosdk, a module of its own, with the official Go SDK.
//
// An Adapter and its tools are immutable, and safe for concurrent use if the client is. The table must not change after
// New.
package mcpadapter
