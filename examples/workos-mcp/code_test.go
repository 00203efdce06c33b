package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

// interpreter builds the interpreter of programs once, and returns its path.
var interpreter = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "interpreter")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "mcp-quickjs.exe")
	build := exec.Command("go", "build", "-o", path, ".")
	build.Dir = filepath.Join("..", "..", "mcpadapter", "program", "mcp-quickjs")
	if text, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, text)
	}
	return path, nil
})

// codeEnv is the environment of a server in code mode.
func codeEnv(t *testing.T, more map[string]string) map[string]string {
	t.Helper()
	path, err := interpreter()
	if err != nil {
		t.Fatal(err)
	}
	env := map[string]string{"WORKOS_MCP_MODE": "code", "WORKOS_MCP_INTERPRETER": path}
	maps.Copy(env, more)
	return env
}

// sandboxUpstream is a sandbox behind an upstream that records what reaches it.
func sandboxUpstream(t *testing.T) *upstream {
	t.Helper()
	sb := sandbox.New()
	return newUpstream(t, sb.ServeHTTP)
}

// wire lists methods and paths of what reached the upstream, and forgets it.
func (u *upstream) wire() string {
	var list []string
	for _, r := range u.seen() {
		list = append(list, r.Method+" "+r.URL.Path)
	}
	u.forget()
	return strings.Join(list, ", ")
}

// programArguments are the arguments of run_program.
func programArguments(source, token string) string {
	args := map[string]string{"program": source}
	if token != "" {
		args["confirmation"] = token
	}
	text, _ := json.Marshal(args)
	return string(text)
}

// codeResult is the result of a program.
type codeResult struct {
	IsError           bool
	StructuredContent struct {
		Value json.RawMessage
		Calls []string
		Error struct {
			Code, Message string
			Confirmation  struct{ Question, Token string }
		}
	}
}

func readCodeResult(t *testing.T, text string) codeResult {
	t.Helper()
	var m struct{ Result codeResult }
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return m.Result
}

// runOverStdio runs a program on a server over stdio.
func runOverStdio(t *testing.T, env map[string]string, source, token string) codeResult {
	t.Helper()
	in := initialize + "\n" + callBody(1, "run_program", programArguments(source, token)) + "\n"
	o := execute(t, env, in, "stdio", "--log-level", "error")
	for line := range strings.Lines(o.stdout) {
		if strings.Contains(line, `"id":1`) {
			return readCodeResult(t, line)
		}
	}
	t.Fatalf("got %d %s %s", o.code, o.stdout, o.stderr)
	return codeResult{}
}

// runOverHTTP runs a program on a server over HTTP, with a key.
func runOverHTTP(t *testing.T, url, key, source, token string) codeResult {
	t.Helper()
	status, answer := post(t, url+mcpPath, callBody(1, "run_program", programArguments(source, token)),
		http.Header{"X-Bearer": {key}})
	if status != http.StatusOK {
		t.Fatalf("got %d %s", status, answer)
	}
	return readCodeResult(t, answer)
}

const onboarding = `
	const org = await api.organizations.create({name: "Acme", external_id: "acme"});
	const users = await Promise.all(["ada@acme.com", "bob@acme.com"].map((email) =>
		api.user_management.users.create({email})));
	for (const user of users) {
		await api.user_management.organization_memberships.create({user_id: user.id, organization_id: org.id});
	}
	let members = 0;
	for await (const m of api.user_management.organization_memberships.list({organization_id: org.id})) members++;
	return {name: org.name, members};`

