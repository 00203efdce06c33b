package gen_test

import (
	"encoding/json"
	"slices"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// shape is one way to call an operation: a variant of its union body, and of each of its exclusive groups.
type shape struct {
	pins     map[string]any  // values that make the variant
	without  []string        // arguments that do not go with it
	needs    []string        // arguments that it requires beyond those that the published schema does
	together []string        // arguments that cannot be left out one by one
	variant  *optable.Schema // of the union body; nil: it is none
}

// shapes lists all ways to call an operation.
func shapes(op *optable.Operation) []shape {
	all := variantShapes(op)
	for _, group := range op.Exclusive {
		var grown []shape
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
func (s shape) with(group optable.Exclusive, v optable.Variant) shape {
	mandatory := without(v.Fields, v.Optional)
	if !group.Optional {
		s.needs = slices.Concat(s.needs, mandatory)
	}
	if !group.Optional || len(v.Fields) > 1 {
		s.together = slices.Concat(s.together, mandatory)
	}
	for _, other := range group.Variants {
		s.without = slices.Concat(s.without, without(other.Fields, v.Fields))
	}
	return s
}

// variantShapes has one shape for each variant of a union body, else one.
func variantShapes(op *optable.Operation) []shape {
	if op.Body == nil {
		return []shape{{}}
	}
	union := component(&op.Body.Schema)
	if union.Discriminator == nil {
		return []shape{{}}
	}
	var (
		all   []shape
		names []string
	)
	for _, m := range union.Discriminator.Mapping {
		names = append(names, propertyNames(gen.Operations.Schema(m.Ref))...)
	}
	for _, m := range union.Discriminator.Mapping {
		variant := gen.Operations.Schema(m.Ref)
		s := shape{
			variant: variant,
			pins:    map[string]any{union.Discriminator.Property: m.Value},
			without: without(names, propertyNames(variant)),
		}
		for _, p := range variant.Properties {
			if p.Required {
				s.needs = append(s.needs, p.Name)
			}
			if c := component(&p.Schema).Const; c != "" {
				var pinned any
				if err := json.Unmarshal([]byte(c), &pinned); err != nil {
					panic(err)
				}
				s.pins[p.Name] = pinned
			}
		}
		s.together = s.needs
		all = append(all, s)
	}
	return all
}

// nullable tells whether a place takes null. What the published schema of a flattened union says is true of some
// variants only.
func (s shape) nullable(p place) bool {
	if s.variant != nil {
		if property := s.variant.Property(p.argument); property != nil {
			return (property.Schema.Types | component(&property.Schema).Types).Has(optable.Null)
		}
	}
	return p.allows("null")
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

// full makes arguments with everything that the shape allows.
func (f *fixture) full(s shape) map[string]any {
	arguments := map[string]any{}
	for name, p := range f.schema.Properties {
		if pin, ok := s.pins[name]; ok {
			arguments[name] = pin
		} else if !slices.Contains(s.without, name) {
			arguments[name] = sample(p, name)
		}
	}
	return arguments
}

// least makes arguments with nothing but what the shape requires.
func (f *fixture) least(s shape) map[string]any {
	arguments := f.full(s)
	for name, value := range arguments {
		if !slices.Contains(f.schema.Required, name) && !slices.Contains(s.needs, name) {
			delete(arguments, name)
		} else if p := f.schema.Properties[name]; s.pins[name] == nil {
			arguments[name] = leastOf(p, value)
		}
	}
	return arguments
}
