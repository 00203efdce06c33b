package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

// mode is how the server exposes operations.
type mode string

const (
	direct  mode = "direct"
	dynamic mode = "dynamic"
	code    mode = "code"
)

func modes() []mode { return []mode{direct, dynamic, code} }

// programs are the built programs.
type programs struct{ server, interpreter string }

// build builds the server and the interpreter of the repository at root into dir.
func build(ctx context.Context, root, dir string) (programs, error) {
	p := programs{filepath.Join(dir, "workos-mcp"), filepath.Join(dir, "mcp-quickjs")}
	for path, at := range map[string]string{
		p.server:      filepath.Join(root, "examples", "workos-mcp"),
		p.interpreter: filepath.Join(root, "mcpadapter", "program", "mcp-quickjs"),
	} {
		cmd := exec.CommandContext(ctx, "go", "build", "-o", path, ".")
		cmd.Dir = at
		if text, err := cmd.CombinedOutput(); err != nil {
			return p, fmt.Errorf("build %s: %w: %s", at, err, text)
		}
	}
	return p, nil
}

// world is a sandbox in which one task is solved.
type world struct {
	programs programs
	server   *httptest.Server
	admin    *client // makes the start state and checks the end state

	mu   sync.Mutex
	sent []string // "METHOD /path" of the requests of the agent
}

// begin is what the clock of each world shows.
func begin() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }

// newWorld makes the start state of a task.
func newWorld(ctx context.Context, p programs, t *task) (*world, error) {
	sb := sandbox.New(sandbox.WithSeed(1), sandbox.WithClock(begin))
	if t.seed != "" {
		if err := sb.Seed([]byte(t.seed)); err != nil {
			return nil, fmt.Errorf("seed: %w", err)
		}
	}
	w := &world{programs: p}
	w.server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.mu.Lock()
		w.sent = append(w.sent, r.Method+" "+r.URL.Path)
		w.mu.Unlock()
		sb.ServeHTTP(rw, r)
	}))
	var err error
	if w.admin, err = w.connect(ctx, code, "--confirm", "none"); err != nil {
		return nil, err
	}
	if t.setup != "" {
		if _, err := w.run(t.setup); err != nil {
			return nil, fmt.Errorf("setup: %w", err)
		}
	}
	w.sent = nil
	return w, nil
}

// connect starts a server for the world.
func (w *world) connect(ctx context.Context, m mode, args ...string) (*client, error) {
	return connect(ctx, w.programs.server, []string{
		"WORKOS_BASE_URL=" + w.server.URL, "WORKOS_API_KEY=sk_test_agentbench", "WORKOS_MCP_INTERPRETER=" + w.programs.interpreter,
	}, append([]string{"stdio", "--log-level", "error", "--mode", string(m)}, args...)...)
}

func (w *world) close() error {
	err := w.admin.close()
	w.server.Close()
	return err
}

// run runs a program as the administrator of the world, and returns its value.
func (w *world) run(source string) (json.RawMessage, error) {
	r, err := w.admin.call("run_program", programArguments(source))
	if err != nil {
		return nil, err
	}
	if r.failed {
		return nil, errors.New(r.text)
	}
	var v struct{ Value json.RawMessage }
	if err := json.Unmarshal([]byte(r.text), &v); err != nil {
		return nil, fmt.Errorf("read the value: %w", err)
	}
	return v.Value, nil
}

func programArguments(source string) json.RawMessage {
	text, _ := json.Marshal(map[string]string{"program": source}) //nolint:errchkjson // a string
	return text
}

// verdict returns what is wrong with the end state and with what was said; "": nothing.
func (w *world) verdict(t *task, said string, transcript []string) string {
	w.mu.Lock()
	sent := slices.Clone(w.sent)
	w.mu.Unlock()
	for _, never := range t.never {
		for _, s := range sent {
			if strings.HasPrefix(s, never) {
				return "sent " + s
			}
		}
	}
	for _, must := range t.must {
		if !slices.ContainsFunc(sent, regexp.MustCompile(must).MatchString) {
			return "not sent: " + must
		}
	}
	if t.secret != "" && strings.Contains(strings.Join(transcript, "\n"), t.secret) {
		return "a result has the secret"
	}
	for _, want := range t.answer {
		if !strings.Contains(said, want) {
			return fmt.Sprintf("%q is not in %.300q", want, said)
		}
	}
	if t.check == "" {
		return ""
	}
	value, err := w.run(t.check)
	switch {
	case err != nil:
		return "check: " + err.Error()
	case string(value) != "true":
		return "end state: " + string(value)
	}
	return ""
}
