package sandbox

import (
	"net/http"
	"strings"
	"time"
)

const (
	kindConnection = "connection"
	kindProfile    = "profile"

	ssoTokenLifetime = 10 * time.Minute
)

// connectionFor is the active connection with that ID, or else of that organization, or nil.
func (c *call) connectionFor(id, organization string) *record {
	k := c.ix.kinds[kindConnection]
	if id != "" {
		if r := c.store.get(k, id); r != nil && r.text(fieldState) == stateActive {
			return r
		}
		return nil
	}
	for _, r := range c.store.having(k, fieldOrganization, organization) {
		if r.text(fieldState) == stateActive {
			return r
		}
	}
	return nil
}

// ssoAuthorize signs a person in at an identity provider without asking, and redirects with a code. The person is that
// of login_hint, or else the first profile of the connection.
func (c *call) ssoAuthorize() (any, error) {
	if _, err := c.redirectURI("redirect_uri"); err != nil {
		return nil, err
	}
	connection := c.connectionFor(c.query.Get("connection"), c.query.Get("organization"))
	switch {
	case connection != nil:
	case c.query.Has("connection"):
		return c.redirectWith("error", "connection_invalid", "error_description", "No active connection has this ID.")
	case c.query.Has("organization"):
		return c.redirectWith("error", "organization_invalid", "error_description",
			"The organization has no active connection.")
	case c.query.Has("provider"):
		var err error
		if connection, err = c.providerConnection(c.query.Get("provider")); err != nil {
			return nil, err
		}
	default:
		return nil, c.invalid([]fieldProblem{{"connection", codeRequired}})
	}
	profile := c.profileOf(connection, c.query.Get("login_hint"))
	code := c.newGrant(grantSSOCode, codeLifetime, map[string]any{
		"profile": profile.id, "client_id": c.query.Get("client_id"),
		"code_challenge": c.query.Get("code_challenge"), "code_challenge_method": c.query.Get("code_challenge_method"),
	})
	c.authenticated("sso", nil, profile.text(fieldEmail), nil)
	return c.redirectWith(fieldCode, code)
}

// providerConnection is the environment's connection to a provider of OAuth.
func (c *call) providerConnection(provider string) (*record, error) {
	k := c.ix.kinds[kindConnection]
	for _, r := range c.store.all(k) {
		if r.text("connection_type") == provider && r.fields[fieldOrganization] == nil {
			return r, nil
		}
	}
	return c.keep(k, map[string]any{
		"connection_type": provider, fieldName: provider, fieldState: stateActive, "status": "linked", "domains": []any{},
	})
}

// knownProfile returns the connection's profile with an email address, or its first profile if the address is "". It
// returns nil if there is no such profile.
func (c *call) knownProfile(connection *record, email string) *record {
	for _, r := range c.store.having(c.ix.kinds[kindProfile], "connection_id", connection.id) {
		if email == "" || strings.EqualFold(r.text(fieldEmail), email) {
			return r
		}
	}
	return nil
}

// profileOf is that profile, which is made if need be.
func (c *call) profileOf(connection *record, email string) *record {
	if r := c.knownProfile(connection, email); r != nil {
		return r
	}
	k := c.ix.kinds[kindProfile]
	if email == "" {
		email = "user@example.com"
	}
	first, _, _ := strings.Cut(email, "@")
	r := &record{kind: k, id: c.store.newID("prof_", c.now), fields: map[string]any{
		"object": k.name, "connection_id": connection.id, "connection_type": connection.fields["connection_type"],
		fieldOrganization: connection.fields[fieldOrganization], "idp_id": email, fieldEmail: email,
		"first_name": first, "last_name": nil, fieldName: first, "groups": []any{}, "custom_attributes": map[string]any{},
		"raw_attributes": map[string]any{fieldEmail: email}, "role": nil,
	}}
	r.fields["id"] = r.id
	c.store.add(r)
	return r
}

// ssoToken trades a code for a profile.
func (c *call) ssoToken() (any, error) {
	secret, verifier := text(c.body["client_secret"]), text(c.body["code_verifier"])
	if public := secret == "" && verifier != ""; c.env.key != "" && secret != c.env.key && !public {
		return nil, oauthRefusal("invalid_client", "Invalid client secret.")
	}
	if c.body["grant_type"] != "authorization_code" {
		return nil, oauthRefusal("unsupported_grant_type", "The sandbox trusts no issuer of ID tokens.")
	}
	grant := c.grantOf(grantSSOCode, text(c.body[fieldCode]))
	switch {
	case !c.live(grant):
		return nil, oauthRefusal("invalid_grant", "The code '"+text(c.body[fieldCode])+"' has expired or is invalid.")
	case grant.text("client_id") != "" && grant.text("client_id") != c.client():
		return nil, oauthRefusal("invalid_grant", "The code was issued to another client.")
	case !provesPossession(grant, verifier), secret == "" && grant.text("code_challenge") == "":
		return nil, oauthRefusal("invalid_grant", "The code verifier is not that of the challenge.")
	}
	c.store.set(grant, fieldUsed, true)
	profile := c.store.get(c.ix.kinds[kindProfile], grant.text("profile"))
	token := c.newGrant(grantSSO, ssoTokenLifetime, map[string]any{"profile": profile.id})
	return c.respond(map[string]any{
		"token_type": "Bearer", "access_token": token, "expires_in": number(int(ssoTokenLifetime / time.Second)),
		kindProfile: profile.fields,
	}), nil
}

// ssoProfile shows the profile that an SSO access token is for.
func (c *call) ssoProfile() (any, error) {
	grant := c.grantOf(grantSSO, c.request.bearer)
	if !c.live(grant) {
		if c.examples {
			return c.get()
		}
		return nil, refusal(http.StatusUnauthorized, "Unauthorized", "The access token is invalid or has expired.")
	}
	return c.view(c.store.get(c.ix.kinds[kindProfile], grant.text("profile")), c.plan.answer), nil
}

// signingCertificate shows the newest certificate by which a connection signs its requests.
func (c *call) signingCertificate() (any, error) {
	connection := c.of(kindConnection)
	found := c.store.having(c.plan.kind, "connection_id", connection.id)
	if len(found) == 0 {
		return nil, notFound(c.plan.kind.title(), connection.id)
	}
	return c.view(found[len(found)-1], c.plan.answer), nil
}

// jwks shows the keys of a client's tokens.
func (c *call) jwks() (any, error) { return c.env.jwks(c.params["clientId"]), nil }

// ssoLogoutAuthorize hands out a token that the browser logs out with.
func (c *call) ssoLogoutAuthorize() (any, error) {
	id := text(c.body["profile_id"])
	if c.store.get(c.ix.kinds[kindProfile], id) == nil && !c.examples {
		return nil, notFound("Profile", id)
	}
	token := c.newGrant(grantLogout, codeLifetime, map[string]any{"profile": id})
	return c.respond(map[string]any{
		"logout_token": token, "logout_url": c.request.host + "/sso/logout?token=" + token,
	}), nil
}

// ssoLogout ends the session at the identity provider.
func (c *call) ssoLogout() (any, error) {
	grant := c.grantOf(grantLogout, c.query.Get("token"))
	if !c.live(grant) && !c.examples {
		return nil, notFound("Logout token", "token")
	}
	if grant != nil {
		c.store.set(grant, fieldUsed, true)
	}
	return redirection(exampleHost), nil
}
