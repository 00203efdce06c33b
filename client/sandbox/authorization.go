package sandbox

import (
	"net/http"
	"slices"
)

const (
	kindAssignment          = "role_assignment"
	kindGroupRoleAssignment = "group_role_assignment"

	fieldResource   = "resource_id"
	fieldMembership = "organization_membership_id"
	fieldGroup      = "group_id"
	fieldParent     = "parent_resource_id"
	fieldResType    = "resource_type_slug"
)

// access is what a check is about: a resource and what it is part of, up to the organization.
type access struct {
	organization string
	resType      string
	chain        []string // IDs: the resource, what it is part of, and so on, the organization last
}

// accessTo is the access to a resource; of nil, to the organization.
func (c *call) accessTo(resource *record, organization string) access {
	if resource == nil {
		return access{organization: organization, resType: kindOrganization, chain: []string{organization}}
	}
	a := access{organization: resource.text(fieldOrganization), resType: resource.text(fieldResType)}
	k := c.ix.kinds[kindResource]
	for r := resource; r != nil && !slices.Contains(a.chain, r.id); r = c.store.get(k, r.text(fieldParent)) {
		a.chain = append(a.chain, r.id)
	}
	a.chain = append(a.chain, a.organization)
	return a
}

// grantOn is one role that a member holds on a resource or on the organization.
type grantOn struct {
	role     string
	resource string // ID
	direct   bool   // whether it was given to the member, not to a group
}

// grantsOf are the roles that a membership has: its own, those assigned to it, and those of its groups. One that is not
// active has none.
func (c *call) grantsOf(m *record) []grantOn {
	if m.text("status") != stateActive {
		return nil
	}
	organization := m.text(fieldOrganization)
	var grants []grantOn
	for _, slug := range memberRoles(m) {
		grants = append(grants, grantOn{slug, organization, true})
	}
	on := func(assignment *record, direct bool) {
		resource := assignment.text(fieldResource)
		if resource == "" {
			resource = organization
		}
		role, _ := assignment.fields["role"].(map[string]any)
		grants = append(grants, grantOn{text(role[fieldSlug]), resource, direct})
	}
	for _, assignment := range c.store.having(c.ix.kinds[kindAssignment], fieldMembership, m.id) {
		on(assignment, true)
	}
	for _, group := range c.groupsOf(m) {
		for _, assignment := range c.store.having(c.ix.kinds[kindGroupRoleAssignment], fieldGroup, group.id) {
			on(assignment, false)
		}
	}
	return grants
}

// holds reports whether a member has a permission by a role on the resource itself (direct) or on what it is part of
// (indirect). The permission must be one for things of that type, and the resource of the member's organization.
func (c *call) holds(m *record, permission string, a access) (direct, indirect bool) {
	if m.text(fieldOrganization) != a.organization || !c.permits(permission, a.resType) {
		return false, false
	}
	for _, grant := range c.grantsOf(m) {
		at := slices.Index(a.chain, grant.resource)
		if at < 0 || !slices.Contains(c.permissionsOf([]string{grant.role}, a.organization), permission) {
			continue
		}
		if at == 0 && grant.direct {
			direct = true
		} else {
			indirect = true
		}
	}
	return direct, indirect
}

// permits reports whether there is such a permission for things of that type.
func (c *call) permits(permission, resType string) bool {
	r := c.findBy(c.ix.kinds[kindPermission], fieldSlug, permission)
	return r != nil && r.text(fieldResType) == resType
}

// resourceNamed is the resource that body or query name by one of the ways that the API has; nil if they name none.
func (c *call) resourceNamed(get func(string) string, prefix string) (*record, error) {
	k := c.ix.kinds[kindResource]
	if id := get(prefix + fieldResource); id != "" {
		r := c.store.get(k, id)
		if r == nil {
			return nil, notFound("Resource", id)
		}
		return r, nil
	}
	external := get(prefix + "resource_external_id")
	if external == "" {
		external = get(prefix + "external_id")
	}
	if external == "" {
		return nil, nil //nolint:nilnil // none is named
	}
	for _, r := range c.store.having(k, "external_id", external) {
		if r.text(fieldResType) == get(prefix+fieldResType) {
			return r, nil
		}
	}
	return nil, notFound("Resource", external)
}

