package sandbox

import "time"

// sessionTokenLifetime is that of the tokens of widgets and of the Client API.
const sessionTokenLifetime = time.Hour

// sessionToken issues the token of a widget or of the Client API, for a member of the organization if both are named.
func (c *call) sessionToken() (any, error) {
	user, organization := c.inBody(fieldUser), c.inBody(fieldOrganization)
	scopes, _ := c.body["scopes"].([]any)
	switch {
	case len(scopes) > 0 && organization == "":
		return nil, c.invalid([]fieldProblem{{fieldOrganization, codeRequired}})
	case user != "" && organization != "" && c.membership(user, organization) == nil:
		return nil, notFound("Organization membership", user)
	}
	claims := object{{"iss", c.request.host}, {"jti", c.store.newID("", c.now)}}
	for _, claim := range []member{{"sub", user}, {"org_id", organization}} {
		if claim.value != "" {
			claims = append(claims, claim)
		}
	}
	if len(scopes) > 0 {
		claims = append(claims, member{"permissions", scopes})
	}
	return c.respond(map[string]any{"token": c.env.jwt("", append(claims,
		member{"exp", int(c.now.Add(sessionTokenLifetime).Unix())}, member{"iat", int(c.now.Unix())}))}), nil
}
