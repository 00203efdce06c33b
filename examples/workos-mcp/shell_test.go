package main

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// entry is a line of tool list --json.
type entry struct{ Name, Title, Description, Toolset string }

func listed(t *testing.T, args ...string) []entry {
	t.Helper()
	o := execute(t, nil, "", append([]string{"tool", "list", "--json"}, args...)...)
	if o.code != exitOK {
		t.Fatalf("exit code %d, want 0: %s", o.code, o.stderr)
	}
	var list []entry
	if err := json.Unmarshal([]byte(o.stdout), &list); err != nil {
		t.Fatal(err)
	}
	return list
}

func TestListNeedsNoKeyAndHasEveryOperation(t *testing.T) {
	list := listed(t)
	if len(list) != 263 {
		t.Errorf("got %d tools, want 263", len(list))
	}
	for _, e := range list {
		if e.Name == "" || e.Title == "" || e.Description == "" || e.Toolset == "" {
			t.Errorf("incomplete entry: %+v", e)
		}
	}
	text := execute(t, nil, "", "tool", "list")
	if got := strings.Count(text.stdout, "\n"); got != 263 {
		t.Errorf("the table has %d lines, want 263", got)
	}
}

// The names that callers have in their programs stay what they are.
func TestEstablishedNamesExist(t *testing.T) {
	file, err := os.ReadFile("testdata/established-names.txt")
	if err != nil {
		t.Fatal(err)
	}
	list := listed(t)
	names := strings.Fields(string(file))
	if len(names) != 60 {
		t.Fatalf("got %d established names, want 60", len(names))
	}
	for _, name := range names {
		if !slices.ContainsFunc(list, func(e entry) bool { return e.Name == name }) {
			t.Errorf("%s is missing", name)
		}
	}
}

func TestListTakesAPrefix(t *testing.T) {
	for _, e := range listed(t, "vault.kv.") {
		if !strings.HasPrefix(e.Name, "vault.kv.") {
			t.Errorf("%s does not begin with vault.kv.", e.Name)
		}
	}
	if got := len(listed(t, "vault.kv.")); got == 0 {
		t.Error("got no tools, want those of vault.kv")
	}
}

func TestGetPrintsTheDefinition(t *testing.T) {
	o := execute(t, nil, "", "tool", "get", "organizations.create")
	var definition struct {
		Name        string
		InputSchema struct {
			Type     string
			Required []string
		}
	}
	if err := json.Unmarshal([]byte(o.stdout), &definition); err != nil {
		t.Fatalf("%v: %s", err, o.stdout)
	}
	if definition.Name != "organizations.create" || definition.InputSchema.Type != "object" ||
		!slices.Equal(definition.InputSchema.Required, []string{"name"}) {
		t.Errorf("got %+v, want organizations.create with the required argument name", definition)
	}
}

func TestCallWithoutKeyNamesBothWaysOut(t *testing.T) {
	u := newUpstream(t, answer(`{}`))
	o := execute(t, map[string]string{"WORKOS_BASE_URL": u.URL}, "", "tool", "call", "organizations.list")
	if o.code != exitFailed {
		t.Errorf("exit code %d, want %d", o.code, exitFailed)
	}
	for _, want := range []string{"WORKOS_API_KEY", "--sandbox"} {
		if !strings.Contains(o.stderr, want) {
			t.Errorf("got %q, want it to name %s", o.stderr, want)
		}
	}
	if n := len(u.seen()); n != 0 {
		t.Errorf("%d requests reached the wire, want 0", n)
	}
}

func TestWrongUsageExitsWithTwo(t *testing.T) {
	for _, args := range [][]string{
		{"--nope"},
		{"serve"},
		{"tool"},
		{"tool", "describe"},
		{"tool", "get"},
		{"tool", "get", "organisations.get"},
		{"tool", "call"},
		{"tool", "call", "organizations.get", "{}", "{}"},
		{"http", "--addr"},
		{"http", "--allow-origin", "not an origin"},
		{"--log-level", "loud"},
		{"version", "now"},
	} {
		if o := execute(t, nil, "", args...); o.code != exitUsage || o.stderr == "" {
			t.Errorf("%q: exit code %d and %q, want %d and a message", args, o.code, o.stderr, exitUsage)
		}
	}
	o := execute(t, nil, "", "tool", "get", "organisations.get")
	if !strings.Contains(o.stderr, "organizations.get") {
		t.Errorf("got %q, want the nearest name", o.stderr)
	}
}

