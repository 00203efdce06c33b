package value

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Sampler makes up values that schemas accept: what the schema has as its example, its const, the first of its enum or
// its default, and else what its types, formats and limits and the names of common properties suggest. The zero value
// is ready to use.
type Sampler struct {
	// Scalar returns a value for a schema that is no object and no array, where the caller knows a better one; nil: it
	// does not. A text is made as long or as short as it must be; a value that the schema does not accept is ignored.
	Scalar func(at Path, s *Schema) any
	// Include decides whether an object has a property, which the path leads to. nil: it has those that are required.
	Include func(at Path, p *Property) Inclusion
	// Variant chooses the variant of a union; nil: the first.
	Variant func(at Path, u *Union) *Variant
	// Null makes a value null wherever its types include null.
	Null bool
	// Least leaves arrays and maps as short as they may be. Otherwise they have at least one item.
	Least bool

	left int // schemas to make up values of, in one sample
}

// Inclusion is whether a sample has a property.
type Inclusion int

// The inclusions.
const (
	IfNeeded Inclusion = iota // only to have as many properties as the object must have
	Always
	Never
)

const (
	sampleRepeatDepth = 3 // from here on no optional property begins a type anew that holds itself

	sampleItemDepth = 8  // from here on arrays and maps are as short as may be, as they may hold themselves
	sampleDepth     = 32 // from here on nothing is valid, as schemas require themselves without end

	maxSampled = 10_000 // schemas of one sample; a choice of forms that require others like it has more ways than that
)

// Sample returns a value that the schema accepts as JSON text, with properties in the order of the schema, or nil if it
// knows none. Each part is valid; whether they are valid together, as where items must differ, is for the caller to
// check. The path leads to the value, for the functions of the sampler.
func (m *Sampler) Sample(s *Schema, at ...Step) json.RawMessage {
	one := *m
	one.left = maxSampled
	text := one.sample(s, slices.Grow(slices.Clip(Path(at)), sampleItemDepth), 0)
	if text == "" {
		return nil
	}
	return json.RawMessage(text)
}

// sample writes a value of the schema, or "" if there is none.
func (m *Sampler) sample(s *Schema, at Path, depth int) string {
	if m.left--; m.left < 0 {
		return ""
	}
	if m.Null && s.Types.Has(optable.Null) && s.Types != AnyType {
		return null
	}
	if s.Within != nil && depth < sampleDepth {
		return m.sample(s.Within, at, depth+1)
	}
	if len(s.Properties) == 0 && s.Union == nil {
		if text := m.stated(s, at); text != "" {
			return text
		}
	}
	if depth >= sampleDepth {
		return ""
	}
	for _, a := range s.AnyOf {
		if text := m.sample(beside(s, a), at, depth+1); accepted(s, text) {
			return text
		}
	}
	return m.ofType(s, at, depth)
}

// stated returns what the schema or the caller has for a value, or "".
func (m *Sampler) stated(s *Schema, at Path) string {
	for _, text := range []string{s.Example, s.Const} {
		if accepted(s, text) {
			return text
		}
	}
	if m.Scalar != nil {
		v := m.Scalar(at, s)
		if text, ok := v.(string); ok {
			v = ofLength(text, s.MinLength, s.MaxLength)
		}
		if text, err := json.Marshal(v); err == nil && accepted(s, string(text)) {
			return string(text)
		}
	}
	for _, text := range append(slices.Clip(s.Enum), s.Default) {
		if accepted(s, text) {
			return text
		}
	}
	return ""
}

func (m *Sampler) ofType(s *Schema, at Path, depth int) string {
	switch types := s.AllTypes(); {
	case types.Has(optable.String):
		return sampleText(s, commonText(at))
	case types.Has(optable.Object):
		return m.object(s, at, depth)
	case types.Has(optable.Array):
		return m.array(s, at, depth)
	case types.Has(optable.Integer | optable.Number):
		return sampleNumber(s)
	case types.Has(optable.Boolean):
		return strconv.FormatBool(true)
	}
	return ""
}

