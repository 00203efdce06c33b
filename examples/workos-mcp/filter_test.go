package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

// bound is a kind of filter with a value for it.
type bound struct {
	flag, env, header string
	value             string
	permits           func(mcpadapter.Tool) bool
}

func bounds() []bound {
	globs := func(tool mcpadapter.Tool, globs ...string) bool {
		return slices.ContainsFunc(globs, func(glob string) bool {
			ok, err := path.Match(glob, tool.Name())
			return ok && err == nil
		})
	}
	return []bound{
		{
			"toolsets", "WORKOS_MCP_TOOLSETS", "X-MCP-Toolsets", "organizations, vault",
			func(t mcpadapter.Tool) bool { return t.Toolset() == "organizations" || t.Toolset() == "vault" },
		},
		{
			"allow", "WORKOS_MCP_ALLOW", "X-MCP-Allow", "*.get,vault.kv.delete",
			func(t mcpadapter.Tool) bool { return globs(t, "*.get", "vault.kv.delete") },
		},
		{
			"deny", "WORKOS_MCP_DENY", "X-MCP-Deny", "*.delete,user_management.*",
			func(t mcpadapter.Tool) bool { return !globs(t, "*.delete", "user_management.*") },
		},
		{
			"read-only", "WORKOS_MCP_READ_ONLY", "X-MCP-Readonly", "true",
			func(t mcpadapter.Tool) bool { return t.Annotations().ReadOnly },
		},
	}
}

// every is each operation with valid arguments.
func every(t *testing.T) map[mcpadapter.Tool]string {
	t.Helper()
	arguments := map[mcpadapter.Tool]string{}
	for _, tool := range withoutEnvironment(t).Tools() {
		valid := `{}`
		if r := tool.Invoke(t.Context(), json.RawMessage(valid)); r.Failure.Example != nil {
			valid = string(r.Failure.Example)
		}
		arguments[tool] = valid
	}
	return arguments
}

// operations are the names of those that reached the wire, sorted.
func (u *upstream) operations(t *testing.T) []string {
	t.Helper()
	router := optable.NewRouter(gen.Routes)
	reached := map[string]bool{}
	for _, r := range u.seen() {
		route := router.Match(r.Method, r.URL.EscapedPath())
		if route == nil {
			t.Fatalf("%s %s is no operation", r.Method, r.URL)
		}
		reached[route.ID] = true
	}
	return slices.Sorted(maps.Keys(reached))
}

// session is a way to list tools and to send calls, whose answers come in their order.
type session struct {
	list func() string
	call func(bodies []string) []string
}

// openStdio answers each use by a run of the program.
func openStdio(t *testing.T, env map[string]string, args ...string) session {
	t.Helper()
	run := func(bodies []string) []string {
		o := execute(t, env, strings.Join(append([]string{initialize}, bodies...), "\n")+"\n",
			append([]string{"stdio", "--log-level", "error"}, args...)...)
		if o.code != exitOK {
			t.Fatalf("exit code %d: %s", o.code, o.stderr)
		}
		answers := make([]string, len(bodies)+1)
		for line := range strings.Lines(o.stdout) {
			var m struct{ ID int }
			if err := json.Unmarshal([]byte(line), &m); err != nil {
				t.Fatal(err)
			}
			answers[m.ID] = line
		}
		return answers[1:]
	}
	return session{
		list: func() string { return run([]string{listTools})[0] },
		call: run,
	}
}

func openHTTP(t *testing.T, env map[string]string, header http.Header, args ...string) session {
	t.Helper()
	url, _ := startHTTP(t, env, args...)
	header = maps.Clone(header)
	if header == nil {
		header = http.Header{}
	}
	header["X-Bearer"], header["X-Access_token"] = []string{"sk_test_1"}, []string{"tok_1"}
	header["X-Platform"] = []string{"platform_1"}
	send := func(body string) string {
		header = header.Clone()
		if header == nil {
			header = http.Header{}
		}
		header.Set("User-Agent", "mcp-inspector") // which gets the names as they are
		status, answer := post(t, url+mcpPath, body, header)
		if status != http.StatusOK {
			t.Fatalf("got %d %s", status, answer)
		}
		return answer
	}
	return session{
		list: func() string { return send(listTools) },
		call: func(bodies []string) []string {
			answers := make([]string, len(bodies))
			for i, body := range bodies {
				answers[i] = send(body)
			}
			return answers
		},
	}
}

