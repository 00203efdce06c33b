package mcpadapter_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/oapi-codegen/nullable"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

// published returns the schema of the argument v in a profile.
func published(tb testing.TB, p mcpadapter.Profile, s optable.Schema, schemas ...optable.Schema) string {
	tb.Helper()
	a, _ := puts(tb, s, schemas...)
	var root struct {
		Type                 string
		Properties           map[string]json.RawMessage
		Required             []string
		AdditionalProperties json.RawMessage
	}
	if err := json.Unmarshal(tool(tb, a, "put").Schema(p), &root); err != nil {
		tb.Fatal(err)
	}
	if root.Type != "object" || len(root.Required) != 1 || len(root.Properties) != 1 {
		tb.Errorf("got %+v, want an object of one required property", root)
	}
	return string(root.Properties["v"])
}

// Each keyword alone, at the values where it begins to be said, in each profile.
func TestEachKeywordIsPublished(t *testing.T) {
	t.Parallel()
	type schema = optable.Schema
	text, whole := schema{Types: optable.String}, schema{Types: optable.Integer}
	for _, c := range []struct {
		schema                   schema
		standard, openAI, gemini string // "": as the one before
	}{
		{
			schema{}, `{}`, "",
			`{"anyOf":[{"type":"string","nullable":true,"description":"Any JSON value."},{"type":"number"},{"type":"boolean"}]}`,
		},
		{text, `{"type":"string"}`, "", ""},
		{whole, `{"type":"integer"}`, "", ""},
		{schema{Types: optable.Number}, `{"type":"number"}`, "", ""},
		{schema{Types: optable.Number | optable.Integer}, `{"type":"number"}`, "", ""},
		{schema{Types: optable.Boolean}, `{"type":"boolean"}`, "", ""},
		{schema{Types: optable.String | optable.Null}, `{"type":["string","null"]}`, "", `{"type":"string","nullable":true}`},
		{
			schema{Types: optable.String, Description: "A \"b\"\n\\é\u001f."},
			`{"type":"string","description":"A \"b\"\n\\é\u001f."}`,
			"", "",
		},
		{
			schema{Types: optable.String, Deprecated: true}, `{"type":"string","deprecated":true}`,
			`{"type":"string","description":"Deprecated."}`, "",
		},
		{
			schema{Types: optable.String, Deprecated: true, Description: "Is deprecated"},
			`{"type":"string","description":"Is deprecated","deprecated":true}`,
			`{"type":"string","description":"Is deprecated"}`, "",
		},
		{
			schema{Types: optable.String, Default: `"a"`}, `{"type":"string","default":"a"}`,
			`{"type":"string","description":"Default \"a\"."}`, "",
		},
		{schema{Types: optable.String, Enum: []string{`"a"`}}, `{"type":"string","enum":["a"]}`, "", ""},
		{schema{Types: optable.String, Enum: []string{`"a"`, `"b"`}}, `{"type":"string","enum":["a","b"]}`, "", ""},
		{
			schema{Types: optable.String | optable.Null, Enum: []string{`"a"`}},
			`{"type":["string","null"],"enum":["a",null]}`, "",
			`{"type":"string","nullable":true,"enum":["a"]}`,
		},
		{
			schema{Types: optable.String | optable.Null, Enum: []string{"null", `"a"`}},
			`{"type":["string","null"],"enum":[null,"a"]}`, "", `{"type":"string","nullable":true,"enum":["a"]}`,
		},
		{schema{Types: optable.String, Const: `"a"`}, `{"type":"string","const":"a"}`, "", `{"type":"string","enum":["a"]}`},
		{
			schema{Types: optable.String, Format: "email"}, `{"type":"string","format":"email"}`, "",
			`{"type":"string","description":"An email address."}`,
		},
		{schema{Types: optable.String, Format: "date-time"}, `{"type":"string","format":"date-time"}`, "", ""},
		{
			schema{Types: optable.String, Format: "tea"}, `{"type":"string","format":"tea"}`,
			`{"type":"string","description":"Format tea."}`, "",
		},
		{schema{Types: optable.String, Pattern: `^"`}, `{"type":"string","pattern":"^\""}`, "", ""},
		{
			schema{Types: optable.String, MinLength: 1}, `{"type":"string","minLength":1}`,
			`{"type":"string","description":"At least 1 character."}`, `{"type":"string","minLength":1}`,
		},
		{
			schema{Types: optable.String, MaxLength: 2}, `{"type":"string","maxLength":2}`,
			`{"type":"string","description":"At most 2 characters."}`, `{"type":"string","maxLength":2}`,
		},
		{schema{Types: optable.Number, Minimum: "0"}, `{"type":"number","minimum":0}`, "", ""},
		{schema{Types: optable.Number, Maximum: "1.5"}, `{"type":"number","maximum":1.5}`, "", ""},
		{
			schema{Types: optable.Number, ExclusiveMinimum: "0"}, `{"type":"number","exclusiveMinimum":0}`, "",
			`{"type":"number","description":"More than 0."}`,
		},
		{
			schema{Types: optable.Number, ExclusiveMaximum: "1"}, `{"type":"number","exclusiveMaximum":1}`, "",
			`{"type":"number","description":"Less than 1."}`,
		},
		{
			schema{Types: optable.Number, MultipleOf: "0.1"}, `{"type":"number","multipleOf":0.1}`, "",
			`{"type":"number","description":"A multiple of 0.1."}`,
		},
		{schema{Types: optable.Array, Items: &text}, `{"type":"array","items":{"type":"string"}}`, "", ""},
		{
			schema{Types: optable.Array}, `{"type":"array","items":{}}`, "",
			`{"type":"array","items":{"anyOf":[{"type":"string","nullable":true,"description":"Any JSON value."},` +
				`{"type":"number"},{"type":"boolean"}]}}`,
		},
		{
			schema{Types: optable.Array, Items: &text, MinItems: 1, MaxItems: 2, UniqueItems: true},
			`{"type":"array","items":{"type":"string"},"minItems":1,"maxItems":2,"uniqueItems":true}`,
			`{"type":"array","description":"No item twice.","items":{"type":"string"},"minItems":1,"maxItems":2}`, "",
		},
		{
			schema{Types: optable.Object}, `{"type":"object"}`,
			`{"type":"object","properties":{},"additionalProperties":true}`,
			`{"type":"string","description":"A JSON object as text."}`,
		},
		{
			schema{Types: optable.Object, Closed: true}, `{"type":"object","properties":{},"additionalProperties":false}`, "",
			`{"type":"object","properties":{}}`,
		},
		{
			schema{Types: optable.Object, Properties: []optable.Property{
				{Name: `a"`, Required: true, Schema: text}, {Name: "b", Schema: whole}, {Name: "c", Required: true, Schema: whole},
			}},
			`{"type":"object","properties":{"a\"":{"type":"string"},"b":{"type":"integer"},"c":{"type":"integer"}},` +
				`"required":["a\"","c"]}`,
			`{"type":"object","properties":{"a\"":{"type":"string"},"b":{"type":"integer"},"c":{"type":"integer"}},` +
				`"required":["a\"","c"],"additionalProperties":true}`,
			`{"type":"object","description":"Other properties are accepted.","properties":{"a\"":{"type":"string"},` +
				`"b":{"type":"integer"},"c":{"type":"integer"}},"required":["a\"","c"]}`,
		},
		{
			schema{Types: optable.Object, Additional: &whole, MinProperties: 1, MaxProperties: 2},
			`{"type":"object","additionalProperties":{"type":"integer"},"minProperties":1,"maxProperties":2}`,
			`{"type":"object","description":"1 to 2 entries.","properties":{},"additionalProperties":{"type":"integer"}}`,
			`{"type":"string","description":"A JSON object as text. 1 to 2 entries. Values: whole numbers."}`,
		},
		{
			schema{Types: optable.Object, PropertyNames: &schema{Types: optable.String, MaxLength: 3}},
			`{"type":"object","propertyNames":{"type":"string","maxLength":3}}`,
			`{"type":"object","description":"Names of at most 3 characters.","properties":{},"additionalProperties":true}`,
			`{"type":"string","description":"A JSON object as text. Names of at most 3 characters."}`,
		},
		{schema{AnyOf: []schema{text, whole}}, `{"anyOf":[{"type":"string"},{"type":"integer"}]}`, "", ""},
		{schema{OneOf: []schema{text, whole}}, `{"anyOf":[{"type":"string"},{"type":"integer"}]}`, "", ""},
		{
			schema{AnyOf: []schema{text, whole}, Types: optable.Null, Description: "Or none.", Deprecated: true, Default: "1"},
			`{"type":["string","integer","null"],"description":"Or none.","deprecated":true,"default":1,"anyOf":[` +
				`{"type":"string"},{"type":"integer"},{"type":"null"}]}`,
			`{"description":"Or none. Default 1. Deprecated.","anyOf":[{"type":"string"},{"type":"integer"},{"type":"null"}]}`,
			`{"anyOf":[{"type":"string","nullable":true,"description":"Or none. Default 1. Deprecated."},{"type":"integer"}]}`,
		},
	} {
		want := c.standard
		for _, p := range []struct {
			profile mcpadapter.Profile
			want    string
		}{{0, c.standard}, {mcpadapter.ProfileOpenAI, c.openAI}, {mcpadapter.ProfileGemini, c.gemini}} {
			if p.want != "" {
				want = p.want
			}
			if got := published(t, p.profile, c.schema); got != want {
				t.Errorf("%+v in %v:\ngot  %s\nwant %s", c.schema, p.profile, got, want)
			}
		}
	}
}

