package main_test

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	tablegen "github.com/seed-f165d83c/workos/gen/tablegen"
)

// TestEachRefusalIsWordedWhole has one fault on a known line each.
func TestEachRefusalIsWordedWhole(t *testing.T) {
	t.Parallel()
	const none, components = "the table cannot represent ", "#/components/"
	for text, want := range map[string]string{
		document("    T: false\n"):                               "line 5: " + none + "a schema that accepts nothing",
		document("    T: 1\n"):                                   `line 5: expected true or false, got "1"`,
		document("    T: {allOf: [{}, false]}\n"):                "line 5: " + none + "a schema that accepts nothing",
		document("    T: {if: {}}\n"):                            "line 5: " + none + `the keyword "if"`,
		document("    T: {then: {}}\n"):                          "line 5: " + none + `the keyword "then"`,
		document("    T: {x: {}}\n"):                             "line 5: " + none + `the keyword "x"`,
		document("    T: {items: [{}]}\n"):                       "line 5: expected a mapping",
		document("    T: {properties: {a: {}, b: {not: {}}}}\n"): "line 5: " + none + `the keyword "not"`,
		document("    T: {additionalProperties: {not: {}}}\n"):   "line 5: " + none + `the keyword "not"`,
		document("    T: {additionalProperties: maybe}\n"):       `line 5: expected true or false, got "maybe"`,
		document("    T: {propertyNames: {not: {}}}\n"):          "line 5: " + none + `the keyword "not"`,
		document("    T: {oneOf: [{}, {not: {}}]}\n"):            "line 5: " + none + `the keyword "not"`,
		document("    T: {anyOf: [{not: {}}]}\n"):                "line 5: " + none + `the keyword "not"`,
		document("    T: {type: [string, text]}\n"):              `line 5: unknown type "text"`,
		document("    T: {type: {}}\n"):                          `line 5: unknown type ""`,
		document("    T: {$ref: '#/components/responses/Other'}\n"): "line 5: " +
			`$ref "#/components/responses/Other" is not under ` + components + "schemas",
		document("    T: {$ref: [a]}\n"):                             "line 5: expected a scalar",
		document("    T: {required: [a, b], properties: {a: {}}}\n"): `line 5: required property "b" is not described`,
		document("    T: {required: a}\n"):                           "line 5: expected a list",
		document("    T: {minLength: 1.5}\n"):                        `line 5: expected a whole number from 0, got "1.5"`,
		document("    T: {minItems: '-1'}\n"):                        `line 5: expected a whole number from 0, got "-1"`,
		document("    T: {minProperties: a}\n"):                      `line 5: expected a whole number from 0, got "a"`,
		document("    T: {maxLength: 0}\n"):                          "line 5: " + none + "a limit of 0",
		document("    T: {maxLength: -1}\n"):                         `line 5: expected a whole number from 0, got "-1"`,
		document("    T: {maxItems: 0}\n"):                           "line 5: " + none + "a limit of 0",
		document("    T: {maxProperties: 0}\n"):                      "line 5: " + none + "a limit of 0",
		document("    T: {minimum: '1'}\n"):                          `line 5: expected a number, got "1"`,
		document("    T: {maximum: [1]}\n"):                          `line 5: expected a number, got [1]`,
		document("    T: {multipleOf: null}\n"):                      `line 5: expected a number, got null`,
		document("    T: {exclusiveMinimum: a}\n"):                   `line 5: expected a number, got "a"`,
		document("    T: {exclusiveMaximum: null}\n"):                `line 5: expected a number, got null`,
		document("    T: {deprecated: yes}\n"):                       `line 5: expected true or false, got "yes"`,
		document("    T: {uniqueItems: [true]}\n"):                   `line 5: expected true or false, got ""`,
		document("    T: {nullable: 0}\n"):                           `line 5: expected true or false, got "0"`,
		document("    T: {x-secret: 1}\n"):                           `line 5: expected true or false, got "1"`,
		document("    T: {examples: 1}\n"):                           "line 5: expected a list",
		document("    T: {default: .nan}\n"):                         "line 5: json: unsupported value: NaN",
		document("    T: {const: .inf}\n"):                           "line 5: json: unsupported value: +Inf",
		document("    T: {discriminator: {mapping: {v: Other}}}\n"): "" +
			`line 5: $ref "Other" is not under ` + components + "schemas",
		document("    T:\n      <<: {type: string}\n"):                 "line 6: merge keys are not supported",
		teas(`, tags: one`):                                            "line 3: expected a list",
		teas(`, deprecated: 1`):                                        `line 3: expected true or false, got "1"`,
		teas(`, unknown: 1`):                                           `line 3: unknown field "unknown" of an operation`,
		teas(`, parameters: [{name: a, in: ''}]`):                      `line 3: a parameter cannot stand in ""`,
		teas(`, parameters: [{name: a, in: body}]`):                    `line 3: a parameter cannot stand in "body"`,
		teas(`, parameters: [{name: a, in: path, schema: {not: {}}}]`): "line 3: " + none + `the keyword "not"`,
		teas(`, parameters: [{name: a, in: path, explode: 1}]`):        `line 3: expected true or false, got "1"`,
		teas(`, parameters: [{name: a, unknown: 1}]`):                  `line 3: unknown field "unknown" of a parameter`,
		teas(`, parameters: [{$ref: '#/components/schemas/S'}]`): "line 3: " +
			`$ref "#/components/schemas/S" is not under ` + components + "parameters",
		teas(`, parameters: [{$ref: '#/components/parameters/Q'}]`):    "line 3: #/components/parameters/Q does not exist",
		teas(`, requestBody: {$ref: '#/components/requestBodies/Q'}`):  "line 3: #/components/requestBodies/Q does not exist",
		teas(`, requestBody: {required: 1}`):                           `line 3: expected true or false, got "1"`,
		teas(`, responses: {200: {$ref: '#/components/responses/Q'}}`): "line 3: #/components/responses/Q does not exist",
		teas(`, responses: {XXX: {}}`):                                 `line 3: status "XXX" is no number`,
		teas(`, responses: {XXXX: {}}`):                                `line 3: status "XXXX" is no number`,
		teas(`, responses: {2X: {}}`):                                  `line 3: status "2X" is no number`,
		teas(`, responses: {Default: {}}`):                             `line 3: status "Default" is no number`,
		teas(`, responses: []`):                                        "line 3: expected a mapping",
		teas(`, security: [{a: [], b: []}]`): "" +
			"line 3: " + none + "schemes that are needed together",
		teas(`, security: [{a: []}, {b: [], c: [], d: []}]`): "" +
			"line 3: " + none + "schemes that are needed together",
		teas(`, operationId: b`): "parse YAML: yaml: unmarshal errors:\n" +
			`  line 3: mapping key "operationId" already defined at line 3`,
		"openapi: 3.1.0\npaths: {/a: {servers: 1}}\n":           `line 2: unknown field "servers" of a path`,
		"openapi: 3.1.0\npaths: {/a: {query: {}}}\n":            `line 2: unknown field "query" of a path`,
		"openapi: 3.1.0\npaths: {/a: {GET: {}}}\n":              `line 2: unknown field "GET" of a path`,
		"openapi: 3.1.0\ntags: [{name: a}, {description: b}]\n": "line 2: a tag has no name",
		"openapi: 3.1.0\ntags: {}\n":                            "line 2: expected a list",
		"openapi: 3.1.0\nx-synonyms: [a]\n":                     "line 2: expected a mapping",
		"openapi: 3.1.0\nx-synonyms: {a: [[b]]}\n":              "line 2: expected a scalar",
		"openapi: [3.1.0]\n":                                    "line 1: expected a scalar",
		"":                                                      "the document is empty",
		"a: b\n": "no OpenAPI 3 document: " +
			"the field openapi is missing or of another version",
		"a: &a [*a]\n": "parse YAML: yaml: anchor 'a' value contains itself",
	} {
		table, err := tablegen.Convert([]byte(text))
		if table != nil || err == nil || err.Error() != want {
			t.Errorf("%s\ngot  %v, %v\nwant %s", text, table, err, want)
		}
	}
}

