package bindtest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// Revisions of MCP: the last with sessions, and the first without.
const (
	withSessions    = "2025-11-25"
	withoutSessions = "2026-07-28"
)

// client is an MCP client of one server that keeps to the wire.
type client struct {
	url          string
	revision     string
	name         string // in clientInfo; "": none
	capabilities string
	userAgent    string
	header       http.Header // of each request
	session      string
	// answer returns the result for a request of the server; nil: there is none.
	answer func(method string, params json.RawMessage) any
	// heard gets each notification.
	heard func(method string, params json.RawMessage)

	last int // ID of a request
}

// message is a JSON-RPC message.
type message struct {
	ID     json.RawMessage `json:"id,omitempty"`
	Method string          `json:"method,omitempty"`
	Params json.RawMessage `json:"params,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  *rpcError       `json:"error,omitempty"`
}

type rpcError struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
}

// serve serves an adapter for clients.
func serve(tb testing.TB, b Binding, a *mcpadapter.Adapter, s Setup) string {
	tb.Helper()
	handler, err := b(tb, a, s)
	if err != nil {
		tb.Fatal(err)
	}
	listener := httptest.NewServer(handler)
	tb.Cleanup(listener.Close)
	return listener.URL
}

// connect starts a session.
func (c *client) connect(tb testing.TB) *client {
	tb.Helper()
	c.revision = withSessions
	if c.capabilities == "" {
		c.capabilities = `{}`
	}
	_, err := c.request(tb, "initialize", map[string]any{
		"protocolVersion": c.revision, "capabilities": json.RawMessage(c.capabilities),
		"clientInfo": map[string]string{"name": c.name, "version": "1"},
	})
	if err != nil {
		tb.Fatalf("initialize: %v", err)
	}
	c.notify(tb, "notifications/initialized", map[string]any{})
	return c
}

func (c *client) notify(tb testing.TB, method string, params any) {
	tb.Helper()
	c.send(tb, "", map[string]any{"jsonrpc": "2.0", "method": method, "params": params})
}

// request returns the result or the error of a request.
func (c *client) request(tb testing.TB, method string, params map[string]any) (json.RawMessage, *rpcError) {
	tb.Helper()
	if c.revision == withoutSessions {
		meta := map[string]any{
			"io.modelcontextprotocol/protocolVersion":    c.revision,
			"io.modelcontextprotocol/clientCapabilities": json.RawMessage(c.capabilities),
		}
		if c.name != "" {
			meta["io.modelcontextprotocol/clientInfo"] = map[string]string{"name": c.name, "version": "1"}
		}
		params["_meta"] = meta
	}
	c.last++
	m := c.send(tb, method, map[string]any{"jsonrpc": "2.0", "id": c.last, "method": method, "params": params})
	if m == nil {
		tb.Fatalf("%s: got no response", method)
	}
	return m.Result, m.Error
}

// call calls a tool, which must have a result.
func (c *client) call(tb testing.TB, tool, arguments string) result {
	tb.Helper()
	return c.round(tb, tool, arguments, "", nil)
}

// round calls a tool with the state and the response of a round.
func (c *client) round(tb testing.TB, tool, arguments, state string, answer any) result {
	tb.Helper()
	params := map[string]any{"name": tool}
	if arguments != "" {
		params["arguments"] = json.RawMessage(arguments)
	}
	if state != "" {
		params["requestState"] = state
	}
	if answer != nil {
		params["inputResponses"] = map[string]any{mcpadapter.ConfirmationField: answer}
	}
	text, err := c.request(tb, "tools/call", params)
	if err != nil {
		tb.Fatalf("%s %s: got %v, want a result", tool, arguments, *err)
	}
	var r result
	if err := json.Unmarshal(text, &r); err != nil {
		tb.Fatalf("%s: %v in %s", tool, err, text)
	}
	return r
}

// result is the result of a tool.
type result struct {
	Content []struct {
		Type string `json:"type"`
		Text string `json:"text"`
	} `json:"content"`
	Structured json.RawMessage `json:"structuredContent"`
	IsError    bool            `json:"isError"`
	Type       string          `json:"resultType"`
	State      string          `json:"requestState"`
	Requests   map[string]struct {
		Method string `json:"method"`
		Params struct {
			Mode    string          `json:"mode"`
			Message string          `json:"message"`
			Schema  json.RawMessage `json:"requestedSchema"`
		} `json:"params"`
	} `json:"inputRequests"`
}

func (r result) text() string {
	if len(r.Content) == 0 {
		return ""
	}
	return r.Content[0].Text
}

// pending returns the confirmation that a failed call asks for.
func (r result) pending(tb testing.TB) *mcpadapter.PendingConfirmation {
	tb.Helper()
	var structured struct {
		Error mcpadapter.Failure `json:"error"`
	}
	if err := json.Unmarshal(r.Structured, &structured); err != nil {
		tb.Fatal(err)
	}
	if !r.IsError || structured.Error.Confirmation == nil {
		tb.Fatalf("got %s, want a question", r.text())
	}
	return structured.Error.Confirmation
}

// send posts a message and returns the response to it, or nil. Meanwhile it answers the requests of the server.
func (c *client) send(tb testing.TB, method string, m map[string]any) *message {
	tb.Helper()
	body, err := json.Marshal(m)
	if err != nil {
		tb.Fatal(err)
	}
	request, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	maps.Copy(request.Header, c.header)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json, text/event-stream")
	if c.userAgent != "" {
		request.Header.Set("User-Agent", c.userAgent)
	}
	if c.session != "" {
		request.Header.Set("Mcp-Session-Id", c.session)
	}
	if method != "initialize" && c.revision != "" {
		request.Header.Set("Mcp-Protocol-Version", c.revision)
	}
	if c.revision == withoutSessions {
		request.Header.Set("Mcp-Method", method)
		if params, ok := m["params"].(map[string]any); ok {
			for _, named := range []string{"name", "uri"} {
				if name, ok := params[named].(string); ok {
					request.Header.Set("Mcp-Name", name)
				}
			}
		}
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if id := response.Header.Get("Mcp-Session-Id"); id != "" {
		c.session = id
	}
	if response.StatusCode >= http.StatusInternalServerError {
		text, _ := io.ReadAll(response.Body)
		tb.Fatalf("%s: got %d %s", method, response.StatusCode, text)
	}
	return c.read(tb, response)
}

// read reads messages until the response.
func (c *client) read(tb testing.TB, response *http.Response) *message {
	tb.Helper()
	stream := strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream")
	lines := bufio.NewReader(response.Body)
	for {
		line, err := lines.ReadString('\n')
		data, isData := strings.CutPrefix(strings.TrimSpace(line), "data:")
		if data = strings.TrimSpace(data); data != "" && (isData || !stream) {
			var m message
			if err := json.Unmarshal([]byte(data), &m); err != nil {
				tb.Fatalf("got %d %s: %v", response.StatusCode, data, err)
			}
			switch {
			case m.Method == "":
				return &m
			case m.ID == nil && c.heard != nil:
				c.heard(m.Method, m.Params)
			case m.ID != nil && c.answer != nil:
				c.send(tb, "", map[string]any{"jsonrpc": "2.0", "id": m.ID, "result": c.answer(m.Method, m.Params)})
			}
		}
		if err != nil {
			return nil
		}
	}
}
