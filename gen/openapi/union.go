package openapi

import (
	"encoding/json"
	"slices"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// alternatives turns the usual way to write a nullable reference into one: oneOf with null becomes the type null
// beside what is left, and one alternative alone is a reference.
func (c *converter) alternatives(s *optable.Schema, n *node) []optable.Schema {
	var list []optable.Schema
	c.parts++
	for item := range c.items(n) {
		alternative := *c.schema(item)
		if alternative.Types == optable.Null {
			s.Types |= optable.Null
			continue
		}
		list = append(list, alternative)
	}
	c.parts--
	if s.Types.Has(optable.Null) && len(list) == 1 && list[0].Ref != "" && s.Ref == "" {
		s.Ref = list[0].Ref
		return nil
	}
	return list
}

// discriminator reads the mapping. A value may be the bare name of a component.
func (c *converter) discriminator(s *optable.Schema, n *node) {
	name := c.text(get(n, "propertyName"))
	if n.kind == text { // as in Swagger 2.0
		c.problemf(n, "write propertyName below it", "discriminator is a name, as in Swagger 2.0")
		name = n.text
	}
	if name == "" {
		c.problemf(n, "add it", "a discriminator has no propertyName; it is ignored")
		return
	}
	d := &optable.Discriminator{Property: name}
	s.Composition.Discriminator = d
	for value, ref := range c.pairs(get(n, "mapping")) {
		var target string
		if bare := c.member(get(c.root, "components", "schemas"), c.text(ref)); bare != nil {
			target = ref.text
			c.enqueue(component{target, bare, bare})
		} else {
			target = c.schemaRef(ref)
		}
		if target != "" {
			d.Mapping = append(d.Mapping, optable.Mapping{Value: value, Ref: target})
		}
	}
}

// settleUnions makes each discriminator of the table decide, or removes it, so that none rejects what the schemas
// accept.
func (c *converter) settleUnions() {
	for i := range c.table.Operations {
		op := &c.table.Operations[i]
		eachSchema(op, func(s *optable.Schema) { c.settle(s) })
	}
	for i := range c.table.Schemas {
		c.settle(&c.table.Schemas[i])
	}
}

// settle settles the discriminators of a schema and of those nested in it.
func (c *converter) settle(s *optable.Schema) {
	eachNested(s, c.settle)
	d := s.Composed().Discriminator
	if d == nil {
		return
	}
	defer prune(s)
	inline := func(v optable.Schema) bool { return v.Ref == "" }
	variants := slices.Concat(s.Composition.OneOf, s.Composition.AnyOf)
	if len(variants) == 0 || slices.ContainsFunc(variants, inline) {
		s.Composition.Discriminator = nil // of a base that others extend, or beside variants that it does not know
		return
	}
	for _, v := range variants {
		named := func(m optable.Mapping) bool { return m.Ref == v.Ref }
		if !slices.ContainsFunc(d.Mapping, named) { // its name is its value (OpenAPI 3.1 section 4.8.25)
			for _, value := range c.pinned(v.Ref, d.Property) {
				d.Mapping = append(d.Mapping, optable.Mapping{Value: value, Ref: v.Ref})
			}
		}
	}
	for _, m := range d.Mapping {
		if p := c.propertyOf(m.Ref, d.Property); !p.required || !p.permits(m.Value) {
			s.Composition.Discriminator = nil // whatever lacks it, or has what the variant permits, would be rejected
			return
		}
	}
	if c.adds(s, d, map[*optable.Schema]bool{}) {
		s.Composition.Discriminator = nil // the variant alone would decide
	}
}

// adds reports whether a schema, its allOf included, says of properties what some variant that it lists does not.
func (c *converter) adds(s *optable.Schema, d *optable.Discriminator, seen map[*optable.Schema]bool) bool {
	if s == nil || seen[s] {
		return false
	}
	seen[s] = true
	for _, m := range d.Mapping {
		lacks := func(p optable.Property) bool {
			of := c.propertyOf(m.Ref, p.Name)
			return !of.present || p.Required && !of.required
		}
		optional := func(name string) bool { return !c.propertyOf(m.Ref, name).required }
		if slices.ContainsFunc(s.Properties, lacks) || slices.ContainsFunc(s.Required, optional) {
			return true
		}
	}
	parts := s.Composed().AllOf
	for i := range parts {
		if c.adds(&parts[i], d, seen) {
			return true
		}
	}
	return c.adds(c.table.Schema(s.Ref), d, seen)
}

// pinned returns the values of a discriminator that select a variant: those that the variant permits, or its name.
func (c *converter) pinned(variant, property string) []string {
	var values []string
	p := c.propertyOf(variant, property)
	for _, member := range p.members {
		var value string
		if json.Unmarshal([]byte(member), &value) == nil {
			values = append(values, value)
		}
	}
	if len(values) == 0 || slices.Contains(values, variant) {
		return []string{variant}
	}
	return values
}

// described is what a component says of one property, its allOf included.
type described struct {
	present  bool // among the properties
	required bool
	members  []string // the only values, as JSON; nil: others as well
}

// permits reports whether the property may have a text.
func (d *described) permits(text string) bool {
	return d.members == nil || slices.ContainsFunc(d.members, func(member string) bool {
		var value any
		return json.Unmarshal([]byte(member), &value) == nil && value == text
	})
}

func (c *converter) propertyOf(component, name string) described {
	var d described
	c.describe(c.table.Schema(component), name, &d, map[*optable.Schema]bool{})
	return d
}

func (c *converter) describe(s *optable.Schema, name string, d *described, seen map[*optable.Schema]bool) {
	if s == nil || seen[s] {
		return
	}
	seen[s] = true
	d.required = d.required || slices.Contains(s.Required, name)
	if p := s.Property(name); p != nil {
		d.present = true
		d.required = d.required || p.Required
		c.values(p.Schema, d, seen)
	}
	c.describe(c.table.Schema(s.Ref), name, d, seen)
	parts := s.Composed().AllOf
	for i := range parts {
		c.describe(&parts[i], name, d, seen)
	}
}

// values finds the members of a property's schema, through references.
func (c *converter) values(s *optable.Schema, d *described, seen map[*optable.Schema]bool) {
	if s == nil || seen[s] {
		return
	}
	seen[s] = true
	switch {
	case s.Const != "":
		d.members = []string{s.Const}
	case len(s.Enum) > 0:
		d.members = s.Enum
	default:
		c.values(c.table.Schema(s.Ref), d, seen)
		parts := s.Composed().AllOf
		for i := range parts {
			c.values(&parts[i], d, seen)
		}
	}
}
