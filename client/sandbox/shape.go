package sandbox

import (
	"maps"
	"slices"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// view shows a thing as a component describes it.
func (c *call) view(r *record, s *value.Schema) object {
	o := object{}
	for i := range s.Properties {
		p := &s.Properties[i]
		if v, ok := c.shown(r, s, p); ok {
			o = append(o, member{p.Name, v})
		} else if p.Required {
			o = append(o, member{p.Name, c.sampler(false).sample(p.Name, p.Schema)})
		}
	}
	return o
}

// shown is the value of a thing's property: of its own, or of what belongs to it.
func (c *call) shown(r *record, s *value.Schema, p *value.Property) (any, bool) {
	if v, ok := c.related(r, p); ok {
		return v, true
	}
	v, ok := r.fields[c.ix.fieldOf(s, p)]
	if !ok {
		return nil, false
	}
	return c.conform(p.Name, p.Schema, v), true
}

// related is the value of a property that shows other things, or another side of the same.
func (c *call) related(r *record, p *value.Property) (any, bool) {
	s := p.Schema
	switch {
	case s.Types.Has(optable.Array) && s.Items != nil:
		return c.shownChildren(r, s.Items)
	case s.Property("id") == nil:
		return c.shownName(r, p.Name)
	}
	k := c.ix.kindOf(s)
	switch k {
	case nil:
	case r.kind:
		return c.view(r, s), true
	default:
		if other := c.companion(r, k); other != nil {
			return c.view(other, s), true
		}
	}
	return nil, false
}

// shownChildren shows the things that belong to another and say so, such as an organization's domains.
func (c *call) shownChildren(r *record, s *value.Schema) (any, bool) {
	k := c.ix.components[s.Name]
	if k == nil || k == r.kind || !k.kept() || s.Property(k.link(r.kind)) == nil {
		return nil, false
	}
	list := []any{}
	for _, child := range c.store.having(k, k.link(r.kind), r.id) {
		list = append(list, c.view(child, s))
	}
	return list, true
}

// conform returns a value in the order and within the limits of its schema: what is missing or not valid is made up,
// what is not described is dropped.
func (c *call) conform(name string, s *value.Schema, v any) any {
	if _, ready := v.(raw); ready || v == nil && nullable(s) {
		return v
	}
	switch value := v.(type) {
	case map[string]any:
		if s.Types.Has(optable.Object) {
			return c.conformObject(s, value)
		}
	case []any:
		if s.Types.Has(optable.Array) && s.Items != nil {
			list := make([]any, len(value))
			for i := range value {
				list[i] = c.conform(name, s.Items, value[i])
			}
			return list
		}
	case string:
		v = normalTime(s, value)
	}
	if check("", s, v) != nil {
		return c.sampler(false).sample(name, s)
	}
	return v
}

func (c *call) conformObject(s *value.Schema, v map[string]any) any {
	o := object{}
	for i := range s.Properties {
		p := &s.Properties[i]
		if value, ok := v[p.Name]; ok && (value != nil || nullable(p.Schema)) {
			o = append(o, member{p.Name, c.conform(p.Name, p.Schema, value)})
		} else if p.Required {
			o = append(o, member{p.Name, c.sampler(false).sample(p.Name, p.Schema)})
		}
	}
	if s.Additional == nil {
		return o
	}
	for _, name := range sortedKeys(v) {
		if s.Property(name) == nil && (v[name] != nil || nullable(s.Additional)) {
			o = append(o, member{name, c.conform(name, s.Additional, v[name])})
		}
	}
	return o
}

// normalTime writes a text as the API does if its schema says that it is a date-time.
func normalTime(s *value.Schema, v string) string {
	if s.Format != formatDateTime {
		return v
	}
	return normalDateTime(v)
}

// normalDateTime writes a date-time as the API does. Anything else is left alone.
func normalDateTime(v string) string {
	t, err := time.Parse(time.RFC3339, v)
	if err != nil {
		return v
	}
	return timestamp(t)
}

func sortedKeys(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }
