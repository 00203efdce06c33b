package main_test

import (
	"strings"
	"testing"

	tablegen "github.com/seed-f165d83c/workos/gen/tablegen"
)

func TestFaultsNameTheirLine(t *testing.T) {
	t.Parallel()
	operation := func(text string) string {
		return "openapi: 3.1.0\npaths:\n  /teas:\n    get:\n      operationId: a\n" + text
	}
	cases := []struct{ name, text, want string }{
		{
			"unknown keyword", document("    T:\n      type: string\n      not: {}\n"),
			`line 7: the table cannot represent the keyword "not"`,
		},
		{
			"unknown keyword inside", document("    T:\n      properties:\n        a:\n          if: {}\n"),
			`line 8: the table cannot represent the keyword "if"`,
		},
		{"pattern properties", document("    T: {patternProperties: {}}\n"), `keyword "patternProperties"`},
		{
			"schema that accepts nothing", document("    T: {properties: {a: false}}\n"),
			"line 5: the table cannot represent a schema that accepts nothing",
		},
		{"limit of none", document("    T: {maxItems: 0}\n"), "line 5: the table cannot represent a limit of 0"},
		{
			"parameter nowhere", operation("      parameters:\n      - {name: a, in: banana}\n"),
			`line 7: a parameter cannot stand in "banana"`,
		},
		{"unknown type", document("    T: {type: text}\n"), `line 5: unknown type "text"`},
		{
			"dangling reference", document("    T: {$ref: '#/components/schemas/No'}\n"),
			"line 5: #/components/schemas/No does not exist",
		},
		{"foreign reference", document("    T: {$ref: 'other.yaml'}\n"), `line 5: $ref "other.yaml" is not under`},
		{
			"dangling variant", document("    T: {discriminator: {propertyName: p, mapping: {v: '#/components/schemas/No'}}}\n"),
			"line 5: #/components/schemas/No does not exist",
		},
		{
			"required without a property", document("    T: {required: [a]}\n"),
			`line 5: required property "a" is not described`,
		},
		{"count that is none", document("    T: {minLength: -1}\n"), `line 5: expected a whole number from 0, got "-1"`},
		{"bound that is none", document("    T: {minimum: low}\n"), `line 5: expected a number, got "low"`},
		{"null bound", document("    T: {maximum: null}\n"), "line 5: expected a number, got null"},
		{"truth that is none", document("    T: {deprecated: 1}\n"), `line 5: expected true or false, got "1"`},
		{"mapping that is none", document("    T: [a]\n"), "line 5: expected a mapping"},
		{"list that is none", document("    T: {enum: a}\n"), "line 5: expected a list"},
		{"scalar that is none", document("    T: {format: [a]}\n"), "line 5: expected a scalar"},
		{"value that is no JSON", document("    T: {default: .nan}\n"), "line 5: "},
		{"merge key", document("    S: &s {type: string}\n    T: {<<: *s}\n"), "line 6: merge keys are not supported"},
		{"key twice", document("    T: {}\n    T: {}\n"), "line 6"},
		{"alias within itself", document("    T: &t {properties: {a: *t}}\n"), "contains itself"},
		{
			"unknown field of an operation", operation("      callback: {}\n"),
			`line 6: unknown field "callback" of an operation`,
		},
		{
			"unknown field of a parameter", operation("      parameters:\n      - {name: a, in: query, content: {}}\n"),
			`line 7: unknown field "content" of a parameter`,
		},
		{
			"unknown field of a path", "openapi: 3.1.0\npaths:\n  /teas:\n    $ref: a\n",
			`line 4: unknown field "$ref" of a path`,
		},
		{
			"servers of a path", "openapi: 3.1.0\npaths:\n  /teas:\n    servers: []\n",
			`line 4: unknown field "servers" of a path`,
		},
		{
			"dangling parameter", operation("      parameters: [{$ref: '#/components/parameters/No'}]\n"),
			"line 6: #/components/parameters/No does not exist",
		},
		{"synonym of nothing", "openapi: 3.1.0\nx-synonyms:\n  cuppa: tea\n", "line 3: expected a list"},
		{"tag without a name", "openapi: 3.1.0\ntags:\n- {description: Tea.}\n", "line 3: a tag has no name"},
		{"status that is none", operation("      responses:\n        ok: {}\n"), `line 7: status "ok" is no number`},
		{
			"schemes needed together", operation("      security:\n      - {a: [], b: []}\n"),
			"line 7: the table cannot represent schemes that are needed together",
		},
		{"operation without an ID", "openapi: 3.1.0\npaths: {/teas: {get: {}}}\n", "GET /teas has no operationId"},
		{"ID twice", operation("    post:\n      operationId: a\n"), "GET /teas and POST /teas share the operationId a"},
		{"no document", "", "the document is empty"},
		{"no YAML", "a: [", "parse YAML"},
		{"another document", "swagger: '2.0'\n", "no OpenAPI 3 document"},
		{"a list", "- a\n", "line 1: expected a mapping"},
		{"another version", "openapi: 4.0.0\n", "no OpenAPI 3 document"},
	}
	for _, c := range cases {
		table, err := tablegen.Convert([]byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
		if err != nil && table != nil && !strings.Contains(c.want, "operationId") {
			t.Errorf("%s: got a table beside the error", c.name)
		}
	}
}
