package program_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/program"
	"github.com/seed-f165d83c/workos/mcpadapter/spec"
	"github.com/seed-f165d83c/workos/mcpadapter/untyped"
)

// oddly has operations whose names are no identifiers, and a response of each kind.
const oddly = `
openapi: 3.1.0
info: {title: Oddly, version: "1"}
paths:
  /list: {get: {summary: Read lamps,
    operationId: items/list-all, responses: {"200": {description: "", content: {application/json: {schema: {
    type: array, items: {anyOf: [{type: object, properties: {a: {type: string}}}, {type: string}]}}}}}}}}
  /2fa: {get: {summary: Read lamps,
    operationId: items.2fa.get, responses: {"200": {description: "", content: {application/json: {schema: {
    type: object, properties: {"a-b": {type: integer}}}}}}}}}
  /then: {get: {summary: Read lamps,
    operationId: items.then.get, responses: {"200": {description: "", content: {application/json: {schema: {
    type: string}}}}}}}
  /text: {get: {summary: Read lamps,
    operationId: class, responses: {"302": {description: ""}, "200": {description: "", content: {text/csv: {
    schema: {type: string}}}}}}}
  /file: {get: {summary: Read lamps,
    operationId: get file, responses: {"200": {description: "", content: {application/pdf: {}}}}}}
  /away: {get: {summary: Read lamps,
    operationId: away, responses: {"302": {description: ""}}}}
  /none: {get: {summary: Read lamps,
    operationId: none, responses: {"204": {description: ""}}}}
  /either: {get: {summary: Read lamps,
    operationId: either, responses: {"200": {description: "", content: {application/json: {schema: {
    anyOf: [{type: object, properties: {a: {type: string}}}, {type: array, items: {type: boolean}}, {type: number}]}}}}}}}
`

// What the search says of an operation is what a program calls, and what it gets.
func TestDeclarationsOfOddNamesAreThoseOfPrograms(t *testing.T) {
	t.Parallel()
	var paths []string
	client, err := untyped.NewClient("https://oddly.example", &http.Client{Transport: roundTripper(
		func(r *http.Request) (*http.Response, error) {
			paths = append(paths, r.URL.Path)
			return &http.Response{StatusCode: http.StatusNoContent, Body: io.NopCloser(strings.NewReader("")), Request: r}, nil
		})})
	if err != nil {
		t.Fatal(err)
	}
	a, err := spec.New(client, []byte(oddly))
	if err != nil {
		t.Fatal(err)
	}
	tools := a.ProgramTools(engineOf(t, program.Limits{}))
	found := strings.ReplaceAll(tools[0].Invoke(t.Context(), []byte(`{"query":"lamps","limit":8}`)).Text(), `\"`, `"`)
	declarations := a.Declarations(t.Context(), "")
	for _, c := range []struct{ callee, member, result, brief, path string }{
		{`api["items_list-all"]`, `"items_list-all"`, "{ data: ({ a?: string } | string)[] }", "{data: any[]}", "/list"},
		{`api.items["2fa"].get`, "get", `{ "a-b"?: number }`, `{"a-b"?: int}`, "/2fa"},
		{`api["items.then.get"]`, `"items.then.get"`, "{ value: string }", "{value}", "/then"},
		{"api.class", "class", "{ content_type: string; text: string }", "{content_type, text}", "/text"},
		{"api.get_file", "get_file", "{ content_type: string; bytes: number }", "{content_type, bytes: int}", "/file"},
		{"api.away", "away", "{ location: string }", "{location}", "/away"},
		{"api.none", "none", "any", "any", "/none"},
		{"api.either", "either", "{ a?: string } | { data: boolean[] } | { value: number }", "any", "/either"},
	} {
		whole := c.callee + "(args?: {}): Call<" + c.result + ">"
		name := strings.ReplaceAll(c.callee, `"`, `\"`)
		r := tools[0].Invoke(t.Context(), []byte(`{"operations":["`+name+`"]}`))
		if r.Failure != nil || !strings.Contains(strings.ReplaceAll(string(r.JSON), `\"`, `"`), whole) {
			t.Errorf("got %s, want %s", r.Text(), whole)
		}
		if want := c.member + "(args?: {}): Call<" + c.result + ">;\n"; !strings.Contains(declarations, " "+want) {
			t.Errorf("got %s, want %s", declarations, want)
		}
		if want := `"` + c.callee + "(): " + c.brief + ` // Read lamps"`; !strings.Contains(found, want) {
			t.Errorf("got %s, want %s", found, want)
		}
		paths = nil
		run := toolOf(t, a).Invoke(t.Context(), programOf("return "+c.callee+"()"))
		if run.Failure != nil || strings.Join(paths, " ") != c.path {
			t.Errorf("%s: got %s and sent %q, want %s", c.callee, run.Text(), paths, c.path)
		}
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
