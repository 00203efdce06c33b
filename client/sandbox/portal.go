package sandbox

// portalLink makes a link to the Admin Portal of an organization. It leads nowhere.
func (c *call) portalLink() (any, error) {
	id := text(c.body["organization"])
	if c.store.get(c.ix.kinds[kindOrganization], id) == nil {
		return nil, notFound("Organization", id)
	}
	return c.respond(map[string]any{"link": exampleHost + "portal?token=" + c.store.newSecret(secretLength)}), nil
}
