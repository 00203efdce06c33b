package sandbox

import (
	"net/http"
	"net/url"
)

const (
	kindPasswordless = "passwordless_session"

	passwordlessPath = "/passwordless/confirm"
)

// passwordlessLink is the link of a session, which signs in who opens it.
func (c *call) passwordlessLink(session *record) string {
	token := c.newGrant(grantLink, sessionTokenLifetime*24, map[string]any{"passwordless": session.id})
	return c.request.host + passwordlessPath + "?token=" + token
}

// sendPasswordless emails the link of a session.
func (c *call) sendPasswordless() (any, error) {
	session := c.of(kindPasswordless)
	c.mail(mail{to: session.text(fieldEmail), about: kindPasswordless, link: session.text("link")})
	return c.respond(map[string]any{"success": true}), nil
}

// openPasswordless signs in who opens the link of a session, once: it redirects with a code that sso.token.create
// takes.
func (c *call) openPasswordless() (any, error) {
	grant := c.grantOf(grantLink, c.query.Get("token"))
	if !c.live(grant) {
		return nil, notFound("Passwordless session", "token")
	}
	session := c.store.get(c.ix.kinds[kindPasswordless], grant.text("passwordless"))
	if session == nil || c.past(session, "expires_at") {
		return nil, refusal(http.StatusForbidden, "passwordless_session_expired", "The link has expired.")
	}
	c.store.set(grant, fieldUsed, true)
	connection := c.store.get(c.ix.kinds[kindConnection], session.text("connection"))
	if connection == nil {
		var err error
		if connection, err = c.providerConnection("MagicLink"); err != nil {
			return nil, err
		}
	}
	target, err := url.Parse(session.text("redirect_uri"))
	if err != nil || !isWebURL(session.text("redirect_uri")) {
		target = &url.URL{Scheme: "https", Host: "example.com", Path: "/"}
	}
	profile := c.profileOf(connection, session.text(fieldEmail))
	q := target.Query()
	q.Set(fieldCode, c.newGrant(grantSSOCode, codeLifetime, map[string]any{"profile": profile.id}))
	if state := session.text("state"); state != "" {
		q.Set("state", state)
	}
	target.RawQuery = q.Encode()
	c.authenticated("sso", nil, profile.text(fieldEmail), nil)
	return redirection(target.String()), nil
}
