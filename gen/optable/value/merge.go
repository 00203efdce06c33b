package value

import (
	"reflect"
	"slices"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// merge is a schema without a name that merges others by allOf, while it is compiled.
type merge struct {
	facts *optable.Schema
	made  *Schema
}

// maxMerges is how many merges of one component can be nested. A merge that narrows the one around it would make
// another at each level, without end. Below that, only the type of a value is checked.
const maxMerges = 2

// merged compiles a schema without a name that has an allOf. The properties of its parts can lead back to it.
func (c *Compiler) merged(facts *optable.Schema) *Schema {
	f := c.Resolve(facts)
	if part := c.renamed(facts, f); part != nil {
		return described(*c.compile(part), f)
	}
	components, inside := references(nil, facts), 0
	for _, outer := range c.merges {
		if outer.facts == facts {
			c.repeats++
			return &Schema{Types: f.Types, Description: f.Description, Within: outer.made}
		}
		others := references(nil, outer.facts)
		if slices.ContainsFunc(components, func(name string) bool { return slices.Contains(others, name) }) {
			inside++
		}
	}
	if inside >= maxMerges || inside > 0 && c.parts > maxParts {
		c.repeats++
		return &Schema{Types: f.Types, Description: f.Description}
	}
	return c.nested(facts)
}

// renamed returns the only part of an allOf if it is a reference and what stands beside it does not narrow it: so
// documents of OpenAPI 3.0 describe a property, or permit null, that has the schema of a component. Otherwise nil.
func (c *Compiler) renamed(facts, resolved *optable.Schema) *optable.Schema {
	own, parts := withoutAllOf(facts)
	if len(parts) != 1 || !isReference(&parts[0]) || (resolved.Types^c.Resolve(&parts[0]).Types)&^optable.Null != 0 {
		return nil
	}
	own.Types, own.Description, own.Default, own.Example, own.Extensions = 0, "", "", "", nil
	own.Deprecated, own.Secret, own.ReadOnly, own.WriteOnly = false, false, false, false
	if !reflect.ValueOf(&own).Elem().IsZero() {
		return nil
	}
	return &parts[0]
}

// described returns the schema of a component with what a resolved schema that only renames it adds.
func described(s Schema, f *optable.Schema) *Schema {
	s.Description, s.Default, s.Example = f.Description, f.Default, f.Example
	s.Deprecated, s.Replacement, s.ReadOnly = f.Deprecated, f.Extended().Replacement, f.ReadOnly
	if s.Types != 0 || len(s.AllOf) > 0 {
		s.Types |= f.Types & optable.Null
	}
	return &s
}

// isReference reports whether a schema is a reference with nothing beside it.
func isReference(s *optable.Schema) bool {
	beside := *s
	beside.Ref = ""
	return s.Ref != "" && reflect.ValueOf(&beside).Elem().IsZero()
}

// references appends the names of the components that a schema refers to itself or by its allOf.
func references(names []string, s *optable.Schema) []string {
	if s.Ref != "" {
		names = append(names, s.Ref)
	}
	parts := s.Composed().AllOf
	for i := range parts {
		names = references(names, &parts[i])
	}
	return names
}

// joinAlternatives lets a closed object have the properties of its alternatives. It opens the object if these can be
// any.
func joinAlternatives(s *Schema) {
	for _, a := range s.AnyOf {
		if a.HasAlternatives() || len(a.AllOf) > 0 || a.Within != nil || a.Additional != nil {
			s.Closed = false
		}
		for _, p := range a.Properties {
			if s.Property(p.Name) == nil {
				s.Properties = append(s.Properties, Property{Name: p.Name, Schema: &Schema{}})
			}
		}
	}
}
