// Package question renders the values of a question to a person. They may be the words of a third party, and so are
// quoted, limited and without what a person cannot see; secrets are not shown.
package question

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/secrets"
)

// Limits of a question, so that a person can read it.
const (
	maxValue  = 120 // characters
	maxFields = 6
)

// Value returns the value of an argument as a person reads it, in one line.
func Value(name string, v any) string {
	if isSecret(name) {
		return "(not shown)"
	}
	switch v := v.(type) {
	case string:
		return Quote(v)
	case map[string]any, []any:
		if holdsSecret(v) {
			return "(not shown)"
		}
	}
	text, _ := json.Marshal(v) //nolint:errchkjson // as parsed
	if kind := text[0]; kind == '{' || kind == '[' {
		return Quote(string(text))
	}
	return phrase.Shorten(string(text), maxValue)
}

// isSecret reports whether the value of an argument must not be shown.
func isSecret(name string) bool {
	return secrets.Named(name) || name == "code" || strings.HasPrefix(name, "password")
}

func holdsSecret(v any) bool {
	switch v := v.(type) {
	case map[string]any:
		for name, value := range v {
			if isSecret(name) || holdsSecret(value) {
				return true
			}
		}
	case []any:
		return slices.ContainsFunc(v, holdsSecret)
	}
	return false
}

// Quote renders untrusted text as one quoted line. It escapes invisible characters, and what would start a link or
// code in Markdown.
func Quote(text string) string {
	return strconv.Quote(strings.NewReplacer("](", "] (", "`", "'").Replace(phrase.Shorten(text, maxValue)))
}

// Field is a field of a resource with its value in quotes.
type Field struct{ Name, Value string }

// Identifying selects the fields that identify a resource to a person: those with the usual names, then the IDs of its
// parents.
func Identifying(resource map[string]any) []Field {
	names := []string{
		"name", "display_name", "title", "slug", "email", "first_name", "last_name", "username", "domain", "description",
		"type", "state", "status",
	}
	for _, name := range value.SortedNames(resource) {
		if strings.HasSuffix(name, "_id") {
			names = append(names, name)
		}
	}
	var fields []Field
	for _, name := range names {
		text, _ := resource[name].(string)
		if text != "" && len(fields) < maxFields {
			fields = append(fields, Field{name, Quote(text)})
		}
	}
	return fields
}
