package mcpauth

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
)

const wellKnown = "/.well-known/oauth-protected-resource"

// metadata is that of a protected resource (RFC 9728 section 2).
type metadata struct {
	Resource      string   `json:"resource"`
	Servers       []string `json:"authorization_servers"`
	Scopes        []string `json:"scopes_supported,omitempty"`
	Methods       []string `json:"bearer_methods_supported"`
	Name          string   `json:"resource_name,omitempty"`
	Documentation string   `json:"resource_documentation,omitempty"`
}

// describe prepares the metadata and its URL, which is the well-known path before that of the resource (RFC 9728
// section 3.1).
func (g *Guard) describe(resource *url.URL) error {
	m := metadata{
		Resource: g.config.Resource, Methods: []string{"header"}, Name: g.config.Name,
		Documentation: g.config.Documentation, Scopes: g.scopes(),
	}
	for _, from := range g.config.Issuers {
		if !from.Hidden {
			m.Servers = append(m.Servers, from.URL)
		}
	}
	if m.Servers == nil {
		return errors.New("workos/mcpauth: Issuers has none that clients are sent to")
	}
	body, err := json.Marshal(m)
	if err != nil {
		return fmt.Errorf("workos/mcpauth: metadata: %w", err)
	}
	g.metadata = body
	g.paths = []string{wellKnown}
	path := wellKnown
	if suffix := resource.EscapedPath(); suffix != "" && suffix != "/" {
		path += suffix
		g.paths = append(g.paths, path)
	}
	g.challenge = resource.Scheme + "://" + resource.Host + path
	return nil
}

// scopes returns all scopes, of the server and of its tools.
func (g *Guard) scopes() []string {
	all := slices.Clone(g.config.Scopes)
	for _, more := range g.config.ToolScopes {
		all = append(all, more...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// MetadataPaths returns the paths at which clients look for the metadata of the resource: the well-known path followed
// by that of the resource, and for older clients the well-known path alone. Serve [Guard.Metadata] at each.
func (g *Guard) MetadataPaths() []string { return slices.Clone(g.paths) }

// Metadata serves the metadata of the resource (RFC 9728) to everybody, also to scripts of any origin.
func (g *Guard) Metadata() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Access-Control-Allow-Origin", "*")
		switch r.Method {
		case http.MethodGet, http.MethodHead:
			header.Set("Content-Type", "application/json")
			header.Set("Cache-Control", "public, max-age=300")
			_, _ = w.Write(g.metadata) // it fails only if the client is gone
		case http.MethodOptions:
			header.Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
			header.Set("Access-Control-Allow-Headers", "*")
			header.Set("Access-Control-Max-Age", "86400")
			w.WriteHeader(http.StatusNoContent)
		default:
			header.Set("Allow", "GET, HEAD, OPTIONS")
			http.Error(w, "metadata takes GET", http.StatusMethodNotAllowed)
		}
	})
}
