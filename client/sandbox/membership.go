package sandbox

import (
	"net/http"
	"slices"
)

// memberRole is the role that members get by default. It exists without being made, and is listed once it is.
const memberRole = "member"

// membership is that of a user in an organization, or nil.
func (c *call) membership(user, organization string) *record {
	for _, m := range c.store.having(c.ix.kinds[kindMembership], fieldUser, user) {
		if m.text(fieldOrganization) == organization {
			return m
		}
	}
	return nil
}

// join makes a user a member, and emits the event.
func (c *call) join(user *record, organization string, roles ...string) (*record, error) {
	m, err := c.keepApart(c.ix.kinds[kindMembership], map[string]any{
		fieldUser: user.id, fieldOrganization: organization, "role": roleReference(roles[0]), "roles": roleReferences(roles),
	})
	if err == nil {
		c.emit("organization_membership.created", m)
	}
	return m, err
}

// joinOrganization makes a user who came through an organization's connection a member, unless they are one.
func (c *call) joinOrganization(user *record, organization string) error {
	if organization == "" || c.membership(user.id, organization) != nil {
		return nil
	}
	_, err := c.join(user, organization, memberRole)
	return err
}

func roleReference(slug string) map[string]any { return map[string]any{fieldSlug: slug} }

func roleReferences(slugs []string) []any {
	list := make([]any, len(slugs))
	for i, slug := range slugs {
		list[i] = roleReference(slug)
	}
	return list
}

// rolesAsked are the slugs of the roles that the body names.
func (c *call) rolesAsked() []string {
	var slugs []string
	if slug := text(c.body["role_slug"]); slug != "" {
		slugs = append(slugs, slug)
	}
	list, _ := c.body["role_slugs"].([]any)
	for _, slug := range list {
		if !slices.Contains(slugs, text(slug)) {
			slugs = append(slugs, text(slug))
		}
	}
	return slugs
}

// checkRoles refuses roles that members of the organization cannot have.
func (c *call) checkRoles(slugs []string, organization string) error {
	for _, slug := range slugs {
		role := c.roleIn(slug, organization)
		switch {
		case role == nil:
			return refusal(http.StatusUnprocessableEntity, "invalid_role", "Role '"+slug+"' is not a valid role.")
		case role.text("resource_type_slug") != kindOrganization:
			return refusal(http.StatusUnprocessableEntity, "sub_resource_scoped_role_not_allowed",
				"Role '"+slug+"' is for resources of the type '"+role.text("resource_type_slug")+"'.")
		}
	}
	return nil
}

// createMembership makes a user a member. An inactive member becomes active again.
func (c *call) createMembership() (any, error) {
	user, organization := text(c.body[fieldUser]), text(c.body[fieldOrganization])
	roles := c.rolesAsked()
	if err := c.checkRoles(roles, organization); err != nil {
		return nil, err
	}
	old := c.membership(user, organization)
	switch {
	case old == nil:
		r, err := c.keep(c.plan.kind, c.given(c.plan.kind))
		if err != nil {
			return nil, err
		}
		return c.view(r, c.plan.answer), nil
	case old.text("status") == "pending":
		return nil, refusal(http.StatusBadRequest, "cannot_reactivate_pending_organization_membership",
			"The membership awaits its acceptance.")
	case old.text("status") == stateActive:
		return nil, refusal(http.StatusUnprocessableEntity, "invalid_request_parameters", "The user is a member already.")
	}
	c.store.set(old, "status", stateActive)
	if len(roles) > 0 {
		c.store.set(old, "role", roleReference(roles[0]))
		c.store.set(old, "roles", roleReferences(roles))
	}
	c.touch(old)
	c.emit("organization_membership.updated", old)
	c.emitted = true
	return c.view(old, c.plan.answer), nil
}

func (c *call) updateMembership() (any, error) {
	m := c.of(kindMembership)
	if err := c.checkRoles(c.rolesAsked(), m.text(fieldOrganization)); err != nil {
		return nil, err
	}
	return c.update()
}

// listMemberships asks for a user or an organization, as the API does.
func (c *call) listMemberships() (any, error) {
	if !c.query.Has(fieldUser) && !c.query.Has(fieldOrganization) {
		return nil, refusal(http.StatusBadRequest, "missing_user_id_or_organization_id",
			"Give a user_id or an organization_id.")
	}
	return c.list()
}

// roleIn is the role with that slug in an organization: its own, or else the environment's. Nil if there is none.
func (c *call) roleIn(slug, organization string) *record {
	var found *record
	for _, role := range c.store.having(c.ix.kinds[kindRole], fieldSlug, slug) {
		switch role.text(fieldOrganization) {
		case "":
			if found == nil {
				found = role
			}
		case organization:
			found = role
		}
	}
	if found == nil && slug == memberRole {
		found = &record{kind: c.ix.kinds[kindRole], fields: map[string]any{fieldSlug: slug, fieldResType: kindOrganization}}
	}
	return found
}

func (c *call) roleExists(slug, organization string) bool { return c.roleIn(slug, organization) != nil }

// accessClaims are the claims of an access token about a member.
func (c *call) accessClaims(user, organization string) object {
	m := c.membership(user, organization)
	if m == nil {
		return nil
	}
	slugs := memberRoles(m)
	flags := []any{}
	for _, flag := range c.store.all(c.ix.kinds[kindFlag]) {
		if c.flagFor(flag, user, organization) {
			flags = append(flags, flag.fields[fieldSlug])
		}
	}
	return object{
		{"role", slugs[0]}, {"roles", listOf(slugs...)}, {"permissions", listOf(c.permissionsOf(slugs, organization)...)},
		{fieldEntitlements, c.entitlements(organization)}, {"feature_flags", flags},
	}
}

// fieldEntitlements has what Stripe entitles an organization to. Only a seed sets it.
const fieldEntitlements = "entitlements"

func (c *call) entitlements(organization string) []any {
	of := c.store.get(c.ix.kinds[kindOrganization], organization)
	if list, ok := of.fields[fieldEntitlements].([]any); ok {
		return list
	}
	return []any{}
}

// memberRoles are the slugs of a member's roles, the first one first; there is always one.
func memberRoles(m *record) []string {
	var slugs []string
	list, _ := m.fields["roles"].([]any)
	for _, v := range append([]any{m.fields["role"]}, list...) {
		role, _ := v.(map[string]any)
		if slug := text(role[fieldSlug]); slug != "" && !slices.Contains(slugs, slug) {
			slugs = append(slugs, slug)
		}
	}
	if slugs == nil {
		return []string{memberRole}
	}
	return slugs
}

// permissionsOf are the slugs of the permissions that roles grant in an organization, sorted.
func (c *call) permissionsOf(roles []string, organization string) []string {
	var slugs []string
	for _, slug := range roles {
		if role := c.roleIn(slug, organization); role != nil {
			list, _ := role.fields["permissions"].([]any)
			for _, p := range list {
				slugs = append(slugs, text(p))
			}
		}
	}
	slices.Sort(slugs)
	return slices.Compact(slugs)
}
