package mcpadapter_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"
	mcpserver "github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
)

// partNames are names for parts of filters.
type partNames map[mcpadapter.FilterPart]string

func (n partNames) of(part mcpadapter.FilterPart) string { return n[part] }

// filterCase is a filter with the tools that pass it.
type filterCase struct {
	name   string
	filter mcpadapter.Filter
	want   []string
}

func filterCases() []filterCase {
	reads := []string{
		"teas.list", "getTea", "bins.get", "days.get", "parcels.track", "parcels.slip", "checkout.get", "orders.list",
		"orders.get",
	}
	return []filterCase{
		{"a toolset", mcpadapter.Filter{Toolsets: []string{"baskets"}}, []string{
			"baskets.items.add", "baskets.gifts.add", "baskets.card.add",
		}},
		{"toolsets", mcpadapter.Filter{Toolsets: []string{"menus", "blends"}}, []string{"blends.create", "menus.create"}},
		{"allowed", mcpadapter.Filter{Allow: []string{"teas.*", "getTea", "*.slip"}}, []string{
			"teas.list", "teas.create", "getTea", "teas.delete", "parcels.slip",
		}},
		{"allowed across dots", mcpadapter.Filter{Allow: []string{"baskets*add"}}, []string{
			"baskets.items.add", "baskets.gifts.add", "baskets.card.add",
		}},
		{"read-only", mcpadapter.Filter{ReadOnly: true}, reads},
		{"denied goes before allowed", mcpadapter.Filter{Allow: []string{"teas.*"}, Deny: []string{"*.delete", "teas.c*"}},
			[]string{"teas.list"}},
		{"read-only goes before allowed", mcpadapter.Filter{Allow: []string{"teas.*"}, ReadOnly: true},
			[]string{"teas.list"}},
		{"denied", mcpadapter.Filter{Deny: []string{"[a-fh-z]*"}}, []string{"getTea"}},
	}
}

func namesOf(tools []mcpadapter.Tool) []string {
	names := make([]string, len(tools))
	for i, t := range tools {
		names[i] = t.Name()
	}
	return names
}

// wantOnly checks that of all tools exactly those may be called, and that a call of another one is told why.
func wantOnly(
	t *testing.T, what string, ctx context.Context, a *mcpadapter.Adapter, sent *int, //nolint:revive // what comes first
	arguments map[string]json.RawMessage, want []string,
) {
	t.Helper()
	for name, valid := range arguments {
		*sent = 0
		r := shoptest.Tool(t, a, name).Invoke(ctx, valid)
		permitted := slices.Contains(want, name)
		switch {
		case permitted && (r.Failure != nil || *sent != 1):
			t.Errorf("%s: %s: got %d requests and %s, want it sent", what, name, *sent, r.Text())
		case !permitted && (r.Failure == nil || r.Failure.Code != mcpadapter.CodeFiltered || *sent != 0):
			t.Errorf("%s: %s: got %d requests and %s, want it filtered", what, name, *sent, r.Text())
		case !permitted:
			shoptest.WantParts(t, what, r.Text(), name+" is filtered and nothing was sent", "To permit it")
		}
	}
}

func TestAFilterOfTheAdapterHoldsForListsAndCalls(t *testing.T) {
	t.Parallel()
	arguments := shoptest.ValidArguments(t)
	for _, c := range filterCases() {
		var sent int
		a := shoptest.NewWith(t, shoptest.Counting(&sent), mcpadapter.WithFilter(c.filter))
		if got := namesOf(a.Tools()); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
		s := mcpserver.NewMCPServer("shop", "1")
		if err := mcpgo.Register(s, a); err != nil {
			t.Fatal(err)
		}
		for name := range arguments {
			if registered := s.GetTool(name) != nil; registered != slices.Contains(c.want, name) {
				t.Errorf("%s: %s is registered: %v", c.name, name, registered)
			}
		}
		wantOnly(t, c.name, t.Context(), a, &sent, arguments, c.want)
	}
}

func TestAContextNarrowsListsAndCalls(t *testing.T) {
	t.Parallel()
	arguments := shoptest.ValidArguments(t)
	var sent int
	a := shoptest.NewWith(t, shoptest.Counting(&sent))
	for _, c := range filterCases() {
		ctx, err := a.Narrow(t.Context(), c.filter)
		if err != nil {
			t.Fatal(err)
		}
		wantOnly(t, c.name, ctx, a, &sent, arguments, c.want)
		if got := listedIn(t, ctx, a); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v listed, want %v", c.name, got, c.want)
		}
	}
	wantOnly(t, "no filter", t.Context(), a, &sent, arguments, namesOf(a.Tools()))
}

