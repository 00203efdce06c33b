package sandbox

import (
	"slices"
	"strings"
)

const (
	kindConsent = "authorized_connect_application"

	fieldConsent  = "consent"   // the ID of a consent, of the grants that follow from it
	fieldSession  = "consented" // the ID that its tokens have as sid
	fieldScope    = "scope"
	fieldAudience = "resource"
	fieldNonce    = "nonce"
	fieldOptions  = "options" // the choices that an application has put to the user
	fieldClaims   = "claims"  // the chosen ones
	fieldAsking   = "application"

	fieldRedirect  = "redirect_uri"
	fieldChallenge = "code_challenge"
	fieldMethod    = "code_challenge_method"
)

// scopesOfAll are those that every OAuth application may ask for.
//
//nolint:gochecknoglobals // constant
var scopesOfAll = []string{"email", "offline_access", "openid", "profile"}

// connectAuthorize is the authorization endpoint of Connect (RFC 6749 section 3.1). Without WithInteractive it signs in
// the user of login_hint, or else the first, and consents for them. Where the environment has a login URI, the
// application there signs the user in.
func (c *call) connectAuthorize() (any, error) {
	app, err := c.askingApplication()
	if err != nil {
		return nil, err
	}
	c.application = app
	if p := c.checkRequest(); p != nil {
		return c.redirectWith("error", p.code, "error_description", p.message)
	}
	if login := c.loginURI(); login != "" {
		return c.externalLogin(login)
	}
	if c.env.sandbox.interactive {
		return c.askAtBrowser(attempt{method: "password", shown: "Password"})
	}
	user, err := c.browserUser(c.query.Get("login_hint"))
	if err != nil {
		return nil, err
	}
	a := c.withFirstOrganization(attempt{user: user, method: "password", shown: "Password"})
	v, err := c.consultSignIn(a)
	if err != nil || v != nil {
		return c.redirectDenied(v, err)
	}
	return c.redirectWithConnectCode(a, nil)
}

// askingApplication is the application that the query names, with a redirect URI that it has. Without both the browser
// is sent nowhere (RFC 6749 section 4.1.2.1).
func (c *call) askingApplication() (*record, error) {
	client := c.query.Get(fieldClient)
	app := c.findBy(c.ix.kinds[kindApplication], fieldClient, client)
	if app == nil && isClientURL(client) {
		var err error
		if app, err = c.documentedApplication(client); err != nil {
			return nil, err
		}
	}
	if app == nil {
		return nil, oauthRefusal("invalid_client", "No application has the client ID '"+client+"'.")
	}
	uris, _ := app.fields["redirect_uris"].([]any)
	asked := c.query.Get(fieldRedirect)
	for _, v := range uris {
		entry, _ := v.(map[string]any)
		if uri := text(entry["uri"]); uri == asked || asked == "" && (entry["default"] == true || len(uris) == 1) {
			c.query.Set(fieldRedirect, uri)
			return app, nil
		}
	}
	return nil, oauthRefusal("invalid_request", "The application has no redirect URI '"+asked+"'.")
}

// checkRequest refuses what the application may not ask for.
func (c *call) checkRequest() *problem {
	app, challenge := c.application, c.query.Get(fieldChallenge)
	switch {
	case app.text("application_type") != "oauth":
		return oauthRefusal("unauthorized_client", "The application is not an OAuth application.")
	case c.query.Get("response_type") != "code":
		return oauthRefusal("unsupported_response_type", "The response_type must be code.")
	case challenge == "" && app.fields["uses_pkce"] == true:
		return oauthRefusal("invalid_request", "The application uses PKCE: give a code_challenge.")
	case challenge != "" && c.query.Get(fieldMethod) != "S256":
		return oauthRefusal("invalid_request", "The code_challenge_method must be S256.")
	}
	return unknownScope(app, c.query.Get(fieldScope))
}

// unknownScope refuses scopes that an OAuth application may not ask for.
func unknownScope(app *record, scopes string) *problem {
	open := append(texts(app.fields["scopes"]), scopesOfAll...)
	for scope := range strings.FieldsSeq(scopes) {
		if !slices.Contains(open, scope) {
			return oauthRefusal("invalid_scope", "The application has no scope '"+scope+"'.")
		}
	}
	return nil
}

// withFirstOrganization is a sign-in in the first organization that the user is an active member of, if there is any.
func (c *call) withFirstOrganization(a attempt) attempt {
	if active := c.activeMemberships(a.user); len(active) > 0 {
		a.organization = active[0].text(fieldOrganization)
	}
	return a
}

// wantConsent stops a sign-in for the consent of the user to an application of a third party, unless it was given to as
// much before.
func (c *call) wantConsent(a attempt, options any) error {
	consent := c.consentOf(a)
	granted := consent != nil && consent.text(fieldOrganization) == a.organization
	for scope := range strings.FieldsSeq(c.query.Get(fieldScope)) {
		granted = granted && slices.Contains(texts(consent.fields["granted_scopes"]), scope)
	}
	if a.consented || c.application.fields["is_first_party"] == true || granted && options == nil {
		return nil
	}
	return c.pending(a, stepConsent, "The user must authorize the application.")
}

// consentOf is what the user has consented to before: to the application and its resource.
func (c *call) consentOf(a attempt) *record {
	for _, r := range c.store.having(c.ix.kinds[kindConsent], "application_id", c.application.id) {
		if r.text(fieldUser) == a.user.id && r.text("oauth_resource") == c.query.Get(fieldAudience) {
			return r
		}
	}
	return nil
}

// consent keeps the consent of the user.
func (c *call) consent(a attempt) *record {
	r := c.consentOf(a)
	if r == nil {
		fields := map[string]any{
			fieldUser: a.user.id, "application_id": c.application.id, "granted_scopes": []any{},
			fieldSession: c.store.newID("app_consent_", c.now),
		}
		if resource := c.query.Get(fieldAudience); resource != "" {
			fields["oauth_resource"] = resource
		}
		r = c.added(c.ix.kinds[kindConsent], fields)
	}
	granted := texts(r.fields["granted_scopes"])
	for scope := range strings.FieldsSeq(c.query.Get(fieldScope)) {
		if !slices.Contains(granted, scope) {
			granted = append(granted, scope)
		}
	}
	c.store.set(r, "granted_scopes", listOf(granted...))
	if a.organization != "" {
		c.store.set(r, fieldOrganization, a.organization)
	} else {
		c.store.unset(r, fieldOrganization)
	}
	return r
}

// redirectWithConnectCode sends the browser back to the application with a code, and with the claims that the user has
// chosen.
func (c *call) redirectWithConnectCode(a attempt, claims map[string]any) (any, error) {
	return c.redirectWith(fieldCode, c.newGrant(grantConnect, codeLifetime, c.connectGrant(a, claims, c.query.Get)))
}

// connectGrant is what a code, and the tokens that follow from it, are for.
func (c *call) connectGrant(a attempt, claims map[string]any, asked func(string) string) map[string]any {
	fields := map[string]any{
		fieldClient: c.application.text(fieldClient), fieldUser: a.user.id, fieldConsent: c.consent(a).id,
		"asked": a.organization,
	}
	if len(claims) > 0 {
		fields[fieldClaims] = claims
	}
	for _, name := range []string{fieldRedirect, fieldScope, fieldAudience, fieldNonce, fieldChallenge, fieldMethod} {
		fields[name] = asked(name)
	}
	return fields
}
