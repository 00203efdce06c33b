package mcpauth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/client/authkit"
	"github.com/seed-f165d83c/workos/client/internal/origin"
)

// Issuer is an authorization server whose tokens are accepted.
type Issuer struct {
	// URL is the issuer ("iss"), such as "https://acme.authkit.app".
	URL string
	// JWKSURL has its keys.
	JWKSURL string
	// Hidden omits the issuer from the metadata: its tokens are accepted, but clients are not sent there. For example
	// the sessions of an application, with [authkit.Client.JWKSURL].
	Hidden bool
	// AnyAudience accepts tokens of any audience, for issuers that set none. Such a token was not issued for this server,
	// and anybody who gets it elsewhere can use it here. It is for hidden issuers only.
	AnyAudience bool
}

// AuthKit returns the issuer of an AuthKit domain: "acme.authkit.app" or a custom domain.
func AuthKit(domain string) Issuer {
	domain = strings.TrimSuffix(strings.TrimPrefix(domain, "https://"), "/") // as the dashboard shows it
	return Issuer{URL: "https://" + domain, JWKSURL: "https://" + domain + "/oauth2/jwks"}
}

// Config configures a [Guard]. Resource and Issuers are required.
type Config struct {
	// Resource is the URL of the MCP server as clients know it, and the audience of tokens (RFC 8707 section 2): https,
	// or http on a loopback address, without fragment and query.
	Resource string
	// Issuers are the authorization servers. One of them at least is not hidden.
	Issuers []Issuer
	// Audiences are accepted beside Resource, for example a former URL. The client ID of the environment is the audience
	// of every token that AuthKit issues without a resource: with it, each application that a user has let in for any
	// purpose, and each machine, may call this server. Make the URL of the server a resource indicator instead.
	Audiences []string

	// Scopes are required for every request, and clients ask for them.
	Scopes []string
	// ToolScopes are required in addition to Scopes for calls of the tools with these names, "*" for all that are not
	// named. The guard then reads the body of each request, which may have up to 4 MiB. It compares names to the letter:
	// name each under which the server accepts a tool, and each tool that calls others, or set "*".
	ToolScopes map[string][]string
	// Organizations are the IDs of the only organizations that are served. The default, for nil, serves all, and tokens
	// without organization: then everybody who can sign in at an issuer is served, and roles and permissions are those of
	// the organization that the user chose.
	Organizations []string

	// Name and Documentation, a URL, describe the server to users of clients. They are optional.
	Name          string
	Documentation string

	// Leeway is the tolerated difference of clocks. The default, for 0, is 30 seconds, the maximum 5 minutes.
	Leeway time.Duration
	// HTTPClient fetches the keys. The default, for nil, is a client with [http.DefaultTransport].
	HTTPClient *http.Client
	// Logger gets a record of each refusal, without tokens. The default, for nil, is that of [slog.Default].
	Logger *slog.Logger
}

// Guard protects an MCP server. It is immutable and safe for concurrent use. It caches the keys of the issuers, and
// fetches them once for many requests, at most once in 30 seconds. Create it with [New]; the zero value is not usable.
type Guard struct {
	config    Config
	issuers   map[string]issuer
	audiences []string
	paths     []string
	metadata  []byte
	challenge string // URL of the metadata
	logger    *slog.Logger
}

type issuer struct {
	verifier    *authkit.Verifier
	anyAudience bool
}

