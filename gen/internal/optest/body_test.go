package optest_test

import (
	"testing"

	"github.com/seed-f165d83c/workos/gen/internal/optest"
	"github.com/seed-f165d83c/workos/gen/optable"
)

func TestBodyIsOneArgumentWhereItHasToBe(t *testing.T) {
	t.Parallel()
	body := func(s optable.Schema) *optable.Body { return &optable.Body{Schema: &s} }
	parameters := func(names ...string) []optable.Parameter {
		list := make([]optable.Parameter, len(names))
		for i, name := range names {
			list[i].Name = name
		}
		return list
	}
	named := optable.Schema{Properties: []optable.Property{{Name: "name"}}}
	for what, c := range map[string]struct {
		op   optable.Operation
		want bool
	}{
		"no body":                 {optable.Operation{}, false},
		"properties":              {optable.Operation{Body: body(named)}, false},
		"arbitrary properties":    {optable.Operation{Body: body(optable.Schema{})}, true},
		"a union":                 {optable.Operation{Body: body(optable.Schema{Composition: &optable.Composition{OneOf: []optable.Schema{named}}})}, false},
		"the name of a parameter": {optable.Operation{Path: "/x/tags", Parameters: parameters("name"), Body: body(named)}, false},
		"no name is left": {
			optable.Operation{Path: "/x/tags", Parameters: parameters("name", "tag_name", "body_name"), Body: body(named)}, true,
		},
		"a property that excludes others": {
			optable.Operation{Path: "/x/tags", Parameters: parameters("name"), Body: body(named), Exclusive: []optable.Exclusive{
				{Variants: []optable.Variant{{Name: "a", Fields: []string{"name"}}, {Name: "b", Fields: []string{"other"}}}},
			}}, true,
		},
		"a parameter of other name": {optable.Operation{Parameters: parameters("id"), Body: body(named)}, false},
	} {
		if got := optest.WholeBody(&c.op); got != c.want {
			t.Errorf("%s: got %t, want %t", what, got, c.want)
		}
	}
}

func TestPropertyWithTheNameOfAParameterHasAnotherAsArgument(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ path, taken, want string }{
		{"/roles/{slug}/permissions", "", "permission_slug"},
		{"/roles/{slug}/api-keys", "", "api_key_slug"},
		{"/roles/{slug}", "", "new_slug"},
		{"/roles/{slug}/permissions", "permission_slug", "body_slug"},
	} {
		op := &optable.Operation{
			Path: c.path, Parameters: []optable.Parameter{{Name: "slug"}},
			Body: &optable.Body{Schema: &optable.Schema{Properties: []optable.Property{{Name: "slug"}, {Name: c.taken}}}},
		}
		if got := optest.Argument(op, "slug"); got != c.want {
			t.Errorf("%s: got %s, want %s", c.path, got, c.want)
		}
		if got := optest.Property(op, c.want); got != "slug" {
			t.Errorf("%s: got the property %s, want slug", c.path, got)
		}
	}
}
