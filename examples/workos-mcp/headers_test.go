package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// wrongHeaders are the headers that no request is served with, and what the response says.
func wrongHeaders() []wrongHeader {
	list := []wrongHeader{
		{
			toolsetsHeader, []string{"organisations"},
			`X-MCP-Toolsets: unknown toolset "organisations"; did you mean organizations?`,
		},
		{toolsetsHeader, []string{"organizations,event"}, `X-MCP-Toolsets: unknown toolset "event"; did you mean events?`},
		{toolsetsHeader, []string{"*"}, `X-MCP-Toolsets: unknown toolset "*"`},
		{allowHeader, []string{"organization.*"}, `X-MCP-Allow: "organization.*" matches no operation`},
		{allowHeader, []string{"organizations.*,[a"}, `X-MCP-Allow: invalid pattern "[a"`},
		{denyHeader, []string{"*.remove"}, `X-MCP-Deny: "*.remove" matches no operation`},
		{denyHeader, []string{"*.delete, [a"}, `X-MCP-Deny: invalid pattern "[a"`},
		{confirmHeader, []string{"Writes"}, `X-MCP-Confirm: unknown policy "Writes": want none, risky or writes`},
		{confirmHeader, []string{"writes,none"}, `X-MCP-Confirm: unknown policy "writes,none": want none, risky or writes`},
		{confirmHeader, []string{""}, `X-MCP-Confirm: unknown policy "": want none, risky or writes`},
		{maxResultHeader, []string{"1023"}, "X-MCP-Max-Result-Bytes: invalid limit 1023: want at least 1024"},
		{maxResultHeader, []string{"0"}, "X-MCP-Max-Result-Bytes: invalid limit 0: want at least 1024"},
		{maxResultHeader, []string{"-2000"}, "X-MCP-Max-Result-Bytes: invalid limit -2000: want at least 1024"},
		{maxResultHeader, []string{"2k"}, `X-MCP-Max-Result-Bytes: strconv.Atoi: parsing "2k": invalid syntax`},
		{maxResultHeader, []string{""}, `X-MCP-Max-Result-Bytes: strconv.Atoi: parsing "": invalid syntax`},
		{hideHeader, []string{"yes"}, `X-MCP-Hide-Secrets: strconv.ParseBool: parsing "yes": invalid syntax`},
		{hideHeader, []string{""}, `X-MCP-Hide-Secrets: strconv.ParseBool: parsing "": invalid syntax`},
		{readOnlyHeader, []string{"yes"}, `X-MCP-Readonly: invalid value "yes": want true or false`},
		{readOnlyHeader, []string{""}, `X-MCP-Readonly: invalid value "": want true or false`},
		{readOnlyHeader, []string{"true,true"}, `X-MCP-Readonly: invalid value "true,true": want true or false`},
	}
	for _, name := range []string{toolsetsHeader, allowHeader, denyHeader} {
		for _, value := range []string{"", " ", ",", "organizations,", ",organizations", "organizations,,events"} {
			list = append(list, wrongHeader{name, []string{value}, name + ": the list has an empty entry"})
		}
	}
	for name, good := range goodHeaders() {
		twice := name + ": the header occurs twice"
		if name == maxResultHeader || name == hideHeader {
			twice = name + ": the header occurs 2 times"
		}
		list = append(list, wrongHeader{name, []string{good, good}, twice})
		text := strings.ToLower(name)
		other := map[bool]string{true: strings.TrimSuffix(text, "s"), false: text + "s"}[strings.HasSuffix(text, "s")]
		for _, misspelt := range []string{
			strings.ReplaceAll(text, "-", ""), "x-mcp" + strings.ReplaceAll(text[5:], "-", ""),
			strings.ReplaceAll(text, "-", "_"), "x-mcp-" + strings.ReplaceAll(text[6:], "-", "_") + "_", other,
			"xmcp-" + text[6:],
		} {
			misspelt = http.CanonicalHeaderKey(misspelt)
			if misspelt == http.CanonicalHeaderKey(name) {
				continue
			}
			list = append(list, wrongHeader{
				misspelt, []string{good}, fmt.Sprintf("the header %s is unknown; did you mean %s?", misspelt, name),
			})
		}
	}
	for others, name := range map[string]string{
		"X-Mcp-Tools": allowHeader, "X-Mcp-Tool": allowHeader, "X_mcp_tools": allowHeader,
		"X-Mcp-Exclude-Tools": denyHeader, "X-Mcp-Exclude_tool": denyHeader, "X-Mcp-Excludetools": denyHeader,
	} {
		list = append(list, wrongHeader{
			others, []string{"organizations.get"}, fmt.Sprintf("the header %s is unknown; did you mean %s?", others, name),
		})
	}
	return list
}

