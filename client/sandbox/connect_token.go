package sandbox

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// The lifetimes of the tokens of Connect.
const (
	machineLifetime = time.Hour // of the access token of a machine-to-machine application
	connectLifetime = 5 * time.Minute
	refreshLifetime = 30 * day
)

// connectToken is the token endpoint of Connect (RFC 6749 section 3.2).
func (c *call) connectToken() (any, error) {
	const device = "urn:ietf:params:oauth:grant-type:device_code"
	grantType := c.inBody("grant_type")
	if !slices.Contains([]string{"authorization_code", "refresh_token", "client_credentials", device}, grantType) {
		return nil, oauthRefusal("unsupported_grant_type", "The grant type '"+grantType+"' is not supported.")
	}
	app, proved, err := c.connectClient()
	if err != nil {
		return nil, err
	}
	c.application = app
	if machine := app.text("application_type") == "m2m"; machine != (grantType == "client_credentials") {
		return nil, oauthRefusal("unauthorized_client", "The application may not use this grant type.")
	}
	switch grantType {
	case "client_credentials":
		if !proved {
			return nil, invalidClient(c)
		}
		return c.machineToken()
	case "authorization_code":
		return c.withConnectCode(proved)
	case "refresh_token":
		return c.withConnectRefresh()
	default:
		return c.withConnectDevice()
	}
}

// connectClient is the application that sends a request, and whether it proved who it is by a secret. One that uses
// PKCE may have no secret.
func (c *call) connectClient() (app *record, proved bool, err error) {
	client, secret := c.inBody(fieldClient), c.inBody("client_secret")
	if id, password, ok := basic(c.request.basic); ok {
		client, secret = id, password
	}
	app = c.findBy(c.ix.kinds[kindApplication], fieldClient, client)
	if app == nil {
		return nil, false, invalidClient(c)
	}
	if secret == "" && c.request.basic == "" && app.fields["uses_pkce"] == true {
		return app, false, nil
	}
	found := c.store.having(c.ix.kinds[kindClientSecret], grantSecret, digest(secret))
	if len(found) == 0 || found[0].text(fieldApplication) != app.id {
		return nil, false, invalidClient(c)
	}
	c.store.set(found[0], "last_used_at", timestamp(c.now))
	return app, true, nil
}

// machineToken grants a machine-to-machine application a token (RFC 6749 section 4.4).
func (c *call) machineToken() (any, error) {
	app := c.application
	scopes, err := grantedScopes(app, c.inBody(fieldScope))
	if err != nil {
		return nil, err
	}
	client := app.text(fieldClient)
	claims := object{
		{"iss", c.request.host}, {"aud", client}, {"sub", client}, {"client_id", client}, {"jti", c.store.newID("", c.now)},
		{"exp", int(c.now.Add(machineLifetime).Unix())}, {"iat", int(c.now.Unix())},
	}
	if organization := app.text(fieldOrganization); organization != "" {
		claims = append(claims, member{"org_id", organization})
	}
	if scopes != "" {
		claims = append(claims, member{fieldScope, scopes})
	}
	return object{
		{"access_token", c.env.jwt("", claims)}, {"token_type", "Bearer"},
		{"expires_in", int(machineLifetime / time.Second)},
	}, nil
}

// grantedScopes are those asked for, all of which the application must have; those that it has if none is asked for.
func grantedScopes(app *record, asked string) (string, error) {
	open := texts(app.fields["scopes"])
	if asked == "" {
		return strings.Join(open, " "), nil
	}
	for scope := range strings.FieldsSeq(asked) {
		if !slices.Contains(open, scope) {
			return "", oauthRefusal("invalid_scope", "The application has no scope '"+scope+"'.")
		}
	}
	return asked, nil
}

// basic reads the client's ID and secret of an Authorization header (RFC 6749 section 2.3.1).
func basic(credential string) (id, secret string, ok bool) {
	text, err := base64.StdEncoding.DecodeString(credential)
	if err != nil || credential == "" {
		return "", "", false
	}
	id, secret, ok = strings.Cut(string(text), ":")
	id, idErr := url.QueryUnescape(id)
	secret, secretErr := url.QueryUnescape(secret)
	return id, secret, ok && idErr == nil && secretErr == nil
}

// invalidClient is the refusal of a client that does not prove who it is.
func invalidClient(c *call) *problem {
	p := oauthRefusal("invalid_client", "Invalid client ID or secret.")
	p.status = http.StatusUnauthorized // RFC 6749 section 5.2
	if c.request.basic != "" {
		p.challenge = `Basic realm="workos"`
	}
	return p
}

// withConnectCode trades a code (RFC 6749 section 4.1.3). A client without a secret must have made a challenge.
func (c *call) withConnectCode(proved bool) (any, error) {
	grant, verifier := c.grantOf(grantConnect, c.inBody(fieldCode)), c.inBody("code_verifier")
	if err := c.checkConnectGrant(grant, "The code"); err != nil {
		return nil, err
	}
	challenge := grant.text(fieldChallenge)
	switch {
	case grant.text(fieldRedirect) != "" && c.inBody(fieldRedirect) != grant.text(fieldRedirect):
		return nil, oauthRefusal("invalid_grant", "The redirect URI is not that of the authorization request.")
	case challenge == "" && (!proved || verifier != ""), challenge != "" && !provesPossession(grant, verifier):
		return nil, oauthRefusal("invalid_grant", "The code verifier is not that of the challenge.")
	}
	c.store.set(grant, fieldUsed, true)
	return c.connectTokens(grant, grant.text(fieldScope))
}

