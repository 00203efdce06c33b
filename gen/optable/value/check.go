package value

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
)

// MaxProblems limits how many problems one check reports.
const MaxProblems = 20

// Problem reports a part of a value that its schema does not accept.
type Problem struct {
	Path    Path
	Kind    Kind
	Schema  *Schema   // that does not accept it
	Message string    // what was expected, and what came
	Nearest []string  // valid names or values close to the one that came
	Causes  []Problem // for NoAlternative: why the first alternative of the value's type does not accept it
	// Meant are, for NoAlternative, the problems of the alternative that a property of the object chooses, or of that
	// property; nil: none does.
	Meant []Problem

	nearest *Problem // of the alternative that is nearest
}

// Kind is what is wrong with a value.
type Kind int

// The kinds of problems.
const (
	WrongType     Kind = iota // the value has a type that is not accepted
	WrongValue                // it is not a member of the enum, not the const, or outside the bounds
	WrongLength               // it has too few or too many characters, items or properties
	WrongFormat               // it does not match the pattern or the format
	Missing                   // a required property is missing
	Unknown                   // an object that names all its properties has another one
	Duplicate                 // an array has an item twice
	NoAlternative             // no alternative accepts the value
)

// Check compares a value, with a schema. It returns the value with whole numbers in plain
// digits, changed in place, and the first 20 problems in it, under paths that begin with the given one.
func Check(s *Schema, v any, at ...Step) (any, []Problem) {
	var c checker
	v = c.value(s, v, slices.Clip(Path(at)))
	return v, c.problems
}

// Valid reports whether the schema accepts the value.
func Valid(s *Schema, v any) bool {
	c := checker{silent: true}
	c.value(s, v, nil)
	return len(c.problems) == 0
}

// checker collects problems. Its methods return the value as Check does. Paths share memory: one that is kept is
// copied.
type checker struct {
	problems []Problem
	tried    trials // shared with the checkers of alternatives
	silent   bool   // whether nobody reads the messages about alternatives, which take time
}

func (c *checker) failf(s *Schema, at Path, kind Kind, format string, args ...any) {
	c.add(Problem{Path: at, Kind: kind, Schema: s, Message: fmt.Sprintf(format, args...)})
}

func (c *checker) add(p Problem) {
	if len(c.problems) < MaxProblems {
		p.Path = slices.Clone(p.Path)
		c.problems = append(c.problems, p)
	}
}

// value checks one value against its schema.
func (c *checker) value(s *Schema, v any, at Path) any {
	if number, ok := v.(json.Number); ok {
		v = WholeNumber(number)
	}
	if len(s.AllOf) > 0 && (v != nil || !s.Types.Has(optable.Null)) {
		for _, part := range s.AllOf {
			v = c.value(part, v, at)
		}
		return v
	}
	if !Accepts(s.Types, TypeOf(v)) {
		c.failf(s, at, WrongType, "expected %s, got %s", Expected(s), Describe(v))
		return v
	}
	if v == nil && s.Types.Has(optable.Null) {
		return v
	}
	if s.Within != nil {
		return c.again(s.Within, v, at)
	}
	if len(s.AnyOf) > 0 {
		before := len(c.problems)
		if v = c.alternatives(s, v, at); len(c.problems) > before {
			return v
		}
	}
	c.members(s, v, at)
	switch v := v.(type) {
	case string:
		c.text(s, v, at)
	case json.Number:
		c.number(s, v, at)
	case []any:
		c.array(s, v, at)
	case map[string]any:
		c.object(s, v, at)
	}
	return v
}

// TypeOf returns the type of a value. A number without fraction and exponent is an integer.
func TypeOf(v any) optable.Types {
	switch v := v.(type) {
	case nil:
		return optable.Null
	case string:
		return optable.String
	case bool:
		return optable.Boolean
	case json.Number:
		if IsDigits(string(v)) {
			return optable.Integer
		}
		return optable.Number
	case []any:
		return optable.Array
	}
	return optable.Object
}

// Accepts reports whether a set of types allows values of a type: the empty set allows any, and numbers include
// integers.
func Accepts(types, typ optable.Types) bool {
	return types == 0 || types.Has(typ) || typ == optable.Integer && types.Has(optable.Number)
}

// members checks enum and const.
func (c *checker) members(s *Schema, v any, at Path) {
	members := s.Enum
	if s.Const != "" && (len(members) == 0 || !same(s.Const, v)) {
		members = []string{s.Const}
	}
	if len(members) == 0 {
		return
	}
	if slices.ContainsFunc(members, func(m string) bool { return same(m, v) }) {
		return
	}
	p := Problem{
		Path: at, Kind: WrongValue, Schema: s,
		Message: fmt.Sprintf("expected %s, got %s", oneOf(members), Describe(v)),
	}
	if name, ok := v.(string); ok && len(members) > 1 {
		plain := make([]string, len(members))
		for i, m := range members {
			plain[i] = strings.Trim(m, `"`)
		}
		p.Nearest = phrase.Nearest(name, plain, 1)
	}
	c.add(p)
}

