package optable_test

import (
	"slices"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
)

func TestARequirementNamesItsSchemes(t *testing.T) {
	t.Parallel()
	list := []optable.Requirement{
		{{Scheme: "key", Scopes: []string{"read"}}}, {{Scheme: "key"}, {Scheme: "secret"}}, {}, nil,
	}
	if got, want := optable.Alternatives(list), []string{"key", "key + secret", "none", "none"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := optable.Alternatives(nil); got != nil {
		t.Errorf("nil: got %q, want nil", got)
	}
	if got := optable.Alternatives([]optable.Requirement{}); got == nil || len(got) > 0 {
		t.Errorf("empty: got %#v, want an empty list", got)
	}
}

func TestAnOperationsSecurityReplacesTheTables(t *testing.T) {
	t.Parallel()
	table := &optable.Table{
		SecuritySchemes: []optable.SecurityScheme{{Name: "key"}, {Name: "token"}},
		Security:        []optable.Requirement{{{Scheme: "key"}}},
	}
	for _, c := range []struct {
		own  []optable.Requirement
		want string
	}{
		{nil, "key"}, {[]optable.Requirement{{}}, "none"}, {[]optable.Requirement{{{Scheme: "token"}}}, "token"},
	} {
		got := table.SecurityOf(&optable.Operation{Security: c.own})
		if len(got) != 1 || got[0].String() != c.want {
			t.Errorf("%v: got %v, want %s", c.own, got, c.want)
		}
	}
	for i, name := range []string{"key", "token"} {
		if got := table.SecurityScheme(name); got != &table.SecuritySchemes[i] {
			t.Errorf("%s: got %v, want the scheme itself", name, got)
		}
	}
	if got := table.SecurityScheme("Key"); got != nil {
		t.Errorf("got %v, want none", got)
	}
}
