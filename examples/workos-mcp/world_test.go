package main

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

// world is a sandbox with one of each thing, and tools that act in it.
type world struct {
	*testing.T

	adapter *mcpadapter.Adapter
	sandbox http.RoundTripper
	ids     map[string]string // of the things, by their kind
}

// newWorld makes the tools. There is nothing in the world before it is furnished.
func newWorld(t *testing.T, opts ...mcpadapter.Option) *world {
	t.Helper()
	w := &world{T: t}
	c, err := client.New("", client.WithCredentialsFromContext(), client.WithHTTPClient(&http.Client{Transport: w}))
	if err != nil {
		t.Fatal(err)
	}
	if w.adapter, err = mcpadapter.New(c.API(), &gen.Operations, opts...); err != nil {
		t.Fatal(err)
	}
	return w
}

// ctx holds the credentials that are good for each tool.
func (w *world) ctx() context.Context {
	return client.WithCredentials(w.Context(),
		client.Credentials{APIKey: sandboxKey, AccessToken: sandboxKey, PlatformToken: sandboxKey})
}

func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	return w.sandbox.RoundTrip(r)
}

// furnish makes one of each thing in a sandbox of its own. A $ in the arguments stands before the kind of a thing made
// before.
func (w *world) furnish() {
	w.Helper()
	sb := sandbox.New(sandbox.WithAnyKey(), sandbox.WithExamples())
	w.sandbox, w.ids = sb, map[string]string{}
	for _, step := range []struct{ kind, tool, arguments string }{
		{"organization", "organizations.create", `{"name":"Acme","external_id":"acme"}`},
		{"user", "user_management.users.create", `{"email":"ada@example.com","external_id":"ada"}`},
		{
			"membership", "user_management.organization_memberships.create",
			`{"user_id":"$user","organization_id":"$organization"}`,
		},
		{"group", "organizations.groups.create", `{"organizationId":"$organization","name":"Staff"}`},
		{
			"", "organizations.groups.organization_memberships.create",
			`{"organizationId":"$organization","groupId":"$group","organization_membership_id":"$membership"}`,
		},
		{"", "authorization.permissions.create", `{"slug":"doc:read","name":"Read","resource_type_slug":"doc"}`},
		{"", "authorization.roles.create", `{"slug":"reader","name":"Reader","resource_type_slug":"doc"}`},
		{"", "authorization.roles.permissions.update", `{"slug":"reader","permissions":["doc:read"]}`},
		{
			"", "authorization.organizations.roles.create",
			`{"organizationId":"$organization","slug":"org-writer","name":"Writer"}`,
		},
		{
			"", "authorization.organizations.roles.permissions.update",
			`{"organizationId":"$organization","slug":"org-writer","permissions":["doc:read"]}`,
		},
		{
			"resource", "authorization.resources.create",
			`{"external_id":"doc-1","name":"Doc","resource_type_slug":"doc","organization_id":"$organization"}`,
		},
		{
			"assignment", "authorization.organization_memberships.role_assignments.create",
			`{"organization_membership_id":"$membership","role_slug":"reader","resource_id":"$resource"}`,
		},
		{
			"group_assignment", "authorization.groups.role_assignments.create",
			`{"group_id":"$group","role_slug":"reader","resource_id":"$resource"}`,
		},
		{"invitation", "user_management.invitations.create", `{"email":"bob@example.com"}`},
		{"api_key", "organizations.api_keys.create", `{"organizationId":"$organization","name":"CI"}`},
		{"domain", "organization_domains.create", `{"domain":"acme.com","organization_id":"$organization"}`},
		{"factor", "auth.factors.enroll.create", `{"type":"totp"}`},
		{"challenge", "auth.factors.challenge.create", `{"id":"$factor"}`},
		{
			"application", "connect.applications.create",
			`{"name":"App","application_type":"m2m","organization_id":"$organization"}`,
		},
		{"secret", "connect.applications.client_secrets.create", `{"id":"$application","body":{}}`},
		{"vault", "vault.kv.create", `{"key_context":{"o":"1"},"name":"card","value":"4242"}`},
		{"data_key", "vault.keys.data_key.create", `{"context":{"o":"1"}}`},
		{"", "data_integrations.create", `{"provider":"github"}`},
		{
			"", "user_management.users.connected_accounts.create",
			`{"user_id":"$user","slug":"github","access_token":"t"}`,
		},
		{"", "audit_logs.actions.schemas.create", `{"actionName":"doc.read","targets":[{"type":"doc"}]}`},
		{
			"export", "audit_logs.exports.create",
			`{"organization_id":"$organization","range_start":"2026-01-01T00:00:00Z","range_end":"2026-02-01T00:00:00Z"}`,
		},
		{"reset", "user_management.password_reset.create", `{"email":"ada@example.com"}`},
		{"magic_auth", "user_management.magic_auth.create", `{"email":"ada@example.com"}`},
		{"redirect_uri", "user_management.redirect_uris.create", `{"uri":"https://app.example.com/callback"}`},
		{"endpoint", "webhook_endpoints.create", `{"endpoint_url":"https://a.example.com","events":["user.created"]}`},
		{"session", "passwordless.sessions.create", `{"email":"ada@example.com","type":"MagicLink"}`},
		{"connection", "connections.list", `{}`},
		{"directory", "directories.list", `{}`},
		{"directory_user", "directory_users.list", `{}`},
		{"directory_group", "directory_groups.list", `{}`},
		{"flag", "feature_flags.list", `{}`},
		{"authorized", "user_management.users.authorized_applications.list", `{"user_id":"$user"}`},
		{
			"", "organizations.connected_accounts.create",
			`{"organization_id":"$organization","slug":"github","access_token":"t"}`,
		},
		{"blueprint", "agents.blueprints.create", `{"name":"Clerk"}`},
		{"agent", "agents.instances.list", `{}`},
		{"agent_session", "agents.sessions.list", `{}`},
		{
			"agent_token", "agents.blueprints.tokens.create",
			`{"agent_blueprint_id":"$blueprint","type":"autonomous","organization_id":"$organization"}`,
		},
		{
			"it_contact", "organizations.it_contacts.create",
			`{"organization_id":"$organization","email":"it@example.com"}`,
		},
		{"idp_cert", "connections.saml_idp_signing_certs.create", `{"connectionId":"$connection","value":"cert"}`},
		{"sp_key_pair", "connections.saml_sp_encryption_certs.create", `{"connectionId":"$connection"}`},
		{"sp_cert", "connections.saml_sp_signing_cert.create", `{"connectionId":"$connection"}`},
		{"team", "platform.teams.create", `{"name":"T","admin_email":"admin@example.com"}`},
		{"waitlist", "user_management.waitlists.list", `{}`},
		{"waiting", "user_management.waitlists.entries.create", `{"id":"$waitlist","email":"eve@example.com"}`},
		{
			"other", "user_management.users.create",
			`{"email":"bea@example.com","email_verified":true,"password":"correct horse"}`,
		},
		{
			"", "user_management.authenticate.create",
			`{"grant_type":"password","client_id":"client_1","client_secret":"s","email":"bea@example.com",
			"password":"correct horse"}`,
		},
		{"browser", "user_management.users.sessions.list", `{"id":"$other"}`},
		{"", "user_management.users.email_verification.send.create", `{"id":"$user"}`},
		{"", "user_management.users.email_change.send.create", `{"id":"$user","new_email":"ada2@example.com"}`},
		{
			"attempt", "radar.attempts.create",
			`{"ip_address":"10.0.0.1","user_agent":"test","email":"ada@example.com","auth_method":"Password",
			"action":"sign-in"}`,
		},
		{"carol", "user_management.users.create", `{"email":"carol@example.com","password":"correct horse"}`},
		{"oauth_resource", "user_management.authkit_oauth_resources.create", `{"uri":"https://mcp.example.com"}`},
	} {
		w.remember(step.kind, w.do(step.tool, os.Expand(step.arguments, w.id)))
	}
	w.do("radar.lists.create", `{"type":"ip_address","action":"block","entry":"text-entry"}`)
	for _, m := range sb.Outbox() {
		w.ids["mail."+m.About] = m.Code
	}
	w.ids["pending"] = w.pending(`{"grant_type":"password","client_id":"client_1","client_secret":"s",
		"email":"carol@example.com","password":"correct horse"}`)
	const browser = `"client_id":"client_1","response_type":"code","redirect_uri":"https://app.example.com/callback"}`
	w.ids["code"] = w.code("user_management.authorize.get", `{"login_hint":"bea@example.com",`+browser)
	w.ids["sso_code"] = w.code("sso.authorize.get", `{"connection":"`+w.id("connection")+`",`+browser)
}

