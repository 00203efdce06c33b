package value

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// mostForms is how many alternatives are compared with each other.
const mostForms = 100

// tag is a property that tells the alternatives of a choice apart, by values of which no two have one in common.
type tag struct {
	name     string
	required bool // by every alternative
	values   []string
}

// tagOf returns the property that tells alternatives apart, or nil.
func tagOf(alternatives []*Schema) *tag {
	if len(alternatives) == 0 || len(alternatives) > mostForms {
		return nil
	}
	for _, p := range itself(alternatives[0]).Properties {
		t := tag{name: p.Name, required: true}
		if t.joins(alternatives) {
			return &t
		}
	}
	return nil
}

// joins adds the values of the property in each alternative. It reports whether each has some that no other has.
func (t *tag) joins(alternatives []*Schema) bool {
	for _, a := range alternatives {
		a = itself(a)
		p := a.Property(t.name)
		if p == nil || a.Union != nil || len(a.AllOf) > 0 { // which are checked in place of the properties
			return false
		}
		members := membersOf(p.Schema)
		if len(members) == 0 || !disjoint(members, t.values) {
			return false
		}
		t.required = t.required && p.Required
		t.values = append(t.values, members...)
	}
	return true
}

// membersOf lists all values that a schema accepts, null included; none if there are others.
func membersOf(s *Schema) []string { return EnumWithNull(&Schema{Types: s.Types, Enum: s.Members()}) }

// tagged checks an object against the alternative that a property chooses. It reports false where none does.
func (c *checker) tagged(s *Schema, alternatives []*Schema, object map[string]any, at Path) bool {
	forms := flattened(alternatives)
	t := tagOf(forms)
	if t == nil {
		return false
	}
	given, has := object[t.name]
	if !has && !t.required {
		return false
	}
	var meant []Problem
	if chosen := t.chosen(forms, given); has && chosen != nil {
		meant = c.try(chosen, object, at)
	} else {
		inner, place := checker{}, at.with(Step{Name: t.name})
		if has {
			inner.members(&Schema{Enum: t.values}, given, place)
		} else {
			inner.failf(s, place, Missing, "is required: %s", oneOf(t.values))
		}
		meant = inner.problems
	}
	if len(meant) > 0 {
		c.add(Problem{
			Path: at, Kind: NoAlternative, Schema: s, Causes: c.try(alternatives[0], object, at), Meant: meant,
			Message: fmt.Sprintf("%s: %s", meant[0].Path, meant[0].Message),
		})
	}
	return true
}

// chosen returns the alternative whose property has the value, or nil.
func (t *tag) chosen(alternatives []*Schema, v any) *Schema {
	for _, a := range alternatives {
		if slices.ContainsFunc(membersOf(itself(a).Property(t.name).Schema), func(m string) bool { return same(m, v) }) {
			return a
		}
	}
	return nil
}

// itself returns the schema that one repeats, or that one.
func itself(s *Schema) *Schema {
	if s.Within != nil {
		return s.Within
	}
	return s
}

// flattened returns alternatives with those of an alternative that is nothing but a choice in its place.
func flattened(alternatives []*Schema) []*Schema {
	list := make([]*Schema, 0, len(alternatives))
	for _, a := range alternatives {
		choice := Schema{
			Name: a.Name, Types: a.Types & optable.Object, Description: a.Description, Deprecated: a.Deprecated,
			Default: a.Default, Example: a.Example, AnyOf: a.AnyOf,
		}
		if len(a.AnyOf) > 0 && reflect.DeepEqual(*a, choice) {
			list = append(list, a.AnyOf...)
			continue
		}
		list = append(list, a)
	}
	return list
}

// formsOf describes alternatives in words: objects by what only they have.
func formsOf(alternatives []*Schema) []string {
	words := make([]string, len(alternatives))
	var objects []*Schema
	for _, a := range alternatives {
		if isObject(a) {
			objects = append(objects, a)
		}
	}
	for i, a := range alternatives {
		switch {
		case isObject(a) && len(objects) > 1 && len(objects) <= mostForms:
			words[i] = "an object" + distinction(itself(a), objects)
		case len(a.AnyOf) > 0: // no deeper
			words[i] = typesOf(a)
		default:
			words[i] = Expected(a)
		}
	}
	return words
}

// formOf describes one of the alternatives: by what only it has, its name or its place.
func formOf(alternatives []*Schema, one *Schema) string {
	i := slices.Index(alternatives, one)
	if words := formsOf(alternatives)[i]; isObject(one) && words != "an object" {
		return words
	}
	return cmp.Or(one.Name, "form "+strconv.Itoa(i+1))
}

// isObject reports whether a schema is of objects alone, as it says or as its properties suggest.
func isObject(s *Schema) bool {
	s = itself(s)
	return s.Types&^optable.Null == optable.Object || s.Types == 0 && len(s.Properties) > 0
}

// distinction says what tells an object from the others: the value of a property, what only it requires or has, or its
// name.
func distinction(s *Schema, others []*Schema) string {
	const most = 3 // names
	var required, own []string
	for _, p := range s.Properties {
		lacked, differs := true, true
		members := membersOf(p.Schema)
		for _, other := range others {
			if other = itself(other); other == s {
				continue
			}
			q := other.Property(p.Name)
			lacked = lacked && q == nil
			differs = differs && q != nil && len(membersOf(q.Schema)) > 0 && disjoint(members, membersOf(q.Schema))
		}
		switch {
		case differs && len(members) > 0 && len(members) <= most:
			return " with " + p.Name + " " + strings.Join(members, " or ")
		case lacked && p.Required:
			required = append(required, p.Name)
		case lacked:
			own = append(own, p.Name)
		}
	}
	if len(required) > 0 {
		return " with " + strings.Join(required[:min(len(required), most)], " and ")
	}
	if s.Name != "" {
		return " (" + s.Name + ")"
	}
	if len(own) > 0 {
		return " with " + strings.Join(own[:min(len(own), most)], " or ")
	}
	return ""
}

func disjoint(a, b []string) bool {
	return !slices.ContainsFunc(a, func(member string) bool { return slices.Contains(b, member) })
}

// alternativesOf describes all alternatives of a schema in words.
func alternativesOf(s *Schema) string {
	const most = 12
	var words []string
	for _, form := range formsOf(flattened(s.AnyOf)) {
		if !slices.Contains(words, form) {
			words = append(words, form)
		}
	}
	more := ""
	if len(words) > most {
		words, more = words[:most], " or "+strconv.Itoa(len(words)-most)+" more"
	}
	between := " or "
	if slices.ContainsFunc(words, func(word string) bool { return strings.Contains(word, " with ") }) {
		between = ", or "
	}
	return strings.Join(words, between) + more
}