type wrongHeader struct {
	name   string
	values []string
	want   string // begins what the response says
}

// goodHeaders are values that let organizations.get pass.
func goodHeaders() map[string]string {
	return map[string]string{
		toolsetsHeader: "organizations", allowHeader: "organizations.*", denyHeader: "*.delete", readOnlyHeader: "true",
		confirmHeader: "writes", maxResultHeader: "1024", hideHeader: "true",
	}
}

// A request that asks for something which is not understood would do or tell more than was meant.
func TestARequestWithAWrongHeaderIsNotServed(t *testing.T) {
	g := newGate(t)
	send := func(header http.Header) (int, string) {
		w := g.call(t, http.MethodPost, getAcme(), func(r *http.Request) { maps.Copy(r.Header, header) })
		return w.Code, w.Body.String()
	}
	good := http.Header{}
	for name, value := range goodHeaders() {
		good.Set(name, value)
		status, got := send(http.Header{http.CanonicalHeaderKey(name): {value}})
		if status != http.StatusOK {
			t.Errorf("%s alone: got %d %s, want 200", name, status, got)
		}
		g.wantSent(t, name, 1)
	}
	if status, got := send(good); status != http.StatusOK {
		t.Fatalf("all good headers: got %d %s, want 200", status, got)
	}
	g.wantSent(t, "all good headers", 1)
	for _, wrong := range wrongHeaders() {
		for what, header := range map[string]http.Header{"alone": {}, "beside good ones": good.Clone()} {
			header[http.CanonicalHeaderKey(wrong.name)] = wrong.values
			what = fmt.Sprintf("%s: %q %s", wrong.name, wrong.values, what)
			status, got := send(header)
			if status != http.StatusBadRequest || !strings.HasPrefix(refusalIn(t, got), wrong.want) {
				t.Errorf("%s: got %d %s, want 400 and %s", what, status, got, wrong.want)
			}
			g.wantSent(t, what, 0)
		}
	}
}

