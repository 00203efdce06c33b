package mcpadapter

import (
	"regexp"
	"slices"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// schema is what is known of one value: the structure from its Go type, the rest from the table. It is written out as
// a JSON Schema for clients and checked against before a call, so that the two cannot disagree.
type schema struct {
	types       optable.Types // 0: any
	description string
	idPrefixes  []string // of which one begins the value
	deprecated  bool

	enum         []string // JSON texts, as are the next three
	constant     string
	defaultValue string
	example      string

	format    string
	pattern   *regexp.Regexp
	minLength int  // in characters
	nonEmpty  bool // as minLength 1, but not worth publishing: it holds for every path value
	maxLength int  // 0: no limit; likewise below

	minimum, maximum                   string // JSON numbers
	exclusiveMinimum, exclusiveMaximum string
	multipleOf                         string

	items       *schema
	minItems    int
	maxItems    int
	uniqueItems bool

	properties    []property
	closed        bool    // no other properties
	additional    *schema // of properties that are not named; nil: any
	propertyNames *schema
	minProperties int
	maxProperties int

	union *union // alternatives by discriminator
	anyOf []*schema

	// within is the schema that this one stands for, inside of it. It is checked against, but not written out again.
	within *schema
}

type property struct {
	name     string
	required bool
	schema   *schema
}

// union is a choice of objects by the value of one property.
type union struct {
	property string
	variants []variant
}

type variant struct {
	value  string // of the discriminator
	schema *schema
}

// described returns the description with what IDs begin with.
func (s *schema) described() string { return optable.Describe(s.description, s.idPrefixes) }

func (s *schema) property(name string) *property {
	for i := range s.properties {
		if s.properties[i].name == name {
			return &s.properties[i]
		}
	}
	return nil
}

func (s *schema) propertyList() []string {
	names := make([]string, len(s.properties))
	for i, p := range s.properties {
		names[i] = p.name
	}
	return names
}

// nullable tells whether null is a valid value.
func (s *schema) nullable() bool {
	if s.types == 0 && len(s.anyOf) > 0 {
		return slices.ContainsFunc(s.anyOf, (*schema).nullable)
	}
	return s.types == 0 || s.types.Has(optable.Null)
}

// hasAlternatives tells whether the schema is a choice of others.
func (s *schema) hasAlternatives() bool { return len(s.anyOf) > 0 || s.union != nil }

// isClosedObject tells whether the schema describes an object with properties that are all known.
func (s *schema) isClosedObject() bool {
	return s.types.Has(optable.Object) && (s.closed || s.union != nil)
}
