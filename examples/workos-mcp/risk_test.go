package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"slices"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

const riskTable = "testdata/risks.txt"

// What each operation may do to a company's identities was judged one by one. A change of that judgment shows in review,
// as a change of the table. After one that is meant, run
//
//	go test ./examples/workos-mcp -run Risk -update
func TestTheRiskTable(t *testing.T) {
	var b bytes.Buffer
	for _, tool := range withoutEnvironment(t).Tools() {
		a := tool.Annotations()
		fmt.Fprintf(&b, "%s: %v", tool.Name(), tool.Risk())
		for _, mark := range []struct {
			text string
			set  bool
		}{
			{"readOnly", a.ReadOnly}, {"destructive", a.Destructive}, {"idempotent", a.Idempotent}, {"openWorld", a.OpenWorld},
			{"asks", tool.MayConfirm(mcpadapter.RequireConfirmation(t.Context(), mcpadapter.ConfirmRisky))},
		} {
			if mark.set {
				b.WriteString(" +" + mark.text)
			}
		}
		b.WriteString("\n")
	}
	if *update {
		if err := os.WriteFile(riskTable, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(riskTable)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, b.Bytes()) {
		t.Errorf("%s is not what the tools say; if that is meant, run this test with -update", riskTable)
	}
}

// Operations that no method would give away, so that a table which is written anew does not hide a mistake.
func TestRisksThatNobodySeesFromAMethod(t *testing.T) {
	adapter := withoutEnvironment(t)
	for name, want := range map[string]string{
		"authorization.roles.permissions.update":          "replaces",
		"authorization.groups.role_assignments.update":    "replaces",
		"user_management.organization_memberships.update": "replaces",
		"user_management.jwt_template.update":             "replaces",
		"vault.kv.update":                                 "replaces",
		"organizations.connected_accounts.update":         "replaces",
		"organizations.audit_logs_retention.update":       "replaces, destroys",
		"feature_flags.disable.update":                    "changes",
		"organizations.update":                            "changes",
		"user_management.users.update":                    "changes, replaces", // its password
		"user_management.sessions.revoke.create":          "destroys",
		"user_management.sessions.logout.get":             "destroys",
		"vault.kv.get":                                    "reads_secret",
		"vault.keys.data_key.create":                      "reads_secret",
		"webhook_endpoints.list":                          "reads_secret",
		"user_management.invitations.list":                "reads_secret",
		"user_management.magic_auth.create":               "reads_secret, adds, sends",
		"auth.factors.challenge.create":                   "adds, sends",
		"data_integrations.token.create":                  "reads_secret, changes",
		"organizations.api_keys.create":                   "adds, shows_once",
	} {
		tool, err := adapter.Tool(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := tool.Risk().String(); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

// harmlessSecrets are the operations that only read and whose responses have a secret, but not one that needs a
// question, and why.
func harmlessSecrets() map[string]string {
	return map[string]string{
		"audit_logs.exports.get":                   "a link to one file, for 10 minutes, which is polled until the file is ready",
		"user_management.invitations.by_token.get": "the secret is an argument of the call",
	}
}

// Which responses have secrets, and which operations say that they read one, come from different places.
func TestOperationsThatReadASecretSaySo(t *testing.T) {
	adapter, harmless := withoutEnvironment(t), harmlessSecrets()
	secret := 0
	for i := range gen.Operations.Operations {
		op := &gen.Operations.Operations[i]
		tool, err := adapter.Tool(op.ID)
		if err != nil {
			t.Fatal(err)
		}
		has := false
		for _, r := range op.Responses {
			has = has || r.Status/100 == http.StatusOK/100 && r.Schema != nil && hasSecret(r.Schema, nil)
		}
		why, listed := harmless[op.ID]
		says := tool.Risk().Has(mcpadapter.RiskReadsSecret | mcpadapter.RiskShowsOnce)
		switch {
		case !has && says:
			t.Errorf("%s is %v, want a secret in its response", op.ID, tool.Risk())
		case has && tool.Annotations().ReadOnly && says == listed:
			t.Errorf("%s is %v and listed as harmless (%q), want one of the two", op.ID, tool.Risk(), why)
		case listed && !has:
			t.Errorf("%s is listed, but has no secret", op.ID)
		}
		if has {
			secret++
		}
		delete(harmless, op.ID)
	}
	if len(harmless) > 0 || secret < 40 {
		t.Errorf("got %d responses with a secret and %v that do not exist", secret, harmless)
	}
}

func hasSecret(s *optable.Schema, seen []string) bool {
	if s == nil {
		return false
	}
	if s.Secret {
		return true
	}
	if s.Ref != "" && !slices.Contains(seen, s.Ref) {
		if hasSecret(gen.Operations.Schema(s.Ref), append(seen, s.Ref)) {
			return true
		}
	}
	for i := range s.Properties {
		if hasSecret(s.Properties[i].Schema, seen) {
			return true
		}
	}
	for _, parts := range [][]optable.Schema{s.Composed().AllOf, s.Composed().AnyOf, s.Composed().OneOf} {
		for i := range parts {
			if hasSecret(&parts[i], seen) {
				return true
			}
		}
	}
	return hasSecret(s.Items, seen) || hasSecret(s.Additional, seen)
}
