package sandbox_test

import (
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// world is the content that requests refer to.
type world struct {
	pointers map[string]string // by the name of a field or path parameter
	paths    map[string]string // by collection and path parameter, before pointers
	bodies   map[string]fields // more of the body, by operation
}

// furnish makes one of each thing that others refer to.
func furnish(t *testing.T, env *sandbox.Sandbox) world {
	t.Helper()
	org := create(t, env, "/organizations", fields{"name": "Acme", "external_id": "acme"})
	user := create(t, env, "/user_management/users", fields{"email": "ada@example.com", "external_id": "ada"})
	member := create(t, env, "/user_management/organization_memberships", fields{"user_id": user, "organization_id": org})
	other := create(t, env, "/user_management/users", fields{
		"email": "bea@example.com", "email_verified": true, "password": "correct horse",
	})
	carol := create(t, env, "/user_management/users", fields{"email": "carol@example.com", "password": "correct horse"})
	signedIn := must(t, env, http.StatusOK, "POST", "/user_management/authenticate", fields{
		"client_id": "client_1", "client_secret": "sk_test", "grant_type": "password", "email": "bea@example.com",
		"password": "correct horse",
	})
	sessions := list(get(t, env, "/user_management/users/"+other+"/sessions")["data"])
	browser := "&response_type=code&client_id=client_1&redirect_uri=https://app.example.com/callback"
	code := codeOf(t, env, "/user_management/authorize?provider=authkit&login_hint=bea@example.com"+browser)
	group := create(t, env, "/organizations/"+org+"/groups", fields{"name": "Staff"})
	must(t, env, http.StatusOK, "POST", "/organizations/"+org+"/groups/"+group+"/organization-memberships",
		fields{"organization_membership_id": member})
	create(t, env, "/authorization/permissions", fields{
		"slug": "doc:read", "name": "Read", "resource_type_slug": "doc",
	})
	create(t, env, "/authorization/roles", fields{"slug": "reader", "name": "Reader", "resource_type_slug": "doc"})
	must(t, env, http.StatusOK, "PUT", "/authorization/roles/reader/permissions",
		fields{"permissions": []string{"doc:read"}})
	create(t, env, "/authorization/organizations/"+org+"/roles", fields{"slug": "org-writer", "name": "Writer"})
	must(t, env, http.StatusOK, "PUT", "/authorization/organizations/"+org+"/roles/org-writer/permissions",
		fields{"permissions": []string{"doc:read"}})
	resource := create(t, env, "/authorization/resources", fields{
		"external_id": "doc-1", "name": "Doc", "resource_type_slug": "doc", "organization_id": org,
	})
	assignment := create(t, env, "/authorization/organization_memberships/"+member+"/role_assignments",
		fields{"role_slug": "reader", "resource_id": resource})
	groupAssignment := create(t, env, "/authorization/groups/"+group+"/role_assignments",
		fields{"role_slug": "reader", "resource_id": resource})
	invitation := must(t, env, http.StatusCreated, "POST", "/user_management/invitations",
		fields{"email": "bob@example.com"})
	key := create(t, env, "/organizations/"+org+"/api_keys", fields{"name": "CI"})
	domain := create(t, env, "/organization_domains", fields{"domain": "acme.com", "organization_id": org})
	factor := create(t, env, "/auth/factors/enroll", fields{"type": "totp"})
	challenge := create(t, env, "/auth/factors/"+factor+"/challenge", fields{})
	app := create(t, env, "/connect/applications",
		fields{"name": "App", "application_type": "m2m", "organization_id": org})
	secret := create(t, env, "/connect/applications/"+app+"/client_secrets", fields{})
	vault := create(t, env, "/vault/v1/kv", fields{"key_context": fields{"o": org}, "name": "card", "value": "4242"})
	dataKey := must(t, env, http.StatusOK, "POST", "/vault/v1/keys/data-key", fields{"context": fields{"o": org}})
	create(t, env, "/data-integrations", fields{"provider": "github"})
	create(t, env, "/user_management/users/"+user+"/connected_accounts/github", fields{"access_token": "t"})
	create(t, env, "/organizations/"+org+"/connected_accounts/github", fields{"access_token": "t"})
	must(t, env, http.StatusCreated, "POST", "/audit_logs/actions/doc.read/schemas",
		fields{"targets": []fields{{"type": "doc"}}})
	attempt := must(t, env, http.StatusOK, "POST", "/radar/attempts", fields{
		"ip_address": "10.0.0.1", "user_agent": "test", "email": "ada@example.com", "auth_method": "Password", "action": "sign-in",
	})
	must(t, env, http.StatusNoContent, "POST", "/radar/lists/ip_address/block", fields{"entry": "text-entry"})
	pending := send(t, env, "POST", "/user_management/authenticate", fields{
		"client_id": "client_1", "client_secret": "sk_test", "grant_type": "password", "email": "carol@example.com",
		"password": "correct horse",
	})
	first := func(path string) fields {
		data, _ := must(t, env, http.StatusOK, "GET", path, nil)["data"].([]any)
		if len(data) == 0 {
			t.Fatalf("%s is empty", path)
		}
		return obj(data[0])
	}
	text := func(f fields, name string) string { return str(f[name]) }
	blueprint := create(t, env, "/agents/blueprints", fields{"name": "Clerk"})
	instance, agentSession := first("/agents/instances"), first("/agents/sessions")
	waitlist := first("/user_management/waitlists")
	certs := "/connections/" + text(first("/connections"), "id") + "/saml_"
	reset := must(t, env, http.StatusCreated, "POST", "/user_management/password_reset",
		fields{"email": "ada@example.com"})
	users := "/user_management/users/" + user
	must(t, env, http.StatusOK, "POST", users+"/email_verification/send", nil)
	must(t, env, http.StatusOK, "POST", users+"/email_change/send", fields{"new_email": "ada2@example.com"})
	sent := map[string]string{}
	for _, m := range env.Outbox() {
		sent[m.About] = m.Code
	}
	agentToken := must(t, env, http.StatusOK, "POST", "/agents/blueprints/"+blueprint+"/tokens",
		fields{"type": "autonomous", "organization_id": org})["access_token"]
	ssoCode := codeOf(t, env, "/sso/authorize?connection="+text(first("/connections"), "id")+browser)
	return world{
		pointers: map[string]string{
			"organizationId": org, "organization_id": org, "organization": org,
			"user_id": user, "userId": user, "userlandUserId": user, "inviter_user_id": user,
			"organization_membership_id": member, "omId": member, "groupId": group, "group_id": group,
			"resource_id": resource, "parent_resource_id": resource,
			"resource_type_slug": "doc", "external_id": "doc-1", "permissionSlug": "doc:read", "permission_slug": "doc:read",
			"role_slug": "reader", "token": text(invitation, "token"), "name": "card", "actionName": "doc.read",
			"authentication_challenge_id": challenge, "clientId": "client_1", "resourceId": org, "client_id": "client_1",
			"response_type": "code", "redirect_uri": "https://app.example.com/callback", "email": "ada@example.com",
			"session_id": str(obj(sessions[0])["id"]), "new_password": "correct horse battery", "refresh_token": str(signedIn["refresh_token"]),
			"type": "ip_address", "action": "block", "events": "user.created",
			"agent_blueprint_id": blueprint, "agent_instance_id": text(instance, "id"),
			"agent_instance_session_id": text(agentSession, "id"), "connectionId": text(first("/connections"), "id"),
			"contact_id": create(t, env, "/organizations/"+org+"/it_contacts", fields{"email": "it@example.com"}),
			"team_id":    create(t, env, "/platform/teams", fields{"name": "T", "admin_email": "admin@example.com"}),
		},
		paths: map[string]string{
			"api_keys": key, "organizations": org, "users": user, "invitations": text(invitation, "id"),
			"organization_memberships": member, "organization_domains": domain, "factors": factor, "challenges": challenge,
			"applications": app, "client_secrets": secret, "kv": vault, "/authorization/roles": "reader",
			"/authorization/organizations/{organizationId}/roles": "org-writer", "permissions": "doc:read",
			"data-integrations": "github", "connected_accounts": "github", "data_integration_configurations": "github",
			"saml_idp_signing_certs":   create(t, env, certs+"idp_signing_certs", fields{"value": "cert"}),
			"saml_sp_encryption_certs": create(t, env, certs+"sp_encryption_certs", nil),
			"saml_sp_signing_cert":     create(t, env, certs+"sp_signing_cert", nil),
			"waitlists":                text(waitlist, "id"),
			"waitlist_entries": create(t, env, "/user_management/waitlists/"+text(waitlist, "id")+"/entries",
				fields{"email": "eve@example.com"}),
			"authkit_oauth_resources": create(t, env, "/user_management/authkit_oauth_resources",
				fields{"uri": "https://mcp.example.com"}),
			"connections": text(first("/connections"), "id"), "directories": text(first("/directories"), "id"),
			"directory_users":  text(first("/directory_users"), "id"),
			"directory_groups": text(first("/directory_groups"), "id"),
			"feature-flags":    text(first("/feature-flags"), "slug"),
			"registrations":    "agent_reg_1", "email_verification": "ev_1", "radar_challenges": "radar_1",
			"exports": create(t, env, "/audit_logs/exports", fields{
				"organization_id": org, "range_start": "2026-01-01T00:00:00Z", "range_end": "2026-02-01T00:00:00Z",
			}),
			"magic_auth":     create(t, env, "/user_management/magic_auth", fields{"email": "ada@example.com"}),
			"password_reset": text(reset, "id"),
			"redirect_uris":  create(t, env, "/user_management/redirect_uris", fields{"uri": "https://app.example.com/callback"}),
			"webhook_endpoints": create(t, env, "/webhook_endpoints",
				fields{"endpoint_url": "https://a.example.com", "events": []string{"user.created"}}),
			"sessions": create(t, env, "/passwordless/sessions", fields{"email": "ada@example.com", "type": "MagicLink"}),
			"attempts": str(attempt["attempt_id"]), "authorized_applications": text(first(users+"/authorized_applications"), "id"),
			"/authorization/groups/{group_id}/role_assignments":                                     groupAssignment,
			"/authorization/organization_memberships/{organization_membership_id}/role_assignments": assignment,
			"external_id": "",
		},
		bodies: map[string]fields{
			"user_management.authenticate.create": {"code": code, "client_secret": "sk_test"},
			"sso.token.create":                    {"code": ssoCode, "client_secret": "sk_test"},
			"user_management.radar_challenges.create": {
				"user_id": carol, "pending_authentication_token": pending.json["pending_authentication_token"],
			},
			"user_management.organization_memberships.create":         {"user_id": other},
			"user_management.users.email_verification.confirm.create": {"code": sent["email_verification"]},
			"user_management.users.email_change.confirm.create":       {"code": sent["email_change"]},
			"user_management.users.email_change.send.create":          {"new_email": "ada3@example.com"},
			"user_management.invitations.create":                      {"email": "carl@example.com"},
			"user_management.redirect_uris.create":                    {"uri": "https://b.example.com"},
			"user_management.waitlists.entries.create":                {"email": "dan@example.com"},
			"organizations.it_contacts.create":                        {"email": "it2@example.com"},
			"organization_domains.create":                             {"domain": "beta.com"},
			"webhook_endpoints.create":                                {"endpoint_url": "https://c.example.com"},
			"agents.blueprints.create":                                {"name": "Other"},
			"agents.blueprints.tokens.create": {
				"type": "autonomous", "organization_id": org, "user_access_token": nil,
			},
			"agents.blueprints.tokens.validate.create":                 {"agent_access_token": agentToken},
			"data_integrations.create":                                 {"provider": "slack"},
			"authorization.groups.role_assignments.create":             {"role_slug": "org-writer"},
			"authorization.groups.role_assignments.by_group_id.delete": {"resource_id": resource},
			"authorization.groups.role_assignments.update": {
				"role_assignments": []fields{{"role_slug": "reader", "resource_id": resource}},
			},
			"audit_logs.events.create": {"event": fields{
				"action": "doc.read", "occurred_at": "2026-01-02T03:04:05Z", "actor": fields{"id": "1", "type": "user"},
				"targets": []fields{{"id": "1", "type": "doc"}}, "context": fields{"location": "10.0.0.1"},
			}},
			"user_management.jwt_template.update":                            {"content": `{"urn:acme:email": {{ user.email }}}`},
			"user_management.password_reset.confirm.create":                  {"token": reset["password_reset_token"]},
			"authorization.roles.create":                                     {"slug": "new"},
			"authorization.permissions.create":                               {"slug": "new"},
			"authorization.resources.create":                                 {"external_id": "new"},
			"authorization.roles.permissions.create":                         {"slug": "doc:read"},
			"user_management.users.create":                                   {"email": "new@example.com"},
			"user_management.cors_origins.create":                            {"origin": "https://app.example.com"},
			"connections.create":                                             {"saml_options": fields{}},
			"organizations.audit_logs_retention.update":                      {"retention_period": "1_YEAR"},
			"authorization.organizations.roles.create":                       {"slug": "org-new"},
			"authorization.organizations.roles.permissions.create":           {"slug": "doc:read"},
			"vault.kv.create":                                                {"name": "new"},
			"vault.keys.decrypt.create":                                      {"keys": dataKey["encrypted_keys"]},
			"vault.keys.rekey.create":                                        {"encrypted_keys": dataKey["encrypted_keys"]},
			"user_management.users.connected_accounts.create":                {},
			"authorization.organization_memberships.check.create":            {"resource_id": resource},
			"authorization.organization_memberships.role_assignments.create": {"resource_id": resource},
			"authorization.organization_memberships.role_assignments.by_organization_membership_id.delete": {
				"resource_id": resource,
			},
		},
	}
}

// target is the path and query of a valid request.
func (w world) target(op *optable.Operation) string {
	segs := strings.Split(op.Path, "/")
	query := url.Values{}
	for i, s := range segs {
		if !strings.HasPrefix(s, "{") {
			continue
		}
		name := strings.Trim(s, "{}")
		v := w.paths[strings.Join(strings.Split(op.Path, "/")[:i], "/")]
		if v == "" && w.pointers[name] == "" || name == "id" || name == "slug" || name == "application_id" ||
			name == "role_assignment_id" || name == "auditLogExportId" {
			if v == "" {
				v = w.paths[strings.Split(op.Path, "/")[i-1]]
			}
		} else if v == "" {
			v = w.pointers[name]
		}
		switch op.Path {
		case "/organizations/external_id/{external_id}":
			v = "acme"
		case "/user_management/users/external_id/{external_id}":
			v = "ada"
		case "/user_management/users/{user_id}/connected_accounts/{slug}",
			"/organizations/{organization_id}/connected_accounts/{slug}":
			if name == "slug" && op.Method == http.MethodPost {
				v = "slack"
			}
		}
		segs[i] = url.PathEscape(v)
	}
	for _, p := range op.Parameters {
		if p.In == optable.InQuery && p.Required {
			query.Set(p.Name, w.pointers[p.Name])
		}
		if p.Name == "organization_id" && (strings.HasSuffix(op.Path, "/organization_memberships") ||
			op.Path == "/authorization/resources") {
			query.Set(p.Name, w.pointers[p.Name])
		}
		if p.Name == "connection" && op.ID == "sso.authorize.get" {
			query.Set(p.Name, w.paths["connections"])
		}
		if p.Name == "cascade_delete" {
			query.Set(p.Name, "true")
		}
	}
	target := strings.Join(segs, "/")
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	return target
}

// body is that of a valid request, with what is required.
func (w world) body(op *optable.Operation) any {
	if op.Body == nil {
		return nil
	}
	v, _ := w.value("", op.Body.Schema).(fields)
	maps.Copy(v, w.bodies[op.ID])
	maps.DeleteFunc(v, func(_ string, field any) bool { return field == nil }) // of another variant
	return v
}

func (w world) value(name string, s *optable.Schema) any {
	for s.Ref != "" {
		s = gen.Operations.Schema(s.Ref)
	}
	switch {
	case len(s.Composed().OneOf) > 0:
		return w.value(name, &s.Composed().OneOf[0])
	case s.Const != "":
		return value(s.Const)
	case len(s.Enum) > 0:
		return value(s.Enum[0])
	case s.Types.Has(optable.Object):
		o := fields{}
		for i := range s.Properties {
			if p := &s.Properties[i]; p.Required {
				o[p.Name] = w.value(p.Name, p.Schema)
			}
		}
		return o
	case s.Types.Has(optable.Array):
		return []any{w.value(strings.TrimSuffix(name, "s"), s.Items)}
	case s.Types.Has(optable.Integer | optable.Number):
		return 30
	case s.Types.Has(optable.Boolean):
		return true
	case w.pointers[name] != "":
		return w.pointers[name]
	case name == "permission":
		return "doc:read"
	case s.Format == "date-time":
		return "2026-01-02T03:04:05Z"
	case s.Format == "email":
		return "user@example.com"
	case s.Format == "uri":
		return "https://example.com"
	default:
		return "text-" + name
	}
}
