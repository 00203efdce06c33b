package sandbox_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// components are what the schemas of the cases refer to.
func components() []optable.Schema {
	kind := func(value string) optable.Property {
		return optable.Property{Name: "kind", Required: true, Schema: &optable.Schema{Const: value}}
	}
	return []optable.Schema{
		{Name: "Cat", Types: optable.Object, Properties: []optable.Property{
			kind(`"cat"`), {Name: "lives", Required: true, Schema: &optable.Schema{Types: optable.Integer}},
		}},
		{Name: "Dog", Types: optable.Object, Properties: []optable.Property{
			kind(`"dog"`), {Name: "name", Schema: &optable.Schema{Types: optable.String}},
		}},
		{Name: "Lasting", Ref: "Short"},
		{Name: "Null", Types: optable.String | optable.Null},
		{Name: "Short", Types: optable.String, Constraints: &optable.Constraints{MaxLength: 3}},
	}
}

// pets is an API with one operation, whose body is an object with the one property p.
func pets(s optable.Schema) *sandbox.Sandbox {
	return serve(optable.Operation{Body: &optable.Body{Required: true, Schema: &optable.Schema{
		Types: optable.Object, Properties: []optable.Property{{Name: "p", Required: true, Schema: &s}},
	}}})
}

// serve returns a sandbox of an API with one operation, POST /pets unless it says otherwise.
func serve(op optable.Operation) *sandbox.Sandbox {
	op.ID, op.Method, op.Responses = "pets.create", http.MethodPost, []optable.Response{{Status: http.StatusCreated}}
	if op.Path == "" {
		op.Path = "/pets"
	}
	table := &optable.Table{Operations: []optable.Operation{op}, Schemas: components()}
	return sandbox.NewOf(table, []optable.Route{{ID: op.ID, Method: op.Method, Path: op.Path}})
}

// wantProblems compares the fields that a response complains about, in order; none: the request is fine.
func wantProblems(t *testing.T, name string, a answer, want ...string) {
	t.Helper()
	var got []string
	for _, e := range list(a.json["errors"]) {
		got = append(got, str(obj(e)["field"])+" "+str(obj(e)["code"]))
	}
	status, message := http.StatusCreated, ""
	if len(want) > 0 {
		var parts []string
		for _, w := range want {
			field, code, _ := strings.Cut(w, " ")
			parts = append(parts, field+" ("+code+")")
		}
		status, message = http.StatusUnprocessableEntity, "Validation failed: "+strings.Join(parts, ", ")+"."
	}
	if a.status != status || !slices.Equal(got, want) || str(a.json["message"]) != message {
		t.Errorf("%s: got %d %s, want %d and %q", name, a.status, a.text, status, want)
	}
}

func TestEachTypeTakesItsOwnValues(t *testing.T) {
	t.Parallel()
	values := map[string]optable.Types{
		`null`: optable.Null, `true`: optable.Boolean, `false`: optable.Boolean, `""`: optable.String, `"1"`: optable.String,
		`0`: optable.Integer | optable.Number, `-1`: optable.Integer | optable.Number,
		`1.0`: optable.Integer | optable.Number,
		`1e2`: optable.Integer | optable.Number, `1.5`: optable.Number, `-0.5`: optable.Number, `1e999`: optable.Number,
		`[]`: optable.Array, `[1]`: optable.Array, `{}`: optable.Object, `{"a":1}`: optable.Object,
	}
	for _, typ := range []optable.Types{
		optable.String, optable.Integer, optable.Number, optable.Boolean, optable.Object, optable.Array, optable.Null,
		optable.String | optable.Null, optable.Integer | optable.Array, 0,
	} {
		sb := pets(optable.Schema{Types: typ})
		for value, is := range values {
			var want []string
			if typ != 0 && !typ.Has(is) {
				want = []string{"p invalid_type"}
			} else if value == "1e999" {
				want = []string{"p invalid_value"} // more than a float64 holds
			}
			wantProblems(t, strings.Join(typ.Names(), "|")+" "+value, send(t, sb, "POST", "/pets", `{"p":`+value+`}`), want...)
		}
	}
}