// listedIn lists the tools over MCP in a context, in the order of the table.
func listedIn(t *testing.T, ctx context.Context, a *mcpadapter.Adapter) []string { //nolint:revive // t comes first
	t.Helper()
	hooks := &mcpserver.Hooks{}
	mcpgo.AddHooks(hooks, a, func(string) mcpadapter.NameStyle { return mcpadapter.NamesDots })
	s := mcpserver.NewMCPServer("shop", "1", mcpserver.WithHooks(hooks))
	s.AddTool(mcp.NewTool("own"), nil)
	if err := mcpgo.RegisterAll(s, a); err != nil {
		t.Fatal(err)
	}
	answer := s.HandleMessage(ctx, json.RawMessage(`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`))
	text, err := json.Marshal(answer)
	if err != nil {
		t.Fatal(err)
	}
	var m struct {
		Result struct{ Tools []struct{ Name string } }
	}
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{}
	for _, listed := range m.Result.Tools {
		names[listed.Name] = true
	}
	if !names["own"] {
		t.Errorf("the embedder's own tool is missing from %s", text)
	}
	var found []string
	for _, op := range shop.Operations.Operations {
		if names[op.ID] {
			found = append(found, op.ID)
		}
	}
	return found
}

func TestFiltersOnlyNarrow(t *testing.T) {
	t.Parallel()
	arguments := shoptest.ValidArguments(t)
	var sent int
	a := shoptest.NewWith(t, shoptest.Counting(&sent),
		mcpadapter.WithFilter(mcpadapter.Filter{ReadOnly: true}),
		mcpadapter.WithFilter(mcpadapter.Filter{Toolsets: []string{"teas", "parcels"}}))
	wantOnly(t, "both options", t.Context(), a, &sent, arguments, []string{
		"teas.list", "getTea", "parcels.track", "parcels.slip",
	})
	wide, err := a.Narrow(t.Context(), mcpadapter.Filter{Allow: []string{"*"}, Toolsets: []string{"teas", "facts"}})
	if err != nil {
		t.Fatal(err)
	}
	wantOnly(t, "a context", wide, a, &sent, arguments, []string{"teas.list", "getTea"})
	for what, f := range map[string]mcpadapter.Filter{
		"a wider filter":     {Allow: []string{"*"}},
		"the zero filter":    {},
		"what is not left":   {Allow: []string{"getTea"}},
		"what is not listed": {Deny: []string{"baskets.*", "teas.list"}},
	} {
		ctx, err := a.Narrow(wide, f)
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"teas.list", "getTea"}
		if strings.HasPrefix(what, "what") {
			want = want[1:]
		}
		wantOnly(t, what, ctx, a, &sent, arguments, want)
	}
	wantOnly(t, "the context before", wide, a, &sent, arguments, []string{"teas.list", "getTea"})
}

func TestAFilterHoldsForItsAdapterAlone(t *testing.T) {
	t.Parallel()
	var sent int
	a, other := shoptest.NewWith(t, shoptest.Counting(&sent)), shoptest.NewWith(t, shoptest.Counting(&sent))
	ctx, err := a.Narrow(t.Context(), mcpadapter.Filter{Allow: []string{"getTea"}})
	if err != nil {
		t.Fatal(err)
	}
	if f := shoptest.Tool(t, a, "teas.list").Filtered(ctx); f == nil {
		t.Error("got no failure from the adapter that was narrowed")
	}
	if f := shoptest.Tool(t, other, "teas.list").Filtered(ctx); f != nil {
		t.Errorf("got %s from another adapter", f)
	}
}

