package openapi

import (
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// security returns the alternatives of a list; nil where there is none, and an empty requirement for an empty list.
// A scheme that the document does not define cannot be asked for: it is left out, as is an alternative of such schemes
// alone. Where nothing remains, callers need no credential, and where the document defines no scheme at all, nothing is
// known of what they need.
func (c *converter) security(n *node) []optable.Requirement {
	if n == nil || n.kind == null {
		return nil
	}
	var list []optable.Requirement
	undefined := false
	for alternative := range c.items(n) {
		requirement, incomplete := optable.Requirement{}, false
		for name, scopes := range c.pairs(alternative) {
			if c.defined(name, scopes) {
				requirement = append(requirement, optable.Credential{Scheme: name, Scopes: c.texts(scopes)})
			} else {
				incomplete = true
			}
		}
		if incomplete && len(requirement) == 0 {
			undefined = true
			continue
		}
		list = append(list, requirement)
	}
	switch {
	case list != nil:
		return list
	case undefined && len(c.table.SecuritySchemes) == 0:
		return nil
	}
	return []optable.Requirement{{}}
}

// defined reports whether the table has a security scheme. One that the document lacks is a problem where it is named.
func (c *converter) defined(name string, at *node) bool {
	if c.table.SecurityScheme(name) != nil {
		return true
	}
	if get(c.root, "components", "securitySchemes", name) == nil {
		c.problemf(at, "define it in components.securitySchemes", "the security scheme %q is not defined; it is left out",
			shortened(name))
	}
	return false
}

// schemes converts the security schemes.
func (c *converter) schemes() []optable.SecurityScheme {
	kinds := []optable.SecurityType{
		optable.APIKey, optable.HTTP, optable.OAuth2, optable.OpenIDConnect, optable.MutualTLS,
	}
	var list []optable.SecurityScheme
	for name, n := range c.pairs(get(c.root, "components", "securitySchemes")) {
		n = c.resolve(n)
		flow := get(n, "flows", "clientCredentials")
		s := optable.SecurityScheme{
			Name: name, Type: optable.SecurityType(c.text(get(n, "type"))), Description: c.sentence(get(n, "description")),
			In: optable.Location(c.text(get(n, "in"))), Parameter: c.text(get(n, "name")),
			Scheme: strings.ToLower(c.text(get(n, "scheme"))), BearerFormat: c.text(get(n, "bearerFormat")),
			DiscoveryURL: c.text(get(n, "openIdConnectUrl")), TokenURL: c.text(get(flow, "tokenUrl")),
		}
		for scope := range c.pairs(get(flow, "scopes")) {
			s.Scopes = append(s.Scopes, scope)
		}
		if !slices.Contains(kinds, s.Type) {
			c.problemf(n, "write apiKey, http, oauth2, openIdConnect or mutualTLS",
				"the security scheme %q has the unknown type %q; it is left out", name, shortened(string(s.Type)))
			continue
		}
		list = append(list, s)
	}
	return list
}
