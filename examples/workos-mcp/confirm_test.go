package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/creack/pty"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

const (
	deletion    = `{"id":"org_1"}`
	confirmKeyA = "a-key-of-at-least-32-characters-aaaa"
	confirmKeyB = "a-key-of-at-least-32-characters-bbbb"
	acme        = `{"object":"organization","id":"org_1","name":"Acme"}`
)

// changed counts the requests that are no GET.
func (u *upstream) changed() (n int) {
	for _, r := range u.seen() {
		if r.Method != http.MethodGet {
			n++
		}
	}
	return n
}

// failureIn is the failure that a tools/call was answered with, over HTTP.
func failureIn(t *testing.T, answer string) mcpadapter.Failure {
	t.Helper()
	var m struct {
		Result struct {
			StructuredContent struct{ Error mcpadapter.Failure }
		}
	}
	if err := json.Unmarshal([]byte(answer), &m); err != nil {
		t.Fatalf("%v: %s", err, answer)
	}
	return m.Result.StructuredContent.Error
}

// callAs calls a tool over HTTP with a key, and returns the failure, which is empty if there is none.
func callAs(t *testing.T, url, key, tool, arguments string, header ...string) mcpadapter.Failure {
	t.Helper()
	h := http.Header{"X-Bearer": {key}, "X-Platform": {"platform_1"}}
	if header != nil {
		h[confirmHeader] = header
	}
	status, answer := post(t, url+mcpPath, callBody(1, tool, arguments), h)
	if status != http.StatusOK {
		t.Fatalf("got %d %s", status, answer)
	}
	return failureIn(t, answer)
}

func confirmedBy(token string) string { return fmt.Sprintf(`{"id":"org_1","confirmation":%q}`, token) }

func TestWhatIsConfirmedIsSetByFlagOrEnvironmentOrRequest(t *testing.T) {
	u := newUpstream(t, answer(acme))
	for _, c := range []struct {
		name            string
		flag            []string
		env             string
		header          []string
		deletes, writes bool // whether they are asked for
	}{
		{"by default", nil, "", nil, true, false},
		{"none by flag", []string{"--confirm=none"}, "", nil, false, false},
		{"writes by flag", []string{"--confirm=writes"}, "", nil, true, true},
		{"none by environment", nil, "none", nil, false, false},
		{"writes by environment", nil, "writes", nil, true, true},
		{"the flag goes first", []string{"--confirm=destructive"}, "none", nil, true, false},
		{"a request asks for more", []string{"--confirm=none"}, "", []string{"writes"}, true, true},
		{"a request asks for some", []string{"--confirm=none"}, "", []string{" destructive "}, true, false},
		{"a request asks for less", nil, "", []string{"none"}, true, false},
		{"a request asks for less than all", []string{"--confirm=writes"}, "", []string{"destructive"}, true, true},
	} {
		url, _ := startHTTP(t, map[string]string{"WORKOS_BASE_URL": u.URL, confirmEnv: c.env}, c.flag...)
		before := u.changed()
		for _, call := range []struct {
			tool, arguments string
			asked           bool
		}{
			{"organizations.delete", deletion, c.deletes},
			{"user_management.invitations.create", `{"email":"ada@example.com"}`, c.deletes},
			{"organizations.create", `{"name":"Acme"}`, c.writes},
			{"organizations.get", deletion, false},
		} {
			f := callAs(t, url, "sk_a", call.tool, call.arguments, c.header...)
			if asked := f.Code == mcpadapter.CodeConfirmationRequired; asked != call.asked || !asked && f.Code != "" {
				t.Errorf("%s: %s: got %q, want asked %v", c.name, call.tool, f.Code, call.asked)
			}
		}
		want := 3 // the changes
		if c.deletes {
			want -= 2
		}
		if c.writes {
			want--
		}
		if got := u.changed() - before; got != want {
			t.Errorf("%s: got %d changes on the wire, want %d", c.name, got, want)
		}
	}
}

