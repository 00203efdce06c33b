package mcpadapter

import (
	"net/http"
	"slices"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// maxNested bounds how many references lead from one schema to the next.
const maxNested = 30

// forms lists what the table says of a value: the schema, what it refers to, its parts and its alternatives.
func (e *engine) forms(facts ...*optable.Schema) []*optable.Schema {
	var list []*optable.Schema
	for _, s := range facts {
		list = e.appendForms(list, s, maxNested)
	}
	return list
}

func (e *engine) appendForms(list []*optable.Schema, s *optable.Schema, depth int) []*optable.Schema {
	if s == nil || depth == 0 {
		return list
	}
	list = append(list, s)
	if s.Ref != "" {
		list = e.appendForms(list, e.table.Schema(s.Ref), depth-1)
	}
	for _, parts := range [][]optable.Schema{s.AllOf, s.OneOf, s.AnyOf} {
		for i := range parts {
			list = e.appendForms(list, &parts[i], depth-1)
		}
	}
	return list
}

// inside lists the forms of a property of objects of some forms.
func (e *engine) inside(forms []*optable.Schema, property string) []*optable.Schema {
	var list []*optable.Schema
	for _, s := range forms {
		if p := s.Property(property); p != nil {
			list = e.appendForms(list, &p.Schema, maxNested)
		}
	}
	return list
}

// itemsOf lists the forms of the elements of arrays of some forms.
func (e *engine) itemsOf(forms []*optable.Schema) []*optable.Schema {
	var list []*optable.Schema
	for _, s := range forms {
		list = e.appendForms(list, s.Items, maxNested)
	}
	return list
}

// othersOf lists the forms of the properties that objects of some forms do not name.
func (e *engine) othersOf(forms []*optable.Schema) []*optable.Schema {
	var list []*optable.Schema
	for _, s := range forms {
		list = e.appendForms(list, s.Additional, maxNested)
	}
	return list
}

// propertyNames lists the properties of objects of some forms, each once.
func propertyNames(forms []*optable.Schema) []string {
	var names []string
	for _, s := range forms {
		for i := range s.Properties {
			if name := s.Properties[i].Name; !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

func typesOf(forms []*optable.Schema) optable.Types {
	var types optable.Types
	for _, s := range forms {
		types |= s.Types
	}
	return types
}

// answered lists the forms of what an operation answers when it succeeds, as the one object that the result is. It is
// empty if the table does not tell.
func (e *engine) answered(op *optable.Operation) []*optable.Schema {
	var list []*optable.Schema
	for i := range op.Responses {
		a := &op.Responses[i]
		if a.Status/100 != http.StatusOK/100 || a.Schema == nil {
			continue
		}
		for _, s := range e.forms(a.Schema) {
			if s.Types.Has(optable.Array) && !s.Types.Has(optable.Object) {
				s = &optable.Schema{
					Types: optable.Object, Properties: []optable.Property{{Name: bareArray, Required: true, Schema: *s}},
				}
			}
			list = append(list, s)
		}
	}
	return list
}

// bareArray is where the elements of an answer stand that is no object but an array.
const bareArray = "data"
