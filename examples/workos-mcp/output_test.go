package main

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	mcpclient "github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
)

func TestOutputSchemasAreForThoseWhoAsk(t *testing.T) {
	if o := execute(t, nil, "", "tool", "get", "organizations.get"); strings.Contains(o.stdout, "outputSchema") {
		t.Errorf("got %s, want no output schema", o.stdout)
	}
	o := execute(t, nil, "", "--output-schemas", "tool", "get", "organizations.get")
	if !strings.Contains(o.stdout, "outputSchema") || !strings.Contains(o.stdout, "allow_profiles_outside_organization") {
		t.Errorf("got %s, want an output schema", o.stdout)
	}
	const (
		list   = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
		schema = `"outputSchema":{"type":"object"`
	)
	want := len(gen.Operations.Operations)
	o = execute(t, nil, initialize+"\n"+list+"\n", "stdio", "--output-schemas")
	if got := strings.Count(o.stdout, schema); got != want {
		t.Errorf("stdio: got %d output schemas, want %d", got, want)
	}
	url, _ := startHTTP(t, nil, "--output-schemas")
	_, text := post(t, url+mcpPath, list, nil)
	if got := strings.Count(text, schema); got != want {
		t.Errorf("HTTP: got %d output schemas, want %d", got, want)
	}
}

// A client that validates must accept whatever the API answers one day.
func TestOutputSchemasDescribeAndDoNotRestrict(t *testing.T) {
	for _, tool := range newWorld(t, mcpadapter.WithOutputSchemas()).adapter.Tools() {
		var root map[string]any
		if err := json.Unmarshal(tool.OutputSchema(), &root); err != nil {
			t.Fatalf("%s: %v", tool.Name(), err)
		}
		if root["type"] != "object" {
			t.Errorf("%s: the root is %v, want an object", tool.Name(), root["type"])
		}
		delete(root, "type")
		describes(t, tool.Name(), root)
	}
}

// describes checks that a schema has no keyword that an answer could outgrow, and takes null.
func describes(t *testing.T, at string, schema map[string]any) {
	t.Helper()
	for keyword, value := range schema {
		switch keyword {
		case "description", "deprecated":
		case "type":
			if types, _ := value.([]any); !slices.Contains(types, any("null")) {
				t.Errorf("%s: got type %v, want null among them", at, value)
			}
		case "items":
			inner, _ := value.(map[string]any)
			describes(t, at+"[]", inner)
		case "properties":
			properties, _ := value.(map[string]any)
			for name, p := range properties {
				inner, _ := p.(map[string]any)
				describes(t, at+"."+name, inner)
			}
		default:
			t.Errorf("%s: has the keyword %s", at, keyword)
		}
	}
}

func TestOutputSchemasFitTheAnswersOfEveryOperation(t *testing.T) {
	w := newWorld(t, mcpadapter.WithOutputSchemas())
	s := server.NewMCPServer("workos", "1", server.WithOutputSchemaValidation())
	if err := mcpgo.Register(s, w.adapter); err != nil {
		t.Fatal(err)
	}
	c, err := mcpclient.NewInProcessClient(s)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if _, err := c.Initialize(t.Context(), mcp.InitializeRequest{}); err != nil {
		t.Fatal(err)
	}
	for _, op := range sampled(gen.Operations.Operations, 7) {
		tool, err := w.adapter.Tool(op.ID)
		if err != nil {
			t.Fatal(err)
		}
		w.furnish()
		answers := &recorder{next: w.sandbox}
		w.sandbox = answers
		f := fitting{world: w, tool: tool, client: c, arguments: w.arguments(&op), schema: compiled(t, tool.OutputSchema())}
		answer := f.accepts()
		f.names(tool.Name(), f.schema.Schema(), answer)
		for _, changed := range changes(answer)[1:] { // the first is null, and the adapter answers objects
			if err := f.schema.Validate(changed); err != nil {
				t.Errorf("%s: %v is refused: %v", tool.Name(), changed, err)
			}
		}
		w.sandbox = answers.replayed(t)
		f.accepts()
		f.acceptsFailure()
	}
}

// fitting compares what a tool answers with its output schema.
type fitting struct {
	*world

	tool      mcpadapter.Tool
	client    *mcpclient.Client
	arguments string
	schema    *jsonschema.Resolved
}

func compiled(t *testing.T, text json.RawMessage) *jsonschema.Resolved {
	t.Helper()
	var s *jsonschema.Schema
	if err := json.Unmarshal(text, &s); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	r, err := s.Resolve(nil)
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return r
}

