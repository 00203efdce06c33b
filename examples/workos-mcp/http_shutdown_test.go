package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

func TestNoClientCancelsAnothersCall(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		select {
		case <-release:
			_, _ = w.Write([]byte(`{"id":"org_1"}`))
		case <-r.Context().Done():
		}
	})
	url, _ := startHTTP(t, map[string]string{"WORKOS_BASE_URL": u.URL})
	key := http.Header{"X-Bearer": {"sk_a"}}
	got := make(chan string, 1)
	go func() {
		_, text := post(t, url+mcpPath, callBody(7, "organizations.get", `{"id":"org_1"}`), key)
		got <- text
	}()
	await(t, "the call", arrived)
	cancel := `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}`
	status, body := post(t, url+mcpPath, cancel, http.Header{"X-Bearer": {"sk_b"}})
	if status != http.StatusAccepted {
		t.Errorf("got %d %s, want 202", status, body)
	}
	close(release)
	text := await(t, "the response", got)
	if !strings.Contains(text, "org_1") || strings.Contains(text, `"isError":true`) {
		t.Errorf("got %s, want the organization", text)
	}
}

func TestAClientThatGoesAwayCancelsItsCall(t *testing.T) {
	arrived, canceled := make(chan struct{}), make(chan struct{})
	u := newUpstream(t, func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
		close(canceled)
	})
	url, _ := startHTTP(t, map[string]string{"WORKOS_BASE_URL": u.URL})
	ctx, cancel := context.WithCancel(bounded(t))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+mcpPath,
		strings.NewReader(callBody(1, "organizations.get", `{"id":"org_1"}`)))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json, text/event-stream")
	req.Header.Set("X-Bearer", "sk_a")
	go func() {
		<-arrived
		cancel()
	}()
	defer cancel()
	if resp, err := http.DefaultClient.Do(req); err == nil {
		_ = resp.Body.Close()
		t.Fatal("got an answer, want the client's own cancellation")
	}
	await(t, "the end of the call that has no client", canceled)
}

// logLines passes on each line that is written to it.
type logLines chan string

func (l logLines) Write(b []byte) (int, error) {
	l <- string(b)
	return len(b), nil
}

// until waits for a line with some text.
func (l logLines) until(t *testing.T, text string) string {
	t.Helper()
	for {
		if line := await(t, text, l); strings.Contains(line, text) {
			return line
		}
	}
}

func TestShutdownLetsCallsFinish(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		select {
		case <-release:
		case <-r.Context().Done():
		}
		_, _ = w.Write([]byte(`{"id":"org_1"}`))
	})
	ctx, stop := context.WithCancel(bounded(t))
	env := map[string]string{"WORKOS_BASE_URL": u.URL}
	logs := make(logLines, 100)
	p := serve.Process{
		Args: []string{"http", "--addr", "127.0.0.1:0"}, Environ: environ(env),
		Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: logs,
	}
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, p) }()
	line := logs.until(t, "serving MCP")
	_, url, _ := strings.Cut(line, "url=")
	url, rest, _ := strings.Cut(url, " ")
	if rest != "sandbox=false\n" || !strings.HasSuffix(url, mcpPath) {
		t.Fatalf("got %q, want the address and no sandbox", line)
	}
	got := make(chan string, 1)
	go func() {
		_, text := post(t, url, callBody(1, "organizations.get", `{"id":"org_1"}`), http.Header{"X-Bearer": {"sk_a"}})
		got <- text
	}()
	await(t, "the call", arrived)
	stop()
	logs.until(t, "shutting down")
	addr := strings.TrimSuffix(strings.TrimPrefix(url, "http://"), mcpPath)
	for ctx := bounded(t); ; { // until nobody else is let in
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
		if ctx.Err() != nil {
			t.Fatal("the server goes on listening")
		} else if err != nil {
			break
		}
		_ = conn.Close()
	}
	select {
	case code := <-ended:
		t.Errorf("got the end with %d, want it to wait for the call", code)
	default:
	}
	close(release)
	if text := await(t, "the response", got); !strings.Contains(text, "org_1") {
		t.Errorf("got %s, want the organization", text)
	}
	if code := await(t, "the end", ended); code != exitOK {
		t.Errorf("got %d, want a clean end", code)
	}
}

func TestAnAddressThatIsTakenIsAFailure(t *testing.T) {
	taken, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	o := execute(t, nil, "", "http", "--sandbox", "--addr", taken.Addr().String(), "--log-level", "error")
	if o.code != exitFailed || !strings.HasPrefix(o.stderr, "workos-mcp: listen: listen tcp") {
		t.Errorf("got %d %q, want %d and the address", o.code, o.stderr, exitFailed)
	}
}
