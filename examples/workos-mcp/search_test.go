package main

import (
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

// Of the requests in plain words at least 95 % find a right operation among the first five, and of those that the
// search was not tuned for at least 80 %.
func TestSearchFindsWhatPeopleAskFor(t *testing.T) {
	const first = 5
	adapter := withoutEnvironment(t)
	for name, least := range map[string]float64{"requests.txt": 0.95, "requests-unseen.txt": 0.80} {
		list := requests(t, name)
		found, at := 0, make([]int, first)
		for _, r := range list {
			tools := adapter.Search(t.Context(), r.request, first)
			i := slices.IndexFunc(tools, func(tool mcpadapter.Tool) bool { return slices.Contains(r.want, tool.Name()) })
			if i >= 0 {
				found++
				at[i]++
			} else if name == "requests.txt" { // the others stay unseen
				t.Logf("%s: %s, not one of %v", r.request, toolNames(tools), r.want)
			}
		}
		recall := float64(found) / float64(len(list))
		t.Logf("%s: %d of %d requests (%.1f %%) find a right operation among the first %d; by place %v",
			name, found, len(list), 100*recall, first, at)
		if recall < least {
			t.Errorf("%s: got %.1f %%, want %.0f %%", name, 100*recall, 100*least)
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
