package untyped_test

import (
	"strings"
	"testing"
)

const kiln = `openapi: 3.1.0
info: {title: Kiln, version: '1'}
paths:
  /fire?mode={mode}:
    get:
      operationId: fire
      parameters:
      - {name: mode, in: path, required: true, schema: {type: string}}
      - {name: hours, in: query, schema: {type: integer}}
      responses: {'204': {description: Done.}}
  /glaze?all=1:
    get:
      operationId: glaze
      responses: {'204': {description: Done.}}
  /tiles/{tile}/{key}:
    get:
      operationId: tile
      parameters:
      - {name: tile, in: path, required: true, content: {text/plain: {schema: {type: string}}}}
      - {name: key, in: path, required: true, schema: {}}
      - {name: note, in: query, content: {'text/plain; charset=utf-8': {schema: {type: string}}}}
      - {name: where, in: query, content: {application/json: {schema: {type: string}}}}
      - {name: X-Note, in: header, content: {text/plain: {schema: {type: string}}}}
      responses: {'204': {description: Done.}}
  /pots:
    post:
      operationId: pot
      requestBody:
        required: true
        content: {application/json: {schema: {required: [name], properties: {name: {type: string}, size: {type: integer}}}}}
      responses: {'204': {description: Done.}}
  /pictures:
    post:
      operationId: picture
      requestBody:
        required: true
        content:
          multipart/form-data:
            schema: {type: object, properties: {file: {contentMediaType: application/octet-stream}, icon: {type: string, contentMediaType: image/png}}}
      responses: {'204': {description: Done.}}
`

func TestUnusualDescriptionsAreSentAsTheySay(t *testing.T) {
	t.Parallel()
	adapter, a := described(t, kiln)
	for _, c := range []struct{ tool, arguments, want string }{
		{"fire", `{"mode":"a b&c=d+e","hours":3}`, "GET /fire?hours=3&mode=a%20b%26c%3Dd%2Be\n\n\n\n"},
		{"fire", `{"mode":"x"}`, "GET /fire?mode=x\n\n\n\n"},
		{"glaze", `{}`, "GET /glaze?all=1\n\n\n\n"},
		{"tile", `{"tile":"a b","key":"k"}`, "GET /tiles/a%20b/k?\n\n\n\n"},
		{"tile", `{"tile":"a","key":["k",1],"note":"n m","where":"w"}`, "GET /tiles/a/k,1?note=n+m&where=%22w%22\n\n\n\n"},
		{"tile", `{"tile":"a","key":null}`, ""},
		{"tile", `{"tile":"a","key":""}`, ""},
		{"tile", `{"tile":"a","key":[]}`, ""},
		{"tile", `{"tile":"","key":1}`, ""},
		{"pot", `{"name":"n","size":2}`, "POST /pots?\n\n\napplication/json\n" + `{"name":"n","size":2}`},
		{"pot", `{"size":2}`, ""},
		{"pot", `{"name":"n","colour":"red"}`, ""},
		{"picture", `{"file":5}`, ""},
	} {
		wantSent(t, adapter, a, c.tool, c.arguments, c.want)
	}
	tool, err := adapter.Tool("picture")
	if err != nil {
		t.Fatal(err)
	}
	a.got = nil
	result := tool.Invoke(t.Context(), []byte(`{"file":{"content_base64":"iQ==","name":"a.bin"},"icon":{"text":"t"}}`))
	sent := strings.Join(a.got, "")
	for _, want := range []string{
		`name="file"; filename="a.bin"`, "Content-Type: application/octet-stream\r\n\r\n\x89\r\n", `name="icon"; filename="icon"`,
	} {
		if result.Failure != nil || !strings.Contains(sent, want) {
			t.Errorf("got %s and %q, want %q in it", result.Text(), sent, want)
		}
	}
}