func TestAFilterIsCopied(t *testing.T) {
	t.Parallel()
	var sent int
	f := mcpadapter.Filter{Allow: []string{"getTea"}}
	a := shoptest.NewWith(t, shoptest.Counting(&sent), mcpadapter.WithFilter(f))
	ctx, err := a.Narrow(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	f.Allow[0] = "*"
	if shoptest.Tool(t, a, "teas.list").Filtered(ctx) == nil {
		t.Error("a change of the caller's own slice widened the filter")
	}
}

func TestARefusalNamesEveryReasonAndItsRemedy(t *testing.T) {
	t.Parallel()
	var sent int
	a := shoptest.NewWith(t, shoptest.Counting(&sent), mcpadapter.WithFilter(mcpadapter.Filter{
		ReadOnly: true, Deny: []string{"*.delete"},
		Name: partNames{mcpadapter.FilterReadOnly: "--read-only", mcpadapter.FilterDeny: "--deny"}.of,
	}))
	ctx, err := a.Narrow(t.Context(), mcpadapter.Filter{
		Toolsets: []string{"menus"}, Allow: []string{"menus.*"},
		Name: partNames{mcpadapter.FilterToolsets: "X-Toolsets"}.of,
	})
	if err != nil {
		t.Fatal(err)
	}
	r := shoptest.Tool(t, a, "teas.delete").Invoke(ctx, json.RawMessage(`{"tea_id":"1"}`))
	shoptest.WantFailure(t, r, mcpadapter.CodeFiltered, 0)
	const want = `filtered: teas.delete is filtered and nothing was sent: --read-only permits only what changes ` +
		`nothing; --deny has *.delete; X-Toolsets permits nothing of the toolset teas; Filter.Allow does not name it
To permit it, the operator of this server or client has to turn off --read-only and take *.delete out of --deny and ` +
		`add teas to X-Toolsets and add teas.delete to Filter.Allow. Tell the user; do not try to work around it.`
	if got := r.Text(); got != want || sent != 0 {
		t.Errorf("got %d requests and %s\nwant %s", sent, got, want)
	}
}

func TestFiltersThatBoundNothingAreRefused(t *testing.T) {
	t.Parallel()
	var sent int
	a := shoptest.NewWith(t, shoptest.Counting(&sent))
	c, err := shop.NewClient("https://tea.example")
	if err != nil {
		t.Fatal(err)
	}
	names := partNames{mcpadapter.FilterToolsets: "--toolsets", mcpadapter.FilterDeny: "--deny"}
	for want, f := range map[string]mcpadapter.Filter{
		`--toolsets: unknown toolset "Teas"; did you mean teas?`:            {Toolsets: []string{"facts", "Teas"}},
		`--toolsets: unknown toolset "qqqqqq"; want one of teas, shelves, `: {Toolsets: []string{"qqqqqq"}},
		`--toolsets: is empty`: {Toolsets: []string{}},
		`Filter.Allow: "tea.*" matches no operation; did you mean teas.*?`:    {Allow: []string{"tea.*"}},
		`Filter.Allow: "*.delte" matches no operation; did you mean *.delete`: {Allow: []string{"*.delte"}},
		`--deny: "teas.lists" matches no operation; did you mean teas.list?`:  {Deny: []string{"teas.lists"}},
		`--deny: "teas_list" matches no operation; did you mean teas.list?`:   {Deny: []string{"teas_list"}},
		`--deny: has an empty entry`:                                          {Deny: []string{"*", ""}},
		`--deny: invalid pattern "[t"`:                                        {Deny: []string{"[t"}},
		`--deny: "` + strings.Repeat("*", 60) + `…" has more than 256 bytes`:  {Deny: []string{strings.Repeat("*", 257)}},
		`--deny: has more than 256 entries`:                                   {Deny: slices.Repeat([]string{"*"}, 257)},
	} {
		f.Name = names.of
		_, newErr := mcpadapter.New(c, &shop.Operations, mcpadapter.WithFilter(f))
		ctx, narrowErr := a.Narrow(t.Context(), f)
		if ctx != nil {
			t.Errorf("%s: got a context that is not narrowed", want)
		}
		for _, err := range []error{newErr, narrowErr} {
			if wrong := (*mcpadapter.FilterError)(nil); !errors.As(err, &wrong) || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %s", err, want)
			}
		}
	}
	_, err = mcpadapter.New(c, &shop.Operations,
		mcpadapter.WithFilter(mcpadapter.Filter{Toolsets: []string{"menus"}}),
		mcpadapter.WithFilter(mcpadapter.Filter{ReadOnly: true}))
	if err == nil || !strings.Contains(err.Error(), "the filters together permit no operation") {
		t.Errorf("got %v, want a refusal of filters that leave nothing", err)
	}
}
