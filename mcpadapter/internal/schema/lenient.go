package schema

import (
	"cmp"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// OneForm returns a schema without alternatives that accepts every value that one of them accepts.
func OneForm(s *value.Schema) *value.Schema {
	alternatives := slices.Clone(s.AnyOf)
	if s.Union != nil {
		for _, v := range s.Union.Variants {
			alternatives = append(alternatives, v.Schema.WithConst(s.Union.Property, v.Value))
		}
	}
	if len(alternatives) == 0 {
		return s
	}
	all := OneForm(alternatives[0])
	for _, a := range alternatives[1:] {
		all = Either(all, a)
	}
	one := *all
	one.Description = cmp.Or(s.Description, all.Description)
	one.Properties = AllProperties(s.Properties, all.Properties)
	switch {
	case all.Types != 0:
		one.Types |= s.Types
	case s.Types != optable.Null: // which would stand beside any type
		one.Types = s.Types
	}
	return &one
}

// Either returns one schema that accepts every value that either of two accepts. It has no limits.
func Either(a, b *value.Schema) *value.Schema {
	a, b = OneForm(a), OneForm(b)
	if a.Types == optable.Null {
		a, b = b, a
	}
	if b.Types == optable.Null {
		return orNull(a)
	}
	m := &value.Schema{
		Description: cmp.Or(a.Description, b.Description),
		Deprecated:  a.Deprecated && b.Deprecated,
		Properties:  AllProperties(a.Properties, b.Properties),
		Items:       eitherItems(a, b),
	}
	if a.Types != 0 && b.Types != 0 {
		m.Types = a.Types | b.Types
	}
	if a.Format == b.Format {
		m.Format = a.Format
	}
	if x, y := a.Members(), b.Members(); len(x) > 0 && len(y) > 0 {
		m.Enum = slices.Clone(x)
		for _, member := range y {
			if !slices.Contains(m.Enum, member) {
				m.Enum = append(m.Enum, member)
			}
		}
	}
	return m
}

// AllProperties returns the properties of two lists. A property of both accepts every value that either accepts.
func AllProperties(a, b []value.Property) []value.Property {
	m := value.Schema{Properties: slices.Clone(a)}
	for _, p := range b {
		if own := m.Property(p.Name); own != nil {
			own.Schema = Either(own.Schema, p.Schema)
		} else {
			m.Properties = append(m.Properties, p)
		}
	}
	return m.Properties
}

// eitherItems merges the item schemas of two schemas. It ignores a schema that is not an array.
func eitherItems(a, b *value.Schema) *value.Schema {
	switch {
	case b.Types != 0 && !b.Types.Has(optable.Array):
		return a.Items
	case a.Types != 0 && !a.Types.Has(optable.Array):
		return b.Items
	case a.Items == nil || b.Items == nil: // anything
		return nil
	}
	return Either(a.Items, b.Items)
}

// Tolerant reduces a schema to names and types, which an API does not change without notice, and makes each type
// nullable. It drops the schema of a map's values, because a new property looks like an entry of the map.
func Tolerant(s *value.Schema) *value.Schema { return tolerant(s, map[*value.Schema]*value.Schema{}) }

// tolerant is Tolerant for parts that may be shared, each of which is reduced once.
func tolerant(s *value.Schema, done map[*value.Schema]*value.Schema) *value.Schema {
	if t := done[s]; t != nil {
		return t
	}
	one := OneForm(s)
	t := &value.Schema{Types: one.Types, Description: told(one), Deprecated: one.Deprecated}
	done[s] = t
	if t.Types |= optable.Null; one.Types == 0 || t.Types|optable.Integer == value.AnyType|optable.Integer {
		t.Types = 0
	}
	if one.Items != nil {
		t.Items = tolerant(one.Items, done)
	}
	for _, p := range one.Properties {
		t.Properties = append(t.Properties, value.Property{Name: p.Name, Schema: tolerant(p.Schema, done)})
	}
	return t
}

// told returns the description, with sentences for the keywords that a tolerant schema drops.
func told(s *value.Schema) string {
	text := s.Described()
	if members := plain(s.Members()); slices.ContainsFunc(members, func(m string) bool {
		return !strings.Contains(text, "`"+m+"`")
	}) {
		text += " Known values: " + strings.Join(members, ", ") + "."
	}
	switch s.Format {
	case "", "int32", "int64", "float", "double": // nothing beyond the type
	default:
		text += " Format: " + s.Format + "."
	}
	return strings.TrimSpace(text)
}

// plain returns enum members without the quotes of strings, and without null.
func plain(members []string) []string {
	var list []string
	for _, m := range members {
		v, err := value.Parse([]byte(m))
		switch text, isText := v.(string); {
		case isText:
			list = append(list, text)
		case v != nil || err != nil:
			list = append(list, m)
		}
	}
	return list
}
