package openapi_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
)

func TestNewerKeywordsAreRepresentedWhereTheTableCan(t *testing.T) {
	t.Parallel()
	str := optable.Schema{Types: optable.String}
	for text, want := range map[string]optable.Schema{
		`{unevaluatedProperties: false}`:          {Closed: true},
		`{unevaluatedProperties: {type: string}}`: {Additional: &str},
		`{patternProperties: {'^x-': {type: string}}, additionalProperties: false}`: {
			Additional: &str, PropertyNames: &optable.Schema{Constraints: &optable.Constraints{Pattern: "^x-"}},
		},
		`{patternProperties: {'^x-': {type: string}}, additionalProperties: false, properties: {a: {}}}`: {
			Types: optable.Object, Additional: &str, Properties: []optable.Property{{Name: "a", Schema: &optable.Schema{}}},
		},
		`{type: string, contentEncoding: base64}`:                    {Types: optable.String, Format: "byte"},
		`{type: string, contentMediaType: application/octet-stream}`: {Types: optable.String, Format: "binary"},
		`{type: string, contentMediaType: image/png}`:                {Types: optable.String, Format: "binary"},
		`{contentMediaType: application/pdf}`:                        {Format: "binary"},
		`{type: string, contentMediaType: image/svg+xml}`:            {Types: optable.String},
		`{type: string, contentMediaType: text/html}`:                {Types: optable.String},
		`{contentMediaType: image/png, contentEncoding: base64}`:     {Format: "byte"},
		`{$defs: {a: {}}, $id: a, $schema: b, $comment: c}`:          {},
		`{maximum: 1_0, minLength: 2.0}`:                             {Constraints: &optable.Constraints{Maximum: "10", MinLength: 2}},
	} {
		want.Name = "T"
		if got := *convert(t, document("    T: "+text+"\n")).Schema("T"); !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", text, got, want)
		}
	}
	table, found := problems(t, document("    T: {prefixItems: [{type: string}, {}], items: false}\n"))
	if s := table.Schema("T"); s.Constrained().MaxItems != 2 || s.Items != nil || len(found) != 1 {
		t.Errorf("got %+v and %q, want at most two items of any kind, and one problem", s, found)
	}
}

func TestOnly31ReadsWhatStandsBesideAReference(t *testing.T) {
	t.Parallel()
	text := document("    T: {$ref: '#/components/schemas/Other', maxLength: 1, enum: [a], nullable: true, description: d}\n")
	newer, older := convert(t, text).Schema("T"), convert(t, strings.Replace(text, "3.1.0", "3.0.3", 1)).Schema("T")
	if newer.Constrained().MaxLength != 1 || newer.Enum == nil || older.Constrained().MaxLength != 0 || older.Enum != nil ||
		older.Types != optable.Null || older.Description != "d" {
		t.Errorf("got %+v and %+v, want the limit in 3.1 alone", newer, older)
	}
}

// OpenAPI 3.0 is another dialect of JSON Schema.
func TestThe30DialectIsTranslated(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]optable.Schema{
		`{type: string, nullable: true}`:  {Types: optable.String | optable.Null},
		`{nullable: true, type: string}`:  {Types: optable.String | optable.Null},
		`{type: string, nullable: false}`: {Types: optable.String},
		`{nullable: true, minLength: 2}`:  {Constraints: &optable.Constraints{MinLength: 2}},
		`{nullable: true, allOf: [{$ref: '#/components/schemas/Other'}]}`: {
			Types: optable.Null, Composition: &optable.Composition{AllOf: []optable.Schema{{Ref: "Other"}}},
		},
		`{nullable: true, $ref: '#/components/schemas/Other'}`: {Types: optable.Null, Ref: "Other"},
		`{nullable: true, oneOf: [{type: string}]}`:            {Composition: &optable.Composition{OneOf: []optable.Schema{{Types: optable.String}}}},
		`{type: 'null'}`: {Types: optable.Null},
		`{minimum: 1, exclusiveMinimum: true, maximum: 2, exclusiveMaximum: false}`: {
			Constraints: &optable.Constraints{ExclusiveMinimum: "1", Maximum: "2"},
		},
		`{exclusiveMaximum: true, maximum: 2}`: {Constraints: &optable.Constraints{ExclusiveMaximum: "2"}},
	} {
		got := *convert(t, strings.Replace(document("    Thing: "+text), "3.1.0", "3.0.3", 1)).Schema("Thing")
		want.Name = "Thing"
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", text, got, want)
		}
	}
}
