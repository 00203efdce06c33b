package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

const namesFile = "testdata/names.txt"

// The names of a style are promises to those who allow or call tools by them: testdata/names.txt has each operationId
// with its underscore and short names, and go test ./examples/workos-mcp -run Names -update rewrites it.
func TestNamesStayWhatTheyAre(t *testing.T) {
	var b strings.Builder
	for _, op := range gen.Operations.Operations {
		underscore, short := mcpadapter.NamesUnderscore.Name(op.ID), mcpadapter.NamesShort.Name(op.ID)
		fmt.Fprintf(&b, "%s %s %s\n", op.ID, underscore, short)
	}
	if *update {
		if err := os.WriteFile(namesFile, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.ReadFile(namesFile)
	if err != nil {
		t.Fatal(err)
	}
	got, want := strings.Split(b.String(), "\n"), strings.Split(string(file), "\n")
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("lost: %s", line)
		}
	}
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("new: %s", line)
		}
	}
}

func TestNamesFitTheirStyle(t *testing.T) {
	allowed := map[mcpadapter.NameStyle]*regexp.Regexp{
		mcpadapter.NamesDots:       regexp.MustCompile(`^[a-zA-Z0-9_.-]{1,128}$`),
		mcpadapter.NamesUnderscore: regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_-]{0,63}$`),
		mcpadapter.NamesShort:      regexp.MustCompile(`^[a-zA-Z][a-zA-Z0-9_]{0,50}$`),
	}
	owner := map[string]string{} // of names, over all styles
	for _, op := range gen.Operations.Operations {
		for style, pattern := range allowed {
			name := style.Name(op.ID)
			if !pattern.MatchString(name) || strings.Contains(name, "__") {
				t.Errorf("%s: %s is no name of the style %v", op.ID, name, style)
			}
			if other := owner[name]; other != "" && other != op.ID {
				t.Errorf("%s and %s are both called %s", op.ID, other, name)
			}
			owner[name] = op.ID
		}
	}
}

// longest is the operation with the longest name.
const longest = "authorization.organization_memberships.role_assignments.by_organization_membership_id.delete"

// known is a client as it calls itself in clientInfo and, if that tells it too, in the User-Agent.
type known struct {
	client, userAgent string
	want              mcpadapter.NameStyle
}

func clients() []known {
	return []known{
		{"claude-ai", "Claude-User", mcpadapter.NamesUnderscore},
		{"Anthropic/ClaudeAI", "Claude-User", mcpadapter.NamesUnderscore},
		{"claude-code", "claude-code/2.1.204 (cli)", mcpadapter.NamesShort},
		{"copilot-cli", "", mcpadapter.NamesShort},
		{"opencode", "", mcpadapter.NamesShort},
		{"gemini-cli-mcp-client", "", mcpadapter.NamesShort},
		{"codex-mcp-client", "codex-mcp-client/0.157.0", mcpadapter.NamesShort},
		{"cursor-vscode", "node", mcpadapter.NamesShort},
		{"Visual Studio Code", "node", mcpadapter.NamesDots},
		{"mcp-inspector", "", mcpadapter.NamesDots},
		{"somebody", "", mcpadapter.NamesShort},
	}
}

const listTools = `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}`

func initializeAs(client string) string {
	return strings.Replace(initialize, `"name":"mcp-inspector"`, fmt.Sprintf(`"name":%q`, client), 1)
}

// wantStyle checks that a list has every tool under its name in a style.
func wantStyle(t *testing.T, what, list string, style mcpadapter.NameStyle) {
	t.Helper()
	var m struct {
		Result struct{ Tools []struct{ Name string } }
	}
	if err := json.Unmarshal([]byte(list), &m); err != nil {
		t.Fatalf("%s: %v: %.200s", what, err, list)
	}
	var got, want []string
	for _, tool := range m.Result.Tools {
		got = append(got, tool.Name)
	}
	for _, op := range gen.Operations.Operations {
		want = append(want, style.Name(op.ID))
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("%s: got %d names, such as %.200v, want those of %v", what, len(got), got, style)
	}
}

func overStdio(t *testing.T, client string, args ...string) string {
	t.Helper()
	o := execute(t, nil, initializeAs(client)+"\n"+listTools+"\n", append([]string{"stdio", "--sandbox"}, args...)...)
	for line := range strings.Lines(o.stdout) {
		if strings.Contains(line, `"tools":[`) {
			return line
		}
	}
	t.Fatalf("%s: no list in %.200s %s", client, o.stdout, o.stderr)
	return ""
}

func TestEachClientIsToldItsNamesOverStdio(t *testing.T) {
	for _, c := range clients() {
		wantStyle(t, c.client, overStdio(t, c.client), c.want)
	}
}

func TestNamesFlagHoldsForEveryClient(t *testing.T) {
	for style := mcpadapter.NamesDots; style <= mcpadapter.NamesShort; style++ {
		for _, client := range []string{"claude-ai", "mcp-inspector"} {
			wantStyle(t, client+" "+style.String(), overStdio(t, client, "--names", style.String()), style)
		}
	}
	wantStyle(t, "auto", overStdio(t, "claude-ai", "--names=auto"), mcpadapter.NamesUnderscore)
}

func TestNamesFlagRefusesOtherStyles(t *testing.T) {
	o := execute(t, nil, "", "--names", "camel", "tool", "list")
	const want = `unknown style "camel": want auto, dots, underscore or short`
	if o.code != exitUsage || !strings.Contains(o.stderr, want) {
		t.Errorf("got %d %s, want 2 and %s", o.code, o.stderr, want)
	}
}

// A client is known over HTTP, where no state is kept, by the session ID that it was given, and one that does not send
// that back by its User-Agent.
func TestEachClientIsToldItsNamesOverHTTP(t *testing.T) {
	url, _ := startHTTP(t, nil, "--sandbox")
	for _, c := range clients() {
		id := openSession(t, url, c.client)
		if (id != "") != (c.want != mcpadapter.NamesShort) {
			t.Errorf("%s: got the session ID %q", c.client, id)
		}
		header := http.Header{}
		if id != "" {
			header.Set("Mcp-Session-Id", id)
		}
		_, list := post(t, url+mcpPath, listTools, header)
		wantStyle(t, c.client, list, c.want)
		if mcpadapter.StyleFor(c.userAgent) == c.want {
			_, list = post(t, url+mcpPath, listTools, http.Header{"User-Agent": {c.userAgent}})
			wantStyle(t, "User-Agent "+c.userAgent, list, c.want)
		}
	}
}

func openSession(t *testing.T, url, client string) (id string) {
	t.Helper()
	body := strings.NewReader(initializeAs(client))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+mcpPath, body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: got %d", client, resp.StatusCode)
	}
	return resp.Header.Get("Mcp-Session-Id")
}

func TestSessionIDsOfOthersAreHarmless(t *testing.T) {
	url, _ := startHTTP(t, nil, "--sandbox")
	first, second := openSession(t, url, "claude-ai"), openSession(t, url, "claude-ai")
	if first == second {
		t.Errorf("got %s twice", first)
	}
	if id := openSession(t, url, "claude-ai"+strings.Repeat("x", 100)); id != "" {
		t.Errorf("got %s for a name of more than 100 bytes", id)
	}
	for _, id := range []string{
		"", ".", "a.b", "x.!", "6f2c", "a." + strings.Repeat("Y3Vyc29y", 100), strings.Repeat("y", 2000),
	} {
		status, list := post(t, url+mcpPath, listTools, http.Header{"Mcp-Session-Id": {id}})
		if status != http.StatusOK {
			t.Errorf("%.20s: got %d", id, status)
		}
		wantStyle(t, id, list, mcpadapter.NamesShort)
	}
}

func TestACallMayUseTheNameOfAnyStyle(t *testing.T) {
	u := newUpstream(t, answer(`{}`))
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1"}
	url, _ := startHTTP(t, env, "--confirm=none") // the longest name is one of what is asked for
	arguments := `{"organization_membership_id":"om_1","role_slug":"admin","resource_id":"authz_resource_1"}`
	for style := mcpadapter.NamesDots; style <= mcpadapter.NamesShort; style++ {
		name := style.Name(longest)
		before := len(u.seen())
		body := callBody(1, name, arguments)
		if _, got := post(t, url+mcpPath, body, http.Header{"X-Bearer": {"sk_a"}}); strings.Contains(got, `"isError":true`) {
			t.Errorf("%s over HTTP: got %s", name, got)
		}
		o := execute(t, env, initializeAs("claude-ai")+"\n"+body+"\n", "stdio", "--confirm", "none")
		if strings.Contains(o.stdout, `"isError":true`) {
			t.Errorf("%s over stdio: got %s", name, o.stdout)
		}
		if o := execute(t, env, "", "tool", "call", "--yes", name, arguments); o.code != exitOK {
			t.Errorf("%s from the shell: got %d %s", name, o.code, o.stderr)
		}
		if got := len(u.seen()) - before; got != 4 { // one of them for the question
			t.Errorf("%s: got %d requests, want 4", name, got)
		}
	}
}
