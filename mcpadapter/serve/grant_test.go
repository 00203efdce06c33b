package serve

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

func shopAdapter(t *testing.T) *mcpadapter.Adapter {
	t.Helper()
	adapter, err := newProgram(newStore(t).api(), Process{Stderr: io.Discard}).shellAdapter(flags{})
	if err != nil {
		t.Fatal(err)
	}
	return adapter
}

// A caller may call what any of its grants permits, and nothing else.
func TestWhatGrantsPermit(t *testing.T) {
	adapter := shopAdapter(t)
	g, err := newGrants([]string{
		"admin=all", "viewer=read-only", "tea=toolset:teas,read-only", "adder=allow:teas.create,allow:facts.add",
		"careful=all,deny:*.delete,confirm:writes", "nothing=read-only,allow:teas.create", "half = toolset:teas, deny:teas.delete",
	}, adapter)
	if err != nil {
		t.Fatal(err)
	}
	all := len(adapter.Tools())
	for _, c := range []struct {
		names []string
		scope string
		may   []string // "": an error
		not   []string
		count int // 0: any
	}{
		{[]string{"admin"}, "admin", []string{"teas.delete", "teas.list"}, nil, all},
		{[]string{"viewer", "x"}, "viewer", []string{"teas.list"}, []string{"teas.create", "teas.delete", "facts.add"}, 0},
		{[]string{"tea"}, "tea", []string{"teas.list"}, []string{"bins.get", "teas.create"}, 0},
		{[]string{"adder"}, "adder", []string{"teas.create", "facts.add"}, []string{"teas.list"}, 2},
		{[]string{"adder", "tea"}, "tea\nadder", []string{"teas.create", "teas.list"}, []string{"teas.delete", "bins.get"}, 0},
		{[]string{"viewer", "admin"}, "admin\nviewer", []string{"teas.delete"}, nil, all},
		{[]string{"careful"}, "careful", []string{"teas.create"}, []string{"teas.delete"}, 0},
		{[]string{"half"}, "half", []string{"teas.create"}, []string{"teas.delete", "facts.add"}, 0},
		{[]string{"nothing"}, "nothing", []string{}, []string{"teas.create", "teas.list"}, -1},
	} {
		for range 2 { // the second time from the cache
			ctx, scope, err := g.apply(t.Context(), c.names)
			if err != nil || scope != c.scope {
				t.Errorf("%v: got %q %v, want %q", c.names, scope, err, c.scope)
				continue
			}
			var got []string
			for _, tool := range adapter.Tools() {
				if tool.Permitted(ctx) {
					got = append(got, tool.Name())
				}
			}
			for _, name := range c.may {
				if !slices.Contains(got, name) {
					t.Errorf("%v: got %v, want %s", c.names, got, name)
				}
			}
			for _, name := range c.not {
				if slices.Contains(got, name) {
					t.Errorf("%v: got %v, want it without %s", c.names, got, name)
				}
			}
			if c.count > 0 && len(got) != c.count || c.count < 0 && got != nil {
				t.Errorf("%v: got %d operations, want %d", c.names, len(got), c.count)
			}
			if narrowed, err := adapter.Narrow(ctx, mcpadapter.Filter{Toolsets: []string{"facts"}}); err != nil {
				t.Error(err)
			} else if tool, _ := adapter.Tool("teas.list"); tool.Permitted(narrowed) {
				t.Errorf("%v: a request cannot narrow it", c.names)
			}
		}
	}
	create, err := adapter.Tool("teas.create")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{"careful": true, "admin": false} {
		ctx, _, err := g.apply(t.Context(), []string{name})
		if err != nil || create.MayConfirm(ctx) != want {
			t.Errorf("%s: got %t %v, want a confirmation: %t", name, create.MayConfirm(ctx), err, want)
		}
	}
	for _, names := range [][]string{nil, {""}, {"Admin"}, {"*"}} {
		if ctx, _, err := g.apply(t.Context(), names); err == nil || ctx != nil {
			t.Errorf("%q: got %v, want an error", names, ctx)
		}
	}
	open, err := newGrants([]string{"*=read-only"}, adapter)
	if err != nil {
		t.Fatal(err)
	}
	if ctx, _, err := open.apply(context.Background(), nil); err != nil || create.Permitted(ctx) {
		t.Errorf("got %v, want everybody to read", err)
	}
}

func TestGrantsThatMeanNothing(t *testing.T) {
	adapter := shopAdapter(t)
	for text, want := range map[string]string{
		"":                    `--grant: "": want a role or permission and what it permits`,
		"admin":               `--grant: "admin": want a role`,
		"=all":                `--grant: "=all": want a role`,
		"a=":                  `--grant: a: unknown part ""`,
		"a=readonly":          `--grant: a: unknown part "readonly": want all, read-only, toolset:…, allow:…, deny:… or confirm:…; did you mean read-only?`,
		"a=all,":              `--grant: a: unknown part ""`,
		"a=all:x":             `--grant: a: part "all:x": want a value`,
		"a=toolset:":          `--grant: a: part "toolset:": want a value`,
		"a=toolset:tea":       `--grant: --grant a: unknown toolset "tea"; did you mean teas?`,
		"a=allow:nothing.*":   `--grant: --grant a: "nothing.*" matches no operation`,
		"a=confirm:sometimes": `--grant: a: unknown policy "sometimes": want none, risky or writes`,
	} {
		_, err := newGrants([]string{text}, adapter)
		if ExitCode(err) != ExitUsage || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: got %v, want %s", text, err, want)
		}
	}
	if _, err := newGrants([]string{"a=all", "a=read-only"}, adapter); err == nil || err.Error() != "--grant: a: it occurs twice" {
		t.Errorf("got %v, want a refusal", err)
	}
	if _, err := newGrants(slices.Repeat([]string{"a=all"}, maxGrants+1), adapter); ExitCode(err) != ExitUsage {
		t.Errorf("got %v, want a limit", err)
	}
}
