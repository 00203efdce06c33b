package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// users is a WorkOS with so many users, in pages as large as limit says, or in one.
func users(t *testing.T, n int, paged bool) *upstream {
	t.Helper()
	return newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		first, limit := 0, n
		if after, ok := strings.CutPrefix(r.URL.Query().Get("after"), "user_"); ok {
			i, err := strconv.Atoi(after)
			if err != nil {
				http.Error(w, `{"message":"no such cursor"}`, http.StatusBadRequest)
				return
			}
			first = i + 1
		}
		if paged {
			limit, _ = strconv.Atoi(r.URL.Query().Get("limit"))
		}
		last := min(first+limit, n) - 1
		after := "null"
		if last < n-1 || !paged { // the last one's ID is a cursor, too
			after = fmt.Sprintf(`"user_%06d"`, last)
		}
		_, _ = fmt.Fprint(w, `{"object":"list","data":[`)
		for i := first; i <= last; i++ {
			if i > first {
				_, _ = fmt.Fprint(w, ",")
			}
			_, _ = fmt.Fprintf(w, `{"object":"user","id":"user_%06d","email":"user%d@example.com","first_name":"Ada"}`, i, i)
		}
		_, _ = fmt.Fprintf(w, `],"list_metadata":{"before":null,"after":%s}}`, after)
	})
}

// userPage is what an answer with users holds.
type userPage struct {
	Data []struct {
		ID string `json:"id"`
	} `json:"data"`
	Metadata struct {
		After *string `json:"after"`
	} `json:"list_metadata"`
	LeftOut struct {
		Elements int            `json:"elements"`
		Continue map[string]any `json:"continue"`
	} `json:"left_out"`
}

// resultIn is the structured content that a tools/call was answered with, over HTTP.
func resultIn(t *testing.T, answer string) json.RawMessage {
	t.Helper()
	var m struct {
		Result struct{ StructuredContent json.RawMessage }
	}
	if err := json.Unmarshal([]byte(answer), &m); err != nil {
		t.Fatalf("%v: %.200s", err, answer)
	}
	return m.Result.StructuredContent
}

func TestALongListIsCutAndGoneOnWith(t *testing.T) {
	n := 10_000
	if whole {
		n = 100_000
	}
	u := users(t, n, false)
	url, _ := startHTTP(t, map[string]string{"WORKOS_BASE_URL": u.URL})
	key := http.Header{"X-Bearer": {"sk_1"}}
	for _, extra := range []string{``, `,"fields":"data.email"`, `,"all_pages":true`} {
		_, answer := post(t, url+mcpPath, callBody(1, "user_management.users.list", `{"limit":100`+extra+`}`), key)
		result := resultIn(t, answer)
		if len(result) > mcpadapter.DefaultMaxResultBytes || len(result) < mcpadapter.DefaultMaxResultBytes-1024 {
			t.Errorf("%s: got %d bytes, want nearly %d", extra, len(result), mcpadapter.DefaultMaxResultBytes)
		}
		var page userPage
		if err := json.Unmarshal(result, &page); err != nil {
			t.Fatal(err)
		}
		given := len(page.Data)
		last := fmt.Sprintf("user_%06d", given-1)
		if page.LeftOut.Elements != n-given || page.Metadata.After == nil || *page.Metadata.After != last ||
			page.LeftOut.Continue["after"] != last {
			t.Errorf("%s: got %d users and %+v, want to go on from %s", extra, given, page.LeftOut, last)
		}
		u.forget()
		_, answer = post(t, url+mcpPath, callBody(2, "user_management.users.list", `{"after":"`+last+`"}`), key)
		var next userPage
		if err := json.Unmarshal(resultIn(t, answer), &next); err != nil {
			t.Fatal(err)
		}
		if want := fmt.Sprintf("user_%06d", given); next.Data[0].ID != want {
			t.Errorf("%s: the next page begins with %s, want %s", extra, next.Data[0].ID, want)
		}
	}
}

func TestAllPagesOfManyUsersAreCounted(t *testing.T) {
	u := users(t, 2_345, true)
	url, _ := startHTTP(t, map[string]string{"WORKOS_BASE_URL": u.URL}, "--max-elements", "2000")
	for arguments, want := range map[string]string{
		`{"all_pages":true,"jq":".data|length"}`: `{"jq":[2000],"left_out":{"more":true,"continue":{"after":"user_001999"},` +
			`"reason":"At most 2000 elements are gathered."}}`,
		`{"all_pages":true,"after":"user_001999","jq":".data|length"}`: `{"jq":[345]}`,
	} {
		_, answer := post(t, url+mcpPath, callBody(1, "user_management.users.list", arguments),
			http.Header{"X-Bearer": {"sk_1"}})
		if got := string(resultIn(t, answer)); got != want {
			t.Errorf("%s: got %s, want %s", arguments, got, want)
		}
	}
	if n := len(u.seen()); n != 24 {
		t.Errorf("got %d requests, want 20 and 4", n)
	}
}

const webhook = `{"object":"list","data":[{"id":"we_1","secret":"whsec_1","events":[]}],"list_metadata":{"after":null}}`