// Before every one of the operations that change something, at most one that reads is sent, until there is a token.
func TestEveryOperationIsConfirmedThatChangesSomething(t *testing.T) {
	u := newUpstream(t, answer(acme))
	env := map[string]string{"WORKOS_BASE_URL": u.URL, confirmEnv: "writes"}
	url, _ := startHTTP(t, env)
	reads := map[string]bool{}
	for _, tool := range withoutEnvironment(t).Tools() {
		reads[tool.Name()] = tool.Annotations().ReadOnly
	}
	confirmed := 0
	for tool, arguments := range every(t) {
		u.forget()
		first := callAs(t, url, "sk_a", tool.Name(), arguments)
		if tool.Annotations().ReadOnly {
			if first.Confirmation != nil {
				t.Errorf("%s: got a question, want it sent", tool.Name())
			}
			continue
		}
		if first.Confirmation == nil {
			t.Errorf("%s: got %+v, want a question", tool.Name(), first)
			continue
		}
		confirmed++
		for _, name := range u.operations(t) {
			if !reads[name] || len(u.seen()) > 1 {
				t.Errorf("%s: got %v before the confirmation, want one read at most", tool.Name(), u.operations(t))
			}
		}
		if len(first.Confirmation.Question) > 2500 || !strings.HasPrefix(first.Confirmation.Question, tool.Title()+"?\n") {
			t.Errorf("%s: got the question %q", tool.Name(), first.Confirmation.Question)
		}
		u.forget()
		with := fmt.Sprintf(`{"confirmation":%q,%s`, first.Confirmation.Token, strings.TrimPrefix(arguments, "{"))
		if arguments == "{}" {
			with = fmt.Sprintf(`{"confirmation":%q}`, first.Confirmation.Token)
		}
		second := callAs(t, url, "sk_a", tool.Name(), with)
		if got := u.operations(t); len(u.seen()) != 1 || got[0] != tool.Name() {
			t.Errorf("%s: got %v and %+v, want it sent once", tool.Name(), got, second)
		}
	}
	if confirmed != 151 {
		t.Errorf("got %d operations that are confirmed, want 151", confirmed)
	}
}

// A request that asks for more confirmations is told of the argument that they take, in either mode.
func TestARequestSeesTheArgumentOfItsConfirmations(t *testing.T) {
	u := newUpstream(t, answer(acme))
	env := map[string]string{"WORKOS_BASE_URL": u.URL}
	url, _ := startHTTP(t, env)
	dynamic, _ := startHTTP(t, env, "--mode=dynamic")
	describe := callBody(1, "describe_operations", `{"operations":["organizations.create"]}`)
	for _, c := range []struct {
		header string
		want   bool
	}{{"none", false}, {"writes", true}} {
		header := http.Header{http.CanonicalHeaderKey(confirmHeader): {c.header}, "X-Bearer": {"sk_a"}}
		_, list := post(t, url+mcpPath, listTools, header)
		var m struct {
			Result struct {
				Tools []struct {
					Name        string
					InputSchema struct{ Properties map[string]any }
				}
			}
		}
		if err := json.Unmarshal([]byte(list), &m); err != nil {
			t.Fatal(err)
		}
		for _, tool := range m.Result.Tools {
			_, has := tool.InputSchema.Properties["confirmation"]
			switch tool.Name {
			case "organizations.create":
				if has != c.want {
					t.Errorf("%s: %s: got the argument %v, want %v", c.header, tool.Name, has, c.want)
				}
			case "organizations.delete":
				if !has {
					t.Errorf("%s: %s: got no argument", c.header, tool.Name)
				}
			case "organizations.get":
				if has {
					t.Errorf("%s: %s: got the argument", c.header, tool.Name)
				}
			}
		}
		_, described := post(t, dynamic+mcpPath, describe, header)
		if got := strings.Contains(described, "confirmation"); got != c.want {
			t.Errorf("%s: described as %s, want the argument %v", c.header, described, c.want)
		}
	}
	first := callAs(t, url, "sk_a", "organizations.create", `{"name":"Acme"}`, "writes")
	arguments := fmt.Sprintf(`{"name":"Acme","confirmation":%q}`, first.Confirmation.Token)
	if f := callAs(t, url, "sk_a", "organizations.create", arguments, "writes"); f.Code != "" || u.changed() != 1 {
		t.Errorf("got %q and %d changes, want it sent", f.Code, u.changed())
	}
}

func TestACallIsConfirmedByWhateverName(t *testing.T) {
	u := newUpstream(t, answer(acme))
	url, _ := startHTTP(t, map[string]string{"WORKOS_BASE_URL": u.URL})
	const name = "user_management.users.delete"
	for style := mcpadapter.NamesDots; style <= mcpadapter.NamesShort; style++ {
		if f := callAs(t, url, "sk_a", style.Name(name), deletion); f.Code != mcpadapter.CodeConfirmationRequired {
			t.Errorf("%s: got %q, want %s", style.Name(name), f.Code, mcpadapter.CodeConfirmationRequired)
		}
	}
	url, _ = startHTTP(t, map[string]string{"WORKOS_BASE_URL": u.URL}, "--mode=dynamic")
	arguments := fmt.Sprintf(`{"operation":%q,"arguments":%s}`, name, deletion)
	f := callAs(t, url, "sk_a", "call_destructive_operation", arguments)
	if f.Code != mcpadapter.CodeConfirmationRequired {
		t.Errorf("dynamic mode: got %q, want %s", f.Code, mcpadapter.CodeConfirmationRequired)
	}
	if n := u.changed(); n != 0 {
		t.Errorf("got %d changes on the wire, want 0", n)
	}
}

