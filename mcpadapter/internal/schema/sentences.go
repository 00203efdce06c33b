package schema

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// sentences describe the keywords that a dialect lacks. Each method adds sentences for some keywords of a schema and
// clears them in it.
type sentences []string

// null is the name of the value and of its type.
const null = "null"

//go:noinline
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

// annotations describes the keywords that restrict no value.
func (l *sentences) annotations(s *value.Schema) {
	if s.Default != "" {
		l.addf("Default %s.", s.Default)
	}
	if s.Deprecated && s.Replacement == "" && !strings.Contains(s.Description, "eprecated") { // not repeated
		l.addf("Deprecated.")
	}
	s.Default, s.Deprecated = "", false
}

func (l *sentences) length(s *value.Schema) {
	if words := count(s.MinLength, s.MaxLength, "character", "characters"); words != "" {
		l.addf("%s.", capital(words))
	}
	s.MinLength, s.MaxLength = 0, 0
}

func (l *sentences) unique(s *value.Schema) {
	if s.UniqueItems {
		l.addf("No item twice.")
	}
	s.UniqueItems = false
}

// many describes maxItems if it exceeds the limit of the dialect for that keyword.
func (l *sentences) many(s *value.Schema, limit int) {
	if s.MaxItems > limit {
		l.addf("At most %d items.", s.MaxItems)
		s.MaxItems = 0
	}
}

// entries describes how many properties an object may have.
func (l *sentences) entries(s *value.Schema) {
	if words := count(s.MinProperties, s.MaxProperties, "entry", "entries"); words != "" {
		l.addf("%s.", capital(words))
	}
	s.MinProperties, s.MaxProperties = 0, 0
}

// names describes propertyNames.
func (l *sentences) names(s *value.Schema) {
	n := s.PropertyNames
	if n == nil {
		return
	}
	length := count(n.MinLength, n.MaxLength, "character", "characters")
	switch {
	case length != "" && alike(n, &value.Schema{Types: n.Types, MinLength: n.MinLength, MaxLength: n.MaxLength}):
		l.addf("Names of %s.", length)
	case n.Pattern != nil && alike(n, &value.Schema{Types: n.Types, Pattern: n.Pattern}):
		l.addf("Names match %s.", n.Pattern)
	default:
		l.addf("Names follow %s.", Append(nil, n, Style{}))
	}
	s.PropertyNames = nil
}

// others describes the properties that an object accepts in addition to those that it lists. An object that lists none
// becomes a string.
func (l *sentences) others(s *value.Schema) {
	mapping, others := isMapping(s), "Other properties"
	if mapping {
		l.addf("A JSON object as text.")
		others = "Values"
		l.names(s)
		l.entries(s)
		*s = value.Schema{
			Types: optable.String | s.Types&optable.Null, Description: s.Description, Deprecated: s.Deprecated,
			Default: s.Default, Additional: s.Additional,
		}
	} else {
		l.names(s)
	}
	switch {
	case s.Closed:
	case s.Additional != nil && !alike(s.Additional, &value.Schema{}):
		l.addf("%s: %s.", others, kinds(s.Additional))
	case !mapping:
		l.addf("%s are accepted.", others)
	}
	s.Additional = nil
}

// members describes enum and const unless all values are non-empty strings: then a const becomes an enum of one
// value.
func (l *sentences) members(s *value.Schema) {
	members := slices.DeleteFunc(slices.Clone(s.Enum), func(m string) bool { return m == null })
	if s.Const != "" {
		members = []string{s.Const}
	}
	isText := func(m string) bool { return strings.HasPrefix(m, `"`) && m != `""` }
	s.Const, s.Enum = "", members
	if s.Types.Has(optable.String) && !slices.ContainsFunc(members, func(m string) bool { return !isText(m) }) {
		return
	}
	switch len(members) {
	case 0:
	case 1:
		l.addf("Always %s.", members[0])
	default:
		l.addf("One of %s.", strings.Join(members, ", "))
	}
	s.Enum = nil
}

// bounds describes multipleOf and exclusive limits. For integers, exclusive limits become inclusive ones.
func (l *sentences) bounds(s *value.Schema) {
	whole := !s.Types.Has(optable.Number)
	if n, err := strconv.ParseInt(s.ExclusiveMinimum, 10, 64); err == nil && whole && s.Minimum == "" {
		s.Minimum = strconv.FormatInt(n+1, 10)
	} else if s.ExclusiveMinimum != "" {
		l.addf("More than %s.", s.ExclusiveMinimum)
	}
	if n, err := strconv.ParseInt(s.ExclusiveMaximum, 10, 64); err == nil && whole && s.Maximum == "" {
		s.Maximum = strconv.FormatInt(n-1, 10)
	} else if s.ExclusiveMaximum != "" {
		l.addf("Less than %s.", s.ExclusiveMaximum)
	}
	if s.MultipleOf != "" {
		l.addf("A multiple of %s.", s.MultipleOf)
	}
	s.ExclusiveMinimum, s.ExclusiveMaximum, s.MultipleOf = "", "", ""
}

func (l *sentences) format(s *value.Schema) {
	if _, words := value.CheckFormat(s.Format, ""); words != "" {
		l.addf("%s.", capital(words))
	} else if s.Format != "" && s.Format != "password" { // password restricts no value
		l.addf("Format %s.", s.Format)
	}
	s.Format = ""
}

// kinds names the types that a schema accepts, in the plural, or returns the schema as JSON if it restricts more than
// types and lengths.
func kinds(s *value.Schema) string {
	alternatives := s.AnyOf
	if len(alternatives) == 0 {
		alternatives = []*value.Schema{s}
	}
	var names []string
	for _, a := range alternatives {
		if !alike(a, &value.Schema{Types: a.Types, MinLength: a.MinLength, MaxLength: a.MaxLength}) || a.Types == 0 {
			return string(Append(nil, s, Style{}))
		}
		for _, name := range a.Types.Names() {
			name = plurals(name)
			if length := count(a.MinLength, a.MaxLength, "character", "characters"); name == "strings" && length != "" {
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

// alike reports whether two schemas have the same JSON.
func alike(a, b *value.Schema) bool {
	return bytes.Equal(Append(nil, a, Style{}), Append(nil, b, Style{}))
}

// count describes a range of counts, or returns "" if both limits are 0, which means none.
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
