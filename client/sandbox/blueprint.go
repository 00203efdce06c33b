package sandbox

import "net/http"

// createBlueprint makes a kind of agent.
func (c *call) createBlueprint() (any, error) {
	if err := c.checkBlueprint(); err != nil {
		return nil, err
	}
	return c.create()
}

// updateBlueprint changes a kind of agent.
func (c *call) updateBlueprint() (any, error) {
	if err := c.checkBlueprint(); err != nil {
		return nil, err
	}
	return c.update()
}

// checkBlueprint refuses permissions, roles and organizations that are not there.
func (c *call) checkBlueprint() error {
	by, _ := c.body["invocable_by"].(map[string]any)
	for _, named := range []struct {
		what, code string
		names      []string
		there      func(name string) bool
	}{
		{"Permission", "permission_not_found", texts(c.body[fieldPermissions]), func(slug string) bool {
			return c.findBy(c.ix.kinds[kindPermission], fieldSlug, slug) != nil
		}},
		{"Role", "role_not_found", texts(by["role_slugs"]), func(slug string) bool {
			return slug == memberRole || c.findBy(c.ix.kinds[kindRole], fieldSlug, slug) != nil
		}},
		{"Organization", "organization_not_found", texts(by["organization_ids"]), func(id string) bool {
			return c.store.get(c.ix.kinds[kindOrganization], id) != nil
		}},
	} {
		for _, name := range named.names {
			if !named.there(name) {
				return refusal(http.StatusUnprocessableEntity, named.code, named.what+" not found: '"+name+"'.")
			}
		}
	}
	return nil
}
