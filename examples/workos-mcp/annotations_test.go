package main

import (
	"encoding/json"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
)

func TestEveryToolHasATitleAndAllAnnotations(t *testing.T) {
	adapter := withoutEnvironment(t)
	for _, tool := range adapter.Tools() {
		text, err := json.Marshal(mcpgo.Definition(tool))
		if err != nil {
			t.Fatal(err)
		}
		var d struct {
			Title       string
			Annotations map[string]bool
		}
		if err := json.Unmarshal(text, &d); err != nil {
			t.Fatal(err)
		}
		for _, hint := range []string{"readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"} {
			if _, ok := d.Annotations[hint]; !ok {
				t.Errorf("%s has no %s", tool.Name(), hint)
			}
		}
		if d.Title == "" {
			t.Errorf("%s has no title", tool.Name())
		}
		if d.Annotations["readOnlyHint"] && d.Annotations["destructiveHint"] {
			t.Errorf("%s changes nothing and destroys", tool.Name())
		}
	}
}

// What the method does not tell, api.yaml does.
func TestAnnotationsFollowTheDescription(t *testing.T) {
	adapter := withoutEnvironment(t)
	read := mcpadapter.Annotations{ReadOnly: true, Idempotent: true, OpenWorld: true}
	for name, want := range map[string]mcpadapter.Annotations{
		"organizations.list":                                  read,
		"vault.keys.decrypt.create":                           read,
		"authorization.organization_memberships.check.create": read,
		"organizations.create":                                {OpenWorld: true},
		"organizations.update":                                {Idempotent: true, OpenWorld: true},
		"organizations.delete":                                {Destructive: true, Idempotent: true, OpenWorld: true},
		"user_management.sessions.revoke.create":              {Destructive: true, OpenWorld: true},
		"user_management.sessions.logout.get":                 {Destructive: true, Idempotent: true, OpenWorld: true},
	} {
		tool, err := adapter.Tool(name)
		if err != nil {
			t.Fatal(err)
		}
		if tool.Annotations() != want {
			t.Errorf("%s: got %+v, want %+v", name, tool.Annotations(), want)
		}
	}
}

// Who is sent an email is worth knowing before the call.
func TestOperationsThatSendEmailSaySo(t *testing.T) {
	sends := 0
	for i := range gen.Operations.Operations {
		if gen.Operations.Operations[i].Extension("x-sends-email") == "true" {
			sends++
		}
	}
	if sends != 11 {
		t.Errorf("%d operations send email, want 11", sends)
	}
}
