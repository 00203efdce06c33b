package schema_test

import (
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/schema"
)

func TestWordsForRareKeywords(t *testing.T) {
	t.Parallel()
	type facts = optable.Schema
	number, text := facts{Types: optable.Number}, facts{Types: optable.String}
	for _, example := range []struct {
		facts          facts
		openAI, gemini string
	}{
		{
			facts{Types: optable.Integer, Constraints: &optable.Constraints{ExclusiveMinimum: "0", ExclusiveMaximum: "10"}},
			`{"type":"integer","exclusiveMinimum":0,"exclusiveMaximum":10}`, `{"type":"integer","minimum":1,"maximum":9}`,
		},
		{ // any text may be a password, so that the format rules out nothing
			facts{Types: optable.String, Format: "password"}, `{"type":"string"}`, `{"type":"string"}`,
		},
		{
			facts{Types: optable.Array, Items: &text, Constraints: &optable.Constraints{MaxItems: 200}},
			`{"type":"array","items":{"type":"string"},"maxItems":200}`,
			`{"type":"array","items":{"type":"string"},"maxItems":200}`,
		},
		{ // more than Gemini takes of all arrays of a tool together
			facts{Types: optable.Array, Items: &text, Constraints: &optable.Constraints{MaxItems: 201}},
			`{"type":"array","items":{"type":"string"},"maxItems":201}`,
			`{"type":"array","description":"At most 201 items.","items":{"type":"string"}}`,
		},
		{
			facts{Types: optable.Number, Constraints: &optable.Constraints{ExclusiveMaximum: "1"}}, "", `{"type":"number","description":"Less than 1."}`,
		},
		{
			facts{Types: optable.Boolean, Const: "true", Description: "Consent"},
			`{"type":"boolean","description":"Consent","const":true}`,
			`{"type":"boolean","description":"Consent. Always true."}`,
		},
		{
			facts{Types: optable.String, Enum: []string{`""`, `"a"`}}, `{"type":"string","enum":["","a"]}`,
			`{"type":"string","description":"One of \"\", \"a\"."}`,
		},
		{
			facts{Types: optable.Null}, `{"type":"null"}`, `{"type":"string","nullable":true,"description":"Always null."}`,
		},
		{
			facts{
				Types: optable.String | optable.Integer | optable.Array | optable.Object | optable.Null,
				Enum:  []string{`"a"`, "1"}, Default: "1", Constraints: &optable.Constraints{MaxItems: 2, MinLength: 1, Minimum: "1"}, Deprecated: true,
			},
			`{"type":["string","integer","object","array","null"],` +
				`"description":"At least 1 character. Default 1. Deprecated.","enum":["a",1,null],"minimum":1,"items":{},` +
				`"maxItems":2,"properties":{},"additionalProperties":true}`,
			`{"anyOf":[{"type":"string","nullable":true,"description":"Default 1. Deprecated.","enum":["a"],"minLength":1},` +
				`{"type":"integer","description":"Always 1.","minimum":1},{"type":"object","properties":{}},` +
				`{"type":"array","items":{"anyOf":[{"type":"string","nullable":true,"description":"Any JSON value."},` +
				`{"type":"number"},{"type":"boolean"}]},"maxItems":2}]}`,
		},
		{
			facts{Composition: &optable.Composition{AnyOf: []facts{text, {Types: optable.Null}}}, Description: "A name."},
			`{"description":"A name.","anyOf":[{"type":"string"},{"type":"null"}]}`,
			`{"type":"string","nullable":true,"description":"A name."}`,
		},
		{
			facts{
				Types: optable.Object, PropertyNames: &facts{Constraints: &optable.Constraints{Pattern: "^[a-z]+$"}},
				Additional: &facts{Types: optable.String | optable.Null, Constraints: &optable.Constraints{MinLength: 2, MaxLength: 3}},
			},
			`{"type":"object","description":"Names match ^[a-z]+$.","properties":{},` +
				`"additionalProperties":{"type":["string","null"],"description":"2 to 3 characters."}}`,
			`{"type":"string","description":"A JSON object as text. Names match ^[a-z]+$. ` +
				`Values: strings of 2 to 3 characters or null."}`,
		},
		{
			facts{
				Types: optable.Object, PropertyNames: &facts{Constraints: &optable.Constraints{MaxLength: 1}},
				Additional: &facts{Types: optable.Integer, Constraints: &optable.Constraints{Minimum: "1"}},
			}, "",
			`{"type":"string","description":"A JSON object as text. Names of at most 1 character. ` +
				`Values: {\"type\":\"integer\",\"minimum\":1}."}`,
		},
		{
			facts{Types: optable.Object, Additional: &facts{Composition: &optable.Composition{AnyOf: []facts{number, {Types: optable.Integer}}}}}, "",
			`{"type":"string","description":"A JSON object as text. Values: numbers or whole numbers."}`,
		},
	} {
		for dialect, want := range map[schema.Dialect]string{schema.OpenAI: example.openAI, schema.Gemini: example.gemini} {
			if got := written(t, example.facts, dialect); want != "" && got != want {
				t.Errorf("%+v in %v:\ngot  %s\nwant %s", example.facts, dialect, got, want)
			}
		}
	}
}
