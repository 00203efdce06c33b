package mcpadapter_test

import (
	"slices"
	"testing"
)

func TestIDPrefixesOfArguments(t *testing.T) {
	t.Parallel()
	adapter, _ := idTools(t)
	tool, err := adapter.Tool("orgs_users_get")
	if err != nil {
		t.Fatal(err)
	}
	got := tool.IDPrefixes("user_id")
	if !slices.Equal(got, []string{"user_"}) {
		t.Errorf("got %q, want what IDs of users begin with", got)
	}
	got[0] = "changed"
	if again := tool.IDPrefixes("user_id"); again[0] != "user_" {
		t.Errorf("got %q, want a copy each time", again)
	}
	for _, name := range []string{"", "missing", "user_id.missing", "fields"} {
		if got := tool.IDPrefixes(name); got != nil {
			t.Errorf("%q: got %q, want none", name, got)
		}
	}
}
