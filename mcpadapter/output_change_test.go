package mcpadapter_test

import (
	"encoding/json"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	mcpserver "github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
)

// answersOf are valid answers of the shop: status, media type and body by operation.
func answersOf(operation string) (status int, mediaType, body string) {
	const tea = `{"id":"tea_1","name":"Green","stock":9007199254740993}`
	switch operation {
	case "teas.list":
		return http.StatusOK, "application/json", "[" + tea + "]"
	case "getTea", "teas-update":
		return http.StatusOK, "application/json", tea
	case "teas.create":
		return http.StatusCreated, "application/json", tea
	case "payments.create":
		return http.StatusCreated, "application/json", `{"receipt":{"items":[1,"x",null]}}`
	case "bins.get":
		return http.StatusOK, "application/json", `{"full":true}`
	case "parcels.slip":
		return http.StatusOK, "text/plain", "1 pot"
	case "parcels.track":
		return http.StatusFound, "", ""
	}
	return http.StatusNoContent, "", ""
}

func TestChangedAnswersStayValid(t *testing.T) {
	t.Parallel()
	var status int
	var mediaType, body string
	a := shopWithOutput(t, func(*http.Request) (*http.Response, error) {
		header := http.Header{"Content-Type": {mediaType}}
		if status == http.StatusFound {
			header.Set("Location", "https://carrier.example/1")
		}
		return &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(strings.NewReader(body))}, nil
	})
	s := mcpserver.NewMCPServer("shop", "1", mcpserver.WithOutputSchemaValidation())
	if err := mcpgo.Register(s, a); err != nil {
		t.Fatal(err)
	}
	c := connect(t, s)
	for _, tool := range a.Tools() {
		status, mediaType, body = answersOf(tool.Name())
		schema, arguments := outputOf(t, tool), argumentsOf(t, tool)
		bodies := []string{body}
		if mediaType == "application/json" {
			bodies = append(bodies, "", "null", "[]", "{}", "[null]")
			for _, changed := range changes(decoded(t, body)) {
				text, err := json.Marshal(changed)
				if err != nil {
					t.Fatal(err)
				}
				bodies = append(bodies, string(text))
			}
		}
		for _, body = range bodies {
			result := tool.Invoke(t.Context(), arguments)
			if result.Failure != nil {
				t.Fatalf("%s: %s: %s", tool.Name(), arguments, result.Text())
			}
			if err := schema.Validate(decoded(t, string(result.JSON))); err != nil {
				t.Errorf("%s: %s is refused: %v", tool.Name(), result.JSON, err)
			}
			if r := call(t, c, tool.Name(), arguments); r.IsError {
				t.Errorf("%s: the server refuses %s: %s", tool.Name(), result.JSON, textOf(t, r))
			}
		}
		status, mediaType, body = http.StatusTooManyRequests, "application/json", `{"code":"slow_down","message":["a"]}`
		if r := call(t, c, tool.Name(), arguments); !r.IsError || schema.Validate(r.StructuredContent) != nil {
			t.Errorf("%s: got %s, want a failure that the schema accepts", tool.Name(), textOf(t, r))
		}
	}
}

func TestServersCanValidateWhatToolsAnswer(t *testing.T) {
	t.Parallel()
	a := shopWithOutput(t, responding(http.StatusOK, strings.NewReader(`{"id":["of another type"]}`)))
	s := mcpserver.NewMCPServer("shop", "1", mcpserver.WithOutputSchemaValidation())
	if err := mcpgo.Register(s, a); err != nil {
		t.Fatal(err)
	}
	r := call(t, connect(t, s), "getTea", json.RawMessage(`{"tea_id":"1"}`))
	if !r.IsError {
		t.Errorf("got %s, want the server to see the answer and refuse it", textOf(t, r))
	}
}

// argumentsOf are arguments that the tool sends.
func argumentsOf(t *testing.T, tool mcpadapter.Tool) json.RawMessage {
	t.Helper()
	schema := resolved(t, tool).Schema()
	g := generator{rand.New(rand.NewPCG(1, 1))}
	for range 10_000 {
		text, err := json.Marshal(g.value(schema, 0))
		if err != nil {
			t.Fatal(err)
		}
		if tool.Invoke(t.Context(), text).Failure == nil {
			return text
		}
	}
	t.Fatalf("%s: found no valid arguments", tool.Name())
	return nil
}

func decoded(tb testing.TB, text string) any {
	tb.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		tb.Fatalf("%v: %s", err, text)
	}
	return v
}

// changes are what an API may make of an answer one day, one change each: nothing in place of a value, a field less, a
// field more, another text.
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
		list = append(list, []any{})
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
		for _, value := range []any{"text", 1.5, []any{1}, map[string]any{}} {
			c := maps.Clone(v)
			c["brand_new"] = value
			list = append(list, c)
		}
	}
	return list
}

func TestOutputSchemasHoldForWhateverIsAskedOfAnAnswer(t *testing.T) {
	t.Parallel()
	order := strings.Replace(secretOrder, `{"x":"S2","y":null,"z":true}`, "2", 1) // as the table has it
	list := `{"object":"list","data":[` + strings.Repeat(order+",", 99) + order + `],` +
		`"list_metadata":{"before":null,"after":"o1"}}`
	var body string
	c, err := shop.NewClientWithResponses("https://tea.example", shop.WithHTTPClient(doer(
		func(*http.Request) (*http.Response, error) { return responding(200, strings.NewReader(body))(nil) })))
	if err != nil {
		t.Fatal(err)
	}
	a, err := mcpadapter.New(c, &shop.Operations, mcpadapter.WithOutputSchemas(), mcpadapter.WithShapingArguments(),
		mcpadapter.WithHiddenSecrets(), mcpadapter.WithMaxResultBytes(1024), mcpadapter.WithMaxElements(150))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ tool, arguments, body, has string }{
		{"orders.list", `{}`, list, `"left_out"`},
		{"orders.list", `{"fields":"data.pickup_code,data.seals"}`, list, `"left_out"`},
		{"orders.list", `{"fields":"object"}`, list, `"object"`},
		{"orders.list", `{"all_pages":true}`, list, `"left_out"`},
		{"orders.list", `{"jq":".data[].seals"}`, list, `"jq"`},
		{"orders.list", `{"jq":"[.data[].seals]"}`, list, `"jq"`},
		{"orders.list", `{"jq":"{data: 7}"}`, list, `"jq"`},
		{"orders.get", `{"order_id":"1","jq":".id"}`, order, `"jq"`},
		{"orders.get", `{"order_id":"1","jq":".id.x"}`, order, `"error"`},
		{"orders.get", `{"order_id":"1"}`, `{"id":"` + strings.Repeat("x", 2000) + `"}`, `"too_large"`},
		{"orders.get", `{"order_id":"1"}`, order, hiddenText},
	} {
		body = c.body
		tool := tool(t, a, c.tool)
		r := tool.Invoke(t.Context(), json.RawMessage(c.arguments))
		if !strings.Contains(string(r.JSON), c.has) {
			t.Errorf("%s %s: got %s, want %s in it", c.tool, c.arguments, r.JSON, c.has)
		}
		if err := outputOf(t, tool).Validate(decoded(t, string(r.JSON))); err != nil {
			t.Errorf("%s %s: %s is refused: %v", c.tool, c.arguments, r.JSON, err)
		}
	}
}

// hiddenText is what stands for a secret.
const hiddenText = `"` + mcpadapter.Hidden + `"`
