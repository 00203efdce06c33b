package main

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

// asked is a request in plain words with the operations of which one answers it.
type asked struct {
	request string
	want    []string
}

// requests reads a file of testdata.
func requests(t *testing.T, name string) []asked {
	t.Helper()
	file, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var list []asked
	for line := range strings.Lines(string(file)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		request, names, ok := strings.Cut(line, " -> ")
		if !ok {
			t.Fatalf("%q names no operation", line)
		}
		list = append(list, asked{request, strings.Fields(names)})
	}
	return list
}

// The requests are of all toolsets and name operations that there are.
func TestRequestsCoverTheAPI(t *testing.T) {
	toolsets, missing := map[string]string{}, map[string]bool{}
	for _, op := range gen.Operations.Operations {
		toolsets[op.ID] = op.Toolset
		missing[op.Toolset] = true
	}
	list := requests(t, "requests.txt")
	if len(list) < 120 {
		t.Errorf("got %d requests, want at least 120", len(list))
	}
	for _, r := range list {
		for _, name := range r.want {
			if toolsets[name] == "" {
				t.Errorf("%s: there is no operation %s", r.request, name)
			}
			delete(missing, toolsets[name])
		}
	}
	for toolset := range missing {
		t.Errorf("no request asks for an operation of %s", toolset)
	}
}

// searchFigures are what the search achieves on a list of requests.
type searchFigures struct{ requests, first, amongFive, unsafe int }

// add counts one request by the tools found for it, and reports whether none of the first five is right.
func (f *searchFigures) add(tools []mcpadapter.Tool, want []string, safe bool) (missed bool) {
	f.requests++
	at := slices.IndexFunc(tools, func(tool mcpadapter.Tool) bool { return slices.Contains(want, tool.Name()) })
	if at == 0 {
		f.first++
	}
	if at >= 0 {
		f.amongFive++
	}
	if safe && len(tools) > 0 && tools[0].Risk().Has(mcpadapter.RiskDestroys) {
		f.unsafe++
	}
	return at < 0
}

func (f *searchFigures) recall(n int) float64 { return float64(n) / float64(f.requests) }

func (f *searchFigures) String() string {
	return fmt.Sprintf("%d requests: recall@1 %.1f %%, recall@5 %.1f %%, safe ones with a destructive first result: %d",
		f.requests, 100*f.recall(f.first), 100*f.recall(f.amongFive), f.unsafe)
}

// The requests in somebody's own words find a right operation among the first five, and those that mean to end nothing
// never find an operation that destroys first. Only files that search is tuned on say which requests miss.
func TestSearchFindsWhatPeopleAskFor(t *testing.T) {
	const amongFirst = 5
	adapter := withoutEnvironment(t)
	for _, c := range searchFiles() {
		var figures searchFigures
		for _, r := range readSearchRequests(t, c.name) {
			tools := adapter.Search(t.Context(), r.Request, amongFirst)
			unsafe := figures.unsafe
			if missed := figures.add(tools, r.Accept, r.Safe); c.tuned && (missed || figures.unsafe > unsafe) {
				t.Logf("%q: got %v, want one of %v (safe: %t)", r.Request, toolNames(tools), r.Accept, r.Safe)
			}
		}
		t.Logf("%s: %v", c.name, &figures)
		if figures.recall(figures.amongFive) < c.least || figures.unsafe > c.unsafe {
			t.Errorf("%s: %v; want recall@5 of %.0f %% and at most %d", c.name, &figures, 100*c.least, c.unsafe)
		}
	}
	for name, least := range map[string]float64{"requests.txt": 0.97, "requests-unseen.txt": 0.94} {
		var figures searchFigures
		for _, r := range requests(t, name) {
			tools := adapter.Search(t.Context(), r.request, amongFirst)
			if figures.add(tools, r.want, false) && name == "requests.txt" { // the others stay unseen
				t.Logf("%q: got %v, want one of %v", r.request, toolNames(tools), r.want)
			}
		}
		t.Logf("%s: %v", name, &figures)
		if figures.recall(figures.amongFive) < least {
			t.Errorf("%s: %v; want recall@5 of %.0f %%", name, &figures, 100*least)
		}
	}
}

func toolNames(tools []mcpadapter.Tool) []string {
	var names []string
	for _, t := range tools {
		names = append(names, t.Name())
	}
	return names
}

func TestTheShellSearches(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string // in the first line
	}{
		{[]string{"delete", "an", "organization"}, "organizations.delete"},
		{[]string{"delete an organization", "--toolset", "groups"}, "organizations.groups.delete"},
		{[]string{"secret", "--read-only", "--toolset=vault", "--limit", "1"}, "vault.kv."},
	} {
		o := execute(t, nil, "", append([]string{"tool", "search"}, c.args...)...)
		first, rest, _ := strings.Cut(o.stdout, "\n")
		if o.code != exitOK || !strings.HasPrefix(first, c.want) {
			t.Errorf("%v: got %d %s%s, want %s first", c.args, o.code, o.stdout, o.stderr, c.want)
		}
		if slices.Contains(c.args, "1") && rest != "" {
			t.Errorf("%v: got %s, want one line", c.args, o.stdout)
		}
	}
	o := execute(t, nil, "", "tool", "search", "secret", "--toolset", "vaults")
	if o.code != exitUsage || !strings.Contains(o.stderr, "did you mean vault?") {
		t.Errorf("got %d %s, want 2 and the nearest toolset", o.code, o.stderr)
	}
	if o := execute(t, nil, "", "tool", "search"); o.code != exitUsage {
		t.Errorf("without words: got %d, want 2", o.code)
	}
}
