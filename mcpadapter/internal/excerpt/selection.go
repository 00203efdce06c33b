// Package excerpt makes less of the JSON of a response: it selects fields, reads and combines the pages of a list,
// writes tables, cuts what does not fit, and describes the shape of what is left out. Its functions expect valid and
// compact JSON.
package excerpt

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/forms"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// Limits of a selection.
const (
	MaxFields     = 200
	maxFieldsText = 8 << 10 // bytes
)

// Selection is the part of a value to keep: nil is all of it, otherwise the members that it names. It applies to each
// item of an array.
type Selection map[string]Selection

// ParseFields reads the paths of a selection from an argument: an array, or a comma-separated string such as
// data[].id,data[].name, which parse may read as an array. The brackets are optional. The problem is a clause, or "".
func ParseFields(argument any, parse func([]byte) (any, error)) (paths []string, problem string) {
	if text, ok := argument.(string); ok && strings.HasPrefix(strings.TrimSpace(text), "[") {
		if list, err := parse([]byte(text)); err == nil {
			argument = list
		}
	}
	switch list := argument.(type) {
	case string:
		paths = strings.Split(list, ",")
	case []any:
		for _, element := range list {
			path, ok := element.(string)
			if !ok {
				return nil, "expected paths as strings, got " + value.Describe(element)
			}
			paths = append(paths, path)
		}
	default:
		return nil, "expected paths as one string with commas, such as id,name, got " + value.Describe(argument)
	}
	size := 0
	for i := range paths {
		paths[i] = strings.TrimPrefix(strings.TrimSpace(paths[i]), ".")
		size += len(paths[i])
	}
	paths = slices.DeleteFunc(paths, func(path string) bool { return path == "" })
	switch {
	case len(paths) == 0:
		return nil, "expected at least 1 path, such as id"
	case len(paths) > MaxFields || size > maxFieldsText:
		return nil, fmt.Sprintf("expected at most %d paths of %d bytes in all", MaxFields, maxFieldsText)
	}
	return paths, ""
}

// Select selects a path. A value that is selected as a whole stays so.
func (s Selection) Select(path []string) {
	for i, name := range path {
		inner, named := s[name]
		switch {
		case named && inner == nil:
			return
		case i == len(path)-1:
			s[name] = nil
		case !named:
			s[name] = Selection{}
		}
		s = s[name]
	}
}

// Append appends the selected part of a value to b.
func (s Selection) Append(b []byte, value json.RawMessage) []byte {
	if s == nil {
		return append(b, value...)
	}
	switch value[0] {
	case '[':
		return jsontext.AppendEach(b, value, s.Append)
	case '{':
		b = append(b, '{')
		for _, m := range jsontext.Members(value) {
			if inner, named := s[m.Name]; named {
				b = inner.Append(jsontext.AppendMember(b, m.Name, ""), m.Value)
			}
		}
		return append(b, '}')
	}
	return append(b, value...)
}

// Absent is why a response cannot have a path.
type Absent struct {
	Message string
	Nearest []string // the same path with another name in it; may be empty
}

// Find follows a path through the forms of a response, as far as the table describes it. It returns nil if the response
// may have the path. An object without described properties may have any.
func Find(table *optable.Table, f forms.Forms, path []string) *Absent {
	for i, name := range path {
		for f.Types().Has(optable.Array) {
			items := f.Items(table)
			if len(items) == 0 {
				break
			}
			f = items
		}
		names := f.Names()
		inner := f.Property(table, name)
		if len(inner) == 0 {
			inner = f.Additional(table)
		}
		open := len(names) == 0 && (len(f) == 0 || f.Types() == 0 || f.Types().Has(optable.Object))
		switch {
		case len(inner) > 0:
			f = inner
		case slices.Contains(names, name) || open: // of which nothing is said
			return nil
		default:
			return absent(path, i, names)
		}
	}
	return nil
}

// absent is what is wrong with a path whose name at i does not exist.
func absent(path []string, i int, names []string) *Absent {
	at := strings.Join(path[:i], ".")
	p := &Absent{Message: fmt.Sprintf("%q is not in the response", phrase.Preview(strings.Join(path, ".")))}
	for _, name := range phrase.Nearest(path[i], names, 1) {
		p.Nearest = append(p.Nearest, strings.Join(append(append(slices.Clone(path[:i]), name), path[i+1:]...), "."))
	}
	switch {
	case len(names) == 0:
		p.Message += "; " + at + " has no members"
	case p.Nearest == nil && at == "":
		p.Message += "; expected " + strings.Join(names, ", ")
	case p.Nearest == nil:
		p.Message += "; " + at + " has " + strings.Join(names, ", ")
	}
	return p
}
