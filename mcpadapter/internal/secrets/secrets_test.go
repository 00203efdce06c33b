package secrets_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/forms"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/secrets"
)

// hide returns a value with its secrets hidden.
func hide(table *optable.Table, given string, described forms.Forms) string {
	if table == nil {
		table = &optable.Table{}
	}
	return string(secrets.Hider{Table: table, Text: "[hidden]"}.Append(nil, []byte(given), described))
}

func TestEachNameOfASecretHoweverItIsWritten(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, name := range []string{"secret", "token", "password", "passcode", "passphrase", "apikey", "credential"} {
		for _, form := range []string{name, strings.ToUpper(name), "a_" + name, "a-" + name, "a." + name} {
			names[form] = true
		}
		names[name+"s"], names["a"+strings.ToUpper(name[:1])+name[1:]], names["my big "+name] = true, true, true
		names[name+"_id"], names["a"+name], names[name+"d"] = false, false, false
	}
	for _, first := range []string{"api", "private", "secret", "access"} {
		names[first+"_key"], names[first+"Key"], names[first+"-keys"], names["my_"+first+"_key"] = true, true, true, true
		names[first], names[first+"_"], names["key_"+first], names[first+"_a_key"] = false, false, false, false
		names["x"+first+"_key"] = false
	}
	names["secret"], names["secret_"], names["key_secret"] = true, true, true
	names["key"], names["public_key"], names["_"], names[""], names["…"] = false, false, false, false, false
	for name, want := range names {
		if got := secrets.Named(name); got != want {
			t.Errorf("%q: got %t, want %t", name, got, want)
		}
	}
}

// Whatever is told of a secret is hidden, and its structure stays.
func TestEachKindOfSecretValueIsHidden(t *testing.T) {
	t.Parallel()
	const h = `"[hidden]"`
	for value, want := range map[string]string{
		`"S"`: h, `""`: h, `1`: "null", `-1.5e3`: "null", `true`: "null", `false`: "null", `null`: "null",
		`[]`: "[]", `["S"]`: "[" + h + "]", `["S",1,"S"]`: "[" + h + ",null," + h + "]", `[["S"],{}]`: "[[" + h + "],{}]",
		`{}`: "{}", `{"a":"S"}`: `{"a":` + h + `}`,
		`{"a":1,"b":"S","c":{"d":["S"]}}`: `{"a":null,"b":` + h + `,"c":{"d":[` + h + `]}}`,
	} {
		for place, described := range map[string]forms.Forms{"token": nil, "pickup_code": {{
			Types: optable.Object, Properties: []optable.Property{{Name: "pickup_code", Schema: &optable.Schema{Secret: true}}},
		}}} {
			given := `{"id":"1","` + place + `":` + value + `,"note":"n"}`
			want := `{"id":"1","` + place + `":` + want + `,"note":"n"}`
			if got := hide(nil, given, described); got != want {
				t.Errorf("%s: got %s, want %s", given, got, want)
			}
		}
	}
}

func TestWhatTheTableMarksIsHiddenInEachFormOfASchema(t *testing.T) {
	t.Parallel()
	secret, plain := optable.Schema{Secret: true}, optable.Schema{}
	of := func(name string, s optable.Schema) optable.Schema {
		return optable.Schema{Types: optable.Object, Properties: []optable.Property{{Name: name, Schema: &s}}}
	}
	object := of("a", secret)
	chain := make([]optable.Schema, 40) // each refers to the next
	for i := range chain {
		chain[i] = optable.Schema{Name: fmt.Sprintf("z%02d", i), Ref: fmt.Sprintf("z%02d", i+1)}
	}
	chain[39] = optable.Schema{Name: "z39", Types: optable.Object, Properties: object.Properties}
	const given, hidden = `{"a":"S","b":"T"}`, `{"a":"[hidden]","b":"T"}`
	for name, c := range map[string]struct {
		schema      optable.Schema
		given, want string
	}{
		"property":           {object, given, hidden},
		"not marked":         {of("a", plain), given, given},
		"another property":   {of("b", secret), given, `{"a":"S","b":"[hidden]"}`},
		"all":                {secret, given, `{"a":"[hidden]","b":"[hidden]"}`},
		"reference":          {optable.Schema{Ref: "z39"}, given, hidden},
		"several references": {optable.Schema{Ref: "z35"}, given, hidden},
		"28 references":      {optable.Schema{Ref: "z11"}, given, hidden},
		"29 references":      {optable.Schema{Ref: "z10"}, given, given}, // no further
		"beside a reference": {
			optable.Schema{Ref: "z39", Properties: of("b", secret).Properties}, given, `{"a":"[hidden]","b":"[hidden]"}`,
		},
		"no such reference": {optable.Schema{Ref: "zz", Properties: object.Properties}, given, hidden},
		"allOf, the first":  {optable.Schema{Composition: &optable.Composition{AllOf: []optable.Schema{object, plain}}}, given, hidden},
		"allOf, the last":   {optable.Schema{Composition: &optable.Composition{AllOf: []optable.Schema{plain, object}}}, given, hidden},
		"oneOf, the first":  {optable.Schema{Composition: &optable.Composition{OneOf: []optable.Schema{object, plain}}}, given, hidden},
		"oneOf, the last":   {optable.Schema{Composition: &optable.Composition{OneOf: []optable.Schema{plain, plain, object}}}, given, hidden},
		"anyOf, the first":  {optable.Schema{Composition: &optable.Composition{AnyOf: []optable.Schema{object, plain}}}, given, hidden},
		"anyOf, the last":   {optable.Schema{Composition: &optable.Composition{AnyOf: []optable.Schema{plain, object}}}, given, hidden},
		"in one of two":     {optable.Schema{Composition: &optable.Composition{AnyOf: []optable.Schema{of("a", plain), object}}}, given, hidden},
		"other properties":  {optable.Schema{Additional: &secret}, given, `{"a":"[hidden]","b":"[hidden]"}`},
		"others than the named": {
			optable.Schema{Additional: &secret, Properties: of("b", plain).Properties}, given, hidden,
		},
		"in other properties": {optable.Schema{Additional: &object}, `{"x":` + given + `}`, `{"x":` + hidden + `}`},
		"an array in itself": {
			optable.Schema{Types: optable.Array, Items: &object}, `[` + given + `,` + given + `]`,
			`[` + hidden + `,` + hidden + `]`,
		},
		"items": {
			of("x", optable.Schema{Items: &object}), `{"x":[` + given + `,1,` + given + `]}`,
			`{"x":[` + hidden + `,1,` + hidden + `]}`,
		},
		"items of items": {
			of("x", optable.Schema{Items: &optable.Schema{Items: &secret}}), `{"x":[["S"],[],["S"]]}`,
			`{"x":[["[hidden]"],[],["[hidden]"]]}`,
		},
		"within":                  {of("x", object), `{"x":` + given + `}`, `{"x":` + hidden + `}`},
		"a described name":        {of("token", plain), `{"token":"S"}`, `{"token":"S"}`},
		"inside a described name": {of("token", of("a", secret)), `{"token":` + given + `}`, `{"token":` + hidden + `}`},
	} {
		table := &optable.Table{Schemas: chain}
		if got := hide(table, c.given, forms.Of(table, &c.schema)); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}
