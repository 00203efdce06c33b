package sandbox

import (
	"net/http"
	"strings"
)

// createUser makes a user, with a password if one is given.
func (c *call) createUser() (any, error) {
	r, err := c.keep(c.plan.kind, c.given(c.plan.kind))
	if err != nil {
		return nil, err
	}
	if err := c.takePassword(r); err != nil {
		return nil, err
	}
	return c.view(r, c.plan.answer), nil
}

// updateUser changes a user. A new address is unverified unless the body says otherwise.
func (c *call) updateUser() (any, error) {
	user := c.of(kindUser)
	if err := c.takePassword(user); err != nil {
		return nil, err
	}
	email := text(c.body[fieldEmail])
	_, told := c.body["email_verified"]
	if email != "" && !strings.EqualFold(email, user.text(fieldEmail)) && !told {
		c.store.set(user, "email_verified", false)
	}
	if c.body[fieldName] == nil && (c.gives("first_name") || c.gives("last_name")) {
		c.renameUser(user, c.body)
	}
	return c.update()
}

// renameUser gives a user the name of the parts that are given, and of those that stay.
func (c *call) renameUser(user *record, given map[string]any) {
	named := map[string]any{}
	for _, part := range []string{"first_name", "last_name"} {
		named[part] = user.fields[part]
		if v, ok := given[part]; ok {
			named[part] = v
		}
	}
	nameUser(named)
	if name, ok := named[fieldName]; ok {
		c.store.set(user, fieldName, name)
	} else {
		c.store.unset(user, fieldName)
	}
}

// takePassword keeps the password that the body gives a user, or its hash.
func (c *call) takePassword(user *record) error {
	if password := text(c.body["password"]); password != "" {
		return c.setPassword(user, password)
	}
	if hash := text(c.body["password_hash"]); hash != "" {
		if c.body["password_hash_type"] == nil {
			return refusal(http.StatusBadRequest, "invalid_password_hash", "Give the hash's type.")
		}
		c.importPassword(user, hash)
	}
	return nil
}

// nameUser derives a user's name from its parts.
func nameUser(fields map[string]any) {
	if text(fields[fieldName]) != "" {
		return
	}
	if name := strings.TrimSpace(text(fields["first_name"]) + " " + text(fields["last_name"])); name != "" {
		fields[fieldName] = name
	}
}

// listUsers lists users, those of an organization's memberships if one is named.
func (c *call) listUsers() (any, error) {
	organization := c.query.Get(fieldOrganization)
	if organization == "" {
		return c.list()
	}
	email := c.query.Get(fieldEmail)
	return c.listOf(c.candidates(c.plan.kind), func(r *record) bool {
		return c.membership(r.id, organization) != nil && (email == "" || strings.EqualFold(r.text(fieldEmail), email))
	})
}
