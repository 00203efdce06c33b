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

// TestAMergeThatLeadsBackToItselfEnds has what documents of OpenAPI 3.0 write to permit null beside a reference, or to
// extend a component, inside of that component.
func TestAMergeThatLeadsBackToItselfEnds(t *testing.T) {
	t.Parallel()
	merge := func(parts ...optable.Schema) *optable.Schema {
		return &optable.Schema{Composition: &optable.Composition{AllOf: parts}}
	}
	object := func(property string, s *optable.Schema) optable.Schema {
		return optable.Schema{Name: "A", Types: optable.Object, Properties: []optable.Property{{Name: property, Schema: s}}}
	}
	ref, count := optable.Schema{Ref: "A"}, optable.Property{Name: "count", Schema: &optable.Schema{Types: optable.Integer}}
	nullable, described := merge(ref), merge(ref)
	nullable.Types, described.Description = optable.Null, "Another one."
	for name, c := range map[string]struct {
		component         optable.Schema
		accepted, refused []string
	}{
		"null beside a reference": {
			object("a", nullable), []string{`{"a":null}`, `{"a":{"a":{"a":{"a":null}}}}`}, []string{`null`, `{"a":{"a":{"a":1}}}`},
		},
		"a description beside a reference": {
			object("a", described), []string{`{"a":{"a":{"a":{}}}}`}, []string{`{"a":null}`, `{"a":{"a":{"a":1}}}`},
		},
		"items": {
			optable.Schema{Name: "A", Types: optable.Array, Items: merge(ref)}, []string{`[]`, `[[],[[[]]]]`}, []string{`[1]`, `[[[{}]]]`},
		},
		"values of a map": {
			optable.Schema{Name: "A", Types: optable.Object, Additional: nullable},
			[]string{`{"x":{"y":null}}`}, []string{`{"x":1}`, `{"x":{"y":{"z":[]}}}`},
		},
		"an alternative": {
			object("a", &optable.Schema{Composition: &optable.Composition{OneOf: []optable.Schema{*merge(ref), {Types: optable.String}}}}),
			[]string{`{"a":{"a":"x"}}`}, []string{`{"a":{"a":1}}`},
		},
		"a component with more properties": {
			object("a", merge(ref, optable.Schema{Properties: []optable.Property{count}})),
			[]string{`{"count":"","a":{"count":1,"a":{"count":2}}}`}, []string{`{"a":{"count":""}}`, `{"a":{"a":{"a":{"a":{"count":""}}}}}`},
		},
		"a component that narrows its own property": { // what is behind two of them is an object of any kind
			object("a", merge(ref, object("a", merge(ref)))), []string{`{"a":{"a":{"a":{"a":{}}}}}`}, []string{`{"a":{"a":1}}`, `{"a":{"a":{"a":1}}}`},
		},
	} {
		s := compile(t, ref, c.component)
		for _, text := range c.accepted {
			if !value.Valid(s, parse(t, text)) {
				t.Errorf("%s: %s is refused, want it accepted", name, text)
			}
		}
		for _, text := range c.refused {
			if value.Valid(s, parse(t, text)) {
				t.Errorf("%s: %s is accepted, want it refused", name, text)
			}
		}
	}
}

// TestAReferenceThatIsOnlyRenamedKeepsItsSchema has a description, a default and null beside a reference in an allOf.
func TestAReferenceThatIsOnlyRenamedKeepsItsSchema(t *testing.T) {
	t.Parallel()
	kind := optable.Schema{Name: "Kind", Types: optable.String, Description: "A kind.", Enum: []string{`"a"`, `"b"`}}
	part := optable.Composition{AllOf: []optable.Schema{{Ref: "Kind"}}}
	s := compile(t, optable.Schema{Types: optable.Null, Description: "Ours.", Default: `"a"`, Deprecated: true, Composition: &part}, kind)
	if s.Name != "Kind" || s.Description != "Ours." || s.Default != `"a"` || !s.Deprecated || len(s.Enum) != 2 || len(s.AllOf) != 0 {
		t.Errorf("got %+v, want the component with our keywords", s)
	}
	for text, want := range map[string]bool{`null`: true, `"b"`: true, `"c"`: false, `1`: false} {
		if got := value.Valid(s, parse(t, text)); got != want {
			t.Errorf("%s: got %t, want %t", text, got, want)
		}
	}
}
