package serve

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"
)

// Params that are refused, with the error.
var refusedParams = []struct{ method, params, want string }{
	{"initialize", `{"protocolVersion":5}`, "params.protocolVersion: expected a string, got a number"},
	{"initialize", `{"capabilities":[]}`, "params.capabilities: expected an object, got an array"},
	{
		"initialize", `{"capabilities":{"roots":{"listChanged":"yes"}}}`,
		"params.capabilities.roots.listChanged: expected true or false, got a string",
	},
	{"initialize", `{"clientInfo":"x"}`, "params.clientInfo: expected an object, got a string"},
	{"ping", `5`, "params: expected an object, got a number"},
	{"tools/list", `{"cursor":5}`, "params.cursor: expected a string, got a number"},
	{"tools/list", `{"cursor":"%"}`, "params.cursor: expected the nextCursor of an earlier result"},
	{"tools/list", `{"_meta":true}`, "params._meta: expected an object, got true or false"},
	{"prompts/list", `[]`, "params: expected an object, got an array"},
	{"resources/list", `{"cursor":{}}`, "params.cursor: expected a string, got an object"},
	{"resources/templates/list", `{"cursor":"%"}`, "params.cursor: expected the nextCursor of an earlier result"},
	{"tools/call", `"x"`, "params: expected an object, got a string"},
	{"tools/call", `{"name":5}`, "params.name: expected a string, got a number"},
	{"tools/call", `{"arguments":{}}`, "params.name: expected the name of a tool"},
	{"tools/call", `{"name":null}`, "params.name: expected the name of a tool"},
	{"tools/call", `null`, "params.name: expected the name of a tool"},
	{"tools/call", `{"name":"teas.list","_meta":5}`, "params._meta: expected an object, got a number"},
	{"tools/call", `{"name":"teas.list","task":5}`, "params.task: expected an object, got a number"},
	{"prompts/get", `{"name":[]}`, "params.name: expected a string, got an array"},
	{"prompts/get", `{}`, "params.name: expected the name of a prompt"},
	{"prompts/get", `{"name":"x","arguments":[]}`, "params.arguments: expected an object, got an array"},
	{"prompts/get", `{"name":"x","arguments":{"a":"","b":5}}`, "params.arguments.b: expected a string"},
	{"resources/read", `{"uri":5}`, "params.uri: expected a string, got a number"},
	{"resources/read", `{}`, "params.uri: expected a URI"},
	{"completion/complete", `{"ref":5}`, "params.ref: expected an object, got a number"},
	{"completion/complete", `{}`, "params.ref.type: expected ref/prompt or ref/resource"},
	{"completion/complete", `{"ref":{"type":"ref/tool"}}`, "params.ref.type: expected ref/prompt or ref/resource"},
	{
		"completion/complete", `{"ref":{"type":"ref/prompt"},"argument":7}`,
		"params.argument: expected an object, got a number",
	},
	{
		"completion/complete", `{"ref":{"type":"ref/prompt"},"context":{"arguments":{"a":[]}}}`,
		"params.context.arguments.a: expected a string",
	},
}

// Errors about params name the member and what it has to be, over both transports, and nothing is sent.
func TestParamsAreRefusedInWords(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	handler := store.handler(t, HTTPOptions{})
	for _, c := range refusedParams {
		message := fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":%q,"params":%s}`, c.method, c.params)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, request(t, strings.NewReader(message)))
		for transport, got := range map[string]string{"HTTP": w.Body.String(), "stdio": store.askStdio(t, message+"\n")} {
			want := fmt.Sprintf(`"id":1,"error":{"code":-32602,"message":%q`, c.want)
			if !strings.Contains(got, want) {
				t.Errorf("%s over %s: got %s, want %s", message, transport, got, want)
			}
		}
	}
	if n := store.requests.Load(); n != 0 {
		t.Errorf("got %d requests to the API, want none", n)
	}
}

// Params that mcp-go reads are left to it.
func TestOtherParamsPass(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ method, params string }{
		{"tools/list", ``}, {"tools/list", `null`}, {"tools/list", `{"cursor":null,"_meta":{"progressToken":1}}`},
		{"tools/list", `{"cursor":"dGVhcw=="}`},
		{"tools/call", `{"name":"x","arguments":5,"_meta":{"a":[1]},"other":1}`},
		{"prompts/get", `{"name":"x","arguments":{"a":"b","c":null}}`},
		{"completion/complete", `{"ref":{"type":"ref/resource","uri":"x"},"argument":{"name":"a","value":""}}`},
		{"initialize", `{"capabilities":{"x":5},"clientInfo":{"name":"x"}}`}, {"no/such", `{"a":5}`},
	} {
		m := envelope{method: c.method}
		if c.params != "" {
			m.params = json.RawMessage(c.params)
		}
		if err := wrongParams(m); err != nil {
			t.Errorf("%s %s: got %v, want it left to mcp-go", c.method, c.params, err)
		}
	}
}

// FuzzWrongParams checks that mcp-go can read every request that passes.
func FuzzWrongParams(f *testing.F) {
	for _, c := range refusedParams {
		f.Add(c.method, c.params)
	}
	f.Add("tools/call", `{"name":"x","arguments":{"a":1}}`)
	f.Fuzz(func(t *testing.T, method, params string) {
		request := readBy[mcp.MCPMethod(method)]
		if request == nil || !json.Valid([]byte(params)) || inspect([]byte(params)) != nil {
			return
		}
		if wrongParams(envelope{method: method, params: json.RawMessage(params)}) != nil {
			return
		}
		if err := json.Unmarshal([]byte(`{"params":`+params+`}`), request()); err != nil {
			t.Errorf("%s %s: got %v from mcp-go, want it refused before", method, params, err)
		}
	})
}

// readBy has what mcp-go reads requests to.
var readBy = map[mcp.MCPMethod]func() any{
	mcp.MethodInitialize:             func() any { return new(mcp.InitializeRequest) },
	mcp.MethodPing:                   func() any { return new(mcp.PingRequest) },
	mcp.MethodToolsList:              func() any { return new(mcp.ListToolsRequest) },
	mcp.MethodToolsCall:              func() any { return new(mcp.CallToolRequest) },
	mcp.MethodPromptsGet:             func() any { return new(mcp.GetPromptRequest) },
	mcp.MethodPromptsList:            func() any { return new(mcp.ListPromptsRequest) },
	mcp.MethodResourcesRead:          func() any { return new(mcp.ReadResourceRequest) },
	mcp.MethodResourcesList:          func() any { return new(mcp.ListResourcesRequest) },
	mcp.MethodResourcesTemplatesList: func() any { return new(mcp.ListResourceTemplatesRequest) },
	mcp.MethodCompletionComplete:     func() any { return new(mcp.CompleteRequest) },
}
