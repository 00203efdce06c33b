package value

import (
	"reflect"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// beside returns an alternative of a schema with what the schema says beside its alternatives, as an alternative often
// is a part of an object, such as a list of required names. It is made for samples: a keyword that both have is that of
// the alternative, and whoever uses a sample checks it with the schema.
func beside(s, alternative *Schema) *Schema {
	both := *s
	both.AnyOf, both.Union, both.AllOf, both.Within = nil, nil, nil, nil
	b, a := reflect.ValueOf(&both).Elem(), reflect.ValueOf(alternative).Elem()
	for i := range a.NumField() {
		if f := a.Field(i); !f.IsZero() {
			b.Field(i).Set(f)
		}
	}
	both.Types = commonTypes(s.Types, alternative.Types)
	both.Properties = besideEach(s, alternative)
	return &both
}

// besideEach returns the properties of both. One that the alternative requires without a description is that of the
// schema.
func besideEach(s, alternative *Schema) []Property {
	list := make([]Property, 0, len(s.Properties)+len(alternative.Properties))
	for _, p := range s.Properties {
		switch own := alternative.Property(p.Name); {
		case own == nil && alternative.Closed:
			continue
		case own != nil && reflect.ValueOf(*own.Schema).IsZero():
			p.Required = p.Required || own.Required
		case own != nil:
			p.Required, p.Schema = p.Required || own.Required, own.Schema
		}
		list = append(list, p)
	}
	for _, p := range alternative.Properties {
		if s.Property(p.Name) == nil {
			list = append(list, p)
		}
	}
	return list
}

// commonTypes returns the types that two sets have in common; the empty set has all.
func commonTypes(a, b optable.Types) optable.Types {
	switch {
	case a == 0:
		return b
	case b == 0:
		return a
	}
	both := a & b
	if (a | b).Has(optable.Number) && a.Has(optable.Integer|optable.Number) && b.Has(optable.Integer|optable.Number) {
		both |= (a | b) & optable.Integer
	}
	return both
}
