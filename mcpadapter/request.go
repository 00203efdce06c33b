package mcpadapter

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// request is a set of checked arguments, divided into path, parameters and body.
type request struct {
	path    map[string]any // by argument, as are params
	params  map[string]any
	body    any
	given   bool   // whether a body is sent
	content int    // which media type it is in: an index of the input's contents
	chosen  string // that media type, if an argument has it
}

// split checks the flat arguments and divides them.
func (in *input) split(args map[string]any) (request, []Problem) {
	var c checker
	r := request{path: map[string]any{}, params: map[string]any{}, content: in.chosen(args)}
	bodySchema := in.body
	if len(in.contents) > 0 {
		bodySchema = in.contents[r.content].Schema
	}
	var body map[string]any
	if in.flat {
		body = map[string]any{}
	}
	for name, value := range in.knownValues {
		if _, given := args[name]; !given && in.takes(name, args) {
			args[name] = value
		}
	}
	for _, p := range in.root.Properties {
		if _, given := args[p.Name]; !given && p.Required && (in.locations[p.Name] != "" || !in.flat) {
			c.failf(p.Name, "is required: %s", value.Expected(p.Schema))
		}
	}
	for _, name := range value.SortedNames(args) {
		p := in.root.Property(name)
		switch where := in.locations[name]; {
		case p == nil:
			c.unknown(name, in)
		case where == optable.InPath:
			r.path[name] = c.value(p.Schema, args[name], name)
			c.segment(in.styled[name], r.path[name], name)
		case where == inMediaType:
			r.chosen, _ = c.value(p.Schema, args[name], name).(string)
		case where != "":
			r.params[name] = c.value(p.Schema, args[name], name)
			c.field(in.styled[name], r.params[name], name)
		case in.flat:
			body[name] = args[name]
		default:
			r.body, r.given = c.value(bodySchema, args[name], name), true
		}
	}
	switch {
	case in.flat && (in.required || len(body) > 0):
		r.body, r.given = in.wireBody(c.value(bodySchema, body, "")), true
	case in.required && !in.flat && !r.given && !in.mayBeEmpty(r.content) && in.mayBeEmpty(0): // in a type that is chosen
		c.failf(wholeBody, "is required: %s", value.Expected(bodySchema))
	}
	fields := args
	if nested, ok := r.body.(map[string]any); ok && !in.flat {
		fields = merged(args, nested)
	}
	for i := range in.exclusive {
		c.exclusive(&in.exclusive[i], fields)
	}
	return r, c.problems
}

func merged(a, b map[string]any) map[string]any {
	m := make(map[string]any, len(a)+len(b))
	for _, from := range []map[string]any{a, b} {
		maps.Copy(m, from)
	}
	return m
}

// segment rejects a path value that a server or a URL library may resolve to another resource (RFC 3986 section 5.2.4).
// Every other value is escaped into one segment.
func (c *checker) segment(p *optable.Parameter, v any, at string) {
	if text, ok := v.(string); ok && p == nil && !strings.Contains(text, ".") {
		return
	}
	if list, several := v.([]any); several && len(list) == 1 && list[0] == "" {
		c.failf(at+"[0]", "expected at least 1 character, got 0")
	}
	for _, text := range [...]string{segmentOf(nil, v), segmentOf(p, v)} {
		for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == '/' || r == '\\' }) {
			if part == "." || part == ".." {
				c.failf(at, "expected one path segment, got %s, which would address something else", value.Describe(v))
				return
			}
		}
	}
}

// field rejects what a header or a cookie cannot carry: net/http refuses the one and drops it from the other.
func (c *checker) field(p *optable.Parameter, v any, at string) {
	switch {
	case p == nil:
	case p.In == optable.InHeader && hasText(v, isControl):
		c.failf(at, "expected text that a header can carry, without line breaks and other control characters, got %s",
			value.Describe(v))
	case p.In == optable.InCookie && hasText(v, breaksCookie):
		c.failf(at, `expected text that a cookie can carry, ASCII without control characters, ", ; and \, got %s`,
			value.Describe(v))
	}
}

