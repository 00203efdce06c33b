package optable_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
)

func TestExclusiveChoice(t *testing.T) {
	t.Parallel()
	variants := []optable.Variant{
		{Name: "id", Fields: []string{"id"}},
		{Name: "slug", Fields: []string{"slug", "type", "note"}, Optional: []string{"note"}},
		{Name: "all", Fields: []string{"all"}},
		{Name: "empty"},
	}
	for _, c := range []struct {
		given             string
		variant, conflict string
		missing           []string
	}{
		{"", "", "", nil},
		{"other", "", "", nil},
		{"id", "id", "", nil},
		{"id other", "id", "", nil},
		{"slug type", "slug", "", nil},
		{"slug type note", "slug", "", nil},
		{"slug", "slug", "", []string{"type"}},
		{"note", "slug", "", []string{"slug", "type"}},
		{"all", "all", "", nil},
		{"note all", "slug", "all", nil},
		{"all id", "id", "all", nil},
		{"all id slug", "id", "slug", nil},
	} {
		for _, optional := range []bool{false, true} {
			e := optable.Exclusive{Optional: optional, Variants: variants}
			fields := strings.Fields(c.given)
			got := e.Choose(func(field string) bool { return slices.Contains(fields, field) })
			if name(got.Variant) != c.variant || name(got.Conflict) != c.conflict ||
				!slices.Equal(got.Missing, c.missing) || got.None != (c.variant == "" && !optional) {
				t.Errorf("%q, optional %t: got %+v, want %q, %q, %q", c.given, optional, got, c.variant, c.conflict, c.missing)
			}
		}
	}
}

func TestExclusiveWithoutVariantsRequiresNothing(t *testing.T) {
	t.Parallel()
	got := (&optable.Exclusive{Name: "group"}).Choose(func(string) bool { return true })
	if got.Variant != nil || got.Conflict != nil || got.Missing != nil || got.None {
		t.Errorf("got %+v, want no choice", got)
	}
}

func name(v *optable.Variant) string {
	if v == nil {
		return ""
	}
	return v.Name
}