// do calls a tool, which must succeed.
func (w *world) do(name, arguments string) json.RawMessage {
	w.Helper()
	tool, err := w.adapter.Tool(name)
	if err != nil {
		w.Fatal(err)
	}
	r := tool.Invoke(w.ctx(), json.RawMessage(arguments))
	if r.Failure != nil {
		w.Fatalf("%s %s: %s", name, arguments, r.Text())
	}
	return r.JSON
}

// remember keeps what stands for the thing that an answer has, or for the first of its list.
func (w *world) remember(kind string, answer json.RawMessage) {
	w.Helper()
	type thing struct {
		ID, Slug, Token string
		Attempt         string `json:"attempt_id"`
		Reset           string `json:"password_reset_token"`
		Keys            string `json:"encrypted_keys"`
		Access          string `json:"access_token"`
	}
	var a struct {
		thing

		Data []thing
	}
	if err := json.Unmarshal(answer, &a); err != nil {
		w.Fatal(err)
	}
	if len(a.Data) > 0 {
		a.thing = a.Data[0]
	}
	w.ids[kind], w.ids[kind+".slug"] = a.ID, a.Slug
	w.ids[kind+".token"], w.ids[kind+".attempt"] = cmp.Or(a.Token, a.Reset, a.Keys, a.Access), a.Attempt
}

