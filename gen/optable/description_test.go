package optable_test

import (
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
)

func TestDescribe(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		description string
		prefixes    []string
		want        string
	}{
		{"Owner.", nil, "Owner."},
		{"Owner.", []string{"org_"}, "Owner. `org_…`."},
		{"Owner", []string{"org_"}, "Owner. `org_…`."},
		{"Owner; null if none.", []string{"org_", "user_"}, "Owner; null if none. `org_…` or `user_…`."},
		{"", []string{"org_"}, "`org_…`."},
		{"", nil, ""},
	} {
		if got := optable.Describe(c.description, c.prefixes); got != c.want {
			t.Errorf("Describe(%q, %q) = %q, want %q", c.description, c.prefixes, got, c.want)
		}
	}
}
