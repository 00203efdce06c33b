package schema

import (
	"slices"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// Limits of a document in which everything is written where it is used. A type that others share is written as often
// as paths lead to it, which can be millions of times.
const (
	maxWritten = 2000 // schemas; from there on what is shared is written once
	minShared  = 8    // schemas that are worth a definition
)

// eachPart calls f with the schemas that stand in a schema.
func eachPart(s *value.Schema, f func(*value.Schema)) {
	for i := range s.Properties {
		f(s.Properties[i].Schema)
	}
	for _, inner := range [...]*value.Schema{s.Items, s.Additional, s.PropertyNames} {
		if inner != nil {
			f(inner)
		}
	}
	for _, a := range s.AnyOf {
		f(a)
	}
	if s.Union != nil {
		for i := range s.Union.Variants {
			f(s.Union.Variants[i].Schema)
		}
	}
}

// isLarge reports whether a document would have more schemas than the limit.
func isLarge(root *value.Schema) bool {
	left := maxWritten
	var count func(*value.Schema)
	count = func(s *value.Schema) {
		if left--; left > 0 && s.Within == nil {
			eachPart(s, count)
		}
	}
	count(root)
	return left <= 0
}

// shared returns the schemas that several parts of a document share and that are worth a definition, in the order in
// which they are first met.
func shared(root *value.Schema) definitions {
	sizes, met := map[*value.Schema]int{}, map[*value.Schema]int{}
	var order []*value.Schema
	var measure func(*value.Schema) int
	measure = func(s *value.Schema) int {
		if met[s]++; met[s] > 1 {
			return sizes[s]
		}
		order = append(order, s)
		size := 1
		if s.Within == nil {
			eachPart(s, func(part *value.Schema) { size = min(size+measure(part), maxWritten) })
		}
		sizes[s] = size
		return size
	}
	measure(root)
	return slices.DeleteFunc(order, func(s *value.Schema) bool { return met[s] < 2 || sizes[s] < minShared || s == root })
}

// brief is what stands for a schema that a document has already, where it cannot refer to it.
func brief(s *value.Schema) *value.Schema {
	types := s.AllTypes()
	if types == value.AnyType {
		types = optable.Object
	}
	return &value.Schema{Name: s.Name, Types: types, Description: s.Description}
}
