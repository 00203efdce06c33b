package mcpadapter_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// readCatalogue reads a catalogue as it tells to be read: the names, each with what is marked.
func readCatalogue(t *testing.T, text string) map[string]string {
	t.Helper()
	marks := map[string]string{}
	_, body, _ := strings.Cut(text, "Effects, unless marked:")
	_, body, _ = strings.Cut(body, "\n")
	for line := range strings.Lines(body) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		path, ends, ok := strings.Cut(line, ": ")
		if !ok {
			path, ends = "", line
		}
		for end := range strings.FieldsSeq(ends) {
			end, mark, _ := strings.Cut(end, "(")
			name := strings.TrimPrefix(path+"."+end, ".")
			if _, twice := marks[name]; twice {
				t.Errorf("%s stands there twice", name)
			}
			marks[name] = strings.TrimSuffix(mark, ")")
		}
	}
	return marks
}

func TestTheCatalogueNamesWhatIsPermitted(t *testing.T) {
	t.Parallel()
	a := searchable(t)
	ctx, err := a.Narrow(t.Context(), mcpadapter.Filter{Deny: []string{"teas.*"}})
	if err != nil {
		t.Fatal(err)
	}
	wide, narrow := readCatalogue(t, a.Catalogue(t.Context())), readCatalogue(t, a.Catalogue(ctx))
	for _, tool := range a.Tools() {
		mark, listed := wide[tool.Name()]
		if !listed || mark != "" && mark != tool.Annotations().Effect().String() {
			t.Errorf("%s: got %v as %q, want it listed as %v", tool.Name(), listed, mark, tool.Annotations().Effect())
		}
		if _, listed := narrow[tool.Name()]; listed != !strings.HasPrefix(tool.Name(), "teas.") {
			t.Errorf("%s: got %v in the catalogue of a filter", tool.Name(), listed)
		}
	}
	if len(wide) != len(a.Tools()) {
		t.Errorf("got %d names, want %d", len(wide), len(a.Tools()))
	}
	wantParts(t, "catalogue", a.Catalogue(ctx), "## tastings: Evenings with guests.\n", "## parcels\n",
		"baskets.items: add", "\ngetTea(read) teas-update(write)\n")
}

func TestGuideTellsWhatHoldsForMany(t *testing.T) {
	t.Parallel()
	var sent int
	a := shopWith(t, counting(&sent))
	if got := a.Guide(t.Context(), false); got != "" {
		t.Errorf("got %q, want nothing where nothing holds", got)
	}
	wantParts(t, "dynamic", a.Guide(t.Context(), true), "search_operations", "describe_operations",
		"operations://catalogue")

	a = shopWith(t, counting(&sent), confirming(mcpadapter.ConfirmDestructive),
		mcpadapter.WithFilter(mcpadapter.Filter{ReadOnly: true, Deny: slices.Repeat([]string{"*.delete"}, 10)}))
	ctx, err := a.Narrow(mcpadapter.RequireConfirmation(t.Context(), mcpadapter.ConfirmWrites), mcpadapter.Filter{
		Toolsets: []string{"teas", "menus"}, Allow: []string{"*"},
		Name: partNames{mcpadapter.FilterToolsets: "X-Toolsets"}.of,
	})
	if err != nil {
		t.Fatal(err)
	}
	wantParts(t, "filters", a.Guide(ctx, false),
		"only what changes nothing (Filter.ReadOnly); not "+strings.Repeat("*.delete, ", 8)+"2 more (Filter.Deny); "+
			"only the toolsets teas, menus (X-Toolsets); only * (Filter.Allow). No call can lift that.",
		"A person confirms every operation that changes something")
	wantParts(t, "confirmation", a.Guide(t.Context(), false),
		"A person confirms destructive operations and those that send email before they are sent.")
}