func TestEachKeywordIsCheckedAtItsLimits(t *testing.T) {
	t.Parallel()
	str, integer := optable.Schema{Types: optable.String}, optable.Schema{Types: optable.Integer}
	positive := optable.Schema{Types: optable.Integer, Constraints: &optable.Constraints{Minimum: "1"}}
	for _, c := range []struct {
		name   string
		schema optable.Schema
		value  string
		want   []string
	}{
		{"enum first", optable.Schema{Enum: []string{`"a"`, `1`, `"c"`}}, `"a"`, nil},
		{"enum second", optable.Schema{Enum: []string{`"a"`, `1`, `"c"`}}, `1`, nil},
		{"enum last", optable.Schema{Enum: []string{`"a"`, `1`, `"c"`}}, `"c"`, nil},
		{"enum other", optable.Schema{Enum: []string{`"a"`, `1`, `"c"`}}, `"1"`, []string{"p invalid_value"}},
		{"enum and null", optable.Schema{Types: optable.Null, Enum: []string{`"a"`}}, `null`, nil},
		{"const", optable.Schema{Const: `"a"`}, `"a"`, nil},
		{"const of an object", optable.Schema{Const: `{"a":[1,"<"],"b":null}`}, `{"b":null, "a":[1,"<"]}`, nil},
		{"const other", optable.Schema{Const: `"a"`}, `"b"`, []string{"p invalid_value"}},
		{"const in no enum", optable.Schema{Const: `"a"`, Enum: []string{`"b"`}}, `"a"`, []string{"p invalid_value"}},
		{"minLength n-1", optable.Schema{Constraints: &optable.Constraints{MinLength: 2}}, `"ä"`, []string{"p invalid_length"}},
		{"minLength n", optable.Schema{Constraints: &optable.Constraints{MinLength: 2}}, `"äö"`, nil},
		{"minLength n+1", optable.Schema{Constraints: &optable.Constraints{MinLength: 2}}, `"äöü"`, nil},
		{"maxLength n-1", optable.Schema{Constraints: &optable.Constraints{MaxLength: 2}}, `"ä"`, nil},
		{"maxLength n", optable.Schema{Constraints: &optable.Constraints{MaxLength: 2}}, `"äö"`, nil},
		{"maxLength n+1", optable.Schema{Constraints: &optable.Constraints{MaxLength: 2}}, `"äöü"`, []string{"p invalid_length"}},
		{"maxLength 1", optable.Schema{Constraints: &optable.Constraints{MaxLength: 1}}, `"ab"`, []string{"p invalid_length"}},
		{"length once", optable.Schema{Constraints: &optable.Constraints{MinLength: 2, Pattern: "^b"}, Format: "email"}, `"a"`, []string{"p invalid_length"}},
		{"pattern", optable.Schema{Constraints: &optable.Constraints{Pattern: "^a+$"}}, `"aa"`, nil},
		{"pattern other", optable.Schema{Constraints: &optable.Constraints{Pattern: "^a+$"}}, `"ab"`, []string{"p invalid_format"}},
		{"pattern and format once", optable.Schema{Constraints: &optable.Constraints{Pattern: "^a+$"}, Format: "uri"}, `"b"`, []string{"p invalid_format"}},
		{"pattern that Go does not know", optable.Schema{Constraints: &optable.Constraints{Pattern: "(?=a)"}}, `"b"`, nil},
		{"date-time", optable.Schema{Format: "date-time"}, `"2026-01-02T03:04:05.6+01:00"`, nil},
		{"date", optable.Schema{Format: "date-time"}, `"2026-01-02"`, []string{"p invalid_format"}},
		{"email", optable.Schema{Format: "email"}, `"a@example.com"`, nil},
		{"email with a name", optable.Schema{Format: "email"}, `"A <a@example.com>"`, []string{"p invalid_format"}},
		{"email that is none", optable.Schema{Format: "email"}, `"a"`, []string{"p invalid_format"}},
		{"uri", optable.Schema{Format: "uri"}, `"app:/a"`, nil},
		{"uri that is relative", optable.Schema{Format: "uri"}, `"/a"`, []string{"p invalid_format"}},
		{"uri that is none", optable.Schema{Format: "uri"}, `"http://%zz"`, []string{"p invalid_format"}},
		{"another format", optable.Schema{Format: "colour"}, `"a"`, nil},
		{"minimum n-1", optable.Schema{Constraints: &optable.Constraints{Minimum: "2"}}, `1`, []string{"p invalid_value"}},
		{"minimum n", optable.Schema{Constraints: &optable.Constraints{Minimum: "2"}}, `2`, nil},
		{"minimum n+1", optable.Schema{Constraints: &optable.Constraints{Minimum: "2"}}, `3`, nil},
		{"minimum 0", optable.Schema{Constraints: &optable.Constraints{Minimum: "0"}}, `-0.1`, []string{"p invalid_value"}},
		{"maximum n-1", optable.Schema{Constraints: &optable.Constraints{Maximum: "2"}}, `1.9`, nil},
		{"maximum n", optable.Schema{Constraints: &optable.Constraints{Maximum: "2"}}, `2`, nil},
		{"maximum n+1", optable.Schema{Constraints: &optable.Constraints{Maximum: "2"}}, `2.1`, []string{"p invalid_value"}},
		{"both bounds", optable.Schema{Constraints: &optable.Constraints{Minimum: "1", Maximum: "2"}}, `3`, []string{"p invalid_value"}},
		{"both bounds below", optable.Schema{Constraints: &optable.Constraints{Minimum: "1", Maximum: "2"}}, `0`, []string{"p invalid_value"}},
		{"minItems n-1", optable.Schema{Constraints: &optable.Constraints{MinItems: 2}}, `[1]`, []string{"p invalid_length"}},
		{"minItems n", optable.Schema{Constraints: &optable.Constraints{MinItems: 2}}, `[1,2]`, nil},
		{"minItems n+1", optable.Schema{Constraints: &optable.Constraints{MinItems: 2}}, `[1,2,3]`, nil},
		{"maxItems n-1", optable.Schema{Constraints: &optable.Constraints{MaxItems: 2}}, `[1]`, nil},
		{"maxItems n", optable.Schema{Constraints: &optable.Constraints{MaxItems: 2}}, `[1,2]`, nil},
		{"maxItems n+1", optable.Schema{Constraints: &optable.Constraints{MaxItems: 2}}, `[1,2,3]`, []string{"p invalid_length"}},
		{"maxItems 1", optable.Schema{Constraints: &optable.Constraints{MaxItems: 1}}, `[1,2]`, []string{"p invalid_length"}},
		{"length of a list once", optable.Schema{Constraints: &optable.Constraints{MaxItems: 1}, Items: &str}, `[1,2]`, []string{"p invalid_length"}},
		{"items", optable.Schema{Items: &integer}, `[1,2,3]`, nil},
		{"items all", optable.Schema{Items: &integer}, `["1",2,"3"]`, []string{"p.0 invalid_type", "p.2 invalid_type"}},
		{"items of any kind", optable.Schema{Types: optable.Array}, `[1,"a",null]`, nil},
		{"properties", object("a", str, "b", integer), `{"b":1,"a":"a"}`, nil},
		{
			"properties all", object("a", str, "b", integer), `{"a":1,"b":"b"}`,
			[]string{"p.a invalid_type", "p.b invalid_type"},
		},
		{"required all", object("a", str, "b", integer), `{}`, []string{"p.a required", "p.b required"}},
		{
			"unknown by name", object("b", str), `{"c":1,"a":1,"b":"b"}`,
			[]string{"p.a unknown_field", "p.c unknown_field"},
		},
		{"unknown where nothing is named", optable.Schema{Types: optable.Object}, `{"a":1}`, nil},
		{"closed", optable.Schema{Types: optable.Object, Closed: true}, `{"a":1}`, []string{"p.a unknown_field"}},
		{"closed and empty", optable.Schema{Types: optable.Object, Closed: true}, `{}`, nil},
		{
			"additional", optable.Schema{Additional: &str}, `{"a":"1","b":2,"c":3}`,
			[]string{"p.b invalid_type", "p.c invalid_type"},
		},
		{
			"additional beside properties",
			optable.Schema{Properties: []optable.Property{{Name: "a", Schema: &integer}}, Additional: &str}, `{"a":1,"b":2}`,
			[]string{"p.b invalid_type"},
		},
		{
			"deep", object("a", optable.Schema{Items: &optable.Schema{Additional: &str}}), `{"a":[{},{"b":1}]}`,
			[]string{"p.a.1.b invalid_type"},
		},
		{"allOf", optable.Schema{Composition: &optable.Composition{AllOf: []optable.Schema{integer, positive}}}, `1`, nil},
		{"allOf first", optable.Schema{Composition: &optable.Composition{AllOf: []optable.Schema{{Constraints: &optable.Constraints{Minimum: "2"}}, positive}}}, `1`, []string{"p invalid_value"}},
		{"allOf second", optable.Schema{Composition: &optable.Composition{AllOf: []optable.Schema{integer, {Constraints: &optable.Constraints{Minimum: "2"}}}}}, `1`, []string{"p invalid_value"}},
		{
			"allOf both and itself",
			optable.Schema{Constraints: &optable.Constraints{MinLength: 2}, Composition: &optable.Composition{AllOf: []optable.Schema{{Constraints: &optable.Constraints{Pattern: "b"}}, {Types: optable.Array}}}},
			`"a"`, []string{"p invalid_format", "p invalid_type", "p invalid_length"},
		},
		{"reference", optable.Schema{Ref: "Short"}, `"abc"`, nil},
		{"reference other", optable.Schema{Ref: "Short"}, `"abcd"`, []string{"p invalid_length"}},
		{"reference to a reference", optable.Schema{Ref: "Lasting"}, `"abcd"`, []string{"p invalid_length"}},
		{"reference to nothing", optable.Schema{Ref: "None"}, `"abcd"`, nil},
		{"null beside a reference", optable.Schema{Ref: "Short", Types: optable.Null}, `null`, nil},
		{"null behind a reference", optable.Schema{Ref: "Null"}, `null`, nil},
		{"null nowhere", optable.Schema{Ref: "Short"}, `null`, []string{"p invalid_type"}},
	} {
		wantProblems(t, c.name, send(t, pets(c.schema), "POST", "/pets", `{"p":`+c.value+`}`), c.want...)
	}
}

