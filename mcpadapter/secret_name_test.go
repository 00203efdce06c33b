package mcpadapter_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

func TestEachNameOfASecretHidesItHoweverItIsWritten(t *testing.T) {
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
	for name, hidden := range names {
		want := `{"extra":{` + quoted(name) + `:"S"}}`
		a := shopWith(t, bodies(want), mcpadapter.WithHiddenSecrets())
		if hidden {
			want = strings.Replace(want, `"S"`, `"[hidden]"`, 1)
		}
		if got := jsonOf(t, a, "orders.get", `{"order_id":"1"}`); got != want {
			t.Errorf("%q: got %s, want %s", name, got, want)
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
		for _, name := range []string{"token", "pickup_code"} { // by its name, by the table
			a := shopWith(t, bodies(`{"id":"1",`+quoted(name)+`:`+value+`,"note":"n"}`), mcpadapter.WithHiddenSecrets())
			got := jsonOf(t, a, "orders.get", `{"order_id":"1"}`)
			if want := `{"id":"1",` + quoted(name) + `:` + want + `,"note":"n"}`; got != want {
				t.Errorf("%s: got %s, want %s", value, got, want)
			}
		}
	}
}

func TestWhatTheTableMarksIsHiddenInEachFormOfASchema(t *testing.T) {
	t.Parallel()
	secret, plain := optable.Schema{Secret: true}, optable.Schema{}
	of := func(name string, s optable.Schema) optable.Schema {
		return optable.Schema{Types: optable.Object, Properties: []optable.Property{{Name: name, Schema: s}}}
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
		"allOf, the first":  {optable.Schema{AllOf: []optable.Schema{object, plain}}, given, hidden},
		"allOf, the last":   {optable.Schema{AllOf: []optable.Schema{plain, object}}, given, hidden},
		"oneOf, the first":  {optable.Schema{OneOf: []optable.Schema{object, plain}}, given, hidden},
		"oneOf, the last":   {optable.Schema{OneOf: []optable.Schema{plain, plain, object}}, given, hidden},
		"anyOf, the first":  {optable.Schema{AnyOf: []optable.Schema{object, plain}}, given, hidden},
		"anyOf, the last":   {optable.Schema{AnyOf: []optable.Schema{plain, object}}, given, hidden},
		"in one of two":     {optable.Schema{AnyOf: []optable.Schema{of("a", plain), object}}, given, hidden},
		"other properties":  {optable.Schema{Additional: &secret}, given, `{"a":"[hidden]","b":"[hidden]"}`},
		"others than the named": {
			optable.Schema{Additional: &secret, Properties: of("b", plain).Properties}, given, hidden,
		},
		"in other properties": {optable.Schema{Additional: &object}, `{"x":` + given + `}`, `{"x":` + hidden + `}`},
		"an array in itself": {
			optable.Schema{Types: optable.Array, Items: &object}, `[` + given + `,` + given + `]`,
			`{"data":[` + hidden + `,` + hidden + `]}`,
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
		for _, status := range []int{200, 201, 299} {
			answers := []optable.Response{{Status: 204}, documented(status, "application/json", c.schema)}
			a := shopAnswering(t, "orders.get", answers, chain, bodies(c.given), mcpadapter.WithHiddenSecrets())
			if got := jsonOf(t, a, "orders.get", `{"order_id":"1"}`); got != c.want {
				t.Errorf("%s: got %s, want %s", name, got, c.want)
			}
		}
	}
	for _, status := range []int{0, 199, 300, 400} { // which is no success
		answers := []optable.Response{documented(status, "application/json", object)}
		a := shopAnswering(t, "orders.get", answers, nil, bodies(given), mcpadapter.WithHiddenSecrets())
		if got := jsonOf(t, a, "orders.get", `{"order_id":"1"}`); got != given {
			t.Errorf("%d: got %s, want %s", status, got, given)
		}
	}
}

func TestSecretsAreHiddenByEitherWish(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ option, context, hidden bool }{
		{false, false, false}, {true, false, true}, {false, true, true}, {true, true, true},
	} {
		var opts []mcpadapter.Option
		if c.option {
			opts = append(opts, mcpadapter.WithHiddenSecrets())
		}
		ctx := t.Context()
		if c.context {
			ctx = mcpadapter.HideSecrets(ctx)
		}
		a := shopWith(t, bodies(`{"token":"S"}`), opts...)
		r := tool(t, a, "orders.get").Invoke(ctx, json.RawMessage(`{"order_id":"1"}`))
		if got := strings.Contains(r.Text(), "[hidden]"); got != c.hidden {
			t.Errorf("%+v: got %s", c, r.Text())
		}
	}
}
