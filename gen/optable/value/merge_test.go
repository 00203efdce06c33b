package value_test

import (
	"slices"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// TestPartsOfAllOfDescribeOnePropertyTogether has what documents write to narrow a base: names that become required,
// and a property with fewer members.
func TestPartsOfAllOfDescribeOnePropertyTogether(t *testing.T) {
	t.Parallel()
	table := &optable.Table{Schemas: []optable.Schema{{Name: "Base", Types: optable.Object, Properties: []optable.Property{
		{Name: "kind", Schema: &optable.Schema{Types: optable.String, Description: "Which."}},
		{Name: "size", Schema: &optable.Schema{Types: optable.Integer}},
	}}}}
	facts := &optable.Schema{Composition: &optable.Composition{AllOf: []optable.Schema{
		{Ref: "Base"},
		{Required: []string{"size", "other"}, Properties: []optable.Property{
			{Name: "kind", Required: true, Schema: &optable.Schema{Enum: []string{`"a"`}}},
		}},
	}}}
	s, err := value.NewCompiler(table).Compile(facts)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := s.Names(), []string{"kind", "size", "other"}; !slices.Equal(got, want) {
		t.Fatalf("got %q, want %q", got, want)
	}
	if kind := s.Properties[0].Schema; kind.Types != optable.String || kind.Description != "Which." || len(kind.Enum) != 1 {
		t.Errorf("got %+v, want what both parts say", kind)
	}
	for text, want := range map[string]bool{
		`{"kind": "a", "size": 1, "other": [null]}`: true,
		`{"kind": "b", "size": 1, "other": 1}`:      false,
		`{"kind": 1, "size": 1, "other": 1}`:        false,
		`{"size": 1, "other": 1}`:                   false,
		`{"kind": "a", "other": 1}`:                 false,
		`{"kind": "a", "size": 1}`:                  false,
	} {
		v, err := value.Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got := value.Valid(s, v); got != want {
			t.Errorf("%s: got %t, want %t", text, got, want)
		}
	}
	if base := table.Schemas[0]; base.Properties[1].Required || len(base.Properties) != 2 {
		t.Errorf("the table has changed: %+v", base)
	}
}
