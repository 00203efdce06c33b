package sandbox

import (
	"encoding/base32"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const day = 24 * time.Hour

// complete gives a new thing the fields that make it look real, before the rest is made up.
func (c *call) complete(r *record) error {
	f := r.fields
	preset := func(field string, v any) {
		if _, given := f[field]; !given {
			f[field] = v
		}
	}
	switch r.kind.name {
	case kindUser:
		preset("metadata", map[string]any{})
		if name := strings.TrimSpace(r.text("first_name") + " " + r.text("last_name")); name != "" {
			preset(fieldName, name)
		}
	case kindInvitation:
		token := c.store.newSecret(secretLength)
		f["token"], f["accept_invitation_url"] = token, exampleHost+"invite?invitation_token="+token
		f["expires_at"] = c.in(day * time.Duration(c.count("expires_in_days", 7, 30)))
	case kindMembership:
		c.setRoles(r)
		preset("role", map[string]any{fieldSlug: "member"})
		preset("roles", []any{f["role"]})
	case kindDomain:
		preset("state", "pending")
		preset("verification_strategy", "dns")
		f["verification_prefix"] = "workos"
		f["verification_token"] = c.store.newSecret(secretLength)
	case kindAPIKey:
		c.completeAPIKey(r)
	case kindRole:
		c.completeRole(r)
	case kindPermission:
		preset("resource_type_slug", kindOrganization)
	case kindResource, "role_assignment", "group_role_assignment":
		return c.findResource(r)
	case "magic_auth", kindPasswordReset:
		if user := c.subject(c.ix.kinds[kindUser]); user != nil {
			f["user_id"] = user.id
		}
	case "passwordless_session":
		f["expires_at"] = c.in(time.Second * time.Duration(c.count("expires_in", 900, 86400)))
	case "connect_application":
		f["client_id"] = c.store.newID("client_", c.now)
	case "connect_application_secret":
		secret := c.store.newSecret(secretLength)
		f["secret"], f["secret_hint"] = secret, secret[len(secret)-4:]
	case "authentication_factor":
		c.completeFactor(r)
	default:
		return c.completeRest(r)
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
	case kindConnected:
		c.completeAccount(r)
	case kindAuditSchema:
		return c.completeSchema(r)
	case kindVault:
		f["context"] = c.body["key_context"]
	}
	return nil
}

func (c *call) completeAPIKey(r *record) {
	value := "sk_" + c.store.newSecret(secretLength)
	r.fields["value"], r.fields["obfuscated_value"] = value, "sk_..."+value[len(value)-4:]
	owner := map[string]any{}
	for _, parent := range c.named {
		owner["type"], owner["id"] = parent.kind.name, parent.id
		if parent.kind.name == kindUser {
			owner["organization_id"] = c.body["organization_id"]
		}
	}
	r.fields["owner"] = owner
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

func (c *call) completeFactor(r *record) {
	switch r.text("type") {
	case "totp":
		issuer, user, secret := text(c.body["totp_issuer"]), text(c.body["totp_user"]), text(c.body["totp_secret"])
		if secret == "" {
			secret = base32.StdEncoding.EncodeToString([]byte(c.store.newSecret(20))) // RFC 4648, as apps expect it
		}
		r.fields["totp"] = map[string]any{
			"issuer": issuer, "user": user, "secret": secret, "qr_code": "data:image/png;base64,",
			"uri": "otpauth://totp/" + url.PathEscape(issuer+":"+user) + "?secret=" + secret,
		}
	case "sms":
		r.fields["sms"] = map[string]any{"phone_number": c.body["phone_number"]}
	}
}

func (c *call) completeAccount(r *record) {
	const shown = 4
	last := func(field string) any {
		v := text(c.body[field])
		return v[max(0, len(v)-shown):]
	}
	switch c.plan.verb() {
	case "api_key":
		r.fields["auth_method"], r.fields["api_key_last_4"] = "api_key", last("secret")
	case "client_credentials":
		r.fields["auth_method"], r.fields["client_secret_last_4"] = "client_credentials", last("client_secret")
	default:
		r.fields["auth_method"] = "oauth"
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
	for _, other := range c.store.records[r.kind] {
		if pointsTo(other, action) == yes {
			version++
		}
	}
	r.hidden = true
	r.fields[actions.pointers[0]], r.fields["version"] = action.id, number(version)
	r.fields["created_at"] = timestamp(c.now)
	action.fields["schema"] = r.fields
	c.touch(action)
	return nil
}

// findResource finds the resource that an assignment is for, or the parent of a resource, by its ID in the user's
// system and its type. An assignment for none is for the organization.
func (c *call) findResource(r *record) error {
	field, prefix := "resource_id", ""
	if r.kind.name == kindResource {
		field, prefix = "parent_resource_id", "parent_"
	}
	external := text(c.body[prefix+"resource_external_id"])
	resources := c.ix.kinds[kindResource]
	switch {
	case external != "":
		typ := text(c.body[prefix+"resource_type_slug"])
		i := slices.IndexFunc(c.store.records[resources], func(o *record) bool {
			return o.text("external_id") == external && o.text("resource_type_slug") == typ
		})
		if i < 0 {
			return notFound(resources.title(), external)
		}
		r.fields[field] = c.store.records[resources][i].id
	case prefix == "" && r.fields[field] == nil && len(c.named) > 0:
		r.fields["resource"] = map[string]any{
			"id": c.named[0].fields["organization_id"], "external_id": "", "resource_type_slug": kindOrganization,
		}
	}
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
	for _, d := range slices.Clone(c.store.records[k]) {
		state, wanted := states[d.text(fieldDomain)]
		switch {
		case pointsTo(d, r) != yes:
		case wanted:
			d.fields["state"] = state
			delete(states, d.text(fieldDomain))
		default:
			c.store.remove(d)
		}
	}
	for _, name := range sortedKeys(states) {
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
	for _, old := range c.store.records[k] {
		if pointsTo(old, r) == yes {
			old.fields["current_version"] = false
		}
	}
	version, err := c.keep(k, map[string]any{
		r.kind.pointers[0]: r.id, "current_version": true, "size": number(len(r.text("value"))),
		"etag": strings.ToLower(c.store.newSecret(secretLength)),
	})
	if err != nil {
		return err
	}
	version.hidden = true
	r.fields["version_id"] = version.id
	r.fields["updated_at"] = timestamp(c.now)
	return nil
}