// What each place of a list, and each way to write it, lets pass.
func TestARequestIsNarrowedByEachEntryOfItsHeaders(t *testing.T) {
	g := newGate(t)
	calls := []struct{ tool, arguments string }{
		{"organizations.get", deletion},
		{"events.list", `{"events":["user.created"]}`},
		{"vault.kv.list", `{}`},
		{"organizations.create", `{"name":"Acme"}`},
	}
	for _, c := range []struct {
		name, value string
		passes      []bool // by call
	}{
		{toolsetsHeader, "organizations", []bool{true, false, false, true}},
		{toolsetsHeader, " events ", []bool{false, true, false, false}},
		{toolsetsHeader, "organizations,events,vault", []bool{true, true, true, true}},
		{toolsetsHeader, "vault , organizations", []bool{true, false, true, true}},
		{allowHeader, "organizations.get", []bool{true, false, false, false}},
		{allowHeader, "*.get,*.list", []bool{true, true, true, false}},
		{allowHeader, "vault.kv.list,events.list,organizations.create", []bool{false, true, true, true}},
		{denyHeader, "organizations.get", []bool{false, true, true, true}},
		{denyHeader, "*.get, *.create", []bool{false, true, true, false}},
		{denyHeader, "vault.*,events.*,organizations.create", []bool{true, false, false, false}},
		{readOnlyHeader, "1", []bool{true, true, true, false}},
		{readOnlyHeader, "t", []bool{true, true, true, false}},
		{readOnlyHeader, " TRUE ", []bool{true, true, true, false}},
		{readOnlyHeader, "0", []bool{true, true, true, true}},
		{readOnlyHeader, "False", []bool{true, true, true, true}},
	} {
		for i, call := range calls {
			body := strings.NewReader(callBody(1, call.tool, call.arguments))
			w := g.call(t, http.MethodPost, body, func(r *http.Request) {
				r.Header[http.CanonicalHeaderKey(c.name)] = []string{c.value}
			})
			what := fmt.Sprintf("%s: %s: %s", c.name, c.value, call.tool)
			f, sent := failureIn(t, w.Body.String()), 1
			if !c.passes[i] {
				sent = 0
			}
			if (f.Code == mcpadapter.CodeFiltered) == c.passes[i] || !strings.Contains(f.Message, c.name) == !c.passes[i] {
				t.Errorf("%s: got %s, want it to pass: %t", what, w.Body, c.passes[i])
			}
			g.wantSent(t, what, sent)
		}
	}
}

// Filters of the command line, of the environment and of a request hold together, whichever of them is wider.
func TestFiltersOfEverySourceHoldTogether(t *testing.T) {
	u := newUpstream(t, answer(acme))
	env := map[string]string{
		"WORKOS_BASE_URL": u.URL, toolsetsEnv: "organizations,events", denyEnv: "organizations.update",
		allowEnv: "organizations.*,events.*", readOnlyEnv: "false",
	}
	url, _ := startHTTP(t, env, "--toolsets=organizations,vault", "--allow=organizations.*,vault.*",
		"--deny=organizations.create", "--read-only=false", "--confirm=none")
	for _, c := range []struct {
		tool, arguments string
		by              []string // what it is filtered by
	}{
		{"organizations.get", deletion, nil},
		{"organizations.delete", deletion, []string{denyHeader}},
		{"organizations.create", `{"name":"Acme"}`, []string{"--deny"}},
		{"organizations.update", deletion, []string{denyEnv}},
		{"events.list", `{"events":["user.created"]}`, []string{"--toolsets", "--allow"}},
		{"vault.kv.list", `{}`, []string{toolsetsEnv, allowEnv}},
	} {
		header := http.Header{
			"X-Bearer": {"sk_a"}, "X-Mcp-Deny": {"organizations.delete"}, "X-Mcp-Toolsets": {"organizations,events,vault"},
			"X-Mcp-Readonly": {"false"},
		}
		_, got := post(t, url+mcpPath, callBody(1, c.tool, c.arguments), header)
		f, sent := failureIn(t, got), 1
		if c.by != nil {
			sent = 0
		}
		for _, source := range []string{
			"--toolsets", "--allow", "--deny", "--read-only", toolsetsEnv, allowEnv, denyEnv, readOnlyEnv,
			toolsetsHeader, allowHeader, denyHeader, readOnlyHeader,
		} {
			if named := strings.Contains(f.Message, source+" "); named != slices.Contains(c.by, source) {
				t.Errorf("%s: got %q, want it filtered by %v", c.tool, f.Message, c.by)
			}
		}
		u.wantSent(t, c.tool, sent)
	}
}

// policies are the values of --confirm, from the least to the most.
var policies = []string{"none", "risky", "writes"}

// kinds are a call of each kind, with the first policy that confirms it.
var kinds = []struct {
	tool, arguments string
	from            int
}{
	{"organizations.delete", deletion, 1},
	{"user_management.invitations.create", `{"email":"ada@example.com"}`, 1},
	{"organizations.create", `{"name":"Acme"}`, 2},
	{"organizations.get", deletion, 3},
}

