package mcpgo_test

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	mcpserver "github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
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
	a := shoptest.NewWithOutput(t, func(*http.Request) (*http.Response, error) {
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
	c, valid := connect(t, s), shoptest.ValidArguments(t)
	for _, tool := range a.Tools() {
		status, mediaType, body = answersOf(tool.Name())
		schema, arguments := shoptest.OutputSchema(t, tool), valid[tool.Name()]
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
	a := shoptest.NewWithOutput(t, shoptest.Responding(http.StatusOK, strings.NewReader(`{"id":["of another type"]}`)))
	s := mcpserver.NewMCPServer("shop", "1", mcpserver.WithOutputSchemaValidation())
	if err := mcpgo.Register(s, a); err != nil {
		t.Fatal(err)
	}
	r := call(t, connect(t, s), "getTea", json.RawMessage(`{"tea_id":"1"}`))
	if !r.IsError {
		t.Errorf("got %s, want the server to see the answer and refuse it", textOf(t, r))
	}
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
