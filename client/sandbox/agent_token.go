package sandbox

import (
	"net/http"
	"slices"
	"time"
)

const (
	kindAgentSession = "agent_instance_session"

	fieldAgent       = "agent_instance_id"
	fieldBlueprint   = "agent_blueprint_id"
	fieldMember      = "organization_membership_id"
	fieldIntent      = "intent"
	fieldCallers     = "callers"      // IDs of the agents that called the one of a session, the nearest first
	fieldUserSession = "user_session" // ID of the session of the user for whom an agent acts
)

// delegation is for whom an agent is to act.
type delegation struct {
	organization string
	member       *record  // the user's membership; nil: the agent acts on its own
	userSession  string   // ID
	callers      []any    // as in fieldCallers
	most         []string // permissions of the user or of the calling agent
}

// createAgentToken begins a session of an agent of the blueprint that the path names, or continues one.
func (c *call) createAgentToken() (any, error) {
	blueprint := c.of(kindBlueprint)
	var d delegation
	var err error
	switch c.inBody(fieldType) {
	case "user_delegated":
		d, err = c.delegatedByUser(c.inBody("user_access_token"))
	case "agent_delegated":
		d, err = c.delegatedByAgent(c.inBody("agent_access_token"))
	case "refresh":
		return c.refreshAgentToken(blueprint)
	default:
		d.organization = c.inBody(fieldOrganization)
	}
	if err == nil {
		err = invocable(blueprint, d)
	}
	if err != nil {
		return nil, err
	}
	agent, made := c.agentOf(blueprint, d)
	return c.agentTokens(blueprint, c.openAgentSession(blueprint, agent, d), made), nil
}

// delegatedByUser reads the access token of a user's session.
func (c *call) delegatedByUser(token string) (delegation, error) {
	const code = "invalid_user_access_token"
	claims := c.env.claims(token)
	session := c.store.get(c.ix.kinds[kindSession], text(claims["sid"]))
	organization := text(claims["org_id"])
	switch {
	case session == nil || c.ended(claims):
		return delegation{}, refusal(http.StatusBadRequest, code, "The user's access token is invalid or has expired.")
	case organization == "":
		return delegation{}, refusal(http.StatusBadRequest, code, "The user's session is in no organization.")
	case !c.goesOn(session):
		return delegation{}, refusal(http.StatusBadRequest, "user_session_ended", "The user's session has ended.")
	}
	member := c.membership(session.text(fieldUser), organization)
	if member == nil || member.text("status") != stateActive {
		return delegation{}, refusal(http.StatusForbidden, "user_not_member_of_organization",
			"The user is no active member of the organization.")
	}
	return delegation{
		organization: organization, member: member, userSession: session.id,
		most: c.permissionsOf(memberRoles(member), organization),
	}, nil
}

// delegatedByAgent reads the access token of another agent, which may do no more than that one.
func (c *call) delegatedByAgent(token string) (delegation, error) {
	session, err := c.agentSession(token)
	if err != nil {
		return delegation{}, err
	}
	caller := c.store.get(c.ix.kinds[kindAgent], session.text(fieldAgent))
	before, _ := session.fields[fieldCallers].([]any)
	return delegation{
		organization: caller.text(fieldOrganization), userSession: session.text(fieldUserSession),
		member:  c.store.get(c.ix.kinds[kindMembership], caller.text(fieldMember)),
		callers: append([]any{caller.id}, before...), most: texts(session.fields[fieldPermissions]),
	}, nil
}

// invocable refuses an agent that the blueprint keeps for others.
func invocable(blueprint *record, d delegation) error {
	by, _ := blueprint.fields["invocable_by"].(map[string]any)
	organizations, roles := texts(by["organization_ids"]), texts(by["role_slugs"])
	if len(organizations) > 0 && !slices.Contains(organizations, d.organization) {
		return refusal(http.StatusForbidden, "organization_not_invocable",
			"The blueprint is not for agents of the organization '"+d.organization+"'.")
	}
	may := func(role string) bool { return slices.Contains(roles, role) }
	if d.member != nil && len(roles) > 0 && !slices.ContainsFunc(memberRoles(d.member), may) {
		return refusal(http.StatusForbidden, "role_not_invocable", "The member has none of the roles of the blueprint.")
	}
	return nil
}

// agentOf is the agent of a blueprint that acts for somebody, and whether it had to be made.
func (c *call) agentOf(blueprint *record, d delegation) (agent *record, made bool) {
	k := c.ix.kinds[kindAgent]
	var member any
	typ := "autonomous"
	if d.member != nil {
		member, typ = d.member.id, "delegated"
	}
	for _, r := range c.store.having(k, fieldBlueprint, blueprint.id) {
		if r.text(fieldOrganization) == d.organization && r.fields[fieldMember] == member {
			return r, false
		}
	}
	agent = c.added(k, map[string]any{
		fieldBlueprint: blueprint.id, fieldOrganization: d.organization, fieldMember: member, fieldType: typ,
	})
	c.emit("agent.instance.created", agent)
	return agent, true
}

