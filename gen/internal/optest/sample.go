package optest

import (
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/jsonschema-go/jsonschema"
)

// Sample makes a value that a published schema accepts, as full and as awkward as it may be: every property, text that
// needs escaping wherever it goes, integers that a float64 cannot hold. The name tells it apart from its neighbours.
func Sample(s *jsonschema.Schema, name string) any {
	switch {
	case s.Const != nil:
		return *s.Const
	case len(s.Enum) > 0:
		return s.Enum[slices.IndexFunc(s.Enum, func(v any) bool { return v != nil })]
	case len(s.AnyOf) > 0:
		return Sample(s.AnyOf[0], name)
	}
	for _, typ := range TypesOf(s) {
		switch typ {
		case "object":
			return sampleObject(s, name)
		case "array":
			return sampleArray(s, name)
		case "integer":
			return sampleInteger(s)
		case "number":
			return json.Number("0.5")
		case "boolean":
			return true
		case "string":
			return sampleText(s, name)
		}
	}
	return sampleText(s, name)
}

// TypesOf lists the types that a schema allows; nil means any.
func TypesOf(s *jsonschema.Schema) []string {
	if s.Type != "" {
		return []string{s.Type}
	}
	return s.Types
}

func sampleObject(s *jsonschema.Schema, name string) map[string]any {
	object := map[string]any{}
	for key, p := range s.Properties {
		object[key] = Sample(p, key)
	}
	switch {
	case IsClosed(s):
	case s.AdditionalProperties != nil:
		for i := range 2 {
			key := "key_" + strconv.Itoa(i)
			object[key] = Sample(s.AdditionalProperties, name+key)
		}
	default: // anything
		object["free form"] = map[string]any{"list": []any{json.Number("1"), nil, "x", map[string]any{}}, "empty": ""}
	}
	return object
}

// IsClosed reports whether a schema allows no properties but those it names.
func IsClosed(s *jsonschema.Schema) bool {
	return s.AdditionalProperties != nil && s.AdditionalProperties.Not != nil
}

func sampleArray(s *jsonschema.Schema, name string) []any {
	n := 2
	if s.MinItems != nil {
		n = max(n, *s.MinItems)
	}
	if s.MaxItems != nil {
		n = min(n, *s.MaxItems)
	}
	if s.UniqueItems {
		n = 1
	}
	list := make([]any, n)
	for i := range list {
		list[i] = Sample(s.Items, name+strconv.Itoa(i))
	}
	return list
}

func sampleInteger(s *jsonschema.Schema) json.Number {
	n := int64(1)<<53 + 1
	if s.Maximum != nil {
		n = int64(math.Floor(*s.Maximum))
	}
	return json.Number(strconv.FormatInt(n, 10))
}

func sampleText(s *jsonschema.Schema, name string) string {
	switch s.Format {
	case "email":
		return name + "+1@example.com"
	case "uri":
		return "https://example.com/" + name + "?a=b&c=%20#d"
	case "date-time":
		return "2026-01-31T12:00:00.123+02:00"
	}
	prefix := patternPrefix(s.Pattern)
	for _, text := range []string{name + "/1 ?#%2F&=+,;[]ü✓\"\\<>\tx", name + " & ?#/%2F", name, "v1"} {
		text = prefix + text
		if s.MinLength != nil {
			text += strings.Repeat("x", max(0, *s.MinLength-utf8.RuneCountInString(text)))
		}
		tooLong := s.MaxLength != nil && utf8.RuneCountInString(text) > *s.MaxLength
		if !tooLong && (s.Pattern == "" || regexp.MustCompile(s.Pattern).MatchString(text)) {
			return text
		}
	}
	panic("no sample fits the schema of " + name)
}

// patternPrefix returns the plain characters that a pattern begins with, such as the prefix of an ID.
func patternPrefix(pattern string) string {
	return regexp.MustCompile(`^[a-z_]*`).FindString(strings.TrimPrefix(pattern, "^"))
}

// leastOf strips a sample of all that its schema does not require.
func leastOf(s *jsonschema.Schema, v any) any {
	switch v := v.(type) {
	case map[string]any:
		least := map[string]any{}
		for _, name := range s.Required {
			least[name] = leastOf(s.Properties[name], v[name])
		}
		return least
	case []any:
		n := 0
		if s.MinItems != nil {
			n = *s.MinItems
		}
		return v[:n:n]
	}
	return v
}
