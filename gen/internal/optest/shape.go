package optest

import (
	"encoding/json"
	"slices"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// Shape is one way to call an operation: a variant of its union body, and of each of its exclusive groups.
type Shape struct {
	Pins     map[string]any  // values that make the variant
	Without  []string        // arguments that do not go with it
	needs    []string        // arguments that it requires beyond those that the published schema does
	Together []string        // arguments that cannot be left out one by one
	variant  *optable.Schema // of the union body; nil: it is none
}

// Shapes lists all ways to call an operation.
func Shapes(op *optable.Operation) []Shape {
	all := variantShapes(op)
	for _, group := range op.Exclusive {
		var grown []Shape
		for _, s := range all {
			for _, v := range group.Variants {
				grown = append(grown, s.with(group, v))
			}
		}
		all = grown
	}
	return all
}

// with narrows a shape to a variant of an exclusive group.
func (s Shape) with(group optable.Exclusive, v optable.Variant) Shape {
	mandatory := without(v.Fields, v.Optional)
	if !group.Optional {
		s.needs = slices.Concat(s.needs, mandatory)
	}
	if !group.Optional || len(v.Fields) > 1 {
		s.Together = slices.Concat(s.Together, mandatory)
	}
	for _, other := range group.Variants {
		s.Without = slices.Concat(s.Without, without(other.Fields, v.Fields))
	}
	return s
}

// variantShapes has one shape for each variant of a union body, else one.
func variantShapes(op *optable.Operation) []Shape {
	if op.Body == nil {
		return []Shape{{}}
	}
	union := Component(op.Body.Schema)
	if union.Composed().Discriminator == nil {
		return []Shape{{}}
	}
	var (
		all   []Shape
		names []string
	)
	for _, m := range union.Composed().Discriminator.Mapping {
		names = append(names, propertyNames(gen.Operations.Schema(m.Ref))...)
	}
	for _, m := range union.Composed().Discriminator.Mapping {
		variant := gen.Operations.Schema(m.Ref)
		s := Shape{
			variant: variant,
			Pins:    map[string]any{union.Composed().Discriminator.Property: m.Value},
			Without: without(names, propertyNames(variant)),
		}
		for _, p := range variant.Properties {
			if p.Required {
				s.needs = append(s.needs, p.Name)
			}
			if c := Component(p.Schema).Const; c != "" {
				var pinned any
				if err := json.Unmarshal([]byte(c), &pinned); err != nil {
					panic(err)
				}
				s.Pins[p.Name] = pinned
			}
		}
		s.Together = s.needs
		all = append(all, s)
	}
	return all
}

// Nullable reports whether a place accepts null. What the published schema of a flattened union says is true of some
// variants only.
func (s Shape) Nullable(p Place) bool {
	if s.variant != nil {
		if property := s.variant.Property(p.Argument); property != nil {
			return (property.Schema.Types | Component(property.Schema).Types).Has(optable.Null)
		}
	}
	return p.Allows("null")
}

func propertyNames(s *optable.Schema) []string {
	names := make([]string, len(s.Properties))
	for i, p := range s.Properties {
		names[i] = p.Name
	}
	return names
}

func without(names, but []string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return slices.Contains(but, n) })
}

// Full makes arguments for a published schema with everything that the shape allows.
func (s Shape) Full(schema *jsonschema.Schema) map[string]any {
	arguments := map[string]any{}
	for name, p := range schema.Properties {
		if pin, ok := s.Pins[name]; ok {
			arguments[name] = pin
		} else if !slices.Contains(s.Without, name) {
			arguments[name] = Sample(p, name)
		}
	}
	return arguments
}

// Least makes arguments for a published schema with nothing but what the shape requires.
func (s Shape) Least(schema *jsonschema.Schema) map[string]any {
	arguments := s.Full(schema)
	for name, value := range arguments {
		if !slices.Contains(schema.Required, name) && !slices.Contains(s.needs, name) {
			delete(arguments, name)
		} else if p := schema.Properties[name]; s.Pins[name] == nil {
			arguments[name] = leastOf(p, value)
		}
	}
	return arguments
}
