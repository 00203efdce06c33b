package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
)

// A call whose arguments cannot be had is not sent without them.
func TestACallWithoutItsArgumentsIsNotSent(t *testing.T) {
	u := newUpstream(t, answer(acme))
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1"}
	for _, c := range []struct {
		from, stdin string
		args        []string
		code        int
	}{
		{from: "@" + t.TempDir(), code: exitFailed},
		{from: "-", stdin: strings.Repeat(" ", 4<<20+1), code: exitFailed},
		{from: "-", stdin: "{", code: exitFailed},
		{from: "{}", args: []string{"--nope"}, code: exitUsage},
		{from: "{}", args: []string{"{}"}, code: exitUsage},
		{from: "{}", args: []string{"--deny", "organizations.list"}, code: exitFailed},
		{from: "{}", args: []string{"--toolsets", "x"}, code: exitUsage},
		{from: "{}", args: []string{"--max-result-bytes", "1023"}, code: exitUsage},
		{from: "{}", args: []string{"--max-elements", "-1"}, code: exitUsage},
	} {
		o := execute(t, env, c.stdin, append([]string{"tool", "call", "organizations.list", c.from}, c.args...)...)
		if o.code != c.code || o.stdout != "" || !strings.HasPrefix(o.stderr, "workos-mcp: ") ||
			strings.Contains(o.stderr, "Run '") != (c.code == exitUsage) {
			t.Errorf("%q %q: got %d %q %q, want %d and a message", c.from, c.args, o.code, o.stdout, o.stderr, c.code)
		}
		u.wantSent(t, c.from, 0)
	}
}

func TestWhatIsReadFromTextIsTold(t *testing.T) {
	u := newUpstream(t, answer(acme))
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1"}
	for arguments, want := range map[string]string{
		`{"name":"Acme","metadata":"{\"a\":\"b\"}"}`: "workos-mcp: read from text: metadata\n",
		`{"name":"Acme","metadata":{"a":"b"}}`:       "",
	} {
		o := execute(t, env, "", "tool", "call", "organizations.create", arguments)
		if o.code != exitOK || o.stderr != want || !strings.Contains(o.stdout, "org_1") {
			t.Errorf("%s: got %d %s%q, want %q", arguments, o.code, o.stdout, o.stderr, want)
		}
		u.wantSent(t, arguments, 1)
	}
}

func TestListsAreOfWhatIsAskedFor(t *testing.T) {
	var all []string
	for _, op := range gen.Operations.Operations {
		all = append(all, op.ID)
	}
	for _, prefix := range []string{"", "vault.kv.", "o", "organizations.create", "x", "kv"} {
		var want []string
		for _, name := range all {
			if strings.HasPrefix(name, prefix) {
				want = append(want, name)
			}
		}
		var got, table []string
		for _, e := range listed(t, prefix) {
			got = append(got, e.Name)
		}
		for line := range strings.Lines(execute(t, nil, "", "tool", "list", prefix).stdout) {
			table = append(table, strings.Fields(line)[0])
		}
		slices.Sort(got)
		slices.Sort(table)
		slices.Sort(want)
		if !slices.Equal(got, want) || !slices.Equal(table, want) {
			t.Errorf("%q: got %d as JSON and %d in the table, want %d", prefix, len(got), len(table), len(want))
		}
	}
	for _, e := range listed(t, "organizations.get") {
		tool, err := withoutEnvironment(t).Tool(e.Name)
		if err != nil {
			t.Fatal(err)
		}
		if want := (entry{tool.Name(), tool.Title(), tool.Description(), "organizations"}); e != want {
			t.Errorf("got %+v, want %+v", e, want)
		}
	}
	o := execute(t, nil, "", "tool", "list", "organizations.get")
	if want := "organizations.get  Get an Organization\n"; !strings.EqualFold(o.stdout, want) {
		t.Errorf("got %q, want %q", o.stdout, want)
	}
	if o := execute(t, nil, "", "tool", "list", "--json", "x"); o.stdout != "[]\n" {
		t.Errorf("got %q, want an empty list", o.stdout)
	}
}

func TestASearchPrintsSoManyOfItsToolsets(t *testing.T) {
	for _, c := range []struct {
		args []string
		want int
	}{
		{nil, 5}, {[]string{"--limit", "1"}, 1}, {[]string{"--limit", "2"}, 2}, {[]string{"--limit", "6"}, 6},
	} {
		o := execute(t, nil, "", append([]string{"tool", "search", "list", "users"}, c.args...)...)
		if got := strings.Count(o.stdout, "\n"); o.code != exitOK || got != c.want {
			t.Errorf("%v: got %d and %d lines, want %d", c.args, o.code, got, c.want)
		}
	}
	for _, toolsets := range []string{"vault", "vault,events", "events , vault,groups"} {
		o := execute(t, nil, "", "tool", "search", "list", "--limit", "50", "--toolset", toolsets)
		found := map[string]bool{}
		for line := range strings.Lines(o.stdout) {
			name, _, _ := strings.Cut(line, "(")
			tool, err := withoutEnvironment(t).Tool(name)
			if err != nil {
				t.Fatal(err)
			}
			found[tool.Toolset()] = true
		}
		for _, toolset := range []string{"vault", "events", "groups", "organizations"} {
			if want := strings.Contains(toolsets, toolset); found[toolset] != want {
				t.Errorf("%s: got %v, want %s: %t", toolsets, found, toolset, want)
			}
		}
	}
}