func TestAConfirmHeaderThatIsWrongIsRefused(t *testing.T) {
	u := newUpstream(t, answer(`{}`))
	url, _ := startHTTP(t, map[string]string{"WORKOS_BASE_URL": u.URL})
	for _, header := range [][]string{{""}, {"all"}, {"writes, none"}, {"writes", "writes"}} {
		status, got := post(t, url+mcpPath, callBody(1, "organizations.get", deletion), http.Header{
			"X-Bearer": {"sk_a"}, http.CanonicalHeaderKey(confirmHeader): header,
		})
		if status != http.StatusBadRequest || !strings.Contains(got, confirmHeader) {
			t.Errorf("%q: got %d %q, want a refusal that names the header", header, status, got)
		}
	}
	if n := len(u.seen()); n != 0 {
		t.Errorf("%d requests reached the wire, want 0", n)
	}
}

func TestAConfirmationIsForTheCredentialsThatAskedForIt(t *testing.T) {
	u := newUpstream(t, answer(acme))
	env := map[string]string{"WORKOS_BASE_URL": u.URL, confirmKeyEnv: confirmKeyA}
	url, logs := startHTTP(t, env, "--log-level", "debug-4")
	first := callAs(t, url, "sk_secret_a", "organizations.delete", deletion)
	if first.Confirmation == nil || !strings.Contains(first.Confirmation.Question, `name: "Acme"`) {
		t.Fatalf("got %+v, want a question that names the organization", first)
	}
	if sent := u.seen(); len(sent) != 1 || sent[0].Header.Get("Authorization") != "Bearer sk_secret_a" {
		t.Errorf("got %d requests, want one GET with the caller's key", len(sent))
	}
	token := first.Confirmation.Token
	for _, key := range []string{"sk_secret_b", ""} {
		f := callAs(t, url, key, "organizations.delete", confirmedBy(token))
		if f.Code != mcpadapter.CodeConfirmationInvalid {
			t.Errorf("key %q: got %q, want %s", key, f.Code, mcpadapter.CodeConfirmationInvalid)
		}
	}
	if n := u.changed(); n != 0 {
		t.Fatalf("got %d changes on the wire, want 0", n)
	}
	if f := callAs(t, url, "sk_secret_a", "organizations.delete", confirmedBy(token)); f.Code != "" || u.changed() != 1 {
		t.Errorf("got %q, want it sent", f.Code)
	}
	for _, secret := range []string{"sk_secret", confirmKeyA, token} {
		if strings.Contains(logs.String(), secret) {
			t.Errorf("the log holds %s", secret)
		}
	}
}

// Servers that stand beside each other serve one client, and without sessions its calls reach any of them.
func TestServersWithOneKeyTakeEachOthersConfirmations(t *testing.T) {
	u := newUpstream(t, answer(acme))
	start := func(key string) (url string, warned bool) {
		url, logs := startHTTP(t, map[string]string{"WORKOS_BASE_URL": u.URL, confirmKeyEnv: key})
		return url, strings.Contains(logs.String(), confirmKeyEnv)
	}
	first, warned := start(confirmKeyA)
	if warned {
		t.Error("got a warning beside a key, want none")
	}
	same, _ := start(confirmKeyA)
	other, _ := start(confirmKeyB)
	alone, warned := start("")
	if !warned {
		t.Error("got no warning without a key")
	}
	token := callAs(t, first, "sk_a", "organizations.delete", deletion).Confirmation.Token
	for _, url := range []string{other, alone} {
		f := callAs(t, url, "sk_a", "organizations.delete", confirmedBy(token))
		if f.Code != mcpadapter.CodeConfirmationInvalid || u.changed() != 0 {
			t.Errorf("another key: got %q and %d changes, want none", f.Code, u.changed())
		}
	}
	if f := callAs(t, same, "sk_a", "organizations.delete", confirmedBy(token)); f.Code != "" || u.changed() != 1 {
		t.Errorf("the same key: got %q and %d changes, want it sent", f.Code, u.changed())
	}
}

