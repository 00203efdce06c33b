package mcpadapter

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

const (
	// wholeArguments is what a repair of all arguments together is called.
	wholeArguments = "arguments"
	// maxValues is the largest number of JSON values in the arguments of a call, with those in text that is read as JSON.
	maxValues = 10_000
	// maxRepaired bounds what one call repairs, so that the result can list all of it.
	maxRepaired = 100
)

// repairer reads values that came as text, as some models write them: an object or an array in a string, a number or a
// boolean in quotes. It does so only if the schema accepts no string and the text is exactly the JSON of an accepted
// value. Everything else stays as it is, for the check to reject.
type repairer struct {
	repaired []string
	parser   *value.Parser // of all the text of a call; nil: none was parsed yet
	tooBig   bool          // there was more than it may parse
}

// parse parses text of a call, as long as all of it has at most maxValues values.
func (r *repairer) parse(text []byte) (any, error) {
	if r.parser == nil {
		r.parser = value.NewParser(maxValues)
	}
	v, err := r.parser.Parse(text)
	if errors.Is(err, value.ErrTooManyValues) {
		r.tooBig = true
		err = fmt.Errorf("more than %d JSON values, with those in text", maxValues)
	}
	return v, err
}

// readArguments parses the arguments, or a string that contains them.
func (r *repairer) readArguments(raw json.RawMessage) (map[string]any, error) {
	if !bytes.HasPrefix(bytes.TrimSpace(raw), []byte{'"'}) {
		return parseArguments(raw, r.parse)
	}
	v, err := r.parse(raw)
	if err != nil {
		return nil, err
	}
	if object, ok := r.text(optable.Object, v, wholeArguments).(map[string]any); ok {
		return object, nil
	}
	return parseArguments(raw, r.parse)
}

// properties repairs the flat arguments of a tool in place.
func (r *repairer) properties(in *input, args map[string]any) {
	for _, name := range value.SortedNames(args) {
		if p := in.argument(name, args); p != nil {
			args[name] = r.value(p.Schema, args[name], name)
		}
	}
}

// argument returns the property that an argument is checked as: in a union, the chosen variant's. It is nil for an
// argument that is refused anyway.
func (in *input) argument(name string, args map[string]any) *value.Property {
	if in.locations[name] != "" || !in.flat || in.body.Union == nil {
		return in.root.Property(name)
	}
	if chosen := in.body.Union.Variant(args[in.body.Union.Property]); chosen != nil {
		return chosen.Property(name)
	}
	return nil
}

// value returns the value that the schema accepts, if v is that or its JSON as text.
func (r *repairer) value(s *value.Schema, v any, at string) any {
	v = r.text(s.AllTypes(), v, at)
	switch v.(type) {
	case []any, map[string]any:
		r.inside(s, v, at)
	}
	return v
}

// text reads a text as the one kind of value that it is the JSON of. A null is none: whether it clears a value or names
// one is not for us to guess.
func (r *repairer) text(kinds optable.Types, v any, at string) any {
	text, ok := v.(string)
	if !ok || kinds.Has(optable.String) || len(r.repaired) == maxRepaired {
		return v
	}
	parsed, err := r.parse([]byte(text))
	if err != nil {
		return v
	}
	if number, ok := parsed.(json.Number); ok {
		parsed = value.WholeNumber(number)
	}
	kind := value.TypeOf(parsed)
	spaced := strings.TrimSpace(text) != text && !kind.Has(optable.Object|optable.Array)
	if kind == optable.Null || spaced || !value.Accepts(kinds, kind) {
		return v
	}
	r.repaired = append(r.repaired, at)
	return parsed
}

// inside repairs the items of an array or the properties of an object, in place.
func (r *repairer) inside(s *value.Schema, v any, at string) {
	if s.Within != nil {
		r.inside(s.Within, v, at)
		return
	}
	if len(s.AnyOf) > 0 {
		fitting := value.AcceptingType(s.AnyOf, value.TypeOf(v))
		if len(fitting) != 1 { // which of them is meant is open
			return
		}
		r.inside(fitting[0], v, at)
	}
	switch v := v.(type) {
	case []any:
		for i := range v {
			if s.Items != nil {
				v[i] = r.value(s.Items, v[i], at+"["+strconv.Itoa(i)+"]")
			}
		}
	case map[string]any:
		if s.Union != nil {
			if s = s.Union.Variant(v[s.Union.Property]); s == nil {
				return
			}
		}
		for _, name := range value.SortedNames(v) {
			if p := s.Property(name); p != nil {
				v[name] = r.value(p.Schema, v[name], jsontext.Join(at, name))
			} else if s.Additional != nil {
				v[name] = r.value(s.Additional, v[name], jsontext.Join(at, name))
			}
		}
	}
}

// parseArguments reads the arguments as they came, with the limits of parse.
func parseArguments(raw json.RawMessage, parse func([]byte) (any, error)) (map[string]any, error) {
	if len(bytes.TrimSpace(raw)) == 0 {
		return map[string]any{}, nil
	}
	v, err := parse(raw)
	if err != nil {
		return nil, err
	}
	switch v := v.(type) {
	case nil:
		return map[string]any{}, nil
	case map[string]any:
		return v, nil
	}
	return nil, fmt.Errorf("expected a JSON object, got %s", value.Describe(v))
}

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
		if t.input().root.Property(name) == nil {
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
	if args[wholeBody] == nil || !t.input().flat || t.input().root.Property(wholeBody) != nil {
		return nil
	}
	body, isObject := r.text(optable.Object, args[wholeBody], wholeBody).(map[string]any)
	if !isObject || len(body) == 0 {
		return nil
	}
	names := make([]string, 0, len(body))
	for _, name := range value.SortedNames(body) {
		name = t.input().argumentFor(name)
		if _, given := args[name]; given || t.input().root.Property(name) == nil || t.input().locations[name] != "" {
			return nil
		}
		names = append(names, name)
	}
	delete(args, wholeBody)
	for name, v := range body {
		args[t.input().argumentFor(name)] = v
	}
	return names
}

// meant returns the argument whose own name in the API the name is, or else the only one that it is another spelling
// of, if that is not given; otherwise "".
func (t *tool) meant(name string, args map[string]any) string {
	if own := t.namedInAPI(name); len(own) > 0 {
		if _, given := args[own[0]]; given || len(own) > 1 {
			return ""
		}
		return own[0]
	}
	words := phrase.Words(name)
	folded := strings.Join(words, "")
	var same, alike []string
	for _, p := range t.input().root.Properties {
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

// namedInAPI returns the arguments whose name in the API is another one, such as StartTime_lt for StartTime<.
func (t *tool) namedInAPI(name string) []string {
	var arguments []string
	for _, p := range t.bound.paths {
		if p.name == name {
			arguments = append(arguments, p.argument)
		}
	}
	for _, p := range t.input().params {
		if p.name == name {
			arguments = append(arguments, p.argument)
		}
	}
	if argument := t.input().argumentFor(name); t.input().flat && argument != name {
		arguments = append(arguments, argument)
	}
	return arguments
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
