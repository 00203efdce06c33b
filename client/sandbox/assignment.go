package sandbox

import (
	"net/http"
	"slices"
)

// completeAssignment finds what a new role assignment is for: a resource, or the organization. The role must be one
// for things of its type.
func (c *call) completeAssignment(r *record) error {
	organization := ""
	if len(c.named) > 0 {
		organization = c.named[0].text(fieldOrganization)
	}
	slug := c.inBody("role_slug")
	role := c.roleIn(slug, organization)
	if role == nil {
		return notFound("Role", slug)
	}
	resType, err := c.assignResource(r, organization)
	if err != nil {
		return err
	}
	if got := role.text(fieldResType); got != resType {
		return &problem{
			status: http.StatusUnprocessableEntity, code: c.plan.facts.invalidCode(),
			message: "Role '" + slug + "' is for things of the type '" + got + "', not '" + resType + "'.",
		}
	}
	if r.fields[fieldResource] == nil {
		r.fields["resource"] = map[string]any{"id": organization, "external_id": "", fieldResType: kindOrganization}
	}
	r.fields["role"] = roleReference(slug)
	if r.kind.name == kindAssignment {
		r.fields["source"] = map[string]any{fieldType: "direct", "group_role_assignment_id": nil}
	}
	return c.checkAssigned(r)
}

// assignResource notes the resource that a new role assignment is for, if it is not for the organization, and returns
// the type of what it is for.
func (c *call) assignResource(r *record, organization string) (string, error) {
	if c.namesOrganization(organization) {
		delete(r.fields, fieldResource)
		return kindOrganization, nil
	}
	resource, err := c.resourceNamed(c.inBody, "")
	switch {
	case err != nil:
		return "", err
	case resource == nil:
		return kindOrganization, nil
	case resource.text(fieldOrganization) != organization:
		return "", notFound("Resource", resource.id)
	}
	r.fields[fieldResource] = resource.id
	return resource.text(fieldResType), nil
}

// checkAssigned refuses to give a group a role that it has.
func (c *call) checkAssigned(r *record) error {
	if r.kind.name != kindGroupRoleAssignment || c.plan.kind != r.kind || c.plan.op.Method != http.MethodPost {
		return nil
	}
	assigned := c.store.having(r.kind, fieldGroup, r.text(fieldGroup))
	if slices.ContainsFunc(assigned, func(o *record) bool { return sameAssignment(o, r) }) {
		return refusal(http.StatusConflict, "duplicate_group_role_assignment", "The group has this role already.")
	}
	return nil
}

func sameAssignment(a, b *record) bool {
	one, _ := a.fields["role"].(map[string]any)
	other, _ := b.fields["role"].(map[string]any)
	return one[fieldSlug] == other[fieldSlug] && a.text(fieldResource) == b.text(fieldResource)
}

// assignRole gives a member a role. To give it again changes nothing.
func (c *call) assignRole() (any, error) {
	r := &record{kind: c.plan.kind, fields: c.given(c.plan.kind)}
	if err := c.completeAssignment(r); err != nil {
		return nil, err
	}
	for _, old := range c.store.having(c.plan.kind, fieldMembership, c.of(kindMembership).id) {
		if sameAssignment(old, r) {
			return c.view(old, c.plan.answer), nil
		}
	}
	return c.create()
}

// removeRole takes a role from a member or a group.
func (c *call) removeRole() (any, error) {
	owner := c.named[0]
	k, field := c.ix.kinds[kindAssignment], fieldMembership
	if owner.kind.name == kindGroup {
		k, field = c.ix.kinds[kindGroupRoleAssignment], fieldGroup
	}
	wanted := &record{kind: k, fields: map[string]any{"role": roleReference(c.inBody("role_slug"))}}
	if !c.namesOrganization(owner.text(fieldOrganization)) {
		resource, err := c.resourceNamed(c.inBody, "")
		if err != nil {
			return nil, err
		}
		if resource != nil {
			wanted.fields[fieldResource] = resource.id
		}
	}
	for _, r := range c.store.having(k, field, owner.id) {
		if sameAssignment(r, wanted) {
			c.store.remove(r)
			return object{}, nil
		}
	}
	return nil, &problem{
		status: http.StatusNotFound, code: "entity_not_found", message: "Role assignment not found: none matches.",
	}
}

// deleteRole refuses to delete a role that somebody has.
func (c *call) deleteRole() (any, error) {
	role := c.of(kindRole)
	organization, slug := role.text(fieldOrganization), role.text(fieldSlug)
	members := c.store.having(c.ix.kinds[kindMembership], fieldOrganization, organization)
	held := slices.ContainsFunc(members, func(m *record) bool {
		assigned := c.store.having(c.ix.kinds[kindAssignment], fieldMembership, m.id)
		return slices.Contains(memberRoles(m), slug) || slices.ContainsFunc(assigned, func(a *record) bool {
			reference, _ := a.fields["role"].(map[string]any)
			return reference[fieldSlug] == slug
		})
	})
	if held {
		return nil, refusal(http.StatusConflict, "role_has_assignments", "The role is assigned to members.")
	}
	return c.remove()
}
