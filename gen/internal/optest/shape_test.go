package optest_test

import (
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/internal/optest"
)

func TestShapesCoverVariantsAndExclusiveGroups(t *testing.T) {
	t.Parallel()
	got := map[string]int{}
	for i := range gen.Operations.Operations {
		op := &gen.Operations.Operations[i]
		if n := len(optest.Shapes(op)); n != 1 {
			got[op.ID] = n
		}
	}
	for id, want := range map[string]int{
		"user_management.authenticate.create": 11,
		"connect.applications.create":         2,
		"agents.blueprints.tokens.create":     4,
		"agents.credentials.validate.create":  2,
		"connections.create":                  2,
		"connections.update":                  2,
		"sso.token.create":                    2,
		"user_management.users.create":        2,
		"authorization.resources.create":      2,
	} {
		if got[id] != want {
			t.Errorf("%s: got %d ways to call it, want %d", id, got[id], want)
		}
	}
}
