package schema

import (
	"cmp"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// merger makes one schema of several. Alternatives that lead to each other have more ways than can be followed: when
// none are left, any value is accepted.
type merger struct{ left int }

func newMerger() *merger { return &merger{20_000} }

// spent reports whether nothing more may be merged.
func (m *merger) spent() bool {
	m.left--
	return m.left < 0
}

// OneForm returns a schema without alternatives that accepts every value that one of them accepts.
func OneForm(s *value.Schema) *value.Schema { return newMerger().oneForm(s) }

func (m *merger) oneForm(s *value.Schema) *value.Schema {
	alternatives := slices.Clone(s.AnyOf)
	if s.Union != nil {
		for _, v := range s.Union.Variants {
			alternatives = append(alternatives, v.Schema.WithConst(s.Union.Property, v.Value))
		}
	}
	if len(alternatives) == 0 {
		return s
	}
	if m.spent() {
		return &value.Schema{}
	}
	all := m.oneForm(alternatives[0])
	for _, a := range alternatives[1:] {
		all = m.either(all, a)
	}
	one := *all
	one.Description = cmp.Or(s.Description, all.Description)
	one.Properties = m.allProperties(s.Properties, all.Properties)
	switch {
	case all.Types != 0:
		one.Types |= s.Types
	case s.Types != optable.Null: // which would stand beside any type
		one.Types = s.Types
	}
	return &one
}

// Either returns one schema that accepts every value that either of two accepts. It has no limits.
func Either(a, b *value.Schema) *value.Schema { return newMerger().either(a, b) }

func (m *merger) either(a, b *value.Schema) *value.Schema {
	if m.spent() {
		return &value.Schema{}
	}
	a, b = m.oneForm(a), m.oneForm(b)
	if a.Types == optable.Null {
		a, b = b, a
	}
	if b.Types == optable.Null {
		return orNull(a)
	}
	one := &value.Schema{
		Description: cmp.Or(a.Description, b.Description),
		Deprecated:  a.Deprecated && b.Deprecated,
		Properties:  m.allProperties(a.Properties, b.Properties),
		Items:       m.eitherItems(a, b),
	}
	if a.Types != 0 && b.Types != 0 {
		one.Types = a.Types | b.Types
	}
	if a.Format == b.Format {
		one.Format = a.Format
	}
	if x, y := a.Members(), b.Members(); len(x) > 0 && len(y) > 0 {
		one.Enum = slices.Clone(x)
		for _, member := range y {
			if !slices.Contains(one.Enum, member) {
				one.Enum = append(one.Enum, member)
			}
		}
	}
	return one
}

// AllProperties returns the properties of two lists. A property of both accepts every value that either accepts.
func AllProperties(a, b []value.Property) []value.Property { return newMerger().allProperties(a, b) }

func (m *merger) allProperties(a, b []value.Property) []value.Property {
	all := value.Schema{Properties: slices.Clone(a)}
	for _, p := range b {
		if own := all.Property(p.Name); own != nil {
			own.Schema = m.either(own.Schema, p.Schema)
		} else {
			all.Properties = append(all.Properties, p)
		}
	}
	return all.Properties
}

// eitherItems merges the item schemas of two schemas. It ignores a schema that is not an array.
func (m *merger) eitherItems(a, b *value.Schema) *value.Schema {
	switch {
	case b.Types != 0 && !b.Types.Has(optable.Array):
		return a.Items
	case a.Types != 0 && !a.Types.Has(optable.Array):
		return b.Items
	case a.Items == nil || b.Items == nil: // anything
		return nil
	}
	return m.either(a.Items, b.Items)
}

// Tolerant reduces a schema to names and types, which an API does not change without notice, and makes each type
// nullable. It drops the schema of a map's values, because a new property looks like an entry of the map.
func Tolerant(s *value.Schema) *value.Schema {
	return newMerger().tolerant(s, map[*value.Schema]*value.Schema{})
}

// tolerant is Tolerant for parts that may be shared, each of which is reduced once.
func (m *merger) tolerant(s *value.Schema, done map[*value.Schema]*value.Schema) *value.Schema {
	if t := done[s]; t != nil {
		return t
	}
	one := m.oneForm(s)
	t := &value.Schema{Types: one.Types, Description: told(one), Deprecated: one.Deprecated}
	done[s] = t
	if t.Types |= optable.Null; one.Types == 0 || t.Types|optable.Integer == value.AnyType|optable.Integer {
		t.Types = 0
	}
	if one.Items != nil {
		t.Items = m.tolerant(one.Items, done)
	}
	for _, p := range one.Properties {
		t.Properties = append(t.Properties, value.Property{Name: p.Name, Schema: m.tolerant(p.Schema, done)})
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