func isControl(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// breaksCookie reports whether a value of a cookie cannot have the character (RFC 6265 section 4.1.1). A space and a
// comma can be in one that is quoted.
func breaksCookie(r rune) bool { return r < ' ' || r >= 0x7f || strings.ContainsRune(`";\`, r) }

// hasText reports whether a text in the value, or the name of a member, has one of the characters.
func hasText(v any, character func(rune) bool) bool {
	switch v := v.(type) {
	case string:
		return strings.ContainsFunc(v, character)
	case []any:
		return slices.ContainsFunc(v, func(item any) bool { return hasText(item, character) })
	case map[string]any:
		for name, member := range v {
			if strings.ContainsFunc(name, character) || hasText(member, character) {
				return true
			}
		}
	}
	return false
}

// misrouted finds a path value that would make the URL that of another operation.
func (t *tool) misrouted(path map[string]any) (Problem, bool) {
	if len(path) == 0 {
		return Problem{}, false
	}
	own := optable.Route{ID: t.operation.ID, Method: t.operation.Method, Path: t.operation.Path}
	argument := func(parameter string) string {
		for _, p := range t.bound.paths {
			if p.name == parameter {
				return p.argument
			}
		}
		return ""
	}
	segment := func(argument string) string { return segmentOf(t.input().styled[argument], path[argument]) }
	name, other := t.engine.router().Conflict(&own, func(name string) string { return segment(argument(name)) })
	if other == nil {
		return Problem{}, false
	}
	name = argument(name)
	return Problem{
		Argument: name, Message: fmt.Sprintf("%q would address another operation, %s", segment(name), other.ID),
	}, true
}

// segmentOf returns a path value as it is sent in the style of its parameter, before it is escaped; nil: in the style
// simple, which has commas between the items of an array.
func segmentOf(p *optable.Parameter, v any) string {
	prefix, separator, exploded := "", ",", p != nil && p.Explode == "true"
	switch {
	case p == nil:
	case p.Style == "label":
		prefix = "."
	case p.Style == "matrix":
		prefix = ";" + p.Name + "="
	}
	if exploded && prefix != "" {
		separator = prefix
	}
	var parts []string
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			parts = append(parts, fmt.Sprint(item))
		}
	case map[string]any:
		for _, name := range value.SortedNames(v) {
			parts = append(parts, name, fmt.Sprint(v[name]))
		}
	default:
		parts = []string{fmt.Sprint(v)}
	}
	return prefix + strings.Join(parts, separator)
}

// exclusive checks that the given fields belong to one variant and that the variant is complete.
func (c *checker) exclusive(e *optable.Exclusive, fields map[string]any) {
	choice := e.Choose(func(name string) bool { _, given := fields[name]; return given })
	switch {
	case choice.None:
		c.failf(e.Variants[0].Fields[0], "is required, or instead of it %s", otherwise(e))
	case choice.Conflict != nil:
		c.failf(strings.Join(choice.Variant.Fields, ", "), "cannot go together with %s",
			strings.Join(choice.Conflict.Fields, ", "))
	}
	for _, name := range choice.Missing {
		c.failf(name, "is required together with %s", without(choice.Variant.Fields, name))
	}
}

func otherwise(e *optable.Exclusive) string {
	words := make([]string, 0, len(e.Variants)-1)
	for _, v := range e.Variants[1:] {
		words = append(words, strings.Join(v.Fields, " with "))
	}
	return strings.Join(words, ", or ")
}

func without(names []string, but string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == but }), ", ")
}

// proposed returns the arguments that a hint for an unknown one may propose, and those for paging, which it may only
// list: a model that misspells another argument would get a part of a list instead.
func (in *input) proposed() (names, paging []string) {
	for _, p := range in.root.Properties {
		if in.locations[p.Name] == optable.InQuery && slices.Contains(in.paging, p.Name) {
			paging = append(paging, p.Name)
		} else {
			names = append(names, p.Name)
		}
	}
	return names, paging
}

// Problem reports what is wrong with one argument.
type Problem struct {
	Argument string   `json:"argument"` // path, such as domain_data[0].state
	Message  string   `json:"message"`  // what was expected and what was given
	Nearest  []string `json:"nearest,omitempty"`
}

func (p Problem) String() string {
	text := p.Argument + ": " + p.Message
	if len(p.Nearest) > 0 {
		text += " (did you mean " + strings.Join(p.Nearest, " or ") + "?)"
	}
	return text
}

// checker collects problems of arguments, at most as many as one failure reports.
type checker struct{ problems []Problem }

//go:noinline
func (c *checker) failf(at, format string, args ...any) {
	c.add(Problem{Argument: at, Message: fmt.Sprintf(format, args...)})
}

//go:noinline
func (c *checker) add(p Problem) {
	if len(c.problems) < value.MaxProblems {
		c.problems = append(c.problems, p)
	}
}

// value checks an argument, or the body if there is no name, and returns it as it is sent.
func (c *checker) value(s *value.Schema, v any, name string) any {
	var at value.Path
	if name != "" {
		at = value.Path{{Name: name}}
	}
	v, faults := value.Check(s, v, at...)
	for i := range faults {
		for _, f := range faults[i].Specific() {
			c.add(Problem{Argument: cmp.Or(f.Path.String(), wholeBody), Message: f.Message, Nearest: f.Nearest})
		}
	}
	return v
}

// unknown reports an unknown argument, with the nearest of those that may be proposed. One for paging or for the
// response is proposed only if it is a slip away and no other is near.
func (c *checker) unknown(name string, in *input) {
	if len(c.problems) == value.MaxProblems { // looking for near names takes time
		return
	}
	proposed, paging := in.proposed()
	f := value.UnknownName(name, proposed)
	problem := Problem{Argument: name, Message: f.Message, Nearest: f.Nearest}
	all := in.published().Properties
	slip := slices.IndexFunc(all, func(p value.Property) bool { return isSlip(name, p.Name) })
	switch {
	case f.Nearest != nil:
	case slip >= 0:
		problem.Message, problem.Nearest = "is unknown", []string{all[slip].Name}
	case len(paging) > 0 && len(proposed) > 0:
		problem.Message += ", or for paging " + strings.Join(paging, ", ")
	case len(paging) > 0:
		problem.Message = "is unknown; expected only arguments for paging: " + strings.Join(paging, ", ")
	case len(proposed) == 0 && len(all) > 0:
		problem.Message = "is unknown"
	}
	c.add(problem)
}

// isSlip reports whether a name differs from another by one character at most, apart from case, hyphens and
// underscores.
func isSlip(name, other string) bool {
	const tooShort = 3 // a slip away from too much
	plain := strings.NewReplacer("_", "", "-", "")
	name, other = strings.ToLower(plain.Replace(name)), strings.ToLower(plain.Replace(other))
	if len(name) <= tooShort {
		return false
	}
	for name != "" && other != "" && name[0] == other[0] {
		name, other = name[1:], other[1:]
	}
	for name != "" && other != "" && name[len(name)-1] == other[len(other)-1] {
		name, other = name[:len(name)-1], other[:len(other)-1]
	}
	return len(name) <= 1 && len(other) <= 1
}
