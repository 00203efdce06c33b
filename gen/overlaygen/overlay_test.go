package main_test

import (
	"strings"
	"testing"

	overlaygen "github.com/seed-f165d83c/workos/gen/overlaygen"
)

// actions returns what Write adds to the part of an overlay that every document has.
func actions(t *testing.T, document string) string {
	t.Helper()
	empty, err := overlaygen.Write(nil)
	if err != nil {
		t.Fatal(err)
	}
	overlay, err := overlaygen.Write([]byte(document))
	if err != nil {
		t.Fatalf("%v\n%s", err, document)
	}
	return strings.TrimPrefix(string(overlay), string(empty))
}

const nullable = `
    x-go-type: nullable.Nullable[%]
    x-go-type-import: {path: github.com/oapi-codegen/nullable}
    x-go-type-skip-optional-pointer: true
`

const empties = `
    x-omitempty: false
    x-omitzero: true
`

func TestClearableFields(t *testing.T) {
	t.Parallel()
	for schema, want := range map[string]string{
		"type: [string, 'null']":                      strings.ReplaceAll(nullable, "%", "string"),
		"type: [string, 'null'], format: uri":         strings.ReplaceAll(nullable, "%", "string"),
		"type: [string, 'null'], format: date-time":   strings.ReplaceAll(nullable, "%", "time.Time"),
		"type: ['null', boolean]":                     strings.ReplaceAll(nullable, "%", "bool"),
		"type: [array, 'null'], items: {$ref: '#/A'}": strings.ReplaceAll(nullable, "%", "[]A"),
		"type: [object, 'null'], additionalProperties: {type: [string, 'null']}": strings.ReplaceAll(
			nullable, "%", "map[string]*string"),
		"type: array, items: {type: string}":                  empties,
		"type: array, items: {anyOf: [{}]}":                   empties,
		"type: object":                                        empties,
		"type: object, additionalProperties: true":            empties,
		"type: object, additionalProperties: {type: string}":  empties,
		"type: object, additionalProperties: {$ref: '#/A/B'}": empties,
		"type: object, additionalProperties: {anyOf: [{type: string}]}": empties +
			"    additionalProperties: {x-go-type: any}\n",
		"type: object, additionalProperties: {type: [string, 'null']}": empties +
			"    x-go-type: 'map[string]*string'\n    x-go-type-skip-optional-pointer: true\n",
	} {
		got := actions(t, "properties: {p: {"+schema+", x-clearable: true}}")
		if want := "- target: '$.properties.p'\n  update:" + want; strings.ReplaceAll(got, "\n\n", "\n") != want {
			t.Errorf("%s:\ngot  %s\nwant %s", schema, got, want)
		}
	}
}

func TestIDPrefixesStandBehindDescriptions(t *testing.T) {
	t.Parallel()
	got := actions(t, `
paths:
  /things/{id}:
    get:
      parameters:
      - {name: id, description: Thing's owner., x-id-prefix: [org_, user_]}
      - {name: x, description: No ID.}
`)
	want := "- target: '$.paths[''/things/{id}''].get.parameters[0]'\n  update:\n" +
		"    description: \"Thing's owner. `org_…` or `user_…`.\"\n"
	if got != want {
		t.Errorf("\ngot  %s\nwant %s", got, want)
	}
}

func TestLimitsStandBehindDescriptions(t *testing.T) {
	t.Parallel()
	for facts, want := range map[string]string{
		"type: integer, minimum: 1, maximum: 100, default: 10": "X. 1 to 100, default 10.",
		"type: integer, minimum: 5":                            "X. At least 5.",
		"type: integer, minimum: 0":                            "X. At least 0.",
		"type: number, maximum: 2.5":                           "X. At most 2.5.",
		"type: string, minLength: 10, maxLength: 20":           "X. 10 to 20 characters.",
		"type: string, minLength: 1, maxLength: 20":            "X. At most 20 characters.",
		"type: string, minLength: 2":                           "X. At least 2 characters.",
		"type: string, minLength: 1":                           "",
		"type: string, default: desc":                          "X. Default `desc`.",
		"$ref: '#/A', default: desc":                           "X. Default `desc`.",
		"type: boolean, default: false":                        "X. Default false.",
		"type: array, minItems: 1, maxItems: 9":                "X. At most 9 items.",
		"type: array, maxItems: 9, x-id-prefix: org_":          "X. At most 9 items. `org_…`.",
		"type: array, default: []":                             "",
		"in: query, schema: {type: integer, maximum: 3}":       "X. At most 3.",
		"in: query, schema: {$ref: '#/A'}, maximum: 3":         "",
	} {
		if want != "" {
			want = "- target: '$.a'\n  update:\n    description: \"" + want + "\"\n"
		}
		if got := actions(t, "a: {description: X., "+facts+"}"); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", facts, got, want)
		}
	}
	for _, document := range []string{
		"a: {type: integer, maximum: 3}",
		"a: {description: Valid for 1 to 30 days., minimum: 1, maximum: 30}",
		"a: {description: Days; 7 by default., default: 7}",
		"a: {description: 'One of 5, at most 90.', maximum: 90}",
		"a: {description: 'From 10 characters.', minLength: 10}",
	} {
		if got := actions(t, document); got != "" {
			t.Errorf("%s: got %s, want nothing", document, got)
		}
	}
}

