// Package optable describes the operations of an HTTP API as static data: what an OpenAPI document says and the Go
// types of a generated client do not. The generator in gen/tablegen writes such a table beside an oapi-codegen client;
// it parses nothing at start-up and costs no initialization.
//
// A table is read-only: everything that shares it may read it concurrently, nothing may change it.
package optable

// Table is all that an API offers.
type Table struct {
	// Operations in the order of the document.
	Operations []Operation
	// Schemas are the named components, sorted by name.
	Schemas []Schema
	// Toolsets are the tags that the document describes, in its order.
	Toolsets []Toolset
	// Synonyms are words for what the API calls otherwise, in the order of the document (x-synonyms).
	Synonyms []Synonym
}

// Toolset is a group of operations.
type Toolset struct {
	Name        string
	Description string
}

// Synonym is a word or phrase that people use, with what the document says in its place.
type Synonym struct {
	Term  string
	Means []string
}

// Operation is one method on one path.
type Operation struct {
	ID          string // operationId, unique in the table
	Method      string // in capitals, such as GET
	Path        string // template, such as /users/{id}
	Toolset     string // the first tag
	Summary     string // one line, without a full stop
	Description string // sentences
	Deprecated  bool
	Servers     []string // base URLs in place of the document's; nil: those
	Security    []string // schemes of which one is needed, in place of the document's; "none": no credential
	Parameters  []Parameter
	Body        *Body // nil: none
	Responses   []Response
	Exclusive   []Exclusive
	Extensions  []Extension
}

// Location is where a parameter stands.
type Location string

// The places of OpenAPI 3.1 section 4.8.12.
const (
	InPath   Location = "path"
	InQuery  Location = "query"
	InHeader Location = "header"
	InCookie Location = "cookie"
)

// Parameter is a value outside the body.
type Parameter struct {
	Name        string
	In          Location
	Required    bool
	Deprecated  bool
	Style       string // "": the default of its place
	Explode     string // "true" or "false"; "": the default of its style
	Description string
	Schema      Schema
}

// Body is what a request carries.
type Body struct {
	Required  bool
	MediaType string
	Schema    Schema
}

// Response is one documented response.
type Response struct {
	Status    int // 0: any status that no other answer names
	MediaType string
	Schema    *Schema // nil: no body
}

// Exclusive is a set of alternatives among top-level fields of the body or among parameters: the fields of one
// variant exclude those of the others.
type Exclusive struct {
	Name     string
	Optional bool // whether none of the variants may be given
	Variants []Variant
}

// Variant is one alternative.
type Variant struct {
	Name     string
	Fields   []string // all of them, but for the optional ones, must be given together
	Optional []string // those of the fields that may be missing
}

// Extension is an x- field of the document.
type Extension struct {
	Name string // with its x-
	JSON string // the value
}

// Extension returns the JSON value of an x- field, or "".
func (o *Operation) Extension(name string) string {
	for _, e := range o.Extensions {
		if e.Name == name {
			return e.JSON
		}
	}
	return ""
}
