package schema

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// definitions are the schemas that contain themselves, and in a large document those that are shared.
type definitions []*value.Schema //nolint:recvcheck // only collecting changes it

// AppendRoot appends the schema of a whole document as [Append] does. In JSON Schema a recursive part is a reference to
// $defs, and so is a shared part of a large document; the other dialects end the one at an object of any kind, and
// write the other once.
func AppendRoot(b []byte, root *value.Schema, at Style) []byte {
	var parts definitions
	if isLarge(root, at.Dialect) {
		parts, at.origins = shared(root)
	}
	if at.Dialect != Standard {
		if parts != nil {
			at.written = make(map[*value.Schema]bool, len(parts))
			for _, s := range parts {
				at.written[s] = false
			}
		}
		return Append(b, root, at)
	}
	at.definitions = parts
	if at.definitions.find(root, at.origins, map[*value.Schema]bool{}); len(at.definitions) == 0 {
		return Append(b, root, at)
	}
	at.whole = root
	b = Append(b, root, at)
	w := writer{b[:len(b)-1], at}
	w.key("$defs")
	w.b = append(w.b, '{')
	for i, s := range at.definitions {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		w.b = append(jsontext.AppendString(w.b, at.definitions.name(s)), ':')
		inner := at
		inner.whole = s
		w.b = Append(w.b, s, inner)
	}
	return append(w.b, '}', '}')
}

// find adds the schemas that parts of a schema repeat.
func (d *definitions) find(s *value.Schema, first origins, seen map[*value.Schema]bool) {
	if s.Within != nil {
		if outer := first.of(s.Within); !slices.Contains(*d, outer) {
			*d = append(*d, outer)
			d.find(outer, first, seen)
		}
		return
	}
	s = first.of(s)
	if len(s.Properties) == 0 && s.Items == nil && s.Additional == nil && s.PropertyNames == nil && !s.HasAlternatives() ||
		seen[s] {
		return
	}
	seen[s] = true
	eachPart(s, func(part *value.Schema) { d.find(part, first, seen) })
}

// name returns the name of a definition, or "" for a schema that is none.
func (d definitions) name(target *value.Schema) string {
	i := slices.Index(d, target)
	if i < 0 {
		return ""
	}
	foreign := func(r rune) bool {
		return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_'
	}
	sameName := func(other *value.Schema) bool { return other.Name == target.Name }
	if target.Name == "" || strings.ContainsFunc(target.Name, foreign) || slices.ContainsFunc(d[:i], sameName) {
		return "Recursive" + strconv.Itoa(i+1)
	}
	return target.Name
}

// appendReference appends a reference to a definition, which null may stand in for.
func appendReference(b []byte, s *value.Schema, name string, at Style) []byte {
	w := writer{append(b, '{'), at}
	pointer := string(jsontext.AppendString(nil, "#/$defs/"+name))
	if s.Within != nil && s.Types.Has(optable.Null) && !s.Within.Types.Has(optable.Null) {
		w.raw("anyOf", `[{"$ref":`+pointer+`},{"type":"null"}]`)
	} else {
		w.raw("$ref", pointer)
	}
	if s.Within != nil || s.Description != at.origins.of(s).Description {
		w.text("description", at.worth(s))
	}
	return append(w.b, '}')
}
