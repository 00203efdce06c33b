// Package mcpadapter turns every operation of an oapi-codegen client into an MCP tool.
//
// [New] takes the client and its operations table (package optable). What can be called, in which order, with which
// properties, of which types, required or nullable, is read off the Go types by reflection; what types cannot say,
// such as paths, descriptions, enum members and bounds, comes from the table. Where the two disagree, New fails.
//
//	adapter, err := mcpadapter.New(apiClient, &petstore.Operations)
//	if err != nil { … }
//	err = mcpgo.Register(mcpServer, adapter) // an mcp-go *server.MCPServer, with or without tools of its own
//
// # Input
//
// A tool takes one flat JSON object: path, query and header parameters and the top-level properties of the body side
// by side under their wire names. A body that is no object, that takes arbitrary properties, or that shares a name
// with a parameter goes whole under "body". A union body is flattened; its discriminator says which variant is meant.
//
// Arguments are checked before anything is sent: an unknown, missing, mistyped or out-of-range one, and a path value
// that is empty, "." or "..", gets a [Failure] that names the argument, what was expected and the nearest valid name.
// Absent, null and a value are three things all the way to the wire, and large integers keep their digits.
//
// Where no string is accepted, a string that holds exactly the JSON of an object, an array, a number or a boolean that
// is accepted is read as that, as are the arguments as a whole; the result tells which were. Every other mistake is
// refused, with an example of valid arguments for that tool.
//
// # Output
//
// The answer is one JSON object: the API's own, {"data": […]} for a bare array, {"location": "…"} for a redirect that
// the client does not follow, and {} for an answer without a body. Every other status is a failure with the status and
// the API's code, message and request ID. [WithOutputSchemas] publishes what answers look like, so tolerantly that a
// new field or value never makes a client refuse one.
//
// # Answers that fit
//
// [WithShapingArguments] lets a call ask for parts of an answer, or for all pages of a list. [WithHiddenSecrets] takes
// out what an operation shows on purpose and the reader has no need to see. [WithMaxResultBytes] bounds what is left:
// it cuts lists behind a whole element, with a cursor that leads to the next one.
//
// # Filters
//
// A [Filter] bounds which operations are listed and may be called: by toolset, by globs over names, and to those that
// change nothing. [WithFilter] sets it for every call, [Adapter.Narrow] for the calls of one context, such as an HTTP
// request. All of them hold, so that one can only narrow what another permits, and [Tool.Invoke] enforces them whoever
// calls: nothing of an operation that is not permitted reaches the wire.
//
// # Confirmation
//
// [WithConfirmation] has a person confirm calls before they are sent, after their arguments were checked: those that
// destroy something or send email, or every change. The question says what would be done to what. A client with
// elicitation asks it; for every other one the call fails with the question and a sealed token, and is sent when it
// comes again with that token. [Tool.InvokeAsking] is for programs that can ask somebody themselves.
//
// # Discovery
//
// A model need not read hundreds of tools to use some. [Adapter.Search] finds operations by what one wants to do, and
// [Adapter.DynamicTools] stand in for all others: one searches, one describes, and three call what reads, what writes
// and what destroys. [Adapter.Catalogue] names everything in few words, and [Adapter.Guide] tells a model what holds
// for many tools.
//
// # Use without mcp-go
//
// [Adapter.Tools] hands out the tools as values with raw schemas and [Tool.Invoke]; only the files mcpgo*.go know
// mcp-go.
//
// An Adapter and its tools are immutable, and safe for concurrent use if the client is. The table must not change after
// New.
package mcpadapter
