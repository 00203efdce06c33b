package mcpadapter_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// Each part of a filter alone, with what it keeps out at the first, a middle and the last place of a list.
func TestEachPartOfAFilterNarrows(t *testing.T) {
	t.Parallel()
	arguments := shoptest.ValidArguments(t)
	all := namesOf(shoptest.NewWith(t, shoptest.Doer(nil)).Tools())
	with := func(keep func(name string) bool) []string {
		return slices.DeleteFunc(slices.Clone(all), func(name string) bool { return !keep(name) })
	}
	only := func(names ...string) []string {
		return with(func(name string) bool { return slices.Contains(names, name) })
	}
	but := func(names ...string) []string {
		return with(func(name string) bool { return !slices.Contains(names, name) })
	}
	for _, c := range []struct {
		name   string
		filter mcpadapter.Filter
		want   []string
	}{
		{"nothing set", mcpadapter.Filter{}, all},
		{"names alone", mcpadapter.Filter{Name: partNames{mcpadapter.FilterDeny: "--deny"}.of}, all},
		{"first of the toolsets", mcpadapter.Filter{Toolsets: []string{"menus", "blends", "payments"}}, only(
			"menus.create", "blends.create", "payments.create")},
		{"last toolset", mcpadapter.Filter{Toolsets: []string{"orders"}}, only(
			"orders.list", "orders.search", "orders.get", "orders.replace")},
		{"a toolset twice", mcpadapter.Filter{Toolsets: []string{"menus", "menus"}}, only("menus.create")},
		{"allow the first", mcpadapter.Filter{Allow: []string{"teas.list", "getTea", "orders.get"}}, only(
			"teas.list", "getTea", "orders.get")},
		{"allow one", mcpadapter.Filter{Allow: []string{"orders.get"}}, only("orders.get")},
		{"deny the first, second and last", mcpadapter.Filter{Deny: []string{"teas.list", "getTea", "orders.replace"}}, but(
			"teas.list", "getTea", "orders.replace")},
		{"a star for nothing", mcpadapter.Filter{Allow: []string{"getTea*"}}, only("getTea")},
		{"a star across dots", mcpadapter.Filter{Allow: []string{"b*d"}}, only(
			"baskets.items.add", "baskets.gifts.add", "baskets.card.add")},
		{"a question mark for one", mcpadapter.Filter{Allow: []string{"?etTea"}}, only("getTea")},
		{"a question mark for a dot", mcpadapter.Filter{Allow: []string{"teas?list"}}, only("teas.list")},
		{"a class", mcpadapter.Filter{Allow: []string{"[a-c]lends.create"}}, only("blends.create")},
		{"no class", mcpadapter.Filter{Allow: []string{"[^t]*.list"}}, only("orders.list")},
		{"an escape", mcpadapter.Filter{Allow: []string{`te\as.list`}}, only("teas.list")},
		{"allowed and denied", mcpadapter.Filter{Allow: []string{"teas.list", "getTea"}, Deny: []string{"getTea"}}, only(
			"teas.list")},
		{
			"each part keeps something out", mcpadapter.Filter{
				Toolsets: []string{"teas", "parcels"}, Allow: []string{"teas.*", "parcels.*", "bins.get"},
				Deny: []string{"parcels.slip"}, ReadOnly: true,
			}, only("teas.list", "parcels.track"),
		},
	} {
		var sent int
		a := shoptest.NewWith(t, shoptest.Counting(&sent), mcpadapter.WithFilter(c.filter))
		if got := namesOf(a.Tools()); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
		wantOnly(t, c.name+" of the adapter", t.Context(), a, &sent, arguments, c.want)
		plain := shoptest.NewWith(t, shoptest.Counting(&sent))
		ctx, err := plain.Narrow(t.Context(), c.filter)
		if err != nil {
			t.Fatal(err)
		}
		wantOnly(t, c.name+" of the context", ctx, plain, &sent, arguments, c.want)
	}
}

