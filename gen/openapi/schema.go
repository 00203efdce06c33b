package openapi

import (
	"reflect"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// formatPassword marks values to be hidden (OpenAPI 3.0.3 section 4.4): secrets.
const formatPassword = "password"

// formats by which OpenAPI 3.0 says what contentEncoding and contentMediaType of 3.1 do.
const (
	formatByte   = "byte"
	formatBinary = "binary"
)

// schema converts a schema. Those that it refers to stay references.
func (c *converter) schema(n *node) *optable.Schema {
	if c.schemas++; c.schemas > maxSchemas {
		panic(tooLarge{"it has too many schemas once aliases and references are followed"})
	}
	if c.depth++; c.depth > maxDepth {
		panic(tooLarge{"its schemas are nested too deeply"})
	}
	defer func() { c.depth-- }()
	merged := c.merged
	c.merged = false
	s := &optable.Schema{
		Constraints: &optable.Constraints{}, Composition: &optable.Composition{}, Extensions: &optable.Extensions{},
	}
	defer prune(s)
	switch {
	case n.kind == boolean:
		if n.text[0] == 'f' || n.text[0] == 'F' {
			c.problemf(n, "remove it, or close the object with additionalProperties: false",
				"the table cannot represent a schema that accepts nothing; any value is accepted")
		}
		return s
	case n.kind == null:
		return s
	case n.kind != object:
		c.problemf(n, "write a schema here", "expected a schema, found %s; any value is accepted", n.describe())
		return s
	}
	siblings := c.minor != "0" || get(n, "$ref") == nil
	for _, m := range n.members {
		if siblings || beside[m.key] || strings.HasPrefix(m.key, "x-") {
			c.keyword(s, n, m.key, m.value)
		}
	}
	if !merged && isObject(s, n) {
		s.Types |= optable.Object
	}
	if s.Types == optable.Null && get(n, "nullable") != nil && s.Ref == "" && len(s.Composition.AllOf) == 0 {
		s.Types = 0 // nullable adds to a type, and without one everything is accepted (OpenAPI 3.0.3 section 4.7.24)
	}
	c.coerce(s, n)
	c.exclusiveLimits(s, n)
	c.patterned(s, n)
	c.tuple(s, n)
	c.required(s, n)
	return s
}

// isObject reports whether a schema without a type is one of an object, as generators read it, because it has
// properties.
func isObject(s *optable.Schema, n *node) bool {
	return s.Types&^optable.Null == 0 && len(s.Properties) > 0 && s.Ref == "" && len(s.Composition.AllOf) == 0 &&
		get(n, "enum") == nil && get(n, "const") == nil
}

// prune removes the parts of a schema that say nothing.
func prune(s *optable.Schema) {
	if s.Constraints != nil && reflect.ValueOf(*s.Constraints).IsZero() {
		s.Constraints = nil
	}
	if s.Composition != nil && reflect.ValueOf(*s.Composition).IsZero() {
		s.Composition = nil
	}
	if s.Extensions != nil && reflect.ValueOf(*s.Extensions).IsZero() {
		s.Extensions = nil
	}
}

// beside are the keywords that count beside a $ref in OpenAPI 3.0, where all others are ignored.
var beside = map[string]bool{
	"$ref": true, "description": true, "deprecated": true, "nullable": true, "readOnly": true, "writeOnly": true,
	"example": true, "default": true,
}

// ignored keywords do not affect which values are valid.
var ignored = map[string]bool{
	"title": true, "externalDocs": true, "xml": true, "$comment": true, "required": true, "$schema": true, "$id": true,
	"$anchor": true, "$dynamicAnchor": true, "$defs": true, "definitions": true, "$vocabulary": true,
	"contentSchema": true, "prefixItems": true, "patternProperties": true,
}

// loose are keywords of JSON Schema that limit values and that a table cannot represent: the value passes.
var loose = map[string]bool{
	"not": true, "if": true, "then": true, "else": true, "dependentRequired": true, "dependentSchemas": true,
	"dependencies": true, "contains": true, "minContains": true, "maxContains": true, "unevaluatedItems": true,
	"additionalItems": true,
}

var types = map[string]optable.Types{
	"string": optable.String, "integer": optable.Integer, "number": optable.Number, "boolean": optable.Boolean,
	"object": optable.Object, "array": optable.Array, "null": optable.Null,
}

// similar are names that are no types, with those that are meant.
var similar = map[string]string{
	"int": "integer", "int32": "integer", "int64": "integer", "long": "integer", "float": "number", "double": "number",
	"decimal": "number", "bool": "boolean", "str": "string", "text": "string", "file": "string", "date": "string",
	"datetime": "string", "date-time": "string", "uuid": "string", "dict": "object", "map": "object", "list": "array",
}

func (c *converter) types(s *optable.Schema, n *node) {
	names := []member{{value: n}}
	if n.kind == array {
		names = n.members
	}
	for _, m := range names {
		name := m.value.text
		if m.value.kind == null {
			name = "null"
		}
		t, known := types[name]
		if !known {
			meant := similar[strings.ToLower(name)]
			cure := "write string, integer, number, boolean, object, array or null"
			if t = types[meant]; t != 0 {
				cure = "write " + meant
			}
			if s.Format == "" && name == "file" {
				s.Format = formatBinary
			}
			c.problemf(m.value, cure, "unknown type %s", m.value.describe())
			if t == 0 { // any
				s.Types = 0
				return
			}
		}
		s.Types |= t
	}
}

// exclusiveLimits turns the booleans of OpenAPI 3.0 beside a limit into limits of their own.
func (c *converter) exclusiveLimits(s *optable.Schema, n *node) {
	for _, l := range []struct {
		keyword          string
		exclusive, limit *string
	}{
		{"exclusiveMinimum", &s.Constraints.ExclusiveMinimum, &s.Constraints.Minimum},
		{"exclusiveMaximum", &s.Constraints.ExclusiveMaximum, &s.Constraints.Maximum},
	} {
		v := get(n, l.keyword)
		switch {
		case v == nil:
		case v.kind != boolean:
			*l.exclusive = c.number(v)
		case c.truth(v):
			*l.exclusive, *l.limit = *l.limit, ""
		}
	}
}

// patterned represents patternProperties: as the schema of all properties where it is the only one and no others are
// permitted, and else as nothing.
func (c *converter) patterned(s *optable.Schema, n *node) {
	patterns := get(n, "patternProperties")
	if patterns == nil || len(patterns.members) == 0 {
		return
	}
	if s.Closed && len(patterns.members) == 1 && s.PropertyNames == nil {
		m := patterns.members[0]
		if s.Closed, s.Additional = false, c.schema(m.value); len(s.Properties) == 0 {
			s.PropertyNames = &optable.Schema{Constraints: &optable.Constraints{}}
			c.pattern(s.PropertyNames, &node{kind: text, line: m.value.line, text: m.key})
		}
		return
	}
	s.Closed, s.Additional = false, nil
	c.problemf(patterns, "use additionalProperties if all have one schema",
		"the table cannot represent patternProperties here; any other property is accepted")
}

// tuple represents prefixItems: the items may be anything, and no more than the named ones where the rest is false.
func (c *converter) tuple(s *optable.Schema, n *node) {
	prefix := get(n, "prefixItems")
	if prefix == nil || len(prefix.members) == 0 {
		return
	}
	if rest := get(n, "items"); rest != nil && rest.kind == boolean && !truths[rest.text] && s.Constraints.MaxItems == 0 {
		s.Constraints.MaxItems = len(prefix.members)
	}
	s.Items = nil
	c.problemf(prefix, "use items if all have one schema",
		"the table cannot represent prefixItems; items of any kind are accepted")
}

// required marks properties. Names that are none stay in a list of their own, as those of an allOf do.
func (c *converter) required(s *optable.Schema, n *node) {
	list := get(n, "required")
	if list == nil || list.kind == null {
		return
	}
	if list.kind != array {
		c.problemf(list, "list it under required of the object that has the property",
			"required is %s; in a schema it is a list of names", list.describe())
		return
	}
	names := c.texts(list)
	for i := range s.Properties {
		p := &s.Properties[i]
		before := len(names)
		names = slices.DeleteFunc(names, func(name string) bool { return name == p.Name })
		p.Required = len(names) < before
	}
	for _, name := range names {
		if !slices.Contains(s.Required, name) {
			s.Required = append(s.Required, name)
		}
	}
	parts := len(s.Composition.AllOf) + len(s.Composition.AnyOf) + len(s.Composition.OneOf)
	if len(s.Required) > 0 && s.Ref == "" && parts == 0 && c.parts == 0 {
		c.problemf(list, "describe it under properties, or remove it",
			"the required property %q is not described; any value of it is accepted", shortened(s.Required[0]))
	}
}