// goTypes has a field of each kind of Go type, with the tags that decide what is written.
type goTypes struct {
	Text     string                    `json:"text"`
	Named    time.Month                `json:"named"`
	Pointer  *string                   `json:"pointer,omitempty"`
	Nullable nullable.Nullable[string] `json:"nullable,omitempty"`
	Whole    int                       `json:"whole"`
	Unsigned uint64                    `json:"unsigned"`
	Small    int8                      `json:"small,omitzero"`
	Fraction float32                   `json:"fraction"`
	Double   float64                   `json:"double"`
	Yes      bool                      `json:"yes"`
	Bytes    []byte                    `json:"bytes"`
	Time     time.Time                 `json:"time"`
	Raw      json.RawMessage           `json:"raw"`
	Any      any                       `json:"any"`
	List     []int                     `json:"list"`
	Lists    [][]string                `json:"lists"`
	Map      map[string]int            `json:"map"`
	Pointers map[string]*int           `json:"pointers"`
	AnyMap   map[string]any            `json:"any_map"`
	Struct   struct{ A, b string }     `json:"struct"`
	Tagged   struct {
		A string `json:"a"`
		C string `json:",omitempty"`
		D string `json:"-"`
		E string `json:"-,"`
	} `json:"tagged"`
	Nullables map[string]nullable.Nullable[int] `json:"nullables"`
}

