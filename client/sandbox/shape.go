package sandbox

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// view shows a thing as a component describes it.
func (c *call) view(r *record, s *value.Schema) object {
	o := object{}
	for i := range s.Properties {
		p := &s.Properties[i]
		if v, ok := c.shown(r, p); ok {
			o = append(o, member{p.Name, v})
		} else if p.Required {
			o = append(o, member{p.Name, c.sampler(false).sample(p.Name, p.Schema)})
		}
	}
	return o
}

// shown is the value of a thing's property: of its own, or of what belongs to it.
func (c *call) shown(r *record, p *value.Property) (any, bool) {
	if v, ok := c.related(r, p); ok {
		return v, true
	}
	v, ok := r.fields[p.Name]
	if !ok { // some views have their fields in camelCase too
		v, ok = r.fields[strings.TrimPrefix(snake(p.Name), "userland_")]
	}
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
	case s.Property("id") != nil:
	case strings.HasSuffix(p.Name, "_name"):
		of := c.pointedBy(r, strings.TrimSuffix(p.Name, "_name"))
		if of == nil || of.fields[fieldName] == nil {
			return nil, false
		}
		return of.fields[fieldName], true
	default:
		return nil, false
	}
	if c.ix.kindOf(s) == r.kind {
		return c.view(r, s), true
	}
	if of := c.companion(r, p.Name); of != nil {
		return c.view(of, s), true
	}
	return nil, false
}

// shownChildren shows the things that belong to another and say so, such as an organization's domains.
func (c *call) shownChildren(r *record, s *value.Schema) (any, bool) {
	k := c.ix.components[s.Name]
	if k == nil || k == r.kind || !k.kept() || s.Property(r.kind.pointers[0]) == nil {
		return nil, false
	}
	list := []any{}
	for _, child := range c.store.records[k] {
		if pointsTo(child, r) == yes {
			list = append(list, c.view(child, s))
		}
	}
	return list, true
}

// pointedBy is what the field name_id of a thing names, or nil.
func (c *call) pointedBy(r *record, name string) *record {
	k := c.ix.pointed(name + "_id")
	if k == nil {
		return nil
	}
	return c.store.get(k, r.text(name+"_id"))
}

// conform returns a value in the order and within the limits of its schema: what is missing or not valid is made up,
// what is not described is dropped.
func (c *call) conform(name string, s *value.Schema, v any) any {
	if v == nil && nullable(s) {
		return nil
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
				list[i] = c.conform(singular(name), s.Items, value[i])
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

// normalTime writes a date-time as the API does. Anything else is left alone.
func normalTime(s *value.Schema, v string) string {
	if s.Format == formatDateTime {
		if t, err := time.Parse(time.RFC3339, v); err == nil {
			return timestamp(t)
		}
	}
	return v
}

func sortedKeys(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }
