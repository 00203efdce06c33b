//go:build linux

package main

import (
	"bufio"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// The server takes the socket that the service manager listens on, and leaves it open when it ends.
func TestTheServerTakesTheSocketOfTheServiceManager(t *testing.T) {
	dir := t.TempDir()
	manager, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: filepath.Join(dir, "notify"), Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = manager.Close() }()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	overTCP, ok := listener.(*net.TCPListener)
	if !ok {
		t.Fatalf("got a %T, want TCP", listener)
	}
	socket, err := overTCP.File()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = socket.Close() }()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	start := func(passed string, args ...string) (stderr *bufio.Scanner, end func() int) {
		t.Helper()
		cmd := program(t, []string{"NOTIFY_SOCKET=" + filepath.Join(dir, "notify")})
		cmd.Path = "/bin/sh"
		cmd.Args = append([]string{"sh", "-c", "export LISTEN_PID=$$ " + passed + `; exec "$0" "$@"`, self}, args...)
		cmd.ExtraFiles = []*os.File{socket}
		pipe, err := cmd.StderrPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		return bufio.NewScanner(pipe), func() int {
			_ = cmd.Process.Signal(syscall.SIGTERM)
			return exitCode(t, cmd.Wait())
		}
	}
	state := make([]byte, 100)
	for range 2 { // a restart
		_, end := start("LISTEN_FDS=1", "http", "--sandbox", "--addr", "127.0.0.1:1")
		n, err := manager.Read(state)
		if err != nil || string(state[:n]) != "READY=1" {
			t.Fatalf("got %q, %v, want the server to be ready", state[:n], err)
		}
		status, text := post(t, "http://"+listener.Addr().String()+mcpPath, callBody(1, "organizations.list", `{}`),
			http.Header{"X-Bearer": {"sk_1"}})
		if status != http.StatusOK || !strings.Contains(text, `"object":"list"`) {
			t.Errorf("got %d %s, want a response at the socket that was passed", status, text)
		}
		if code := end(); code != exitOK {
			t.Errorf("got %d, want a clean end", code)
		}
		if n, err := manager.Read(state); err != nil || string(state[:n]) != "STOPPING=1" {
			t.Errorf("got %q, %v, want the server to stop", state[:n], err)
		}
	}
	stderr, end := start("LISTEN_FDS=2", "http", "--sandbox")
	stderr.Scan()
	if code := end(); code != exitUsage || !strings.Contains(stderr.Text(), `LISTEN_FDS is "2": want one socket`) {
		t.Errorf("got %d %s, want a refusal", code, stderr.Text())
	}
}
