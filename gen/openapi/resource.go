package openapi

import "github.com/seed-f165d83c/workos/gen/optable"

// resource converts the keywords that say what a component is in the API.
func (c *converter) resource(s *optable.Schema, key string, v *node) bool {
	switch key {
	case "x-resource":
		s.Extensions.Resource = c.text(v)
	case "x-copies":
		s.Extensions.Copies = c.text(v)
	case "x-parent":
		s.Extensions.Parents = []optable.Parent{}
		for property, typ := range c.pairs(v) {
			s.Extensions.Parents = append(s.Extensions.Parents, optable.Parent{Property: property, Type: c.text(typ)})
		}
	case "x-event-payloads":
		for event, name := range c.pairs(v) {
			if component := c.componentNamed(name); component != "" {
				s.Extensions.Payloads = append(s.Extensions.Payloads, optable.Mapping{Value: event, Ref: component})
			}
		}
	default:
		return false
	}
	return true
}

// componentNamed queues the component of that name and returns it; "" with a problem where there is none.
func (c *converter) componentNamed(n *node) string {
	name := c.text(n)
	found := c.member(get(c.root, "components", "schemas"), name)
	if found == nil {
		c.problemf(n, "correct the name or add the component", "the component %q does not exist", shortened(name))
		return ""
	}
	c.enqueue(component{name, found, found})
	return name
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
