package main_test

import (
	"strings"
	"testing"

	treegen "github.com/seed-f165d83c/workos/gen/treegen"
)

func TestResultsAreNamedByTheirType(t *testing.T) {
	t.Parallel()
	for typ, want := range map[string]string{
		"Organization": "organization", "ITContact": "contact", "APIKey": "key", "RedirectURI": "uri", "JWKS": "jwks",
		"PriceRange": "result", "Error": "result",
	} {
		if got := treegen.Variable(typ); got != want {
			t.Errorf("%s: got %s, want %s", typ, got, want)
		}
	}
}

func TestStatementsFitTheLine(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 80)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"ctx"}, "v, err := call(ctx)"},
		{[]string{"ctx", "T{\nA: 1,\nB: 2,\n}"}, "v, err := call(ctx, T{A: 1, B: 2})"},
		{[]string{"ctx", "T{\nA: " + long + ",\n}"}, "v, err := call(ctx, T{\n\tA: " + long + ",\n})"},
		{[]string{"ctx", long}, "v, err := call(\n\tctx, " + long + ",\n)"},
		{[]string{"ctx", long, "T{\nA: 1,\n}"}, "v, err := call(\n\tctx, " + long + ",\n\tT{\n\t\tA: 1,\n\t},\n)"},
	} {
		if got, err := treegen.Statement("v, err := call", c.args); got != c.want || err != nil {
			t.Errorf("%q: got\n%s\nand %v, want\n%s", c.args, got, err, c.want)
		}
	}
	if got, err := treegen.Statement("v := := call", nil); err == nil {
		t.Errorf("got %q, want an error", got)
	}
}
