package main_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	tablegen "github.com/seed-f165d83c/workos/gen/tablegen"
)

// document is a document around schemas, each indented by four.
func document(schemas string) string {
	return "openapi: 3.1.0\ncomponents:\n  schemas:\n    Other: {type: object}\n" + schemas
}

func convert(t *testing.T, text string) *optable.Table {
	t.Helper()
	table, err := tablegen.Convert([]byte(text))
	if err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return table
}

func TestEachKeywordOfASchemaIsKept(t *testing.T) {
	t.Parallel()
	str := optable.Schema{Types: optable.String}
	cases := []struct {
		text string
		want optable.Schema
	}{
		{`{}`, optable.Schema{}},
		{`true`, optable.Schema{}},
		{`{type: string}`, str},
		{`{type: [integer, 'null']}`, optable.Schema{Types: optable.Integer | optable.Null}},
		{`{$ref: '#/components/schemas/Other'}`, optable.Schema{Ref: "Other"}},
		{
			`{$ref: '#/components/schemas/Other', description: d}`,
			optable.Schema{Ref: "Other", Description: "d"},
		},
		{`{description: "a\n  b "}`, optable.Schema{Description: "a b"}},
		{`{deprecated: true}`, optable.Schema{Deprecated: true}},
		{`{x-secret: true}`, optable.Schema{Secret: true}},
		{`{x-secret: false, x-other: true}`, optable.Schema{}},
		{`{format: password}`, optable.Schema{Format: "password", Secret: true}},
		{`{format: password, x-secret: false}`, optable.Schema{Format: "password", Secret: true}},
		{`{x-secret: true, format: email}`, optable.Schema{Format: "email", Secret: true}},
		{`{enum: [a, 1, 1.50, true, null]}`, optable.Schema{Enum: []string{`"a"`, `1`, `1.50`, `true`, `null`}}},
		{`{const: a}`, optable.Schema{Const: `"a"`}},
		{`{default: [1, {a: b}]}`, optable.Schema{Default: `[1,{"a":"b"}]`}},
		{`{default: 9007199254740993}`, optable.Schema{Default: `9007199254740993`}},
		{`{default: 0x10}`, optable.Schema{Default: `16`}},
		{`{default: 2026-01-31}`, optable.Schema{Default: `"2026-01-31"`}},
		{`{example: {at: 2026-01-31T12:00:00Z}}`, optable.Schema{Example: `{"at":"2026-01-31T12:00:00Z"}`}},
		{`{examples: [1, 2]}`, optable.Schema{Example: `1`}},
		{`{examples: []}`, optable.Schema{}},
		{`{format: uuid}`, optable.Schema{Format: "uuid"}},
		{`{pattern: '^a$'}`, optable.Schema{Pattern: "^a$"}},
		{`{minLength: 1, maxLength: 2}`, optable.Schema{MinLength: 1, MaxLength: 2}},
		{`{minimum: 0, maximum: 1.5e3}`, optable.Schema{Minimum: "0", Maximum: "1.5e3"}},
		{
			`{exclusiveMinimum: -1, exclusiveMaximum: 9007199254740993}`,
			optable.Schema{ExclusiveMinimum: "-1", ExclusiveMaximum: "9007199254740993"},
		},
		{`{multipleOf: 0.01}`, optable.Schema{MultipleOf: "0.01"}},
		{
			`{items: {type: string}, minItems: 1, maxItems: 2, uniqueItems: true}`,
			optable.Schema{Items: &str, MinItems: 1, MaxItems: 2, UniqueItems: true},
		},
		{
			`{required: [b], properties: {a: {type: string}, b: {}}}`,
			optable.Schema{Properties: []optable.Property{{Name: "a", Schema: str}, {Name: "b", Required: true}}},
		},
		{`{additionalProperties: false}`, optable.Schema{Closed: true}},
		{`{additionalProperties: true}`, optable.Schema{Additional: &optable.Schema{}}},
		{`{additionalProperties: {type: string}}`, optable.Schema{Additional: &str}},
		{
			`{propertyNames: {type: string}, minProperties: 1, maxProperties: 2}`,
			optable.Schema{PropertyNames: &str, MinProperties: 1, MaxProperties: 2},
		},
		{`{allOf: [{type: string}, {}]}`, optable.Schema{AllOf: []optable.Schema{str, {}}}},
		{`{anyOf: [{type: string}, {}]}`, optable.Schema{AnyOf: []optable.Schema{str, {}}}},
		{`{oneOf: [{type: string}, {}]}`, optable.Schema{OneOf: []optable.Schema{str, {}}}},
		{
			`{oneOf: [{$ref: '#/components/schemas/Other'}, {type: 'null'}]}`,
			optable.Schema{Ref: "Other", Types: optable.Null},
		},
		{
			`{anyOf: [{type: string}, {type: 'null'}, {}]}`,
			optable.Schema{Types: optable.Null, AnyOf: []optable.Schema{str, {}}},
		},
		{
			`{discriminator: {propertyName: p, mapping: {v: '#/components/schemas/Other'}}}`,
			optable.Schema{Discriminator: &optable.Discriminator{
				Property: "p", Mapping: []optable.Mapping{{Value: "v", Ref: "Other"}},
			}},
		},
		{
			`{oneOf: [{$ref: '#/components/schemas/Other'}, {type: string}], discriminator: {propertyName: p}}`,
			optable.Schema{OneOf: []optable.Schema{{Ref: "Other"}, str}, Discriminator: &optable.Discriminator{
				Property: "p", Mapping: []optable.Mapping{{Value: "Other", Ref: "Other"}},
			}},
		},
		{
			`{oneOf: [{$ref: '#/components/schemas/Other'}], anyOf: [{$ref: '#/components/schemas/Thing'}]}`,
			optable.Schema{OneOf: []optable.Schema{{Ref: "Other"}}, AnyOf: []optable.Schema{{Ref: "Thing"}}},
		},
		{
			`{type: 'null', oneOf: [{type: string}], anyOf: [{$ref: '#/components/schemas/Other'}]}`,
			optable.Schema{Ref: "Other", Types: optable.Null, OneOf: []optable.Schema{str}},
		},
		{
			`{$ref: '#/components/schemas/Other', oneOf: [{$ref: '#/components/schemas/Thing'}, {type: 'null'}]}`,
			optable.Schema{Ref: "Other", Types: optable.Null, OneOf: []optable.Schema{{Ref: "Thing"}}},
		},
		{
			`{oneOf: [{$ref: '#/components/schemas/Other'}, {$ref: '#/components/schemas/Thing'}, {type: 'null'}]}`,
			optable.Schema{Types: optable.Null, OneOf: []optable.Schema{{Ref: "Other"}, {Ref: "Thing"}}},
		},
		{
			`{oneOf: [{$ref: '#/components/schemas/Other'}, {$ref: '#/components/schemas/Thing'}], discriminator: ` +
				`{propertyName: p, mapping: {v: '#/components/schemas/Other', w: '#/components/schemas/Other'}}}`,
			optable.Schema{
				OneOf: []optable.Schema{{Ref: "Other"}, {Ref: "Thing"}},
				Discriminator: &optable.Discriminator{Property: "p", Mapping: []optable.Mapping{
					{Value: "v", Ref: "Other"}, {Value: "w", Ref: "Other"}, {Value: "Thing", Ref: "Thing"},
				}},
			},
		},
		{
			`{oneOf: [{type: string}, {$ref: '#/components/schemas/Thing'}], ` +
				`anyOf: [{}, {$ref: '#/components/schemas/Other'}], discriminator: {propertyName: p}}`,
			optable.Schema{
				OneOf: []optable.Schema{str, {Ref: "Thing"}}, AnyOf: []optable.Schema{{}, {Ref: "Other"}},
				Discriminator: &optable.Discriminator{Property: "p", Mapping: []optable.Mapping{
					{Value: "Thing", Ref: "Thing"}, {Value: "Other", Ref: "Other"},
				}},
			},
		},
		{
			`{title: t, readOnly: true, writeOnly: true, xml: {}, externalDocs: {}, $comment: c, x-any: {a: 1}}`,
			optable.Schema{},
		},
	}
	for _, c := range cases {
		got := *convert(t, document("    Thing: "+c.text)).Schema("Thing")
		c.want.Name = "Thing"
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", c.text, got, c.want)
		}
	}
}