// added keeps a new thing that has those fields, its ID, its type and its times.
func (c *call) added(k *kind, fields map[string]any) *record {
	r := &record{kind: k, id: c.store.newID(k.idPrefix(), c.now), fields: fields}
	fields["id"], fields["object"] = r.id, k.name
	fields["created_at"], fields["updated_at"] = timestamp(c.now), timestamp(c.now)
	c.store.add(r)
	return r
}

func (c *call) openAgentSession(blueprint, agent *record, d delegation) *record {
	granted := []any{}
	for _, slug := range texts(blueprint.fields[fieldPermissions]) {
		if d.member == nil && d.callers == nil || slices.Contains(d.most, slug) {
			granted = append(granted, slug)
		}
	}
	fields := map[string]any{
		fieldAgent: agent.id, "status": stateActive, "revoked_at": nil, "expires_at": c.in(lifetimeOf(blueprint, "max_age")),
		fieldPermissions: granted, fieldIntent: c.body[fieldIntent], fieldUserSession: d.userSession,
		fieldCallers: d.callers, fieldUser: nil, fieldOrganization: d.organization,
	}
	if d.member != nil {
		fields[fieldUser] = d.member.text(fieldUser)
	}
	session := c.added(c.ix.kinds[kindAgentSession], fields)
	c.emitData("agent.instance.session.created", object{
		{"object", kindAgentSession}, {"id", session.id}, {fieldAgent, agent.id}, {fieldOrganization, d.organization},
		{"expires_at", fields["expires_at"]}, {"revoked_at", nil}, {"created_at", fields["created_at"]},
		{"updated_at", fields["updated_at"]}, {"permission_slugs", granted},
	}, d.organization)
	return session
}

// lifetimeOf is how long a blueprint lets a session or a token last.
func lifetimeOf(blueprint *record, of string) time.Duration {
	settings, _ := blueprint.fields["session_settings"].(map[string]any)
	v, ok := settings[of+"_seconds"]
	if !ok {
		return time.Hour
	}
	return time.Duration(intOf(v)) * time.Second
}

// agentTokens hands out new tokens of a session, none of which outlives it.
func (c *call) agentTokens(blueprint, session *record, made bool) any {
	agent := c.store.get(c.ix.kinds[kindAgent], session.text(fieldAgent))
	left := time.Duration(0)
	if end, err := time.Parse(time.RFC3339, session.text("expires_at")); err == nil {
		left = end.Sub(c.now)
	}
	lifetime := min(lifetimeOf(blueprint, "access_token_ttl"), left).Truncate(time.Second)
	refresh := c.newGrant(grantAgent, min(lifetimeOf(blueprint, "refresh_token_ttl"), left), map[string]any{
		grantSession: session.id,
	})
	claims := object{
		{"iss", c.request.host}, {"sub", agent.id}, {"sid", session.id}, {"jti", c.store.newID("", c.now)},
		{"org_id", agent.fields[fieldOrganization]}, {fieldPermissions, session.fields[fieldPermissions]},
	}
	callers, _ := session.fields[fieldCallers].([]any)
	actors := append([]any{agent.id}, callers...)
	if user := session.text(fieldUser); user != "" {
		claims[1].value = user
	} else {
		last := len(actors) - 1
		claims[1].value, actors = actors[last], actors[:last]
	}
	var act object // RFC 8693 section 4.1: the present actor is outermost
	for _, id := range slices.Backward(actors) {
		act = object{{"act", append(object{{"sub", id}}, act...)}}
	}
	claims = append(append(claims, act...),
		member{"exp", int(c.now.Add(lifetime).Unix())}, member{"iat", int(c.now.Unix())})
	return c.respond(map[string]any{
		"access_token": c.env.jwt("", claims), "token_type": "Bearer", "expires_in": number(int(lifetime / time.Second)),
		"refresh_token": refresh, fieldAgent: agent.id, "new_instance": made, "agent_instance_session_id": session.id,
		fieldPermissions: session.fields[fieldPermissions],
	})
}

// refreshAgentToken continues a session. A refresh token works once.
func (c *call) refreshAgentToken(blueprint *record) (any, error) {
	grant := c.grantOf(grantAgent, c.inBody("refresh_token"))
	invalid := refusal(http.StatusBadRequest, "invalid_refresh_token", "The refresh token is invalid, used or expired.")
	if grant == nil || grant.fields[fieldUsed] == true {
		return nil, invalid
	}
	session := c.store.get(c.ix.kinds[kindAgentSession], grant.text(grantSession))
	if session == nil || c.blueprintOf(session) != blueprint.id {
		return nil, invalid
	}
	if err := c.sessionGoesOn(session); err != nil {
		return nil, err
	}
	if c.past(grant, fieldEnd) {
		return nil, invalid
	}
	c.store.set(grant, fieldUsed, true)
	if intent, ok := c.body[fieldIntent]; ok {
		c.store.set(session, fieldIntent, intent)
	}
	return c.agentTokens(blueprint, session, false), nil
}

func (c *call) blueprintOf(session *record) string {
	return c.store.get(c.ix.kinds[kindAgent], session.text(fieldAgent)).text(fieldBlueprint)
}
