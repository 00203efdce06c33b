package sandbox

import (
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// filterOf is how a parameter of a list selects things, or nil for one that does not: what x-filter says, or else by
// the property of its name.
func (p *plan) filterOf(param *optable.Parameter) *optable.Filter {
	switch {
	case param.In != optable.InQuery || isPaging(param.Name):
		return nil
	case param.Filter != nil:
		return param.Filter
	case p.entry.Property(param.Name) != nil && !p.entry.Property(param.Name).Schema.Types.Has(optable.Object):
		return &optable.Filter{By: []string{param.Name}}
	default:
		return nil
	}
}

func isPaging(param string) bool {
	return slices.Contains([]string{paramBefore, paramAfter, "limit", "order"}, param)
}

// filtered reports whether a thing passes the filters of the query.
func (c *call) filtered(r *record) bool {
	var shown object
	for i := range c.plan.op.Parameters {
		f := c.plan.filters[i]
		if f == nil || len(f.By) == 0 {
			continue
		}
		values := c.values(c.plan.op.Parameters[i].Name, c.plan.params[i])
		if len(values) == 0 {
			values = f.Absent
		}
		if len(values) == 0 {
			continue
		}
		if shown == nil {
			shown = c.view(r, c.plan.entry)
		}
		if !passes(shown, f, values) {
			return false
		}
	}
	return true
}

// passes compares what a thing shows with the values of a filter.
func passes(shown object, f *optable.Filter, values []string) bool {
	have := make([]string, 0, len(f.By))
	anyCase := false
	for _, by := range f.By {
		have = append(have, lookup(shown, by)...)
		anyCase = anyCase || folded(by[strings.LastIndexByte(by, '.')+1:])
	}
	return slices.ContainsFunc(have, func(v string) bool {
		switch f.Match {
		case "contains":
			return strings.Contains(strings.ToLower(v), strings.ToLower(values[0]))
		case "after":
			return v > normalDateTime(values[0])
		case "before":
			return v < normalDateTime(values[0])
		default:
			return slices.Contains(values, v) ||
				anyCase && slices.ContainsFunc(values, func(value string) bool { return strings.EqualFold(value, v) })
		}
	})
}

// lookup gathers the scalars at a path such as domains.domain: those of each item where an array is on the way.
func lookup(v any, path string) []string {
	name, rest, _ := strings.Cut(path, ".")
	switch v := v.(type) {
	case object:
		for _, m := range v {
			if m.name != name {
				continue
			}
			if rest != "" {
				return lookup(m.value, rest)
			}
			return scalars(m.value)
		}
	case map[string]any:
		switch inside, ok := v[name]; {
		case ok && rest != "":
			return lookup(inside, rest)
		case ok:
			return scalars(inside)
		}
	case []any:
		var have []string
		for _, item := range v {
			have = append(have, lookup(item, path)...)
		}
		return have
	}
	return nil
}

// scalars are a scalar itself, or those of a list.
func scalars(v any) []string {
	if isScalar(v) {
		return []string{text(v)}
	}
	var have []string
	list, _ := v.([]any)
	for _, item := range list {
		if isScalar(item) {
			have = append(have, text(item))
		}
	}
	return have
}

func isScalar(v any) bool { return !value.TypeOf(v).Has(optable.Array | optable.Object) }
