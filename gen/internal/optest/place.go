package optest

import (
	"maps"
	"slices"
	"strconv"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Place is one value within the arguments of a call.
type Place struct {
	Argument string // path, as a refusal names it
	Schema   *jsonschema.Schema
	Value    any
	Required bool // whether its owner must have it
	Parent   any  // a map[string]any or a []any
	key      string
	index    int
	In       optable.Location // "": the body
}

// Set changes the value within the arguments.
func (p Place) Set(v any) {
	switch parent := p.Parent.(type) {
	case map[string]any:
		parent[p.key] = v
	case []any:
		parent[p.index] = v
	}
}

// Remove removes the value from the object that has it. An item of an array stays.
func (p Place) Remove() {
	if parent, ok := p.Parent.(map[string]any); ok {
		delete(parent, p.key)
	}
}

// Places lists the values within the arguments of a published schema, at any depth. Each name begins with at.
func Places(s *jsonschema.Schema, v any, at string) []Place {
	var list []Place
	switch v := v.(type) {
	case map[string]any:
		for key, inner := range v {
			p := Place{Argument: key, Schema: s.Properties[key], Value: inner, Parent: v, key: key}
			if at != "" {
				p.Argument = at + "." + key
			}
			if p.Schema == nil {
				p.Schema = s.AdditionalProperties
			}
			p.Required = slices.Contains(s.Required, key)
			list = append(list, p)
		}
	case []any:
		for i, inner := range v {
			list = append(list, Place{
				Argument: at + "[" + strconv.Itoa(i) + "]", Schema: s.Items, Value: inner, Parent: v, index: i,
			})
		}
	}
	for _, p := range slices.Clone(list) {
		if p.Schema != nil {
			list = append(list, Places(p.Schema, p.Value, p.Argument)...)
		}
	}
	return slices.DeleteFunc(list, func(p Place) bool { return p.Schema == nil })
}

// SetWith changes an object to a copy with one more property.
func (p Place) SetWith(key string, v any) {
	object, _ := p.Value.(map[string]any)
	object = maps.Clone(object)
	object[key] = v
	p.Set(object)
}

// Allows reports whether a place accepts values of a JSON type.
func (p Place) Allows(typ string) bool {
	schemas := []*jsonschema.Schema{p.Schema}
	if len(p.Schema.AnyOf) > 0 {
		schemas = p.Schema.AnyOf
	}
	return slices.ContainsFunc(schemas, func(s *jsonschema.Schema) bool {
		types := TypesOf(s)
		return types == nil || slices.Contains(types, typ) || typ == "integer" && slices.Contains(types, "number")
	})
}
