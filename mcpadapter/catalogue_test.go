package mcpadapter_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
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
		if !listed || mark != "" && mark != tool.Risk().Effect().String() {
			t.Errorf("%s: got %v as %q, want it listed as %v", tool.Name(), listed, mark, tool.Risk().Effect())
		}
		if _, listed := narrow[tool.Name()]; listed != !strings.HasPrefix(tool.Name(), "teas.") {
			t.Errorf("%s: got %v in the catalogue of a filter", tool.Name(), listed)
		}
	}
	if len(wide) != len(a.Tools()) {
		t.Errorf("got %d names, want %d", len(wide), len(a.Tools()))
	}
	shoptest.WantParts(t, "catalogue", a.Catalogue(ctx), "## tastings: Evenings with guests.\n", "## parcels\n",
		"baskets.items: add", "\ngetTea(read) teas-update(write)\n")
}

func TestGuideTellsWhatHoldsForMany(t *testing.T) {
	t.Parallel()
	var sent int
	a := shoptest.NewWith(t, shoptest.Counting(&sent))
	if got := a.Guide(t.Context(), false); got != "" {
		t.Errorf("got %q, want nothing where nothing holds", got)
	}
	shoptest.WantParts(t, "dynamic", a.Guide(t.Context(), true), "search_operations", "describe_operations",
		"operations://catalogue")

	a = shoptest.NewWith(t, shoptest.Counting(&sent), shoptest.Confirming(mcpadapter.ConfirmRisky),
		mcpadapter.WithFilter(mcpadapter.Filter{ReadOnly: true, Deny: slices.Repeat([]string{"*.delete"}, 10)}))
	ctx, err := a.Narrow(mcpadapter.RequireConfirmation(t.Context(), mcpadapter.ConfirmWrites), mcpadapter.Filter{
		Toolsets: []string{"teas", "menus"}, Allow: []string{"*"},
		Name: partNames{mcpadapter.FilterToolsets: "X-Toolsets"}.of,
	})
	if err != nil {
		t.Fatal(err)
	}
	shoptest.WantParts(t, "filters", a.Guide(ctx, false),
		"only what changes nothing (Filter.ReadOnly); not "+strings.Repeat("*.delete, ", 8)+"2 more (Filter.Deny); "+
			"only the toolsets teas, menus (X-Toolsets); only * (Filter.Allow). No call can relax this.",
		"A person first confirms every call that changes something or reads a secret.")
	shoptest.WantParts(t, "confirmation", a.Guide(t.Context(), false),
		"A person first confirms calls that replace, destroy or send something, or read a secret.")
}

const catalogueIntro = "# Operations\n\nA name is what stands before a colon and a word behind it, with a dot between."

func TestTheCatalogueOfTheShopIsThisText(t *testing.T) {
	t.Parallel()
	const want = catalogueIntro + ` Effects, unless marked: get: read; create, add: write; replace: destructive.

## teas
teas: list(read) create delete(destructive)
getTea(read) teas-update(write)

## shelves
bins: get
shelves: label(destructive)

## baskets
baskets.items: add
baskets.gifts: add
baskets.card: add

## facts
facts: replace add note(write)
moods: replace
days: get
surveys: create

## payments
payments: create

## blends
blends: create

## menus
menus: create

## parcels
parcels: create track(read) slip(read) cancel(destructive)

## tastings: Evenings with guests.
tastings: create

## recalls
recalls: create(destructive)

## checkout
checkout: get delete(destructive)

## orders
orders: list(read) search(write) get replace
`
	if got := searchable(t).Catalogue(t.Context()); got != want {
		t.Errorf("got\n%s, want\n%s", got, want)
	}
}

// nothings is a client whose operations take nothing.
type nothings struct{}

func nothing() (*http.Response, error) { return nil, http.ErrNotSupported }

func (nothings) AGet(context.Context) (*http.Response, error)     { return nothing() }
func (nothings) BGet(context.Context) (*http.Response, error)     { return nothing() }
func (nothings) CGet(context.Context) (*http.Response, error)     { return nothing() }
func (nothings) ASet(context.Context) (*http.Response, error)     { return nothing() }
func (nothings) BSet(context.Context) (*http.Response, error)     { return nothing() }
func (nothings) AXSet(context.Context) (*http.Response, error)    { return nothing() }
func (nothings) AXList(context.Context) (*http.Response, error)   { return nothing() }
func (nothings) AYSet(context.Context) (*http.Response, error)    { return nothing() }
func (nothings) ZYDelete(context.Context) (*http.Response, error) { return nothing() }
func (nothings) Ping(context.Context) (*http.Response, error)     { return nothing() }

