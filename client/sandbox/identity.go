package sandbox

import "strings"

// identify notes the account at a provider of OAuth by which a user has signed in.
func (c *call) identify(user *record, provider string) {
	if !strings.HasSuffix(provider, "OAuth") {
		return
	}
	if provider == "GitHubOAuth" {
		provider = "GithubOAuth" // as the API spells it there
	}
	for _, r := range c.store.having(c.store.own.identity, fieldUser, user.id) {
		if r.text("provider") == provider {
			return
		}
	}
	id := c.store.newCode() + c.store.newCode()
	c.store.add(&record{kind: c.store.own.identity, id: c.store.newID("identity_", c.now), fields: map[string]any{
		fieldUser: user.id, "idp_id": id, fieldType: "OAuth", "provider": provider,
	}})
}

// listIdentities lists the accounts by which a user has signed in.
func (c *call) listIdentities() (any, error) {
	found := c.store.having(c.store.own.identity, fieldUser, c.of(kindUser).id)
	data := make([]any, len(found))
	for i, r := range found {
		data[i] = c.conform("", c.plan.entry, r.fields)
	}
	return c.envelope(data, nil, nil), nil
}
