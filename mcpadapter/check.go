package mcpadapter

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/phrase"
)

// maxProblems bounds what one refusal tells.
const maxProblems = 20

// Problem is what is wrong with one argument.
type Problem struct {
	Argument string   `json:"argument"` // path, such as domain_data[0].state
	Message  string   `json:"message"`  // what was expected, and what came
	Nearest  []string `json:"nearest,omitempty"`
}

func (p Problem) String() string {
	text := p.Argument + ": " + p.Message
	if len(p.Nearest) > 0 {
		text += " (did you mean " + strings.Join(p.Nearest, " or ") + "?)"
	}
	return text
}

// checker collects problems. Its methods return the value as it is to be sent, with whole numbers in plain digits.
type checker struct{ problems []Problem }

func (c *checker) failf(at, format string, args ...any) {
	c.add(Problem{Argument: at, Message: fmt.Sprintf(format, args...)})
}

func (c *checker) add(p Problem) {
	if len(c.problems) < maxProblems {
		c.problems = append(c.problems, p)
	}
}

// value checks one value against its schema.
func (c *checker) value(s *schema, v any, at string) any {
	if number, ok := v.(json.Number); ok {
		v = wholeNumber(number)
	}
	kind := kindOf(v)
	if !accepts(s.types, kind) {
		c.failf(at, "expected %s, got %s", expected(s), describe(v))
		return v
	}
	if v == nil && s.types.Has(optable.Null) {
		return v
	}
	if s.within != nil {
		return c.value(s.within, v, at)
	}
	if len(s.anyOf) > 0 {
		before := len(c.problems)
		if v = c.alternatives(s, v, at); len(c.problems) > before {
			return v
		}
	}
	if v == nil {
		return v
	}
	c.members(s, v, at)
	switch v := v.(type) {
	case string:
		c.text(s, v, at)
	case json.Number:
		c.number(s, v, at)
	case []any:
		return c.array(s, v, at)
	case map[string]any:
		return c.object(s, v, at)
	}
	return v
}

func valid(s *schema, v any, at string) bool {
	var c checker
	c.value(s, v, at)
	return len(c.problems) == 0
}

func kindOf(v any) optable.Types {
	switch v := v.(type) {
	case nil:
		return optable.Null
	case string:
		return optable.String
	case bool:
		return optable.Boolean
	case json.Number:
		if _, err := strconv.ParseInt(string(v), 10, 64); err == nil || isDigits(string(v)) {
			return optable.Integer
		}
		return optable.Number
	case []any:
		return optable.Array
	}
	return optable.Object
}

func accepts(types, kind optable.Types) bool {
	return types == 0 || types.Has(kind) || kind == optable.Integer && types.Has(optable.Number)
}

// alternatives checks a value against anyOf. Where only one alternative has its type, that one says what is wrong, and
// is tried only once, as alternatives may be nested without end.
func (c *checker) alternatives(s *schema, v any, at string) any {
	fitting := acceptingType(s.anyOf, kindOf(v))
	if len(fitting) == 1 {
		return c.value(fitting[0], v, at)
	}
	if !slices.ContainsFunc(fitting, func(a *schema) bool { return valid(a, v, at) }) {
		c.failf(at, "%s matches none of the accepted forms: %s", describe(v), alternativesOf(s))
	}
	return v
}

// acceptingType lists the alternatives whose type accepts the kind of value.
func acceptingType(alternatives []*schema, kind optable.Types) []*schema {
	return slices.DeleteFunc(slices.Clone(alternatives), func(a *schema) bool { return !accepts(a.types, kind) })
}

// members checks enum and const.
func (c *checker) members(s *schema, v any, at string) {
	members := s.enum
	if s.constant != "" {
		members = []string{s.constant}
	}
	if len(members) == 0 {
		return
	}
	if slices.ContainsFunc(members, func(m string) bool { return same(m, v) }) {
		return
	}
	p := Problem{Argument: at, Message: fmt.Sprintf("expected %s, got %s", oneOf(members), describe(v))}
	if name, ok := v.(string); ok && len(members) > 1 {
		plain := make([]string, len(members))
		for i, m := range members {
			plain[i] = strings.Trim(m, `"`)
		}
		p.Nearest = phrase.Nearest(name, plain, 1)
	}
	c.add(p)
}

// same reports whether a JSON text stands for the value, however either of them is written.
func same(text string, v any) bool {
	member, err := parseJSON([]byte(text))
	return err == nil && canonical(member) == canonical(v)
}

// canonical returns a JSON text that equal values share: 1, 1.0 and 10e-1 are one number (JSON Schema core 4.2.2).
func canonical(v any) string {
	text, _ := json.Marshal(withDecimals(v)) //nolint:errchkjson // as parsed
	return string(text)
}

