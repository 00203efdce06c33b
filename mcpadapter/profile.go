package mcpadapter

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Profile is a dialect of JSON Schema in which the inputs of tools are described. What a dialect has no keyword for is
// said in words in the description beside it. What a call may contain is the same in every profile, and so is this: the
// root is an object with properties and without oneOf, anyOf and allOf, an array has items, and nothing is a $ref.
//
// The zero value is [ProfileStandard]. As text, in flags for instance, the profiles are standard, openai and gemini.
type Profile int

const (
	// ProfileStandard is JSON Schema 2020-12.
	ProfileStandard Profile = iota
	// ProfileOpenAI has the keywords that OpenAI documents for strict function calling, and everything else that this
	// mode asks for but one thing: optional properties are left out of required, and not made nullable instead.
	// Objects have properties, and always say whether they take others.
	ProfileOpenAI
	// ProfileGemini is the subset of OpenAPI 3.0 that Gemini takes: no const, no lists of types, nullable in place of
	// null, no additionalProperties, no exclusive bounds, enum for strings alone. An object with names of the caller's
	// choice, which Gemini can only fill with nothing, is a string there: the object as JSON text.
	ProfileGemini
)

// String returns the profile as text.
func (p Profile) String() string {
	switch p {
	case ProfileStandard:
		return "standard"
	case ProfileOpenAI:
		return "openai"
	case ProfileGemini:
		return "gemini"
	}
	return fmt.Sprintf("Profile(%d)", int(p))
}

// MarshalText returns the profile as text.
func (p Profile) MarshalText() ([]byte, error) {
	if p < ProfileStandard || p > ProfileGemini {
		return nil, fmt.Errorf("mcpadapter: there is no %v", p)
	}
	return []byte(p.String()), nil
}

// UnmarshalText reads what MarshalText writes, and nothing else.
func (p *Profile) UnmarshalText(text []byte) error {
	for profile := ProfileStandard; profile <= ProfileGemini; profile++ {
		if string(text) == profile.String() {
			*p = profile
			return nil
		}
	}
	return fmt.Errorf("mcpadapter: the profile %q is none of standard, openai and gemini", text)
}

// WithProfile sets the profile of [Tool.InputSchema]. The default is [ProfileStandard].
func WithProfile(p Profile) Option {
	return func(c *config) error {
		if p < ProfileStandard || p > ProfileGemini {
			return fmt.Errorf("WithProfile: there is no %v", p)
		}
		c.profile = p
		return nil
	}
}

// Schema writes the schema of the tool's input in a profile. Each call writes it anew.
func (t Tool) Schema(p Profile) json.RawMessage { return t.schemaIn(p) }

func (t *tool) schemaIn(p Profile) json.RawMessage {
	if t.dynamic != nil {
		return appendSchema(nil, t.dynamic.input, words{profile: p})
	}
	return t.write(t.input.published(), p)
}

func (t *tool) write(root *schema, p Profile) json.RawMessage {
	at := words{common: t.common, terse: t.config.terse, profile: p}.under(t.name)
	return appendSchema(make([]byte, 0, 1024), root, at)
}

// adapt returns what the profile can say of a schema by keywords, and the rest in sentences. What is nested in the
// schema stays as it is.
func (p Profile) adapt(s *schema) (*schema, sentences) {
	switch p {
	case ProfileOpenAI:
		return openAI(s)
	case ProfileGemini:
		return gemini(s)
	case ProfileStandard:
	}
	return s, nil
}

// dateTime is the format that every profile knows.
const dateTime = "date-time"

// openAI follows the supported properties in https://platform.openai.com/docs/guides/structured-outputs.
func openAI(s *schema) (*schema, sentences) {
	var rest sentences
	c := *s
	rest.length(&c)
	rest.unique(&c)
	rest.names(&c)
	rest.entries(&c)
	known := [...]string{dateTime, "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"}
	if !slices.Contains(known[:], c.format) {
		rest.format(&c)
	}
	rest.annotations(&c)
	return &c, rest
}

// geminiItems bounds maxItems: Gemini refuses tools whose maxItems add up to some 960
// (https://github.com/googleapis/python-genai/issues/2170).
const geminiItems = 200

