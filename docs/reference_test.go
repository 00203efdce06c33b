package docs_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

const generatedMark = "<!-- generated: go test ./docs -run Reference -update -->\n"

// The reference has a page for each toolset and is made from the tools.
func TestReference(t *testing.T) {
	c, err := client.New("sk_test_1", client.WithBaseURL("http://127.0.0.1:1"))
	if err != nil {
		t.Fatal(err)
	}
	adapter, err := mcpadapter.New(c.API(), &gen.Operations, mcpadapter.WithStrict())
	if err != nil {
		t.Fatal(err)
	}
	pages := map[string]string{}
	for _, tool := range adapter.Tools() {
		file := tool.Toolset() + ".md"
		if pages[file] == "" {
			pages[file] = "# Tools: " + tool.Toolset() + "\n\n" + generatedMark
		}
		pages[file] += section(t, tool)
	}
	pages["README.md"] = index(adapter.Tools())
	files, err := filepath.Glob("tools/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if pages[filepath.Base(file)] != "" {
			continue
		} else if !*update {
			t.Errorf("%s is about no toolset", file)
		} else if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
	for file, want := range pages {
		path := filepath.Join("tools", file)
		if *update {
			if err := os.WriteFile(path, []byte(want), 0o600); err != nil {
				t.Fatal(err)
			}
		} else if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("%s is not what the tools say (%v): run go test ./docs -run Reference -update", path, err)
		}
	}
}

func index(tools []mcpadapter.Tool) string {
	var b strings.Builder
	b.WriteString("# Tools\n\n" + generatedMark + "\n\"Opt-in\" in a description means that WorkOS must enable the " +
		"operation for an environment first.\n[Risks](../adapter.md#risks-and-annotations) are what a call may do.\n" +
		"\n| tool | what it does | risk |\n|---|---|---|\n")
	for _, tool := range tools {
		fmt.Fprintf(&b, "| [`%s`](%s.md#%s) | %s | %v |\n", tool.Name(), tool.Toolset(), anchors("# " + tool.Name())[0],
			tool.Title(), tool.Risk())
	}
	return b.String()
}

// section describes a tool: what it does, its risk, its arguments and an example.
func section(t *testing.T, tool mcpadapter.Tool) string {
	t.Helper()
	var schema struct {
		Properties map[string]property
		Required   []string
	}
	if err := json.Unmarshal(tool.InputSchema(), &schema); err != nil {
		t.Fatalf("%s: %v", tool.Name(), err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n## %s\n\n%s: %s.\n", tool.Name(), tool.Title(), strings.ReplaceAll(tool.Risk().String(), ",", ", "))
	if description := strings.TrimSpace(strings.TrimPrefix(tool.Description(), tool.Title()+".")); description != "" {
		fmt.Fprintf(&b, "\n%s\n", inline(description))
	}
	for _, limit := range tool.Limits() {
		fmt.Fprintf(&b, "\nNot possible: %s\n", inline(limit))
	}
	if len(schema.Properties) > 0 {
		b.WriteString("\n| argument | type | |\n|---|---|---|\n")
	}
	names := slices.SortedFunc(maps.Keys(schema.Properties), func(a, b string) int {
		needA, needB := slices.Contains(schema.Required, a), slices.Contains(schema.Required, b)
		if needA != needB {
			return map[bool]int{true: -1, false: 1}[needA]
		}
		return cmp.Compare(a, b)
	})
	for _, name := range names {
		p := schema.Properties[name]
		required := ""
		if slices.Contains(schema.Required, name) {
			required = ", required"
		}
		fmt.Fprintf(&b, "| `%s` | %s%s | %s |\n", name, p.kind(), required, strings.ReplaceAll(inline(p.Description), "|", `\|`))
	}
	// An unknown argument is rejected with an example of valid ones.
	if f := tool.Invoke(t.Context(), json.RawMessage(`{"unknown argument":1}`)).Failure; f != nil && len(f.Example) > 0 {
		fmt.Fprintf(&b, "\n<!-- not run: an example of valid arguments -->\n```sh\nworkos-mcp tool call %s '%s'\n```\n",
			tool.Name(), strings.ReplaceAll(string(f.Example), "'", `'\''`))
	}
	return b.String()
}

type property struct {
	Type        any
	Enum        []any
	Description string
}

// kind returns the types of a property, or its values if they are few.
func (p property) kind() string {
	const few = 6
	if n := len(p.Enum); n > 0 && n <= few {
		var values []string
		for _, v := range p.Enum {
			values = append(values, fmt.Sprintf("`%v`", v))
		}
		return strings.Join(values, ", ")
	}
	switch v := p.Type.(type) {
	case string:
		return v
	case []any:
		var kinds []string
		for _, kind := range v {
			kinds = append(kinds, fmt.Sprint(kind))
		}
		return strings.Join(kinds, " or ")
	}
	return "any"
}

// inline keeps a text on one line.
func inline(text string) string {
	return strings.Join(strings.Fields(text), " ")
}
