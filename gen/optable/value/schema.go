package value

import (
	"regexp"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Schema describes one value by the keywords of JSON Schema 2020-12. The zero value of a field is an absent keyword,
// and the zero Schema accepts any value.
type Schema struct {
	Name        string        // of the component; "" if it is none
	Types       optable.Types // 0: any type
	Description string
	IDPrefixes  []string // what IDs begin with; no value is rejected for another
	Deprecated  bool
	ReadOnly    bool   // a property that the API sets; a request that has it is not rejected
	Replacement string // what to use instead of what is deprecated, such as "use `name`"

	Enum    []string // JSON texts, as are the next three
	Const   string
	Default string
	Example string

	Format    string
	Pattern   *regexp.Regexp
	Unchecked string // pattern that Go's regexp does not know
	MinLength int    // in characters
	NonEmpty  bool   // as MinLength 1, for values that no keyword needs to say this of, such as path parameters
	MaxLength int    // 0: no limit; likewise below

	Minimum, Maximum                   string // JSON numbers
	ExclusiveMinimum, ExclusiveMaximum string
	MultipleOf                         string

	Items       *Schema
	MinItems    int
	MaxItems    int
	UniqueItems bool

	Properties    []Property
	Closed        bool    // no properties but those that are named
	Additional    *Schema // of properties that are not named; nil: any
	PropertyNames *Schema
	MinProperties int
	MaxProperties int

	Union *Union    // alternatives that a discriminator tells apart
	AllOf []*Schema // all that the schema was merged of, where a value is compared with each instead
	AnyOf []*Schema // alternatives without one, of anyOf and of oneOf

	// Within is the schema that this one repeats, inside of it: a recursive type ends here when it is written.
	Within *Schema
}

// Property is a named property.
type Property struct {
	Name     string
	Required bool
	Schema   *Schema
}

// Union is a choice of objects by the value of one property.
type Union struct {
	Property string
	Variants []Variant
}

// Variant is one object of a union.
type Variant struct {
	Value  string // that the discriminator has
	Schema *Schema
}

// Described returns the description with the prefixes of IDs and with what to use instead of what is deprecated.
func (s *Schema) Described() string {
	text := optable.Describe(s.Description, s.IDPrefixes)
	if s.Replacement != "" {
		text = strings.TrimSpace(text + " Deprecated: " + s.Replacement + ".")
	}
	return text
}

// Property returns the property of that name, or nil.
//
//go:noinline
func (s *Schema) Property(name string) *Property {
	for i := range s.Properties {
		if s.Properties[i].Name == name {
			return &s.Properties[i]
		}
	}
	return nil
}

// Names lists the names of the properties.
func (s *Schema) Names() []string {
	names := make([]string, len(s.Properties))
	for i, p := range s.Properties {
		names[i] = p.Name
	}
	return names
}

// AllTypes returns the types that the schema accepts, its alternatives included.
func (s *Schema) AllTypes() optable.Types {
	switch {
	case s.Types != 0:
		return s.Types
	case s.Within != nil:
		return s.Within.AllTypes()
	case len(s.AnyOf) == 0:
		return AnyType
	}
	var types optable.Types
	for _, a := range s.AnyOf {
		types |= a.AllTypes()
	}
	return types
}

// AnyType is the set of all types.
const AnyType = optable.String | optable.Number | optable.Boolean | optable.Object | optable.Array | optable.Null

// Nullable reports whether null is a valid value.
func (s *Schema) Nullable() bool {
	if s.Types == 0 && len(s.AnyOf) > 0 {
		return slices.ContainsFunc(s.AnyOf, (*Schema).Nullable)
	}
	return s.Types == 0 || s.Types.Has(optable.Null)
}

// HasAlternatives reports whether the schema is a choice of others.
func (s *Schema) HasAlternatives() bool { return len(s.AnyOf) > 0 || s.Union != nil }

// IsClosedObject reports whether the schema describes an object that names all its properties.
func (s *Schema) IsClosedObject() bool {
	return s.Types.Has(optable.Object) && (s.Closed || s.Union != nil)
}

// Members lists the only values that the schema accepts, as JSON texts; none if there are others.
func (s *Schema) Members() []string {
	if s.Const != "" {
		return []string{s.Const}
	}
	return s.Enum
}

// WithConst returns a copy of the schema whose property of that name accepts one text only.
func (s *Schema) WithConst(name, value string) *Schema {
	c := *s
	c.Properties = slices.Clone(s.Properties)
	if p := c.Property(name); p != nil {
		pinned := *p.Schema
		pinned.Enum, pinned.Const = nil, quote(value)
		p.Schema = &pinned
	}
	return &c
}

// Values lists the values of the discriminator as JSON texts.
func (u *Union) Values() []string {
	values := make([]string, len(u.Variants))
	for i, v := range u.Variants {
		values[i] = quote(v.Value)
	}
	return values
}

// Variant returns the schema of the variant that a value of the discriminator selects, or nil.
func (u *Union) Variant(value any) *Schema {
	for _, v := range u.Variants {
		if v.Value == value {
			return v.Schema
		}
	}
	return nil
}

// has reports whether some variant has the property.
func (u *Union) has(name string) bool {
	return slices.ContainsFunc(u.Variants, func(v Variant) bool { return v.Schema.Property(name) != nil })
}
