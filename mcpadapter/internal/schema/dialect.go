package schema

import (
	"slices"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// Dialect is a subset of the keywords of JSON Schema.
type Dialect int

// The dialects of the models that tools are published to.
const (
	Standard Dialect = iota // JSON Schema 2020-12
	OpenAI                  // the keywords of OpenAI's strict function calling
	Gemini                  // the subset of OpenAPI 3.0 that Gemini accepts
)

// adapt returns a schema with the keywords that the dialect has, and sentences that describe the others. It does not
// adapt nested schemas.
func (d Dialect) adapt(s *value.Schema) (*value.Schema, sentences) {
	switch d {
	case OpenAI:
		return openAI(s)
	case Gemini:
		return gemini(s)
	case Standard:
	}
	return s, nil
}

// dateTime is the format that every dialect supports.
const dateTime = "date-time"

// openAI follows the supported properties in https://platform.openai.com/docs/guides/structured-outputs.
func openAI(s *value.Schema) (*value.Schema, sentences) {
	var rest sentences
	c := *s
	rest.length(&c)
	rest.unique(&c)
	rest.names(&c)
	rest.entries(&c)
	known := [...]string{dateTime, "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"}
	if !slices.Contains(known[:], c.Format) {
		rest.format(&c)
	}
	rest.annotations(&c)
	return &c, rest
}

// geminiItems limits maxItems: Gemini rejects tools whose maxItems add up to about 960
// (https://github.com/googleapis/python-genai/issues/2170).
const geminiItems = 200

// gemini follows Schema in https://ai.google.dev/api/caching. A schema has one type, and no other keyword beside
// anyOf.
func gemini(s *value.Schema) (*value.Schema, sentences) {
	switch forms := oneTypeEach(s); len(forms) {
	case 0:
	case 1:
		return gemini(described(forms[0], s))
	default:
		return &value.Schema{AnyOf: append([]*value.Schema{described(forms[0], s)}, forms[1:]...)}, nil
	}
	var rest sentences
	c := *s
	if c.Types == optable.Null {
		rest.addf("Always null.")
		c.Types |= optable.String
	}
	if c.Union != nil {
		c.Properties, c.Union, c.Closed = Flatten(c.Union), nil, true
	}
	if c.Types.Has(optable.Object) {
		rest.others(&c)
	}
	rest.members(&c)
	rest.bounds(&c)
	rest.unique(&c)
	rest.many(&c, geminiItems)
	known := [...]string{dateTime, "int32", "int64", "float", "double"}
	if !slices.Contains(known[:], c.Format) {
		rest.format(&c)
	}
	rest.annotations(&c)
	return &c, rest
}

// described returns a form with the annotations of its schema.
func described(form, s *value.Schema) *value.Schema {
	c := *form
	if s.Description != "" {
		c.Description, c.IDPrefixes = s.Description, s.IDPrefixes
	}
	if s.Nullable() {
		c.Types |= optable.Null
	}
	c.Deprecated = c.Deprecated || s.Deprecated
	if s.Default != "" {
		c.Default = s.Default
	}
	return &c
}

// oneTypeEach splits a schema that accepts several types into its alternatives, or into one schema for each type. It
// returns nil if there is only one type, not counting null.
func oneTypeEach(s *value.Schema) []*value.Schema {
	var forms []*value.Schema
	types := s.Types &^ optable.Null
	if types.Has(optable.Number) {
		types &^= optable.Integer
	}
	switch {
	case len(s.AnyOf) > 0:
		for _, a := range s.AnyOf {
			if a.Types != optable.Null {
				forms = append(forms, a)
			}
		}
	case s.Types == 0:
		return []*value.Schema{
			{Types: optable.String, Description: "Any JSON value."}, {Types: optable.Number}, {Types: optable.Boolean},
		}
	case types&(types-1) != 0:
		for t := optable.String; t < optable.Null; t <<= 1 {
			if types.Has(t) {
				forms = append(forms, only(s, t))
			}
		}
	}
	if !slices.ContainsFunc(forms, func(f *value.Schema) bool { return f.Types.Has(optable.String) }) {
		return forms
	}
	for i, f := range forms { // an object as text would be taken for the string
		if isMapping(f) {
			forms[i] = &value.Schema{Types: f.Types, Description: f.Description, Closed: true}
		}
	}
	return forms
}

// only returns the restrictions of a schema for values of one type, without annotations.
func only(s *value.Schema, t optable.Types) *value.Schema {
	c := &value.Schema{Types: t, Const: s.Const}
	for _, m := range s.Enum {
		if v, err := value.Parse([]byte(m)); err == nil && value.Accepts(t, value.TypeOf(v)) {
			c.Enum = append(c.Enum, m)
		}
	}
	switch t {
	case optable.String:
		c.Format, c.Pattern, c.MinLength, c.MaxLength = s.Format, s.Pattern, s.MinLength, s.MaxLength
	case optable.Number, optable.Integer:
		c.Minimum, c.Maximum, c.MultipleOf = s.Minimum, s.Maximum, s.MultipleOf
		c.ExclusiveMinimum, c.ExclusiveMaximum = s.ExclusiveMinimum, s.ExclusiveMaximum
	case optable.Array:
		c.Items, c.MinItems, c.MaxItems, c.UniqueItems = s.Items, s.MinItems, s.MaxItems, s.UniqueItems
	case optable.Object:
		c.Properties, c.Closed, c.Additional, c.Union = s.Properties, s.Closed, s.Additional, s.Union
		c.PropertyNames, c.MinProperties, c.MaxProperties = s.PropertyNames, s.MinProperties, s.MaxProperties
	case optable.Boolean, optable.Null:
	}
	return c
}

// isMapping reports whether the schema describes an open object without listed properties.
func isMapping(s *value.Schema) bool {
	return s.Types&^optable.Null == optable.Object && !s.Closed && len(s.Properties) == 0 && !s.HasAlternatives()
}