func (c *checker) array(s *Schema, list []any, at Path) {
	if len(list) < s.MinItems {
		c.failf(s, at, WrongLength, "expected at least %s, got %d", phrase.Plural(s.MinItems, "item"), len(list))
	}
	if s.MaxItems > 0 && len(list) > s.MaxItems {
		c.failf(s, at, WrongLength, "expected at most %s, got %d", phrase.Plural(s.MaxItems, "item"), len(list))
	}
	seen := map[string]int{}
	at = at.roomy()
	for i, v := range list {
		place := at.with(Step{To: ToItem, Index: i})
		if s.Items != nil {
			list[i] = c.value(s.Items, v, place)
		}
		if s.UniqueItems {
			text := canonical(list[i])
			if first, twice := seen[text]; twice {
				c.failf(s, place, Duplicate, "is the same as item %d, but items must differ", first)
			}
			seen[text] = i
		}
	}
}

func (c *checker) object(s *Schema, object map[string]any, at Path) {
	if s.Union != nil {
		c.union(s, object, at)
		return
	}
	if len(object) < s.MinProperties {
		c.failf(s, at, WrongLength, "expected at least %s, got %d", phrase.Plural(s.MinProperties, "name"), len(object))
	}
	if s.MaxProperties > 0 && len(object) > s.MaxProperties {
		c.failf(s, at, WrongLength, "expected at most %s, got %d", phrase.Plural(s.MaxProperties, "name"), len(object))
	}
	at = at.roomy()
	for _, p := range s.Properties {
		place := at.with(Step{Name: p.Name})
		if v, given := object[p.Name]; given {
			object[p.Name] = c.value(p.Schema, v, place)
		} else if p.Required {
			c.failf(p.Schema, place, Missing, "is required: %s", Expected(p.Schema))
		}
	}
	for _, name := range SortedNames(object) {
		c.named(s, object, name, at)
	}
}

// named checks the name of a property, and its value if the schema does not name it.
func (c *checker) named(s *Schema, object map[string]any, name string, at Path) {
	if s.PropertyNames != nil {
		c.value(s.PropertyNames, name, at.with(Step{To: ToName, Name: name}))
	}
	place := at.with(Step{Name: name})
	switch {
	case s.Property(name) != nil:
	case s.Closed:
		c.unknown(s, name, place)
	case s.Additional != nil:
		object[name] = c.value(s.Additional, object[name], place)
	}
}

func (c *checker) unknown(s *Schema, name string, at Path) {
	if len(c.problems) == MaxProblems { // looking for near names takes time
		return
	}
	p := UnknownName(name, s.Names())
	p.Path, p.Schema = at, s
	c.add(p)
}

// UnknownName returns the problem of a property name that is none of the known ones.
func UnknownName(name string, known []string) Problem {
	p := Problem{
		Path: Path{{Name: name}}, Kind: Unknown, Message: "is unknown", Nearest: phrase.Nearest(name, known, 1),
	}
	switch {
	case len(known) == 0:
		p.Message += "; none are accepted here"
	case p.Nearest == nil:
		p.Message += "; expected " + strings.Join(known, ", ")
	}
	return p
}

// union checks an object against the variant that its discriminator names.
func (c *checker) union(s *Schema, object map[string]any, at Path) {
	u := s.Union
	place := at.with(Step{Name: u.Property})
	value, given := object[u.Property]
	if !given {
		c.failf(s, place, Missing, "is required: %s", oneOf(u.Values()))
		return
	}
	chosen := u.Variant(value)
	if chosen == nil {
		c.members(&Schema{Enum: u.Values()}, value, place)
		return
	}
	before := len(c.problems)
	c.value(chosen, object, at)
	for i := before; i < len(c.problems); i++ {
		p := &c.problems[i]
		if p.Kind == Unknown && len(p.Path) == len(at)+1 && u.has(p.Path[len(at)].Name) {
			p.Message, p.Nearest = fmt.Sprintf("does not go with %s %q", u.Property, value), nil
		}
	}
}

// SortedNames returns the names of an object's properties in order.
func SortedNames(object map[string]any) []string {
	names := slices.AppendSeq(make([]string, 0, len(object)), maps.Keys(object))
	slices.Sort(names)
	return names
}
