package openapi_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
)

func TestComponentsSayWhatTheyShow(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]optable.Schema{
		`{x-resource: cup, x-parent: {tray_id: tray, shelf_id: shelf}}`: {
			Extensions: &optable.Extensions{Resource: "cup", Parents: []optable.Parent{{Property: "tray_id", Type: "tray"}, {Property: "shelf_id", Type: "shelf"}}},
		},
		`{x-event-payloads: {cup.filled: T}}`: {Extensions: &optable.Extensions{Payloads: []optable.Mapping{{Value: "cup.filled", Ref: "T"}}}},

		`{x-parent: {}}`:                   {Extensions: &optable.Extensions{Parents: []optable.Parent{}}},
		`{properties: {a: {x-copies: b}}}`: {Types: optable.Object, Properties: []optable.Property{{Name: "a", Schema: &optable.Schema{Extensions: &optable.Extensions{Copies: "b"}}}}},
	} {
		want.Name = "T"
		if got := *convert(t, document("    T: "+text+"\n")).Schema("T"); !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", text, got, want)
		}
	}
}

func TestParametersSayWhatTheyFindAndCompare(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]optable.Parameter{
		`x-names: cup.slug`:                      {Names: "cup.slug", Schema: &optable.Schema{}},
		`x-filter: {by: []}`:                     {Filter: &optable.Filter{}, Schema: &optable.Schema{}},
		`x-filter: {by: [a.b, c], match: after}`: {Filter: &optable.Filter{By: []string{"a.b", "c"}, Match: "after"}, Schema: &optable.Schema{}},
		`x-filter: {by: [a], absent: [x, y]}`:    {Filter: &optable.Filter{By: []string{"a"}, Absent: []string{"x", "y"}}, Schema: &optable.Schema{}},
		`x-filter: {by: [a], match: contains}`:   {Filter: &optable.Filter{By: []string{"a"}, Match: "contains"}, Schema: &optable.Schema{}},
	} {
		want.Name, want.In = "q", optable.InQuery
		table := convert(t, "openapi: 3.1.0\npaths: {/x: {get: {operationId: x, parameters: [{name: q, in: query, "+text+
			"}], responses: {200: {description: d}}}}}\n")
		if got := table.Operations[0].Parameters[0]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\ngot  %+v\nwant %+v", text, got, want)
		}
	}
}

func TestUnknownFiltersAreProblems(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{by: [a], match: near}`: `line 2: a filter matches by "near"; it is taken for equality; write contains, after or before`,
		`{on: [a]}`:              `line 2: unknown field "on" of a filter; write by, match or absent`,
	} {
		_, found := problems(t, "openapi: 3.1.0\npaths: {/x: {get: {operationId: x, parameters: [{name: q, in: query, x-filter: "+
			text+"}], responses: {200: {description: d}}}}}\n")
		if len(found) != 1 || found[0] != want {
			t.Errorf("%s: got %q, want %q", text, found, want)
		}
	}
}

func TestPayloadsThatDoNotExistAreProblems(t *testing.T) {
	t.Parallel()
	_, found := problems(t, document("    T: {x-event-payloads: {cup.filled: None}}\n"))
	if len(found) != 1 || !strings.Contains(found[0], `the component "None" does not exist`) {
		t.Errorf("got %q, want one problem", found)
	}
}
