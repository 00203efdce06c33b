package sandbox

import (
	"encoding/json"
	"net/http"
)

const invalidAgentToken = "invalid_agent_access_token"

// agentSession is the session of an agent's access token, if it goes on.
func (c *call) agentSession(token string) (*record, error) {
	claims := c.env.claims(token)
	session := c.store.get(c.ix.kinds[kindAgentSession], text(claims["sid"]))
	invalid := refusal(http.StatusBadRequest, invalidAgentToken, "The agent's access token is invalid or has expired.")
	if session == nil {
		return nil, invalid
	}
	if err := c.sessionGoesOn(session); err != nil {
		return nil, err
	}
	if c.ended(claims) {
		return nil, invalid
	}
	return session, nil
}

// sessionGoesOn refuses the session of an agent that has ended, as it does with that of the user for whom it acts.
func (c *call) sessionGoesOn(session *record) error {
	of := session.text(fieldUserSession)
	user := c.store.get(c.ix.kinds[kindSession], of)
	switch {
	case session.text(fieldStatus) == "revoked":
		return refusal(http.StatusBadRequest, "session_revoked", "The agent's session was revoked.")
	case !c.goesOn(session):
		return refusal(http.StatusBadRequest, "session_expired", "The agent's session has expired.")
	case of != "" && !c.goesOn(user):
		return refusal(http.StatusBadRequest, "user_session_ended", "The user's session has ended.")
	}
	return nil
}

// ended reports whether the time of a token's claims is over.
func (c *call) ended(claims map[string]any) bool {
	end, _ := claims["exp"].(json.Number)
	at, err := end.Int64()
	return err != nil || at <= c.now.Unix()
}

// validateAgentToken shows what an agent's access token stands for.
func (c *call) validateAgentToken() (any, error) {
	session, err := c.agentSession(c.inBody("agent_access_token"))
	if err != nil {
		return nil, err
	}
	if c.blueprintOf(session) != c.of(kindBlueprint).id {
		return nil, refusal(http.StatusBadRequest, invalidAgentToken, "The token is that of another blueprint's agent.")
	}
	agent := c.store.get(c.ix.kinds[kindAgent], session.text(fieldAgent))
	return c.respond(map[string]any{
		"valid": true, fieldAgent: agent.id, "agent_instance_session_id": session.id,
		fieldOrganization: agent.fields[fieldOrganization], fieldPermissions: session.fields[fieldPermissions],
		fieldIntent: session.fields[fieldIntent], "acting_user_id": session.fields[fieldUser],
		"session_expires_at": session.fields["expires_at"],
	}), nil
}

// validateAgentCredential finds no credential valid: agents register, and get theirs, where no operation leads.
func (c *call) validateAgentCredential() (any, error) {
	return c.respond(map[string]any{"valid": false, "registration_id": nil, "expires_at": nil}), nil
}

// linkAgentClaim knows no attempt to claim an agent, as none is made by an operation.
func (c *call) linkAgentClaim() (any, error) {
	if c.examples {
		return c.example()
	}
	return nil, refusal(http.StatusBadRequest, "invalid_claim", "No claim attempt has this token.")
}

// texts are the texts of a list.
func texts(v any) []string {
	list, _ := v.([]any)
	found := make([]string, 0, len(list))
	for _, item := range list {
		found = append(found, text(item))
	}
	return found
}

// listOf is the list of texts, as JSON has it.
func listOf(texts ...string) []any {
	list := make([]any, len(texts))
	for i, text := range texts {
		list[i] = text
	}
	return list
}
