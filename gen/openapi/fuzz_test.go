package openapi_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/openapi"
	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// FuzzConvert checks that any document is either an error or a table that can be used: sorted, without references to
// nothing, with JSON where JSON is meant, and with schemas that compile.
func FuzzConvert(f *testing.F) {
	for _, text := range []string{
		operations, document("    T: &t {type: [string, 'null'], enum: [a, 1.5, null], x: *t}\n"),
		document("    T: {oneOf: [{$ref: '#/components/schemas/Other'}, {type: 'null'}], default: 2026-01-31}\n"),
		document("    T: {<<: {}, minimum: 1, exclusiveMinimum: true, discriminator: {propertyName: p}}\n"),
		document("    T: {allOf: [{$ref: '#/components/schemas/U'}]}\n    U: {anyOf: [{$ref: '#/components/schemas/T'}]}\n"),
		document("    T: {$ref: '#/components/schemas/U/properties/a'}\n    U: {properties: {a: {$ref: '#/$defs/x'}}}\n"),
		document("    T: {prefixItems: [{}], items: false, patternProperties: {a: {}}, additionalProperties: false}\n"),
		"openapi: 3.0.0\npaths: {/a: {get: {operationId: \"\\x00`\\\"\"}}}\n", "openapi: 3.1.0\n---\na", "*a", "- &a [*a]",
		`{"openapi": "3.0.0", "paths": {"/{a}": {"get": {"responses": {"200": {"content": {"text/plain": {}}}}}}}}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		table, problems, err := openapi.Convert(data, openapi.Options{})
		if err != nil {
			if table != nil || problems != nil {
				t.Fatalf("got a table beside %v for %q", err, data)
			}
			return
		}
		byName := func(a, b optable.Schema) int { return strings.Compare(a.Name, b.Name) }
		if !slices.IsSortedFunc(table.Schemas, byName) {
			t.Fatalf("the schemas of %q are not sorted", data)
		}
		compiler := value.NewCompiler(table)
		for i := range table.Schemas {
			s := &table.Schemas[i]
			_, _ = compiler.Compile(s) // the error is a pattern that is not checked
			for _, text := range append([]string{s.Const, s.Default, s.Example}, s.Enum...) {
				if text != "" && !json.Valid([]byte(text)) {
					t.Fatalf("%q is no JSON, of %q", text, data)
				}
			}
		}
		if err := compiler.Err(); err != nil {
			t.Fatalf("%v, of %q", err, data)
		}
		ids := map[string]bool{}
		for _, op := range table.Operations {
			if op.ID == "" || ids[op.ID] {
				t.Fatalf("the ID %q is empty or stands twice, in %q", op.ID, data)
			}
			ids[op.ID] = true
		}
	})
}