// withDecimals returns a copy of a parsed value whose numbers are written without an exponent and without zeros at the
// end.
func withDecimals(v any) any {
	switch v := v.(type) {
	case json.Number:
		if number, ok := rational(string(v)); ok {
			digits, _ := number.FloatPrec()
			return json.Number(number.FloatString(digits))
		}
	case []any:
		list := make([]any, len(v))
		for i := range v {
			list[i] = withDecimals(v[i])
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for name := range v {
			object[name] = withDecimals(v[name])
		}
		return object
	}
	return v
}

func oneOf(members []string) string {
	const most = 12
	if len(members) == 1 {
		return members[0]
	}
	if len(members) > most {
		return "one of " + strings.Join(members[:most], ", ") + fmt.Sprintf(" and %d more", len(members)-most)
	}
	return "one of " + strings.Join(members, ", ")
}

func (c *checker) array(s *schema, list []any, at string) any {
	if len(list) < s.minItems {
		c.failf(at, "expected at least %s, got %d", phrase.Plural(s.minItems, "item"), len(list))
	}
	if s.maxItems > 0 && len(list) > s.maxItems {
		c.failf(at, "expected at most %s, got %d", phrase.Plural(s.maxItems, "item"), len(list))
	}
	seen := map[string]int{}
	for i, v := range list {
		place := at + "[" + strconv.Itoa(i) + "]"
		if s.items != nil {
			list[i] = c.value(s.items, v, place)
		}
		if s.uniqueItems {
			text := canonical(list[i])
			if first, twice := seen[text]; twice {
				c.failf(place, "is the same as item %d, but items must differ", first)
			}
			seen[text] = i
		}
	}
	return list
}

func (c *checker) object(s *schema, object map[string]any, at string) any {
	if s.union != nil {
		return c.union(s.union, object, at)
	}
	for _, p := range s.properties {
		if _, given := object[p.name]; !given && p.required {
			c.failf(join(at, p.name), "is required: %s", expected(p.schema))
		}
	}
	if len(object) < s.minProperties {
		c.failf(cmp.Or(at, wholeBody), "expected at least %s, got %d", phrase.Plural(s.minProperties, "name"), len(object))
	}
	if s.maxProperties > 0 && len(object) > s.maxProperties {
		c.failf(cmp.Or(at, wholeBody), "expected at most %s, got %d", phrase.Plural(s.maxProperties, "name"), len(object))
	}
	for _, name := range sortedNames(object) {
		v := object[name]
		if s.propertyNames != nil {
			c.value(s.propertyNames, name, "the name "+join(at, name))
		}
		switch p := s.property(name); {
		case p != nil:
			object[name] = c.value(p.schema, v, join(at, name))
		case s.closed:
			c.unknown(join(at, name), name, s.propertyList())
		case s.additional != nil:
			object[name] = c.value(s.additional, v, join(at, name))
		}
	}
	return object
}

func (c *checker) unknown(at, name string, known []string) {
	if len(c.problems) == maxProblems { // looking for near names takes time
		return
	}
	p := Problem{Argument: at, Message: "is unknown", Nearest: phrase.Nearest(name, known, 1)}
	switch {
	case len(known) == 0:
		p.Message += "; none are accepted here"
	case p.Nearest == nil:
		p.Message += "; expected " + strings.Join(known, ", ")
	}
	c.add(p)
}

// union checks an object against the variant that its discriminator names.
func (c *checker) union(u *union, object map[string]any, at string) any {
	place := join(at, u.property)
	value, given := object[u.property]
	if !given {
		c.failf(place, "is required: %s", oneOf(u.values()))
		return object
	}
	chosen := u.variant(value)
	if chosen == nil {
		c.members(&schema{enum: u.values()}, value, place)
		return object
	}
	before := len(c.problems)
	c.value(chosen, object, at)
	for i := range c.problems[before:] {
		p := &c.problems[before+i]
		if strings.HasPrefix(p.Message, "is unknown") && u.has(strings.TrimPrefix(p.Argument, at+".")) {
			p.Message, p.Nearest = fmt.Sprintf("does not go with %s %q", u.property, value), nil
		}
	}
	return object
}

// variant returns the schema that a value of the discriminator stands for, or nil.
func (u *union) variant(value any) *schema {
	for _, v := range u.variants {
		if v.value == value {
			return v.schema
		}
	}
	return nil
}

// has tells whether some variant has the property.
func (u *union) has(name string) bool {
	return slices.ContainsFunc(u.variants, func(v variant) bool { return v.schema.property(name) != nil })
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

func sortedNames(object map[string]any) []string {
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