func TestAHeaderOnlyAddsConfirmations(t *testing.T) {
	u := newUpstream(t, answer(acme))
	for server, policy := range policies {
		url, _ := startHTTP(t, map[string]string{"WORKOS_BASE_URL": u.URL}, "--confirm", policy)
		for asked, header := range append([]string{""}, policies...) {
			for _, kind := range kinds {
				what := fmt.Sprintf("--confirm %s, header %q, %s", policy, header, kind.tool)
				before := u.changed()
				var f mcpadapter.Failure
				if header == "" {
					f = callAs(t, url, "sk_a", kind.tool, kind.arguments)
				} else {
					f = callAs(t, url, "sk_a", kind.tool, kind.arguments, " "+header+" ")
				}
				confirmed := max(server, asked-1) >= kind.from
				if got := f.Code == mcpadapter.CodeConfirmationRequired; got != confirmed {
					t.Errorf("%s: got %q, want it asked: %t", what, f.Code, confirmed)
				}
				want := 1
				if confirmed || kind.from == 3 {
					want = 0
				}
				if got := u.changed() - before; got != want {
					t.Errorf("%s: got %d changes on the wire, want %d", what, got, want)
				}
			}
		}
	}
}

func TestTheConfirmFlagGoesBeforeItsVariable(t *testing.T) {
	u := newUpstream(t, answer(acme))
	unset := len(policies)
	for flag := range unset + 1 {
		for variable := range unset + 1 {
			env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1"}
			var args []string
			policy := 1
			if variable < unset {
				env[confirmEnv], policy = policies[variable], variable
			}
			if flag < unset {
				args, policy = []string{"--confirm", policies[flag]}, flag
			}
			for _, kind := range kinds[:3] {
				u.forget()
				o := execute(t, env, "", append([]string{"tool", "call", kind.tool, kind.arguments}, args...)...)
				confirmed := policy >= kind.from
				want := map[bool]outcome{true: {code: exitFailed}, false: {code: exitOK}}[confirmed]
				if sent := u.changed(); o.code != want.code || (sent == 0) != confirmed {
					t.Errorf("flag %v, variable %q, %s: got %d %s and %d changes, want %d", args, env[confirmEnv], kind.tool,
						o.code, o.stderr, sent, want.code)
				}
			}
		}
	}
}

func TestALimitOfAResponseHasItsNeighbors(t *testing.T) {
	u := users(t, 1000, false)
	size := func(flag, header string) int {
		url, _ := startHTTP(t, map[string]string{"WORKOS_BASE_URL": u.URL}, "--max-result-bytes", flag)
		h := http.Header{"X-Bearer": {"sk_1"}}
		if header != "" {
			h["X-Mcp-Max-Result-Bytes"] = []string{header}
		}
		status, got := post(t, url+mcpPath, callBody(1, "user_management.users.list", `{}`), h)
		if status != http.StatusOK || !json.Valid([]byte(got)) {
			t.Fatalf("%s, %s: got %d %s", flag, header, status, got)
		}
		return len(resultIn(t, got))
	}
	all := size("0", "")
	for _, c := range []struct {
		flag, header string
		most         int
	}{
		{"0", "", all}, {"0", "999999", all}, {"0", " 1024 ", 1024}, {"0", "1025", 1025}, {"1024", "", 1024},
		{"1025", "", 1025}, {"1024", "5000", 1024}, {"5000", "1024", 1024}, {"5000", "5000", 5000}, {"5000", "", 5000},
	} {
		got := size(c.flag, c.header)
		if got > c.most || got < c.most-200 {
			t.Errorf("flag %s, header %q: got %d bytes, want at most %d and nearly so", c.flag, c.header, got, c.most)
		}
	}
}
