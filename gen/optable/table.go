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
	// Servers are the base URLs, in the order of the document, with the defaults of their variables filled in. One that
	// begins with a slash is relative to where the document was found.
	Servers []string
	// SecuritySchemes are the ways to authenticate, in the order of the document.
	SecuritySchemes []SecurityScheme
	// Security lists the alternatives for operations without a list of their own; nil: no credential is needed.
	Security []Requirement
}

// Toolset is a group of operations.
type Toolset struct {
	Name        string
	Description string
	Limits      []Limit
}

// Limit is something that people ask for and the API cannot do (x-limits).
type Limit struct {
	Requests []string // in plain words, such as "rotate webhook secret"
	Text     string   // sentences: what cannot be done, and what to do instead
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
	Servers     []string // base URLs in place of the table's; nil: those
	// Security lists alternatives in place of the table's; nil: those. Where no credential is needed, it has one empty
	// requirement.
	Security   []Requirement
	Parameters []Parameter
	Body       *Body // nil: none
	Responses  []Response
	Exclusive  []Exclusive
	Limits     []Limit // what people try with it in vain
	// Lookup are the properties of the response that name the resource to a person, for an operation that gets it by its
	// ID (x-lookup).
	Lookup     []string
	GoesWith   []Related // what is deleted or ended with its resource (x-goes-with)
	Extensions []Extension
}

// Related is a list of what belongs to a resource.
type Related struct {
	Noun      string // in the singular, such as connection
	Operation string // operationId of the list
	Argument  string // of the list: its parameter for the resource
	From      string // argument of the operation with the resource
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
	Name       string
	In         Location
	Required   bool
	Deprecated bool
	Style      string // "": the default of its place
	Explode    string // "true" or "false"; "": the default of its style
	// MediaType is that of the value's text, such as application/json, for a parameter that has content in place of a
	// schema and a style; "" for every other.
	MediaType   string
	Description string
	Schema      *Schema // nil: any value
	// Names is the property by which the parameter finds a resource (x-names), with the type of the resource, such as
	// "role.slug"; "": it finds none, or one by an ID whose prefix tells the type.
	Names  string
	Filter *Filter // x-filter; nil: it filters by the property of its name, or not at all
}

// Filter is how a parameter of a list selects items.
type Filter struct {
	// By are the properties compared, such as "domains.domain" for those of each item of an array. None: it selects
	// nothing by itself.
	By     []string
	Match  string   // "contains" (in any case), "after" or "before"; "": one of them equals one of the values
	Absent []string // the values that count where the parameter is absent
}

// Body is what a request carries, in one of the media types that the document lists. The fields describe the best of
// them: the first JSON, then JSON with a suffix (+json), form, multipart, text, XML, and any other.
type Body struct {
	Required  bool
	MediaType string
	Schema    *Schema // nil: any value
	Encoding  []Encoding
	Others    []Content // the other media types, in the order of the document
}

// Content is a body in one media type.
type Content struct {
	MediaType string
	Schema    *Schema // nil: any value
	Encoding  []Encoding
}

// Encoding describes how a property is written in a form or as a part of a multipart body.
type Encoding struct {
	Property    string
	ContentType string // media types of the part, separated by commas; "": the default of the property's type
	Style       string // as that of a query parameter; "": form, or by ContentType where that is given alone
	Explode     string // "true" or "false"; "": the default of the style
}

// Response is one documented response. Of several media types the fields describe the best one, as in [Body].
type Response struct {
	Status    int // 0: any status that no other response names; a range such as 4XX is its first, 400
	MediaType string
	Schema    *Schema   // nil: no body, or nothing is known of it
	Others    []Content // the other media types, in the order of the document
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
