package openapi_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/openapi"
	"github.com/seed-f165d83c/workos/gen/optable"
)

var component = regexp.MustCompile(`(?m)^    ([^ :]+):`)

// document is a document around schemas, each indented by four, all of which an operation refers to.
func document(schemas string) string {
	schemas = "    Other: {type: object}\n" + schemas
	var refs []string
	for _, name := range component.FindAllStringSubmatch(schemas, -1) {
		refs = append(refs, "{$ref: '#/components/schemas/"+name[1]+"'}")
	}
	return "openapi: 3.1.0\ncomponents:\n  schemas:\n" + schemas + "\npaths: {/x: {get: {operationId: x, responses: {200: " +
		"{description: d, content: {a/json: {schema: {properties: {p: {items: {oneOf: [" + strings.Join(refs, ", ") +
		"]}}}}}}}}}}}\n"
}

// convert returns the table of a document without problems.
func convert(t *testing.T, text string) *optable.Table {
	t.Helper()
	table, problems, err := openapi.Convert([]byte(text), openapi.Options{})
	if err != nil || len(problems) > 0 {
		t.Fatalf("%v, %v in\n%s", err, problems, text)
	}
	return table
}

// problems returns the problems of a document, each as text.
func problems(t *testing.T, text string) (*optable.Table, []string) {
	t.Helper()
	table, problems, err := openapi.Convert([]byte(text), openapi.Options{})
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	var texts []string
	for _, p := range problems {
		texts = append(texts, p.String())
	}
	return table, texts
}