// TestOperationsNeedTheirOwnID has the first, a middle and the last operation without one, and each pair share one.
func TestOperationsNeedTheirOwnID(t *testing.T) {
	t.Parallel()
	for i := range 3 {
		for j := range 3 {
			ids := []string{"a", "b", "c"}
			want := fmt.Sprintf("PUT /%d has no operationId", i)
			if ids[i] = ""; i != j {
				ids[i] = ids[j]
				want = fmt.Sprintf("PUT /%d and PUT /%d share the operationId %s", min(i, j), max(i, j), ids[j])
			}
			text := "openapi: 3.1.0\npaths:\n"
			var textSb118 strings.Builder
			for n, id := range ids {
				textSb118.WriteString("  /" + strconv.Itoa(n) + ": {put: {operationId: '" + id + "'}}\n")
			}
			text += textSb118.String()
			if _, err := tablegen.Convert([]byte(text)); err == nil || err.Error() != want {
				t.Errorf("%q: got %v, want %s", ids, err, want)
			}
		}
	}
}

func TestKeywordsThatSayNothingAreDropped(t *testing.T) {
	t.Parallel()
	for _, keyword := range []string{
		"title: t", "readOnly: true", "writeOnly: true", "externalDocs: {}", "xml: {}", "$comment: c", "required: []",
		"x-: 1", "x-secrets: true", "deprecated: false", "nullable: false", "uniqueItems: false", "enum: []", "examples: []",
		"allOf: []", "anyOf: []", "oneOf: []", "properties: {}", "minLength: 0", "minItems: 0", "minProperties: 0",
	} {
		got := *convert(t, document("    Thing: {"+keyword+"}\n")).Schema("Thing")
		if want := (optable.Schema{Name: "Thing"}); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, want nothing", keyword, got)
		}
	}
}

func TestLimitsAreKeptFromTheLeast(t *testing.T) {
	t.Parallel()
	for n := range 3 {
		text := strings.ReplaceAll("{minLength: N, minItems: N, minProperties: N}", "N", strconv.Itoa(n))
		want := optable.Schema{Name: "Thing", MinLength: n, MinItems: n, MinProperties: n}
		if got := *convert(t, document("    Thing: "+text+"\n")).Schema("Thing"); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, want %+v", text, got, want)
		}
		text = strings.ReplaceAll("{maxLength: N, maxItems: N, maxProperties: N}", "N", strconv.Itoa(n+1))
		want = optable.Schema{Name: "Thing", MaxLength: n + 1, MaxItems: n + 1, MaxProperties: n + 1}
		if got := *convert(t, document("    Thing: "+text+"\n")).Schema("Thing"); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, want %+v", text, got, want)
		}
	}
}
