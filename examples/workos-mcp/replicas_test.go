//go:build e2e

package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/state/servertest"
)

// replica is a process of the cluster build.
type replica struct {
	*exec.Cmd

	addr string
}

// startReplica starts a process and waits until it serves.
func startReplica(t *testing.T, binary, addr string, env []string, args ...string) replica {
	t.Helper()
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), binary,
		append([]string{"http", "--addr", addr, "--allow-host", "mcp.example.com"}, args...)...)
	cmd.Env = env
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	lines := bufio.NewScanner(stderr)
	for lines.Scan() {
		if _, url, ok := strings.Cut(lines.Text(), `msg="serving MCP" url=http://`); ok {
			got, _, _ := strings.Cut(url, "/")
			go func() {
				for lines.Scan() {
				}
			}()
			return replica{cmd, got}
		}
		t.Log(lines.Text())
	}
	t.Fatal("the replica did not start")
	return replica{}
}

// startNginx starts a proxy that sends requests to servers in turn, and to another one if one does not listen.
func startNginx(t *testing.T, servers ...string) (url string) {
	t.Helper()
	nginx, err := exec.LookPath("nginx")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := listener.Addr().String()
	_ = listener.Close()
	dir := t.TempDir()
	config := fmt.Sprintf(`daemon off; error_log stderr warn; pid %[1]s/pid;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path %[1]s; proxy_temp_path %[1]s; fastcgi_temp_path %[1]s; uwsgi_temp_path %[1]s; scgi_temp_path %[1]s;
  upstream mcp { server %[2]s max_fails=0; }
  server {
    listen %[3]s;
    location / { proxy_pass http://mcp; proxy_set_header Host mcp.example.com; proxy_next_upstream error; }
  }
}`, dir, strings.Join(servers, " max_fails=0; server "), addr)
	file := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err := exec.CommandContext(t.Context(), nginx, "-t", "-c", file, "-p", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	cmd := exec.CommandContext(context.WithoutCancel(t.Context()), nginx, "-c", file, "-p", dir)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Signal(syscall.SIGTERM); _ = cmd.Wait() })
	for ctx := bounded(t); ; {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
		if err == nil {
			_ = conn.Close()
			return "http://" + addr
		}
		if ctx.Err() != nil {
			t.Fatal(err)
		}
	}
}

// The replicas of all tests are of one build with the stores.
func TestE2EReplicas(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "workos-mcp")
	if text, err := exec.CommandContext(t.Context(), "bash", "_cluster/build", binary).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	t.Run("a confirmation is used once behind a proxy", func(t *testing.T) { testConfirmedOnce(t, binary) })
	t.Run("a rolling update fails no call", func(t *testing.T) { testRollingUpdate(t, binary) })
	t.Run("a killed replica fails its own calls alone", func(t *testing.T) { testKilledReplica(t, binary) })
}

// testConfirmedOnce: a confirmation is accepted once, whichever replica behind the proxy it comes to, with each store.
func testConfirmedOnce(t *testing.T, binary string) {
	t.Helper()
	for name, start := range map[string]func(*testing.T) string{
		"redis":    func(t *testing.T) string { t.Helper(); return servertest.Redis(t).URL },
		"postgres": func(t *testing.T) string { t.Helper(); return servertest.PostgreSQL(t).URL },
	} {
		t.Run(name, func(t *testing.T) {
			u := newUpstream(t, answer(acme))
			env := []string{
				"WORKOS_BASE_URL=" + u.URL, confirmKeyEnv + "=" + strings.Repeat("k", 32), "WORKOS_MCP_STORE=" + start(t),
			}
			first := startReplica(t, binary, "127.0.0.1:0", env)
			second := startReplica(t, binary, "127.0.0.1:0", env)
			url := startNginx(t, first.addr, second.addr)
			key := http.Header{"X-Bearer": {"sk_a"}}
			for range 10 {
				_, text := post(t, url+mcpPath, callBody(1, "organizations.delete", deletion), key)
				f := failureIn(t, text)
				if f.Confirmation == nil {
					t.Fatalf("got %s, want a question", text)
				}
				u.forget()
				again := callBody(1, "organizations.delete", `{"id":"org_1","confirmation":"`+f.Confirmation.Token+`"}`)
				var done, refused atomic.Int32
				var wg sync.WaitGroup
				for range 6 {
					wg.Go(func() {
						switch _, text := post(t, url+mcpPath, again, key); {
						case strings.Contains(text, "was used already"):
							refused.Add(1)
						case !strings.Contains(text, `"isError":true`):
							done.Add(1)
						}
					})
				}
				wg.Wait()
				deletions := 0
				for _, r := range u.seen() {
					if r.Method == http.MethodDelete {
						deletions++
					}
				}
				if deletions != 1 || done.Load() != 1 || refused.Load() != 5 {
					t.Errorf("got %d deletions, %d done and %d refused, want 1, 1 and 5", deletions, done.Load(), refused.Load())
				}
				u.forget()
			}
		})
	}
}

// testRollingUpdate: while replicas are replaced one after the other, no call fails.
func testRollingUpdate(t *testing.T, binary string) {
	t.Helper()
	u := newUpstream(t, answer(acme))
	env := []string{"WORKOS_BASE_URL=" + u.URL}
	args := []string{"--drain-delay", "200ms"}
	old := []replica{startReplica(t, binary, "127.0.0.1:0", env, args...), startReplica(t, binary, "127.0.0.1:0", env, args...)}
	url := startNginx(t, old[0].addr, old[1].addr)
	var stop atomic.Bool
	var calls, failed atomic.Int32
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for !stop.Load() {
				status, text := post(t, url+mcpPath, callBody(1, "organizations.get", deletion),
					http.Header{"X-Bearer": {fmt.Sprintf("sk_%d", i)}})
				calls.Add(1)
				if status != http.StatusOK || strings.Contains(text, `"isError":true`) {
					failed.Add(1)
					t.Logf("got %d %s", status, text)
				}
			}
		})
	}
	for _, r := range old {
		before := calls.Load()
		for calls.Load() < before+50 {
			time.Sleep(time.Millisecond)
		}
		if err := r.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		if err := r.Wait(); err != nil {
			t.Errorf("the replica ended with %v", err)
		}
		startReplica(t, binary, r.addr, env, args...) // at the same address
	}
	stop.Store(true)
	wg.Wait()
	t.Logf("%d calls, %d failed", calls.Load(), failed.Load())
	if failed.Load() != 0 || calls.Load() < 100 {
		t.Errorf("got %d of %d calls failed, want none", failed.Load(), calls.Load())
	}
}
