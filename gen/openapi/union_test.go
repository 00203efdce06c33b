package openapi_test

import (
	"reflect"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
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