func TestCommandsTakeSoManyArguments(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"tool"}, "expected a command after tool: list, search, get, types or call"},
		{[]string{"tool", "describe", "x"}, `unknown command "describe" for tool: expected list, search, get, types or call`},
		{[]string{"tool", "list", "a", "b"}, `unexpected argument "b": expected one prefix; to search by words: workos-mcp tool search a b`},
		{[]string{"tool", "search"}, "expected words after tool search, such as invite a user"},
		{[]string{"tool", "get"}, "expected the name of a tool after tool get; workos-mcp tool list has them, and workos-mcp tool search finds one by words"},
		{[]string{"tool", "get", "a", "b"}, "expected one name after tool get, got 2 words"},
		{[]string{"tool", "call"}, "expected the name of a tool after tool call; workos-mcp tool list has them, and workos-mcp tool search finds one by words"},
		{[]string{"tool", "call", "organizations.get", "b", "c"}, `argument "b": want name=value, a JSON object, @FILE or -; did you mean id=b?`},
		{[]string{"version", "a"}, `unexpected argument "a" after version`},
		{[]string{"stdio", "a"}, `unexpected argument "a" after stdio`},
		{[]string{"http", "a"}, `unexpected argument "a" after http`},
		{[]string{"a"}, `unknown command "a": expected completion, config, doctor, http, init, sandbox, stdio, tool, version`},
		{[]string{"htp"}, `unknown command "htp"; did you mean http?`},
		{[]string{"organizations.list"}, `unknown command "organizations.list"; did you mean workos-mcp tool call organizations.list?`},
		{[]string{"tool", "list", "--toolset", "vault"}, "unknown flag: --toolset; did you mean --toolsets?"},
		{
			[]string{"tool", "list", "--json=x"},
			`--json: invalid value "x": want true or false`,
		},
		{
			[]string{"--names", "x"},
			`--names: unknown style "x": want auto, dots, underscore or short`,
		},
		{[]string{"--toolsets", "a,"}, `--toolsets: the list has an empty entry`},
	} {
		o := executeStopped(t, nil, c.args...)
		if o.code != exitUsage || withoutUsage(o.stderr) != "workos-mcp: "+c.want || o.stdout != "" {
			t.Errorf("%q: got %d %q%q, want %d and %q", c.args, o.code, o.stdout, o.stderr, exitUsage, c.want)
		}
	}
}

// A flag that may stand alone takes a word behind it for no value, which is easily overlooked.
func TestAValueBehindAFlagThatMayStandAloneIsExplained(t *testing.T) {
	const hint = "\nA value of --sandbox stands behind =, as in --sandbox=state.json\n"
	for _, c := range []struct {
		args []string
		want string // "": no hint
	}{
		{[]string{"--sandbox", "state.json", "tool", "list"}, hint},
		{[]string{"http", "--sandbox", "state.json"}, hint},
		{[]string{"tool", "call", "organizations.list", "--sandbox", "state.json"}, hint},
		{[]string{"stdio", "--read-only", "false"}, "\nA value of --read-only stands behind =, as in --read-only=false\n"},
		{[]string{"stdio", "--read-only", "x"}, ""},
		{[]string{"stdio", "--sandbox=a", "state.json"}, ""},
		{[]string{"stdio", "state.json", "--sandbox"}, ""},
		{[]string{"--sandbox", "organizations.list"}, ""}, // the call of a tool
		{[]string{"--sandbox", "htp"}, ""},                // a command
		{[]string{"--sandbox", "http", "x"}, ""},
	} {
		o := executeStopped(t, nil, c.args...)
		said := strings.Contains(o.stderr, "stands behind =")
		if o.code != exitUsage || said != (c.want != "") || !strings.Contains(o.stderr, c.want) {
			t.Errorf("%q: got %d %q, want %d and %q", c.args, o.code, o.stderr, exitUsage, c.want)
		}
	}
}

var usageLine = regexp.MustCompile(`\nRun 'workos-mcp( [a-z ]+)? --help' for usage\.\n$`)

// withoutUsage returns an error without the line that says where its command is explained.
func withoutUsage(stderr string) string { return usageLine.ReplaceAllString(stderr, "") }