func nothingsOf(tb testing.TB, ids ...string) *mcpadapter.Adapter {
	tb.Helper()
	table := &optable.Table{}
	for _, id := range ids {
		id, method, _ := strings.Cut(id, " ")
		table.Operations = append(table.Operations, optable.Operation{ID: id, Method: method, Path: "/" + id})
	}
	a, err := mcpadapter.New(nothings{}, table)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

func TestTheCatalogueSaysEachThingOnce(t *testing.T) {
	t.Parallel()
	for want, ids := range map[string][]string{
		// Two ends are too few to say what they usually do.
		"\na: get(read)\nb: get(read)\n":                                {"a.get GET", "b.get GET"},
		" Effects, unless marked: get: read.\na: get\nb: get\nc: get\n": {"a.get GET", "b.get GET", "c.get GET"},
		" Effects, unless marked: get: read.\na: get\nb: get(write)\nc: get\n": {
			"a.get GET", "b.get POST", "c.get GET",
		},
		" Effects, unless marked: get: write.\na: get\nb: get\nc: get(read)\n": {
			"a.get POST", "b.get POST", "c.get GET",
		},
		" Effects, unless marked: get: destructive.\na: get(read)\nb: get\nc: get\n": {
			"a.get GET", "b.get DELETE", "c.get DELETE",
		},
		" Effects, unless marked: get: read; set: write.\na: get set\nb: get set\nc: get\na.x: set list(read)\n": {
			"a.get GET", "b.get GET", "c.get GET", "a.set POST", "b.set POST", "a.x.set POST", "a.x.list GET",
		},
		// A single end goes with the path above, if there is one.
		"\na: get(read) x.set(write)\n":                          {"a.get GET", "a.x.set POST"},
		"\na.x: set(write)\n":                                    {"a.x.set POST"},
		"\na: get(read)\na.x: set(write) list(read)\n":           {"a.get GET", "a.x.set POST", "a.x.list GET"},
		"\na: x.set(write) get(read) y.set(read)\n":              {"a.x.set POST", "a.get GET", "a.y.set GET"},
		"\nping(read)\na: get(read)\nz.y: delete(destructive)\n": {"ping GET", "a.get GET", "z.y.delete DELETE"},
	} {
		want = catalogueIntro + want
		if got := nothingsOf(t, ids...).Catalogue(t.Context()); got != want {
			t.Errorf("%v: got\n%q, want\n%q", ids, got, want)
		}
	}
}

func TestTheGuideIsThisText(t *testing.T) {
	t.Parallel()
	const dynamic = "Call what search_operations finds with the tool at the end of its line; " +
		"describe_operations has schemas. The resource operations://catalogue names all.\n"
	const some = "A person first confirms calls that replace, destroy or send something, or read a secret.\n"
	const writes = "A person first confirms every call that changes something or reads a secret.\n"
	const rules = "Permitted here: only what changes nothing (Filter.ReadOnly). No call can relax this.\n"
	for _, c := range []struct {
		policy, asked      mcpadapter.ConfirmationPolicy
		filtered, narrowed bool
		want               string
	}{
		{want: ""},
		{policy: mcpadapter.ConfirmRisky, want: some}, {policy: mcpadapter.ConfirmWrites, want: writes},
		{asked: mcpadapter.ConfirmRisky, want: some}, {asked: mcpadapter.ConfirmWrites, want: writes},
		{policy: mcpadapter.ConfirmWrites, asked: mcpadapter.ConfirmRisky, want: writes},
		{policy: mcpadapter.ConfirmRisky, asked: mcpadapter.ConfirmWrites, want: writes},
		{filtered: true, want: rules}, {narrowed: true, want: rules},
		{filtered: true, policy: mcpadapter.ConfirmWrites, want: rules + writes},
	} {
		opts := []mcpadapter.Option{}
		if c.policy != mcpadapter.ConfirmNone {
			opts = append(opts, shoptest.Confirming(c.policy))
		}
		readOnly := mcpadapter.Filter{ReadOnly: true}
		if c.filtered {
			opts = append(opts, mcpadapter.WithFilter(readOnly))
		}
		a := shoptest.NewWith(t, nil, opts...)
		ctx := t.Context()
		if c.asked != mcpadapter.ConfirmNone {
			ctx = mcpadapter.RequireConfirmation(ctx, c.asked)
		}
		if c.narrowed {
			var err error
			if ctx, err = a.Narrow(ctx, readOnly); err != nil {
				t.Fatal(err)
			}
		}
		if got := a.Guide(ctx, false); got != c.want {
			t.Errorf("%+v: got %q, want %q", c, got, c.want)
		}
		if got := a.Guide(ctx, true); got != dynamic+c.want {
			t.Errorf("%+v: got %q, want %q", c, got, dynamic+c.want)
		}
	}
}

// wordy is a client of many operations with the same arguments.
type wordy struct{}

type wordyQuery struct {
	Alpha *string `json:"alpha,omitempty"`
	Beta  *string `json:"beta,omitempty"`
	Gamma *string `json:"gamma,omitempty"`
}

func (wordy) A(context.Context, *wordyQuery) (*http.Response, error) { return nothing() }
func (wordy) B(context.Context, *wordyQuery) (*http.Response, error) { return nothing() }
func (wordy) C(context.Context, *wordyQuery) (*http.Response, error) { return nothing() }
func (wordy) D(context.Context, *wordyQuery) (*http.Response, error) { return nothing() }
func (wordy) E(context.Context, *wordyQuery) (*http.Response, error) { return nothing() }
func (wordy) F(context.Context, *wordyQuery) (*http.Response, error) { return nothing() }
func (wordy) G(context.Context, *wordyQuery) (*http.Response, error) { return nothing() }
func (wordy) H(context.Context, *wordyQuery) (*http.Response, error) { return nothing() }
func (wordy) I(context.Context, *wordyQuery) (*http.Response, error) { return nothing() }
func (wordy) J(context.Context, *wordyQuery) (*http.Response, error) { return nothing() }
func (wordy) K(context.Context, *wordyQuery) (*http.Response, error) { return nothing() }

// ofWords returns the eleven tools, of which the first so many have a description for an argument.
func ofWords(tb testing.TB, counts map[string]int, opts ...mcpadapter.Option) *mcpadapter.Adapter {
	tb.Helper()
	table := &optable.Table{}
	for i := range 11 {
		op := optable.Operation{ID: string(rune('a' + i)), Method: http.MethodGet, Path: fmt.Sprintf("/%d", i)}
		for _, name := range []string{"alpha", "beta", "gamma"} {
			s := optable.Schema{Types: optable.String}
			if i < counts[name] {
				s.Description = "Whatever " + name + " means."
			}
			op.Parameters = append(op.Parameters, optable.Parameter{Name: name, In: optable.InQuery, Schema: &s})
		}
		table.Operations = append(table.Operations, op)
	}
	a, err := mcpadapter.New(wordy{}, table, opts...)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

func TestADescriptionIsToldOnceFromTenToolsOn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		counts map[string]int
		want   []string
	}{
		{map[string]int{"alpha": 9, "beta": 9, "gamma": 9}, nil},
		{map[string]int{"alpha": 9, "beta": 10, "gamma": 9}, []string{"beta"}},
		{map[string]int{"alpha": 10, "beta": 10, "gamma": 10}, []string{"alpha", "beta", "gamma"}},
		{map[string]int{"alpha": 10, "beta": 9, "gamma": 11}, []string{"gamma", "alpha"}},
		{map[string]int{"alpha": 10, "beta": 11, "gamma": 11}, []string{"beta", "gamma", "alpha"}},
	} {
		a := ofWords(t, c.counts, mcpadapter.WithTerseSchemas())
		var names []string
		guide := ""
		var guideSb239 strings.Builder
		for _, argument := range a.CommonArguments() {
			if argument.Description != "Whatever "+argument.Name+" means." {
				t.Errorf("got %+v", argument)
			}
			names = append(names, argument.Name)
			guideSb239.WriteString("- " + argument.Name + ": " + argument.Description + "\n")
		}
		guide += guideSb239.String()
		if !slices.Equal(names, c.want) {
			t.Errorf("%v: got %v, want %v", c.counts, names, c.want)
		}
		if guide != "" {
			guide = "Arguments of many tools:\n" + guide
		}
		guide = "Tools accept only the arguments that they list.\n" + guide
		if got := a.Guide(t.Context(), false); got != guide {
			t.Errorf("%v: got %q, want %q", c.counts, got, guide)
		}
		for i, tool := range a.Tools() {
			for name, n := range c.counts {
				var schema struct {
					Properties map[string]struct{ Description string }
				}
				if err := json.Unmarshal(tool.InputSchema(), &schema); err != nil {
					t.Fatal(err)
				}
				want := i < n && !slices.Contains(c.want, name)
				if got := schema.Properties[name].Description != ""; got != want {
					t.Errorf("%v: %s of %s is described there: %t, want %t", c.counts, name, tool.Name(), got, want)
				}
			}
		}
		if plain := ofWords(t, c.counts); plain.CommonArguments() != nil || plain.Guide(t.Context(), false) != "" {
			t.Errorf("%v: got %v without terse schemas", c.counts, plain.CommonArguments())
		}
	}
}
