package openapi_test

import (
	"reflect"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
)

func TestMergeKeysAreApplied(t *testing.T) {
	t.Parallel()
	table := convert(t, document(`    Base: &base {type: string, minLength: 1, description: base}
    More: &more {maxLength: 5, description: more}
    One: {<<: *base, description: own}
    Two: {<<: [*more, *base]}
`))
	for name, want := range map[string]optable.Schema{
		"One": {Types: optable.String, Constraints: &optable.Constraints{MinLength: 1}, Description: "own"},
		"Two": {Types: optable.String, Constraints: &optable.Constraints{MinLength: 1, MaxLength: 5}, Description: "more"},
	} {
		want.Name = name
		if got := *table.Schema(name); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, want %+v", name, got, want)
		}
	}
}

func TestAliasesAreFollowed(t *testing.T) {
	t.Parallel()
	table := convert(t, document(`    One: &one
      type: &type [string, 'null']
      description: &text Some words.
      minLength: &n 2
      deprecated: &yes true
      enum: &members [&a a, *a]
    Two: *one
    Three: {type: *type, description: *text, maxLength: *n, deprecated: *yes, enum: *members, default: *members}
    Four: {items: *one, allOf: [*one], properties: {p: *one}, required: [&p p]}
`))
	one, two, three, four := table.Schema("One"), table.Schema("Two"), table.Schema("Three"), table.Schema("Four")
	two.Name = "One"
	if !reflect.DeepEqual(one, two) {
		t.Errorf("got %+v, want %+v", two, one)
	}
	want := optable.Schema{
		Name: "Three", Types: one.Types, Description: "Some words.", Constraints: &optable.Constraints{MaxLength: 2}, Deprecated: true,
		Enum: []string{`"a"`, `"a"`}, Default: `["a","a"]`,
	}
	if !reflect.DeepEqual(*three, want) {
		t.Errorf("got %+v, want %+v", *three, want)
	}
	if four.Items.Description != "Some words." || four.Composed().AllOf[0].Constrained().MinLength != 2 || !four.Properties[0].Required {
		t.Errorf("got %+v, want the alias in each place", *four)
	}
}
