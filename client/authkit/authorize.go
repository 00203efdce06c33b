package authkit

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen"
)

// AuthorizationParams are the parameters of a sign-in through AuthKit. RedirectURI and one of Provider, ConnectionID
// and OrganizationID are required. Zero values are omitted.
type AuthorizationParams struct {
	// RedirectURI is where the user comes back with a code: registered in the dashboard, absolute, without fragment.
	RedirectURI string
	// State comes back with the code and must be the one that was sent: see [NewState].
	State string
	// CodeChallenge is that of [PKCE]. It is sent with its method, S256.
	CodeChallenge string

	// Provider is [gen.AuthKitProviderAuthKit] for AuthKit's own pages, or the OAuth provider to go to at once.
	Provider gen.AuthKitProvider
	// ConnectionID, "conn_…", goes to the identity provider of that connection.
	ConnectionID string
	// OrganizationID, "org_…", goes to that organization's connection, or with Provider signs in to the organization.
	OrganizationID string

	DomainHint string // email domain, to find the connection
	LoginHint  string // email address or user name to fill in
	// ScreenHint opens AuthKit on its sign-up screen. For provider authkit.
	ScreenHint gen.ScreenHint
	Prompt     string // as OpenID Connect Core 1.0 section 3.1.2.1 has it, such as "login" or "consent"
	// MaxAge is after how many seconds since the last sign-in a new one is required, 0 for always. For provider authkit.
	MaxAge *int

	InvitationToken string // accepted on sign-in
	ClaimNonce      string // of an agent's claim

	ProviderScopes      []string          // requested from the OAuth provider in addition to those of the dashboard
	ProviderQueryParams map[string]string // passed on to the OAuth provider
}

// AuthorizationURL returns the URL at which the user signs in through AuthKit. It rejects invalid combinations of
// parameters.
func (c *Client) AuthorizationURL(p AuthorizationParams) (string, error) {
	if err := p.check(); err != nil {
		return "", fmt.Errorf("workos/authkit: authorization URL: %w", err)
	}
	params := gen.UserManagementAuthorizeGetParams{
		ClientID:            c.clientID,
		ResponseType:        gen.UserManagementAuthorizeGetParamsResponseTypeCode,
		RedirectURI:         p.RedirectURI,
		State:               optional(p.State),
		CodeChallenge:       optional(p.CodeChallenge),
		Provider:            optional(p.Provider),
		ConnectionID:        optional(p.ConnectionID),
		OrganizationID:      optional(p.OrganizationID),
		DomainHint:          optional(p.DomainHint),
		LoginHint:           optional(p.LoginHint),
		ScreenHint:          optional(p.ScreenHint),
		Prompt:              optional(p.Prompt),
		MaxAge:              p.MaxAge,
		InvitationToken:     optional(p.InvitationToken),
		ProviderScopes:      p.ProviderScopes,
		ProviderQueryParams: p.ProviderQueryParams,
	}
	if p.CodeChallenge != "" {
		params.CodeChallengeMethod = optional(gen.UserManagementAuthorizeGetParamsCodeChallengeMethodS256)
	}
	req, err := gen.NewUserManagementAuthorizeGetRequest(c.server(), &params)
	if err != nil {
		return "", fmt.Errorf("workos/authkit: authorization URL: %w", err)
	}
	return withParams(req.URL, map[string]string{"claim_nonce": p.ClaimNonce}), nil
}

func (p *AuthorizationParams) check() error {
	if err := checkRedirectURI(p.RedirectURI); err != nil {
		return err
	}
	authKit := p.Provider == gen.AuthKitProviderAuthKit
	switch {
	case p.Provider == "" && p.ConnectionID == "" && p.OrganizationID == "":
		return errors.New(`missing Provider, ConnectionID or OrganizationID: Provider "authkit" opens AuthKit itself`)
	case p.ConnectionID != "" && p.Provider != "":
		return fmt.Errorf("ConnectionID and Provider (%q) exclude each other", p.Provider)
	case p.ConnectionID != "" && p.OrganizationID != "":
		return errors.New("ConnectionID and OrganizationID exclude each other")
	case p.ScreenHint != "" && !authKit:
		return fmt.Errorf(`ScreenHint requires Provider "authkit", not %q`, p.Provider)
	case p.MaxAge != nil && !authKit:
		return fmt.Errorf(`MaxAge requires Provider "authkit", not %q`, p.Provider)
	case p.MaxAge != nil && *p.MaxAge < 0:
		return fmt.Errorf("invalid MaxAge %d: want 0 or more seconds", *p.MaxAge)
	}
	return checkCommon(p.CodeChallenge, p.ProviderScopes, p.ProviderQueryParams)
}

// SSOAuthorizationParams are the parameters of a sign-in through SSO, without AuthKit. RedirectURI and one of
// Connection, Organization and Provider are required. Zero values are omitted.
type SSOAuthorizationParams struct {
	// RedirectURI is where the user comes back with a code: registered in the dashboard, absolute, without fragment.
	RedirectURI string
	// State comes back with the code and must be the one that was sent: see [NewState].
	State string
	// CodeChallenge is that of [PKCE]. It is sent with its method, S256.
	CodeChallenge string

	Connection   string          // "conn_…"
	Organization string          // "org_…", whose connection is used
	Provider     gen.SSOProvider // OAuth provider, without a connection

	DomainHint string // domain to fill in; Microsoft OAuth and Google SAML
	LoginHint  string // user name or email address to fill in, where the identity provider takes one
	Nonce      string // random text against replay
	// Prompt "login" makes the user authenticate again, where the identity provider takes it.
	Prompt gen.SSOAuthorizeGetParamsPrompt

	ProviderScopes      []string          // requested from the OAuth provider in addition to those of the dashboard
	ProviderQueryParams map[string]string // passed on to the OAuth provider
}