// Type sends a value of each type.
func (r *recorder) Type(ctx context.Context, b goTypes, editors ...editor) (answer, error) {
	return r.record(ctx, http.MethodPut, b, editors...)
}

func TestGoTypesWithoutFactsMakeTheSchema(t *testing.T) {
	t.Parallel()
	a, err := mcpadapter.New(&recorder{}, tableOf(optable.Operation{
		ID: "type", Method: http.MethodPut, Path: "/t",
		Body: &optable.Body{Required: true, Schema: optable.Schema{Types: optable.Object}},
	}))
	if err != nil {
		t.Fatal(err)
	}
	var root struct {
		Properties map[string]json.RawMessage
		Required   []string
	}
	if err := json.Unmarshal(tool(t, a, "type").InputSchema(), &root); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"text": `{"type":"string"}`, "named": `{"type":"integer"}`, "pointer": `{"type":"string"}`,
		"nullable": `{"type":["string","null"]}`, "whole": `{"type":"integer"}`, "unsigned": `{"type":"integer"}`,
		"small": `{"type":"integer"}`, "fraction": `{"type":"number"}`, "double": `{"type":"number"}`,
		"yes": `{"type":"boolean"}`, "bytes": `{"type":"string","format":"byte"}`,
		"time": `{"type":"string","format":"date-time"}`, "raw": `{}`, "any": `{}`,
		"list":     `{"type":"array","items":{"type":"integer"}}`,
		"lists":    `{"type":"array","items":{"type":"array","items":{"type":"string"}}}`,
		"map":      `{"type":"object","additionalProperties":{"type":"integer"}}`,
		"pointers": `{"type":"object","additionalProperties":{"type":["integer","null"]}}`,
		"any_map":  `{"type":"object"}`, "struct": `{"type":"object","properties":{},"additionalProperties":false}`,
		"tagged": `{"type":"object","properties":{"a":{"type":"string"},"C":{"type":"string"},"-":{"type":"string"}},` +
			`"required":["a","-"],"additionalProperties":false}`,
		"nullables": `{"type":"object","additionalProperties":{"type":["integer","null"]}}`,
	}
	for name, want := range want {
		if got := string(root.Properties[name]); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
	if len(root.Properties) != len(want) || len(root.Required) != len(want)-3 {
		t.Errorf("got %d properties, %v required, want %d, all but three required",
			len(root.Properties), root.Required, len(want))
	}
	for _, name := range []string{"pointer", "nullable", "small"} {
		if strings.Contains(strings.Join(root.Required, " ")+" ", name+" ") {
			t.Errorf("got %s required, want it optional", name)
		}
	}
}
