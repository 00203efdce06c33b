package serve

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

func rpc(method, params string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":%q,"params":%s}`, method, params)
}

func readOf(uri string) string { return rpc("resources/read", fmt.Sprintf(`{"uri":%q}`, uri)) }

// Resources have what the caller may call, in the names that its client is given, and cost the API nothing.
func TestResources(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	handler := store.handler(t, HTTPOptions{})
	const claude, inspector, readOnly = "claude-ai", "mcp-inspector", "X-MCP-Readonly"
	store.exchange(t, handler, []exchange{
		{"list", rpc("resources/list", `{}`), nil, []string{`"uri":"shop-mcp://catalogue"`, `"mimeType":"text/markdown"`}, nil},
		{
			"templates", rpc("resources/templates/list", `{}`), nil,
			[]string{`"uriTemplate":"shop-mcp://operations/{name}"`, `"title":"Documentation of an operation"`}, nil,
		},
		{"catalogue", readOf("shop-mcp://catalogue"), nil, []string{"teas: list(read) create"}, nil},
		{"narrowed", readOf("shop-mcp://catalogue"), []string{readOnly, "true"}, []string{"teas: list(read)"}, []string{"tastings"}},
		{
			"documentation", readOf("shop-mcp://operations/teas.delete"), []string{"User-Agent", inspector},
			[]string{"# teas.delete", "Remove a tea.", "- Risk: destroys. A person confirms", "| `tea_id` |", `## Example`}, nil,
		},
		{
			"another style", readOf("shop-mcp://operations/teas_delete"), []string{"User-Agent", claude},
			[]string{"# teas_delete", "teas_delete({tea_id"}, []string{"teas.delete"},
		},
		{
			"filtered", readOf("shop-mcp://operations/teas.delete"), []string{readOnly, "true"},
			[]string{`"code":-32002`, "no such operation"}, []string{"Remove a tea"},
		},
		{"unknown", readOf("shop-mcp://operations/no.tea"), nil, []string{`"code":-32002`, "no such operation"}, nil},
		{"no name", readOf("shop-mcp://operations/"), nil, []string{`"code":-32002`}, nil},
		{"another scheme", readOf("operations://catalogue"), nil, []string{`"code":-32002`}, nil},
	})
}

// In the other modes operations are called by their own names, whatever the client accepts as the name of a tool.
func TestDocumentationInDynamicMode(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	got := store.askStdio(t, initialize+"\n"+readOf("shop-mcp://operations/teas.delete")+"\n", "--mode", "dynamic", "--names", "short")
	if !strings.Contains(got, "# teas.delete") {
		t.Errorf("got %s, want the name with dots", got)
	}
}

func TestSchemesOfResources(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"workos": "workos", "Notes_API": "notes-api", "9to5": "api-9to5", "": "api-", "a.b": "a.b", "é": "api--",
	} {
		got := resourceScheme(name)
		if got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
	if (flags{mode: modeCode}).calledAs("claude-ai") != mcpadapter.NamesDots {
		t.Error("got another style, want dots for programs")
	}
}
