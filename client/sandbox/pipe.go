package sandbox

import (
	"cmp"
	"net/http"
	"time"
)

const (
	authAPIKey      = "api_key"
	authCredentials = "client_credentials"
	authOAuth       = "oauth"

	fieldAuthMethod = "auth_method"
	connectedEvent  = "pipes.connected_account.connected"
	fieldCredential = "credential" // of a connected account, never shown by it

	// providerLifetime is that of the access tokens of providers.
	providerLifetime = time.Hour
)

// setAPIKey connects a user to a provider by an API key, or replaces the stored one.
func (c *call) setAPIKey() (any, error) { return c.connectBy(authAPIKey) }

// setClientCredentials connects a user to a provider by client credentials, or replaces the stored ones.
func (c *call) setClientCredentials() (any, error) { return c.connectBy(authCredentials) }

// connectBy makes or changes the account of the user whom the body names.
func (c *call) connectBy(method string) (any, error) {
	c.authMethod = method
	return c.upsert()
}

// completeAccount notes how a connected account authenticates, and what may be shown of its credential.
func (c *call) completeAccount(r *record) {
	set := func(field string, v any) { c.store.set(r, field, v) }
	method := cmp.Or(c.authMethod, r.text(fieldAuthMethod), authOAuth)
	set(fieldAuthMethod, method)
	switch method {
	case authAPIKey:
		set("api_key_last_4", ending(c.inBody("secret")))
		set(fieldCredential, c.inBody("secret"))
	case authCredentials:
		set("client_secret_last_4", ending(c.inBody("client_secret")))
		set(fieldCredential, c.inBody("client_secret"))
	default:
		if token := c.inBody("access_token"); token != "" {
			set(fieldCredential, token)
			set("credential_expires_at", c.body["expires_at"])
		}
		if r.fields[fieldState] == nil {
			set(fieldState, "connected")
		}
	}
}

// ending is what is shown of a secret.
func ending(secret string) string {
	const shown = 4
	return secret[max(0, len(secret)-shown):]
}

// account is the account that the body names, or that its user has with the provider of the path, or nil.
func (c *call) account() *record {
	k := c.ix.kinds[kindConnected]
	if id := c.inBody("connected_account_id"); id != "" {
		return c.store.get(k, id)
	}
	slug := c.of(kindIntegration).text(fieldSlug)
	for _, r := range c.store.having(k, fieldUser, c.inBody(fieldUser)) {
		if r.text(fieldSlug) == slug && r.text(fieldOrganization) == c.inBody(fieldOrganization) {
			return r
		}
	}
	return nil
}

// authorizePipe returns the URL of a page that stands in place of the provider's: it connects the user at once.
func (c *call) authorizePipe() (any, error) {
	integration := c.of(kindIntegration)
	state := c.newGrant(grantPipe, codeLifetime, map[string]any{
		fieldUser: c.body[fieldUser], fieldOrganization: c.body[fieldOrganization], fieldSlug: integration.text(fieldSlug),
		"return_to": c.body["return_to"], fieldCode: "",
	})
	return c.respond(map[string]any{
		"url": c.request.host + "/data-integrations/" + integration.text(fieldSlug) + "/connect?state=" + state,
	}), nil
}

// connectPipe is that page: it connects the account of the user and sends the browser back.
func (c *call) connectPipe() (any, error) {
	grant := c.grantOf(grantPipe, c.query.Get("state"))
	if !c.live(grant) || grant.text(fieldSlug) != c.of(kindIntegration).text(fieldSlug) {
		return nil, badRequest("The state is unknown, has expired or was used.")
	}
	c.store.set(grant, fieldUsed, true)
	c.body = map[string]any{
		fieldUser: grant.fields[fieldUser], fieldOrganization: grant.fields[fieldOrganization],
		"access_token": "provider_" + c.store.newSecret(secretLength), "expires_at": c.in(providerLifetime),
	}
	if old := c.account(); old != nil {
		c.completeAccount(old)
		c.store.set(old, fieldState, "connected")
		c.touch(old)
		c.emit(connectedEvent, old)
	} else {
		fields := map[string]any{fieldUser: grant.fields[fieldUser], fieldOrganization: grant.fields[fieldOrganization],
			fieldSlug: grant.fields[fieldSlug]}
		account, err := c.keepApart(c.ix.kinds[kindConnected], fields)
		if err != nil {
			return nil, err
		}
		c.emit(connectedEvent, account)
	}
	if back := grant.text("return_to"); back != "" {
		return redirection(back), nil
	}
	return redirection(exampleHost), nil
}

// pipeToken returns the access token of a user's account, or the reason why there is none.
func (c *call) pipeToken() (any, error) {
	account := c.account()
	if why := unusable(account); why != "" {
		return c.respond(map[string]any{"active": false, "error": why}), nil
	}
	if account.text(fieldAuthMethod) != authOAuth {
		return nil, refusal(http.StatusUnprocessableEntity, "auth_method_mismatch", "The account has no access token.")
	}
	c.refreshAccount(account)
	return c.respond(map[string]any{"active": true, "access_token": map[string]any{
		"object": "access_token", "access_token": account.fields[fieldCredential],
		"expires_at": account.fields["credential_expires_at"], "scopes": account.fields["scopes"], "missing_scopes": []any{},
	}}), nil
}

// pipeCredential returns a credential of any kind, or the reason why there is none.
func (c *call) pipeCredential() (any, error) {
	account := c.account()
	if why := unusable(account); why != "" {
		return c.respond(map[string]any{"active": false, "error": why}), nil
	}
	credential := map[string]any{
		"object": "credential", fieldAuthMethod: account.fields[fieldAuthMethod], "value": account.fields[fieldCredential],
	}
	if account.text(fieldAuthMethod) == authOAuth {
		c.refreshAccount(account)
		credential["value"] = account.fields[fieldCredential]
		credential["expires_at"] = account.fields["credential_expires_at"]
		credential["scopes"], credential["missing_scopes"] = account.fields["scopes"], []any{}
	}
	return c.respond(map[string]any{"active": true, "credential": credential}), nil
}

// refreshAccount gets a new access token for an account whose own has expired, and one for an account without.
func (c *call) refreshAccount(account *record) {
	if account.text(fieldCredential) == "" || c.past(account, "credential_expires_at") {
		c.store.set(account, fieldCredential, "provider_"+c.store.newSecret(secretLength))
		c.store.set(account, "credential_expires_at", c.in(providerLifetime))
		c.touch(account)
	}
}

// unusable is the API's reason why an account gives no credential, or "".
func unusable(account *record) string {
	switch {
	case account == nil:
		return "not_installed"
	case account.text(fieldState) == "needs_reauthorization":
		return "needs_reauthorization"
	default:
		return ""
	}
}
