package value

import (
	"fmt"
	"reflect"
	"slices"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// alternatives checks a value against anyOf. Where only one alternative has its type, that one says what is wrong.
func (c *checker) alternatives(s *Schema, v any, at Path) any {
	fitting := AcceptingType(s.AnyOf, TypeOf(v))
	if len(fitting) == 1 {
		return c.value(fitting[0], v, at)
	}
	if object, ok := v.(map[string]any); ok && c.tagged(s, fitting, object, at) {
		return v
	}
	p := Problem{Path: at, Kind: WrongType, Schema: s}
	var closest *Schema
	var distance int
	for i, a := range fitting {
		problems := c.try(a, v, at)
		if len(problems) == 0 {
			return v
		}
		if i == 0 {
			p.Kind, p.Causes = NoAlternative, problems
		}
		if d := distanceOf(problems); closest == nil || d < distance {
			distance, closest, p.nearest = d, a, &problems[0]
		}
	}
	if !c.silent {
		p.Message = mismatch(s, v, closest, p.nearest)
	}
	c.add(p)
	return v
}

// mismatch says that a value matches none of the alternatives, and what is wrong with it for the closest, if any.
func mismatch(s *Schema, v any, closest *Schema, problem *Problem) string {
	text := fmt.Sprintf("%s matches none of the accepted forms: %s", Describe(v), alternativesOf(s))
	if closest == nil {
		return text
	}
	problem = problem.innermost()
	return fmt.Sprintf("%s; the nearest is %s, and there %s: %s", text, formOf(s.AnyOf, closest), problem.Path,
		problem.Message)
}

// innermost returns the problem that the nearest alternatives lead to. A message with all on the way would be as long
// as they are nested.
func (p *Problem) innermost() *Problem {
	for {
		switch {
		case len(p.Meant) > 0:
			p = &p.Meant[0]
		case p.nearest != nil:
			p = p.nearest
		default:
			return p
		}
	}
}

// Specific returns the problems of the alternatives that an object chooses by its properties, in place of the one that
// it matches none, or that one.
func (p *Problem) Specific() []Problem {
	if len(p.Meant) == 0 {
		return []Problem{*p}
	}
	var list []Problem
	for i := range p.Meant {
		list = append(list, p.Meant[i].Specific()...)
	}
	return list
}

// again checks a value against a schema that holds the one that is checked.
func (c *checker) again(s *Schema, v any, at Path) any {
	for _, p := range c.try(s, v, at) {
		c.add(p)
	}
	return v
}

// trials are the problems of objects and arrays with alternatives, and with schemas that repeat. Each pair is tried
// once, because a choice can lead to itself by each of its alternatives: their number would double with each level of
// a value.
type trials map[trial][]Problem

type trial struct {
	schema *Schema
	at     uintptr // of the object or array
	length int
}

// try returns the problems of a value with an alternative.
func (c *checker) try(s *Schema, v any, at Path) []Problem {
	key := trial{schema: s}
	switch v := v.(type) {
	case map[string]any:
		key.at, key.length = reflect.ValueOf(v).Pointer(), len(v)
	case []any:
		key.at, key.length = reflect.ValueOf(v).Pointer(), len(v)
	}
	if problems, done := c.tried[key]; done {
		return problems
	}
	if c.tried == nil {
		c.tried = trials{}
	}
	// A schema that is one of its own alternatives matches nothing by that: whatever matches A = A or B matches B.
	c.tried[key] = []Problem{{
		Path: at, Kind: NoAlternative, Schema: s, Message: "the value matches none of the accepted forms",
	}}
	inner := checker{tried: c.tried, silent: c.silent}
	inner.value(s, v, at)
	c.tried[key] = inner.problems
	if key.length == 0 { // what is empty or no object or array has no place of its own
		delete(c.tried, key)
	}
	return inner.problems
}

// distanceOf returns how far a value with these problems is from an alternative. Another value where the alternative
// has a constant, and a property that it lacks, are signs of another alternative: they count as four and two others.
func distanceOf(problems []Problem) int {
	var distance int
	for _, p := range problems {
		switch {
		case p.Kind == WrongValue && len(p.Schema.Members()) == 1:
			distance += 4
		case p.Kind == Unknown:
			distance += 2
		default:
			distance++
		}
	}
	return distance
}

// AcceptingType lists the alternatives that accept values of the type.
func AcceptingType(alternatives []*Schema, typ optable.Types) []*Schema {
	return slices.DeleteFunc(slices.Clone(alternatives), func(a *Schema) bool { return !Accepts(a.Types, typ) })
}
