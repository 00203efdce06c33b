package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/creack/pty"

	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

func TestTheShellSendsNothingThatNobodyConfirms(t *testing.T) {
	u := newUpstream(t, answer(acme))
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1"}
	o := execute(t, env, "y\n", "tool", "call", "organizations.delete", deletion)
	if o.code != exitFailed || o.stdout != "" || u.changed() != 0 {
		t.Errorf("got %d %q and %d changes, want %d and nothing sent", o.code, o.stdout, u.changed(), exitFailed)
	}
	for _, want := range []string{"Delete an organization?", `name: "Acme"`, "there is no terminal to ask at; rerun with --yes. Nothing was sent."} {
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
