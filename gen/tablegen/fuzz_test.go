package main_test

import (
	"go/parser"
	"go/token"
	"testing"

	tablegen "github.com/seed-f165d83c/workos/gen/tablegen"
)

// FuzzConvert checks that any document is either rejected or becomes a Go file.
func FuzzConvert(f *testing.F) {
	for _, text := range []string{
		operations, document("    T: &t {type: [string, 'null'], enum: [a, 1.5, null], x: *t}\n"),
		document("    T: {oneOf: [{$ref: '#/components/schemas/Other'}, {type: 'null'}], default: 2026-01-31}\n"),
		document("    T: {<<: {}, minimum: 1, exclusiveMinimum: true, discriminator: {propertyName: p}}\n"),
		"openapi: 3.0.0\npaths: {/a: {get: {operationId: \"\\x00`\\\"\"}}}\n", "openapi: 3.1.0\n---\na", "*a", "- &a [*a]",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := tablegen.Convert(data)
		if err != nil {
			return
		}
		code, err := tablegen.Print("fuzz", table)
		if err != nil {
			t.Fatalf("%v for %q", err, data)
		}
		if _, err := parser.ParseFile(token.NewFileSet(), "table.gen.go", code, 0); err != nil {
			t.Fatalf("%v in %s", err, code)
		}
	})
}
