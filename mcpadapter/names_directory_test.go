package mcpadapter_test

import (
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// having returns a server with tools of these names.
func having(names ...string) func(string) bool {
	set := map[string]bool{}
	for _, name := range names {
		set[name] = true
	}
	return func(name string) bool { return set[name] }
}

func TestAnEntryHasTheNameForItsClient(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil)
	d := a.Directory(mcpadapter.StyleFor)
	for _, c := range []struct {
		client, registered string
		server             func(string) bool
		want               string
	}{
		{"claude-ai", "teas.list", having("teas.list"), "teas_list"},
		{"inspector", "teas.list", having("teas.list"), "teas.list"},
		{"unheard-of", "teas.list", having("teas.list"), "teas_list"},
		{"claude-ai", "teas.list", having("teas.list", "teas_list"), "teas.list"}, // the other tool has the name
		{"claude-ai", "own.tool", having("own.tool"), "own.tool"},
		{"claude-ai", "teas_list", having("teas_list"), "teas_list"}, // of other origin, by its name
		{"claude-ai", "call_read_operation", having("call_read_operation"), "call_read_operation"},
	} {
		e, permitted := d.Entry(t.Context(), c.client, c.registered, c.server)
		if !permitted || e.Name != c.want || e.InputSchema != nil {
			t.Errorf("%s for %s: got %+v %t, want %s", c.registered, c.client, e, permitted, c.want)
		}
	}
}

func TestAnEntryFollowsTheContext(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil)
	d := a.Directory(mcpadapter.StyleFor)
	server := having("teas.delete", "own", "call_destructive_operation")
	reads, err := a.Narrow(t.Context(), mcpadapter.Filter{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"teas.delete": false, "call_destructive_operation": false, "own": true} {
		if _, permitted := d.Entry(reads, "", name, server); permitted != want {
			t.Errorf("%s: got %t, want %t", name, permitted, want)
		}
	}
	ctx := mcpadapter.RequireConfirmation(t.Context(), mcpadapter.ConfirmRisky)
	e, _ := d.Entry(ctx, "", "teas.delete", server)
	shoptest.WantParts(t, "schema", string(e.InputSchema), `"confirmation"`)
}

func TestANameLeadsToTheToolThatTheServerHas(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil)
	d := a.Directory(mcpadapter.StyleFor)
	for _, c := range []struct {
		client, name string
		server       func(string) bool
		want, advice string
	}{
		{"claude-ai", "teas_list", having("teas.list"), "teas.list", ""},
		{"claude-ai", "teas.list", having("teas.list"), "teas.list", ""},
		{"claude-ai", "teas_list", having("teas.list", "teas_list"), "teas_list", ""},
		{"claude-ai", "own", having("own"), "own", ""},
		{"claude-ai", "tea.list", having("teas.list"), "", " (did you mean teas_list?)"},
		{"inspector", "tea.list", having("teas.list"), "", " (did you mean teas.list?)"},
		{"inspector", "tea.list", having("own"), "", ""}, // the server has none of the nearest
		{"inspector", "teas.list", having("call_read_operation"), "", " (an operation: call it with call_read_operation)"},
		{"inspector", "teas.list", having("own"), "", ""},
		{
			"inspector", "tea.list", having("call_read_operation"), "",
			" (did you mean the operation teas.list? call it with call_read_operation)",
		},
		{
			"claude-ai", "describe_operation", having("describe_operations", "search_operations"), "",
			" (did you mean describe_operations?)",
		},
		{"claude-ai", "search", having("describe_operations", "search_operations"), "", " (did you mean search_operations?)"},
		{
			"claude-ai", "call_operation", having("call_read_operation", "call_write_operation", "search_operations"), "",
			" (did you mean call_read_operation or call_write_operation?)",
		},
		{"claude-ai", "search", having("teas.list"), "", ""}, // the server has no dynamic tools
	} {
		got, advice := d.Resolve(c.client, c.name, c.server)
		if got != c.want || advice != c.advice {
			t.Errorf("%s by %s: got %q and %q, want %q and %q", c.name, c.client, got, advice, c.want, c.advice)
		}
	}
}