func TestWrongSettingsOfConfirmationsAreUsageErrors(t *testing.T) {
	for _, c := range []struct {
		env  map[string]string
		args []string
		want string
	}{
		{nil, []string{"--confirm", "all", "tool", "list"}, "none, destructive and writes"},
		{nil, []string{"--confirm", "", "tool", "list"}, "none, destructive and writes"},
		{map[string]string{confirmEnv: "yes"}, []string{"tool", "list"}, confirmEnv + `: "yes" is none of`},
		{map[string]string{confirmKeyEnv: "my short secret"}, []string{"http"}, confirmKeyEnv + " has 15 characters"},
	} {
		o := execute(t, c.env, "", c.args...)
		if o.code != exitUsage || !strings.Contains(o.stderr, c.want) {
			t.Errorf("%v %v: got %d %q, want %d and %q", c.env, c.args, o.code, o.stderr, exitUsage, c.want)
		}
		if strings.Contains(o.stderr, "my short secret") {
			t.Errorf("got the key in %q", o.stderr)
		}
	}
}

func TestTheShellSendsNothingThatNobodyConfirms(t *testing.T) {
	u := newUpstream(t, answer(acme))
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1"}
	o := execute(t, env, "y\n", "tool", "call", "organizations.delete", deletion)
	if o.code != exitFailed || o.stdout != "" || u.changed() != 0 {
		t.Errorf("got %d %q and %d changes, want %d and nothing sent", o.code, o.stdout, u.changed(), exitFailed)
	}
	for _, want := range []string{"Delete an organization?", `name: "Acme"`, "--yes", "no terminal"} {
		if !strings.Contains(o.stderr, want) {
			t.Errorf("got %q, want it to say %q", o.stderr, want)
		}
	}
	for i, args := range [][]string{
		{"tool", "call", "--yes", "organizations.delete", deletion},
		{"tool", "call", "organizations.delete", deletion, "--yes"},
		{"--confirm", "none", "tool", "call", "organizations.delete", deletion},
	} {
		if o := execute(t, env, "", args...); o.code != exitOK || u.changed() != i+1 {
			t.Errorf("%v: got %d %q and %d changes, want it sent", args, o.code, o.stderr, u.changed())
		}
	}
}

func TestATerminalIsAsked(t *testing.T) {
	u := newUpstream(t, answer(acme))
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1"}
	for _, c := range []struct {
		typed  string
		agreed bool
	}{
		{"y\n", true},
		{"YES\n", true},
		{" y \n", true},
		{"n\n", false},
		{"\n", false},
		{"yo\n", false},
		{"\x04", false}, // the end of the input
		{strings.Repeat("y", 500) + "\n", false},
	} {
		keyboard, tty, err := pty.Open()
		if err != nil {
			t.Skipf("no terminals here: %v", err)
		}
		var stdout, stderr bytes.Buffer
		p := serve.Process{
			Args: []string{"tool", "call", "organizations.delete", deletion}, Environ: environ(env),
			Stdin: tty, Stdout: &stdout, Stderr: &stderr,
		}
		before := u.changed()
		if _, err := io.WriteString(keyboard, c.typed); err != nil {
			t.Fatal(err)
		}
		code := run(bounded(t), p)
		if sent := u.changed() - before; (sent == 1) != c.agreed || (code == exitOK) != c.agreed {
			t.Errorf("%.10q: got %d %s and %d changes, want sent %v", c.typed, code, &stderr, sent, c.agreed)
		}
		if !strings.Contains(stderr.String(), "Delete an organization?") ||
			!strings.Contains(stderr.String(), "Do it? [y/N] ") {
			t.Errorf("%.10q: got %q, want the question", c.typed, &stderr)
		}
		_ = tty.Close()
		_ = keyboard.Close()
	}
}

func TestWhoLeavesTheTerminalHasNotAgreed(t *testing.T) {
	keyboard, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	defer func() { _, _ = tty.Close(), keyboard.Close() }()
	u := newUpstream(t, answer(acme))
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1"}
	ctx, leave := context.WithCancel(bounded(t))
	stderr := &notifying{on: "Do it?", notify: leave}
	p := serve.Process{
		Args: []string{"tool", "call", "organizations.delete", deletion}, Environ: environ(env),
		Stdin: tty, Stdout: io.Discard, Stderr: stderr,
	}
	code := run(ctx, p)
	defer leave()
	if code != exitFailed || u.changed() != 0 {
		t.Errorf("got %d and %d changes, want %d and none", code, u.changed(), exitFailed)
	}
}