// object is the schema of an object whose properties, given by name and schema, are required.
func object(pairs ...any) optable.Schema {
	s := optable.Schema{Types: optable.Object}
	for i := 0; i < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		schema, _ := pairs[i+1].(optable.Schema)
		s.Properties = append(s.Properties, optable.Property{Name: name, Required: true, Schema: &schema})
	}
	return s
}

func TestEachVariantOfAUnionIsTaken(t *testing.T) {
	t.Parallel()
	cat, dog := optable.Schema{Ref: "Cat"}, optable.Schema{Ref: "Dog"}
	kinds := &optable.Discriminator{Property: "kind", Mapping: []optable.Mapping{
		{Value: "cat", Ref: "Cat"}, {Value: "dog", Ref: "Dog"}, {Value: "1", Ref: "Dog"},
	}}
	for _, c := range []struct {
		value string
		plain []string // problems without a discriminator: those of the first variant
		told  []string // with one
	}{
		{`{"kind":"cat","lives":9}`, nil, nil},
		{`{"kind":"dog"}`, nil, nil},
		{`{"kind":"dog","name":"Rex"}`, nil, nil},
		{`"bird"`, nil, []string{"p invalid_type"}},
		{`{"kind":"cat"}`, []string{"p.lives required"}, []string{"p.lives required"}},
		{
			`{"kind":"dog","name":1}`, []string{"p.kind invalid_value", "p.lives required", "p.name unknown_field"},
			[]string{"p.name invalid_type"},
		},
		{
			`{"kind":"bird"}`, []string{"p.kind invalid_value", "p.lives required"}, []string{"p.kind invalid_value"},
		},
		{`{}`, []string{"p.kind required", "p.lives required"}, []string{"p.kind required"}},
		{`{"kind":1}`, []string{"p.kind invalid_value", "p.lives required"}, []string{"p.kind invalid_value"}},
		{`[]`, []string{"p invalid_type"}, []string{"p invalid_type"}},
	} {
		str := optable.Schema{Types: optable.String}
		for name, s := range map[string]optable.Schema{
			"oneOf":          {Composition: &optable.Composition{OneOf: []optable.Schema{cat, dog, str}}},
			"anyOf":          {Composition: &optable.Composition{AnyOf: []optable.Schema{cat, dog, str}}},
			"oneOf or anyOf": {Composition: &optable.Composition{OneOf: []optable.Schema{cat}, AnyOf: []optable.Schema{dog, str}}},
		} {
			wantProblems(t, name+" "+c.value, send(t, pets(s), "POST", "/pets", `{"p":`+c.value+`}`), c.plain...)
			s.Composition.Discriminator = kinds
			wantProblems(t, name+" by kind "+c.value, send(t, pets(s), "POST", "/pets", `{"p":`+c.value+`}`), c.told...)
		}
	}
}
