package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

const initialize = `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18",` +
	`"capabilities":{},"clientInfo":{"name":"mcp-inspector","version":"1"}}}`

func TestStdioAnswersEveryCallThatItHasRead(t *testing.T) {
	u := newUpstream(t, answer(`{"id":"org_1"}`))
	const calls = 500
	var in strings.Builder
	in.WriteString(initialize + "\n")
	for i := 1; i <= calls; i++ {
		in.WriteString(callBody(i, "organizations.get", `{"id":"org_1"}`) + "\n")
	}
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1"}
	o := execute(t, env, in.String(), "stdio", "--log-level", "error")
	if o.code != exitOK {
		t.Fatalf("exit code %d: %s", o.code, o.stderr)
	}
	answered := map[int]bool{}
	for line := range strings.Lines(o.stdout) {
		var m struct {
			ID     *int
			Result struct{ IsError bool }
		}
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		if m.ID != nil && !m.Result.IsError {
			answered[*m.ID] = true
		}
	}
	if len(answered) != calls+1 {
		t.Errorf("%d of %d requests were answered", len(answered), calls+1)
	}
	if n := len(u.seen()); n != calls {
		t.Errorf("%d requests reached the wire, want %d", n, calls)
	}
}

func TestStdioIsTheDefaultAndListsEveryTool(t *testing.T) {
	in := initialize + "\n" + `{"jsonrpc":"2.0","id":1,"method":"tools/list"}` + "\n"
	o := execute(t, nil, in)
	var got int
	for line := range strings.Lines(o.stdout) {
		var m struct {
			Result struct{ Tools []json.RawMessage }
		}
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("%v: %s", err, line)
		}
		got += len(m.Result.Tools)
	}
	if got != 263 {
		t.Errorf("got %d tools, want 263: %s", got, o.stderr)
	}
}

func TestStdioCallWithoutKeyIsAToolError(t *testing.T) {
	in := initialize + "\n" + callBody(1, "organizations.list", `{}`) + "\n"
	o := execute(t, nil, in, "stdio")
	for _, want := range []string{`"isError":true`, "WORKOS_API_KEY", "--sandbox"} {
		if !strings.Contains(o.stdout, want) {
			t.Errorf("got %s, want it to hold %s", o.stdout, want)
		}
	}
}

func TestSecretsStayOutOfLogs(t *testing.T) {
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusUnauthorized)
		key := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		_, _ = fmt.Fprintf(w, `{"message":"The key %s is not valid."}`, key)
	})
	call := callBody(1, "user_management.users.create", `{"email":"a@example.com","password":"hunter2hunter2"}`)
	in := initialize + "\n" + call + "\n"
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_secret1"}
	o := execute(t, env, in, "stdio", "--log-level", "debug")
	for _, secret := range []string{"sk_test_secret1", "hunter2hunter2"} {
		if strings.Contains(o.stderr, secret) {
			t.Errorf("the log holds %s: %s", secret, o.stderr)
		}
		if strings.Contains(o.stdout, secret) {
			t.Errorf("an answer holds %s: %s", secret, o.stdout)
		}
	}
	if !strings.Contains(o.stdout, "401") {
		t.Errorf("got %s, want the status 401", o.stdout)
	}
}

func TestEndOfInputWaitsForNoCancelledRequest(t *testing.T) {
	release := make(chan struct{})
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
		w.WriteHeader(http.StatusOK)
	})
	defer close(release)
	in := initialize + "\n" + callBody(1, "organizations.list", `{}`) + "\n" +
		`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}` + "\n"
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1"}
	if o := execute(t, env, in, "stdio", "--log-level", "error"); o.code != exitOK {
		t.Errorf("got %d %s, want %d", o.code, o.stderr, exitOK)
	}
}

