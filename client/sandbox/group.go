package sandbox

const (
	kindGroup = "group"
	kindFlag  = "feature_flag"
)

// groupsOf are the groups that a membership is in.
func (c *call) groupsOf(m *record) []*record {
	var groups []*record
	for _, link := range c.store.having(c.store.own.link, linkFrom, m.id) {
		if g := c.store.get(c.ix.kinds[kindGroup], link.text(linkTo)); g != nil {
			groups = append(groups, g)
		}
	}
	for _, link := range c.store.having(c.store.own.link, linkTo, m.id) {
		if g := c.store.get(c.ix.kinds[kindGroup], link.text(linkFrom)); g != nil {
			groups = append(groups, g)
		}
	}
	return groups
}

// addToGroup puts a member of its organization into a group. To do so again changes nothing.
func (c *call) addToGroup() (any, error) {
	group, id := c.of(kindGroup), c.inBody(fieldMembership)
	m := c.store.get(c.ix.kinds[kindMembership], id)
	if m == nil || m.text(fieldOrganization) != group.text(fieldOrganization) {
		return nil, notFound("Organization membership", id)
	}
	if c.store.link(group.id, m.id) {
		c.emitData("group.member_added", groupMember(group, m), group.text(fieldOrganization))
	}
	c.emitted = true
	return c.view(group, c.plan.answer), nil
}

func (c *call) removeFromGroup() (any, error) {
	group, m := c.of(kindGroup), c.of(kindMembership)
	if !c.store.unlink(group.id, m.id) {
		return nil, notFound("Organization membership", m.id)
	}
	c.emitData("group.member_removed", groupMember(group, m), group.text(fieldOrganization))
	return object{}, nil
}

func groupMember(group, m *record) object {
	return object{{fieldGroup, group.id}, {fieldMembership, m.id}}
}