func TestSharedParametersDescribeTheirTypes(t *testing.T) {
	t.Parallel()
	got := actions(t, `
components:
  parameters:
    After: {name: after, in: query, description: Cursor., schema: {type: string}}
    Own: {name: own, in: query, description: Cursor., schema: {type: string, description: Own.}}
    Ref: {name: ref, in: query, description: Cursor., schema: {$ref: '#/components/schemas/Ref'}}
  schemas:
    Ref: {type: string}
`)
	want := "- target: '$.components.parameters.After.schema'\n  update:\n    description: \"Cursor.\"\n"
	if got != want {
		t.Errorf("\ngot  %s\nwant %s", got, want)
	}
}

// Tools recognize a deprecation by its paragraph, and the flag would add another sentence.
func TestDeprecationsAreParagraphs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ facts, want string }{
		{
			"description: Old., deprecated: true, x-deprecated-reason: use `b`",
			"    description: \"Old.\\n\\nDeprecated: use `b`.\"\n- target: '$.a.deprecated'\n  remove: true\n",
		},
		{
			"$ref: '#/A', description: Old., deprecated: true, x-deprecated-reason: use `b`, x-id-prefix: a_",
			"    description: \"Old. `a_…`.\\n\\nDeprecated: use `b`.\"\n",
		},
		{"description: New., deprecated: false", ""},
	} {
		want := c.want
		if want != "" {
			want = "- target: '$.a'\n  update:\n" + want
		}
		if got := actions(t, "a: {"+c.facts+"}"); got != want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.facts, got, want)
		}
	}
}

func TestFactsThatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for document, want := range map[string]string{
		"a: [":                                              "parse: ",
		"a: {x-id-prefix: org_}":                            "line 1: x-id-prefix and deprecated need a description beside them",
		"a: {deprecated: true}":                             "x-id-prefix and deprecated need a description beside them",
		"a: {deprecated: true, description: X.}":            "deprecated needs x-deprecated-reason beside it",
		"a: {x-clearable: false}":                           `line 1: x-clearable: want true, got "false"`,
		"a:\n  b: {type: string, x-clearable: true}":        "line 2: x-clearable: want a nullable type, an array or a map, got string",
		"a: {type: [string, boolean], x-clearable: true}":   `want one type beside null, got ["string" "boolean"]`,
		"a: {x-clearable: true}":                            "want one type beside null, got []",
		"a: [{type: [integer, 'null'], x-clearable: true}]": `no Go type is known for type "integer"`,
	} {
		if _, err := overlaygen.Write([]byte(document)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got the error %v, want %q in it", document, err, want)
		}
	}
}

func TestSecretsOfSchemas(t *testing.T) {
	t.Parallel()
	for schema, want := range map[string]bool{
		"properties: {p: {x-secret: true}}":                          true,
		"properties: {p: {format: password}}":                        true,
		"properties: {p: {items: {$ref: '#/components/schemas/S'}}}": true,
		"properties: {p: {$ref: '#/components/schemas/A'}}":          false,
		"properties: {p: {$ref: '#/components/schemas/None'}}":       false,
		"properties: {format: {type: string}}":                       false,
	} {
		got := actions(t, "components: {schemas: {A: {"+schema+"}, S: {properties: {p: {$ref: '#/components/schemas/T'}}}, "+
			"T: {properties: {s: {$ref: '#/components/schemas/S'}, t: {x-secret: true}}}}}")
		action := "- target: '$.components.schemas.A'\n  update:\n    x-holds-secret: true\n"
		if strings.Contains(got, action) != want || strings.Count(got, "x-holds-secret") < 2 {
			t.Errorf("%s: got %s, want a secret in A: %t, and in S and T", schema, got, want)
		}
	}
}
