package sandbox

const (
	kindAgent     = "agent_instance"
	kindBlueprint = "agent_blueprint"
)

// listAgentSessions lists the sessions of an agent, of the agents of a blueprint, or of those of an organization.
func (c *call) listAgentSessions() (any, error) {
	c.seed(c.plan.kind, nil)
	return c.listOf(c.candidates(c.plan.kind), func(r *record) bool {
		agent := c.store.get(c.ix.kinds[kindAgent], r.text("agent_instance_id"))
		for _, field := range []string{fieldOrganization, "agent_blueprint_id"} {
			if id := c.query.Get(field); id != "" && (agent == nil || agent.text(field) != id) {
				return false
			}
		}
		return !r.hidden && c.filtered(r)
	})
}
