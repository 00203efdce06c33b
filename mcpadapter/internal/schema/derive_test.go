package schema_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/oapi-codegen/nullable"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/schema"
)

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

func TestGoTypesWithoutFactsMakeTheSchema(t *testing.T) {
	t.Parallel()
	s, err := schema.NewDeriver(&optable.Table{}).Schema(reflect.TypeFor[goTypes](), nil)
	if err != nil {
		t.Fatal(err)
	}
	var root struct {
		Properties map[string]json.RawMessage
		Required   []string
	}
	if err := json.Unmarshal(schema.Append(nil, s, schema.Style{}), &root); err != nil {
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

func TestTableAndTypeMustAgree(t *testing.T) {
	t.Parallel()
	type named struct {
		Name string `json:"name"`
	}
	object := func(p ...optable.Property) *optable.Schema {
		return &optable.Schema{Types: optable.Object, Properties: p}
	}
	name := func(required bool) optable.Property { return optable.Property{Name: "name", Required: required} }
	for want, c := range map[string]struct {
		typ   reflect.Type
		facts *optable.Schema
	}{
		"the table says integer, the Go type is string": {reflect.TypeFor[string](), &optable.Schema{Types: optable.Integer}},
		"the table says array, the Go type is schema_test.named": {
			reflect.TypeFor[named](), &optable.Schema{Types: optable.Array},
		},
		`the table has a property "other" that schema_test.named lacks`: {
			reflect.TypeFor[named](), object(name(true), optable.Property{Name: "other"}),
		},
		"named.Name: optional in the table, but the Go type cannot leave it out": {
			reflect.TypeFor[named](), object(name(false)),
		},
		`named.Name: the table knows no property "name"`: {
			reflect.TypeFor[named](), object(optable.Property{Name: "other"}),
		},
	} {
		s, err := schema.NewDeriver(&optable.Table{}).Schema(c.typ, c.facts)
		if err == nil || err.Error() != want {
			t.Errorf("got %v and the error %v, want %s", s, err, want)
		}
	}
}

// A table may not say of a Go type what the type cannot hold.
func TestFactsThatAGoTypeCannotHoldAreRefused(t *testing.T) {
	t.Parallel()
	types := map[string]optable.Types{
		"text": optable.String, "named": optable.Integer, "pointer": optable.String, "nullable": optable.String,
		"whole": optable.Integer, "unsigned": optable.Integer, "small": optable.Integer,
		"fraction": optable.Number | optable.Integer, "double": optable.Number | optable.Integer, "yes": optable.Boolean,
		"bytes": optable.String, "time": optable.String, "list": optable.Array, "lists": optable.Array,
		"map": optable.Object, "pointers": optable.Object, "any_map": optable.Object, "struct": optable.Object,
		"tagged": optable.Object, "nullables": optable.Object,
	}
	names := strings.Fields("text named pointer nullable whole unsigned small fraction double yes bytes time raw any " +
		"list lists map pointers any_map struct tagged nullables")
	for name, can := range types {
		for said := optable.String; said < optable.Null; said <<= 1 {
			s := optable.Schema{Types: optable.Object}
			for _, other := range names {
				p := optable.Property{Name: other, Required: other != "pointer" && other != "nullable" && other != "small"}
				if other == name {
					p.Schema = &optable.Schema{Types: said | optable.Null}
				}
				s.Properties = append(s.Properties, p)
			}
			_, err := schema.NewDeriver(&optable.Table{}).Schema(reflect.TypeFor[goTypes](), &s)
			if can.Has(said) {
				if err != nil {
					t.Errorf("%s as %v: got %v, want no error", name, said.Names(), err)
				}
				continue
			}
			if want := "the table says " + said.Names()[0] + ", the Go type is "; err == nil ||
				!strings.Contains(err.Error(), want) {
				t.Errorf("%s as %v: got %v, want %s", name, said.Names(), err, want)
			}
		}
	}
}

// Two components may have one Go type (x-go-type). What was derived before makes no difference.
func TestATypeOfSeveralComponentsIsDerivedForEach(t *testing.T) {
	t.Parallel()
	type both struct {
		Kind string `json:"kind"`
	}
	of := func(component, kind string) optable.Schema {
		return optable.Schema{Name: component, Types: optable.Object, Properties: []optable.Property{{
			Name: "kind", Required: true, Schema: &optable.Schema{Types: optable.String, Const: kind},
		}}}
	}
	table := optable.Table{Schemas: []optable.Schema{of("A", `"a"`), of("B", `"b"`)}}
	d := schema.NewDeriver(&table)
	for component, kind := range map[string]string{"A": `"a"`, "B": `"b"`} {
		s, err := d.Schema(reflect.TypeFor[both](), &optable.Schema{Ref: component})
		if err != nil {
			t.Fatal(err)
		}
		want := `{"type":"object","properties":{"kind":{"type":"string","const":` + kind +
			`}},"required":["kind"],"additionalProperties":false}`
		if got := string(schema.Append(nil, s, schema.Style{})); got != want {
			t.Errorf("%s: got %s, want %s", component, got, want)
		}
	}
}

// Bodies are sent as they are given: the table decides, not the Go type.
func TestNullIsAcceptedWhereTheTableHasIt(t *testing.T) {
	t.Parallel()
	type inner struct {
		A string `json:"a,omitempty"`
	}
	type plain struct {
		Text   string         `json:"text,omitempty"`
		Count  int            `json:"count,omitzero"`
		Inner  inner          `json:"inner,omitempty"` //nolint:modernize // as oapi-codegen writes it
		List   []string       `json:"list,omitempty"`
		Map    map[string]int `json:"map,omitempty"`
		Closed bool           `json:"closed,omitempty"`
	}
	nullable := func(types optable.Types) *optable.Schema { return &optable.Schema{Types: types | optable.Null} }
	facts := optable.Schema{Types: optable.Object, Properties: []optable.Property{
		{Name: "text", Schema: nullable(optable.String)},
		{Name: "count", Schema: nullable(optable.Integer)},
		{Name: "inner", Schema: nullable(optable.Object)},
		{Name: "list", Schema: &optable.Schema{Types: optable.Array | optable.Null, Items: nullable(optable.String)}},
		{Name: "map", Schema: &optable.Schema{Types: optable.Object | optable.Null, Additional: nullable(optable.Integer)}},
		{Name: "closed", Schema: &optable.Schema{Types: optable.Boolean}},
	}}
	for _, keep := range []bool{true, false} {
		d := schema.NewDeriver(&optable.Table{})
		d.KeepNull = keep
		s, err := d.Schema(reflect.TypeFor[plain](), &facts)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range s.Properties {
			if got, want := p.Schema.Nullable(), keep && p.Name != "closed"; got != want {
				t.Errorf("keep %v, %s: got nullable %v, want %v", keep, p.Name, got, want)
			}
		}
		if got := s.Property("list").Schema.Items.Nullable(); got != keep {
			t.Errorf("keep %v, items: got nullable %v", keep, got)
		}
		if got := s.Property("map").Schema.Additional.Nullable(); got != keep {
			t.Errorf("keep %v, values of a map: got nullable %v", keep, got)
		}
	}
}

// A generator may make a map of an object of which it knows the required names alone.
func TestAMapHasThePropertiesOfTheTable(t *testing.T) {
	t.Parallel()
	facts := optable.Schema{
		Types: optable.Object, Required: []string{"extra"},
		Properties: []optable.Property{{Name: "email", Required: true, Schema: &optable.Schema{Types: optable.String}}},
	}
	s, err := schema.NewDeriver(&optable.Table{}).Schema(reflect.TypeFor[map[string]any](), &facts)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"type":"object","properties":{"email":{"type":"string"},"extra":{}},"required":["email","extra"]}`
	if got := string(schema.Append(nil, s, schema.Style{})); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
