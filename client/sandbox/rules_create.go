package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const day = 24 * time.Hour

// complete gives a new thing the fields that make it look real, before the rest is made up.
func (c *call) complete(made *record) error {
	f := made.fields
	preset := func(field string, v any) {
		if _, given := f[field]; !given {
			f[field] = v
		}
	}
	switch made.kind.name {
	case kindUser:
		preset("metadata", map[string]any{})
		preset("email_verified", false)
		if f["email_verified"] == nil {
			f["email_verified"] = false
		}
		nameUser(f)
	case kindInvitation:
		token := c.store.newSecret(secretLength)
		f["token"], f["accept_invitation_url"] = token, c.request.host+invitePath+"?"+fieldInvited+"="+token
		f["expires_at"] = c.in(day * time.Duration(c.count("expires_in_days", 7, 30)))
	case kindMembership:
		c.setRoles(made)
		preset("role", map[string]any{fieldSlug: "member"})
		preset("roles", []any{f["role"]})
	case kindDomain:
		preset("state", "pending")
		preset("verification_strategy", "dns")
		f["verification_prefix"] = "workos"
		f["verification_token"] = c.store.newSecret(secretLength)
	case kindAPIKey:
		c.completeAPIKey(made)
	case kindRole:
		c.completeRole(made)
	case kindPermission:
		preset("resource_type_slug", kindOrganization)
	case kindResource:
		return c.findResource(made)
	case kindAssignment, kindGroupRoleAssignment:
		return c.completeAssignment(made)
	case kindExport:
		if err := c.completeExport(made); err != nil {
			return err
		}
	case kindRadarChallenge:
		if user := c.subject(c.ix.kinds[kindUser]); user != nil {
			f["user_id"], f[fieldEmail] = user.id, user.fields[fieldEmail]
		}
		f[fieldCode], f["expires_at"] = c.store.newCode(), c.in(codeLifetime)
	case kindMagicAuth:
		preset("expires_at", c.in(codeLifetime))
	case kindPasswordless:
		f["expires_at"] = c.in(time.Second * time.Duration(c.count("expires_in", 900, 86400)))
		f["connection"], f["redirect_uri"], f["state"] = c.body["connection"], c.body["redirect_uri"], c.body["state"]
		f["link"] = c.passwordlessLink(made)
	case kindApplication:
		return c.completeApplication(made)
	case kindClientSecret:
		secret := c.store.newSecret(secretLength)
		f["secret"], f["secret_hint"] = secret, secret[len(secret)-4:]
	case kindFactor:
		return c.completeFactor(made)
	default:
		return c.completeRest(made)
	}
	return nil
}

const secretLength = 25

func (c *call) completeRest(r *record) error {
	f := r.fields
	switch r.kind.name {
	case kindIntegration:
		slug := text(c.body["provider"])
		f[fieldSlug], f["integration_type"], f[fieldName] = slug, slug, slug
		f["redirect_uri"] = exampleHost + "data-integrations/" + slug + "/callback"
		if f["auth_methods"] == nil {
			f["auth_methods"] = []any{"oauth"}
		}
		if f["enabled"] == nil {
			f["enabled"] = false
		}
	case "data_integration_configuration":
		f[fieldName] = f[fieldSlug]
		if f["enabled"] == nil {
			f["enabled"] = true
		}
	case kindConnected:
		c.completeAccount(r)
	case kindAuditSchema:
		return c.completeSchema(r)
	case kindVault:
		f["context"], f["key_id"], f["updated_by"] = c.body["key_context"], c.vaultKey(), c.vaultActor()
		f["environment_id"] = c.env.id("environment_", "")
	}
	return nil
}

func (c *call) completeRole(r *record) {
	f := r.fields
	f["type"] = "EnvironmentRole"
	if f["resource_type_slug"] == nil {
		f["resource_type_slug"] = kindOrganization
	}
	if f["organization_id"] == nil {
		return
	}
	f["type"] = "OrganizationRole"
	if f[fieldSlug] == nil {
		f[fieldSlug] = "org-" + slugify(r.text(fieldName)) + "-" + strings.ToLower(c.store.newSecret(6))
	}
}