// notifying is a writer that tells when something is written.
type notifying struct {
	on     string
	notify func()
}

func (n *notifying) Write(b []byte) (int, error) {
	if strings.Contains(string(b), n.on) {
		n.notify()
	}
	return len(b), nil
}

const (
	initializeWithForms = `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25",` +
		`"capabilities":{"elicitation":{}},"clientInfo":{"name":"mcp-inspector","version":"1"}}}`
	elicitationOfStdio = `"method":"elicitation/create"`
)

// stdioClient talks to the program over pipes.
type stdioClient struct {
	io.WriteCloser

	lines *bufio.Scanner
	ended chan int
}

func startStdio(t *testing.T, env map[string]string) *stdioClient {
	t.Helper()
	in, toServer := io.Pipe()
	fromServer, out := io.Pipe()
	p := serve.Process{
		Args: []string{"stdio"}, Environ: environ(env), Stdin: in, Stdout: out, Stderr: io.Discard,
	}
	c := &stdioClient{WriteCloser: toServer, lines: bufio.NewScanner(fromServer), ended: make(chan int, 1)}
	c.lines.Buffer(nil, 10<<20)
	go func() {
		c.ended <- run(t.Context(), p)
		_ = out.Close()
	}()
	// A program that says nothing more ends the reading, not the patience of whoever runs the tests.
	stop := context.AfterFunc(bounded(t), func() { _, _ = toServer.Close(), fromServer.Close() })
	t.Cleanup(func() { stop(); _, _ = toServer.Close(), fromServer.Close() })
	return c
}

func (c *stdioClient) send(t *testing.T, line string) {
	t.Helper()
	if _, err := io.WriteString(c, line+"\n"); err != nil {
		t.Fatal(err)
	}
}

// until reads lines until one has the part, and returns it.
func (c *stdioClient) until(t *testing.T, part string) string {
	t.Helper()
	for c.lines.Scan() {
		if strings.Contains(c.lines.Text(), part) {
			return c.lines.Text()
		}
	}
	t.Fatalf("the output ended without %s", part)
	return ""
}

func TestStdioAsksTheClientWhileOtherCallsGoOn(t *testing.T) {
	u := newUpstream(t, answer(acme))
	c := startStdio(t, map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1"})
	c.send(t, initializeWithForms)
	c.until(t, `"id":0`)
	c.send(t, callBody(1, "organizations.delete", deletion))
	question := c.until(t, elicitationOfStdio)
	c.send(t, callBody(2, "organizations.get", deletion))
	c.until(t, `"id":2`)
	if n := u.changed(); n != 0 {
		t.Fatalf("got %d changes before the answer, want 0", n)
	}
	var request struct {
		ID     json.RawMessage
		Params struct{ Message string }
	}
	if err := json.Unmarshal([]byte(question), &request); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(request.Params.Message, `name: "Acme"`) {
		t.Errorf("got %q, want a question that names the organization", request.Params.Message)
	}
	c.send(t, fmt.Sprintf(`{"jsonrpc":"2.0","id":%s,"result":{"action":"accept","content":{"confirm":true}}}`, request.ID))
	if got := c.until(t, `"id":1,`); strings.Contains(got, `"isError":true`) || u.changed() != 1 {
		t.Errorf("got %s and %d changes, want it sent", got, u.changed())
	}
}

func TestTheEndOfTheInputIsNoAnswer(t *testing.T) {
	u := newUpstream(t, answer(acme))
	c := startStdio(t, map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1"})
	c.send(t, initializeWithForms)
	c.until(t, `"id":0`)
	c.send(t, callBody(1, "organizations.delete", deletion))
	c.until(t, elicitationOfStdio)
	_ = c.Close()
	var rest sync.WaitGroup
	rest.Go(func() {
		for c.lines.Scan() {
		}
	})
	await(t, "the end of the program without a client", c.ended)
	rest.Wait()
	if n := u.changed(); n != 0 {
		t.Errorf("got %d changes, want 0", n)
	}
}

func TestHelpTellsHowToConfirm(t *testing.T) {
	o := execute(t, nil, "", "--help")
	for _, want := range []string{"--confirm", confirmEnv, confirmHeader, confirmKeyEnv} {
		if !strings.Contains(o.stdout, want) {
			t.Errorf("the help does not name %s", want)
		}
	}
}