// The transport may write an ID another way than it came.
func TestEndOfInputWaitsForNoAnswerThatHasCome(t *testing.T) {
	for id, want := range map[string]string{
		`"a<b"`: `"a\u003cb"`, `1.0`: `1`, `"\u0061"`: `"a"`, `"a\/b"`: `"a/b"`, `9007199254740991`: `9007199254740991`,
	} {
		o := execute(t, nil, initialize+"\n"+`{"jsonrpc":"2.0","id":`+id+`,"method":"ping"}`+"\n", "stdio")
		if part := `"id":` + want + `,"result":{}`; o.code != exitOK || !strings.Contains(o.stdout, part) {
			t.Errorf("id %s: got %d %s, want %s", id, o.code, o.stdout, part)
		}
	}
	o := execute(t, nil, initialize+"\n"+`{"jsonrpc":"2.0","id":null,"method":"ping"}`+"\n", "stdio")
	if o.code != exitOK {
		t.Errorf("id null: got %d %s, want %d", o.code, o.stderr, exitOK)
	}
}

// A client that breaks off in the middle is a failure of the program, and what is secret is not told.
func TestAnInputThatBreaksOffIsAFailure(t *testing.T) {
	u := newUpstream(t, answer(acme))
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1"}
	var stdout, stderr bytes.Buffer
	broken := iotest.ErrReader(errors.New("read stdin: input/output error"))
	code := run(bounded(t), serve.Process{
		Args: []string{"stdio", "--log-level", "error"}, Environ: environ(env),
		Stdin: io.MultiReader(strings.NewReader(initialize+"\n"), broken), Stdout: &stdout, Stderr: &stderr,
	})
	const want = "workos-mcp: serve stdio: read stdin: input/output error\n"
	if code != exitFailed || stderr.String() != want || !strings.Contains(stdout.String(), "serverInfo") {
		t.Errorf("got %d %q, want %d and %q", code, &stderr, exitFailed, want)
	}
	u.wantSent(t, "an input that breaks off", 0)
}

// More calls than workers and places in their queue run at once, and a call that waits holds up no other.
func TestStdioRunsCallsAtOnce(t *testing.T) {
	const callsAtOnce = 32
	all := make(chan struct{})
	var arrived sync.WaitGroup
	arrived.Add(callsAtOnce)
	go func() {
		arrived.Wait()
		close(all)
	}()
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		arrived.Done()
		select {
		case <-all:
			_, _ = io.WriteString(w, acme)
		case <-r.Context().Done():
		}
	})
	var in strings.Builder
	in.WriteString(initialize + "\n")
	for i := range callsAtOnce {
		in.WriteString(callBody(i+1, "organizations.get", deletion) + "\n")
	}
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1"}
	o := execute(t, env, in.String(), "stdio", "--log-level", "error")
	if got := strings.Count(o.stdout, `"name":"Acme"`); o.code != exitOK || got < 32 {
		t.Errorf("got %d and %d responses, want 32 that were worked on at once", o.code, got)
	}
}

// The settings that are wrong stop every kind of server before it reads anything.
func TestWrongSettingsStopTheStart(t *testing.T) {
	for _, command := range []string{"stdio", "http", "tool"} {
		args := map[string][]string{
			"stdio": {"stdio"}, "http": {"http", "--addr", "127.0.0.1:0"}, "tool": {"tool", "list"},
		}[command]
		for variable, value := range map[string]string{
			modeEnv: "all", confirmEnv: "all", confirmKeyEnv: strings.Repeat("k", 31), toolsetsEnv: "none", allowEnv: "x",
			denyEnv: "[", readOnlyEnv: "maybe", envOf(maxResultFlag): "1023", envOf(maxElementsFlag): "-1",
			envOf(hideFlag): "maybe", envOf(noArgumentsFlag): "maybe", "WORKOS_BASE_URL": "ftp://example.com",
		} {
			o := executeStopped(t, map[string]string{variable: value}, args...)
			want := exitUsage
			if variable == "WORKOS_BASE_URL" {
				want = exitFailed
			}
			if o.code != want || o.stdout != "" || strings.Contains(o.stderr, "kkkk") {
				t.Errorf("%s, %s=%s: got %d %s%s, want %d", command, variable, value, o.code, o.stdout, o.stderr, want)
			}
			named := strings.Contains(o.stderr, variable) ||
				strings.Contains(o.stderr, "--"+maxResultFlag) || strings.Contains(o.stderr, "--"+maxElementsFlag)
			if variable != "WORKOS_BASE_URL" && !named {
				t.Errorf("%s, %s=%s: got %s, want the variable named", command, variable, value, o.stderr)
			}
		}
	}
}