// arguments are valid ones for an operation, with no more than it needs.
func (w *world) arguments(op *optable.Operation) string {
	w.Helper()
	var schema *jsonschema.Schema
	tool, err := w.adapter.Tool(op.ID)
	if err == nil {
		err = json.Unmarshal(tool.InputSchema(), &schema)
	}
	if err != nil {
		w.Fatal(err)
	}
	arguments := map[string]any{}
	for _, name := range schema.Required {
		arguments[name] = w.value(schema.Properties[name], name)
	}
	segments := strings.Split(op.Path, "/")
	for i, segment := range segments {
		if name, isParameter := strings.CutPrefix(segment, "{"); isParameter {
			name = strings.TrimSuffix(name, "}")
			arguments[name] = w.place(op.Path, segments[i-1], name)
		}
	}
	if err := json.Unmarshal([]byte(os.Expand(needs[op.ID], w.id)), &arguments); err != nil && needs[op.ID] != "" {
		w.Fatal(err)
	}
	text, err := json.Marshal(arguments)
	if err != nil {
		w.Fatal(err)
	}
	return string(text)
}

func (w *world) id(kind string) string { return w.ids[kind] }

// place is the value of a path parameter, by the segment before it or else by its name.
func (w *world) place(path, before, name string) string {
	organizations := strings.Contains(path, "/organizations/")
	switch {
	case strings.HasPrefix(path, "/agents/sessions/"):
		return w.id("agent_session")
	case before == "external_id" && organizations:
		return "acme"
	case before == "external_id":
		return "ada"
	case before == "roles" && organizations:
		return "org-writer"
	case before == "role_assignments" && strings.Contains(path, "/groups/"):
		return w.id("group_assignment")
	case before == "resources" && name == "resource_type_slug", strings.HasPrefix(before, "{"):
		return os.Expand(named[name], w.id)
	}
	return os.Expand(placed[before], w.id)
}

// placed are the values that go behind a segment of a path.
var placed = map[string]string{
	"actions": "doc.read", "api_keys": "$api_key", "applications": "$application", "attempts": "${attempt.attempt}",
	"authkit_oauth_resources": "$oauth_resource", "authorized_applications": "$authorized", "blueprints": "$blueprint",
	"by_token": "${invitation.token}", "challenges": "$challenge",
	"client_secrets": "$secret", "connected_accounts": "github", "connections": "$connection",
	"data-integrations": "github", "data_integration_configurations": "github", "directories": "$directory",
	"directory_groups": "$directory_group", "directory_users": "$directory_user", "email_verification": "ev_1",
	"exports": "$export", "factors": "$factor", "feature-flags": "${flag.slug}", "groups": "$group",
	"instances": "$agent", "invitations": "$invitation", "it_contacts": "$it_contact", "jwks": "client_1",
	"kv": "$vault", "lists": "ip_address",
	"magic_auth": "$magic_auth", "name": "card", "organization-memberships": "$membership",
	"organization_domains": "$domain", "organization_memberships": "$membership", "organizations": "$organization",
	"password_reset": "$reset", "permissions": "doc:read", "radar_challenges": "radar_1",
	"redirect_uris": "$redirect_uri", "registrations": "agent_reg_1", "resources": "$resource",
	"role_assignments": "$assignment", "roles": "reader", "saml_idp_signing_certs": "$idp_cert",
	"saml_sp_encryption_certs": "$sp_key_pair", "saml_sp_signing_cert": "$sp_cert", "sessions": "$session",
	"targets": "$organization", "teams": "$team", "users": "$user", "waitlist_entries": "$waiting",
	"waitlists": "$waitlist", "webhook_endpoints": "$endpoint",
}

// named are the values of arguments.
var named = map[string]string{
	"action": "block", "authentication_challenge_id": "$challenge", "client_id": "client_1", "domain": "new.example.com",
	"email": "ada@example.com", "endpoint_url": "https://app.example.com/hook", "external_id": "doc-1",
	"group_id": "$group", "name": "card", "organization": "$organization", "organization_id": "$organization",
	"organization_membership_id": "$membership", "origin": "https://app.example.com", "permission": "doc:read",
	"permission_slug": "doc:read", "redirect_uri": "https://app.example.com/callback", "resource_id": "$resource",
	"resource_type_slug": "doc", "response_type": "code", "role_slug": "reader", "session_id": "session_1",
	"token": "${invitation.token}", "uri": "https://app.example.com/new", "user_id": "$user",
}

