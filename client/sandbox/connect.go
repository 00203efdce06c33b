package sandbox

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable/value"
)

const (
	kindApplication  = "connect_application"
	kindClientSecret = "connect_application_secret"

	fieldApplication = "connect_application_id"
	fieldClient      = "client_id"

	// machineLifetime is that of the access token of a machine-to-machine application.
	machineLifetime = time.Hour
)

// listApplications lists the applications of an organization or of all, without those that registered themselves,
// unless they are asked for.
func (c *call) listApplications() (any, error) {
	types := c.values("registration_types", &value.Schema{Types: arrayType})
	if len(types) == 0 {
		types = []string{"authenticated"}
	}
	return c.listOf(c.candidates(c.plan.kind), func(r *record) bool {
		registered := "authenticated"
		if r.fields["was_dynamically_registered"] == true {
			registered = "dynamic"
		}
		return slices.Contains(types, registered) && !r.hidden && c.filtered(r)
	})
}

// createClientSecret makes a secret of an application. Its value is shown once; the hash is kept.
func (c *call) createClientSecret() (any, error) {
	r, err := c.keep(c.plan.kind, c.given(c.plan.kind))
	if err != nil {
		return nil, err
	}
	response := c.view(r, c.plan.answer)
	c.store.set(r, grantSecret, digest(r.text("secret")))
	c.store.unset(r, "secret")
	return response, nil
}

// machineToken is the token endpoint of Connect for the client credentials grant (RFC 6749 section 4.4).
func (c *call) machineToken() (any, error) {
	client, secret := c.inBody(fieldClient), c.inBody("client_secret")
	if id, password, ok := basic(c.request.basic); ok {
		client, secret = id, password
	}
	if c.inBody("grant_type") != "client_credentials" {
		return nil, oauthRefusal("unsupported_grant_type", "The sandbox grants client_credentials here.")
	}
	app := c.findBy(c.ix.kinds[kindApplication], fieldClient, client)
	found := c.store.having(c.ix.kinds[kindClientSecret], grantSecret, digest(secret))
	if app == nil || len(found) == 0 || found[0].text(fieldApplication) != app.id {
		p := oauthRefusal("invalid_client", "Invalid client ID or secret.")
		p.status = http.StatusUnauthorized // RFC 6749 section 5.2
		if c.request.basic != "" {
			p.challenge = `Basic realm="workos"`
		}
		return nil, p
	}
	if app.text("application_type") != "m2m" {
		return nil, oauthRefusal("unauthorized_client", "The application is not a machine-to-machine application.")
	}
	scopes, err := grantedScopes(app, c.inBody("scope"))
	if err != nil {
		return nil, err
	}
	c.store.set(found[0], "last_used_at", timestamp(c.now))
	claims := object{
		{"iss", c.request.host}, {"aud", client}, {"sub", client}, {"jti", c.store.newID("", c.now)},
		{"exp", int(c.now.Add(machineLifetime).Unix())}, {"iat", int(c.now.Unix())},
	}
	if organization := app.text(fieldOrganization); organization != "" {
		claims = append(claims, member{"org_id", organization})
	}
	if scopes != "" {
		claims = append(claims, member{"scope", scopes})
	}
	return object{
		{"access_token", c.env.jwt("", claims)}, {"token_type", "Bearer"},
		{"expires_in", int(machineLifetime / time.Second)},
	}, nil
}

// grantedScopes are those asked for, all of which the application must have; those that it has if none is asked for.
func grantedScopes(app *record, asked string) (string, error) {
	list, _ := app.fields["scopes"].([]any)
	open := make([]string, 0, len(list))
	for _, scope := range list {
		open = append(open, text(scope))
	}
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

// machineKeys shows the keys of the tokens of machine-to-machine applications.
func (c *call) machineKeys() (any, error) { return c.env.jwks(""), nil }

// completeLogin knows no login to complete: applications have no authorization endpoint here.
func (c *call) completeLogin() (any, error) {
	if c.examples {
		return c.example()
	}
	return nil, notFound("External login", c.inBody("external_auth_id"))
}
