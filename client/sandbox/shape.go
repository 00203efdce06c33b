package sandbox

import (
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// view shows a thing as a component describes it.
func (c *call) view(r *record, s *value.Schema) object {
	facets := c.ix.facetsOf(r.kind, s)
	o := make(object, 0, len(facets))
	for i := range facets {
		f := &facets[i]
		if v, ok := c.shown(r, f); ok {
			o = append(o, member{f.Name, v})
		} else if f.Required {
			o = append(o, member{f.Name, c.sampler(false).sample(f.Name, f.Schema)})
		}
	}
	return o
}

// shown is the value of a thing's property: of its own, or of what belongs to it.
func (c *call) shown(r *record, f *facet) (any, bool) {
	if v, ok := c.related(r, f); ok {
		return v, true
	}
	if _, ok := r.fields[f.field]; ok {
		return c.conform(f.Name, f.Schema, c.current(r, f.field)), true
	}
	if f.Name == "environment_id" {
		return c.env.id("environment_", ""), true
	}
	return nil, false
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
	case bool:
		if s.Types.Has(optable.Boolean) && simple(s) && len(s.Members()) == 0 {
			return v
		}
	case string:
		if fits(s, value) {
			return v
		}
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

func sortedKeys(m map[string]any) []string { return value.SortedNames(m) }