// needs are arguments that the schema does not require, or more closely bound than it says.
var needs = map[string]string{
	"user_management.jwt_template.update":                            `{"content":"{\"owner\":\"{{user.id}}\"}"}`,
	"authorization.organization_memberships.check.create":            `{"resource_id":"$resource"}`,
	"authorization.organization_memberships.resources.list":          `{"parent_resource_id":"$resource"}`,
	"authorization.organization_memberships.role_assignments.create": `{"resource_id":"$resource"}`,
	"authorization.organization_memberships.role_assignments.by_organization_membership_id.delete": `{
		"resource_id":"$resource"}`,
	"authorization.organizations.resources.delete":         `{"cascade_delete":true}`,
	"authorization.organizations.roles.permissions.create": `{"permission_slug":"doc:read"}`,
	"authorization.resources.create":                       `{"external_id":"new"}`,
	"authorization.resources.delete":                       `{"cascade_delete":true}`,
	"authorization.roles.permissions.create":               `{"permission_slug":"doc:read"}`,
	"connect.applications.create":                          `{"is_first_party":true}`,
	"user_management.authenticate.create":                  `{"code":"$code","client_secret":"s"}`,
	"user_management.password_reset.confirm.create":        `{"token":"${reset.token}","new_password":"correct horse"}`,
	"user_management.radar_challenges.create": `{
		"user_id":"$carol","pending_authentication_token":"$pending"}`,
	"vault.keys.decrypt.create":                       `{"keys":"${data_key.token}"}`,
	"vault.keys.rekey.create":                         `{"encrypted_keys":"${data_key.token}"}`,
	"user_management.users.connected_accounts.create": `{"slug":"slack"}`,
	"organizations.connected_accounts.create":         `{"slug":"slack"}`,
	"organizations.audit_logs_retention.update":       `{"retention_period":"1_YEAR"}`,
	"agents.blueprints.tokens.create":                 `{"type":"autonomous","organization_id":"$organization"}`,
	"agents.blueprints.tokens.validate.create":        `{"agent_access_token":"${agent_token.token}"}`,
	"connections.create":                              `{"saml_options":{}}`,
	"sso.token.create":                                `{"code":"$sso_code"}`,
	"sso.authorize.get":                               `{"connection":"$connection"}`,
	"authorization.groups.role_assignments.create":    `{"role_slug":"org-writer"}`,
	"authorization.groups.role_assignments.update": `{"role_assignments":[
		{"role_slug":"reader","resource_id":"$resource"}]}`,
	"authorization.groups.role_assignments.by_group_id.delete": `{"resource_id":"$resource"}`,
	"authorization.resources.list":                             `{"organization_id":"$organization"}`,
	"audit_logs.events.create": `{"event":{"action":"doc.read","occurred_at":"2026-01-02T03:04:05Z",
		"actor":{"id":"1","type":"user"},"targets":[{"id":"1","type":"doc"}],"context":{"location":"10.0.0.1"}}}`,
	"user_management.organization_memberships.list":           `{"organization_id":"$organization"}`,
	"user_management.organization_memberships.create":         `{"user_id":"$other"}`,
	"user_management.invitations.create":                      `{"email":"carl@example.com"}`,
	"user_management.sessions.revoke.create":                  `{"session_id":"$browser"}`,
	"user_management.users.email_verification.confirm.create": `{"code":"${mail.email_verification}"}`,
	"user_management.users.email_change.confirm.create":       `{"code":"${mail.email_change}"}`,
	"user_management.users.email_change.send.create":          `{"new_email":"ada3@example.com"}`,
	"user_management.users.create":                            `{"email":"new@example.com"}`,
	"vault.kv.create":                                         `{"name":"new"}`,
}

// value makes what a schema accepts.
func (w *world) value(s *jsonschema.Schema, name string) any {
	switch {
	case s.Const != nil:
		return *s.Const
	case len(s.Enum) > 0:
		return s.Enum[0]
	case named[name] != "":
		return os.Expand(named[name], w.id)
	}
	switch s.Type {
	case "object":
		object := map[string]any{}
		for _, name := range s.Required {
			object[name] = w.value(s.Properties[name], name)
		}
		return object
	case "array":
		return []any{w.value(s.Items, strings.TrimSuffix(name, "s"))}
	case "integer", "number":
		return 30
	case "boolean":
		return true
	}
	switch s.Format {
	case "date-time":
		return "2026-01-02T03:04:05Z"
	case "email":
		return "user@example.com"
	case "uri":
		return "https://example.com"
	}
	return "text-" + name
}
