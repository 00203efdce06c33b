package openapi_test

import (
	"reflect"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
)

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
		{`{readOnly: true, writeOnly: false}`, optable.Schema{ReadOnly: true}},
		{`{readOnly: false, writeOnly: true}`, optable.Schema{WriteOnly: true}},
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
		{`{pattern: '^a$'}`, optable.Schema{Constraints: &optable.Constraints{Pattern: "^a$"}}},
		{`{minLength: 1, maxLength: 2}`, optable.Schema{Constraints: &optable.Constraints{MinLength: 1, MaxLength: 2}}},
		{`{minimum: 0, maximum: 1.5e3}`, optable.Schema{Constraints: &optable.Constraints{Minimum: "0", Maximum: "1.5e3"}}},
		{
			`{exclusiveMinimum: -1, exclusiveMaximum: 9007199254740993}`,
			optable.Schema{Constraints: &optable.Constraints{ExclusiveMinimum: "-1", ExclusiveMaximum: "9007199254740993"}},
		},
		{`{multipleOf: 0.01}`, optable.Schema{Constraints: &optable.Constraints{MultipleOf: "0.01"}}},
		{
			`{items: {type: string}, minItems: 1, maxItems: 2, uniqueItems: true}`,
			optable.Schema{Items: &str, Constraints: &optable.Constraints{MinItems: 1, MaxItems: 2, UniqueItems: true}},
		},
		{
			`{required: [b], properties: {a: {type: string}, b: {}}}`,
			optable.Schema{
				Types:      optable.Object,
				Properties: []optable.Property{{Name: "a", Schema: &str}, {Name: "b", Required: true, Schema: &optable.Schema{}}},
			},
		},
		{
			`{nullable: true, properties: {a: {type: string}}}`,
			optable.Schema{Types: optable.Object | optable.Null, Properties: []optable.Property{{Name: "a", Schema: &str}}},
		},
		{ // a part has the type of the others
			`{allOf: [{properties: {a: {type: string}}}]}`,
			optable.Schema{Composition: &optable.Composition{
				AllOf: []optable.Schema{{Properties: []optable.Property{{Name: "a", Schema: &str}}}},
			}},
		},
		{`{additionalProperties: false}`, optable.Schema{Closed: true}},
		{`{additionalProperties: true}`, optable.Schema{Additional: &optable.Schema{}}},
		{`{additionalProperties: {type: string}}`, optable.Schema{Additional: &str}},
		{
			`{propertyNames: {type: string}, minProperties: 1, maxProperties: 2}`,
			optable.Schema{PropertyNames: &str, Constraints: &optable.Constraints{MinProperties: 1, MaxProperties: 2}},
		},
		{`{allOf: [{type: string}, {}]}`, optable.Schema{Composition: &optable.Composition{AllOf: []optable.Schema{str, {}}}}},
		{`{anyOf: [{type: string}, {}]}`, optable.Schema{Composition: &optable.Composition{AnyOf: []optable.Schema{str, {}}}}},
		{`{oneOf: [{type: string}, {}]}`, optable.Schema{Composition: &optable.Composition{OneOf: []optable.Schema{str, {}}}}},
		{
			`{oneOf: [{$ref: '#/components/schemas/Other'}, {type: 'null'}]}`,
			optable.Schema{Ref: "Other", Types: optable.Null},
		},
		{
			`{anyOf: [{type: string}, {type: 'null'}, {}]}`,
			optable.Schema{Types: optable.Null, Composition: &optable.Composition{AnyOf: []optable.Schema{str, {}}}},
		},
		{
			`{oneOf: [{$ref: '#/components/schemas/Other'}], anyOf: [{$ref: '#/components/schemas/More'}]}`,
			optable.Schema{Composition: &optable.Composition{OneOf: []optable.Schema{{Ref: "Other"}}, AnyOf: []optable.Schema{{Ref: "More"}}}},
		},
		{
			`{type: 'null', oneOf: [{type: string}], anyOf: [{$ref: '#/components/schemas/Other'}]}`,
			optable.Schema{Ref: "Other", Types: optable.Null, Composition: &optable.Composition{OneOf: []optable.Schema{str}}},
		},
		{
			`{$ref: '#/components/schemas/Other', oneOf: [{$ref: '#/components/schemas/More'}, {type: 'null'}]}`,
			optable.Schema{Ref: "Other", Types: optable.Null, Composition: &optable.Composition{OneOf: []optable.Schema{{Ref: "More"}}}},
		},
		{
			`{oneOf: [{$ref: '#/components/schemas/Other'}, {$ref: '#/components/schemas/More'}, {type: 'null'}]}`,
			optable.Schema{Types: optable.Null, Composition: &optable.Composition{OneOf: []optable.Schema{{Ref: "Other"}, {Ref: "More"}}}},
		},
		{
			`{title: t, xml: {}, externalDocs: {}, $comment: c, x-any: {a: 1}}`,
			optable.Schema{},
		},
	}
	for _, c := range cases {
		got := *convert(t, document("    Thing: "+c.text+"\n    More: {}\n")).Schema("Thing")
		c.want.Name = "Thing"
		if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", c.text, got, c.want)
		}
	}
}
