package sandbox

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxDocument is how many bytes the metadata of a client may have.
const maxDocument = 5 << 10

// isClientURL reports whether a client ID is the URL of the client's metadata: of https with a path, or of http on this
// machine, for tests (draft-ietf-oauth-client-id-metadata-document section 3).
func isClientURL(client string) bool {
	u, err := url.Parse(client)
	if err != nil || strings.Trim(u.Path, "/") == "" || u.Fragment != "" || u.User != nil || u.Host == "" {
		return false
	}
	host := u.Hostname()
	return u.Scheme == "https" || u.Scheme == "http" && (host == "localhost" || net.ParseIP(host).IsLoopback())
}

// documentedApplication makes the application of a client from the metadata at its client ID, which has to be fetched
// first.
func (c *call) documentedApplication(client string) (*record, error) {
	found, fetched := c.verdicts[client]
	if !fetched {
		return nil, &consultation{typ: client, document: true}
	}
	var document map[string]any
	if v, err := decode(found.document); err == nil {
		document, _ = v.(map[string]any)
	}
	uris := texts(document["redirect_uris"])
	invalid := func(uri string) bool { return !isRedirect(uri) }
	if document["client_id"] != client || len(uris) == 0 || slices.ContainsFunc(uris, invalid) {
		return nil, oauthRefusal("invalid_client", "'"+client+"' has no valid client metadata.")
	}
	name := text(document["client_name"])
	if name == "" {
		name = client
	}
	app, err := c.selfRegistered(name, uris)
	if err == nil {
		c.store.set(app, fieldClient, client)
	}
	return app, err
}

// selfRegistered makes the application of a client that nobody registered before.
func (c *call) selfRegistered(name string, uris []string) (*record, error) {
	entries := make([]any, len(uris))
	for i, uri := range uris {
		entries[i] = map[string]any{"uri": uri}
	}
	return c.keepApart(c.ix.kinds[kindApplication], map[string]any{
		fieldName: name, "description": nil, "scopes": []any{}, "application_type": "oauth", "redirect_uris": entries,
		"uses_pkce": true, "is_first_party": false, "was_dynamically_registered": true,
	})
}

// fetch returns the metadata of a client, or nil if there is none.
func (s *Sandbox) fetch(ctx context.Context, target string) []byte {
	status, text, err := s.send(ctx, http.MethodGet, target, nil, nil, maxDocument)
	if err != nil || status != http.StatusOK {
		return nil
	}
	return text
}
