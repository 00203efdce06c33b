package gen_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// The tests over all operations are worth no more than the samples and places that they are made of.

func TestPlacesAreFoundAtEveryDepth(t *testing.T) {
	t.Parallel()
	var s *jsonschema.Schema
	err := json.Unmarshal([]byte(`{"type":"object","required":["id"],"properties":{"id":{"type":"string"},
		"list":{"type":"array","items":{"type":"object","required":["a"],"properties":{"a":{"type":["boolean","null"]}}}},
		"map":{"type":"object","additionalProperties":{"type":"string"}}}}`), &s)
	if err != nil {
		t.Fatalf("read the schema: %v", err)
	}
	var got []string
	for _, p := range places(s, sample(s, "root"), "") {
		name := p.argument
		if p.required {
			name += " required"
		}
		got = append(got, name)
	}
	slices.Sort(got)
	want := []string{
		"id required", "list", "list[0]", "list[0].a required", "list[1]", "list[1].a required",
		"map", "map.key_0", "map.key_1",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestShapesCoverVariantsAndExclusiveGroups(t *testing.T) {
	t.Parallel()
	got := map[string]int{}
	for i := range gen.Operations.Operations {
		op := &gen.Operations.Operations[i]
		if n := len(shapes(op)); n != 1 {
			got[op.ID] = n
		}
	}
	for id, want := range map[string]int{
		"user_management.authenticate.create": 10,
		"connect.applications.create":         2,
		"agents.credentials.validate.create":  2,
		"user_management.users.create":        2,
		"authorization.resources.create":      2,
	} {
		if got[id] != want {
			t.Errorf("%s: got %d ways to call it, want %d", id, got[id], want)
		}
	}
}

func TestExamplesHaveEveryProperty(t *testing.T) {
	t.Parallel()
	for i := range gen.Operations.Schemas {
		s := &gen.Operations.Schemas[i]
		if len(s.OneOf)+len(s.Properties) == 0 || !isAnswered(s.Name) {
			continue
		}
		object, _ := example{}.value(&optable.Schema{Ref: s.Name}, s.Name).(map[string]any)
		for _, p := range s.Properties {
			if _, ok := object[p.Name]; !ok {
				t.Errorf("%s: the example lacks %s", s.Name, p.Name)
			}
		}
	}
}

func isAnswered(name string) bool {
	return slices.ContainsFunc(gen.Operations.Operations, func(op optable.Operation) bool {
		return slices.ContainsFunc(answers(&op), func(a optable.Response) bool {
			return a.Schema != nil && a.Schema.Ref == name
		})
	})
}

func TestLossIsFound(t *testing.T) {
	t.Parallel()
	want := map[string]any{"a": []any{"x", map[string]any{"b": json.Number("1"), "c": nil}}, "d": false}
	for _, c := range []struct {
		got  any
		lost []string
	}{
		{want, nil},
		{map[string]any{"a": []any{"x", map[string]any{"b": json.Number("1")}}, "d": false, "e": 1}, nil},
		{map[string]any{"a": []any{"x", map[string]any{"b": json.Number("2")}}, "d": false}, []string{"x.a[1].b"}},
		{map[string]any{"a": []any{"x"}, "d": false}, []string{"x.a"}},
		{map[string]any{"a": want["a"]}, []string{"x.d"}},
		{nil, []string{"x"}},
	} {
		if got := lost(want, c.got, "x"); !reflect.DeepEqual(got, c.lost) {
			t.Errorf("%v: got %v, want %v", c.got, got, c.lost)
		}
	}
}
