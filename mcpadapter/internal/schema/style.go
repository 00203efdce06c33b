package schema

import (
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// Argument is a property with its description.
type Argument struct {
	Name        string
	Description string
	Default     string // JSON
}

// Described returns the description with the default.
func (a Argument) Described() string {
	if a.Default == "" {
		return a.Description
	}
	return strings.TrimSpace(a.Description + " Default " + a.Default + ".")
}

// Style configures how a schema is written. The zero value is JSON Schema 2020-12 with every description.
type Style struct {
	Common []Argument // arguments whose descriptions Terse omits, because they are documented elsewhere
	name   string     // name of the property that is described
	known  []string   // words of the tool's name and of the properties that lead to the description
	Terse  bool       // omit descriptions that add nothing to the names around them

	Dialect Dialect // keywords that it lacks become sentences in descriptions

	definitions definitions // schemas that are written as references
	whole       *value.Schema
	origins     origins
	written     map[*value.Schema]bool // schemas to write once, and whether that is done
}

// someWords has room for the words of most paths to a property.
const someWords = 16

// Under returns the style for the property of that name, or for the input of the tool of that name.
func (w Style) Under(name string) Style {
	if w.name = name; w.Terse {
		if w.known == nil {
			w.known = make([]string, 0, someWords)
		}
		// Properties of one object share the memory behind these, as they are written one after the other.
		w.known = slices.AppendSeq(w.known, phrase.SingularsSeq(name))
	}
	return w
}

// worth returns the description of a schema, or "" if it is documented elsewhere or adds nothing to the names around
// it. The prefix of an ID adds nothing either: it is the same everywhere.
func (w Style) worth(s *value.Schema) string {
	text := s.Described()
	switch {
	case !w.Terse:
		return text
	case w.isCommon(s) || !w.Adds(s.Description) && s.Replacement == "":
		return ""
	}
	plain := *s
	plain.IDPrefixes = nil
	return plain.Described()
}

// isCommon reports whether a schema is documented elsewhere.
func (w Style) isCommon(s *value.Schema) bool {
	return w.Terse && slices.Contains(w.Common, Argument{w.name, s.Described(), s.Default})
}

// Adds reports whether a description has a word that the names around it lack.
func (w Style) Adds(description string) bool {
	for word := range phrase.SingularsSeq(strings.ReplaceAll(description, "'s ", " ")) {
		if !slices.Contains(w.known, word) && !strings.Contains(idle, " "+word+" ") {
			return true
		}
	}
	return false
}

// idle words add nothing to the names beside them.
const idle = " a an and are as at be by for from get give ha id in is it its list new of on one only or own slug " +
	"that the their them these thi those to uri url use value whether whose which with you your "
