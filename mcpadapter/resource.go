package mcpadapter

import (
	"fmt"
	"regexp"
)

// defaultScheme is the default of [WithResourceScheme].
const defaultScheme = "operations"

// uriScheme matches the scheme of a URI (RFC 3986 section 3.1).
var uriScheme = regexp.MustCompile(`^[a-z][a-z0-9+.-]*$`)

// WithResourceScheme sets the scheme of the URIs of MCP resources, such as the name of the API, in lower case. Clients
// with several servers tell their resources apart by it. The default is operations.
func WithResourceScheme(scheme string) Option {
	return func(o *options) error {
		if !uriScheme.MatchString(scheme) {
			return fmt.Errorf("WithResourceScheme: invalid scheme %q: want lower-case letters, digits, '+', '-' and '.'",
				scheme)
		}
		o.scheme = scheme
		return nil
	}
}

// CatalogueURI returns the URI of the MCP resource with [Adapter.Catalogue], such as operations://catalogue.
func (a *Adapter) CatalogueURI() string { return a.engine.catalogueURI() }

func (e *engine) catalogueURI() string { return e.scheme + "://catalogue" }

// DocumentationURI returns the URI of the MCP resource with [Tool.Documentation] for the name of an operation, such as
// operations://operations/teas.get. The name may be {name}, for a URI template (RFC 6570).
func (a *Adapter) DocumentationURI(name string) string {
	return a.engine.scheme + "://operations/" + name
}
