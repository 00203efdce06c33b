package schema_test

import (
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/schema"
)

// written returns what a table says of a value as JSON Schema in a dialect.
func written(tb testing.TB, facts optable.Schema, dialect schema.Dialect) string {
	tb.Helper()
	s, err := value.NewCompiler(&optable.Table{}).Compile(&facts)
	if err != nil {
		tb.Fatal(err)
	}
	return string(schema.Append(nil, s, schema.Style{Dialect: dialect}))
}

// Each keyword alone, at the values where it begins to be said, in each profile.
func TestEachKeywordIsWritten(t *testing.T) {
	t.Parallel()
	type facts = optable.Schema
	text, whole := facts{Types: optable.String}, facts{Types: optable.Integer}
	for _, c := range []struct {
		facts                    facts
		standard, openAI, gemini string // "": as the one before
	}{
		{
			facts{}, `{}`, "",
			`{"anyOf":[{"type":"string","nullable":true,"description":"Any JSON value."},{"type":"number"},{"type":"boolean"}]}`,
		},
		{text, `{"type":"string"}`, "", ""},
		{whole, `{"type":"integer"}`, "", ""},
		{facts{Types: optable.Number}, `{"type":"number"}`, "", ""},
		{facts{Types: optable.Number | optable.Integer}, `{"type":"number"}`, "", ""},
		{facts{Types: optable.Boolean}, `{"type":"boolean"}`, "", ""},
		{facts{Types: optable.String | optable.Null}, `{"type":["string","null"]}`, "", `{"type":"string","nullable":true}`},
		{
			facts{Types: optable.String, Description: "A \"b\"\n\\é\u001f."},
			`{"type":"string","description":"A \"b\"\n\\é\u001f."}`,
			"", "",
		},
		{
			facts{Types: optable.String, Deprecated: true}, `{"type":"string","deprecated":true}`,
			`{"type":"string","description":"Deprecated."}`, "",
		},
		{
			facts{Types: optable.String, Deprecated: true, Description: "Is deprecated"},
			`{"type":"string","description":"Is deprecated","deprecated":true}`,
			`{"type":"string","description":"Is deprecated"}`, "",
		},
		{
			facts{Types: optable.String, Default: `"a"`}, `{"type":"string","default":"a"}`,
			`{"type":"string","description":"Default \"a\"."}`, "",
		},
		{facts{Types: optable.String, Enum: []string{`"a"`}}, `{"type":"string","enum":["a"]}`, "", ""},
		{facts{Types: optable.String, Enum: []string{`"a"`, `"b"`}}, `{"type":"string","enum":["a","b"]}`, "", ""},
		{
			facts{Types: optable.String | optable.Null, Enum: []string{`"a"`}},
			`{"type":["string","null"],"enum":["a",null]}`, "",
			`{"type":"string","nullable":true,"enum":["a"]}`,
		},
		{
			facts{Types: optable.String | optable.Null, Enum: []string{"null", `"a"`}},
			`{"type":["string","null"],"enum":[null,"a"]}`, "", `{"type":"string","nullable":true,"enum":["a"]}`,
		},
		{facts{Types: optable.String, Const: `"a"`}, `{"type":"string","const":"a"}`, "", `{"type":"string","enum":["a"]}`},
		{
			facts{Types: optable.String, Format: "email"}, `{"type":"string","format":"email"}`, "",
			`{"type":"string","description":"An email address."}`,
		},
		{facts{Types: optable.String, Format: "date-time"}, `{"type":"string","format":"date-time"}`, "", ""},
		{
			facts{Types: optable.String, Format: "tea"}, `{"type":"string","format":"tea"}`,
			`{"type":"string","description":"Format tea."}`, "",
		},
		{facts{Types: optable.String, Constraints: &optable.Constraints{Pattern: `^"`}}, `{"type":"string","pattern":"^\""}`, "", ""},
		{
			facts{Types: optable.String, Constraints: &optable.Constraints{MinLength: 1}}, `{"type":"string","minLength":1}`,
			`{"type":"string","description":"At least 1 character."}`, `{"type":"string","minLength":1}`,
		},
		{
			facts{Types: optable.String, Constraints: &optable.Constraints{MaxLength: 2}}, `{"type":"string","maxLength":2}`,
			`{"type":"string","description":"At most 2 characters."}`, `{"type":"string","maxLength":2}`,
		},
		{facts{Types: optable.Number, Constraints: &optable.Constraints{Minimum: "0"}}, `{"type":"number","minimum":0}`, "", ""},
		{facts{Types: optable.Number, Constraints: &optable.Constraints{Maximum: "1.5"}}, `{"type":"number","maximum":1.5}`, "", ""},
		{
			facts{Types: optable.Number, Constraints: &optable.Constraints{ExclusiveMinimum: "0"}}, `{"type":"number","exclusiveMinimum":0}`, "",
			`{"type":"number","description":"More than 0."}`,
		},
		{
			facts{Types: optable.Number, Constraints: &optable.Constraints{ExclusiveMaximum: "1"}}, `{"type":"number","exclusiveMaximum":1}`, "",
			`{"type":"number","description":"Less than 1."}`,
		},
		{
			facts{Types: optable.Number, Constraints: &optable.Constraints{MultipleOf: "0.1"}}, `{"type":"number","multipleOf":0.1}`, "",
			`{"type":"number","description":"A multiple of 0.1."}`,
		},
		{facts{Types: optable.Array, Items: &text}, `{"type":"array","items":{"type":"string"}}`, "", ""},
		{
			facts{Types: optable.Array}, `{"type":"array","items":{}}`, "",
			`{"type":"array","items":{"anyOf":[{"type":"string","nullable":true,"description":"Any JSON value."},` +
				`{"type":"number"},{"type":"boolean"}]}}`,
		},
		{
			facts{Types: optable.Array, Items: &text, Constraints: &optable.Constraints{MinItems: 1, MaxItems: 2, UniqueItems: true}},
			`{"type":"array","items":{"type":"string"},"minItems":1,"maxItems":2,"uniqueItems":true}`,
			`{"type":"array","description":"No item twice.","items":{"type":"string"},"minItems":1,"maxItems":2}`, "",
		},
		{
			facts{Types: optable.Object}, `{"type":"object"}`,
			`{"type":"object","properties":{},"additionalProperties":true}`,
			`{"type":"string","description":"A JSON object as text."}`,
		},
		{
			facts{Types: optable.Object, Closed: true}, `{"type":"object","properties":{},"additionalProperties":false}`, "",
			`{"type":"object","properties":{}}`,
		},
		{
			facts{Types: optable.Object, Properties: []optable.Property{
				{Name: `a"`, Required: true, Schema: &text}, {Name: "b", Schema: &whole}, {Name: "c", Required: true, Schema: &whole},
			}},
			`{"type":"object","properties":{"a\"":{"type":"string"},"b":{"type":"integer"},"c":{"type":"integer"}},` +
				`"required":["a\"","c"]}`,
			`{"type":"object","properties":{"a\"":{"type":"string"},"b":{"type":"integer"},"c":{"type":"integer"}},` +
				`"required":["a\"","c"],"additionalProperties":true}`,
			`{"type":"object","description":"Other properties are accepted.","properties":{"a\"":{"type":"string"},` +
				`"b":{"type":"integer"},"c":{"type":"integer"}},"required":["a\"","c"]}`,
		},
		{
			facts{Types: optable.Object, Additional: &whole, Constraints: &optable.Constraints{MinProperties: 1, MaxProperties: 2}},
			`{"type":"object","additionalProperties":{"type":"integer"},"minProperties":1,"maxProperties":2}`,
			`{"type":"object","description":"1 to 2 entries.","properties":{},"additionalProperties":{"type":"integer"}}`,
			`{"type":"string","description":"A JSON object as text. 1 to 2 entries. Values: whole numbers."}`,
		},
		{
			facts{Types: optable.Object, PropertyNames: &facts{Types: optable.String, Constraints: &optable.Constraints{MaxLength: 3}}},
			`{"type":"object","propertyNames":{"type":"string","maxLength":3}}`,
			`{"type":"object","description":"Names of at most 3 characters.","properties":{},"additionalProperties":true}`,
			`{"type":"string","description":"A JSON object as text. Names of at most 3 characters."}`,
		},
		{facts{Composition: &optable.Composition{AnyOf: []facts{text, whole}}}, `{"anyOf":[{"type":"string"},{"type":"integer"}]}`, "", ""},
		{facts{Composition: &optable.Composition{OneOf: []facts{text, whole}}}, `{"anyOf":[{"type":"string"},{"type":"integer"}]}`, "", ""},
		{
			facts{Composition: &optable.Composition{AnyOf: []facts{text, whole}}, Types: optable.Null, Description: "Or none.", Deprecated: true, Default: "1"},
			`{"type":["string","integer","null"],"description":"Or none.","deprecated":true,"default":1,"anyOf":[` +
				`{"type":"string"},{"type":"integer"},{"type":"null"}]}`,
			`{"description":"Or none. Default 1. Deprecated.","anyOf":[{"type":"string"},{"type":"integer"},{"type":"null"}]}`,
			`{"anyOf":[{"type":"string","nullable":true,"description":"Or none. Default 1. Deprecated."},{"type":"integer"}]}`,
		},
	} {
		want := c.standard
		for _, in := range []struct {
			dialect schema.Dialect
			want    string
		}{{schema.Standard, c.standard}, {schema.OpenAI, c.openAI}, {schema.Gemini, c.gemini}} {
			if in.want != "" {
				want = in.want
			}
			if got := written(t, c.facts, in.dialect); got != want {
				t.Errorf("%+v in %v:\ngot  %s\nwant %s", c.facts, in.dialect, got, want)
			}
		}
	}
}

// A table may have its JSON over several lines, and a message of MCP over stdio is one line.
func TestValuesOfATableAreWrittenCompactly(t *testing.T) {
	t.Parallel()
	facts := optable.Schema{Enum: []string{"[ 1,\n2 ]", `"a b"`, "1 2"}, Default: "{ \"a b\":\t1\r\n}"}
	want := `{"enum":[[1,2],"a b",1 2],"default":{"a b":1}}`
	if got := written(t, facts, schema.Standard); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
