package mcpadapter

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// sentences say in words what a profile has no keyword for. Each method says some keywords of a schema and takes them
// out of it.
type sentences []string

// null is the name of the value and of its type.
const null = "null"

func (l *sentences) addf(format string, args ...any) { *l = append(*l, fmt.Sprintf(format, args...)) }

// behind appends the sentences to a description.
func (l *sentences) behind(description string) string {
	if len(*l) == 0 {
		return description
	}
	if description != "" {
		if !strings.ContainsAny(description[len(description)-1:], ".!?:;") {
			description += "."
		}
		description += " "
	}
	return description + strings.Join(*l, " ")
}

// annotations says what restricts nothing.
func (l *sentences) annotations(s *schema) {
	if s.defaultValue != "" {
		l.addf("Default %s.", s.defaultValue)
	}
	if s.deprecated && !strings.Contains(s.description, "eprecated") {
		l.addf("Deprecated.")
	}
	s.defaultValue, s.deprecated = "", false
}

func (l *sentences) length(s *schema) {
	if words := count(s.minLength, s.maxLength, "character", "characters"); words != "" {
		l.addf("%s.", capital(words))
	}
	s.minLength, s.maxLength = 0, 0
}

func (l *sentences) unique(s *schema) {
	if s.uniqueItems {
		l.addf("No item twice.")
	}
	s.uniqueItems = false
}

// many says how many items an array has at most where that is more than a profile takes as a keyword.
func (l *sentences) many(s *schema, limit int) {
	if s.maxItems > limit {
		l.addf("At most %d items.", s.maxItems)
		s.maxItems = 0
	}
}

// entries says how many properties an object has.
func (l *sentences) entries(s *schema) {
	if words := count(s.minProperties, s.maxProperties, "entry", "entries"); words != "" {
		l.addf("%s.", capital(words))
	}
	s.minProperties, s.maxProperties = 0, 0
}

// names says how an object's properties may be called.
func (l *sentences) names(s *schema) {
	n := s.propertyNames
	if n == nil {
		return
	}
	length := count(n.minLength, n.maxLength, "character", "characters")
	switch {
	case length != "" && alike(n, &schema{types: n.types, minLength: n.minLength, maxLength: n.maxLength}):
		l.addf("Names of %s.", length)
	case n.pattern != nil && alike(n, &schema{types: n.types, pattern: n.pattern}):
		l.addf("Names match %s.", n.pattern)
	default:
		l.addf("Names follow %s.", appendSchema(nil, n, words{}))
	}
	s.propertyNames = nil
}

// others says which properties an object takes beside those that it lists. One that lists none becomes a string.
func (l *sentences) others(s *schema) {
	mapping, others := s.isMapping(), "Other properties"
	if mapping {
		l.addf("A JSON object as text.")
		others = "Values"
		l.names(s)
		l.entries(s)
		*s = schema{
			types: optable.String | s.types&optable.Null, description: s.description, deprecated: s.deprecated,
			defaultValue: s.defaultValue, additional: s.additional,
		}
	} else {
		l.names(s)
	}
	switch {
	case s.closed:
	case s.additional != nil && !alike(s.additional, &schema{}):
		l.addf("%s: %s.", others, kinds(s.additional))
	case !mapping:
		l.addf("%s are accepted.", others)
	}
	s.additional = nil
}

// members says enum and const unless they are strings, of which one that must be given is a choice of one.
func (l *sentences) members(s *schema) {
	members := slices.DeleteFunc(slices.Clone(s.enum), func(m string) bool { return m == null })
	if s.constant != "" {
		members = []string{s.constant}
	}
	isText := func(m string) bool { return strings.HasPrefix(m, `"`) && m != `""` }
	s.constant, s.enum = "", members
	if s.types.Has(optable.String) && !slices.ContainsFunc(members, func(m string) bool { return !isText(m) }) {
		return
	}
	switch len(members) {
	case 0:
	case 1:
		l.addf("Always %s.", members[0])
	default:
		l.addf("One of %s.", strings.Join(members, ", "))
	}
	s.enum = nil
}

// bounds says exclusive bounds and steps. A whole number has inclusive bounds for the former.
func (l *sentences) bounds(s *schema) {
	whole := !s.types.Has(optable.Number)
	if n, err := strconv.ParseInt(s.exclusiveMinimum, 10, 64); err == nil && whole && s.minimum == "" {
		s.minimum = strconv.FormatInt(n+1, 10)
	} else if s.exclusiveMinimum != "" {
		l.addf("More than %s.", s.exclusiveMinimum)
	}
	if n, err := strconv.ParseInt(s.exclusiveMaximum, 10, 64); err == nil && whole && s.maximum == "" {
		s.maximum = strconv.FormatInt(n-1, 10)
	} else if s.exclusiveMaximum != "" {
		l.addf("Less than %s.", s.exclusiveMaximum)
	}
	if s.multipleOf != "" {
		l.addf("A multiple of %s.", s.multipleOf)
	}
	s.exclusiveMinimum, s.exclusiveMaximum, s.multipleOf = "", "", ""
}

func (l *sentences) format(s *schema) {
	if _, words := format(s.format, ""); words != "" {
		l.addf("%s.", capital(words))
	} else if s.format != "" && s.format != "password" { // which rules out no value
		l.addf("Format %s.", s.format)
	}
	s.format = ""
}

// kinds names the values that a schema accepts, in the plural, or quotes the schema if that is not all it says.
func kinds(s *schema) string {
	alternatives := s.anyOf
	if len(alternatives) == 0 {
		alternatives = []*schema{s}
	}
	var names []string
	for _, a := range alternatives {
		if !alike(a, &schema{types: a.types, minLength: a.minLength, maxLength: a.maxLength}) || a.types == 0 {
			return string(appendSchema(nil, s, words{}))
		}
		for _, name := range a.types.Names() {
			name = plurals(name)
			if length := count(a.minLength, a.maxLength, "character", "characters"); name == "strings" && length != "" {
				name += " of " + length
			}
			names = append(names, name)
		}
	}
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

func plurals(name string) string {
	switch name {
	case null:
		return name
	case "integer":
		return "whole numbers"
	}
	return name + "s"
}

// alike tells whether two schemas are published alike.
func alike(a, b *schema) bool {
	return bytes.Equal(appendSchema(nil, a, words{}), appendSchema(nil, b, words{}))
}

// count says how many there may be; 0 is no limit.
func count(least, most int, one, many string) string {
	noun := func(n int) string {
		if n == 1 {
			return "1 " + one
		}
		return strconv.Itoa(n) + " " + many
	}
	switch {
	case least == 0 && most == 0:
		return ""
	case most == 0:
		return "at least " + noun(least)
	case least == 0:
		return "at most " + noun(most)
	case least == most:
		return noun(least)
	}
	return strconv.Itoa(least) + " to " + noun(most)
}

func capital(words string) string { return strings.ToUpper(words[:1]) + words[1:] }
