package sandbox

import (
	"net/http"
	"strings"
)

// completeAPIKey makes up a key's value, which is shown once and of which the hash is kept.
func (c *call) completeAPIKey(r *record) {
	const shown = 4
	value := keyPrefix + c.store.newSecret(secretLength)
	r.fields["value"], r.fields["obfuscated_value"] = value, "sk_..."+value[len(value)-shown:]
	owner := map[string]any{}
	for _, parent := range c.named {
		owner[fieldType], owner["id"] = parent.kind.name, parent.id
		if parent.kind.name == kindUser {
			owner[fieldOrganization] = c.body[fieldOrganization]
		}
	}
	r.fields["owner"] = owner
}

// createAPIKey makes a key for an organization, or for a member of one.
func (c *call) createAPIKey() (any, error) {
	if owner := c.named[0]; owner.kind.name == kindUser &&
		c.membership(owner.id, text(c.body[fieldOrganization])) == nil {
		return nil, refusal(http.StatusBadRequest, "", "The user is no member of the organization.")
	}
	permissions, _ := c.body["permissions"].([]any)
	for _, slug := range permissions {
		if c.findBy(c.ix.kinds[kindPermission], fieldSlug, text(slug)) == nil {
			return nil, c.invalid([]fieldProblem{{"permissions", codeValue}})
		}
	}
	r, err := c.keep(c.plan.kind, c.given(c.plan.kind))
	if err != nil {
		return nil, err
	}
	answer := c.view(r, c.plan.answer)
	c.store.set(r, grantSecret, digest(r.text("value")))
	c.store.unset(r, "value")
	return answer, nil
}

// validateAPIKey shows the key with a value, null if there is none that is good.
func (c *call) validateAPIKey() (any, error) {
	value := text(c.body["value"])
	found := c.store.having(c.ix.kinds[kindAPIKey], grantSecret, digest(value))
	if len(found) == 0 || !strings.HasPrefix(value, keyPrefix) || c.past(found[0], "expires_at") {
		return c.respond(map[string]any{kindAPIKey: nil}), nil
	}
	c.store.set(found[0], "last_used_at", timestamp(c.now))
	return c.respond(map[string]any{kindAPIKey: found[0].fields}), nil
}

// expireAPIKey sets the end of a key: now unless the body names a time.
func (c *call) expireAPIKey() (any, error) {
	r := c.of(kindAPIKey)
	if c.past(r, "expires_at") {
		return nil, refusal(http.StatusConflict, "api_key_already_expired", "The key has expired already.")
	}
	var end any = timestamp(c.now)
	if at, given := c.body["expires_at"]; given && at != nil {
		end = max(normalDateTime(text(at)), timestamp(c.now))
	} else if given {
		end = nil
	}
	c.store.set(r, "expires_at", end)
	c.touch(r)
	c.about = r
	return c.view(r, c.plan.answer), nil
}
