package optable_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
)

func TestTypesAreNamedWithNullLast(t *testing.T) {
	t.Parallel()
	for types, want := range map[optable.Types][]string{
		0:                             nil,
		optable.String:                {"string"},
		optable.Null | optable.String: {"string", "null"},
		optable.Null | optable.Array | optable.Object | optable.Boolean | optable.Number | optable.Integer | optable.String: {
			"string", "integer", "number", "boolean", "object", "array", "null",
		},
	} {
		if got := types.Names(); !slices.Equal(got, want) {
			t.Errorf("%d: got %v, want %v", types, got, want)
		}
	}
}

func TestTypesHaveAnyOfThose(t *testing.T) {
	t.Parallel()
	types := optable.String | optable.Null
	if !types.Has(optable.Null) || !types.Has(optable.Number|optable.String) || types.Has(optable.Number) || types.Has(0) {
		t.Errorf("%v: Has disagrees with the set", types.Names())
	}
}

func TestLookupsFindByName(t *testing.T) {
	t.Parallel()
	table := &optable.Table{Schemas: []optable.Schema{{Name: "A"}, {Name: "Ab"}, {Name: "b"}}}
	for _, name := range []string{"A", "Ab", "b"} {
		if got := table.Schema(name); got == nil || got.Name != name {
			t.Errorf("%s: got %v, want the schema", name, got)
		}
	}
	for _, name := range []string{"", "B", "a", "Abc"} {
		if got := table.Schema(name); got != nil {
			t.Errorf("%s: got %v, want none", name, got)
		}
	}
	s := &optable.Schema{Properties: []optable.Property{{Name: "x"}, {Name: "y", Required: true}}}
	if got := s.Property("y"); got == nil || !got.Required {
		t.Errorf("y: got %v, want the property", got)
	}
	if got := s.Property("Y"); got != nil {
		t.Errorf("Y: got %v, want none", got)
	}
	op := &optable.Operation{Extensions: []optable.Extension{
		{Name: "x-a", JSON: "1"}, {Name: "x-b", JSON: "2"}, {Name: "x-c", JSON: "3"}, {Name: "x-a", JSON: "4"},
	}}
	for name, want := range map[string]string{"x-a": "1", "x-b": "2", "x-c": "3", "x-d": "", "X-A": "", "": ""} {
		if got := op.Extension(name); got != want {
			t.Errorf("extension %q: got %q, want %q", name, got, want)
		}
	}
	for i, name := range []string{"x", "y"} {
		if got := s.Property(name); got != &s.Properties[i] {
			t.Errorf("%s: got %v, want the property itself", name, got)
		}
	}
	for i, name := range []string{"A", "Ab", "b"} {
		if got := table.Schema(name); got != &table.Schemas[i] {
			t.Errorf("%s: got %v, want the schema itself", name, got)
		}
	}
}

func TestWhatASchemaLacksIsEmpty(t *testing.T) {
	t.Parallel()
	for _, s := range []*optable.Schema{nil, {}} {
		if s.Constrained() != (optable.Constraints{}) ||
			!reflect.DeepEqual(s.Composed(), optable.Composition{}) ||
			!reflect.DeepEqual(s.Extended(), optable.Extensions{}) {
			t.Errorf("%+v: got %+v, %+v and %+v, want nothing", s, s.Constrained(), s.Composed(), s.Extended())
		}
	}
	s := &optable.Schema{
		Constraints: &optable.Constraints{MaxLength: 3},
		Composition: &optable.Composition{AnyOf: []optable.Schema{{Ref: "T"}}},
		Extensions:  &optable.Extensions{Copies: "id"},
	}
	if s.Constrained().MaxLength != 3 || s.Composed().AnyOf[0].Ref != "T" || s.Extended().Copies != "id" {
		t.Errorf("got %+v, %+v and %+v, want what it has", s.Constrained(), s.Composed(), s.Extended())
	}
}