// setRoles gives a membership the roles that the body names by their slugs.
func (c *call) setRoles(r *record) {
	var roles []any
	if slug, ok := c.body["role_slug"]; ok {
		roles = append(roles, map[string]any{fieldSlug: slug})
	}
	slugs, _ := c.body["role_slugs"].([]any)
	for _, slug := range slugs {
		roles = append(roles, map[string]any{fieldSlug: slug})
	}
	if len(roles) > 0 {
		r.fields["role"], r.fields["roles"] = roles[0], roles
	}
}

// completeSchema numbers an audit log schema, and puts it on the action that the path names, made if need be.
func (c *call) completeSchema(r *record) error {
	actions := c.ix.kinds[kindAuditAction]
	name := c.params["actionName"]
	action := c.findBy(actions, fieldName, name)
	if action == nil {
		var err error
		if action, err = c.keep(actions, map[string]any{fieldName: name, "schema": map[string]any{}}); err != nil {
			return err
		}
	}
	version := 1
	for range c.store.having(r.kind, fieldAction, action.id) {
		version++
	}
	r.hidden = true
	r.fields[fieldAction], r.fields["version"] = action.id, number(version)
	r.fields["created_at"] = timestamp(c.now)
	c.store.set(action, "schema", r.fields)
	c.touch(action)
	return nil
}

// findResource finds the parent of a resource, which must be of the same organization.
func (c *call) findResource(r *record) error {
	parent, err := c.resourceNamed(c.inBody, "parent_")
	if err != nil || parent == nil {
		return err
	}
	if parent.text(fieldOrganization) != r.text(fieldOrganization) {
		return notFound("Resource", parent.id)
	}
	c.store.set(r, fieldParent, parent.id)
	return nil
}

// count is a whole number of the body between one and a limit.
func (c *call) count(field string, standard, limit int) int {
	n, err := strconv.ParseFloat(text(c.body[field]), 64)
	if err != nil {
		return standard
	}
	return int(min(max(n, 1), float64(limit)))
}

// follow does what comes after a new thing is there.
func (c *call) follow(r *record) error {
	switch r.kind.name {
	case kindOrganization:
		return c.setDomains(r)
	case kindVault:
		return c.addVersion(r)
	}
	return nil
}

// revise does what comes after a thing is changed.
func (c *call) revise(r *record) error {
	switch r.kind.name {
	case kindOrganization:
		return c.setDomains(r)
	case kindMembership:
		c.setRoles(r)
	case kindResource:
		return c.findResource(r)
	case kindVault:
		return c.addVersion(r)
	case kindConnected:
		c.completeAccount(r)
	}
	return nil
}

// setDomains gives an organization the domains that the body lists, in the place of those it has. If the body lists
// none, they stay.
func (c *call) setDomains(r *record) error {
	states := map[string]any{}
	names, plain := c.body["domains"].([]any)
	for _, name := range names {
		states[text(name)] = "verified"
	}
	data, full := c.body["domain_data"].([]any)
	for _, v := range data {
		if entry, ok := v.(map[string]any); ok {
			states[text(entry[fieldDomain])] = entry["state"]
		}
	}
	if !plain && !full {
		return nil
	}
	k := c.ix.kinds[kindDomain]
	for _, d := range slices.Clone(c.store.having(k, "organization_id", r.id)) {
		state, wanted := states[d.text(fieldDomain)]
		switch {
		case wanted:
			c.store.set(d, "state", state)
			delete(states, d.text(fieldDomain))
		default:
			c.store.remove(d)
		}
	}
	for _, name := range sortedKeys(states) {
		if len(c.store.having(k, fieldDomain, name)) > 0 {
			return refusal(http.StatusConflict, "", "Domain '"+name+"' already exists in another organization.")
		}
		fields := map[string]any{"organization_id": r.id, fieldDomain: name, "state": states[name]}
		if _, err := c.keep(k, fields); err != nil {
			return err
		}
	}
	return nil
}

// addVersion gives a vault object a new version, the current one from now on.
func (c *call) addVersion(r *record) error {
	k := c.ix.kinds[kindVaultVersion]
	for _, old := range c.store.having(k, fieldVaultObject, r.id) {
		c.store.set(old, "current_version", false)
	}
	version, err := c.keep(k, map[string]any{
		fieldVaultObject: r.id, "current_version": true, "size": number(len(r.text("value"))),
		"etag": strings.ToLower(c.store.newSecret(secretLength)),
	})
	if err != nil {
		return err
	}
	version.hidden = true
	c.store.set(r, "version_id", version.id)
	c.store.set(r, "updated_at", timestamp(c.now))
	return nil
}