// New returns a guard. It sends nothing.
func New(config Config) (*Guard, error) {
	resource, err := parseResource(config.Resource)
	if err != nil {
		return nil, fmt.Errorf("workos/mcpauth: %w", err)
	}
	g := &Guard{config: config, issuers: map[string]issuer{}, logger: config.Logger}
	if g.logger == nil {
		g.logger = slog.Default()
	}
	g.config.Scopes, g.config.Organizations = slices.Clone(config.Scopes), slices.Clone(config.Organizations)
	g.config.ToolScopes = make(map[string][]string, len(config.ToolScopes))
	for tool, scopes := range config.ToolScopes {
		g.config.ToolScopes[tool] = slices.Clone(scopes)
	}
	if slices.Contains(config.Organizations, "") { // such as of an unset variable: tokens without one would be accepted
		return nil, errors.New("workos/mcpauth: Organizations has an empty one")
	}
	for _, audience := range append([]string{config.Resource}, config.Audiences...) {
		audience = strings.TrimSuffix(audience, "/")
		if audience == "" { // for example of an unset variable: a token with an empty audience would be accepted
			return nil, errors.New("workos/mcpauth: Audiences has an empty one")
		}
		g.audiences = append(g.audiences, audience)
	}
	if err := checkScopes(config.Scopes, config.ToolScopes); err != nil {
		return nil, fmt.Errorf("workos/mcpauth: %w", err)
	}
	for _, from := range config.Issuers {
		verifier, err := authkit.NewVerifier(authkit.VerifierConfig{
			Issuer: from.URL, JWKSURL: from.JWKSURL, Leeway: config.Leeway, HTTPClient: config.HTTPClient,
		})
		if err != nil {
			return nil, fmt.Errorf("workos/mcpauth: issuer %q: %w", from.URL, errors.Unwrap(err))
		}
		if err := from.check(); err != nil {
			return nil, fmt.Errorf("workos/mcpauth: issuer %q: %w", from.URL, err)
		}
		if _, again := g.issuers[pin(from.URL)]; again {
			return nil, fmt.Errorf("workos/mcpauth: issuer %q is listed twice", from.URL)
		}
		g.issuers[pin(from.URL)] = issuer{verifier, from.AnyAudience}
	}
	if err := g.describe(resource); err != nil {
		return nil, err
	}
	return g, nil
}

// check checks RFC 8414 section 2: clients are sent to the issuer.
func (i Issuer) check() error {
	parsed, err := url.Parse(i.URL)
	switch {
	case err != nil || parsed.Host == "" || strings.HasSuffix(parsed.Host, ":") || parsed.User != nil ||
		strings.ContainsAny(i.URL, "?#") || !origin.Private(parsed):
		return errors.New("want an https URL without query, or an http URL of a loopback address")
	case i.AnyAudience && !i.Hidden:
		return errors.New("AnyAudience is for hidden issuers: this one issues tokens for the resource that a client names")
	}
	return nil
}

// pin returns the form in which issuers are compared.
func pin(issuer string) string { return strings.TrimSuffix(issuer, "/") }

func parseResource(text string) (*url.URL, error) {
	parsed, err := url.Parse(text)
	switch {
	case err != nil || parsed.Host == "" || parsed.User != nil:
		return nil, fmt.Errorf("invalid Resource %q: want the https URL of the MCP server", text)
	case !origin.Private(parsed):
		return nil, fmt.Errorf("invalid Resource %q: want an https URL, or an http URL of a loopback address", text)
	case strings.ContainsAny(text, "#?\""):
		return nil, fmt.Errorf("invalid Resource %q: want no query and no fragment", text)
	}
	return parsed, nil
}

// checkScopes checks the characters of RFC 6749 section 3.3.
func checkScopes(scopes []string, tools map[string][]string) error {
	all := slices.Clone(scopes)
	for _, more := range tools {
		all = append(all, more...)
	}
	invalid := func(c rune) bool { return c <= ' ' || c >= 0x7f || c == '"' || c == '\\' }
	for _, scope := range all {
		if scope == "" || strings.ContainsFunc(scope, invalid) {
			return fmt.Errorf("invalid scope %q: want printable ASCII without spaces, quotes and backslashes", scope)
		}
	}
	return nil
}

type contextKey struct{}

// ClaimsFrom returns the claims of a request's access token, in a handler behind [Guard.Require], and in the context
// that MCP libraries derive from the request's: user, organization, role, permissions and scopes.
// [authkit.Claims.UserID] is the client ID of a machine if the token is of a machine.
func ClaimsFrom(ctx context.Context) (*authkit.Claims, bool) {
	claims, ok := ctx.Value(contextKey{}).(*authkit.Claims)
	return claims, ok
}

