package serve

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// wireCall is a call that reaches the API unless its envelope is refused.
const wireCall = `"method":"tools/call","params":{"name":"teas.list","arguments":{}}`

// wireCases are messages and what a server responds with, over both transports. Where there is nothing to respond with,
// want is "".
func wireCases() []struct {
	name, message, want string
	sent                bool // the API gets a request
} {
	const (
		badID     = `"error":{"code":-32600,"message":"the id must be a string or an integer`
		badVer    = `"error":{"code":-32600,"message":"the member \"jsonrpc\" must be \"2.0\""`
		badMethod = `"error":{"code":-32600,"message":"the member \"method\" must be a string that is not empty"`
		batch     = `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"batches are not supported`
		object    = `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"the message is no JSON object"`
		ok        = `"result":{"content":[`
	)
	params := func(method, params string) string {
		return `{"jsonrpc":"2.0","id":1,"method":"` + method + `","params":` + params + `}`
	}
	return []struct {
		name, message, want string
		sent                bool
	}{
		{"an integer", `{"jsonrpc":"2.0","id":7,` + wireCall + `}`, `"id":7,` + ok, true},
		{"zero", `{"jsonrpc":"2.0","id":0,` + wireCall + `}`, `"id":0,` + ok, true},
		{"a negative integer", `{"jsonrpc":"2.0","id":-7,` + wireCall + `}`, `"id":-7,` + ok, true},
		{"the largest integer", `{"jsonrpc":"2.0","id":9007199254740991,` + wireCall + `}`, `"id":9007199254740991,` + ok, true},
		{"one with an exponent", `{"jsonrpc":"2.0","id":1e2,` + wireCall + `}`, `"id":100,` + ok, true},
		{"a larger one", `{"jsonrpc":"2.0","id":9007199254740993,` + wireCall + `}`, `"id":9007199254740993,` + badID, false},
		{"beyond any number", `{"jsonrpc":"2.0","id":1e999,` + wireCall + `}`, `"id":null,` + badID, false},
		{"a fraction", `{"jsonrpc":"2.0","id":1.5,` + wireCall + `}`, `"id":1.5,` + badID, false},
		{"null", `{"jsonrpc":"2.0","id":null,` + wireCall + `}`, `"id":null,` + badID, false},
		{"true", `{"jsonrpc":"2.0","id":true,` + wireCall + `}`, `"id":null,` + badID, false},
		{"an object", `{"jsonrpc":"2.0","id":{"a":1},` + wireCall + `}`, `"id":null,` + badID, false},
		{"an array", `{"jsonrpc":"2.0","id":[1],` + wireCall + `}`, `"id":null,` + badID, false},
		{"a string", `{"jsonrpc":"2.0","id":"a-1",` + wireCall + `}`, `"id":"a-1",` + ok, true},
		{"an empty string", `{"jsonrpc":"2.0","id":"",` + wireCall + `}`, `"id":"",` + ok, true},
		{"escapes", `{"jsonrpc":"2.0","id":"a\"\\\u0041\n",` + wireCall + `}`, `"id":"a\"\\A\n",` + ok, true},
		{"a string of digits", `{"jsonrpc":"2.0","id":"9007199254740993",` + wireCall + `}`, `"id":"9007199254740993",` + ok, true},

		{"a batch", `[{"jsonrpc":"2.0","id":1,` + wireCall + `}]`, batch, false},
		{"an empty batch", ` []`, batch, false},
		{"a number", `5`, object, false},
		{"a string alone", `"x"`, object, false},
		{"null alone", `null`, object, false},

		{"no version", `{"id":1,` + wireCall + `}`, `"id":1,` + badVer, false},
		{"version 1.0", `{"jsonrpc":"1.0","id":1,` + wireCall + `}`, `"id":1,` + badVer, false},
		{"a number as the version", `{"jsonrpc":2.0,"id":1,` + wireCall + `}`, `"id":1,` + badVer, false},
		{"an escaped version", `{"jsonrpc":"2\u002e0","id":1,` + wireCall + `}`, `"id":1,` + ok, true},

		{"no method", `{"jsonrpc":"2.0","id":1}`, `"id":1,` + badMethod, false},
		{"an empty method", `{"jsonrpc":"2.0","id":1,"method":""}`, `"id":1,` + badMethod, false},
		{"a number as the method", `{"jsonrpc":"2.0","id":1,"method":5}`, `"id":1,` + badMethod, false},
		{"neither method nor ID", `{"jsonrpc":"2.0"}`, `"id":null,` + badMethod, false},
		{"an unknown method", `{"jsonrpc":"2.0","id":1,"method":"no/such"}`, `"id":1,"error":{"code":-32601`, false},
		{"a notification as a request", `{"jsonrpc":"2.0","id":1,"method":"notifications/cancelled"}`, `"id":1,"error":{"code":-32601`, false},

		{"null as the params of a list", params("tools/list", `null`), `"id":1,"result":{"tools":[`, false},
		{"params of no method", params("no/such", `{"name":5}`), `"id":1,"error":{"code":-32601`, false},
		{"a call as a notification", `{"jsonrpc":"2.0",` + wireCall + `}`, "", false},
		{"an unknown notification", `{"jsonrpc":"2.0","method":"notifications/no_such","params":{"a":1}}`, "", false},
		{"a cancellation of nothing", `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99}}`, "", false},
		{"a cancellation without an ID", `{"jsonrpc":"2.0","method":"notifications/cancelled"}`, "", false},
		{"a response to nothing", `{"jsonrpc":"2.0","id":99,"result":{}}`, "", false},
		{
			"an unknown protocol version",
			`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"1999-01-01","capabilities":{},` +
				`"clientInfo":{"name":"x","version":"1"}}}`,
			`"id":1,"result":{"protocolVersion":"2025-11-25"`, false,
		},
		{
			"an unknown protocol version of a request",
			`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"teas.list","_meta":{` +
				`"io.modelcontextprotocol/protocolVersion":"2099-01-01","io.modelcontextprotocol/clientCapabilities":{}}}}`,
			`"id":1,"error":{"code":`, false,
		},
	}
}

// What is no message of JSON-RPC is refused and not sent, and the ID of every response is that of its request.
func TestMessagesOnTheWire(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	handler := store.handler(t, HTTPOptions{})
	overHTTP := func(message string) string {
		r := request(t, strings.NewReader(message))
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return strings.TrimSpace(w.Body.String())
	}
	overStdio := func(message string) string { return strings.TrimSpace(store.askStdio(t, message+"\n")) }
	for _, c := range wireCases() {
		for transport, ask := range map[string]func(string) string{"HTTP": overHTTP, "stdio": overStdio} {
			before := store.requests.Load()
			got := ask(c.message)
			if c.want == "" && got != "" || !strings.Contains(got, c.want) || strings.Contains(got, "\n") {
				t.Errorf("%s over %s: got %s, want %q in one line", c.name, transport, got, c.want)
			}
			if sent := store.requests.Load() != before; sent != c.sent {
				t.Errorf("%s over %s: got a request to the API: %t, want %t", c.name, transport, sent, c.sent)
			}
		}
	}
}
