package sandbox

import (
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// What the operations table does not say is said here and in rules_*.go, and nowhere else: by the names of kinds and,
// where it must be, of operations.

const (
	kindAPIKey         = "api_key"
	kindAuditAction    = "audit_log_action"
	kindAuditSchema    = "audit_log_schema"
	kindConnected      = "connected_account"
	kindDomain         = "organization_domain"
	kindIntegration    = "data_integration"
	kindInvitation     = "invitation"
	kindMembership     = "organization_membership"
	kindOrganization   = "organization"
	kindPasswordReset  = "password_reset"
	kindPermission     = "permission"
	kindResource       = "authorization_resource"
	kindRole           = "role"
	kindSession        = "session"
	kindUser           = "user"
	kindMagicAuth      = "magic_auth"
	kindVerification   = "email_verification"
	kindRadarChallenge = "radar_challenge"
	kindVault          = "vault_object"
	kindVaultVersion   = "vault_object_version"
)

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

// lists reports whether a collection of a parent shows a thing, and whether there is a rule for it at all.
func (c *call) lists(r, parent *record) (show, ruled bool) {
	switch parent.kind.name + " " + r.kind.name {
	case kindOrganization + " " + kindRole: // the environment's roles are every organization's
		return pointsTo(r, parent) != no, true
	case kindOrganization + " " + kindAPIKey: // a user's key that reaches an organization is not the organization's
		owner, _ := r.fields["owner"].(map[string]any)
		return owner["id"] == parent.id, true
	case kindUser + " " + kindIntegration, kindResource + " " + kindPermission:
		return true, true
	default:
		return false, false
	}
}

// companion is the thing that a property shows which is a view of a kind: what belongs with the thing, or what it
// belongs to.
func (c *call) companion(r *record, k *kind) *record {
	if r.kind.name != kindIntegration || k.name != kindConnected {
		return c.store.get(k, r.text(r.kind.link(k)))
	}
	for _, account := range c.store.having(k, fieldSlug, r.text(fieldSlug)) {
		if c.belongs(account) {
			return account
		}
	}
	return nil
}

// showsNames reports whether a property of a kind shows the name of what a thing belongs to.
func showsNames(k *kind, property string) bool {
	return k.name == kindMembership && property == "organization_name"
}

// showsAttributes reports whether a property of a kind shows what an identity provider says of a member.
func showsAttributes(k *kind, property string) bool {
	return k.name == kindMembership && property == fieldAttributes
}

const fieldAttributes = "custom_attributes"

// attributesOf is what an identity provider says of a member: of the directory user, or else of the SSO profile, of the
// organization with the user's email address.
func (c *call) attributesOf(m *record) (any, bool) {
	user := c.store.get(c.ix.kinds[kindUser], m.text(fieldUser))
	if user == nil {
		return nil, false
	}
	for _, name := range []string{kindDirectoryUser, kindProfile} {
		for _, r := range c.store.having(c.ix.kinds[name], fieldEmail, user.text(fieldEmail)) {
			if v := r.fields[fieldAttributes]; v != nil && r.text(fieldOrganization) == m.text(fieldOrganization) {
				return v, true
			}
		}
	}
	return nil, false
}

// shownName is the name of what a thing belongs to.
func (c *call) shownName(r *record) (any, bool) {
	of := c.store.get(c.ix.kinds[kindOrganization], r.text(fieldOrganization))
	if of == nil || of.fields[fieldName] == nil {
		return nil, false
	}
	return of.fields[fieldName], true
}

// ruled is the value of a field of a response that is not a thing.
func (c *call) ruled(p *value.Property) (any, bool) {
	if c.plan.answer.Property("active") != nil && !p.Required && p.Schema.Name != "" && p.Name != "error" {
		return c.conform(p.Name, p.Schema, map[string]any{}), true // a connection that works has a credential
	}
	return nil, false
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