// Chosen returns the variant of a schema that is a union, with its value pinned. Any other schema is as it is.
func (m *Sampler) Chosen(s *Schema, at ...Step) *Schema {
	if s.Union == nil || len(s.Union.Variants) == 0 {
		return s
	}
	chosen := &s.Union.Variants[0]
	if m.Variant != nil {
		if v := m.Variant(at, s.Union); v != nil {
			chosen = v
		}
	}
	return chosen.Schema.WithConst(s.Union.Property, chosen.Value)
}

func (m *Sampler) inclusion(at Path, p *Property) Inclusion {
	switch {
	case m.Include != nil:
		return m.Include(at, p)
	case p.Required:
		return Always
	}
	return IfNeeded
}

func (m *Sampler) object(s *Schema, at Path, depth int) string {
	s = m.Chosen(s, at...)
	b := []byte{'{'}
	n := 0
	for _, wanted := range []bool{true, false} { // what is needed, then whatever else makes up the number
		for i := range s.Properties {
			p := &s.Properties[i]
			place := at.with(Step{Name: p.Name})
			include := m.inclusion(place, p)
			if include == Never || (include == Always) != wanted || !wanted && n >= s.MinProperties ||
				!p.Required && depth >= sampleRepeatDepth && p.Schema.repeats() {
				continue
			}
			text := m.sample(p.Schema, place, depth+1)
			if text == "" {
				if wanted && p.Required {
					return ""
				}
				continue
			}
			b = appendMember(b, p.Name, text)
			n++
		}
	}
	least := s.MinProperties
	if s.Additional != nil && depth < sampleItemDepth && !m.Least {
		least = max(least, n+1)
	}
	used := map[string]bool{}
	for i := 0; n < least && !s.Closed; i, n = i+1, n+1 {
		name, text := sampleName(s.PropertyNames, i), `"example"`
		if s.Additional != nil {
			text = m.sample(s.Additional, at.with(Step{Name: name}), depth+1)
		}
		if name == "" || text == "" || used[name] || s.Property(name) != nil {
			return ""
		}
		used[name] = true
		b = appendMember(b, name, text)
	}
	return string(append(b, '}'))
}

// repeats reports whether the value, or what it is a list or map of, begins a type anew that it is part of.
func (s *Schema) repeats() bool {
	for _, inner := range []*Schema{s, s.Items, s.Additional} {
		if inner != nil && inner.Within != nil {
			return true
		}
	}
	return false
}

// sampleName returns the i-th name of a map, or "".
func sampleName(s *Schema, i int) string {
	name := "key"
	if i > 0 {
		name += strconv.Itoa(i + 1)
	}
	if s == nil {
		return name
	}
	text := sampleText(s, name)
	if accepted(s, s.Example) {
		text = s.Example
	}
	if len(s.Enum) > 0 {
		text = s.Enum[i%len(s.Enum)]
	}
	if json.Unmarshal([]byte(text), &name) != nil {
		return ""
	}
	return name
}

func (m *Sampler) array(s *Schema, at Path, depth int) string {
	n := s.MinItems
	if depth < sampleItemDepth && !m.Least {
		n = max(n, 1)
	}
	b := []byte{'['}
	for i := range n {
		text := `"example"`
		if s.Items != nil {
			text = m.sample(s.Items, at.with(Step{To: ToItem, Index: i}), depth+1)
		}
		if text == "" {
			return ""
		}
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, text...)
	}
	return string(append(b, ']'))
}

// appendMember appends a member to an object that is open.
func appendMember(b []byte, name, text string) []byte {
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	b = append(append(b, quote(name)...), ':')
	return append(b, text...)
}

// accepted reports whether the schema accepts a JSON text that is more than null.
func accepted(s *Schema, text string) bool {
	if text == "" {
		return false
	}
	v, err := Parse([]byte(text))
	return err == nil && v != nil && Valid(s, v)
}
