package sandbox

const kindPasswordless = "passwordless_session"

// sendPasswordless emails the link of a session.
func (c *call) sendPasswordless() (any, error) {
	session := c.of(kindPasswordless)
	c.mail(mail{to: session.text(fieldEmail), about: kindPasswordless, link: session.text("link")})
	return c.respond(map[string]any{"success": true}), nil
}