// call calls the tool over MCP, with a server that validates answers.
func (f *fitting) call() *mcp.CallToolResult {
	f.Helper()
	r, err := f.client.CallTool(f.ctx(), mcp.CallToolRequest{Params: mcp.CallToolParams{
		Name: f.tool.Name(), Arguments: json.RawMessage(f.arguments),
	}})
	if err != nil {
		f.Fatalf("%s: %v", f.tool.Name(), err)
	}
	if err := f.schema.Validate(r.StructuredContent); err != nil {
		f.Errorf("%s: %s is refused: %v", f.tool.Name(), r.RawStructuredContent, err)
	}
	return r
}

// accepts wants an answer that both the server and the schema accept, and returns it.
func (f *fitting) accepts() any {
	f.Helper()
	r := f.call()
	if r.IsError {
		f.Errorf("%s %s: got %v, want an answer", f.tool.Name(), f.arguments, r.Content)
	}
	return r.StructuredContent
}

// acceptsFailure wants a failure that the schema accepts too, as some clients validate these as well.
func (f *fitting) acceptsFailure() {
	f.Helper()
	f.sandbox = transport(func(r *http.Request) (*http.Response, error) {
		return response(r, http.StatusUnprocessableEntity, nil, `{"code":"no","message":"No.","errors":["a"]}`), nil
	})
	if r := f.call(); !r.IsError || !bytes.HasPrefix(r.RawStructuredContent, []byte(`{"error":{`)) {
		f.Errorf("%s: got %s, want a failure", f.tool.Name(), r.RawStructuredContent)
	}
}

// names wants each property of an answer in the schema, but for objects of which it names none.
func (f *fitting) names(at string, s *jsonschema.Schema, v any) {
	f.Helper()
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			if s.Items != nil {
				f.names(at+"[]", s.Items, item)
			}
		}
	case map[string]any:
		for name, value := range v {
			switch p := s.Properties[name]; {
			case p != nil:
				f.names(at+"."+name, p, value)
			case s.Properties != nil:
				f.Errorf("%s: the schema does not name %s", at, name)
			}
		}
	}
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func response(r *http.Request, status int, header http.Header, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: r,
	}
}

// recorder keeps the last answer.
type recorder struct {
	next http.RoundTripper

	status int
	header http.Header
	body   []byte
}

func (c *recorder) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := c.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	c.status, c.header = resp.StatusCode, resp.Header
	c.body, err = io.ReadAll(resp.Body)
	return response(r, c.status, c.header, string(c.body)), err
}

// replayed gives the last answer again and again, with all in it changed that an API may change.
func (c *recorder) replayed(t *testing.T) http.RoundTripper {
	t.Helper()
	body := string(c.body)
	var v any
	if json.Unmarshal(c.body, &v) == nil {
		text, err := json.Marshal(grown(v))
		if err != nil {
			t.Fatal(err)
		}
		body = string(text)
	}
	return transport(func(r *http.Request) (*http.Response, error) {
		header := c.header.Clone()
		header.Del("Content-Length")
		return response(r, c.status, header, body), nil
	})
}

// changes are what an API may make of an answer one day, one change each: null in place of a value, another text, a
// field less, a field more.
func changes(v any) []any {
	list := []any{nil}
	switch v := v.(type) {
	case string:
		list = append(list, "unheard of")
	case []any:
		for i := range v {
			for _, changed := range changes(v[i]) {
				c := slices.Clone(v)
				c[i] = changed
				list = append(list, c)
			}
		}
	case map[string]any:
		for name := range v {
			for _, changed := range changes(v[name]) {
				c := maps.Clone(v)
				c[name] = changed
				list = append(list, c)
			}
			c := maps.Clone(v)
			delete(c, name)
			list = append(list, c)
		}
		for _, value := range []any{"text", 1.5, []any{true}, map[string]any{}} {
			c := maps.Clone(v)
			c["brand_new"] = value
			list = append(list, c)
		}
	}
	return list
}

// grown changes all at once.
func grown(v any) any {
	switch v := v.(type) {
	case string:
		return "unheard of"
	case []any:
		list := []any{nil}
		for _, item := range v {
			list = append(list, grown(item))
		}
		return list
	case map[string]any:
		object := map[string]any{"brand_new": []any{1.5}}
		for name, value := range v {
			object[name] = grown(value)
		}
		return object
	}
	return nil
}