// gemini follows Schema in https://ai.google.dev/api/caching. It has one type in a schema, and beside anyOf nothing.
func gemini(s *schema) (*schema, sentences) {
	switch forms := oneTypeEach(s); len(forms) {
	case 0:
	case 1:
		return gemini(described(forms[0], s))
	default:
		return &schema{anyOf: append([]*schema{described(forms[0], s)}, forms[1:]...)}, nil
	}
	var rest sentences
	c := *s
	if c.types == optable.Null {
		rest.addf("Always null.")
		c.types |= optable.String
	}
	if c.union != nil {
		c.properties, c.union, c.closed = c.union.flatten(), nil, true
	}
	if c.types.Has(optable.Object) {
		rest.others(&c)
	}
	rest.members(&c)
	rest.bounds(&c)
	rest.unique(&c)
	rest.many(&c, geminiItems)
	known := [...]string{dateTime, "int32", "int64", "float", "double"}
	if !slices.Contains(known[:], c.format) {
		rest.format(&c)
	}
	rest.annotations(&c)
	return &c, rest
}

// described adds to the first of a schema's forms what the schema says of all of them.
func described(form, s *schema) *schema {
	c := *form
	if s.description != "" {
		c.description, c.idPrefixes = s.description, s.idPrefixes
	}
	if s.nullable() {
		c.types |= optable.Null
	}
	c.deprecated = c.deprecated || s.deprecated
	if s.defaultValue != "" {
		c.defaultValue = s.defaultValue
	}
	return &c
}

// oneTypeEach takes apart a schema that accepts several types: into its alternatives, or else into one for each type.
// It returns nil where there is but one type; null is none of its own.
func oneTypeEach(s *schema) []*schema {
	var forms []*schema
	types := s.types &^ optable.Null
	if types.Has(optable.Number) {
		types &^= optable.Integer
	}
	switch {
	case len(s.anyOf) > 0:
		for _, a := range s.anyOf {
			if a.types != optable.Null {
				forms = append(forms, a)
			}
		}
	case s.types == 0:
		return []*schema{
			{types: optable.String, description: "Any JSON value."}, {types: optable.Number}, {types: optable.Boolean},
		}
	case types&(types-1) != 0:
		for t := optable.String; t < optable.Null; t <<= 1 {
			if types.Has(t) {
				forms = append(forms, s.only(t))
			}
		}
	}
	if !slices.ContainsFunc(forms, func(f *schema) bool { return f.types.Has(optable.String) }) {
		return forms
	}
	for i, f := range forms { // an object as text would be taken for the string
		if f.isMapping() {
			forms[i] = &schema{types: f.types, description: f.description, closed: true}
		}
	}
	return forms
}

// only returns what a schema says of the values of one type, without annotations.
func (s *schema) only(t optable.Types) *schema {
	c := &schema{types: t, constant: s.constant}
	for _, m := range s.enum {
		if v, err := parseJSON([]byte(m)); err == nil && accepts(t, kindOf(v)) {
			c.enum = append(c.enum, m)
		}
	}
	switch t {
	case optable.String:
		c.format, c.pattern, c.minLength, c.maxLength = s.format, s.pattern, s.minLength, s.maxLength
	case optable.Number, optable.Integer:
		c.minimum, c.maximum, c.multipleOf = s.minimum, s.maximum, s.multipleOf
		c.exclusiveMinimum, c.exclusiveMaximum = s.exclusiveMinimum, s.exclusiveMaximum
	case optable.Array:
		c.items, c.minItems, c.maxItems, c.uniqueItems = s.items, s.minItems, s.maxItems, s.uniqueItems
	case optable.Object:
		c.properties, c.closed, c.additional, c.union = s.properties, s.closed, s.additional, s.union
		c.propertyNames, c.minProperties, c.maxProperties = s.propertyNames, s.minProperties, s.maxProperties
	case optable.Boolean, optable.Null:
	}
	return c
}

// isMapping tells whether the schema describes an object whose names are all the caller's choice.
func (s *schema) isMapping() bool {
	return s.types&^optable.Null == optable.Object && !s.closed && len(s.properties) == 0 && !s.hasAlternatives()
}
