package served_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/client/sandbox/served"
)

// emulatorSeed has each list of the official emulator's format.
const emulatorSeed = `
users:
- email: ada@acme.com
  first_name: Ada
  last_name: Byron
  password: correct horse
  email_verified: true
  external_id: ada
  metadata: {team: core}
  impersonator: {email: admin@acme.com, reason: support}
- email: bea@acme.com
organizations:
- name: Acme
  external_id: acme
  domains:
  - {domain: acme.com, state: verified}
  memberships:
  - {user_id: user_1, role: admin}
  - {user_id: bea@acme.com, status: pending}
connections:
- name: Acme Okta
  organization: Acme
  connection_type: OktaSAML
  domains: [acme.com]
  profiles:
  - {email: ada@acme.com, first_name: Ada, groups: [staff]}
permissions:
- {slug: "doc:read", name: Read}
roles:
- {slug: admin, name: Admin, permissions: ["doc:read"], is_default_role: false, priority: 1}
- {slug: org-editor, name: Editor, type: OrganizationRole, organization_id: org_1}
invitations:
- {email: carl@acme.com, organization_id: org_1, inviter_user_id: user_1, role_slug: admin}
webhookEndpoints:
- {endpoint_url: "https://app.example.com/hook", events: [user.created]}
- {url: "https://old.example.com/hook", enabled: false}
pipeConnections:
- {user_id: user_1, provider: github, scopes: [repo], external_account_id: ada-lovelace}
- {user_id: bea@acme.com, provider: github, scopes: [], status: requires_reauth}
- {user_id: bea@acme.com, provider: slack, scopes: [], status: disconnected}
apiKeys: {sk_test_default: {environment: test}}
jwtTemplate: {content: '{"urn:acme:team": "{{ user.metadata.team }}"}'}
# A list of the sandbox's own format stands beside them.
feature_flag:
- {slug: beta, name: Beta, enabled: true}
`

func seeded(t *testing.T, text string) (*sandbox.Sandbox, error) {
	t.Helper()
	converted, err := served.ParseSeed([]byte(text), yaml.Unmarshal)
	if err != nil {
		return nil, err
	}
	sb := sandbox.New()
	return sb, sb.Seed(converted)
}

func ask(sb *sandbox.Sandbox, method, path, body string) (int, string) {
	req := httptest.NewRequestWithContext(context.Background(), method, "http://sandbox.test"+path, strings.NewReader(body))
	req.Header.Set("Authorization", "Bearer sk_test_1")
	w := httptest.NewRecorder()
	sb.ServeHTTP(w, req)
	return w.Code, w.Body.String()
}

func TestSeedsOfTheEmulatorAreRead(t *testing.T) {
	t.Parallel()
	sb, err := seeded(t, emulatorSeed)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string][]string{
		"/user_management/users/user_1":                                             {`"first_name":"Ada"`, `"email_verified":true`, `"team":"core"`},
		"/user_management/users/user_2":                                             {"bea@acme.com", `"email_verified":false`},
		"/organizations/org_1":                                                      {`"name":"Acme"`, `"domain":"acme.com"`, `"state":"verified"`},
		"/user_management/organization_memberships?user_id=user_1":                  {`"role":{"slug":"admin"}`, `"status":"active"`},
		"/user_management/organization_memberships?user_id=user_2&statuses=pending": {`"slug":"member"`, `"status":"pending"`},
		"/connections/conn_1":                                                       {`"OktaSAML"`, `"Acme Okta"`, `"domain":"acme.com"`},
		"/authorization/roles/admin":                                                {`"permissions":["doc:read"]`, `"EnvironmentRole"`},
		"/authorization/organizations/org_1/roles/org-editor":                       {`"OrganizationRole"`},
		"/user_management/invitations?email=carl@acme.com":                          {`"role_slug":"admin"`, `"inviter_user_id":"user_1"`, `"state":"pending"`},
		"/webhook_endpoints":                                                        {"app.example.com", `"disabled"`, `"enabled"`},
		"/user_management/users/user_1/connected_accounts/github":                   {`"state":"connected"`, `"repo"`, `"ada-lovelace"`},
		"/user_management/users/user_2/connected_accounts/github":                   {`"state":"needs_reauthorization"`},
		"/user_management/users/user_2/connected_accounts/slack":                    {`"state":"disconnected"`},
		"/user_management/jwt_template":                                             {"urn:acme:team"},
		"/feature-flags/beta":                                                       {`"enabled":true`},
	} {
		status, text := ask(sb, http.MethodGet, path, "")
		for _, part := range want {
			if status != http.StatusOK || !strings.Contains(text, part) {
				t.Errorf("%s: got %d %s, want %s", path, status, text, part)
			}
		}
	}
	if status, text := ask(sb, http.MethodPost, "/user_management/authenticate", `{"grant_type":"password",
		"client_id":"c","client_secret":"sk_test_1","email":"ada@acme.com","password":"correct horse"}`); status != 200 ||
		!strings.Contains(text, `"impersonator":{"email":"admin@acme.com","reason":"support"}`) {
		t.Errorf("got %d %s, want Ada signed in by the admin", status, text)
	}
	if _, roles := ask(sb, http.MethodGet, "/authorization/roles", ""); strings.Contains(roles, "org-editor") {
		t.Errorf("got %s, want the organization's role with it alone", roles)
	}
}

func TestWrongSeedsAreRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"[1]":                                   "cannot unmarshal",
		"a: [":                                  "seed: yaml: ",
		"users: {}":                             "seed: users: want a list",
		"users: [1]":                            "seed: users 0: want a mapping",
		"users: [{emial: a@b.c}]":               `users 0: unknown field "emial": want id, email, `,
		"organizations: [{domains: 1}]":         "organizations 0: domains: want a list",
		"connections: [{organization: X}]":      `connections 0: organization: the file has none with the name "X"`,
		"pipeConnections: [{x: 1}]":             `pipeConnections 0: unknown field "x"`,
		"apiKeys: [sk_a]":                       "apiKeys 0: want a mapping",
		"apiKeys: {pk_a: {}}":                   `apiKeys: "pk_a": want a key that begins with sk_`,
		"users: [{impersonator: {reason: x}}]":  "impersonator: want an object with email",
		"user: {}":                              "seed: user: want a list",
		"user: [{? [a] : b}]":                   "seed: ",
		"usr: [{email: a@b.c}]":                 `unknown type "usr": do you mean "user"?`,
		"user: [{email: 1}]":                    "user 0: email: want string",
		"directory: [{organization_id: org_x}]": `directory "`,
		"organization_membership: [{user_id: user_9, organization_id: org_9}]": `organization_id: there is no organization "org_9"`,
	} {
		sb, err := seeded(t, text)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", text, err, want)
		}
		if sb != nil && !sb.Empty() {
			t.Errorf("%s: something was put in", text)
		}
	}
}

func FuzzParseSeed(f *testing.F) {
	f.Add(emulatorSeed)
	f.Add(`{"user":[{"email":"a@b.c"}]}`)
	f.Add("users: [{email: 1, metadata: {1: 2}}]")
	f.Fuzz(func(t *testing.T, text string) {
		converted, err := served.ParseSeed([]byte(text), yaml.Unmarshal)
		if err != nil {
			return
		}
		var lists map[string][]any
		if err := json.Unmarshal(converted, &lists); err != nil {
			t.Errorf("got %s: %v", converted, err)
		}
		_ = sandbox.New().Seed(converted) // refused or not
	})
}

// What later versions of the emulator read: IDs of one's own, secrets, keys and applications.
func TestSeedsOfTheEmulatorHaveCredentials(t *testing.T) {
	t.Parallel()
	sb, err := seeded(t, `
users:
- {id: user_01ABC, email: ada@acme.com, password: correct horse, email_verified: true}
organizations:
- id: org_01ABC
  name: Acme
  entitlements: [audit-logs]
  memberships: [{email: ADA@acme.com, role: admin}]
permissions: [{slug: "posts:read", name: Read}]
roles: [{slug: admin, name: Admin, permissions: ["posts:read"]}]
connectedAccounts:
- {email: ada@acme.com, provider: github, scopes: [repo]}
- {email: ada@acme.com, provider: slack, organization: Acme, state: needs_reauthorization}
connectApplications:
- {name: Job, organization: Acme, scopes: ["posts:read"], client_id: client_job, client_secret: s3cret-value}
- {name: Forum, type: oauth, client_id: client_forum, redirect_uris: [{uri: "https://forum.test/cb", default: true}]}
apiKeys:
- {name: CI, organization: Acme, value: sk_test_ci_key, permissions: ["posts:read"]}
webhookEndpoints:
- {endpoint_url: "https://app.example.com/hook", secret: whsec_test, events: [user.created]}
`)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ method, path, body, want string }{
		{"GET", "/user_management/users/user_01ABC", "", `"email":"ada@acme.com"`},
		{"GET", "/user_management/organization_memberships?user_id=user_01ABC", "", `"organization_id":"org_01ABC"`},
		{"GET", "/user_management/users/user_01ABC/connected_accounts/github", "", `"state":"connected"`},
		{"GET", "/user_management/users/user_01ABC/connected_accounts/slack?organization_id=org_01ABC", "", `"needs_reauthorization"`},
		{"GET", "/connect/applications/client_job", "", `"organization_id":"org_01ABC"`},
		{"GET", "/connect/applications/client_forum", "", `"is_first_party":true`},
		{"POST", "/oauth2/token", `{"grant_type":"client_credentials","client_id":"client_job","client_secret":"s3cret-value"}`, `"access_token"`},
		{"GET", "/oauth2/authorize?response_type=code&client_id=client_forum&redirect_uri=https://forum.test/cb", "", ""},
		{"POST", "/api_keys/validations", `{"value":"sk_test_ci_key"}`, `"permissions":["posts:read"]`},
		{"GET", "/organizations/org_01ABC/api_keys", "", `"obfuscated_value":"sk_..._key"`},
		{"GET", "/webhook_endpoints", "", "app.example.com"},
	} {
		status, text := ask(sb, tt.method, tt.path, tt.body)
		if status >= http.StatusBadRequest || !strings.Contains(text, tt.want) || strings.Contains(text, "s3cret") {
			t.Errorf("%s %s: got %d %s, want %s", tt.method, tt.path, status, text, tt.want)
		}
	}
	if _, err := seeded(t, "apiKeys: [{name: CI, organization: None}]"); err == nil {
		t.Error("a key of no organization: got no error")
	}
}
