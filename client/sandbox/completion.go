package sandbox

import "net/http"

// wantEmail refuses the code of a user whose provider gave no email address. The refusal has a token, with which the
// address that the user enters completes the sign-in.
func (c *call) wantEmail(code *record) error {
	token := c.newGrant(grantEmail, pendingLifetime, map[string]any{
		"client_id": code.text("client_id"), "method": code.text("method"), "shown": code.text("shown"),
		"asked": code.text("asked"),
	})
	p := refusal(http.StatusForbidden, "email_completion_required",
		"The provider gave no email address; ask the user for one.")
	p.more = object{{"email_completion_token", token}}
	return &keptError{p}
}

// withEmailCompletion continues a sign-in that lacked an email address with the address that the user has entered. The
// user verifies it next.
func (c *call) withEmailCompletion() (any, error) {
	grant := c.grantOf(grantEmail, text(c.body["email_completion_token"]))
	if !c.live(grant) || grant.text("client_id") != c.client() {
		return nil, oauthRefusal("invalid_grant", "The email completion token is invalid, was used or has expired.")
	}
	user, err := c.userFor(text(c.body[fieldEmail]))
	if err != nil {
		return nil, err
	}
	c.store.set(grant, fieldUsed, true)
	a := attempt{
		user: user, method: grant.text("method"), shown: grant.text("shown"), organization: grant.text("asked"),
		client: c.client(), typed: true,
	}
	if a.method == "sso" {
		if err := c.joinOrganization(user, a.organization); err != nil {
			return nil, err
		}
	}
	return c.signIn(a)
}