// withConnectRefresh rotates a refresh token (RFC 6749 section 6).
func (c *call) withConnectRefresh() (any, error) {
	grant := c.grantOf(grantConnectRefresh, c.inBody("refresh_token"))
	if err := c.checkConnectGrant(grant, "The refresh token"); err != nil {
		return nil, err
	}
	scope := grant.text(fieldScope)
	if asked := c.inBody(fieldScope); asked != "" {
		for one := range strings.FieldsSeq(asked) {
			if !slices.Contains(strings.Fields(scope), one) {
				return nil, oauthRefusal("invalid_scope", "The scope '"+one+"' was not granted.")
			}
		}
		scope = asked
	}
	c.store.set(grant, fieldUsed, true)
	return c.connectTokens(grant, scope)
}

// withConnectDevice is one poll of an application's device flow.
func (c *call) withConnectDevice() (any, error) {
	device, err := c.polled()
	if err != nil {
		return nil, err
	}
	user := c.store.get(c.ix.kinds[kindUser], device.text(fieldUser))
	c.query = url.Values{fieldScope: {device.text(fieldScope)}, fieldAudience: {device.text(fieldAudience)}}
	grant := &record{fields: c.connectGrant(c.withFirstOrganization(attempt{user: user}), nil, device.text)}
	return c.connectTokens(grant, device.text(fieldScope))
}

// checkConnectGrant refuses a code or a refresh token that is of no use to the application.
func (c *call) checkConnectGrant(grant *record, what string) error {
	switch {
	case !c.live(grant) || c.store.get(c.ix.kinds[kindConsent], grant.text(fieldConsent)) == nil:
		return oauthRefusal("invalid_grant", what+" has expired, was used or is invalid.")
	case grant.text(fieldClient) != c.application.text(fieldClient):
		return oauthRefusal("invalid_grant", what+" was issued to another client.")
	}
	return nil
}

// connectTokens are the tokens for what a user has granted.
func (c *call) connectTokens(grant *record, scope string) (any, error) {
	user := c.store.get(c.ix.kinds[kindUser], grant.text(fieldUser))
	consent := c.store.get(c.ix.kinds[kindConsent], grant.text(fieldConsent))
	if user == nil || consent == nil {
		return nil, oauthRefusal("invalid_grant", "The user is gone.")
	}
	client, scopes := c.application.text(fieldClient), strings.Fields(scope)
	head := object{{"iss", c.request.host}, {"aud", c.audienceOf(grant)}, {"sub", user.id}}
	tail := object{
		{"exp", int(c.now.Add(connectLifetime).Unix())}, {"iat", int(c.now.Unix())},
	}
	claims := append(slices.Clone(head), member{"client_id", client}, member{"sid", consent.text(fieldSession)})
	if organization := grant.text("asked"); organization != "" {
		claims = append(claims, member{"org_id", organization})
	}
	if scope != "" {
		claims = append(claims, member{fieldScope, scope})
	}
	chosen, _ := grant.fields[fieldClaims].(map[string]any)
	claims = append(claims.with(chosen), member{"jti", c.store.newID("", c.now)})
	response := object{
		{"access_token", c.env.jwt("", append(claims, tail...))}, {"token_type", "Bearer"},
		{"expires_in", int(connectLifetime / time.Second)},
	}
	if slices.Contains(scopes, "openid") {
		identity := append(object{{"iss", c.request.host}, {"aud", client}}, profileClaims(user, scopes)...)
		if nonce := grant.text(fieldNonce); nonce != "" {
			identity = append(identity, member{fieldNonce, nonce})
		}
		response = append(response, member{"id_token", c.env.jwt("", append(identity, tail...))})
	}
	if slices.Contains(strings.Fields(grant.text(fieldScope)), "offline_access") {
		fields := map[string]any{"issued_at": number(int(c.now.Unix()))}
		for _, name := range []string{
			fieldClient, fieldUser, fieldConsent, "asked", fieldClaims, fieldScope, fieldAudience, fieldNonce,
		} {
			fields[name] = grant.fields[name]
		}
		response = append(response, member{"refresh_token", c.newGrant(grantConnectRefresh, refreshLifetime, fields)})
	}
	if scope != "" {
		response = append(response, member{fieldScope, scope})
	}
	return response, nil
}

// audienceOf is the resource that the client has asked for (RFC 8707 section 2), if it may be asked for: one of those
// that the environment has registered, if there are any. Otherwise it is the client.
func (c *call) audienceOf(grant *record) string {
	asked := grant.text(fieldAudience)
	registered := c.store.all(c.ix.kinds["authkit_oauth_resource"])
	known := func(r *record) bool {
		return strings.TrimSuffix(r.text("uri"), "/") == strings.TrimSuffix(asked, "/")
	}
	if asked == "" || len(registered) > 0 && !slices.ContainsFunc(registered, known) {
		return grant.text(fieldClient)
	}
	return asked
}

// profileClaims are the claims about a user that scopes open (OpenID Connect Core section 5.4).
func profileClaims(user *record, scopes []string) object {
	claims := object{{"sub", user.id}}
	add := func(name, field string) {
		if v := user.fields[field]; v != nil {
			claims = append(claims, member{name, v})
		}
	}
	if slices.Contains(scopes, "email") {
		add("email", fieldEmail)
		add("email_verified", "email_verified")
	}
	if slices.Contains(scopes, "profile") {
		add("name", fieldName)
		add("given_name", "first_name")
		add("family_name", "last_name")
		add("picture", "profile_picture_url")
	}
	return claims
}
