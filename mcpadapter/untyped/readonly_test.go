package untyped_test

import (
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

const library = `openapi: 3.0.3
info: {title: Library, version: '1'}
paths:
  /books:
    post:
      operationId: add
      requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Book'}}}}
      responses: {'204': {description: Done.}}
  /loans:
    post:
      operationId: lend
      requestBody:
        required: true
        content:
          application/json:
            schema:
              allOf: [{$ref: '#/components/schemas/Book'}, {type: object, required: [id, until], properties: {until: {type: string}}}]
      responses: {'204': {description: Done.}}
components:
  schemas:
    ID: {type: string, readOnly: true}
    Book:
      type: object
      required: [id, title, pin, by]
      properties:
        id: {$ref: '#/components/schemas/ID'}
        title: {type: string}
        pin: {type: string, writeOnly: true}
        added: {type: string, readOnly: true}
        by: {type: object, required: [id, name], properties: {id: {$ref: '#/components/schemas/ID'}, name: {type: string}}}
`

// A schema often describes the request and the response. What the API sets is required in the response alone.
func TestRequestsNeedNoReadOnlyProperties(t *testing.T) {
	t.Parallel()
	adapter, a := described(t, library)
	const post = "POST /books?\n\n\napplication/json\n"
	for _, c := range []struct{ tool, arguments, want string }{
		{"add", `{"title":"t","pin":"p","by":{"name":"n"}}`, post + `{"by":{"name":"n"},"pin":"p","title":"t"}`},
		{
			"add", `{"id":"1","title":"t","pin":"p","by":{"id":"2","name":"n"}}`,
			post + `{"by":{"id":"2","name":"n"},"id":"1","pin":"p","title":"t"}`,
		},
		{"add", `{"title":"t","by":{"name":"n"}}`, ""},
		{"add", `{"title":"t","pin":"p","by":{}}`, ""},
		{"add", `{"id":1,"title":"t","pin":"p","by":{"name":"n"}}`, ""},
		{
			"lend", `{"title":"t","pin":"p","by":{"name":"n"},"until":"u"}`,
			"POST /loans?\n\n\napplication/json\n" + `{"by":{"name":"n"},"pin":"p","title":"t","until":"u"}`,
		},
		{"lend", `{"title":"t","pin":"p","by":{"name":"n"}}`, ""},
	} {
		wantSent(t, adapter, a, c.tool, c.arguments, c.want)
	}
	tool, err := adapter.Tool("add")
	if err != nil {
		t.Fatal(err)
	}
	standard := string(tool.Schema(mcpadapter.ProfileStandard))
	for _, want := range []string{`"required":["title","pin","by"]`, `"id":{"type":"string","readOnly":true}`, `"required":["name"]`} {
		if !strings.Contains(standard, want) {
			t.Errorf("got %s, want %s in it", standard, want)
		}
	}
	for _, p := range []mcpadapter.Profile{mcpadapter.ProfileOpenAI, mcpadapter.ProfileGemini} {
		if other := string(tool.Schema(p)); strings.Contains(other, "readOnly") {
			t.Errorf("%v: got %s, want no keyword that the dialect lacks", p, other)
		}
	}
}
