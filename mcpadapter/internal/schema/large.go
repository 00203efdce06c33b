package schema

import (
	"reflect"
	"slices"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// Limits of a document in which everything is written where it is used. A type that others share is written as often
// as paths lead to it, which can be millions of times.
const (
	maxInline  = 300  // schemas; from there on what is shared is a reference in JSON Schema
	maxWritten = 2000 // schemas; from there on what is shared is written once in dialects without references
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

// isLarge reports whether a document would have more schemas than its dialect should.
func isLarge(root *value.Schema, dialect Dialect) bool {
	left := maxWritten
	if dialect == Standard {
		left = maxInline
	}
	var count func(*value.Schema)
	count = func(s *value.Schema) {
		if left--; left > 0 && s.Within == nil {
			eachPart(s, count)
		}
	}
	count(root)
	return left <= 0
}

// origins are the first schemas of objects by their first property: the uses of a type are copies that share its
// properties.
type origins map[*value.Property]*value.Schema

// of returns the first schema of an object that differs from this one in its description alone, or this one.
func (o origins) of(s *value.Schema) *value.Schema {
	if len(s.Properties) == 0 {
		return s
	}
	first := o[&s.Properties[0]]
	if first == nil || first == s {
		return s
	}
	alike := *s
	alike.Description = first.Description
	if !reflect.DeepEqual(alike, *first) { // which compares what they share by its address
		return s
	}
	return first
}

// shared returns the schemas that several parts of a document share and that are worth a definition, in the order in
// which they are first met.
func shared(root *value.Schema) (definitions, origins) {
	first := origins{}
	sizes, met := map[*value.Schema]int{}, map[*value.Schema]int{}
	var order []*value.Schema
	var measure func(*value.Schema) int
	measure = func(s *value.Schema) int {
		if len(s.Properties) > 0 && first[&s.Properties[0]] == nil {
			first[&s.Properties[0]] = s
		}
		s = first.of(s)
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
	parts := slices.DeleteFunc(order, func(s *value.Schema) bool {
		return met[s] < 2 || sizes[s] < minShared || s == root
	})
	return parts, first
}

// brief is what stands for a schema that a document has already, where it cannot refer to it.
func brief(s *value.Schema) *value.Schema {
	types := s.AllTypes()
	if types == value.AnyType {
		types = optable.Object
	}
	return &value.Schema{Name: s.Name, Types: types, Description: s.Description}
}
