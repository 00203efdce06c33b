package serve

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/mark3labs/mcp-go/mcp"
)

// Paths and media types of what describes a server before a connection: its card (SEP-2127, a draft) beside the
// endpoint, and the catalogue of its site (AI Catalog 1.0), which leads to it.
const (
	cardPath     = mcpPath + "/server-card"
	cardSchema   = "https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json"
	cardMedia    = "application/mcp-server-card+json"
	catalogPath  = "/.well-known/ai-catalog.json"
	catalogMedia = "application/ai-catalog+json"

	// maxCardText limits the texts of a card, in characters.
	maxCardText = 100
)

// Icon is a picture for a server, which clients may show.
type Icon struct {
	Source string // an https or data URL
	Media  string // such as "image/svg+xml"; "": that of the response
	Sizes  []string
}

// icons returns the icons as MCP has them.
func (api API) icons() []mcp.Icon {
	icons := make([]mcp.Icon, len(api.Icons))
	for i, icon := range api.Icons {
		icons[i] = mcp.Icon{Src: icon.Source, MIMEType: icon.Media, Sizes: icon.Sizes}
	}
	return icons
}

// serverCard is the card of a server at a URL. It has no member that depends on who reads it.
type serverCard struct {
	Schema      string       `json:"$schema"`
	Name        string       `json:"name"`
	Version     string       `json:"version"`
	Title       string       `json:"title,omitempty"`
	Description string       `json:"description"`
	WebsiteURL  string       `json:"websiteUrl,omitempty"`
	Icons       []mcp.Icon   `json:"icons,omitempty"`
	Remotes     []cardRemote `json:"remotes"`
}

type cardRemote struct {
	Type     string       `json:"type"`
	URL      string       `json:"url"`
	Headers  []cardHeader `json:"headers,omitempty"`
	Versions []string     `json:"supportedProtocolVersions"`
}

type cardHeader struct {
	Name        string `json:"name"`
	Description string `json:"description"`
	IsRequired  bool   `json:"isRequired"`
	IsSecret    bool   `json:"isSecret"`
}

// catalog lists the cards of a site.
type catalog struct {
	Version string         `json:"specVersion"`
	Entries []catalogEntry `json:"entries"`
}

type catalogEntry struct {
	Identifier  string `json:"identifier"`
	DisplayName string `json:"displayName"`
	Type        string `json:"type"`
	URL         string `json:"url"`
	Description string `json:"description"`
}

// discovery serves the card and the catalogue.
type discovery struct {
	api  API
	opts HTTPOptions
	base func(*http.Request) string // the URL of the site, without a slash at the end
}

func (d discovery) register(mux *http.ServeMux) {
	mux.HandleFunc("GET "+cardPath, d.serve(cardMedia, func(base string) any { return d.card(base) }))
	mux.HandleFunc("GET "+catalogPath, d.serve(catalogMedia, func(base string) any { return d.catalog(base) }))
}

// serve responds to everybody, web pages of any origin included (SEP-2127, "CORS Requirements").
func (d discovery) serve(media string, document func(base string) any) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		text, err := json.Marshal(document(d.base(r)))
		if err != nil {
			http.Error(w, "the document cannot be written", http.StatusInternalServerError)
			return
		}
		sum := sha256.Sum256(text)
		tag := `"` + hex.EncodeToString(sum[:]) + `"`
		header := w.Header()
		header.Set("Content-Type", media)
		header.Set("Access-Control-Allow-Origin", "*")
		header.Set("Access-Control-Allow-Methods", "GET")
		header.Set("Access-Control-Allow-Headers", "Content-Type")
		header.Set("Access-Control-Expose-Headers", "ETag")
		header.Set("Cache-Control", "public, max-age=3600")
		header.Set("ETag", tag)
		header.Set("X-Content-Type-Options", "nosniff")
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write(text)
	}
}

func (d discovery) card(base string) serverCard {
	namespace := cmp.Or(d.api.Namespace, reversed(hostOf(base)))
	remote := cardRemote{Type: "streamable-http", URL: base + mcpPath, Versions: mcp.ValidProtocolVersions}
	if d.opts.signIn == nil && len(d.opts.Headers) > 0 { // those who sign in learn from a challenge how
		remote.Headers = []cardHeader{{
			Name: d.opts.Headers[0], Description: "Credential of the caller", IsRequired: d.opts.RequireCredential,
			IsSecret: true,
		}}
	}
	return serverCard{
		Schema: cardSchema, Name: namespace + "/" + d.api.Name, Version: d.api.Version,
		Title: atMost(d.api.Title), Description: atMost(cmp.Or(d.api.Short, d.api.Title, d.api.Name)),
		WebsiteURL: d.api.Website, Icons: d.api.icons(), Remotes: []cardRemote{remote},
	}
}

func (d discovery) catalog(base string) catalog {
	card := d.card(base)
	publisher := hostOf(base)
	if d.api.Namespace != "" {
		publisher = reversed(d.api.Namespace)
	}
	return catalog{Version: "1.0", Entries: []catalogEntry{{
		Identifier: "urn:air:" + publisher + ":" + d.api.Name, DisplayName: cmp.Or(card.Title, d.api.Name), Type: cardMedia,
		URL: base + cardPath, Description: card.Description,
	}}}
}

// hostOf returns the host name in a URL, or localhost for an address.
func hostOf(base string) string {
	_, host, _ := strings.Cut(base, "://")
	host = hostname(host)
	if strings.ContainsAny(host, ":") || strings.Trim(host, "0123456789.") == "" {
		return "localhost"
	}
	return strings.ToLower(host)
}

// reversed returns the labels of a domain in reverse order.
func reversed(domain string) string {
	labels := strings.Split(domain, ".")
	slices.Reverse(labels)
	return strings.Join(labels, ".")
}

// atMost returns a text that fits into a card.
func atMost(text string) string {
	if utf8.RuneCountInString(text) <= maxCardText {
		return text
	}
	return string([]rune(text)[:maxCardText-1]) + "…"
}