func TestAProgramOnboardsACustomer(t *testing.T) {
	t.Parallel()
	u := sandboxUpstream(t)
	r := runOverStdio(t, codeEnv(t, map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1"}), onboarding, "")
	if r.IsError || string(r.StructuredContent.Value) != `{"name":"Acme","members":2}` {
		t.Errorf("got %+v", r)
	}
	const want = "POST /organizations, POST /user_management/users, POST /user_management/users, " +
		"POST /user_management/organization_memberships, POST /user_management/organization_memberships, " +
		"GET /user_management/organization_memberships"
	for _, request := range u.seen() {
		if got := request.Header.Get("Authorization"); got != "Bearer sk_test_1" {
			t.Errorf("got %q", got)
		}
	}
	if got := u.wire(); got != want || len(r.StructuredContent.Calls) != 6 {
		t.Errorf("got %s and %q", got, r.StructuredContent.Calls)
	}
}

const offboarding = `
	const doomed = [];
	for await (const user of api.user_management.users.list()) if (user.email.startsWith("bob")) doomed.push(user.id);
	await Promise.all(doomed.map((id) => api.user_management.users.delete({id})));
	return doomed.length;`

func TestAPlanIsConfirmedOnceAndAskedAgainIfItChanges(t *testing.T) {
	t.Parallel()
	u := sandboxUpstream(t)
	env := codeEnv(t, map[string]string{
		"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1", confirmKeyEnv: confirmKeyA,
	})
	create := func(email string) {
		if r := runOverStdio(t, env, `await api.user_management.users.create({email: "`+email+`"})`, ""); r.IsError {
			t.Fatalf("got %+v", r)
		}
	}
	create("ada@acme.com")
	create("bob1@acme.com")
	create("bob2@acme.com")
	u.forget()
	first := runOverStdio(t, env, offboarding, "").StructuredContent.Error
	if first.Code != "confirmation_required" || !strings.Contains(first.Confirmation.Question, "bob1@acme.com") ||
		!strings.Contains(first.Confirmation.Question, "bob2@acme.com") || u.changed() != 0 {
		t.Fatalf("got %+v, %s", first, u.wire())
	}
	create("bob3@acme.com")
	u.forget()
	second := runOverStdio(t, env, offboarding, first.Confirmation.Token).StructuredContent.Error
	if !strings.Contains(second.Confirmation.Question, "bob3@acme.com") || u.changed() != 0 {
		t.Fatalf("got %+v, %s", second, u.wire())
	}
	if r := runOverStdio(t, env, offboarding, second.Confirmation.Token); string(r.StructuredContent.Value) != "3" || u.changed() != 3 {
		t.Errorf("got %+v, %d changes", r, u.changed())
	}
	u.forget()
	again := runOverStdio(t, env, offboarding, second.Confirmation.Token)
	if n := u.changed(); n != 0 {
		t.Errorf("a used token: got %d changes, %+v", n, again)
	}
	left := runOverStdio(t, env, `let l = []; for await (const u of api.user_management.users.list()) l.push(u.email); return l`, "")
	if string(left.StructuredContent.Value) != `["ada@acme.com"]` {
		t.Errorf("got %s left", left.StructuredContent.Value)
	}
}

func TestFiltersApplyToPrograms(t *testing.T) {
	t.Parallel()
	u := sandboxUpstream(t)
	env := codeEnv(t, map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1", "WORKOS_MCP_READ_ONLY": "true"})
	r := runOverStdio(t, env, onboarding, "")
	if !r.IsError || !strings.Contains(r.StructuredContent.Error.Message, "filtered") || u.wire() != "" {
		t.Errorf("got %+v", r)
	}
}

// Each program has the things of its own key, and a token is for the key that asked.
func TestProgramsOfTenantsDoNotMix(t *testing.T) {
	t.Parallel()
	u := sandboxUpstream(t)
	url, logs := startHTTP(t, codeEnv(t, map[string]string{"WORKOS_BASE_URL": u.URL, confirmKeyEnv: confirmKeyA}))
	const tenants = 4
	var all sync.WaitGroup
	for n := range tenants {
		all.Go(func() {
			key, email := fmt.Sprintf("sk_tenant_%d", n), fmt.Sprintf("bob%d@acme.com", n)
			r := runOverHTTP(t, url, key, `await api.user_management.users.create({email: "`+email+`"});
				return (await api.user_management.users.list()).data.map((u) => u.email)`, "")
			if got := string(r.StructuredContent.Value); got != `["`+email+`"]` {
				t.Errorf("tenant %d: got %s, %+v", n, got, r)
			}
		})
	}
	all.Wait()
	for _, request := range u.seen() {
		if !strings.HasPrefix(request.Header.Get("Authorization"), "Bearer sk_tenant_") {
			t.Errorf("got %q", request.Header.Get("Authorization"))
		}
	}
	u.forget()
	asked := runOverHTTP(t, url, "sk_tenant_0", offboarding, "").StructuredContent.Error.Confirmation
	for key, want := range map[string]int{"sk_tenant_1": 0, "sk_other": 0} {
		runOverHTTP(t, url, key, offboarding, asked.Token)
		if got := u.changed(); got != want {
			t.Errorf("%s: got %d changes, want %d", key, got, want)
		}
	}
	if r := runOverHTTP(t, url, "sk_tenant_0", offboarding, asked.Token); r.IsError || u.changed() != 1 {
		t.Errorf("got %+v, %d changes", r, u.changed())
	}
	if strings.Contains(logs.String(), "sk_tenant") {
		t.Error("the log has a key")
	}
}

func TestAProgramSeesNeitherKeysNorTokens(t *testing.T) {
	t.Parallel()
	u := sandboxUpstream(t)
	env := codeEnv(t, map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_secret"})
	r := runOverStdio(t, env, `const seen = []; let o = globalThis;
		for (const name of Object.getOwnPropertyNames(o)) seen.push(name, String(o[name]));
		try { await api.organizations.get({id: "org_1"}) } catch (e) { seen.push(e.stack, JSON.stringify(e), e.message) }
		return seen.join().match(/sk_\w+|token/gi)`, "")
	if string(r.StructuredContent.Value) != "null" {
		t.Errorf("got %+v", r)
	}
}

func TestWhatCodeModeLists(t *testing.T) {
	t.Parallel()
	in := initialize + "\n" + `{"jsonrpc":"2.0","id":1,"method":"tools/list"}` + "\n" +
		`{"jsonrpc":"2.0","id":2,"method":"resources/list"}` + "\n" +
		callBody(3, "search_operations", `{"query":"create an organization","limit":1}`) + "\n" +
		callBody(4, "search_operations", `{"operations":["organizations.get"]}`) + "\n" +
		callBody(5, "search_operations", `{}`) + "\n" +
		callBody(6, "search_operations", `{"query":"delete a user\nlist feature flags\n","limit":1}`) + "\n"
	o := execute(t, codeEnv(t, nil), in, "stdio")
	for _, want := range []string{
		`"name":"run_program"`, `"name":"search_operations"`, "workos://catalogue", "Operations are called by programs",
		`api.organizations.create({name, `, `"id":5,"result":{"content":[{"type":"text","text":"invalid_arguments`,
		`{\"operations\":[\"api.user_management.users.delete({id}): any // Delete a user\",\"api.feature_flags.list(`,
		`/** Get an organization`, `object: \\\"organization\\\"`,
	} {
		if !strings.Contains(o.stdout, want) {
			t.Errorf("got %s, want %s in it", o.stdout, want)
		}
	}
	if n := strings.Count(o.stdout, `"inputSchema"`); n != 2 {
		t.Errorf("got %d tools, want 2", n)
	}
}

// The program of docs/server.md does what the text beside it says.
func TestTheDocumentedProgramRuns(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/server.md")
	if err != nil {
		t.Fatal(err)
	}
	_, program, _ := strings.Cut(string(text), "```js\n")
	program, _, found := strings.Cut(program, "```")
	if !found {
		t.Fatal("docs/server.md has no program")
	}
	u := sandboxUpstream(t)
	env := codeEnv(t, map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1"})
	runOverStdio(t, env, onboarding, "")
	r := runOverStdio(t, env, `const org = await api.organizations.external_id.get({external_id: "acme"}); args.org = org.id;`+program, "")
	if string(r.StructuredContent.Value) != `["bob@acme.com","ada@acme.com"]` { // newest first
		t.Errorf("got %+v", r)
	}
}

func TestCodeModeNeedsItsInterpreter(t *testing.T) {
	t.Parallel()
	o := execute(t, map[string]string{"WORKOS_MCP_INTERPRETER": filepath.Join(t.TempDir(), "none")}, "", "stdio", "--mode", "code")
	if o.code != exitUsage || !strings.Contains(o.stderr, "go install") {
		t.Errorf("got %d %s", o.code, o.stderr)
	}
}

func TestTypesOfASubset(t *testing.T) {
	t.Parallel()
	o := execute(t, nil, "", "tool", "types", "organizations.")
	for _, want := range []string{"declare const api: {", "  organizations: {", "create(args: { name: string;", "Promise<T>"} {
		if !strings.Contains(o.stdout, want) {
			t.Errorf("got %s, want %s in it", o.stdout, want)
		}
	}
	if strings.Contains(o.stdout, "user_management: {") {
		t.Error("got more than the prefix")
	}
	if o := execute(t, nil, "", "tool", "types", "nope"); o.code != exitUsage {
		t.Errorf("got %d", o.code)
	}
}
