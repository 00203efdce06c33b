package sandbox

import (
	"net/http"
	"net/url"
	"slices"
)

// redirection is a response without a body that sends the browser to a URL.
type redirection string

// redirectWith sends the browser to the client's redirect URI with those parameters and the state that came.
func (c *call) redirectWith(parameters ...string) (any, error) {
	u, err := c.redirectURI("redirect_uri")
	if err != nil {
		return nil, err
	}
	q := u.Query()
	for i := 0; i+1 < len(parameters); i += 2 {
		q.Set(parameters[i], parameters[i+1])
	}
	if c.query.Has("state") {
		q.Set("state", c.query.Get("state"))
	}
	u.RawQuery = q.Encode()
	return redirection(u.String()), nil
}

// redirectURI reads a parameter that holds a URL to send the browser to: an absolute one of http or https, and, of
// those that the environment has registered if there are any, one.
func (c *call) redirectURI(param string) (*url.URL, error) {
	text := c.query.Get(param)
	u := webURL(text)
	if c.application != nil && param == fieldRedirect { // which was compared with those of the application
		u, _ = url.Parse(text)
		return u, nil
	}
	if u == nil {
		return nil, c.invalid([]fieldProblem{{param, codeFormat}})
	}
	registered := c.store.all(c.ix.kinds["redirect_uri"])
	known := func(r *record) bool { return matchesRedirect(r.text("uri"), text) }
	if param == "redirect_uri" && len(registered) > 0 && !slices.ContainsFunc(registered, known) {
		return nil, c.invalid([]fieldProblem{{param, codeValue}})
	}
	return u, nil
}

// authorize signs a user in without asking and redirects with a code: the user of login_hint, who comes into being if
// need be, or else the first of the environment.
func (c *call) authorize() (any, error) {
	if _, err := c.redirectURI("redirect_uri"); err != nil {
		return nil, err
	}
	method, shown := "oauth", c.query.Get("provider")
	organization := c.query.Get(fieldOrganization)
	email := c.query.Get("login_hint")
	var profile *record // of the person at the identity provider, if it is known
	if id := c.query.Get("connection_id"); id != "" || organization != "" && (shown == "" || shown == "sso") {
		connection := c.connectionFor(id, organization)
		switch {
		case connection != nil:
			method, shown = "sso", "SSO"
			organization = connection.text(fieldOrganization)
			profile = c.knownProfile(connection, email)
		case id != "":
			return c.redirectWith("error", "connection_invalid", "error_description", "No connection has the ID '"+id+"'.")
		}
	}
	if method == "oauth" && (shown == "authkit" || shown == "") {
		method, shown = "password", "Password"
	}
	if c.env.sandbox.interactive {
		return c.askAtBrowser(attempt{method: method, shown: shown, organization: organization})
	}
	if profile != nil {
		if email = profile.text(fieldEmail); email == "" {
			return c.redirectWithCode(attempt{method: method, shown: shown, organization: organization})
		}
	}
	if email != "" && c.findBy(c.ix.kinds[kindUser], fieldEmail, email) == nil {
		if v, err := c.consultRegistration(email, shown); err != nil || v != nil {
			return c.redirectDenied(v, err)
		}
	}
	user, err := c.browserUser(email)
	if err != nil {
		return nil, err
	}
	c.identify(user, shown)
	if method == "sso" {
		if err := c.joinOrganization(user, organization); err != nil {
			return nil, err
		}
	}
	v, err := c.consultSignIn(attempt{user: user, method: method, shown: shown, organization: organization})
	if err != nil || v != nil {
		return c.redirectDenied(v, err)
	}
	return c.redirectWithCode(attempt{user: user, method: method, shown: shown, organization: organization})
}

// redirectWithCode sends the browser back with the code of a sign-in. A nil user is one whose email address the
// identity provider did not give.
func (c *call) redirectWithCode(a attempt) (any, error) {
	fields := map[string]any{
		"client_id": c.query.Get("client_id"), "asked": a.organization, "method": a.method,
		"shown": a.shown, "code_challenge": c.query.Get("code_challenge"),
		"code_challenge_method": c.query.Get("code_challenge_method"),
	}
	if a.user != nil {
		fields[fieldUser] = a.user.id
	}
	code := c.newGrant(grantCode, codeLifetime, fields)
	if token := c.query.Get("invitation_token"); token != "" && a.user != nil {
		if err := c.acceptInvited(a.user, token); err != nil {
			return nil, err
		}
	}
	return c.redirectWith(fieldCode, code)
}

// redirectDenied sends the browser back without a code.
func (c *call) redirectDenied(v *verdict, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	p := v.refusal()
	return c.redirectWith("error", p.code, "error_description", p.message)
}

// browserUser is the person at the browser.
func (c *call) browserUser(email string) (*record, error) {
	users := c.store.all(c.ix.kinds[kindUser])
	var user *record
	var err error
	switch {
	case email != "":
		user, err = c.userFor(email)
	case len(users) > 0:
		user = users[0]
	default:
		user, err = c.userFor("user@example.com")
	}
	if err == nil {
		c.verifyEmail(user)
	}
	return user, err
}

// logout ends the session that the browser names, and redirects.
func (c *call) logout() (any, error) {
	target := exampleHost
	if c.query.Has("return_to") {
		u, err := c.redirectURI("return_to")
		if err != nil {
			return nil, err
		}
		target = u.String()
	}
	if session := c.store.get(c.ix.kinds[kindSession], c.query.Get("session_id")); c.goesOn(session) {
		c.endSession(session)
	}
	return redirection(target), nil
}

// revokeSession ends the session that the body names.
func (c *call) revokeSession() (any, error) {
	id := text(c.body["session_id"])
	session := c.store.get(c.ix.kinds[kindSession], id)
	switch {
	case session == nil:
		return nil, refusal(http.StatusBadRequest, "", "Session not found: '"+id+"'.")
	case !c.goesOn(session):
		return nil, refusal(http.StatusBadRequest, "", "Session has already ended: '"+id+"'.")
	}
	c.endSession(session)
	if c.plan.answer == nil {
		return object{}, nil
	}
	return c.view(session, c.plan.answer), nil
}
