package openapi_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

func TestAVariantMayExtendTheBaseThatListsIt(t *testing.T) {
	t.Parallel()
	table := convert(t, document(`    Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {lives: {}}}]}
    Pet:
      required: [kind]
      properties: {kind: {type: string}}
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
      discriminator: {propertyName: kind, mapping: {cat: Cat}}
    Dog: {allOf: [{$ref: '#/components/schemas/Pet'}, {properties: {kind: {enum: [dog, puppy]}}}]}
`))
	pet, cat := table.Schema("Pet"), table.Schema("Cat")
	want := &optable.Discriminator{Property: "kind", Mapping: []optable.Mapping{
		{Value: "cat", Ref: "Cat"}, {Value: "dog", Ref: "Dog"}, {Value: "puppy", Ref: "Dog"},
	}}
	if !reflect.DeepEqual(pet.Composed().Discriminator, want) || len(pet.Composed().OneOf) != 2 {
		t.Errorf("got %+v and %+v, want both variants by the values that they permit", pet.Composed().Discriminator, pet.Composed().OneOf)
	}
	if base := cat.Composed().AllOf[0]; base.Ref != "" || base.Composed().OneOf != nil || base.Composed().Discriminator != nil || !base.Properties[0].Required {
		t.Errorf("got %+v, want the base without its variants", base)
	}
}

func TestADiscriminatorThatWouldRejectIsDropped(t *testing.T) {
	t.Parallel()
	const variants = "    A: {required: [k], properties: {k: {}}}\n    B: {properties: {k: {}}}\n" +
		"    C: {required: [k], properties: {k: {enum: [c, d]}}}\n"
	for union, kept := range map[string]bool{
		"oneOf: [{$ref: '#/components/schemas/C'}]":                                       true,
		"oneOf: [{$ref: '#/components/schemas/A'}]":                                       true,
		"anyOf: [{$ref: '#/components/schemas/A'}]":                                       true,
		"oneOf: [{$ref: '#/components/schemas/A'}, {type: 'null'}]":                       false, // a reference
		"oneOf: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}]":     false, // B may lack it
		"oneOf: [{$ref: '#/components/schemas/A'}, {properties: {k: {}}, required: [k]}]": false,
		"properties: {k: {}}": false,
	} {
		s := convert(t, document(variants+"    T: {"+union+", discriminator: {propertyName: k}}\n")).Schema("T")
		if got := s.Composed().Discriminator != nil; got != kept {
			t.Errorf("%s: got %+v, want it kept: %t", union, s.Composed().Discriminator, kept)
		}
	}
	for value, kept := range map[string]bool{"c": true, "e": false} { // which the variant rejects
		s := convert(t, document(variants+"    T: {oneOf: [{$ref: '#/components/schemas/C'}], discriminator: {propertyName: k, "+
			"mapping: {"+value+": C}}}\n")).Schema("T")
		if got := s.Composed().Discriminator != nil; got != kept {
			t.Errorf("%s: got %+v, want it kept: %t", value, s.Composed().Discriminator, kept)
		}
	}
}

// A discriminator leaves the check to the variant: what stands beside it would be neither checked nor accepted.
func TestPropertiesBesideADiscriminatorCount(t *testing.T) {
	t.Parallel()
	const components = `    A: {type: object, required: [kind, x], properties: {kind: {enum: [a]}, x: {type: string}}}
    B: {type: object, required: [kind], properties: {kind: {enum: [b]}, x: {type: string}}}
    Base: {type: object, required: [id], properties: {id: {type: integer}}}
`
	for _, c := range []struct {
		beside string
		kept   bool
		valid  string // with kind a
		wrong  []string
	}{
		{"properties: {kind: {type: string}}", true, `"x":"1"`, []string{``}},
		{"required: [kind], properties: {kind: {type: string}}", true, `"x":"1"`, []string{``}},
		{"allOf: [{properties: {kind: {}}}, {properties: {x: {}}}]", true, `"x":"1"`, []string{``}},
		{"properties: {kind: {type: string}, x: {}}", true, `"x":"1"`, []string{``}},
		{"required: [kind]", true, `"x":"1"`, []string{``}},
		{"properties: {id: {type: integer}}", false, `"x":"1","id":1`, []string{`"x":"1","id":"s"`, `"id":1`}},
		{"required: [id], properties: {id: {type: integer}}", false, `"x":"1","id":1`, []string{`"x":"1"`}},
		{"required: [x], properties: {x: {}}", false, `"x":"1"`, []string{``}}, // which B does not require
		{"required: [x]", false, `"x":"1"`, []string{``}},
		{"allOf: [{$ref: '#/components/schemas/Base'}]", false, `"x":"1","id":1`, []string{`"x":"1"`, `"id":1`}},
		{"allOf: [{properties: {kind: {}}}, {required: [id], properties: {id: {}}}]", false, `"x":"1","id":1`, []string{`"x":"1"`}},
	} {
		table := convert(t, document(components+"    T: {type: object, "+c.beside+", oneOf: "+
			"[{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/B'}], discriminator: {propertyName: kind}}\n"))
		if got := table.Schema("T").Composed().Discriminator != nil; got != c.kept {
			t.Errorf("%s: got the discriminator kept: %t, want %t", c.beside, got, c.kept)
		}
		s, err := value.NewClosedCompiler(table).Compile(&optable.Schema{Ref: "T"})
		if err != nil {
			t.Fatal(err)
		}
		check := func(members string) []value.Problem {
			v, err := value.Parse([]byte(strings.ReplaceAll(`{"kind":"a",`+members+"}", ",}", "}")))
			if err != nil {
				t.Fatal(err)
			}
			_, problems := value.Check(s, v)
			return problems
		}
		if got := check(c.valid); len(got) > 0 {
			t.Errorf("%s: %s: got %+v, want a valid value", c.beside, c.valid, got)
		}
		for _, wrong := range c.wrong {
			if len(check(wrong)) == 0 {
				t.Errorf("%s: %s: got a valid value", c.beside, wrong)
			}
		}
	}
}
