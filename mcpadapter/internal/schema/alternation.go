package schema

import (
	"slices"
	"strings"
	"unicode"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// manyMembers is from how many members a terse schema writes an enum as a pattern, in about two thirds of the tokens.
const manyMembers = 40

// alternation returns a pattern that accepts exactly the members of a long enum of strings, with words before a dot
// written once: ^(a|b\.(c|d))$. It returns "" for every other schema.
func alternation(s *value.Schema) string {
	if len(s.Enum) < manyMembers || s.Types != optable.String || s.Pattern != nil || s.Unchecked != "" ||
		slices.ContainsFunc(s.Enum, func(member string) bool { return !isPlain(member) }) {
		return ""
	}
	members := make([]string, len(s.Enum))
	for i, member := range s.Enum {
		members[i] = strings.Trim(member, `"`)
	}
	return "^(" + alternatives(members) + ")$"
}

// isPlain reports whether a member of an enum is a string of words that a pattern can name, with dots between.
func isPlain(member string) bool {
	words, quoted := strings.CutPrefix(member, `"`)
	words, closed := strings.CutSuffix(words, `"`)
	for word := range strings.SplitSeq(words, ".") {
		foreign := func(r rune) bool {
			return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '-'
		}
		if word == "" || strings.ContainsFunc(word, foreign) {
			return false
		}
	}
	return quoted && closed
}

// alternatives joins names by |, those with the same first word together, in the order of the first of each.
func alternatives(names []string) string {
	var order []string
	rests := map[string][]string{}
	for _, name := range names {
		first, rest, dotted := strings.Cut(name, ".")
		if !dotted {
			rest = ""
		}
		if rests[first] == nil {
			order = append(order, first)
		}
		rests[first] = append(rests[first], rest)
	}
	parts := make([]string, len(order))
	for i, first := range order {
		parts[i] = first
		alone := slices.Contains(rests[first], "")
		rest := slices.DeleteFunc(slices.Clone(rests[first]), func(rest string) bool { return rest == "" })
		switch {
		case len(rest) == 0:
		case alone:
			parts[i] += `(\.(` + alternatives(rest) + "))?"
		case len(rest) == 1:
			parts[i] += `\.` + alternatives(rest)
		default:
			parts[i] += `\.(` + alternatives(rest) + ")"
		}
	}
	return strings.Join(parts, "|")
}
