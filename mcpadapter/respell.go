package mcpadapter

import (
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// maxRespelled is how many unknown arguments of a call are compared with those of the tool.
const maxRespelled = 20

// Renamed is an argument that was accepted under another name than its own.
type Renamed struct {
	Given    string // as in the call
	Argument string // as in the schema; for a "body" that was unpacked all of its members, with commas between
}

// respell renames arguments, in place, whose names are other spellings of arguments of the tool that are not given:
// the same words (userId for user_id), and for an ID the noun of what it identifies (user_id or id for the id in
// /users/{id}), a part of that noun, or a synonym of it. A synonym needs a value with the prefix of the ID. A name that
// may mean two arguments is left for the check to refuse.
func (t *tool) respell(r *repairer, args map[string]any) []Renamed {
	var renamed []Renamed
	if members := t.unpackBody(r, args); members != nil {
		renamed = append(renamed, Renamed{wholeBody, strings.Join(members, ", ")})
	}
	var unknown []string
	for name := range args {
		if t.input.root.Property(name) == nil {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > maxRespelled {
		return renamed
	}
	slices.Sort(unknown)
	for _, name := range unknown {
		if argument := t.meant(name, args); argument != "" {
			args[argument] = args[name]
			delete(args, name)
			renamed = append(renamed, Renamed{name, argument})
		}
	}
	return renamed
}

// unpackBody moves the members of a body that came as one argument beside the other arguments, if it has no member
// that is given already. It returns their names.
func (t *tool) unpackBody(r *repairer, args map[string]any) []string {
	if args[wholeBody] == nil || !t.input.flat || t.input.root.Property(wholeBody) != nil {
		return nil
	}
	body, isObject := r.text(optable.Object, args[wholeBody], wholeBody).(map[string]any)
	if !isObject || len(body) == 0 {
		return nil
	}
	names := make([]string, 0, len(body))
	for _, name := range value.SortedNames(body) {
		name = t.input.argumentFor(name)
		if _, given := args[name]; given || t.input.root.Property(name) == nil || t.input.locations[name] != "" {
			return nil
		}
		names = append(names, name)
	}
	delete(args, wholeBody)
	for name, v := range body {
		args[t.input.argumentFor(name)] = v
	}
	return names
}

// meant returns the only argument that a name is another spelling of, and that is not given; otherwise "".
func (t *tool) meant(name string, args map[string]any) string {
	words := phrase.Words(name)
	folded := strings.Join(words, "")
	var same, alike []string
	for _, p := range t.input.root.Properties {
		if _, given := args[p.Name]; given {
			continue
		}
		switch {
		case strings.Join(phrase.Words(p.Name), "") == folded:
			same = append(same, p.Name)
		case len(words) > 0 && words[len(words)-1] == "id" && t.identifies(&p, words[:len(words)-1], args[name]):
			alike = append(alike, p.Name)
		}
	}
	switch {
	case len(same) == 1:
		return same[0]
	case len(same) == 0 && len(alike) == 1:
		return alike[0]
	}
	return ""
}

// identifies reports whether the words before "id" in a name, and the value, fit an ID that the tool takes.
func (t *tool) identifies(p *value.Property, words []string, v any) bool {
	own := phrase.Words(p.Name)
	if len(own) == 0 || !p.Schema.Types.Has(optable.String) {
		return false
	}
	isID := own[len(own)-1] == "id" || len(p.Schema.IDPrefixes) > 0
	text, _ := v.(string)
	if !isID || t.engine.kindOf(text) != "" && !hasAnyPrefix(text, p.Schema.IDPrefixes) {
		return false
	}
	if len(words) == 0 {
		return p.Required
	}
	noun := strings.Join(phrase.Singulars(strings.Join(words, " ")), " ")
	for _, other := range t.nouns(p.Name) {
		if other == noun || strings.HasSuffix(other, " "+noun) ||
			hasAnyPrefix(text, p.Schema.IDPrefixes) && t.engine.isSynonym(noun, other) {
			return true
		}
	}
	return false
}

// nouns returns what an ID is of: the words of its name, and those of the collection that it stands behind in the path.
func (t *tool) nouns(argument string) []string {
	var nouns []string
	if words := phrase.Singulars(argument); len(words) > 1 {
		nouns = append(nouns, strings.Join(words[:len(words)-1], " "))
	}
	if prefix, _, found := strings.Cut(t.operation.Path, "/{"+argument+"}"); found {
		collection := prefix[strings.LastIndexByte(prefix, '/')+1:]
		if words := phrase.Singulars(collection); len(words) > 0 {
			nouns = append(nouns, strings.Join(words, " "))
		}
	}
	return nouns
}

// isSynonym reports whether the table has a term for what it means.
func (e *engine) isSynonym(term, means string) bool {
	return slices.ContainsFunc(e.table.Synonyms, func(s optable.Synonym) bool {
		return s.Term == term && slices.Contains(s.Means, means)
	})
}

func hasAnyPrefix(text string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(text, prefix) })
}
