package sandbox

import (
	"net/http"
	"slices"
	"strings"
)

// serverMetadata describes the authorization server (RFC 8414 section 2, OpenID Connect Discovery section 3).
func (c *call) serverMetadata() (any, error) {
	at := c.request.host
	return object{
		{"issuer", at},
		{"authorization_endpoint", at + authorizePath}, {"token_endpoint", at + tokenPath},
		{"device_authorization_endpoint", at + devicePath}, {"registration_endpoint", at + registerPath},
		{"introspection_endpoint", at + introspectPath}, {"userinfo_endpoint", at + userinfoPath},
		{"jwks_uri", at + jwksPath},
		{"scopes_supported", listOf(scopesOfAll...)},
		{"response_types_supported", listOf("code")}, {"response_modes_supported", listOf("query")},
		{"grant_types_supported", listOf("authorization_code", "refresh_token", "client_credentials",
			"urn:ietf:params:oauth:grant-type:device_code")},
		{"token_endpoint_auth_methods_supported", listOf("none", "client_secret_post", "client_secret_basic")},
		{"code_challenge_methods_supported", listOf("S256")}, {"client_id_metadata_document_supported", true},
		{"subject_types_supported", listOf("public")}, {"id_token_signing_alg_values_supported", listOf("RS256")},
	}, nil
}

// clientMetadata describes where the users of an application of AuthKit sign in.
func (c *call) clientMetadata() (any, error) {
	at, client := c.request.host, c.params["client"]
	return object{
		{"issuer", at + "/user_management/" + client},
		{"authorization_endpoint", at + "/user_management/authorize"},
		{"token_endpoint", at + "/user_management/authenticate"},
		{"response_types_supported", []any{"code"}},
		{"jwks_uri", at + "/sso/jwks/" + client},
	}, nil
}

// connectKeys returns the keys of Connect's tokens: those of all environments where no API key selects one.
func (c *call) connectKeys() (any, error) {
	if strings.HasPrefix(c.request.bearer, keyPrefix) {
		return c.env.jwks(""), nil
	}
	keys := []any{}
	for _, env := range c.env.sandbox.environments {
		set, _ := env.jwks("")[0].value.([]any)
		keys = append(keys, set...)
	}
	return object{{"keys", keys}}, nil
}

// register makes an application of a client that registers itself (RFC 7591 section 3).
func (c *call) register() (any, error) {
	uris, _ := c.body["redirect_uris"].([]any)
	method, isText := c.body["token_endpoint_auth_method"].(string)
	if !isText {
		method = "client_secret_basic" // RFC 7591 section 2
	}
	grants := texts(c.body["grant_types"])
	if len(grants) == 0 {
		grants = []string{"authorization_code"}
	}
	known := []string{"authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"}
	switch {
	case len(uris) == 0 && slices.Contains(grants, "authorization_code"),
		slices.ContainsFunc(texts(c.body["redirect_uris"]), func(uri string) bool { return !isRedirect(uri) }):
		return nil, oauthRefusal("invalid_redirect_uri", "Give absolute redirect_uris without a fragment.")
	case !slices.Contains([]string{"none", "client_secret_post", "client_secret_basic"}, method):
		return nil, oauthRefusal("invalid_client_metadata", "The token_endpoint_auth_method is not supported.")
	case slices.ContainsFunc(grants, func(grant string) bool { return !slices.Contains(known, grant) }):
		return nil, oauthRefusal("invalid_client_metadata", "A grant type is not supported.")
	}
	name := c.inBody("client_name")
	if name == "" {
		name = "MCP client"
	}
	app, err := c.selfRegistered(name, texts(c.body["redirect_uris"]))
	if err != nil {
		return nil, err
	}
	response := object{
		{"client_id", app.text(fieldClient)}, {"client_id_issued_at", int(c.now.Unix())}, {"client_name", name},
		{"redirect_uris", uris}, {"grant_types", listOf(grants...)}, {"response_types", []any{"code"}},
		{"token_endpoint_auth_method", method},
	}
	if scope := c.inBody(fieldScope); scope != "" {
		response = append(response, member{fieldScope, scope})
	}
	if method == "none" {
		return response, nil
	}
	secret, err := c.keep(c.ix.kinds[kindClientSecret], map[string]any{fieldApplication: app.id})
	if err != nil {
		return nil, err
	}
	value := secret.text("secret")
	c.store.set(secret, grantSecret, digest(value))
	c.store.unset(secret, "secret")
	return append(response, member{"client_secret", value}, member{"client_secret_expires_at", 0}), nil
}

// isRedirect reports whether an application may have a redirect URI (RFC 6749 section 3.1.2).
func isRedirect(uri string) bool { return isAbsolute(uri) && !strings.Contains(uri, "#") }

// userinfo shows what the scopes of an access token open about its user (OpenID Connect Core section 5.3).
func (c *call) userinfo() (any, error) {
	claims := c.grantedClaims(c.request.bearer)
	user := c.store.get(c.ix.kinds[kindUser], text(claims["sub"]))
	if user == nil {
		p := oauthRefusal("invalid_token", "The access token is invalid or has expired.")
		p.status, p.challenge = http.StatusUnauthorized, `Bearer error="invalid_token"` // RFC 6750 section 3.1
		return nil, p
	}
	return profileClaims(user, strings.Fields(text(claims[fieldScope]))), nil
}

// grantedClaims are those of an access token of Connect that is good; nil for any other text.
func (c *call) grantedClaims(token string) map[string]any {
	claims := c.env.claims(token)
	if claims == nil || c.ended(claims) {
		return nil
	}
	session := text(claims["sid"])
	switch client := text(claims["sub"]); {
	case session == "" && c.findBy(c.ix.kinds[kindApplication], fieldClient, client) != nil: // of a machine
		return claims
	case session != "" && c.findBy(c.ix.kinds[kindConsent], fieldSession, session) != nil:
		return claims
	default:
		return nil
	}
}

// introspect describes an access token or a refresh token (RFC 7662 section 2).
func (c *call) introspect() (any, error) {
	if _, proved, err := c.connectClient(); err != nil || !proved {
		return nil, invalidClient(c)
	}
	token := c.inBody("token")
	if token == "" {
		return nil, oauthRefusal("invalid_request", "Give a token.")
	}
	if claims := c.grantedClaims(token); claims != nil {
		shown := object{{"active", true}, {"token_type", "access_token"}}
		if claims[fieldClient] == nil {
			claims[fieldClient] = claims["sub"]
		}
		for _, name := range []string{
			fieldClient, "iss", "aud", "sub", "sid", "org_id", fieldScope, "jti", "exp", "iat",
		} {
			if claims[name] != nil {
				shown = append(shown, member{name, claims[name]})
			}
		}
		return shown, nil
	}
	grant := c.grantOf(grantConnectRefresh, token)
	if !c.live(grant) || c.store.get(c.ix.kinds[kindConsent], grant.text(fieldConsent)) == nil {
		return object{{"active", false}}, nil
	}
	shown := object{
		{"active", true}, {"token_type", "refresh_token"}, {fieldClient, grant.text(fieldClient)},
		{"iss", c.request.host}, {"sub", grant.text(fieldUser)}, {"iat", grant.fields["issued_at"]},
	}
	if organization := grant.text("asked"); organization != "" {
		shown = append(shown, member{"org_id", organization})
	}
	return shown, nil
}
