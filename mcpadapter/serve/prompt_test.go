package serve

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"
)

// shopPrompts has one that only reads, and one that needs more.
func shopPrompts() ([]Prompt, error) {
	return []Prompt{
		{
			Name: "find_tea", Title: "Find a tea", Description: "Find a tea.",
			Arguments: []PromptArgument{
				{Name: "taste", Description: "What it tastes of.", Required: true, Values: []string{"floral", "smoky", "Malty"}},
				{Name: "order", Operation: "teas.list", Argument: "in_stock"},
				{Name: "free"},
			},
			Text: `Find "{{.taste}}" with {{tool "teas.list"}}{{if .order}}, in order {{.order}}{{end}}.`,
		},
		{
			Name: "remove_tea", Title: "Remove a tea",
			Text: `{{if .}}Look with {{tool "teas.list"}}.{{else}}Remove with {{tool "teas.delete"}}.{{end}}`,
		},
	}, nil
}

func TestPrompts(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	store.prompts = shopPrompts
	handler := store.handler(t, HTTPOptions{})
	const readOnly = "X-MCP-Readonly"
	store.exchange(t, handler, []exchange{
		{
			"list", rpc("prompts/list", `{}`), nil,
			[]string{`"name":"find_tea","title":"Find a tea"`, `"required":true`, "remove_tea"}, nil,
		},
		{
			"narrowed by a tool in any branch", rpc("prompts/list", `{}`), []string{readOnly, "true"},
			[]string{"find_tea"}, []string{"remove_tea"},
		},
		{
			"get", rpc("prompts/get", `{"name":"find_tea","arguments":{"taste":" smoke <b> {{.order}} "}}`), nil,
			[]string{`"role":"user"`, `Find \"smoke \u003cb\u003e {{.order}}\" with teas_list.`}, nil,
		},
		{
			"in another style", rpc("prompts/get", `{"name":"find_tea","arguments":{"taste":"x","order":"asc"}}`),
			[]string{"User-Agent", "mcp-inspector"}, []string{`with teas.list, in order asc.`}, nil,
		},
		{
			"without a required argument", rpc("prompts/get", `{"name":"find_tea","arguments":{"taste":" "}}`), nil,
			[]string{`"code":-32602`, "find_tea without taste"}, nil,
		},
		{
			"filtered", rpc("prompts/get", `{"name":"remove_tea"}`), []string{readOnly, "true"},
			[]string{`"code":-32602`}, []string{"teas"},
		},
		{"unknown", rpc("prompts/get", `{"name":"no_tea"}`), nil, []string{`"code":-32602`}, nil},
	})
}

// A prompt that names what does not exist is a fault of the program.
func TestFaultyPromptsAreRefused(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]Prompt{
		"no tool":     {Name: "a", Text: `{{tool "no.tea"}}`},
		"no argument": {Name: "a", Text: `{{.no}}`},
		"no template": {Name: "a", Text: `{{`},
		"no text":     {Name: "a"},
		"no name":     {Text: "x"},
	} {
		store := newStore(t)
		store.prompts = func() ([]Prompt, error) { return []Prompt{p}, nil }
		var stderr strings.Builder
		code := Run(t.Context(), store.api(), Process{
			Args: []string{"stdio"}, Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: &stderr,
		})
		if code != ExitFailed || !strings.Contains(stderr.String(), `prompt "`+p.Name+`"`) {
			t.Errorf("%s: got %d %s, want it refused", name, code, &stderr)
		}
	}
}

func TestCompletions(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	store.prompts = shopPrompts
	handler := store.handler(t, HTTPOptions{})
	prompt := func(name, argument, value string) string {
		return rpc("completion/complete", `{"ref":{"type":"ref/prompt","name":"`+name+`"},"argument":{"name":"`+argument+
			`","value":"`+value+`"}}`)
	}
	resource := func(uri, argument, value string) string {
		return rpc("completion/complete", `{"ref":{"type":"ref/resource","uri":"`+uri+`"},"argument":{"name":"`+argument+
			`","value":"`+value+`"}}`)
	}
	const template = "shop-mcp://operations/{name}"
	for _, c := range []struct {
		name, message string
		headers       []string
		want          []string
	}{
		{"all", prompt("find_tea", "taste", ""), nil, []string{"floral", "smoky", "Malty"}},
		{"begun first, in any case", prompt("find_tea", "taste", "m"), nil, []string{"Malty", "smoky"}},
		{"of an operation", prompt("find_tea", "order", "TR"), nil, []string{"true"}},
		{"anything", prompt("find_tea", "free", "a"), nil, nil},
		{"no argument", prompt("find_tea", "no", "a"), nil, nil},
		{"no prompt", prompt("no", "taste", ""), nil, nil},
		{"names", resource(template, "name", "teas_"), nil, []string{"teas_list", "teas_create", "teas_update", "teas_delete"}},
		{"names in another style", resource(template, "name", "Teas.l"), nil, []string{"teas_list"}},
		{"permitted names", resource(template, "name", "teas_"), []string{"X-MCP-Readonly", "true"}, []string{"teas_list"}},
		{"no variable", resource(template, "no", "teas"), nil, nil},
		{"no template", resource("shop-mcp://{name}", "name", "teas"), nil, nil},
	} {
		got := store.ask(t, handler, c.message, c.headers...)
		var response struct {
			Result *struct {
				Completion struct{ Values []string }
			}
		}
		err := json.Unmarshal([]byte(got), &response)
		if err != nil || response.Result == nil || !slices.Equal(response.Result.Completion.Values, c.want) {
			t.Errorf("%s: got %v and %s, want %v", c.name, err, got, c.want)
		}
	}
	if n := store.requests.Load(); n != 0 {
		t.Errorf("got %d requests on the wire, want none", n)
	}
}

func TestCompletionsAreLimited(t *testing.T) {
	t.Parallel()
	got := complete(slices.Repeat([]string{"a"}, 101), "")
	if len(got.Values) != 100 || got.Total != 101 || !got.HasMore {
		t.Errorf("got %d of %d, more: %t; want 100 of 101", len(got.Values), got.Total, got.HasMore)
	}
	if got = complete(slices.Repeat([]string{"a"}, 100), "a"); len(got.Values) != 100 || got.HasMore {
		t.Errorf("got %d, more: %t; want 100", len(got.Values), got.HasMore)
	}
}
