package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
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
		{"the flag goes first", []string{"--confirm=risky"}, "none", nil, true, false},
		{"a request asks for more", []string{"--confirm=none"}, "", []string{"writes"}, true, true},
		{"a request asks for some", []string{"--confirm=none"}, "", []string{" risky "}, true, false},
		{"a request asks for less", nil, "", []string{"none"}, true, false},
		{"a request asks for less than all", []string{"--confirm=writes"}, "", []string{"risky"}, true, true},
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

// Before every one of the operations that change something or read a secret, at most three that read are sent, until there
// is a token.
func TestEveryOperationIsConfirmedThatDoesMoreThanRead(t *testing.T) {
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
		if tool.Risk() == mcpadapter.RiskReads {
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
			if !reads[name] || len(u.seen()) > 3 {
				t.Errorf("%s: got %v before the confirmation, want three reads at most", tool.Name(), u.operations(t))
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
	if confirmed != 163 {
		t.Errorf("got %d operations that are confirmed, want 163", confirmed)
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
	const name, userDeletion = "user_management.users.delete", `{"id":"user_1"}`
	for style := mcpadapter.NamesDots; style <= mcpadapter.NamesShort; style++ {
		if f := callAs(t, url, "sk_a", style.Name(name), userDeletion); f.Code != mcpadapter.CodeConfirmationRequired {
			t.Errorf("%s: got %q, want %s", style.Name(name), f.Code, mcpadapter.CodeConfirmationRequired)
		}
	}
	url, _ = startHTTP(t, map[string]string{"WORKOS_BASE_URL": u.URL}, "--mode=dynamic")
	arguments := fmt.Sprintf(`{"operation":%q,"arguments":%s}`, name, userDeletion)
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
	if n := len(u.seen()); n != 3 {
		t.Errorf("got %d requests, want three", n)
	}
	for _, sent := range u.seen() {
		if sent.Method != http.MethodGet || sent.Header.Get("Authorization") != "Bearer sk_secret_a" {
			t.Errorf("got %s %s, want GETs with the caller's key", sent.Method, sent.URL)
		}
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
		{nil, []string{"--confirm", "all", "tool", "list"}, "none, risky or writes"},
		{nil, []string{"--confirm", "", "tool", "list"}, "none, risky or writes"},
		{map[string]string{confirmEnv: "yes"}, []string{"tool", "list"}, `unknown policy "yes": want`},
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
