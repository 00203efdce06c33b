package openapi

import "github.com/seed-f165d83c/workos/gen/optable"

// resource converts the keywords that say what a component is in the API.
func (c *converter) resource(s *optable.Schema, key string, v *node) bool {
	switch key {
	case "x-resource":
		s.Resource = c.text(v)
	case "x-copies":
		s.Copies = c.text(v)
	case "x-parent":
		s.Parents = []optable.Parent{}
		for property, typ := range c.pairs(v) {
			s.Parents = append(s.Parents, optable.Parent{Property: property, Type: c.text(typ)})
		}
	default:
		return false
	}
	return true
}

// filter converts how a parameter selects items; nil: the document does not say.
func (c *converter) filter(n *node) *optable.Filter {
	if n == nil {
		return nil
	}
	f := &optable.Filter{}
	for key, v := range c.pairs(n) {
		switch key {
		case "by":
			f.By = c.texts(v)
		case "match":
			f.Match = c.text(v)
		case "absent":
			f.Absent = c.texts(v)
		default:
			c.problemf(v, "write by, match or absent", "unknown field %q of a filter", shortened(key))
		}
	}
	switch f.Match {
	case "", "contains", "after", "before":
	default:
		c.problemf(n, "write contains, after or before",
			"a filter matches by %q; it is taken for equality", shortened(f.Match))
		f.Match = ""
	}
	return f
}
