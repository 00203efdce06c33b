package mcpadapter

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/schema"
)

// Profile is a dialect of JSON Schema for the inputs of tools. A description says in words what the dialect has no
// keyword for. All profiles accept the same arguments, and in all of them the root is an object with properties and
// without oneOf, anyOf and allOf, an array has items, and nothing is a $ref.
//
// The zero value is [ProfileStandard]. As text, such as in a flag, the profiles are standard, openai and gemini.
type Profile int

const (
	// ProfileStandard is JSON Schema 2020-12.
	ProfileStandard Profile = iota
	// ProfileOpenAI has the keywords that OpenAI documents for strict function calling, and meets the other requirements
	// of that mode but one: optional properties are omitted from required instead of being nullable. Objects have
	// properties and always say whether they accept others.
	ProfileOpenAI
	// ProfileGemini is the subset of OpenAPI 3.0 that Gemini accepts: no const, no lists of types, nullable instead of
	// null, no additionalProperties, no exclusive limits, enum for strings only. An object with arbitrary names, which
	// Gemini always leaves empty, is a string with the JSON of the object.
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
		return nil, fmt.Errorf("workos/mcpadapter: invalid value %v", p)
	}
	return []byte(p.String()), nil
}

// UnmarshalText reads what MarshalText writes and rejects everything else.
func (p *Profile) UnmarshalText(text []byte) error {
	for profile := ProfileStandard; profile <= ProfileGemini; profile++ {
		if string(text) == profile.String() {
			*p = profile
			return nil
		}
	}
	return fmt.Errorf("workos/mcpadapter: unknown profile %q: want standard, openai or gemini", text)
}

// WithProfile sets the profile of [Tool.InputSchema]. The default is [ProfileStandard].
func WithProfile(p Profile) Option {
	return func(o *options) error {
		if p < ProfileStandard || p > ProfileGemini {
			return fmt.Errorf("WithProfile: invalid profile %v", p)
		}
		o.profile = p
		return nil
	}
}

// Schema returns the schema of the arguments in a profile. Each call writes it anew.
func (t Tool) Schema(p Profile) json.RawMessage { return t.schemaIn(p) }

func (t *tool) schemaIn(p Profile) json.RawMessage {
	if t.dynamic != nil {
		return schema.AppendRoot(nil, t.dynamic.schema, schema.Style{
			Terse: t.engine.terse, Dialect: schema.Dialect(p),
		}.Under(t.name))
	}
	return t.write(t.input.published(), p)
}

func (t *tool) write(root *value.Schema, p Profile) json.RawMessage {
	at := schema.Style{Common: t.common, Terse: t.engine.terse, Dialect: schema.Dialect(p)}.Under(t.name)
	if t.engine.terse && p == ProfileStandard {
		brief := *root
		brief.Properties = slices.DeleteFunc(slices.Clone(root.Properties), func(p value.Property) bool {
			return p.Name != "" && t.shapers.unpublished(p.Name)
		})
		root = &brief
	}
	return schema.AppendRoot(make([]byte, 0, 1024), root, at)
}