// Whatever sets a filter, over every transport and in each mode exactly the operations that it permits are sent, and
// listed where they are.
func TestFiltersHoldForEveryOperation(t *testing.T) {
	u := newUpstream(t, answer(`{}`))
	arguments := every(t)
	tools := slices.SortedFunc(maps.Keys(arguments), func(a, b mcpadapter.Tool) int {
		return strings.Compare(a.Name(), b.Name())
	})
	called := sampled(tools, 5) // all are listed
	env := map[string]string{
		"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1", "WORKOS_ACCESS_TOKEN": "tok_1",
		"WORKOS_PLATFORM_TOKEN": "platform_1", confirmEnv: "none",
	}
	for _, b := range bounds() {
		set := maps.Clone(env)
		set[b.env] = b.value
		flag := "--" + b.flag + "=" + b.value
		header := http.Header{http.CanonicalHeaderKey(b.header): {b.value}}
		const dynamic = "--mode=dynamic"
		for source, s := range map[string]session{
			"stdio, flag":           openStdio(t, env, flag),
			"stdio, env":            openStdio(t, set),
			"HTTP, flag":            openHTTP(t, env, nil, flag),
			"HTTP, env":             openHTTP(t, set, nil),
			"HTTP, header":          openHTTP(t, env, header),
			"dynamic, stdio, flag":  openStdio(t, env, flag, "--mode=dynamic"),
			"dynamic, stdio, env":   openStdio(t, set, "--mode=dynamic"),
			"dynamic, HTTP, env":    openHTTP(t, set, nil, dynamic),
			"dynamic, HTTP, header": openHTTP(t, env, header, dynamic),
		} {
			what := b.flag + " over " + source
			isDynamic := strings.HasPrefix(source, "dynamic")
			var wantListed, want, bodies []string
			callers := map[string]bool{"search_operations": true, "describe_operations": true}
			for _, tool := range tools {
				if b.permits(tool) {
					wantListed = append(wantListed, tool.Name())
					callers["call_"+tool.Risk().Effect().String()+"_operation"] = true
				}
			}
			for i, tool := range called {
				caller := "call_" + tool.Risk().Effect().String() + "_operation"
				if b.permits(tool) {
					want = append(want, tool.Name())
				}
				body := callBody(i+1, tool.Name(), arguments[tool])
				if isDynamic {
					body = callBody(i+1, caller, fmt.Sprintf(`{"operation":%q,"arguments":%s}`, tool.Name(), arguments[tool]))
				}
				bodies = append(bodies, body)
			}
			if isDynamic {
				wantListed = slices.Sorted(maps.Keys(callers))
			}
			if got := listedNames(t, s.list()); !slices.Equal(got, wantListed) {
				t.Errorf("%s: got %d tools listed, want %d", what, len(got), len(wantListed))
			}
			u.forget()
			for i, answer := range s.call(bodies) {
				refused := strings.Contains(answer, `"code":"filtered"`) && strings.Contains(answer, `"isError":true`)
				if refused == b.permits(called[i]) {
					t.Errorf("%s: %s: got %s", what, called[i].Name(), answer)
				}
			}
			if got := u.operations(t); !slices.Equal(got, want) {
				t.Errorf("%s: got %d operations on the wire, want %d: %v", what, len(got), len(want), got)
			}
		}
	}
}

// listedNames are the names in a tools/list, sorted.
func listedNames(t *testing.T, list string) []string {
	t.Helper()
	var m struct {
		Result struct{ Tools []struct{ Name string } }
	}
	if err := json.Unmarshal([]byte(list), &m); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, tool := range m.Result.Tools {
		names = append(names, tool.Name)
	}
	slices.Sort(names)
	return names
}

