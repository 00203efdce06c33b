// Package forms finds what a table says of the parts of a value, whose schemas may be references, parts of a schema and
// alternatives.
package forms

import (
	"slices"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Forms are the schemas of a value: all those that the table has of it. None means that it says nothing.
type Forms []*optable.Schema

// maxNested limits how deep references between schemas are followed.
const maxNested = 30

// Of returns the forms of a value: its schema, what that refers to, its parts and its alternatives.
func Of(table *optable.Table, s *optable.Schema) Forms { return appendForms(nil, table, s, maxNested) }

func appendForms(list Forms, table *optable.Table, s *optable.Schema, depth int) Forms {
	if s == nil || depth == 0 {
		return list
	}
	list = append(list, s)
	if s.Ref != "" {
		list = appendForms(list, table, table.Schema(s.Ref), depth-1)
	}
	for _, parts := range [][]optable.Schema{s.Composed().AllOf, s.Composed().OneOf, s.Composed().AnyOf} {
		for i := range parts {
			list = appendForms(list, table, &parts[i], depth-1)
		}
	}
	return list
}

// Property returns the forms of a property of an object.
func (f Forms) Property(table *optable.Table, property string) Forms {
	var list Forms
	for _, s := range f {
		if p := s.Property(property); p != nil {
			list = appendForms(list, table, p.Schema, maxNested)
		}
	}
	return list
}

// Items returns the forms of the items of an array.
func (f Forms) Items(table *optable.Table) Forms {
	var list Forms
	for _, s := range f {
		list = appendForms(list, table, s.Items, maxNested)
	}
	return list
}

// Additional returns the forms of the properties that an object does not name.
func (f Forms) Additional(table *optable.Table) Forms {
	var list Forms
	for _, s := range f {
		list = appendForms(list, table, s.Additional, maxNested)
	}
	return list
}

// Names returns the properties of an object, each once.
func (f Forms) Names() []string {
	var names []string
	for _, s := range f {
		for i := range s.Properties {
			if name := s.Properties[i].Name; !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// Types returns the types that any of the forms has.
func (f Forms) Types() optable.Types {
	var types optable.Types
	for _, s := range f {
		types |= s.Types
	}
	return types
}

// Secret reports whether any of the forms is marked as a secret.
func (f Forms) Secret() bool {
	return slices.ContainsFunc(f, func(s *optable.Schema) bool { return s.Secret })
}