// Require passes requests with an accepted token to next and refuses others: see the package documentation. The token
// itself is removed from the request, because it is for this server alone: next must not pass it on.
func (g *Guard) Require(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, refused := g.authenticate(r)
		if refused == nil {
			refused = g.authorize(w, r, claims)
		}
		if refused != nil {
			g.refuse(w, r, refused)
			return
		}
		r = r.WithContext(context.WithValue(r.Context(), contextKey{}, claims))
		r.Header = r.Header.Clone()
		r.Header.Del("Authorization")
		next.ServeHTTP(w, r)
	})
}

// authenticate verifies the token of a request with the keys of its issuer.
func (g *Guard) authenticate(r *http.Request) (*authkit.Claims, *refusal) {
	header := r.Header["Authorization"]
	if len(header) == 0 {
		return nil, g.unauthorized("", "no access token")
	}
	scheme, token, _ := strings.Cut(header[0], " ")
	if len(header) > 1 || !strings.EqualFold(scheme, "Bearer") || token == "" {
		return nil, g.unauthorized("", "want one header Authorization with a bearer token")
	}
	token = strings.TrimLeft(token, " ")
	name, err := authkit.UnverifiedIssuer(token)
	if err != nil {
		return nil, g.invalid(err)
	}
	from, ok := g.issuers[pin(name)]
	if !ok {
		return nil, g.invalid(fmt.Errorf("%w: it is %.200q", authkit.ErrTokenIssuer, name))
	}
	claims, err := from.verifier.Verify(r.Context(), token)
	switch {
	case errors.Is(err, authkit.ErrKeysUnavailable):
		return nil, &refusal{status: http.StatusServiceUnavailable, code: "temporarily_unavailable",
			text: "the keys of the issuer are not available", cause: err}
	case err != nil:
		return nil, g.invalid(err)
	case !from.anyAudience && !slices.ContainsFunc(claims.Audience, g.isAudience):
		return nil, g.invalid(fmt.Errorf("%w: it is %.200q, not %q%s", authkit.ErrTokenAudience, claims.Audience,
			g.config.Resource, advice(claims.Audience)))
	}
	return claims, nil
}

// advice says why a token of AuthKit has a client ID as audience.
func advice(audience []string) string {
	if !slices.ContainsFunc(audience, func(a string) bool { return strings.HasPrefix(a, "client_") }) {
		return ""
	}
	return "; a token for this server needs its URL as a resource indicator of the environment, and a client that asks " +
		"for it (RFC 8707)"
}

func (g *Guard) isAudience(audience string) bool {
	return slices.Contains(g.audiences, strings.TrimSuffix(audience, "/"))
}

// authorize checks organization and scopes.
func (g *Guard) authorize(w http.ResponseWriter, r *http.Request, claims *authkit.Claims) *refusal {
	if g.config.Organizations != nil && !slices.Contains(g.config.Organizations, claims.OrganizationID) {
		return &refusal{status: http.StatusForbidden, code: "organization_not_allowed",
			text: "this server does not serve the organization of the access token"}
	}
	required, refused := g.required(w, r)
	if refused != nil {
		return refused
	}
	var missing []string
	for _, scope := range required {
		if !claims.HasScope(scope) {
			missing = append(missing, scope)
		}
	}
	if missing == nil {
		return nil
	}
	// A client replaces its scopes by those of the challenge, and must not lose others.
	asked := slices.Clone(claims.Scopes)
	for _, scope := range required {
		if !slices.Contains(asked, scope) {
			asked = append(asked, scope)
		}
	}
	return &refusal{status: http.StatusForbidden, code: "insufficient_scope", scopes: asked, challenge: true,
		text: "the access token lacks the scopes " + strings.Join(missing, " ")}
}
