package main

import (
	"slices"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Prune removes the components that no operation refers to, such as event payloads: a table describes calls.
func Prune(table *optable.Table) {
	r := reach{table, map[string]bool{}}
	for i := range table.Operations {
		op := &table.Operations[i]
		for j := range op.Parameters {
			r.schema(&op.Parameters[j].Schema)
		}
		if op.Body != nil {
			r.schema(&op.Body.Schema)
		}
		for j := range op.Responses {
			r.schema(op.Responses[j].Schema)
		}
	}
	table.Schemas = slices.DeleteFunc(table.Schemas, func(s optable.Schema) bool { return !r.found[s.Name] })
}

// reach finds the components that schemas refer to.
type reach struct {
	table *optable.Table
	found map[string]bool
}

func (r reach) schema(s *optable.Schema) {
	if s == nil {
		return
	}
	r.component(s.Ref)
	for i := range s.Properties {
		r.schema(&s.Properties[i].Schema)
	}
	for _, inner := range []*optable.Schema{s.Items, s.Additional, s.PropertyNames} {
		r.schema(inner)
	}
	for _, variants := range [][]optable.Schema{s.OneOf, s.AnyOf, s.AllOf} {
		for i := range variants {
			r.schema(&variants[i])
		}
	}
	if s.Discriminator != nil {
		for _, m := range s.Discriminator.Mapping {
			r.component(m.Ref)
		}
	}
}

func (r reach) component(name string) {
	if name == "" || r.found[name] {
		return
	}
	r.found[name] = true
	for i := range r.table.Schemas {
		if r.table.Schemas[i].Name == name {
			r.schema(&r.table.Schemas[i])
		}
	}
}
