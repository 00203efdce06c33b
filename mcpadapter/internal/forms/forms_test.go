package forms_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/forms"
)

func TestFormsAreAllThatTheTableSays(t *testing.T) {
	t.Parallel()
	text, number := optable.Schema{Types: optable.String}, optable.Schema{Types: optable.Number, Secret: true}
	table := &optable.Table{Schemas: []optable.Schema{{
		Name: "Tea", Types: optable.Object,
		Properties:  []optable.Property{{Name: "id", Schema: &text}, {Name: "grams", Schema: &number}},
		Composition: &optable.Composition{AllOf: []optable.Schema{{Properties: []optable.Property{{Name: "id", Schema: &number}, {Name: "note"}}}}, AnyOf: []optable.Schema{{Types: optable.Array, Items: &number}}, OneOf: []optable.Schema{{Additional: &text}}},
	}}}
	f := forms.Of(table, &optable.Schema{Ref: "Tea"})
	if len(f) != 5 || f.Types() != optable.Object|optable.Array || f.Secret() {
		t.Errorf("got %d forms of %v, want the reference, the component and its three parts", len(f), f.Types())
	}
	if got := f.Names(); !slices.Equal(got, []string{"id", "grams", "note"}) {
		t.Errorf("got %q, want each property once", got)
	}
	if got := f.Property(table, "id"); len(got) != 2 || got.Types() != optable.String|optable.Number || !got.Secret() {
		t.Errorf("got %v, want both forms of the property", got)
	}
	if got := f.Property(table, "none"); got != nil {
		t.Errorf("got %v, want nothing of a property that is not described", got)
	}
	if got := f.Items(table); got.Types() != optable.Number {
		t.Errorf("items: got %v, want a number", got.Types())
	}
	if got := f.Additional(table); got.Types() != optable.String {
		t.Errorf("other properties: got %v, want a string", got.Types())
	}
	if got := forms.Of(table, nil); got != nil {
		t.Errorf("of no schema: got %v, want none", got)
	}
}

// References are followed as deep as a schema goes and no further, as some lead back to themselves.
func TestReferencesAreFollowedThirtyDeep(t *testing.T) {
	t.Parallel()
	table := &optable.Table{}
	for i := range 40 {
		table.Schemas = append(table.Schemas, optable.Schema{Name: fmt.Sprintf("z%02d", i), Ref: fmt.Sprintf("z%02d", i+1)})
	}
	for name, want := range map[string]int{"z00": 30, "z10": 30, "z11": 30, "z12": 29, "z39": 2, "none": 1} {
		if got := len(forms.Of(table, &optable.Schema{Ref: name})); got != want {
			t.Errorf("%s: got %d forms, want %d", name, got, want)
		}
	}
	loop := &optable.Table{Schemas: []optable.Schema{{Name: "a", Ref: "a"}}}
	if got := len(forms.Of(loop, &optable.Schema{Ref: "a"})); got != 30 {
		t.Errorf("a loop: got %d forms, want 30", got)
	}
}
