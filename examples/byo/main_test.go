package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

// run runs the program with NOTES_MCP_SERVER set to url, unless it is "".
func run(t *testing.T, url, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	p := serve.Process{Args: args, Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs}
	if url != "" {
		p.Environ = []string{"NOTES_MCP_SERVER=" + url}
	}
	code = serve.Run(t.Context(), api(), p)
	return code, out.String(), errs.String()
}

// newNotes is a notes API that responds with what it was sent.
func newNotes(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		text := r.Method + " " + r.URL.Path + " " + strings.ReplaceAll(string(body), `"`, "'")
		_, _ = io.WriteString(w, `{"id":1,"text":"`+text+`"}`)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

const (
	initialize = `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18",` +
		`"capabilities":{},"clientInfo":{"name":"mcp-inspector","version":"1"}}}` + "\n"
	create = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"notes.create",` +
		`"arguments":{"text":"hello"}}}` + "\n"
	created = `{"id":1,"text":"POST /notes {'text':'hello'}"}`
)

func TestNotesAreServedOverStdio(t *testing.T) {
	code, stdout, stderr := run(t, newNotes(t), initialize+create)
	if code != serve.ExitOK || !strings.Contains(stdout, `"structuredContent":`+created) {
		t.Errorf("got %d %s%s, want %s", code, stdout, stderr, created)
	}
	if !strings.Contains(stdout, `"serverInfo":{"name":"notes-mcp"`) {
		t.Errorf("got %s, want the name of the program", stdout)
	}
}

func TestNotesAreServedInTheShell(t *testing.T) {
	url := newNotes(t)
	if code, stdout, _ := run(t, url, "", "tool", "list"); code != serve.ExitOK || strings.Count(stdout, "\n") != 3 {
		t.Errorf("got %d %s, want three tools", code, stdout)
	}
	code, stdout, stderr := run(t, url, "", "tool", "call", "notes.create", `{"text":"hello"}`)
	if code != serve.ExitOK || !strings.Contains(stdout, "POST /notes {'text':'hello'}") {
		t.Errorf("got %d %s%s, want the note", code, stdout, stderr)
	}
}

func TestNotesAreServedOverHTTP(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	logs, stderr := io.Pipe()
	ended := make(chan int, 1)
	go func() {
		ended <- serve.Run(ctx, api(), serve.Process{
			Args: []string{"http", "--addr", "127.0.0.1:0"}, Environ: []string{"NOTES_MCP_SERVER=" + newNotes(t)}, Stderr: stderr,
		})
		_ = stderr.Close()
	}()
	var log strings.Builder
	for b := make([]byte, 1<<10); !strings.Contains(log.String(), "/mcp"); {
		n, err := logs.Read(b)
		if err != nil {
			t.Fatalf("the server did not start: %s", &log)
		}
		log.Write(b[:n])
	}
	go func() { _, _ = io.Copy(io.Discard, logs) }()
	_, url, _ := strings.Cut(log.String(), "url=")
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSpace(url), strings.NewReader(create))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json, text/event-stream")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err != nil || !strings.Contains(string(body), created) {
		t.Errorf("got %s and %v, want %s", body, err, created)
	}
	stop()
	if code := <-ended; code != serve.ExitOK {
		t.Errorf("got %d, want a clean end", code)
	}
}

func TestAServerNeedsAnAddress(t *testing.T) {
	for _, args := range [][]string{nil, {"tool", "list"}, {"http", "--addr", "127.0.0.1:0"}} {
		code, stdout, stderr := run(t, "notes.example.com", "", args...)
		const want = `notes-mcp: base URL "notes.example.com": want an absolute http or https URL: ` +
			"set --server or NOTES_MCP_SERVER\n"
		if code != serve.ExitUsage || stdout != "" || !strings.Contains(stderr, want) {
			t.Errorf("%v: got %d %s%s, want the variable", args, code, stdout, stderr)
		}
	}
}

// A redirect would carry the request, and what authenticates it, to another host.
func TestARedirectIsNotFollowed(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("the redirect was followed")
	}))
	defer elsewhere.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		requests := 0
		notes := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			requests++
			http.Redirect(w, r, elsewhere.URL, status)
		}))
		code, stdout, stderr := run(t, notes.URL, "", "tool", "call", "notes.create", `{"text":"hello"}`)
		if code != serve.ExitFailed || requests != 1 {
			t.Errorf("%d: got %d %s%s and %d requests, want one and a failure", status, code, stdout, stderr, requests)
		}
		notes.Close()
	}
}