// SSOAuthorizationURL returns the URL at which the user signs in through SSO. It rejects invalid combinations of
// parameters.
func (c *Client) SSOAuthorizationURL(p SSOAuthorizationParams) (string, error) {
	if err := p.check(); err != nil {
		return "", fmt.Errorf("workos/authkit: SSO authorization URL: %w", err)
	}
	req, err := gen.NewSSOAuthorizeGetRequest(c.server(), &gen.SSOAuthorizeGetParams{
		ClientID:            c.clientID,
		ResponseType:        gen.SSOAuthorizeGetParamsResponseTypeCode,
		RedirectURI:         p.RedirectURI,
		State:               optional(p.State),
		Connection:          optional(p.Connection),
		Organization:        optional(p.Organization),
		Provider:            optional(p.Provider),
		DomainHint:          optional(p.DomainHint),
		LoginHint:           optional(p.LoginHint),
		Nonce:               optional(p.Nonce),
		Prompt:              optional(p.Prompt),
		ProviderScopes:      p.ProviderScopes,
		ProviderQueryParams: p.ProviderQueryParams,
	})
	if err != nil {
		return "", fmt.Errorf("workos/authkit: SSO authorization URL: %w", err)
	}
	extra := map[string]string{"code_challenge": p.CodeChallenge}
	if p.CodeChallenge != "" {
		extra["code_challenge_method"] = "S256"
	}
	return withParams(req.URL, extra), nil
}

func (p *SSOAuthorizationParams) check() error {
	if err := checkRedirectURI(p.RedirectURI); err != nil {
		return err
	}
	given := 0
	for _, target := range []string{p.Connection, p.Organization, string(p.Provider)} {
		if target != "" {
			given++
		}
	}
	if given != 1 {
		return fmt.Errorf("%d of Connection, Organization and Provider are set: want one", given)
	}
	return checkCommon(p.CodeChallenge, p.ProviderScopes, p.ProviderQueryParams)
}

// LogoutURL returns the URL that ends a session at WorkOS when the user's browser visits it. sessionID is the "sid" of
// an access token ([Claims.SessionID]). returnTo, one of the dashboard's sign-out redirects, is where WorkOS then
// redirects; "" selects the dashboard's default. The session cookie is not deleted: see [Sessions.SignOut].
func (c *Client) LogoutURL(sessionID, returnTo string) (string, error) {
	if sessionID == "" {
		return "", errors.New(`workos/authkit: logout URL: session ID is empty: want the "sid" of an access token`)
	}
	if returnTo != "" {
		if err := checkAbsolute("return URL", returnTo); err != nil {
			return "", fmt.Errorf("workos/authkit: logout URL: %w", err)
		}
	}
	req, err := gen.NewUserManagementSessionsLogoutGetRequest(c.server(), &gen.UserManagementSessionsLogoutGetParams{
		SessionID: sessionID,
		ReturnTo:  optional(returnTo),
	})
	if err != nil {
		return "", fmt.Errorf("workos/authkit: logout URL: %w", err)
	}
	return req.URL.String(), nil
}

// JWKSURL returns the URL of the keys of the application's access tokens, for gateways and other libraries.
// [Client.VerifyAccessToken] does not need it.
func (c *Client) JWKSURL() string {
	return c.server() + "sso/jwks/" + url.PathEscape(c.clientID)
}

// server returns the base URL in the form of the generated functions.
func (c *Client) server() string { return c.workos.BaseURL() + "/" }

// withParams adds query parameters that api.yaml does not describe. Empty values are omitted.
func withParams(target *url.URL, extra map[string]string) string {
	query := target.Query()
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		if extra[name] != "" {
			query.Set(name, extra[name])
		}
	}
	target.RawQuery = query.Encode()
	return target.String()
}

func checkCommon(codeChallenge string, scopes []string, params map[string]string) error {
	if codeChallenge != "" && len(codeChallenge) != minVerifier {
		return fmt.Errorf("CodeChallenge has %d characters: want %d (S256)", len(codeChallenge), minVerifier)
	}
	for i, scope := range scopes {
		if scope == "" || strings.ContainsAny(scope, ", ") {
			return fmt.Errorf("invalid ProviderScopes[%d] %q: want one scope", i, scope)
		}
	}
	if _, ok := params[""]; ok {
		return errors.New("ProviderQueryParams has an empty name")
	}
	return nil
}

// checkRedirectURI checks RFC 6749 section 3.1.2. Custom schemes are valid (RFC 8252 section 7.1).
func checkRedirectURI(uri string) error {
	if uri == "" {
		return errors.New("RedirectURI is empty: want a callback registered in the dashboard")
	}
	return checkAbsolute("RedirectURI", uri)
}

func checkAbsolute(name, uri string) error {
	parsed, err := url.Parse(uri)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", name, err)
	case parsed.Scheme == "":
		return fmt.Errorf("invalid %s %q: want an absolute URL", name, uri)
	case strings.Contains(uri, "#"):
		return fmt.Errorf("invalid %s %q: want no fragment", name, uri)
	}
	return nil
}

// optional returns nil for the zero value, else a pointer to v.
func optional[T comparable](v T) *T {
	if v == *new(T) {
		return nil
	}
	return &v
}
