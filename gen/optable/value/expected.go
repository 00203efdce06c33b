package value

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
)

// null is the name of the value and of its type.
const null = "null"

// Expected describes in words what a schema accepts.
func Expected(s *Schema) string {
	if len(s.Enum) > 0 {
		return oneOf(EnumWithNull(s))
	}
	if s.Const != "" {
		return s.Const
	}
	if len(s.AnyOf) > 0 {
		return alternativesOf(s)
	}
	return typesOf(s)
}

// typesOf describes the types of a schema in words.
func typesOf(s *Schema) string {
	types := s.Types
	if types.Has(optable.Number) {
		types &^= optable.Integer
	}
	names := types.Names()
	for i, name := range names {
		names[i] = article(name)
		if name == "string" && s.Format != "" {
			if _, words := CheckFormat(s.Format, ""); words != "" {
				names[i] = words
			}
		}
		if name == "array" && s.Items != nil {
			if inner := s.Items.Types.Names(); len(inner) == 1 {
				names[i] += " of " + inner[0] + "s"
			}
		}
	}
	if names == nil {
		return "any value"
	}
	return strings.Join(names, " or ")
}

func article(name string) string {
	switch name {
	case "integer":
		return "a whole number"
	case "object", "array":
		return "an " + name
	case null:
		return name
	}
	return "a " + name
}

func oneOf(members []string) string {
	const most = 12
	if len(members) == 1 {
		return members[0]
	}
	if len(members) > most {
		return "one of " + strings.Join(members[:most], ", ") + fmt.Sprintf(" and %d more", len(members)-most)
	}
	return "one of " + strings.Join(members, ", ")
}

// EnumWithNull returns the members of the enum, with null if the types include it: the keyword alone would exclude it.
func EnumWithNull(s *Schema) []string {
	if len(s.Enum) == 0 || !s.Types.Has(optable.Null) {
		return s.Enum
	}
	if slices.Contains(s.Enum, null) {
		return s.Enum
	}
	return append(slices.Clip(s.Enum), null)
}

// Describe describes a value in words, with at most 60 bytes or so of it.
func Describe(v any) string {
	switch v := v.(type) {
	case nil:
		return null
	case string:
		return "the string " + strconv.Quote(phrase.Preview(v))
	case bool:
		return "the boolean " + strconv.FormatBool(v)
	case json.Number:
		return "the number " + phrase.Preview(string(v))
	case []any:
		return fmt.Sprintf("an array of %d", len(v))
	case map[string]any:
		return "an object"
	}
	return fmt.Sprintf("%T", v)
}