//go:noinline
func (c *call) inBody(name string) string  { return text(c.body[name]) }
func (c *call) inQuery(name string) string { return c.query.Get(name) }

// organizationResource reports whether the body names the organization of a membership as the resource.
func (c *call) namesOrganization(organization string) bool {
	id := c.inBody(fieldResource)
	return id == organization && id != "" || c.inBody(fieldResType) == kindOrganization
}

// checkAuthorization computes whether a member may do what a permission names.
func (c *call) checkAuthorization() (any, error) {
	m := c.of(kindMembership)
	organization := m.text(fieldOrganization)
	var resource *record
	if !c.namesOrganization(organization) {
		var err error
		if resource, err = c.resourceNamed(c.inBody, ""); err != nil {
			return nil, err
		}
	}
	direct, indirect := c.holds(m, c.inBody("permission_slug"), c.accessTo(resource, organization))
	return c.respond(map[string]any{"authorized": direct || indirect}), nil
}

// listAccessible lists the resources below another on which a member has a permission.
func (c *call) listAccessible() (any, error) {
	m := c.of(kindMembership)
	organization := m.text(fieldOrganization)
	parent := ""
	if id := c.query.Get(fieldParent); id != organization {
		r, err := c.resourceNamed(c.inQuery, "parent_")
		if err != nil {
			return nil, err
		}
		if r != nil {
			parent = r.id
		}
	}
	return c.listOf(c.store.having(c.ix.kinds[kindResource], fieldOrganization, organization), func(r *record) bool {
		direct, indirect := c.holds(m, c.query.Get("permission_slug"), c.accessTo(r, organization))
		return r.text(fieldParent) == parent && (direct || indirect)
	})
}

// listMembersWithAccess lists the members who have a permission on a resource.
func (c *call) listMembersWithAccess() (any, error) {
	resource := c.of(kindResource)
	to := c.accessTo(resource, "")
	all := c.store.having(c.ix.kinds[kindMembership], fieldOrganization, to.organization)
	return c.listOf(all, func(m *record) bool {
		direct, indirect := c.holds(m, c.query.Get("permission_slug"), to)
		switch c.query.Get("assignment") {
		case "direct":
			return direct
		case "indirect":
			return indirect
		default:
			return direct || indirect
		}
	})
}

// listPermissionsOn lists the permissions that a member has on a resource.
func (c *call) listPermissionsOn() (any, error) {
	m, to := c.of(kindMembership), c.accessTo(c.of(kindResource), "")
	return c.listOf(c.store.all(c.ix.kinds[kindPermission]), func(p *record) bool {
		direct, indirect := c.holds(m, p.text(fieldSlug), to)
		return direct || indirect
	})
}

// listResources asks for an organization or a type, as the API does.
func (c *call) listResources() (any, error) {
	if !c.query.Has(fieldOrganization) && !c.query.Has(fieldResType) && !c.query.Has(fieldParent) {
		return nil, refusal(http.StatusBadRequest, "missing_organization_id_or_resource_type_slug",
			"Give an organization_id or a resource_type_slug.")
	}
	if c.query.Has("parent_external_id") {
		parent, err := c.resourceNamed(c.inQuery, "parent_")
		if err != nil {
			return nil, err
		}
		return c.listOf(c.store.having(c.plan.kind, fieldParent, parent.id), func(r *record) bool {
			return !c.query.Has(fieldOrganization) || r.text(fieldOrganization) == c.query.Get(fieldOrganization)
		})
	}
	return c.list()
}
