package sandbox

import (
	"errors"
	"net/http"
)

// createReset emails a link that resets a password.
func (c *call) createReset() (any, error) {
	user := c.findBy(c.ix.kinds[kindUser], fieldEmail, text(c.body[fieldEmail]))
	if user == nil {
		return nil, notFound("User", text(c.body[fieldEmail]))
	}
	token := c.store.newSecret(secretLength)
	link := c.request.host + resetPath + "?token=" + token
	r, err := c.keep(c.plan.kind, map[string]any{
		fieldUser: user.id, fieldEmail: user.fields[fieldEmail], "password_reset_token": token, "password_reset_url": link,
		"expires_at": c.in(day),
	})
	if err != nil {
		return nil, err
	}
	c.mail(mail{to: user.text(fieldEmail), about: kindPasswordReset, user: user.id, link: link})
	return c.view(r, c.plan.answer), nil
}

func (c *call) confirmReset() (any, error) {
	user, err := c.resetPassword()
	if err != nil {
		return nil, err
	}
	return c.respond(map[string]any{kindUser: user.fields}), nil
}

// resetPassword sets the password of the user whom a reset is for. A reset is good for one use.
func (c *call) resetPassword() (*record, error) {
	reset := c.findBy(c.ix.kinds[kindPasswordReset], "password_reset_token", text(c.body["token"]))
	if reset == nil {
		return nil, notFound("Password reset", "token")
	}
	if !c.resets(reset) {
		return nil, refusal(http.StatusBadRequest, "password_reset_error", "The token was used or has expired.")
	}
	user := c.store.get(c.ix.kinds[kindUser], reset.text(fieldUser))
	if err := c.setPassword(user, text(c.body["new_password"])); err != nil {
		if weak, ok := errors.AsType[*problem](err); ok {
			weak.code = "password_reset_error"
		}
		return nil, err
	}
	c.store.set(reset, fieldUsed, true)
	c.verifyEmail(user)
	c.about = reset
	return user, nil
}

// resets reports whether a reset is of use still.
func (c *call) resets(reset *record) bool {
	return reset.fields[fieldUsed] != true && !c.past(reset, "expires_at")
}

// sendEmailChange emails a code to the address that a user wants.
func (c *call) sendEmailChange() (any, error) {
	user, email := c.of(kindUser), text(c.body["new_email"])
	if user.text(fieldEmail) == email {
		return nil, refusal(http.StatusConflict, "email_change_not_needed", "The user has this email address already.")
	}
	if c.findBy(c.ix.kinds[kindUser], fieldEmail, email) != nil {
		return nil, refusal(http.StatusConflict, "email_not_available", "The email address is another user's.")
	}
	for _, old := range c.store.having(c.store.own.emailChange, fieldUser, user.id) {
		c.store.set(old, "expires_at", timestamp(c.now))
	}
	r := &record{kind: c.store.own.emailChange, id: c.store.newID("email_change_", c.now), fields: map[string]any{
		fieldUser: user.id, "new_email": email, fieldCode: c.store.newCode(), "expires_at": c.in(codeLifetime),
	}}
	c.store.add(r)
	c.mail(mail{to: email, about: "email_change", user: user.id, code: r.text(fieldCode)})
	return c.respond(map[string]any{
		kindUser: user.fields, "new_email": email, "expires_at": r.fields["expires_at"], "created_at": timestamp(c.now),
	}), nil
}

// asEmailChange gives a refusal of a one-time code the status and the code that the API has for a change of address.
func asEmailChange(p *problem) {
	switch p.code {
	case "one_time_code_previously_used":
		p.status, p.code = http.StatusConflict, "email_change_code_previously_used"
	case "one_time_code_expired":
		p.status, p.code = http.StatusBadRequest, "email_change_code_expired"
	case "one_time_code_too_many_attempts":
		p.status, p.code = http.StatusTooManyRequests, "email_change_too_many_attempts"
	case "invalid_one_time_code":
		p.status, p.code = http.StatusBadRequest, "email_change_code_incorrect"
	}
}

func (c *call) confirmEmailChange() (any, error) {
	user := c.of(kindUser)
	found := c.store.having(c.store.own.emailChange, fieldUser, user.id)
	if len(found) == 0 {
		return nil, refusal(http.StatusConflict, "no_pending_email_change", "The user has asked for no change.")
	}
	change := found[len(found)-1]
	email := change.text("new_email")
	if c.findBy(c.ix.kinds[kindUser], fieldEmail, email) != nil && change.fields[fieldUsed] != true {
		return nil, refusal(http.StatusConflict, "email_not_available", "The email address is another user's.")
	}
	if p := c.spend(change, text(c.body[fieldCode])); p != nil {
		asEmailChange(p)
		return nil, &keptError{p}
	}
	c.store.set(user, fieldEmail, email)
	c.store.set(user, "email_verified", true)
	c.touch(user)
	c.about = user
	return c.respond(map[string]any{kindUser: user.fields}), nil
}
