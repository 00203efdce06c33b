package sandbox

const kindWaitlistEntry = "waitlist_entry"

// approveEntry approves a person on a waitlist, who gets an invitation.
func (c *call) approveEntry() (any, error) {
	r, err := c.decideEntry()
	if err != nil {
		return nil, err
	}
	invitation, err := c.keepApart(c.ix.kinds[kindInvitation], map[string]any{fieldEmail: r.fields[fieldEmail]})
	if err != nil {
		return nil, err
	}
	c.mailInvitation(invitation)
	c.emitAll()
	c.emit("invitation.created", invitation)
	return c.view(r, c.plan.answer), nil
}

// denyEntry denies a person on a waitlist.
func (c *call) denyEntry() (any, error) {
	r, err := c.decideEntry()
	if err != nil {
		return nil, err
	}
	return c.view(r, c.plan.answer), nil
}

// decideEntry moves the entry that the path names.
func (c *call) decideEntry() (*record, error) {
	id := c.params["id"]
	r := c.store.get(c.ix.kinds[kindWaitlistEntry], id)
	if r == nil {
		return nil, notFound("Waitlist entry", id)
	}
	if err := c.move(r); err != nil {
		return nil, err
	}
	c.touch(r)
	c.about = r
	return r, nil
}