// OpenAPI 3.0 is another dialect of JSON Schema.
func TestThe30DialectIsTranslated(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]optable.Schema{
		`{type: string, nullable: true}`:  {Types: optable.String | optable.Null},
		`{nullable: true, type: string}`:  {Types: optable.String | optable.Null},
		`{type: string, nullable: false}`: {Types: optable.String},
		`{nullable: true, minLength: 2}`:  {MinLength: 2},
		`{nullable: true, allOf: [{$ref: '#/components/schemas/Other'}]}`: {
			Types: optable.Null, AllOf: []optable.Schema{{Ref: "Other"}},
		},
		`{nullable: true, $ref: '#/components/schemas/Other'}`: {Types: optable.Null, Ref: "Other"},
		`{nullable: true, oneOf: [{type: string}]}`:            {OneOf: []optable.Schema{{Types: optable.String}}},
		`{type: 'null'}`: {Types: optable.Null},
		`{minimum: 1, exclusiveMinimum: true, maximum: 2, exclusiveMaximum: false}`: {
			ExclusiveMinimum: "1", Maximum: "2",
		},
		`{exclusiveMaximum: true, maximum: 2}`: {ExclusiveMaximum: "2"},
	} {
		got := *convert(t, strings.Replace(document("    Thing: "+text), "3.1.0", "3.0.3", 1)).Schema("Thing")
		want.Name = "Thing"
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", text, got, want)
		}
	}
}