func TestFiltersHoldInTheShell(t *testing.T) {
	u := newUpstream(t, answer(`{}`))
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1"}
	for _, c := range []struct {
		variable, value string
		args            []string
	}{
		{args: []string{"--read-only"}},
		{args: []string{"--toolsets", "organizations,events", "--deny", "*.delete"}},
		{args: []string{"--toolsets", "organizations", "--toolsets=events", "--allow", "*.list", "--allow", "*.get"}},
		{"WORKOS_MCP_READ_ONLY", "1", []string{"--read-only=false"}},
		{"WORKOS_MCP_TOOLSETS", "events", []string{"--allow=organizations.*,events.*"}},
	} {
		set := maps.Clone(env)
		set[c.variable] = c.value
		run := func(args ...string) outcome { return execute(t, set, "", append(args, c.args...)...) }
		for what, o := range map[string]outcome{
			"a call":         run("tool", "call", "organizations_delete", `{"id":"org_1"}`),
			"its definition": run("tool", "get", "organizations.delete"),
		} {
			if o.code != exitFailed || !strings.Contains(o.stderr, "is filtered") {
				t.Errorf("%v: %s: got %d %s, want it filtered", c, what, o.code, o.stderr)
			}
		}
		if n := len(u.seen()); n != 0 {
			t.Errorf("%v: %d requests reached the wire", c, n)
		}
		list := run("tool", "list").stdout
		if strings.Contains(list, "organizations.delete") || !strings.Contains(list, "events.list") {
			t.Errorf("%v: got %s, want events.list listed and not organizations.delete", c, list)
		}
		if o := run("tool", "call", "events.list", `{"events":["user.created"]}`); o.code != exitOK {
			t.Errorf("%v: got %d %s for what is permitted", c, o.code, o.stderr)
		}
		u.forget()
	}
}

func TestARefusalNamesWhatSetTheFilter(t *testing.T) {
	url, _ := startHTTP(t, map[string]string{"WORKOS_MCP_DENY": "*.delete"}, "--read-only")
	_, got := post(t, url+mcpPath, callBody(1, "organizations.delete", `{"id":"org_1"}`), http.Header{
		"X-Mcp-Toolsets": {"vault"}, "X-Mcp-Allow": {"vault.*"}, "X-Bearer": {"sk_test_1"},
	})
	for _, part := range []string{
		"--read-only permits only what changes nothing", "WORKOS_MCP_DENY has *.delete",
		"X-MCP-Toolsets permits nothing of the toolset organizations", "X-MCP-Allow does not name it",
		"turn off --read-only", "take *.delete out of WORKOS_MCP_DENY", "add organizations to X-MCP-Toolsets",
	} {
		if !strings.Contains(got, part) {
			t.Errorf("got %s, want %q in it", got, part)
		}
	}
}

func TestMistakesInFiltersAreNotOverlooked(t *testing.T) {
	url, _ := startHTTP(t, nil, "--sandbox")
	for _, c := range []struct {
		flag, variable, header, value string
		part                          string
	}{
		{"toolsets", "WORKOS_MCP_TOOLSETS", "X-MCP-Toolsets", "organisations", "did you mean organizations?"},
		{"toolsets", "WORKOS_MCP_TOOLSETS", "X-MCP-Toolsets", "events,,vault", "the list has an empty entry"},
		{"toolsets", "", "X-MCP-Toolsets", "", "the list has an empty entry"},
		{"allow", "WORKOS_MCP_ALLOW", "X-MCP-Allow", "organization.*", "did you mean organizations.*?"},
		{"allow", "", "X-MCP-Allow", " , ", "the list has an empty entry"},
		{"deny", "WORKOS_MCP_DENY", "X-MCP-Deny", "*.remove", "matches no operation"},
		{"deny", "WORKOS_MCP_DENY", "X-MCP-Deny", "[a", "invalid pattern"},
		{"read-only", "WORKOS_MCP_READ_ONLY", "X-MCP-Readonly", "yes", ""},
		{"", "", "X-MCP-Readonly", "", "want true or false"},
		{"", "", "X-MCP-Read-Only", "true", "did you mean X-MCP-Readonly?"},
		{"", "", "X-MCP-Toolset", "vault", "did you mean X-MCP-Toolsets?"},
		{"", "", "X-MCP-Tools", "vault.*", "did you mean X-MCP-Allow?"},
		{"", "", "X-MCP-Exclude-Tools", "vault.*", "did you mean X-MCP-Deny?"},
	} {
		if c.flag != "" {
			o := execute(t, nil, "", "tool", "list", "--"+c.flag+"="+c.value)
			if o.code != exitUsage || !strings.Contains(o.stderr, c.part) || !strings.Contains(o.stderr, "--"+c.flag) {
				t.Errorf("--%s=%s: got %d %s, want 2 and %q", c.flag, c.value, o.code, o.stderr, c.part)
			}
		}
		if c.variable != "" {
			o := execute(t, map[string]string{c.variable: c.value}, "", "http", "--addr", "127.0.0.1:0")
			if o.code != exitUsage || !strings.Contains(o.stderr, c.part) || !strings.Contains(o.stderr, c.variable) {
				t.Errorf("%s=%s: got %d %s, want 2 and %q", c.variable, c.value, o.code, o.stderr, c.part)
			}
		}
		status, got := post(t, url+mcpPath, listTools, http.Header{http.CanonicalHeaderKey(c.header): {c.value}})
		if status != http.StatusBadRequest || !strings.Contains(got, c.part) {
			t.Errorf("%s: %s: got %d %.300s, want 400 and %q", c.header, c.value, status, got, c.part)
		}
	}
	status, got := post(t, url+mcpPath, listTools, http.Header{"X-Mcp-Toolsets": {"vault", "events"}})
	if status != http.StatusBadRequest || !strings.Contains(got, "occurs twice") {
		t.Errorf("a header given twice: got %d %.300s, want 400", status, got)
	}
}

