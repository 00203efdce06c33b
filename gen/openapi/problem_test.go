package openapi_test

import (
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// TestEachProblemIsReported has one fault on a known line each.
func TestEachProblemIsReported(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		document("    T: false\n"): "" +
			"line 5: the table cannot represent a schema that accepts nothing; any value is accepted; remove it, or close the object with additionalProperties: false",
		document("    T: 1\n"): "" +
			"line 7: #/components/schemas/T is no schema; any value is accepted; refer to a schema",
		document("    T: {allOf: [{}, false]}\n"): "" +
			"line 5: the table cannot represent a schema that accepts nothing; any value is accepted; remove it, or close the object with additionalProperties: false",
		document("    T: {if: {}}\n"): "" +
			`line 5: the table cannot represent the keyword "if"; what it rejects is accepted; say it in the description`,
		document("    T: {then: {}}\n"): "" +
			`line 5: the table cannot represent the keyword "then"; what it rejects is accepted; say it in the description`,
		document("    T: {x: {}}\n"): "" +
			`line 5: unknown keyword "x"; remove it, or begin its name with x-`,
		document("    T: {items: [{}]}\n"): "" +
			"line 5: the table cannot represent a list of items; items of any kind are accepted; use items with one schema",
		document("    T: {properties: {a: {}, b: {not: {}}}}\n"): "" +
			`line 5: the table cannot represent the keyword "not"; what it rejects is accepted; say it in the description`,
		document("    T: {additionalProperties: {not: {}}}\n"): "" +
			`line 5: the table cannot represent the keyword "not"; what it rejects is accepted; say it in the description`,
		document("    T: {additionalProperties: maybe}\n"): "" +
			`line 5: expected a schema, found "maybe"; any value is accepted; write a schema here`,
		document("    T: {propertyNames: {not: {}}}\n"): "" +
			`line 5: the table cannot represent the keyword "not"; what it rejects is accepted; say it in the description`,
		document("    T: {oneOf: [{}, {not: {}}]}\n"): "" +
			`line 5: the table cannot represent the keyword "not"; what it rejects is accepted; say it in the description`,
		document("    T: {anyOf: [{not: {}}]}\n"): "" +
			`line 5: the table cannot represent the keyword "not"; what it rejects is accepted; say it in the description`,
		document("    T: {type: [string, text]}\n"): "" +
			`line 5: unknown type "text"; write string`,
		document("    T: {type: {}}\n"): "" +
			"line 5: unknown type an object; write string, integer, number, boolean, object, array or null",
		document("    T: {$ref: '#/components/responses/Other'}\n"): "" +
			"line 5: #/components/responses/Other does not exist; any value is accepted; correct the reference or add what it refers to",
		document("    T: {$ref: [a]}\n"): "" +
			"line 5: expected a string, found a list; write a string here\nline 5: a $ref is empty; nothing is known of it; write it as #/components/…",
		document("    T: {required: [a, b], properties: {a: {}}}\n"): "" +
			`line 5: the required property "b" is not described; any value of it is accepted; describe it under properties, or remove it`,
		document("    T: {required: a}\n"): "" +
			`line 5: required is "a"; in a schema it is a list of names; list it under required of the object that has the property`,
		document("    T: {minLength: 1.5}\n"): "" +
			`line 5: expected a whole number from 0, found "1.5"; write a whole number from 0`,
		document("    T: {minItems: '-1'}\n"): "" +
			`line 5: expected a whole number from 0, found "-1"; write a whole number from 0`,
		document("    T: {minProperties: a}\n"): "" +
			`line 5: expected a whole number from 0, found "a"; write a whole number from 0`,
		document("    T: {maxLength: 0}\n"): "" +
			"line 5: the table cannot represent a limit of 0; it is ignored; use const",
		document("    T: {maxLength: -1}\n"): "" +
			`line 5: expected a whole number from 0, found "-1"; write a whole number from 0`,
		document("    T: {maxItems: 0}\n"): "" +
			"line 5: the table cannot represent a limit of 0; it is ignored; use const",
		document("    T: {maxProperties: 0}\n"): "" +
			"line 5: the table cannot represent a limit of 0; it is ignored; use const",
		document("    T: {minimum: '1'}\n"): "" +
			`line 5: expected a number, found "1"; write it without quotes`,
		document("    T: {maximum: [1]}\n"): "" +
			"line 5: expected a number, found a list; write a number",
		document("    T: {multipleOf: null}\n"): "" +
			"line 5: expected a number, found null; write a number\nline 5: multipleOf is null; it is ignored; write a number above 0",
		document("    T: {exclusiveMinimum: a}\n"): "" +
			`line 5: expected a number, found "a"; write a number`,
		document("    T: {exclusiveMaximum: null}\n"): "" +
			"line 5: expected a number, found null; write a number",
		document("    T: {deprecated: yes}\n"): "" +
			`line 5: expected true or false, found "yes"; write true or false`,
		document("    T: {uniqueItems: [true]}\n"): "" +
			"line 5: expected true or false, found a list; write true or false",
		document("    T: {nullable: 0}\n"): "" +
			`line 5: expected true or false, found "0"; write true or false`,
		document("    T: {x-secret: 1}\n"): "" +
			`line 5: expected true or false, found "1"; write true or false`,
		document("    T: {default: .nan}\n"): "" +
			"line 5: the value is too long or no JSON; it is left out; shorten or remove it",
		document("    T: {const: .inf}\n"): "" +
			"line 5: the value is too long or no JSON; it is left out; shorten or remove it",
		document("    T: {discriminator: {mapping: {v: Other}}}\n"): "" +
			"line 5: a discriminator has no propertyName; it is ignored; add it",
		teas(`, tags: one`): "" +
			`line 3: expected a list, found "one"; write a list here`,
		teas(`, deprecated: 1`): "" +
			`line 3: expected true or false, found "1"; write true or false`,
		teas(`, unknown: 1`): "" +
			`line 3: unknown field "unknown" of an operation; remove it, or begin its name with x-`,
		teas(`, parameters: [{name: a, in: ''}]`): "" +
			`line 3: the parameter "a" is in ""; it is left out; write path, query, header or cookie`,
		teas(`, parameters: [{name: a, in: body}]`): "" +
			`line 3: the parameter "a" is in the body, as in Swagger 2.0; it is left out; describe it under requestBody`,
		teas(`, parameters: [{name: a, in: path, schema: {not: {}}}]`): "" +
			"line 3: the table cannot represent the keyword \"not\"; what it rejects is accepted; say it in the description\nline 3: the path parameter \"a\" is not marked as required; it is; write required: true",
		teas(`, parameters: [{name: a, in: path, explode: 1}]`): "" +
			"line 3: expected true or false, found \"1\"; write true or false\nline 3: the path parameter \"a\" is not marked as required; it is; write required: true",
		teas(`, parameters: [{name: a, unknown: 1}]`): "" +
			`line 3: the parameter "a" is in ""; it is left out; write path, query, header or cookie`,
		teas(`, parameters: [{$ref: '#/components/schemas/S'}]`): "" +
			"line 8: a parameter has no name; it is left out; give it a name",
		teas(`, parameters: [{$ref: '#/components/parameters/Q'}]`): "" +
			"line 3: #/components/parameters/Q does not exist; correct the reference or add what it refers to\nline 3: a parameter has no name; it is left out; give it a name",
		teas(`, requestBody: {$ref: '#/components/requestBodies/Q'}`): "" +
			"line 3: #/components/requestBodies/Q does not exist; correct the reference or add what it refers to\nline 3: a request body has no content; it is left out; add content with a media type",
		teas(`, requestBody: {required: 1}`): "" +
			"line 3: a request body has no content; it is left out; add content with a media type",
		teas(`, responses: {200: {$ref: '#/components/responses/Q'}}`): "" +
			"line 3: #/components/responses/Q does not exist; correct the reference or add what it refers to",
		teas(`, responses: {XXX: {}}`): "" +
			`line 3: status "XXX" is no number; the response is left out; write a status such as 200 or 2XX, or default`,
		teas(`, responses: {XXXX: {}}`): "" +
			`line 3: status "XXXX" is no number; the response is left out; write a status such as 200 or 2XX, or default`,
		teas(`, responses: {2X: {}}`): "" +
			`line 3: status "2X" is no number; the response is left out; write a status such as 200 or 2XX, or default`,
		teas(`, responses: {Default: {}}`): "" +
			`line 3: status "Default" is no number; the response is left out; write a status such as 200 or 2XX, or default`,
		teas(`, responses: []`): "" +
			"line 3: expected an object, found a list; write an object here",
		"openapi: 3.1.0\npaths: {/a: {servers: 1}}\n": "" +
			`line 2: expected a list, found "1"; write a list here`,
		"openapi: 3.1.0\npaths: {/a: {query: {}}}\n": "" +
			"line 2: QUERY /a has no operationId; its name is QueryA; add one",
		"openapi: 3.1.0\npaths: {/a: {GET: {}}}\n": "" +
			`line 2: unknown field "GET" of a path; remove it, or begin its name with x-`,
		"openapi: 3.1.0\ntags: [{name: a}, {description: b}]\n": "" +
			"line 2: a tag has no name; it is left out; give it a name",
		"openapi: 3.1.0\ntags: {}\n": "" +
			"line 2: expected a list, found an object; write a list here",
		"openapi: 3.1.0\nx-synonyms: [a]\n": "" +
			"line 2: expected an object, found a list; write an object here",
		"openapi: 3.1.0\nx-synonyms: {a: [[b]]}\n": "" +
			"line 2: expected a string, found a list; write a string here",
		document("    T: {unevaluatedProperties: false, allOf: [{}]}\n"): "" +
			"line 5: the table cannot represent unevaluatedProperties here; any other property is accepted; close each variant with additionalProperties: false",
		document("    T: {patternProperties: {a: {}}}\n"): "" +
			"line 5: the table cannot represent patternProperties here; any other property is accepted; use additionalProperties if all have one schema",
		document("    T: {prefixItems: [{}]}\n"): "" +
			"line 5: the table cannot represent prefixItems; items of any kind are accepted; use items if all have one schema",
		document("    T: {type: integre}\n"): "" +
			`line 5: unknown type "integre"; write string, integer, number, boolean, object, array or null`,
		document("    T: {type: file}\n"): "" +
			`line 5: unknown type "file"; write string`,
		document("    T: {$ref: 'other.yaml'}\n"): "" +
			`line 5: $ref "other.yaml" is outside of the document; nothing is known of it; bundle the documents into one, for example with redocly bundle`,
		document("    T: {$ref: '#other'}\n"): "" +
			`line 5: $ref "#other" is no JSON Pointer; nothing is known of it; write it as #/components/…`,
		document("    T: {$ref: '#/components/schemas/No'}\n"): "" +
			"line 5: #/components/schemas/No does not exist; any value is accepted; correct the reference or add what it refers to",
		document("    T: {$dynamicRef: '#other'}\n"): "" +
			"line 5: the table cannot represent $dynamicRef; any value is accepted; use $ref",
		document("    T: {discriminator: {propertyName: p, mapping: {v: No}}}\n"): "" +
			`line 5: $ref "No" is outside of the document; nothing is known of it; bundle the documents into one, for example with redocly bundle`,
		document("    T: {pattern: '(?=a)'}\n"): "" +
			"line 5: the pattern \"(?=a)\" is published, but not checked: invalid or unsupported Perl syntax: `(?=`; write it without what RE2 lacks, such as look-ahead, or leave it",
		document("    T: {required: true}\n"): "" +
			`line 5: required is "true"; in a schema it is a list of names; list it under required of the object that has the property`,
		document("    T: {}\n    T: {}\n"): "" +
			`line 6: the key "T" stands twice; the last one counts; remove one of them`,
		document("    T: &t {properties: {a: *t}}\n"): "" +
			`line 5: the alias "t" is part of what it stands for; it is null; write the value in full`,
		document("    T: {<<: 1}\n"): "" +
			`line 5: a merge key names "1"; it is ignored; merge mappings`,
		document("    T: {multipleOf: 0}\n"): "" +
			`line 5: multipleOf is "0"; it is ignored; write a number above 0`,
		document("    T: {allOf: [{$ref: '#/components/schemas/T'}]}\n"): "" +
			`the schema "T" is made of itself; what it is beside that counts; remove the reference that leads back`,
		document("    T: {discriminator: petType}\n"): "" +
			"line 5: discriminator is a name, as in Swagger 2.0; write propertyName below it",
		teas(`, parameters: [{name: a, in: query, type: string}]`): "" +
			`line 3: the parameter "a" has its schema beside its name, as in Swagger 2.0; put it under schema`,
		teas(`, parameters: [{in: query}]`): "" +
			"line 3: a parameter has no name; it is left out; give it a name",
		teas(`, parameters: [{name: a, in: path}]`): "" +
			`line 3: the path parameter "a" is not marked as required; it is; write required: true`,
		teas(`, parameters: [{name: a, in: query}, {name: a, in: query}]`): "" +
			`line 3: the query parameter "a" stands twice; the first one counts; remove one of them`,
		teas(`, requestBody: {}`): "" +
			"line 3: a request body has no content; it is left out; add content with a media type",
		teas(`, x-goes-with: [{noun: a}]`): "" +
			"line 3: what goes with an operation is incomplete; it is left out; give it a noun, an operation, an argument and from",
		teas(`, x-limits: [{requests: [a]}]`): "" +
			"line 3: a limit lacks requests or a text; it is left out; give it requests and a text",
		teas(`, servers: [{}]`): "" +
			"line 3: a server has no url; it is left out; give it a url",
		teas(`, operationId: b`): "" +
			`line 3: the key "operationId" stands twice; the last one counts; remove one of them`,
		"openapi: 3.1.0\npaths: {/a: 1}\n": "" +
			`line 2: the path "/a" is "1"; it is left out; write an object here`,
		"openapi: 3.1.0\npaths: {a: {}}\n": "" +
			`line 2: the path "a" does not begin with a slash; begin the path with a slash`,
		"openapi: 3.1.0\npaths: {'/a/{b}': {get: {operationId: a}}}\n": "" +
			"line 2: GET /a/{b} has no parameter for {b}; a string is assumed; describe it under parameters",
		"openapi: 3.1.0\npaths: {/a: {get: 1}}\n": "" +
			`line 2: the operation GET /a is "1"; it is left out; write an object here`,
		"openapi: 3.1.0\npaths: {/a: {get: {}}}\n": "" +
			"line 2: GET /a has no operationId; its name is GetA; add one",
		"openapi: 3.1.0\npaths: {/a: {get: {operationId: a}, put: {operationId: a}}}\n": "" +
			`line 2: GET /a and PUT /a share the operationId "a"; give each its own`,
		"openapi: 3.9.0\n": "" +
			`line 1: OpenAPI version "3.9.0" is not known; it is read as 3.2`,
		"openapi: 3.1.0\nhost: a\n": "" +
			`line 2: unknown field "host" of the document; remove it, or begin its name with x-`,
		"openapi: 3.1.0\ncomponents: {securitySchemes: {a: {type: basic}}}\n": "" +
			`line 2: the security scheme "a" has the unknown type "basic"; it is left out; write apiKey, http, oauth2, openIdConnect or mutualTLS`,
		`{"openapi": "3.0.0",
"paths": {"/a": {"get": {"operationId": "a", "x": 1}}}}`: "" +
			`line 2: unknown field "x" of an operation; remove it, or begin its name with x-`,
	} {
		_, got := problems(t, text)
		if strings.Join(got, "\n") != want {
			t.Errorf("%s\ngot  %q\nwant %q", text, got, want)
		}
	}
}

func TestKeywordsThatSayNothingAreDropped(t *testing.T) {
	t.Parallel()
	for _, keyword := range []string{
		"title: t", "readOnly: false", "writeOnly: false", "externalDocs: {}", "xml: {}", "$comment: c", "required: []",
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
	for n := 1; n <= 3; n++ {
		text := strings.ReplaceAll("{minLength: N, minItems: N, minProperties: N}", "N", strconv.Itoa(n))
		want := optable.Schema{Name: "Thing", Constraints: &optable.Constraints{MinLength: n, MinItems: n, MinProperties: n}}
		if got := *convert(t, document("    Thing: "+text+"\n")).Schema("Thing"); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, want %+v", text, got, want)
		}
		text = strings.ReplaceAll("{maxLength: N, maxItems: N, maxProperties: N}", "N", strconv.Itoa(n))
		want = optable.Schema{Name: "Thing", Constraints: &optable.Constraints{MaxLength: n, MaxItems: n, MaxProperties: n}}
		if got := *convert(t, document("    Thing: "+text+"\n")).Schema("Thing"); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, want %+v", text, got, want)
		}
	}
}
