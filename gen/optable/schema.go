package optable

import (
	"slices"
	"strings"
)

// Types is a set of JSON types.
type Types uint8

// The types of JSON Schema 2020-12.
const (
	String Types = 1 << iota
	Integer
	Number
	Boolean
	Object
	Array
	Null
)

// Has tells whether the set has any of the types.
func (t Types) Has(types Types) bool { return t&types != 0 }

// Names lists the types by their JSON Schema names, null last.
func (t Types) Names() []string {
	var names []string
	for i, name := range []string{"string", "integer", "number", "boolean", "object", "array", "null"} {
		if t.Has(1 << i) {
			names = append(names, name)
		}
	}
	return names
}

// Schema holds the keywords of a JSON Schema. Values are JSON texts; the zero value of a field is an absent keyword.
// What few schemas have stands in structs of their own, as a table has thousands of schemas.
type Schema struct {
	Name        string // of the component, in Table.Schemas
	Ref         string // name of the component that this refers to, beside whatever else stands here
	Description string
	Types       Types
	Deprecated  bool
	Secret      bool     // x-secret or format password: a credential, code or link by which whoever reads it may act
	ReadOnly    bool     // a property of responses: requests need not have it even where it is required
	WriteOnly   bool     // a property of requests: responses need not have it even where it is required
	Closed      bool     // additionalProperties: false
	IDPrefixes  []string // x-id-prefix: what IDs begin with, such as "org_"; see Describe

	Enum    []string
	Const   string
	Default string
	Example string
	Format  string

	Items         *Schema
	Properties    []Property
	Required      []string // names that Properties lacks: those of another part of an allOf, or described nowhere
	Additional    *Schema  // schema of properties that are not named
	PropertyNames *Schema

	Constraints *Constraints // nil: none; see Constrained
	Composition *Composition // nil: none; see Composed
	Extensions  *Extensions  // nil: none; see Extended
}

// Constraints are the keywords that limit values beside their types.
type Constraints struct {
	Pattern          string
	MinLength        int
	MaxLength        int
	Minimum          string
	Maximum          string
	ExclusiveMinimum string
	ExclusiveMaximum string
	MultipleOf       string
	MinItems         int
	MaxItems         int
	UniqueItems      bool
	MinProperties    int
	MaxProperties    int
}

// Composition are the keywords that combine schemas.
type Composition struct {
	OneOf         []Schema
	AnyOf         []Schema
	AllOf         []Schema
	Discriminator *Discriminator
}

// Extensions are the x- fields of few schemas.
type Extensions struct {
	Replacement string // x-deprecated-reason: what to use instead, such as "use `name`"
	Copies      string // x-copies: the property of the same object that always has the same value
	// Resource is the type of resource that a component shows (x-resource), such as "vault_object". A component whose
	// property object has a constant shows a resource of that type and needs none.
	Resource string
	// Parents are what a resource belongs to and goes with (x-parent); empty: nothing; nil: not stated.
	Parents []Parent
	// Payloads are the components that describe the property data of an event, by type (x-event-payloads).
	Payloads []Mapping
}

// Constrained returns the constraints of the schema, the zero value where there are none.
func (s *Schema) Constrained() Constraints {
	if s == nil || s.Constraints == nil {
		return Constraints{}
	}
	return *s.Constraints
}

// Composed returns what the schema combines, the zero value where it combines nothing.
func (s *Schema) Composed() Composition {
	if s == nil || s.Composition == nil {
		return Composition{}
	}
	return *s.Composition
}

// Extended returns the x- fields of few schemas, the zero value where there are none.
func (s *Schema) Extended() Extensions {
	if s == nil || s.Extensions == nil {
		return Extensions{}
	}
	return *s.Extensions
}

// Parent is what a resource belongs to.
type Parent struct {
	Property string // that holds the parent's ID; responses need not show it
	Type     string // of resource, such as "organization"
}

// Property is a named property.
type Property struct {
	Name     string
	Required bool
	Schema   *Schema // nil: any value
}

// Discriminator tells the variants of a union apart.
type Discriminator struct {
	Property string
	Mapping  []Mapping
}

// Mapping names the component that a discriminator's value stands for.
type Mapping struct {
	Value string
	Ref   string
}

// Schema returns the component of that name, or nil.
func (t *Table) Schema(name string) *Schema {
	i, ok := slices.BinarySearchFunc(t.Schemas, name, func(s Schema, n string) int { return strings.Compare(s.Name, n) })
	if !ok {
		return nil
	}
	return &t.Schemas[i]
}

// Property returns the property of that name, or nil.
func (s *Schema) Property(name string) *Property {
	for i := range s.Properties {
		if s.Properties[i].Name == name {
			return &s.Properties[i]
		}
	}
	return nil
}