const operations = `openapi: 3.1.0
paths:
  /teas/{id}:
    summary: Teas
    x-note: about the path
    parameters:
    - {name: id, in: path, required: true, schema: {type: string}}
    - {name: limit, in: query, schema: {type: string}}
    post:
      operationId: teas.brew
      summary: Brew
      description: >-
        Brews
        it.
      deprecated: true
      tags: [teas, more]
      servers: [{url: 'https://hot.example'}]
      security: [{key: []}, {token: [a]}]
      x-cost: {cups: 1}
      x-mutually-exclusive-body-groups:
        how:
          optional: true
          variants: {short: [a], long: [b, c]}
          optionalFields: {long: [c]}
      parameters:
      - $ref: '#/components/parameters/Limit'
      - {name: tags, in: query, style: form, explode: false, deprecated: true, description: T., schema: {type: array}}
      requestBody: {$ref: '#/components/requestBodies/Brew'}
      responses:
        '200': {$ref: '#/components/responses/Cup'}
        302: {description: Moved.}
        5XX: {description: Down.}
        default: {description: Error., content: {application/json: {}}}
    get: {operationId: teas.get, security: [], responses: {}}
components:
  parameters:
    Limit: {name: limit, in: query, required: true, schema: {type: integer}}
  requestBodies:
    Brew:
      required: true
      content:
        text/plain: {schema: {type: string}}
        application/json: {schema: {$ref: '#/components/schemas/B'}}
        application/xml: {}
  responses:
    Cup: {description: A cup., content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}
  schemas:
    B: {type: object}
    A: {type: string}
`

