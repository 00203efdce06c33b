package mcpadapter

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

const (
	maxFields     = 200
	maxFieldsText = 8 << 10 // bytes
)

// selection is the part of a value to keep: nil is all of it, otherwise the members that it names. It applies to each
// item of an array.
type selection map[string]selection

// parseFields reads the argument: paths in an array, or in a comma-separated string such as data[].id,data[].name. The
// brackets are optional.
func parseFields(argument any, parse func([]byte) (any, error)) ([]string, string) {
	if text, ok := argument.(string); ok && strings.HasPrefix(strings.TrimSpace(text), "[") {
		if list, err := parse([]byte(text)); err == nil {
			argument = list
		}
	}
	var paths []string
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
	case len(paths) > maxFields || size > maxFieldsText:
		return nil, fmt.Sprintf("expected at most %d paths of %d bytes in all", maxFields, maxFieldsText)
	}
	return paths, ""
}

// selectPath selects a path. A value that is selected as a whole stays so.
func (s selection) selectPath(path []string) {
	for i, name := range path {
		inner, named := s[name]
		switch {
		case named && inner == nil:
			return
		case i == len(path)-1:
			s[name] = nil
		case !named:
			s[name] = selection{}
		}
		s = s[name]
	}
}

// apply appends the selected part of a value to b.
func (s selection) apply(b []byte, value json.RawMessage) []byte {
	if s == nil {
		return append(b, value...)
	}
	switch value[0] {
	case '[':
		return each(b, value, s.apply)
	case '{':
		b = append(b, '{')
		for _, m := range jsontext.Members(value) {
			if inner, named := s[m.Name]; named {
				b = inner.apply(jsontext.AppendMember(b, m.Name, ""), m.Value)
			}
		}
		return append(b, '}')
	}
	return append(b, value...)
}

// selectFields returns the selection of the paths. If the table describes the response, a path that it cannot have is a
// problem with the nearest valid name.
func (t *tool) selectFields(paths []string, argument string) (selection, []Problem) {
	chosen := selection{}
	var c checker
	known := t.engine.responseSchemas(t.operation)
	for _, path := range paths {
		names := strings.Split(strings.ReplaceAll(path, "[]", ""), ".")
		if slices.Contains(names, "") {
			c.failf(argument, "%q is not a path: expected names with dots, such as data.id", phrase.Preview(path))
			continue
		}
		if problem, found := t.engine.canHave(known, names); !found {
			problem.Argument = argument
			c.add(problem)
			continue
		}
		chosen.selectPath(names)
	}
	if list := t.engine.listingOf(t.operation); list.metadata != "" {
		chosen.selectPath([]string{list.metadata}) // or the next page could not be asked for
	}
	return chosen, c.problems
}

// canHave follows a path as far as the table describes it. An object without described properties may have any.
func (e *engine) canHave(forms []*optable.Schema, path []string) (Problem, bool) {
	for i, name := range path {
		for typesOf(forms).Has(optable.Array) {
			items := e.itemSchemas(forms)
			if len(items) == 0 {
				break
			}
			forms = items
		}
		names := propertyNames(forms)
		inner := e.propertySchemas(forms, name)
		if len(inner) == 0 {
			inner = e.additionalSchemas(forms)
		}
		open := len(names) == 0 && (len(forms) == 0 || typesOf(forms) == 0 || typesOf(forms).Has(optable.Object))
		switch {
		case len(inner) > 0:
			forms = inner
		case slices.Contains(names, name) || open: // of which nothing is said
			return Problem{}, true
		default:
			return astray(path, i, names), false
		}
	}
	return Problem{}, true
}

// astray is the problem of a path whose name at i does not exist.
func astray(path []string, i int, names []string) Problem {
	at := strings.Join(path[:i], ".")
	p := Problem{Message: fmt.Sprintf("%q is not in the response", phrase.Preview(strings.Join(path, ".")))}
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
