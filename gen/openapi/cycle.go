package openapi

import (
	"slices"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// eachSchema calls f with the schemas of an operation.
func eachSchema(op *optable.Operation, f func(*optable.Schema)) {
	for i := range op.Parameters {
		f(op.Parameters[i].Schema)
	}
	if op.Body != nil {
		f(op.Body.Schema)
		for i := range op.Body.Others {
			f(op.Body.Others[i].Schema)
		}
	}
	for i := range op.Responses {
		r := &op.Responses[i]
		if r.Schema != nil {
			f(r.Schema)
		}
		for i := range r.Others {
			f(r.Others[i].Schema)
		}
	}
}

// eachNested calls f with the schemas that stand in a schema.
func eachNested(s *optable.Schema, f func(*optable.Schema)) {
	for i := range s.Properties {
		f(s.Properties[i].Schema)
	}
	for _, inner := range []*optable.Schema{s.Items, s.Additional, s.PropertyNames} {
		if inner != nil {
			f(inner)
		}
	}
	k := s.Composed()
	for _, list := range [][]optable.Schema{k.OneOf, k.AnyOf, k.AllOf} {
		for i := range list {
			f(&list[i])
		}
	}
}

// breakCycles removes references by which a schema would be itself, such as A = A or B. A schema that contains itself,
// as a tree does, is no such cycle.
func (c *converter) breakCycles() {
	for i := range c.table.Schemas {
		c.extend(&c.table.Schemas[i])
	}
	u := unwinder{c: c, visits: map[string]visit{}, sizes: map[string]int{}}
	for i := range c.table.Schemas {
		u.component(&c.table.Schemas[i])
	}
}

// extend lets a variant extend the base that lists it among its alternatives: the variant has all that the base says
// but for them.
func (c *converter) extend(s *optable.Schema) {
	parts := s.Composed().AllOf
	for i := range parts {
		base := c.table.Schema(parts[i].Ref)
		k := base.Composed()
		isVariant := func(v optable.Schema) bool { return v.Ref == s.Name }
		if slices.ContainsFunc(k.OneOf, isVariant) || slices.ContainsFunc(k.AnyOf, isVariant) {
			part := *base
			part.Name, part.Composition = "", &optable.Composition{AllOf: k.AllOf}
			prune(&part)
			parts[i] = part
		}
	}
}

// maxParts limits the schemas that one is made of, as each is merged into it.
const maxParts = 2000

// unwinder visits schemas along what they are made of: references, alternatives and the parts of allOf.
type unwinder struct {
	c      *converter
	visits map[string]visit
	sizes  map[string]int // schemas that each component is made of
}

type visit uint8

const (
	unseen visit = iota
	entered
	left
)

func (u *unwinder) component(s *optable.Schema) {
	if u.visits[s.Name] == unseen {
		u.visits[s.Name] = entered
		u.sizes[s.Name] = u.made(s, s.Name)
		u.visits[s.Name] = left
	}
}

// follow visits the component that a reference names. It returns its size, 0 where it is being visited.
func (u *unwinder) follow(ref string) (size int, cyclic bool) {
	if component := u.c.table.Schema(ref); component != nil {
		u.component(component)
		return u.sizes[ref], u.visits[ref] == entered
	}
	return 0, false
}

// made visits what a schema is made of, not what its values contain, and returns how many schemas that are.
func (u *unwinder) made(s *optable.Schema, name string) int {
	size, cyclic := u.follow(s.Ref)
	if cyclic {
		u.report(name)
		s.Ref = ""
	}
	if s.Composition == nil {
		return size + 1
	}
	defer prune(s)
	for _, list := range []*[]optable.Schema{&s.Composition.AllOf, &s.Composition.OneOf, &s.Composition.AnyOf} {
		for i := range *list {
			part := &(*list)[i]
			if part.Ref != "" {
				if _, cyclic := u.follow(part.Ref); cyclic {
					u.report(name)
					*list = nil
					break
				}
			}
			size += u.made(part, name)
		}
		if size > maxParts {
			u.c.problemf(nil, "simplify it", "the schema %q is made of too many others; some are ignored", shortened(name))
			*list, size = nil, 0
		}
	}
	return size + 1
}

func (u *unwinder) report(name string) {
	u.c.problemf(nil, "remove the reference that leads back",
		"the schema %q is made of itself; what it is beside that counts", shortened(name))
}