func TestAnOperationIsKept(t *testing.T) {
	t.Parallel()
	id := optable.Parameter{
		Name: "id", In: optable.InPath, Required: true, Schema: optable.Schema{Types: optable.String},
	}
	want := []optable.Operation{
		{
			ID: "teas.brew", Method: "POST", Path: "/teas/{id}", Toolset: "teas", Summary: "Brew",
			Description: "Brews it.", Deprecated: true, Servers: []string{"https://hot.example"},
			Security: []string{"key", "token"},
			Parameters: []optable.Parameter{
				id, // the operation's own limit takes the place of the path's
				{
					Name: "limit", In: optable.InQuery, Required: true,
					Schema: optable.Schema{Types: optable.Integer},
				},
				{
					Name: "tags", In: optable.InQuery, Style: "form", Explode: "false", Deprecated: true,
					Description: "T.", Schema: optable.Schema{Types: optable.Array},
				},
			},
			Body: &optable.Body{Required: true, MediaType: "application/json", Schema: optable.Schema{Ref: "B"}},
			Responses: []optable.Response{
				{Status: 200, MediaType: "application/json", Schema: &optable.Schema{Ref: "A"}},
				{Status: 302}, {Status: 500}, {MediaType: "application/json"},
			},
			Exclusive: []optable.Exclusive{{Name: "how", Optional: true, Variants: []optable.Variant{
				{Name: "short", Fields: []string{"a"}},
				{Name: "long", Fields: []string{"b", "c"}, Optional: []string{"c"}},
			}}},
			Extensions: []optable.Extension{{Name: "x-cost", JSON: `{"cups":1}`}},
		},
		{
			ID: "teas.get", Method: "GET", Path: "/teas/{id}", Security: []string{"none"},
			Parameters: []optable.Parameter{id, {
				Name: "limit", In: optable.InQuery, Schema: optable.Schema{Types: optable.String},
			}},
		},
	}
	table := convert(t, operations)
	for i := range want {
		if got := table.Operations[i]; !reflect.DeepEqual(got, want[i]) {
			t.Errorf("got  %+v\nwant %+v", got, want[i])
		}
	}
	if len(table.Operations) != 2 || len(table.Schemas) != 2 || table.Schemas[0].Name != "A" {
		t.Errorf("got %d operations and %+v, want 2 and the schemas by name", len(table.Operations), table.Schemas)
	}
}

func TestToolsetsAndSynonymsAreKept(t *testing.T) {
	t.Parallel()
	table := convert(t, `openapi: 3.1.0
tags:
- {name: teas, description: "What is\n\n  brewed."}
- {name: cups}
x-synonyms:
  cuppa: [tea, cup of tea]
  to go: [takeaway]
`)
	toolsets := []optable.Toolset{{Name: "teas", Description: "What is brewed."}, {Name: "cups"}}
	synonyms := []optable.Synonym{
		{Term: "cuppa", Means: []string{"tea", "cup of tea"}}, {Term: "to go", Means: []string{"takeaway"}},
	}
	if !reflect.DeepEqual(table.Toolsets, toolsets) || !reflect.DeepEqual(table.Synonyms, synonyms) {
		t.Errorf("got %+v and %+v, want %+v and %+v", table.Toolsets, table.Synonyms, toolsets, synonyms)
	}
}

func TestAliasesAreFollowed(t *testing.T) {
	t.Parallel()
	table := convert(t, document(`    One: &one
      type: &type [string, 'null']
      description: &text Some words.
      minLength: &n 2
      deprecated: &yes true
      enum: &members [&a a, *a]
    Two: *one
    Three: {type: *type, description: *text, maxLength: *n, deprecated: *yes, enum: *members, default: *members}
    Four: {items: *one, allOf: [*one], properties: {p: *one}, required: [&p p]}
`))
	one, two, three, four := table.Schema("One"), table.Schema("Two"), table.Schema("Three"), table.Schema("Four")
	two.Name = "One"
	if !reflect.DeepEqual(one, two) {
		t.Errorf("got %+v, want %+v", two, one)
	}
	want := optable.Schema{
		Name: "Three", Types: one.Types, Description: "Some words.", MaxLength: 2, Deprecated: true,
		Enum: []string{`"a"`, `"a"`}, Default: `["a","a"]`,
	}
	if !reflect.DeepEqual(*three, want) {
		t.Errorf("got %+v, want %+v", *three, want)
	}
	if four.Items.Description != "Some words." || four.AllOf[0].MinLength != 2 || !four.Properties[0].Required {
		t.Errorf("got %+v, want the alias in each place", *four)
	}
}

func TestAliasesThatMultiplyAreRefused(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("openapi: 3.1.0\nx0: &x0 a\n")
	for i := range 9 {
		fmt.Fprintf(&text, "x%d: &x%d [%s]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*x%d, ", i), 10))
	}
	if _, err := tablegen.Convert([]byte(text.String())); err == nil || !strings.Contains(err.Error(), "alias") {
		t.Errorf("got %v, want a refusal", err)
	}
}
