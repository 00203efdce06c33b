package serve

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
)

// isBare reports whether a word is neither JSON, complete or not, nor says where arguments are.
func isBare(word string) bool {
	if word == "" || word == "@" {
		return true
	}
	return word != "-" && !strings.ContainsRune(`@{["`, rune(word[0])) && !json.Valid([]byte(word))
}

// isName reports whether a word is more likely a name than a value.
func isName(word string) bool {
	return !strings.ContainsFunc(word, func(r rune) bool { return r != '_' && (r < 'a' || r > 'z') })
}

// meant says what a word among those of a call may stand for, that is no assignment: an argument of that name, whose
// value may follow, a value that lost its name, or a file. "": nothing is near.
func meant(words []string, at int, root property) string {
	word := words[at]
	if word == "" || word == "@" || word[0] == '{' || word[0] == '[' {
		return ""
	}
	next := ""
	if rest := words[at+1:]; len(rest) > 0 && rest[0] != "=" {
		next = rest[0]
	} else if len(rest) > 1 { // name = value
		next = rest[1]
	}
	name, text, colon := strings.Cut(word, ":")
	near := phrase.Nearest(word, slices.Sorted(maps.Keys(root.Properties)), 1)
	var form string
	switch {
	case at > 0 && strings.HasSuffix(words[at-1], "="):
		form = words[at-1] + word
	case colon && root.has(name):
		form = root.assigned(name, strings.TrimSpace(text))
	case root.has(word):
		form = root.assigned(word, next)
	case isFile(word):
		form = "@" + word
	case len(near) > 0 && len(word) > 2 && isName(word): //nolint:mnd // all is near to less
		form = root.assigned(near[0], next)
	default:
		required, ok := root.missing(words[:at])
		if !ok {
			return ""
		}
		form = root.assigned(required, word)
	}
	return fmt.Sprintf("; did you mean %.100s?", form)
}

func (p property) has(name string) bool {
	_, ok := p.Properties[name]
	return ok
}

// assigned shows an argument with a value; "": one that is not known, or an assignment itself.
func (p property) assigned(name, value string) string {
	form := p.Properties[name].form(name)
	start, ok := strings.CutSuffix(form, "=value")
	if !ok || value == "" || assignment().MatchString(value) {
		return form
	}
	if strings.ContainsAny(value, " \t'\"") {
		return fmt.Sprintf("%s=%q", start, value)
	}
	return start + "=" + value
}

// missing returns the only argument that is required, unless it is among the words.
func (p property) missing(words []string) (name string, ok bool) {
	if len(p.Required) != 1 {
		return "", false
	}
	name = p.Required[0]
	return name, !slices.ContainsFunc(words, func(word string) bool { return strings.HasPrefix(word, name+"=") })
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}
