package sandbox

import "slices"

const fieldPermissions = "permissions"

// addPermission adds a permission to the role in the path. Adding one that the role already has is not an error.
func (c *call) addPermission() (any, error) {
	list := c.rolePermissions()
	if slug := c.inBody(fieldSlug); !slices.Contains(list, any(slug)) {
		list = append(list, slug)
	}
	return c.setPermissions(list)
}

// replacePermissions gives a role the permissions that the body lists in place of those that it has.
func (c *call) replacePermissions() (any, error) {
	list, _ := c.body[fieldPermissions].([]any)
	return c.setPermissions(list)
}

// removePermission takes a permission from a role, which must have it.
func (c *call) removePermission() (any, error) {
	list, slug := c.rolePermissions(), c.of(kindPermission).fields[fieldSlug]
	if !slices.Contains(list, slug) {
		return nil, notFound("Permission", text(slug))
	}
	return c.setPermissions(slices.DeleteFunc(list, func(v any) bool { return v == slug }))
}

// rolePermissions are the slugs of the permissions of the role that the path names; the caller may change the list.
func (c *call) rolePermissions() []any {
	list, _ := c.of(kindRole).fields[fieldPermissions].([]any)
	return slices.Clone(list)
}

// setPermissions gives a role those permissions, all of which must exist.
func (c *call) setPermissions(list []any) (any, error) {
	for _, slug := range list {
		if c.findBy(c.ix.kinds[kindPermission], fieldSlug, text(slug)) == nil {
			return nil, notFound("Permission", text(slug))
		}
	}
	role := c.of(kindRole)
	c.store.set(role, fieldPermissions, list)
	c.touch(role)
	c.about = role
	return c.view(role, c.plan.answer), nil
}

// forget takes a permission that goes out of what grants it.
func (c *call) forget(r *record) {
	if r.kind.name != kindPermission {
		return
	}
	for _, kind := range []string{kindRole, kindAPIKey, kindBlueprint} {
		for _, holder := range c.store.all(c.ix.kinds[kind]) {
			granted, _ := holder.fields[fieldPermissions].([]any)
			if slices.Contains(granted, r.fields[fieldSlug]) {
				left := slices.DeleteFunc(slices.Clone(granted), func(v any) bool { return v == r.fields[fieldSlug] })
				c.store.set(holder, fieldPermissions, left)
				c.touch(holder)
			}
		}
	}
}
