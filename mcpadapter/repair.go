package mcpadapter

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

const (
	// wholeArguments is what a repair of all arguments together is called.
	wholeArguments = "arguments"
	// maxRepaired bounds what one call repairs, so that all of it can be told.
	maxRepaired = 100
)

// repairer reads values that came as text, as some models write them: an object or an array as a string that holds its
// JSON, a number or a boolean in quotes. It does so only where the schema accepts no string, so that the text can mean
// nothing else, and only if the text is that value's JSON to the letter. Everything else stays as it is, for the check
// to refuse.
type repairer struct{ paths []string }

// arguments reads the arguments as they came, or a string that holds them.
func (r *repairer) arguments(raw json.RawMessage) (map[string]any, error) {
	if !bytes.HasPrefix(bytes.TrimSpace(raw), []byte{'"'}) {
		return parseArguments(raw)
	}
	v, err := parseJSON(raw)
	if err != nil {
		return nil, err
	}
	if object, ok := r.text(optable.Object, v, wholeArguments).(map[string]any); ok {
		return object, nil
	}
	return parseArguments(raw)
}

// input repairs the flat arguments of a tool in place.
func (r *repairer) input(in *input, args map[string]any) {
	for _, name := range sortedNames(args) {
		if p := in.argument(name, args); p != nil {
			args[name] = r.value(p.schema, args[name], name)
		}
	}
}

// argument returns the property that an argument is checked as: in a union, the chosen variant's. It is nil for an
// argument that is refused anyway.
func (in *input) argument(name string, args map[string]any) *property {
	if in.params[name] != "" || !in.flat || in.body.union == nil {
		return in.root.property(name)
	}
	if chosen := in.body.union.variant(args[in.body.union.property]); chosen != nil {
		return chosen.property(name)
	}
	return nil
}

// value returns the value as the schema wants it, if it is that or a text of that.
func (r *repairer) value(s *schema, v any, at string) any {
	v = r.text(s.kinds(), v, at)
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
	if !ok || kinds.Has(optable.String) || len(r.paths) == maxRepaired {
		return v
	}
	parsed, err := parseJSON([]byte(text))
	if err != nil {
		return v
	}
	if number, ok := parsed.(json.Number); ok {
		parsed = wholeNumber(number)
	}
	kind := kindOf(parsed)
	spaced := strings.TrimSpace(text) != text && !kind.Has(optable.Object|optable.Array)
	if kind == optable.Null || spaced || !accepts(kinds, kind) {
		return v
	}
	r.paths = append(r.paths, at)
	return parsed
}

// inside repairs the items of an array or the properties of an object, in place.
func (r *repairer) inside(s *schema, v any, at string) {
	if s.within != nil {
		r.inside(s.within, v, at)
		return
	}
	if len(s.anyOf) > 0 {
		fitting := acceptingType(s.anyOf, kindOf(v))
		if len(fitting) != 1 { // which of them is meant is open
			return
		}
		r.inside(fitting[0], v, at)
	}
	switch v := v.(type) {
	case []any:
		for i := range v {
			if s.items != nil {
				v[i] = r.value(s.items, v[i], at+"["+strconv.Itoa(i)+"]")
			}
		}
	case map[string]any:
		if s.union != nil {
			if s = s.union.variant(v[s.union.property]); s == nil {
				return
			}
		}
		for _, name := range sortedNames(v) {
			if p := s.property(name); p != nil {
				v[name] = r.value(p.schema, v[name], join(at, name))
			} else if s.additional != nil {
				v[name] = r.value(s.additional, v[name], join(at, name))
			}
		}
	}
}

// kinds is the set of types that the schema accepts, its alternatives included.
func (s *schema) kinds() optable.Types {
	switch {
	case s.types != 0:
		return s.types
	case s.within != nil:
		return s.within.kinds()
	case len(s.anyOf) == 0:
		return anyType
	}
	var kinds optable.Types
	for _, a := range s.anyOf {
		kinds |= a.kinds()
	}
	return kinds
}