func TestCallSendsTheKeyAndPrintsTheAnswer(t *testing.T) {
	u := newUpstream(t, answer(`{"id":"org_1","name":"A & B"}`))
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1"}
	o := execute(t, env, "", "tool", "call", "organizations.get", `{"id":"org_1"}`)
	if o.code != exitOK || o.stdout != "{\n  \"id\": \"org_1\",\n  \"name\": \"A & B\"\n}\n" {
		t.Errorf("got %d %q %q, want the answer, indented", o.code, o.stdout, o.stderr)
	}
	requests := u.seen()
	if len(requests) != 1 {
		t.Fatalf("got %d requests, want 1", len(requests))
	}
	if got := requests[0].Header.Get("Authorization"); got != "Bearer sk_test_1" {
		t.Errorf("Authorization is %q, want the key of the environment", got)
	}
	if requests[0].URL.Path != "/organizations/org_1" {
		t.Errorf("path is %q, want /organizations/org_1", requests[0].URL.Path)
	}
}

func TestCallReadsArgumentsFromFileAndStdin(t *testing.T) {
	u := newUpstream(t, answer(`{}`))
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1"}
	file := filepath.Join(t.TempDir(), "arguments.json")
	if err := os.WriteFile(file, []byte(`{"id":"org_file"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, o := range []outcome{
		execute(t, env, "", "tool", "call", "organizations.get", "@"+file),
		execute(t, env, `{"id":"org_stdin"}`, "tool", "call", "organizations.get", "-"),
	} {
		if o.code != exitOK {
			t.Errorf("exit code %d: %s", o.code, o.stderr)
		}
	}
	var paths []string
	for _, r := range u.seen() {
		paths = append(paths, r.URL.Path)
	}
	if want := []string{"/organizations/org_file", "/organizations/org_stdin"}; !slices.Equal(paths, want) {
		t.Errorf("got %q, want %q", paths, want)
	}
	if o := execute(t, env, "", "tool", "call", "organizations.get", "@"+file+".missing"); o.code != exitFailed {
		t.Errorf("a missing file gives exit code %d, want %d", o.code, exitFailed)
	}
}

func TestRefusedArgumentsAreNamedAndNothingIsSent(t *testing.T) {
	u := newUpstream(t, answer(`{}`))
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1"}
	for _, c := range []struct{ tool, arguments, want string }{
		{"organizations.create", `{"name":"Acme","nmae":"x"}`, "nmae"},
		{"organizations.create", `{}`, "name"},
		{"organizations.create", `{"name":7}`, "name"},
		{"organizations.list", `{"order":"upwards"}`, "order"},
		{"organizations.list", `{"limit":101}`, "limit"},
		{"organizations.get", `{"id":"../users/user_01"}`, "id"},
		{"organizations.get", `{"id":""}`, "id"},
		{"organizations.get", `{"id":`, "JSON"},
	} {
		o := execute(t, env, "", "tool", "call", c.tool, c.arguments)
		if o.code != exitFailed || !strings.Contains(o.stderr, c.want) {
			t.Errorf("%s %s: got %d %q, want %d and a message about %s",
				c.tool, c.arguments, o.code, o.stderr, exitFailed, c.want)
		}
	}
	if n := len(u.seen()); n != 0 {
		t.Errorf("%d requests reached the wire, want 0", n)
	}
}

func TestFailureHasWhatTheAPISaid(t *testing.T) {
	u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Request-Id", "req_7")
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte(`{"code":"entity_not_found","message":"No organization org_9."}`))
	})
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1"}
	o := execute(t, env, "", "tool", "call", "organizations.get", `{"id":"org_9"}`)
	for _, want := range []string{"404", "entity_not_found", "No organization org_9.", "req_7"} {
		if !strings.Contains(o.stderr, want) {
			t.Errorf("got %q, want it to hold %q", o.stderr, want)
		}
	}
	if o.code != exitFailed {
		t.Errorf("exit code %d, want %d", o.code, exitFailed)
	}
}

func TestSandboxNeedsNoKeyWhereverTheFlagStands(t *testing.T) {
	for _, args := range [][]string{
		{"--sandbox", "tool", "call", "organizations.create", `{"name":"Acme"}`},
		{"tool", "call", "--sandbox", "organizations.create", `{"name":"Acme"}`},
		{"tool", "call", "organizations.create", `{"name":"Acme"}`, "--sandbox"},
	} {
		o := execute(t, nil, "", args...)
		var organization struct{ Object, ID, Name string }
		if err := json.Unmarshal([]byte(o.stdout), &organization); err != nil {
			t.Fatalf("%q: %v: %s%s", args, err, o.stdout, o.stderr)
		}
		if organization.Object != "organization" || organization.Name != "Acme" ||
			!strings.HasPrefix(organization.ID, "org_") {
			t.Errorf("%q: got %+v, want the organization Acme", args, organization)
		}
	}
}

func TestClientIDOfTheEnvironmentIsFilledIn(t *testing.T) {
	u := newUpstream(t, answer(`{"keys":[]}`))
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_CLIENT_ID": "client_7"}
	if o := execute(t, env, "", "tool", "call", "sso.jwks.get"); o.code != exitOK {
		t.Fatalf("exit code %d: %s", o.code, o.stderr)
	}
	if got := u.seen()[0].URL.Path; got != "/sso/jwks/client_7" {
		t.Errorf("path is %q, want /sso/jwks/client_7", got)
	}
	// The client ID of a third party's application is another thing.
	o := execute(t, env, "", "tool", "get", "data_integrations.client_credentials.update")
	if !strings.Contains(o.stdout, `"client_id",`) && !strings.Contains(o.stdout, `"client_id"`+"\n") {
		t.Errorf("client_id is not required any more: %s", o.stdout)
	}
}

func TestAccessTokenGoesOnlyWhereItBelongs(t *testing.T) {
	u := newUpstream(t, answer(`{}`))
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1", "WORKOS_ACCESS_TOKEN": "token_1"}
	execute(t, env, "", "tool", "call", "sso.profile.get")
	execute(t, env, "", "tool", "call", "organizations.get", `{"id":"org_1"}`)
	requests := u.seen()
	if len(requests) != 2 {
		t.Fatalf("got %d requests, want 2", len(requests))
	}
	for i, want := range []string{"Bearer token_1", "Bearer sk_test_1"} {
		if got := requests[i].Header.Get("Authorization"); got != want {
			t.Errorf("%s: Authorization is %q, want %q", requests[i].URL.Path, got, want)
		}
	}
}

func TestVersionIsPrinted(t *testing.T) {
	if o := execute(t, nil, "", "version"); !strings.HasPrefix(o.stdout, "workos-mcp v") {
		t.Errorf("got %q, want workos-mcp v…", o.stdout)
	}
}

// Arguments that were piped are not lost without a word.
func TestACallSaysThatStdinWasNotRead(t *testing.T) {
	const advice = "stdin was not read: give - behind the name to read the arguments from it."
	file := filepath.Join(t.TempDir(), "acme.json")
	if err := os.WriteFile(file, []byte(`{"name": "Acme"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		stdin string // file
		args  []string
		want  bool
	}{
		{file, nil, true},
		{file, []string{"external_id=x"}, false},
		{os.DevNull, nil, false},
	} {
		in, err := os.Open(c.stdin)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = in.Close() }()
		for _, form := range []string{"--json=false", "--json"} {
			cmd := program(t, nil, append([]string{"--sandbox", "tool", "call", form, "organizations.create"}, c.args...)...)
			var stderr strings.Builder
			cmd.Stdin, cmd.Stderr = in, &stderr
			if code := exitCode(t, cmd.Run()); code != exitFailed || strings.Contains(stderr.String(), advice) != c.want {
				t.Errorf("%s %q %s: got %d %s, want advice: %v", c.stdin, c.args, form, code, &stderr, c.want)
			}
		}
	}
}
