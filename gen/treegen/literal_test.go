package main_test

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/gen"
	treegen "github.com/seed-f165d83c/workos/gen/treegen"
)

func TestLiteralsAreWrittenAsProgramsDo(t *testing.T) {
	t.Parallel()
	models, err := treegen.ReadModels("../api.gen.go")
	if err != nil {
		t.Fatal(err)
	}
	text, number := "a\"b", 7
	for _, c := range []struct {
		value any
		want  string
	}{
		{text, `"a\"b"`},
		{true, "true"},
		{number, "7"},
		{0.25, "0.25"},
		{&text, `workos.Ptr("a\"b")`},
		{time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC), "time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)"},
		{gen.SortOrderAsc, "workos.SortOrderAsc"},
		{gen.SortOrder("sideways"), `workos.SortOrder("sideways")`},
		{[]string{"a", "b"}, `[]string{"a", "b"}`},
		{[]gen.SortOrder{gen.SortOrderAsc}, "[]workos.SortOrder{workos.SortOrderAsc}"},
		{map[string]any{"b": 1.5, "a": "x"}, `map[string]any{"a": "x", "b": 1.5}`},
		{map[string]any{"a": nil}, `map[string]any{"a": nil}`},
		{gen.CreateOrganization{}, "workos.CreateOrganization{\n}"},
		{gen.CreateOrganization{Name: "Acme"}, "workos.CreateOrganization{\nName: \"Acme\",\n}"},
		{&gen.CreateRole{Slug: "s"}, "&workos.CreateRole{\nSlug: \"s\",\n}"},
		{[]gen.CreateRole{{Slug: "s"}}, "[]workos.CreateRole{{\nSlug: \"s\",\n}}"},
		{gen.Authenticate{}, ""},
		{map[int]string{1: "a"}, ""},
		{[]map[int]string{{1: "a"}}, ""},
		{map[string]any{"a": map[int]string{}}, ""},
		{func() {}, ""},
	} {
		got, err := treegen.Literal(reflect.ValueOf(c.value), models)
		if c.want == "" {
			if err == nil || !strings.HasPrefix(err.Error(), "no literal for a value of type ") {
				t.Errorf("%T: got %q and %v, want an error", c.value, got, err)
			}
			continue
		}
		if got != c.want || err != nil {
			t.Errorf("%T: got %q and %v, want %q", c.value, got, err, c.want)
		}
	}
}
