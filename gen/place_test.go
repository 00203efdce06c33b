package gen_test

import (
	"maps"
	"slices"
	"strconv"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// place is one value within the arguments of a call.
type place struct {
	argument string // path, as a refusal names it
	schema   *jsonschema.Schema
	value    any
	required bool // whether its owner must have it
	parent   any  // a map[string]any or a []any
	key      string
	index    int
	in       optable.Location // "": the body
}

// set changes the value within the arguments.
func (p place) set(v any) {
	switch parent := p.parent.(type) {
	case map[string]any:
		parent[p.key] = v
	case []any:
		parent[p.index] = v
	}
}

// remove takes the value out of the object that has it.
func (p place) remove() {
	if parent, ok := p.parent.(map[string]any); ok {
		delete(parent, p.key)
	}
}

// places lists the values within arguments of a published schema, at any depth.
func places(s *jsonschema.Schema, v any, at string) []place {
	var list []place
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			p := place{argument: key, schema: s.Properties[key], value: inner, parent: v, key: key}
			if at != "" {
				p.argument = at + "." + key
			}
			if p.schema == nil {
				p.schema = s.AdditionalProperties
			}
			p.required = slices.Contains(s.Required, key)
			list = append(list, p)
		}
	case []any:
		for i, inner := range v {
			list = append(list, place{
				argument: at + "[" + strconv.Itoa(i) + "]", schema: s.Items, value: inner, parent: v, index: i,
			})
		}
	}
	for _, p := range slices.Clone(list) {
		if p.schema != nil {
			list = append(list, places(p.schema, p.value, p.argument)...)
		}
	}
	return slices.DeleteFunc(list, func(p place) bool { return p.schema == nil })
}

// eachPlace makes full arguments in every shape and visits each place in them. What a visit sets or removes is put back
// before the next.
func (f *fixture) eachPlace(visit func(s shape, arguments map[string]any, p place)) {
	f.Helper()
	for _, s := range shapes(f.op) {
		arguments := f.full(s)
		for _, p := range places(f.schema, arguments, "") {
			if parameter := parameter(f.op, p.argument); parameter != nil {
				p.in = parameter.In
			}
			visit(s, arguments, p)
			p.set(p.value)
		}
	}
}

// setWith changes an object to one with one more property.
func (p place) setWith(key string, v any) {
	object, _ := p.value.(map[string]any)
	object = maps.Clone(object)
	object[key] = v
	p.set(object)
}

// allows tells whether a place takes values of a JSON type.
func (p place) allows(typ string) bool {
	schemas := []*jsonschema.Schema{p.schema}
	if len(p.schema.AnyOf) > 0 {
		schemas = p.schema.AnyOf
	}
	return slices.ContainsFunc(schemas, func(s *jsonschema.Schema) bool {
		types := typesOf(s)
		return types == nil || slices.Contains(types, typ) || typ == "integer" && slices.Contains(types, "number")
	})
}
