package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

const initialize = `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18",` +
	`"capabilities":{},"clientInfo":{"name":"test","version":"1"}}}`

func TestStdioAnswersEveryCallThatItHasRead(t *testing.T) {
	u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(5 * time.Millisecond)
		_, _ = w.Write([]byte(`{"id":"org_1"}`))
	})
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
	if got != 214 {
		t.Errorf("got %d tools, want 214: %s", got, o.stderr)
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
	began := time.Now()
	execute(t, env, in, "stdio")
	if took := time.Since(began); took > drainTime/2 {
		t.Errorf("the end took %v, want it not to wait for a canceled call", took)
	}
}

// The transport may write an ID another way than it came.
func TestEndOfInputWaitsForNoAnswerThatHasCome(t *testing.T) {
	for _, id := range []string{`"a<b"`, `1.0`, `"\u0061"`, `"a\/b"`, `9007199254740993`, `null`} {
		began := time.Now()
		o := execute(t, nil, initialize+"\n"+`{"jsonrpc":"2.0","id":`+id+`,"method":"ping"}`+"\n", "stdio")
		if took := time.Since(began); took > drainTime/4 {
			t.Errorf("id %s: the end took %v: %s", id, took, o.stdout)
		}
	}
}
