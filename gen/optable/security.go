package optable

import "strings"

// SecurityType is a kind of credential.
type SecurityType string

// The types of OpenAPI 3.1 section 4.8.27.
const (
	APIKey        SecurityType = "apiKey"
	HTTP          SecurityType = "http"
	OAuth2        SecurityType = "oauth2"
	OpenIDConnect SecurityType = "openIdConnect"
	MutualTLS     SecurityType = "mutualTLS"
)

// SecurityScheme is one way to authenticate. It holds no credential.
type SecurityScheme struct {
	Name        string // by which a [Requirement] refers to it
	Type        SecurityType
	Description string

	In        Location // of an API key: query, header or cookie
	Parameter string   // name of the query parameter, header or cookie of an API key

	Scheme       string // of HTTP authentication, in lower case, such as basic or bearer
	BearerFormat string // how bearer tokens are formatted, such as JWT

	DiscoveryURL string   // of OpenID Connect
	TokenURL     string   // of OAuth 2.0 client credentials (RFC 6749 section 4.4); "": there is no such flow
	Scopes       []string // that the client credentials flow offers, in the order of the document
}

// Requirement is a set of credentials that are needed together. An empty one needs none.
type Requirement []Credential

// Credential is a scheme that must be satisfied.
type Credential struct {
	Scheme string   // name of a [SecurityScheme]
	Scopes []string // that the token needs, or roles of other schemes
}

// NoCredential is how [Requirement.String] writes the empty requirement.
const NoCredential = "none"

// String returns the names of the schemes joined by " + ", such as "key" or "key + secret", or [NoCredential].
func (r Requirement) String() string {
	if len(r) == 0 {
		return NoCredential
	}
	names := make([]string, len(r))
	for i, c := range r {
		names[i] = c.Scheme
	}
	return strings.Join(names, " + ")
}

// Alternatives writes each requirement as [Requirement.String] does. It is nil for nil.
func Alternatives(list []Requirement) []string {
	if list == nil {
		return nil
	}
	texts := make([]string, len(list))
	for i, r := range list {
		texts[i] = r.String()
	}
	return texts
}

// SecurityScheme returns the scheme of that name, or nil.
func (t *Table) SecurityScheme(name string) *SecurityScheme {
	for i := range t.SecuritySchemes {
		if t.SecuritySchemes[i].Name == name {
			return &t.SecuritySchemes[i]
		}
	}
	return nil
}

// SecurityOf returns the alternatives for an operation: its own, or else the table's.
func (t *Table) SecurityOf(op *Operation) []Requirement {
	if op.Security != nil {
		return op.Security
	}
	return t.Security
}
