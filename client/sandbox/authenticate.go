package sandbox

import (
	"net/http"
	"strings"
)

// authenticate is the token endpoint of AuthKit. Each grant type has its rules.
func (c *call) authenticate() (any, error) {
	if secret := text(c.body["client_secret"]); c.env.key != "" && secret != "" && secret != c.env.key {
		return nil, oauthRefusal("invalid_client", "Invalid client secret.")
	}
	const prefix = "urn:workos:oauth:grant-type:"
	grant, _ := strings.CutPrefix(text(c.body["grant_type"]), prefix)
	switch grant {
	case "authorization_code":
		return c.withCode()
	case "password":
		return c.withPassword()
	case "refresh_token":
		return c.withRefreshToken()
	case "magic-auth:code":
		return c.withMagicAuth()
	case "email-completion":
		return c.withEmailCompletion()
	case "email-verification:code":
		return c.withEmailVerification()
	case "mfa-totp":
		return c.withTOTP()
	case "organization-selection":
		return c.withOrganization()
	case "urn:ietf:params:oauth:grant-type:device_code":
		return c.withDeviceCode()
	case "radar-email-challenge:code":
		return c.withRadarChallenge()
	case "radar-sms-challenge:code":
		return c.withRadarSMS()
	default:
		return nil, oauthRefusal("invalid_request", "The sandbox has no one to whom this grant type could lead.")
	}
}

func (c *call) client() string { return text(c.body["client_id"]) }

// withCode trades the code that a redirect brought.
func (c *call) withCode() (any, error) {
	grant := c.grantOf(grantCode, text(c.body[fieldCode]))
	verifier, secret := text(c.body["code_verifier"]), text(c.body["client_secret"])
	switch {
	case !c.live(grant):
		return nil, oauthRefusal("invalid_grant", "The code '"+text(c.body[fieldCode])+"' has expired or is invalid.")
	case grant.text("client_id") != c.client():
		return nil, oauthRefusal("invalid_grant", "The code was issued to another client.")
	case verifier == "" && secret == "":
		return nil, oauthRefusal("invalid_client", "Give a client_secret or a code_verifier.")
	case verifier != "" && grant.text("code_challenge") == "":
		return nil, refusal(http.StatusBadRequest, "code_challenge_not_found", "The code has no challenge to verify.")
	case !provesPossession(grant, verifier):
		return nil, oauthRefusal("invalid_grant", "The code verifier is not that of the challenge.")
	}
	c.store.set(grant, fieldUsed, true)
	user := c.store.get(c.ix.kinds[kindUser], grant.text(fieldUser))
	if user == nil {
		return nil, c.wantEmail(grant)
	}
	if err := c.acceptInvited(user, text(c.body["invitation_token"])); err != nil {
		return nil, err
	}
	return c.signIn(attempt{
		user: user, method: grant.text("method"), shown: grant.text("shown"), organization: grant.text("asked"),
		client: c.client(), proved: true, allowed: true, impersonator: grant.fields[fieldImpersonator],
	})
}

func (c *call) withPassword() (any, error) {
	email := text(c.body[fieldEmail])
	user := c.findBy(c.ix.kinds[kindUser], fieldEmail, email)
	if user == nil || !c.hasPassword(user, text(c.body["password"])) {
		p := refusal(http.StatusBadRequest, "invalid_credentials", "Invalid credentials.")
		c.authenticated("password", user, email, p)
		return nil, &keptError{p}
	}
	if err := c.acceptInvited(user, text(c.body["invitation_token"])); err != nil {
		return nil, err
	}
	return c.signIn(attempt{user: user, method: "password", shown: "Password", client: c.client()})
}

// withRefreshToken rotates a refresh token. One that was used before has leaked: its session ends.
func (c *call) withRefreshToken() (any, error) {
	grant := c.grantOf(grantRefresh, text(c.body["refresh_token"]))
	if grant == nil || c.past(grant, fieldEnd) {
		return nil, oauthRefusal("invalid_grant", "Invalid refresh token.")
	}
	session := c.store.get(c.ix.kinds[kindSession], grant.text(grantSession))
	switch {
	case !c.goesOn(session):
		return nil, oauthRefusal("invalid_grant", "Session has already ended.")
	case grant.text("client_id") != c.client():
		return nil, oauthRefusal("invalid_grant", "The refresh token was issued to another client.")
	case grant.fields[fieldUsed] == true:
		c.endSession(session)
		return nil, &keptError{oauthRefusal("invalid_grant", "Refresh token already exchanged.")}
	}
	if organization := text(c.body[fieldOrganization]); organization != "" {
		user := c.store.get(c.ix.kinds[kindUser], session.text(fieldUser))
		a := attempt{user: user, organization: organization}
		if err := c.chooseOrganization(&a); err != nil {
			return nil, err
		}
		c.store.set(session, fieldOrganization, organization)
		c.touch(session)
	}
	c.store.set(grant, fieldUsed, true)
	return c.tokens(session, c.client(), grant.text("shown"))
}

// endSession revokes a session.
func (c *call) endSession(session *record) {
	c.store.set(session, "status", "revoked")
	c.store.set(session, "ended_at", timestamp(c.now))
	c.touch(session)
	c.emit("session.revoked", session)
}

func (c *call) withOrganization() (any, error) {
	a, grant, err := c.resume()
	if err != nil {
		return nil, err
	}
	a.organization, a.chosen = text(c.body[fieldOrganization]), true
	out, err := c.signIn(a)
	if err == nil {
		c.store.set(grant, fieldUsed, true)
	}
	return out, err
}

func (c *call) withTOTP() (any, error) {
	a, grant, err := c.resume()
	if err != nil {
		return nil, err
	}
	challenge := c.store.get(c.ix.kinds[kindChallenge], text(c.body["authentication_challenge_id"]))
	if challenge == nil {
		return nil, notFound("Authentication challenge", text(c.body["authentication_challenge_id"]))
	}
	factor := c.store.get(c.ix.kinds[kindFactor], challenge.text("authentication_factor_id"))
	if factor == nil || factor.text(fieldUser) != a.user.id {
		return nil, refusal(http.StatusBadRequest, "user_mismatch", "The challenge is another user's.")
	}
	if p := c.answerChallenge(challenge, text(c.body[fieldCode])); p != nil {
		c.authenticated("mfa", a.user, a.user.text(fieldEmail), p)
		return nil, &keptError{p}
	}
	c.authenticated("mfa", a.user, a.user.text(fieldEmail), nil)
	c.store.set(grant, fieldUsed, true)
	a.proved = true
	return c.signIn(a)
}
