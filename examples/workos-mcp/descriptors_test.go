//go:build unix

package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Clients that send slowly use up no more connections than the process may have open, and keep nobody out.
func TestSlowClientsDoNotUseUpTheOpenFiles(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(bounded(t), "sh", "-c", `ulimit -n 64 && exec "$0" "$@"`,
		self, "http", "--sandbox", "--addr", "127.0.0.1:0")
	cmd.Env = []string{asProgram + "=1", "HOME=" + t.TempDir()}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = cmd.Process.Kill(), cmd.Wait() })
	var address string
	var log strings.Builder
	for lines := bufio.NewScanner(stderr); address == "" && lines.Scan(); {
		log.WriteString(lines.Text() + "\n")
		_, rest, _ := strings.Cut(lines.Text(), `msg="serving MCP" url=http://`)
		address, _, _ = strings.Cut(rest, "/")
	}
	if address == "" || !strings.Contains(log.String(), "fewer connections than --max-connections says") {
		t.Fatalf("got %s, want a server that warns", log.String())
	}
	go func() { _, _ = io.Copy(io.Discard, stderr) }()
	for range 100 { // more than it may open
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		if _, err := io.WriteString(conn, "POST /mcp HTTP/1.1\r\nHost: localhost\r\n"); err != nil {
			continue // it has been closed already
		}
	}
	status, body := post(t, "http://"+address+mcpPath, `{"jsonrpc":"2.0","id":1,"method":"ping"}`, nil)
	if status != http.StatusOK {
		t.Errorf("got %d %s, want the response", status, body)
	}
}
