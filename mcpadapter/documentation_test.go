package mcpadapter_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

func TestDocumentation(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
	got := shoptest.Tool(t, a, "teas.delete").Documentation(t.Context(), mcpadapter.NamesUnderscore)
	const want = "# teas_delete\n\nRemove a tea.\n\n- Risk: destroys. A person confirms a call before it is sent.\n" +
		"- Toolset: teas.\n\n```ts\nteas_delete({tea_id})\n```\n\n## Arguments\n\n| argument | type | meaning |\n|---|---|---|\n"
	if !strings.HasPrefix(got, want) || !strings.Contains(got, "| `tea_id` | `string`, required | ") ||
		!strings.HasSuffix(got, "\n## Example\n\n```json\n{\"tea_id\":\"tea_123\"}\n```\n") {
		t.Errorf("got %s, want it to begin with %s", got, want)
	}
	shoptest.WantNothingSent(t, wire, "documentation")
	for _, tool := range append(a.AllTools(), a.AllDynamicTools()...) {
		text := tool.Documentation(t.Context(), mcpadapter.NamesDots)
		if !strings.HasPrefix(text, "# "+tool.Name()+"\n\n"+tool.Title()) {
			t.Errorf("%s: got %s, want the name and the title", tool.Name(), text)
		}
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "| ") && strings.Count(strings.ReplaceAll(line, `\|`, ""), "|") != 4 {
				t.Errorf("%s: got a row of other than three cells: %s", tool.Name(), line)
			}
		}
	}
}

func TestArgumentValues(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil)
	for _, c := range []struct {
		tool, argument string
		want           []string
	}{
		{"teas.list", "in_stock", []string{"true", "false"}}, {"teas.list", "country", nil}, {"teas.list", "no", nil},
		{"teas.list", "limit", nil},
	} {
		if got := shoptest.Tool(t, a, c.tool).ArgumentValues(c.argument); !slices.Equal(got, c.want) {
			t.Errorf("%s of %s: got %v, want %v", c.argument, c.tool, got, c.want)
		}
	}
	for _, tool := range a.AllDynamicTools() {
		if got := tool.ArgumentValues("query"); got != nil {
			t.Errorf("%s: got %v, want none", tool.Name(), got)
		}
	}
}

func TestResourceSchemes(t *testing.T) {
	t.Parallel()
	a := shoptest.NewWith(t, nil, mcpadapter.WithResourceScheme("shop"))
	if got := a.CatalogueURI() + " " + a.DocumentationURI("{name}"); got != "shop://catalogue shop://operations/{name}" {
		t.Errorf("got %s", got)
	}
	for _, scheme := range []string{"", "Shop", "1", "a b", "a/"} {
		_, err := mcpadapter.New(struct{}{}, nil, mcpadapter.WithResourceScheme(scheme))
		if err == nil || !strings.Contains(err.Error(), "invalid scheme") {
			t.Errorf("%q: got %v, want it refused", scheme, err)
		}
	}
}
