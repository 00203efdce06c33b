package mcpadapter

import (
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// expected says in words what a schema accepts.
func expected(s *schema) string {
	if len(s.enum) > 0 {
		return oneOf(enumWithNull(s))
	}
	if s.constant != "" {
		return s.constant
	}
	if len(s.anyOf) > 0 {
		return alternativesOf(s)
	}
	types := s.types
	if types.Has(optable.Number) {
		types &^= optable.Integer
	}
	names := types.Names()
	for i, name := range names {
		names[i] = article(name)
		if name == "string" && s.format != "" {
			if _, words := format(s.format, ""); words != "" {
				names[i] = words
			}
		}
		if name == "array" && s.items != nil {
			if inner := s.items.types.Names(); len(inner) == 1 {
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
	case "null":
		return name
	}
	return "a " + name
}

func alternativesOf(s *schema) string {
	words := make([]string, len(s.anyOf))
	for i, a := range s.anyOf {
		words[i] = expected(a)
	}
	return strings.Join(words, " or ")
}
