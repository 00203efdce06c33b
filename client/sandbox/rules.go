package sandbox

import (
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// What the operations table does not say is said here and in rules_*.go, and nowhere else: by the names of kinds and,
// where it must be, of operations.

const (
	kindAPIKey        = "api_key"
	kindAuditAction   = "audit_log_action"
	kindAuditSchema   = "audit_log_schema"
	kindConnected     = "connected_account"
	kindDomain        = "organization_domain"
	kindIntegration   = "data_integration"
	kindInvitation    = "invitation"
	kindMembership    = "organization_membership"
	kindOrganization  = "organization"
	kindPasswordReset = "password_reset"
	kindPermission    = "permission"
	kindResource      = "authorization_resource"
	kindRole          = "role"
	kindSession       = "session"
	kindUser          = "user"
	kindVault         = "/vault/v1/kv"
	kindVaultVersion  = "/vault/v1/kv/{}/versions"
)

// sameKind names the kind that things under another constant are views of, too.
func sameKind(name string) string {
	if name == "data_provider" {
		return kindIntegration
	}
	return ""
}

// amend corrects what the table alone suggests.
func (ix *index) amend() {
	for _, made := range []string{kindAuditAction, kindVaultVersion} { // made with other things
		if k := ix.kinds[made]; k != nil {
			k.made = true
		}
	}
	if p := ix.plans["audit_logs.actions.schemas.create"]; p != nil {
		p.needs = 0 // an action not yet known comes into being with its schema
	}
	for id, do := range map[string]func(*call) (any, error){
		"vault.keys.data_key.create": (*call).createDataKey,
		"vault.keys.decrypt.create":  (*call).decryptDataKey,
		"vault.keys.rekey.create":    (*call).rekeyDataKey,
	} {
		if p := ix.plans[id]; p != nil {
			p.do = do
		}
	}
}

// exampleFields are fields of the example of a kind that no operation makes.
func exampleFields(k *kind) map[string]any {
	switch k.name {
	case "connection":
		return map[string]any{"connection_type": "OktaSAML"}
	case "event":
		return map[string]any{"event": "user.created"}
	default:
		return map[string]any{}
	}
}

// scope adds to a new thing's fields what a key of its kind is made of.
func (c *call) scope(k *kind, fields map[string]any) {
	if k.name != kindConnected {
		return
	}
	for _, parent := range c.named {
		if parent.kind.name == kindIntegration {
			fields[fieldSlug] = parent.fields[fieldSlug]
		}
	}
}

// lists tells whether a collection of a parent shows a thing, and whether there is a rule for it at all.
func (c *call) lists(r, parent *record) (show, ruled bool) {
	switch parent.kind.name + " " + r.kind.name {
	case kindOrganization + " " + kindRole: // the environment's roles are every organization's
		return pointsTo(r, parent) != no, true
	case kindOrganization + " " + kindAPIKey: // a user's key that reaches an organization is not the organization's
		owner, _ := r.fields["owner"].(map[string]any)
		return owner["id"] == parent.id, true
	case kindUser + " " + kindIntegration, kindResource + " " + kindPermission:
		return true, true
	case kindMembership + " " + kindPermission:
		return c.held(parent)[r.text(fieldSlug)], true
	default:
		return false, false
	}
}

// held is the set of permissions that a membership's roles grant, its own ones and those it is assigned.
func (c *call) held(membership *record) map[string]bool {
	slugs := map[string]bool{}
	addRole := func(v any) {
		if role, ok := v.(map[string]any); ok {
			slugs[text(role[fieldSlug])] = true
		}
	}
	roles, _ := membership.fields["roles"].([]any)
	for _, role := range append(roles, membership.fields["role"]) {
		addRole(role)
	}
	for _, assignment := range c.store.records[c.ix.kinds["role_assignment"]] {
		if pointsTo(assignment, membership) == yes {
			addRole(assignment.fields["role"])
		}
	}
	granted := map[string]bool{}
	for _, role := range c.store.records[c.ix.kinds[kindRole]] {
		if !slugs[role.text(fieldSlug)] {
			continue
		}
		permissions, _ := role.fields["permissions"].([]any)
		for _, p := range permissions {
			granted[text(p)] = true
		}
	}
	return granted
}

// companion is what a property of a thing shows another thing in: what the field of that name and _id points to, or
// what belongs with it.
func (c *call) companion(r *record, name string) *record {
	if r.kind.name != kindIntegration || name != kindConnected {
		return c.pointedBy(r, name)
	}
	for _, account := range c.store.records[c.ix.kinds[kindConnected]] {
		if account.text(fieldSlug) == r.text(fieldSlug) && c.belongs(account) {
			return account
		}
	}
	return nil
}

// ruled is the value of a field of an answer that is not a thing.
func (c *call) ruled(p *value.Property) (any, bool) {
	switch {
	case p.Name == "authorized" && len(c.named) > 0:
		return c.held(c.named[0])[text(c.body["permission_slug"])], true
	case c.plan.answer.Property("active") != nil && !p.Required && p.Schema.Name != "" && p.Name != "error":
		return c.conform(p.Name, p.Schema, map[string]any{}), true // a connection that works has a credential
	default:
		return nil, false
	}
}

// react does what some operations do beside what their form says.
func (c *call) react() error {
	switch c.plan.op.ID {
	case "user_management.users.email_verification.confirm.create":
		c.item().fields["email_verified"] = true
	case "user_management.users.email_change.send.create":
		c.item().fields["new_email"] = c.body["new_email"]
	case "user_management.users.email_change.confirm.create":
		return c.changeEmail(c.item())
	case "user_management.password_reset.confirm.create":
		if reset := c.findBy(c.ix.kinds[kindPasswordReset], "password_reset_token", text(c.body["token"])); reset != nil {
			if user := c.pointedBy(reset, kindUser); user != nil {
				c.named = append(c.named, user)
			}
		}
	case "user_management.sessions.revoke.create":
		if session := c.store.get(c.ix.kinds[kindSession], text(c.body["session_id"])); session != nil {
			c.transition(session, "revoke")
		}
	case "user_management.invitations.accept.create":
		if user := c.findBy(c.ix.kinds[kindUser], fieldEmail, c.item().text(fieldEmail)); user != nil {
			c.item().fields["accepted_user_id"] = user.id
		}
	}
	return nil
}

// changeEmail makes the address valid that the user asked for, if any.
func (c *call) changeEmail(user *record) error {
	email, ok := user.fields["new_email"]
	if !ok {
		return nil
	}
	if err := c.unique(user, map[string]any{fieldEmail: email}); err != nil {
		return err
	}
	user.fields[fieldEmail] = email
	delete(user.fields, "new_email")
	c.touch(user)
	return nil
}

// in writes the time that is so far from now.
func (c *call) in(d time.Duration) string { return timestamp(c.now.Add(d)) }

// slugify turns a name into a slug.
func slugify(name string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		default:
			return '-'
		}
	}, name), "-")
}