func TestUnknownHeadersAreRefusedAndThoseOfOthersLeftAlone(t *testing.T) {
	g := newGate(t)
	for name, want := range map[string]string{
		"X-Mcp-Read-Only": "did you mean X-MCP-Readonly?", "X-Mcp-Max-Result": "did you mean X-MCP-Max-Result-Bytes?",
		"X-Mcp-Denylist": "did you mean X-MCP-Deny?", "X-Mcp-Proxy-Auth": "known are X-MCP-Toolsets, ",
		"X-Toolsets": "", "X-Key": "", "Mcp-Toolsets": "",
	} {
		w := g.call(t, http.MethodPost, getAcme(), func(r *http.Request) { r.Header.Set(name, "x") })
		status, sent := http.StatusBadRequest, 0
		if want == "" {
			status, sent = http.StatusOK, 1
		}
		if w.Code != status || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: got %d %.300s, want %d and %q", name, w.Code, w.Body, status, want)
		}
		g.wantSent(t, name, sent)
	}
}

// A misspelt variable would leave out the filter that was meant.
func TestUnknownVariablesAreRefused(t *testing.T) {
	u := newUpstream(t, answer(acme))
	create := []string{"tool", "call", "organizations.create", `{"name":"Acme"}`}
	for _, args := range [][]string{create, {"stdio"}, {"http", "--addr", "127.0.0.1:0"}} {
		for name, want := range map[string]string{
			"WORKOS_MCP_READONLY":  "; did you mean WORKOS_MCP_READ_ONLY?",
			"WORKOS_MCP_TOOLSET":   "; did you mean WORKOS_MCP_TOOLSETS?",
			"workos_mcp_read_only": "; did you mean WORKOS_MCP_READ_ONLY?",
			"WORKOS_MCP_ZZZ":       ": want WORKOS_MCP_ and the name of a flag, such as WORKOS_MCP_READ_ONLY",
		} {
			env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1", name: "true"}
			o := executeStopped(t, env, args...)
			want = "workos-mcp: unknown environment variable " + name + want
			if o.code != exitUsage || o.stdout != "" || !strings.HasPrefix(o.stderr, want) {
				t.Errorf("%s, %v: got %d %s%s, want %d and %s", name, args, o.code, o.stdout, o.stderr, exitUsage, want)
			}
			u.wantSent(t, name, 0)
		}
	}
	for _, name := range []string{"WORKOS_MCPX", "WORKOS_READ_ONLY", "MCP_READONLY"} {
		env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1", name: "true"}
		if o := execute(t, env, "", create...); o.code != exitOK {
			t.Errorf("%s: got %d %s, want it left alone", name, o.code, o.stderr)
		}
		u.wantSent(t, name, 1)
	}
}

func TestAnEmptyVariableSetsNoFilter(t *testing.T) {
	env := map[string]string{"WORKOS_MCP_TOOLSETS": "", "WORKOS_MCP_READ_ONLY": ""}
	o := execute(t, env, "", "tool", "list")
	if n := strings.Count(o.stdout, "\n"); o.code != exitOK || n != 263 {
		t.Errorf("got %d and %d tools, want all", o.code, n)
	}
}

func TestFiltersThatLeaveNothingStopTheStart(t *testing.T) {
	o := execute(t, nil, "", "stdio", "--read-only", "--toolsets=passwordless")
	if o.code != exitUsage || !strings.Contains(o.stderr, "permit no operation") {
		t.Errorf("got %d %s, want 2", o.code, o.stderr)
	}
}
