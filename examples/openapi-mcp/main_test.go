package main

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

const document = `
openapi: 3.1.0
info: {title: Museum, version: '1'}
servers: [{url: /v1}]
security: [{key: []}]
paths:
  /exhibits/{name}:
    get:
      operationId: exhibits.get
      parameters:
      - {name: name, in: path, required: true, schema: {type: string}}
      - {name: tags, in: query, schema: {type: array, items: {type: string}}}
      - {name: X-Language, in: header, schema: {type: string, enum: [en, de]}}
      responses: {'200': {description: It.}}
    put:
      operationId: exhibits.replace
      security: [{user: []}]
      parameters:
      - {name: name, in: path, required: true, schema: {type: string}}
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [hall]
              properties: {hall: {type: integer}, note: {type: [string, 'null']}, 'sub-title': {type: string}}
      responses: {'200': {description: It.}}
  /tickets:
    post:
      operationId: tickets.buy
      security: []
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema: {type: object, required: [day], properties: {day: {type: string}, ages: {type: array, items: {type: integer}}}}
      responses: {'200': {description: It.}}
  /tours:
    get:
      operationId: tours.list
      parameters: [{name: 'from,to', in: query, schema: {type: string}}]
      responses: {'200': {description: It.}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    user: {type: http, scheme: basic}
`

// museum serves the document and its API, and records the requests of the API.
type museum struct {
	*httptest.Server

	got []string
}

func newMuseum(t *testing.T) *museum {
	t.Helper()
	m := &museum{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /docs/openapi.yaml", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, document)
	})
	mux.HandleFunc("GET /docs/page", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = io.WriteString(w, "<html>")
	})
	mux.HandleFunc("GET /docs/swagger.json", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"swagger": "2.0"}`)
	})
	mux.HandleFunc("GET /docs/endless", func(w http.ResponseWriter, r *http.Request) {
		for chunk := bytes.Repeat([]byte("#"), 1<<20); r.Context().Err() == nil; {
			_, _ = w.Write(chunk)
		}
	})
	mux.HandleFunc("/v1/", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		m.got = append(m.got, strings.Join([]string{
			r.Method, r.URL.String(), r.Header.Get("Content-Type"), r.Header.Get("X-Language"),
			r.Header.Get("X-Key") + r.Header.Get("Authorization"), string(body),
		}, "|"))
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"ok":true}`)
	})
	m.Server = httptest.NewServer(mux)
	t.Cleanup(m.Close)
	return m
}

func run(t *testing.T, location string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = serve.Run(t.Context(), newAPI(t.Context(), location), serve.Process{
		Args: args, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs,
		Environ: []string{"OPENAPI_MCP_KEY=k1", "OPENAPI_MCP_USER=ada:pw"},
	})
	return code, out.String(), errs.String()
}

func TestCallsAreSentAsTheDocumentSays(t *testing.T) {
	t.Parallel()
	m := newMuseum(t)
	for _, call := range [][]string{
		{"exhibits.get", `{"name": "a/b c", "tags": ["x", "y&z"], "X-Language": "de"}`},
		{"exhibits.replace", `{"name": "vase", "hall": 1234567890123456789, "note": null, "sub-title": "é"}`},
		{"tickets.buy", `{"day": "2026-01-02", "ages": [7, 41]}`},
	} {
		code, stdout, stderr := run(t, m.URL+"/docs/openapi.yaml", append([]string{"tool", "call", "--yes"}, call...)...)
		if code != serve.ExitOK || !strings.Contains(stdout, `"ok": true`) {
			t.Errorf("%v: got %d %s%s", call, code, stdout, stderr)
		}
	}
	want := []string{
		"GET|/v1/exhibits/a%2Fb%20c?tags=x&tags=y%26z||de|k1|",
		"GET|/v1/exhibits/vase|||k1|", // to ask about what would be replaced
		`PUT|/v1/exhibits/vase|application/json||Basic YWRhOnB3|{"hall":1234567890123456789,"note":null,"sub-title":"é"}`,
		"POST|/v1/tickets|application/x-www-form-urlencoded|||ages=7&ages=41&day=2026-01-02",
	}
	if !slices.Equal(m.got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(m.got, "\n"), strings.Join(want, "\n"))
	}
}

