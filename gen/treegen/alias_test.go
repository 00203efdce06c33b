package main_test

import (
	"strings"
	"testing"

	treegen "github.com/seed-f165d83c/workos/gen/treegen"
)

func TestCommentOfAnAlias(t *testing.T) {
	for doc, want := range map[string]string{
		"User A person who signs in.\n":       "User: a person who signs in.",
		"User are the parameters of\nGET /a.": "User are the parameters of GET /a.",
		"User API keys of a user.":            "User: API keys of a user.",
		"":                                    "User is a type of package gen.",
		"User defines model for user.":        "User is a type of package gen.",
	} {
		if got := treegen.TypeComment("User", "User", doc); got != want {
			t.Errorf("%q: got %q, want %q", doc, got, want)
		}
		short := "Person" + strings.TrimPrefix(want, "User")
		if got := treegen.TypeComment("User", "Person", doc); got != short {
			t.Errorf("%q: got %q, want %q", doc, got, short)
		}
	}
}