// What a filter may not be: the whole refusal, from the option and from the context, and no context to run in.
func TestAFilterThatIsNotSoundIsRefusedWhole(t *testing.T) {
	t.Parallel()
	var sent int
	a := shoptest.NewWith(t, shoptest.Counting(&sent))
	c, err := shop.NewClient("https://tea.example")
	if err != nil {
		t.Fatal(err)
	}
	const toolsets = "teas, shelves, baskets, facts, payments, blends, menus, parcels, tastings, recalls, checkout, orders"
	stars := func(n int) string { return strings.Repeat("*", n) }
	for _, c2 := range []struct {
		filter mcpadapter.Filter
		want   string // "": it is sound
	}{
		{mcpadapter.Filter{Toolsets: []string{}}, "Filter.Toolsets: is empty"},
		{mcpadapter.Filter{Allow: []string{}}, "Filter.Allow: is empty"},
		{mcpadapter.Filter{Deny: []string{}}, "Filter.Deny: is empty"},
		{mcpadapter.Filter{Toolsets: []string{""}}, "Filter.Toolsets: has an empty entry"},
		{mcpadapter.Filter{Toolsets: []string{"teas", ""}}, "Filter.Toolsets: has an empty entry"},
		{mcpadapter.Filter{Allow: []string{"", "*"}}, "Filter.Allow: has an empty entry"},
		{mcpadapter.Filter{Deny: []string{"getTea", ""}}, "Filter.Deny: has an empty entry"},
		{
			mcpadapter.Filter{Toolsets: []string{"teas", "tees", "x"}},
			`Filter.Toolsets: unknown toolset "tees"; did you mean teas?`,
		},
		{mcpadapter.Filter{Toolsets: []string{"Orders"}}, `Filter.Toolsets: unknown toolset "Orders"; did you mean orders?`},
		{mcpadapter.Filter{Toolsets: []string{"zzzzz"}}, `Filter.Toolsets: unknown toolset "zzzzz"; want one of ` + toolsets},
		{mcpadapter.Filter{Toolsets: []string{"*"}}, `Filter.Toolsets: unknown toolset "*"; want one of ` + toolsets},
		{
			mcpadapter.Filter{Allow: []string{"getTea", "getTee"}},
			`Filter.Allow: "getTee" matches no operation; did you mean getTea?`,
		},
		{mcpadapter.Filter{Deny: []string{"GetTea"}}, `Filter.Deny: "GetTea" matches no operation; did you mean getTea?`},
		{
			mcpadapter.Filter{Deny: []string{"basket.items.*"}},
			`Filter.Deny: "basket.items.*" matches no operation; did you mean baskets.items.*?`,
		},
		{
			mcpadapter.Filter{Deny: []string{"*.itms.add"}},
			`Filter.Deny: "*.itms.add" matches no operation; did you mean *.items.add?`,
		},
		{mcpadapter.Filter{Deny: []string{"zzzzzzzzzz"}}, `Filter.Deny: "zzzzzzzzzz" matches no operation`},
		{mcpadapter.Filter{Allow: []string{"[a"}}, `Filter.Allow: invalid pattern "[a": a [ or a \ is not complete`},
		{mcpadapter.Filter{Allow: []string{`a\`}}, `Filter.Allow: invalid pattern "a\\": a [ or a \ is not complete`},
		{mcpadapter.Filter{Allow: []string{"*", "[]"}}, `Filter.Allow: invalid pattern "[]": a [ or a \ is not complete`},
		{mcpadapter.Filter{Allow: []string{stars(256)}}, ""},
		{
			mcpadapter.Filter{Allow: []string{stars(257)}},
			`Filter.Allow: "` + stars(60) + `…" has more than 256 bytes`,
		},
		{mcpadapter.Filter{Deny: slices.Repeat([]string{"getTea"}, 255)}, ""},
		{mcpadapter.Filter{Deny: slices.Repeat([]string{"getTea"}, 256)}, ""},
		{mcpadapter.Filter{Deny: slices.Repeat([]string{"getTea"}, 257)}, "Filter.Deny: has more than 256 entries"},
		{mcpadapter.Filter{Toolsets: slices.Repeat([]string{"teas"}, 257)}, "Filter.Toolsets: has more than 256 entries"},
		{mcpadapter.Filter{Allow: slices.Repeat([]string{"*"}, 257)}, "Filter.Allow: has more than 256 entries"},
		{
			mcpadapter.Filter{Deny: []string{}, Name: partNames{mcpadapter.FilterDeny: "X-Deny"}.of},
			"X-Deny: is empty",
		},
	} {
		_, newErr := mcpadapter.New(c, &shop.Operations, mcpadapter.WithFilter(c2.filter))
		ctx, narrowErr := a.Narrow(t.Context(), c2.filter)
		if c2.want == "" {
			if newErr != nil || narrowErr != nil {
				t.Errorf("got %v and %v, want the filter taken", newErr, narrowErr)
			}
			continue
		}
		if ctx != nil {
			t.Errorf("%s: got a context, want none", c2.want)
		}
		if newErr == nil || newErr.Error() != "workos/mcpadapter: "+c2.want {
			t.Errorf("New: got %v, want mcpadapter: %s", newErr, c2.want)
		}
		if wrong := (*mcpadapter.FilterError)(nil); !errors.As(narrowErr, &wrong) || narrowErr.Error() != c2.want {
			t.Errorf("Narrow: got %v, want %s", narrowErr, c2.want)
		}
	}
	if sent != 0 {
		t.Errorf("got %d requests, want none", sent)
	}
}

func TestFiltersThatLeaveNothingAreRefused(t *testing.T) {
	t.Parallel()
	c, err := shop.NewClient("https://tea.example")
	if err != nil {
		t.Fatal(err)
	}
	for _, filters := range [][]mcpadapter.Filter{
		{{Deny: []string{"*"}}},
		{{Toolsets: []string{"menus"}, ReadOnly: true}},
		{{Allow: []string{"teas.*"}}, {Deny: []string{"*.list"}}, {Allow: []string{"*.list"}}},
	} {
		opts := make([]mcpadapter.Option, len(filters))
		for i, f := range filters {
			opts[i] = mcpadapter.WithFilter(f)
		}
		a, err := mcpadapter.New(c, &shop.Operations, opts...)
		const want = "workos/mcpadapter: the filters together permit no operation"
		if a != nil || err == nil || err.Error() != want {
			t.Errorf("%+v: got %v, want %s", filters, err, want)
		}
	}
	// A context may be left with nothing: every call is refused.
	var sent int
	a := shoptest.NewWith(t, shoptest.Counting(&sent))
	ctx, err := a.Narrow(t.Context(), mcpadapter.Filter{Deny: []string{"*"}})
	if err != nil {
		t.Fatal(err)
	}
	wantOnly(t, "nothing", ctx, a, &sent, shoptest.ValidArguments(t), nil)
}

// A filtered call is refused before its arguments are looked at, and before anybody is asked.
func TestAFilteredCallIsRefusedFirst(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmWrites),
		mcpadapter.WithFilter(mcpadapter.Filter{Deny: []string{"teas.delete"}}))
	for _, arguments := range []string{``, `{`, `{"tea_id":".."}`, `{"tea_id":"1"}`, `{"tea_id":"1","confirmation":"x"}`} {
		r := shoptest.Invoke(t, a, "teas.delete", arguments)
		shoptest.WantFailure(t, r, mcpadapter.CodeFiltered, 0)
		if r.Failure.Confirmation != nil || r.Failure.Example != nil {
			t.Errorf("%s: got %s, want nothing but the refusal", arguments, r.Text())
		}
	}
	wantUnsent(t, "filtered", wire)
}

func TestEachPartOfAFilterHasAName(t *testing.T) {
	t.Parallel()
	table := tableOf(optable.Operation{ID: "plain", Method: http.MethodPost, Path: "/p", Toolset: "set"})
	filter := mcpadapter.Filter{
		Toolsets: []string{"set"}, Allow: []string{"*"}, Deny: []string{"p*", "plain"}, ReadOnly: true,
	}
	a, err := mcpadapter.New(fake{}, table)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		names partNames
		want  string
	}{
		{partNames{}, "Filter.ReadOnly permits only what changes nothing; Filter.Deny has p*"},
		{partNames{mcpadapter.FilterReadOnly: "--r"}, "--r permits only what changes nothing; Filter.Deny has p*"},
		{partNames{mcpadapter.FilterDeny: "--d"}, "Filter.ReadOnly permits only what changes nothing; --d has p*"},
	} {
		filter.Name = c.names.of
		ctx, err := a.Narrow(t.Context(), filter)
		if err != nil {
			t.Fatal(err)
		}
		f := shoptest.Tool(t, a, "plain").Filtered(ctx)
		if want := "plain is filtered and nothing was sent: " + c.want; f == nil || f.Message != want {
			t.Errorf("got %v, want %s", f, want)
		}
	}
	for _, c := range []struct {
		filter mcpadapter.Filter
		want   string
	}{
		{
			mcpadapter.Filter{Toolsets: []string{"other"}},
			"Filter.Toolsets permits nothing of the toolset set|add set to Filter.Toolsets",
		},
		{mcpadapter.Filter{Allow: []string{"bare"}}, "Filter.Allow does not name it|add plain to Filter.Allow"},
		{mcpadapter.Filter{Deny: []string{"plain"}}, "Filter.Deny has plain|take plain out of Filter.Deny"},
		{mcpadapter.Filter{ReadOnly: true}, "Filter.ReadOnly permits only what changes nothing|turn off Filter.ReadOnly"},
	} {
		two := &optable.Table{Operations: []optable.Operation{
			{ID: "plain", Method: http.MethodPost, Path: "/p", Toolset: "set"},
			{ID: "bare", Method: http.MethodGet, Path: "/b", Toolset: "other"},
		}}
		a, err := mcpadapter.New(fake{}, two, mcpadapter.WithFilter(c.filter))
		if err != nil {
			t.Fatal(err)
		}
		reason, remedy, _ := strings.Cut(c.want, "|")
		f := shoptest.Tool(t, a, "plain").Invoke(t.Context(), json.RawMessage(`{}`)).Failure
		if f == nil || f.Message != "plain is filtered and nothing was sent: "+reason ||
			f.Advice != "To permit it, the operator of this server or client has to "+remedy+
				". Tell the user; do not try to work around it." {
			t.Errorf("got %+v, want %s", f, c.want)
		}
	}
}
