package mcpadapter

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
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
				v[name] = r.value(p.Schema, v[name], join(at, name))
			} else if s.Additional != nil {
				v[name] = r.value(s.Additional, v[name], join(at, name))
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
