package value_test

import (
	"slices"
	"strconv"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

func TestWhatStandsBesideAReferenceTakesPrecedence(t *testing.T) {
	t.Parallel()
	component := optable.Schema{
		Name: "Name", Types: optable.String, Description: "A name.", Constraints: &optable.Constraints{MaxLength: 3}, Example: `"abc"`, IDPrefixes: []string{"a"},
	}
	s := compile(t, optable.Schema{Ref: "Name", Types: optable.Null, Description: "Ours."}, component)
	if s.Types != optable.String|optable.Null || s.Description != "Ours." || s.MaxLength != 3 || s.Name != "Name" ||
		s.Example != `"abc"` || !slices.Equal(s.IDPrefixes, component.IDPrefixes) {
		t.Errorf("got %+v, want the component's keywords with null and our description", s)
	}
}

func TestAllPartsOfAllOfAreChecked(t *testing.T) {
	t.Parallel()
	whole := optable.Schema{Types: optable.Integer}
	wantChecked(t, []keyword{
		{
			"limits", optable.Schema{Composition: &optable.Composition{AllOf: []optable.Schema{{Constraints: &optable.Constraints{Minimum: "2"}}, {Types: optable.Integer, Constraints: &optable.Constraints{Minimum: "1"}}}}},
			[]string{"2"}, map[string][]string{
				"1": {"v: expected at least 2, got 1"}, "1.5": {
					"v: expected at least 2, got 1.5", "v: expected a whole number, got the number 1.5",
				},
			},
		},
		{
			"a reference and what stands beside it",
			optable.Schema{Ref: "Short", Constraints: &optable.Constraints{MinLength: 2}, Composition: &optable.Composition{AllOf: []optable.Schema{{Constraints: &optable.Constraints{Pattern: "^a"}}}}},
			[]string{`"ab"`}, map[string][]string{
				`"a"`: {"v: expected at least 2 characters, got 1"}, `"abcd"`: {"v: expected at most 3 characters, got 4"},
				`"ba"`: {`v: expected a match of ^a, got the string "ba"`},
			},
		},
		{
			"null beside them", optable.Schema{Types: optable.Null, Composition: &optable.Composition{AllOf: []optable.Schema{whole}}}, []string{"null", "1"},
			map[string][]string{`"a"`: {`v: expected a whole number, got the string "a"`}},
		},
		{
			"properties of all", optable.Schema{Closed: true, Types: optable.Object, Composition: &optable.Composition{AllOf: []optable.Schema{
				{Properties: []optable.Property{{Name: "a", Required: true, Schema: &whole}}},
				{Properties: []optable.Property{{Name: "b", Schema: &whole}}},
			}}},
			[]string{`{"a":1}`, `{"a":1,"b":2}`}, map[string][]string{
				`{"b":""}`:      {"v.a: is required: a whole number", `v.b: expected a whole number, got the string ""`},
				`{"a":1,"c":1}`: {"v.c: is unknown (did you mean a?)"},
			},
		},
	}, optable.Schema{Name: "Short", Types: optable.String, Constraints: &optable.Constraints{MaxLength: 3}})
}

func TestADiscriminatorChoosesTheVariant(t *testing.T) {
	t.Parallel()
	object := func(name, property string) optable.Schema {
		return optable.Schema{Name: name, Types: optable.Object, Closed: true, Properties: []optable.Property{
			{Name: "kind", Required: true, Schema: &optable.Schema{Types: optable.String}},
			{Name: property, Required: true, Schema: &optable.Schema{Types: optable.Integer}},
		}}
	}
	wantChecked(t, []keyword{{
		"union", optable.Schema{
			Types: optable.Null, Composition: &optable.Composition{OneOf: []optable.Schema{{Ref: "Cat"}, {Ref: "Dog"}}, Discriminator: &optable.Discriminator{Property: "kind", Mapping: []optable.Mapping{
				{Value: "cat", Ref: "Cat"}, {Value: "dog", Ref: "Dog"},
			}}},
		},
		[]string{"null", `{"kind":"cat","lives":9}`, `{"kind":"dog","tricks":1}`}, map[string][]string{
			"1":              {"v: expected an object or null, got the number 1"},
			"{}":             {`v.kind: is required: one of "cat", "dog"`},
			`{"kind":"dgo"}`: {`v.kind: expected one of "cat", "dog", got the string "dgo" (did you mean dog?)`},
			`{"kind":"dog","lives":1}`: {
				"v.tricks: is required: a whole number", `v.lives: does not go with kind "dog"`,
			},
		},
	}}, object("Cat", "lives"), object("Dog", "tricks"))
}

func TestAClosedCompilerClosesObjectsThatNameProperties(t *testing.T) {
	t.Parallel()
	text := optable.Schema{Types: optable.String}
	named := optable.Schema{Types: optable.Object, Properties: []optable.Property{{Name: "a", Schema: &text}}}
	additional := named
	additional.Additional = &text
	for name, c := range map[string]struct {
		schema       optable.Schema
		open, closed bool
	}{
		"named":         {named, false, true},
		"additional":    {additional, false, false},
		"anything":      {optable.Schema{Types: optable.Object}, false, false},
		"closed anyway": {optable.Schema{Types: optable.Object, Closed: true}, true, true},
	} {
		open, err := value.NewCompiler(&optable.Table{}).Compile(&c.schema)
		closed, err2 := value.NewClosedCompiler(&optable.Table{}).Compile(&c.schema)
		if err != nil || err2 != nil || open.Closed != c.open || closed.Closed != c.closed {
			t.Errorf("%s: got %v and %v, want %v and %v", name, open.Closed, closed.Closed, c.open, c.closed)
		}
	}
}

// TestAClosedCompilerJoinsThePropertiesOfAlternatives has properties beside alternatives with properties of their own.
func TestAClosedCompilerJoinsThePropertiesOfAlternatives(t *testing.T) {
	t.Parallel()
	property := func(name string) optable.Property {
		return optable.Property{Name: name, Required: true, Schema: &optable.Schema{Types: optable.String}}
	}
	alternatives := []optable.Schema{
		{Types: optable.Object, Properties: []optable.Property{property("name")}},
		{Types: optable.Object, Closed: true, Properties: []optable.Property{property("team")}},
		{Required: []string{"both"}},
	}
	whole := optable.Schema{
		Types: optable.Object, Properties: []optable.Property{{Name: "id", Schema: &optable.Schema{Types: optable.String}}},
		Composition: &optable.Composition{OneOf: alternatives},
	}
	open := whole
	open.Composition = &optable.Composition{OneOf: append(alternatives, optable.Schema{
		Additional: &optable.Schema{Types: optable.Integer},
	})}
	for _, c := range []struct {
		schema optable.Schema
		text   string
		want   bool
	}{
		{whole, `{"id":"1","name":"n"}`, true},
		{whole, `{"name":"n"}`, true},
		{whole, `{"id":"1","both":1}`, true},
		{whole, `{"id":"1","team":"t"}`, false}, // it has no other properties
		{whole, `{"team":"t"}`, true},
		{whole, `{"id":"1"}`, false},
		{whole, `{"id":1,"name":"n"}`, false},
		{whole, `{"id":"1","name":"n","more":1}`, false},
		{open, `{"more":1}`, true},
		{open, `{"more":""}`, false},
	} {
		s, err := value.NewClosedCompiler(&optable.Table{}).Compile(&c.schema)
		if err != nil {
			t.Fatal(err)
		}
		if got := value.Valid(s, parse(t, c.text)); got != c.want {
			t.Errorf("%s: got %t, want %t", c.text, got, c.want)
		}
	}
}

func TestWhatIsBrokenInATableIsReported(t *testing.T) {
	t.Parallel()
	compiler := value.NewCompiler(&optable.Table{})
	s, err := compiler.Compile(&optable.Schema{
		Items: &optable.Schema{Constraints: &optable.Constraints{Pattern: "(?=a)", MaxLength: 1}}, Additional: &optable.Schema{Ref: "None"},
	})
	if err == nil || s.Items.Pattern != nil || s.Items.MaxLength != 1 {
		t.Errorf("got %+v and the error %v, want an error and the schema without the pattern", s.Items, err)
	}
	if _, err := compiler.Compile(&optable.Schema{Ref: "Nothing"}); err != nil {
		t.Errorf("got the error %v of the schema before, want none", err)
	}
	if err := compiler.Err(); err == nil || err.Error() != `the table has no schema "None"` {
		t.Errorf("got %v, want the first component that is missing", err)
	}
}

// A component is compiled once, unless it holds itself: then what is inside of it depends on where it stands.
func TestComponentsAreSharedUnlessTheyHoldThemselves(t *testing.T) {
	t.Parallel()
	compiler := value.NewCompiler(&optable.Table{Schemas: []optable.Schema{
		{Name: "Leaf", Types: optable.String},
		{Name: "Tree", Types: optable.Object, Properties: []optable.Property{
			{Name: "leaf", Schema: &optable.Schema{Ref: "Leaf"}}, {Name: "next", Schema: &optable.Schema{Ref: "Tree"}},
		}},
	}})
	get := func(ref string) *value.Schema {
		s, err := compiler.Compile(&optable.Schema{Ref: ref})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	leaf, tree := get("Leaf"), get("Tree")
	if leaf != get("Leaf") || tree.Property("leaf").Schema != leaf {
		t.Error("got two schemas of one component, want one")
	}
	if next := tree.Property("next").Schema; next.Within != tree || next.AllTypes() != optable.Object {
		t.Errorf("got %+v, want the tree within itself", next)
	}
	if get("Tree") == tree {
		t.Error("got one schema of a component that holds itself, want two")
	}
}

// TestComponentsThatAllHoldEachOtherAreCompiled has more ways from one to another than can be followed.
func TestComponentsThatAllHoldEachOtherAreCompiled(t *testing.T) {
	t.Parallel()
	const n = 25
	components := make([]optable.Schema, n)
	for i := range components {
		c := &components[i]
		c.Name, c.Types = string(rune('a'+i)), optable.Object
		for j := range n {
			c.Properties = append(c.Properties, optable.Property{
				Name: "p" + strconv.Itoa(j), Schema: &optable.Schema{Ref: string(rune('a' + j))},
			})
		}
	}
	s := compile(t, optable.Schema{Ref: "a"}, components...)
	if !value.Valid(s, parse(t, `{"p1":{"p2":{"p0":{"p24":{}}}}}`)) || value.Valid(s, parse(t, `{"p1":{"p2":{"p0":{"p24":1}}}}`)) {
		t.Error("want what is nested to be checked")
	}
}
