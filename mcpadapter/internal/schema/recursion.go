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

// definitions are the schemas that contain themselves, in the order in which a document refers to them.
type definitions []*value.Schema //nolint:recvcheck // only collecting changes it

// AppendRoot appends the schema of a whole document as [Append] does. In JSON Schema a recursive part is a reference to
// $defs; the other dialects end it at an object of any kind.
func AppendRoot(b []byte, root *value.Schema, at Style) []byte {
	if at.Dialect != Standard {
		return Append(b, root, at)
	}
	if at.definitions.find(root); len(at.definitions) == 0 {
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
func (d *definitions) find(s *value.Schema) {
	switch {
	case s == nil:
		return
	case s.Within != nil:
		if !slices.Contains(*d, s.Within) {
			*d = append(*d, s.Within)
			d.find(s.Within)
		}
		return
	}
	for i := range s.Properties {
		d.find(s.Properties[i].Schema)
	}
	d.find(s.Items)
	d.find(s.Additional)
	d.find(s.PropertyNames)
	for _, a := range s.AnyOf {
		d.find(a)
	}
	if s.Union != nil {
		for i := range s.Union.Variants {
			d.find(s.Union.Variants[i].Schema)
		}
	}
}

// name returns the name of the definition that a schema is or repeats, or "".
func (d definitions) name(s *value.Schema) string {
	target := s
	if s.Within != nil {
		target = s.Within
	}
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
	if s.Within != nil {
		w.text("description", at.worth(s))
	}
	return append(w.b, '}')
}
