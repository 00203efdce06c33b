// Package typescript writes schemas in the notation of TypeScript: in a line, for people and models who look for an
// operation, and as declarations for those who write programs.
package typescript

import (
	"strings"
	"unicode/utf8"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// Limits of a signature.
const (
	maxSignature = 160 // characters of the arguments; required ones are never left out
	maxEnum      = 48  // characters of the members of an enum
)

// Signature returns the properties of an object in a line, such as {id, name?, metadata?: {…}, …}. A type that is not
// given is string. Optional properties that do not fit into the line are left out. It returns "" for an object that has
// none.
func Signature(s *value.Schema) string { return objectType(s, maxSignature) }

// Type returns the type of a value in a line, with the properties of an object.
func Type(s *value.Schema) string { return typeOf(s, true) }

// objectType writes the properties of an object into at most so many characters, as far as they are optional.
func objectType(s *value.Schema, limit int) string {
	var b strings.Builder
	for i, p := range s.Properties {
		text := Property(p.Name)
		if !p.Required {
			text += "?"
		}
		if typ := typeOf(p.Schema, p.Required && limit == maxSignature); typ != "string" {
			text += ": " + typ
		}
		if i > 0 {
			text = ", " + text
		}
		if !p.Required && utf8.RuneCountInString(b.String()+text) > limit {
			b.WriteString(", …")
			break
		}
		b.WriteString(text)
	}
	if b.Len() == 0 {
		return ""
	}
	return "{" + strings.TrimPrefix(b.String(), ", ") + "}"
}

// typeOf returns the type of a value; open: with the properties of an object.
func typeOf(s *value.Schema, open bool) string {
	if s == nil || s.Types&^optable.Null == 0 {
		return "any"
	}
	if members := enumType(s.Enum); members != "" {
		return members
	}
	var types []string
	for _, t := range []struct {
		has  optable.Types
		name string
	}{
		{optable.String, "string"}, {optable.Integer, "int"}, {optable.Number, "number"}, {optable.Boolean, "boolean"},
	} {
		if s.Types.Has(t.has) {
			types = append(types, t.name)
		}
	}
	if s.Types.Has(optable.Array) {
		types = append(types, list(typeOf(s.Items, open)))
	}
	if s.Types.Has(optable.Object) {
		text := "{…}"
		if open && len(s.Properties) > 0 {
			text = objectType(s, maxSignature/2)
		}
		types = append(types, text)
	}
	if s.Types.Has(optable.Null) {
		types = append(types, "null")
	}
	return strings.Join(types, "|")
}

// enumType returns the members of an enum as alternatives; "" if there are none or too many.
func enumType(members []string) string {
	if text := strings.ReplaceAll(strings.Join(members, "|"), `"`, "'"); len(text) <= maxEnum {
		return text
	}
	return ""
}