func TestInvalidArgumentsAreNotSent(t *testing.T) {
	t.Parallel()
	m := newMuseum(t)
	for arguments, want := range map[string]string{
		`{"name": "..", "X-Language": "fr"}`: `expected one path segment`,
		`{"name": "vase", "halls": 1}`:       `halls`,
		`{"name": "vase", "hall": "one"}`:    `hall: expected`,
	} {
		code, _, stderr := run(t, m.URL+"/docs/openapi.yaml", "tool", "call", "--yes", "exhibits.replace", arguments)
		if code != serve.ExitFailed || !strings.Contains(stderr, want) {
			t.Errorf("%s: got %d %s, want %s", arguments, code, stderr, want)
		}
	}
	if len(m.got) > 0 {
		t.Errorf("got %q, want no request", m.got)
	}
}

func TestWhatIsNoToolIsNamed(t *testing.T) {
	t.Parallel()
	m := newMuseum(t)
	code, stdout, stderr := run(t, m.URL+"/docs/openapi.yaml", "tool", "list")
	if code != serve.ExitOK || strings.Count(stdout, "\n") != 3 {
		t.Errorf("got %d %s, want three tools", code, stdout)
	}
	if !strings.Contains(stderr, "operation=tours.list") || !strings.Contains(stderr, `a name with a comma is not supported`) {
		t.Errorf("got %s, want the operation without its parameter", stderr)
	}
	_, _, stderr = run(t, m.URL+"/docs/openapi.yaml", "tool", "call", "tours.list")
	if !strings.Contains(stderr, "tours.list") || !strings.Contains(stderr, "a name with a comma is not supported") {
		t.Errorf("got %s, want the reason", stderr)
	}
}

func TestAFileHasADocumentToo(t *testing.T) {
	t.Parallel()
	m := newMuseum(t)
	file := filepath.Join(t.TempDir(), "museum.yaml")
	if err := os.WriteFile(file, []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	code, _, stderr := run(t, file, "tool", "call", "exhibits.get", `{"name":"vase"}`)
	if code != serve.ExitUsage || !strings.Contains(stderr, `base URL "/v1": want an absolute`) || len(m.got) > 0 {
		t.Errorf("got %d %s, want a base URL", code, stderr)
	}
	code, _, stderr = run(t, file, "tool", "call", "exhibits.get", `{"name":"vase"}`, "--server", m.URL+"/v1")
	if want := []string{"GET|/v1/exhibits/vase|||k1|"}; code != serve.ExitOK || !slices.Equal(m.got, want) {
		t.Errorf("got %d %s %q, want %q", code, stderr, m.got, want)
	}
}

func TestADocumentThatCannotBeReadIsNamed(t *testing.T) {
	t.Parallel()
	m := newMuseum(t)
	unreachable := httptest.NewServer(http.NotFoundHandler())
	unreachable.Close()
	for location, want := range map[string]string{
		m.URL + "/docs/none":         "fetch: status 404 Not Found",
		m.URL + "/docs/page":         "fetch: it is a web page: want the URL of the document itself",
		m.URL + "/docs/swagger.json": "a document of Swagger 2.0",
		m.URL + "/docs/endless":      "the document is too large",
		unreachable.URL:              "fetch: ",
		"/none/such.yaml":            "no such file",
		"ftp://museum.example/x":     "no such file",
	} {
		code, stdout, stderr := run(t, location, "tool", "list")
		if code != serve.ExitFailed || stdout != "" || !strings.Contains(stderr, location) || !strings.Contains(stderr, want) {
			t.Errorf("%s: got %d %s%s, want %s", location, code, stdout, stderr, want)
		}
	}
}