func TestSecretsAreHiddenByFlagOrEnvironmentOrRequest(t *testing.T) {
	u := newUpstream(t, answer(webhook))
	env := func(extra ...string) map[string]string {
		env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_1"}
		for i := 0; i < len(extra); i += 2 {
			env[extra[i]] = extra[i+1]
		}
		return env
	}
	for _, c := range []struct {
		env    map[string]string
		args   []string
		hidden bool
	}{
		{env(), nil, false},
		{env(), []string{"--hide-secrets"}, true},
		{env("WORKOS_MCP_HIDE_SECRETS", "true"), nil, true},
		{env("WORKOS_MCP_HIDE_SECRETS", ""), nil, false},
		{env("WORKOS_MCP_HIDE_SECRETS", "true"), []string{"--hide-secrets=false"}, false},
	} {
		o := execute(t, c.env, "", append(c.args, "--confirm=none", "tool", "call", "webhook_endpoints.list")...)
		if hidden := !strings.Contains(o.stdout, "whsec_1"); o.code != exitOK || hidden != c.hidden {
			t.Errorf("%v: got %d %s%s, want hidden: %t", c.args, o.code, o.stdout, o.stderr, c.hidden)
		}
	}
	for _, c := range []struct {
		flags  []string
		header string
		hidden bool
	}{
		{nil, "true", true},
		{nil, "false", false},
		{[]string{"--hide-secrets"}, "false", true}, // a request cannot ask for more
	} {
		url, _ := startHTTP(t, env(), append(c.flags, "--confirm=none")...)
		_, answer := post(t, url+mcpPath, callBody(1, "webhook_endpoints.list", `{}`),
			http.Header{"X-Bearer": {"sk_1"}, "X-Mcp-Hide-Secrets": {c.header}})
		if hidden := !strings.Contains(answer, "whsec_1"); hidden != c.hidden || !strings.Contains(answer, "we_1") {
			t.Errorf("%v, header %s: got %s, want hidden: %t", c.flags, c.header, answer, c.hidden)
		}
	}
}

func TestTheBoundOfAnswersIsSetByFlagOrEnvironmentOrRequest(t *testing.T) {
	u := users(t, 1000, false)
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_1"}
	call := []string{"tool", "call", "user_management.users.list"}
	for _, c := range []struct {
		args []string
		env  string
		all  bool
	}{
		{nil, "", true},
		{[]string{"--max-result-bytes", "2000"}, "", false},
		{nil, "2000", false},
		{[]string{"--max-result-bytes", "0"}, "2000", true},
	} {
		env["WORKOS_MCP_MAX_RESULT_BYTES"] = c.env
		o := execute(t, env, "", append(c.args, call...)...)
		if all := strings.Contains(o.stdout, "user_000999"); o.code != exitOK || all != c.all {
			t.Errorf("%v %s: got %d, %.100s%s, want all: %t", c.args, c.env, o.code, o.stdout, o.stderr, c.all)
		}
	}
	url, _ := startHTTP(t, env, "--max-result-bytes", "4000")
	for header, most := range map[string]int{"2000": 2000, "999999": 4000} {
		_, answer := post(t, url+mcpPath, callBody(1, "user_management.users.list", `{}`),
			http.Header{"X-Bearer": {"sk_1"}, "X-Mcp-Max-Result-Bytes": {header}})
		if n := len(resultIn(t, answer)); n > most || n < most-500 {
			t.Errorf("%s: got %d bytes, want nearly %d", header, n, most)
		}
	}
}

func TestWrongSettingsOfAnswersAreUsageErrors(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		args []string
		part string
	}{
		{nil, []string{"--max-result-bytes", "12"}, "--max-result-bytes: invalid limit 12: want 0 or at least 1024"},
		{nil, []string{"--max-result-bytes", "-1"}, "--max-result-bytes: invalid limit -1: want 0 or at least 1024"},
		{nil, []string{"--max-result-bytes", "many"}, `--max-result-bytes: invalid value "many": want a number such as 10`},
		{nil, []string{"--max-elements", "-5"}, "--max-elements: invalid limit -5: want at least 0"},
		{map[string]string{"WORKOS_MCP_MAX_RESULT_BYTES": "48k"}, nil, "WORKOS_MCP_MAX_RESULT_BYTES: "},
		{map[string]string{"WORKOS_MCP_HIDE_SECRETS": "please"}, nil, "WORKOS_MCP_HIDE_SECRETS: "},
	} {
		o := execute(t, c.env, "", append(c.args, "tool", "call", "organizations.list")...)
		if o.code != exitUsage || !strings.Contains(o.stderr, c.part) {
			t.Errorf("%v: got %d %s, want a usage error with %q", c.args, o.code, o.stderr, c.part)
		}
	}
	url, _ := startHTTP(t, nil)
	for name, header := range map[string]http.Header{
		"no number":   {"X-Mcp-Max-Result-Bytes": {"many"}},
		"too small":   {"X-Mcp-Max-Result-Bytes": {"1000"}},
		"twice":       {"X-Mcp-Max-Result-Bytes": {"2000", "3000"}},
		"no boolean":  {"X-Mcp-Hide-Secrets": {"please"}},
		"misspelt":    {"X-Mcp-Hide-Secret": {"true"}},
		"misspelt, 2": {"X-Mcp-Max-Results-Bytes": {"2000"}, "X-Mcp-Maxresultbytes": {"2000"}},
	} {
		header.Set("X-Bearer", "sk_test_1")
		if status, answer := post(t, url+mcpPath, callBody(1, "organizations.list", `{}`), header); status != 400 {
			t.Errorf("%s: got %d %s, want 400", name, status, answer)
		}
	}
}

func TestAnswerArgumentsCanBeLeftOut(t *testing.T) {
	for _, c := range []struct {
		args []string
		has  bool
	}{{nil, true}, {[]string{"--no-answer-arguments"}, false}} {
		o := execute(t, nil, "", append(c.args, "tool", "get", "organizations.list")...)
		if has := strings.Contains(o.stdout, `"fields"`); has != c.has {
			t.Errorf("%v: got %s, want fields: %t", c.args, o.stdout, c.has)
		}
	}
}
