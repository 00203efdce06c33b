//go:build unix

package servertest

import (
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Server is a running server, for one test and its subtests. It is safe for concurrent use.
type Server struct {
	// Addr is its address, such as "127.0.0.1:54321".
	Addr string
	// URL is what drivers connect to, without a password.
	URL string

	stop func()
}

// Stop stops the server before the test ends: its data is lost, and connections are refused from then on.
func (s *Server) Stop() { s.stop() }

// Limits that only end a hang.
const (
	startTimeout = time.Minute
	stopTimeout  = 30 * time.Second
)

// supervisor runs a command and ends it when the test closes standard input, which also happens when the test dies.
const supervisor = `"$@" & server=$!; read -r _; kill -INT $server; wait $server`

// find returns the path of an installed command. It skips or fails the test if there is none.
func find(t *testing.T, name, pkg string, dirs ...string) string {
	t.Helper()
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	for _, dir := range dirs {
		if found, err := filepath.Glob(filepath.Join(dir, name)); err == nil && len(found) > 0 {
			return found[len(found)-1]
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not installed: install Debian's package %s", name, pkg)
	}
	t.Skipf("%s is not installed: install Debian's package %s", name, pkg)
	return ""
}

// freePort returns a port of 127.0.0.1 that nobody listens on.
func freePort(t *testing.T) string {
	t.Helper()
	var config net.ListenConfig
	listener, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("find a free port: %v", err)
	}
	defer func() { _ = listener.Close() }()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatalf("find a free port: %v", err)
	}
	return port
}

// directory returns a new directory, and the attributes of processes that run as its owner. It is never root, whom
// PostgreSQL refuses to run as.
func directory(t *testing.T) (string, *syscall.SysProcAttr) {
	t.Helper()
	dir, err := os.MkdirTemp("", "servertest-") //nolint:usetesting // the parents of t.TempDir are closed to other users
	if err != nil {
		t.Fatalf("create the data directory: %v", err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if os.Geteuid() != 0 {
		return dir, nil
	}
	owner, err := user.Lookup("postgres")
	if err != nil {
		owner, err = user.Lookup("nobody")
	}
	if err != nil {
		t.Fatalf("find a user to run the server as: %v", err)
	}
	uid, uidErr := strconv.ParseUint(owner.Uid, 10, 32)
	gid, gidErr := strconv.ParseUint(owner.Gid, 10, 32)
	if err := errors.Join(uidErr, gidErr, os.Chown(dir, int(uid), int(gid))); err != nil {
		t.Fatalf("give %s to %s: %v", dir, owner.Username, err)
	}
	return dir, &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
}

// start runs a server until the test ends, and returns when ready reports true.
func start(t *testing.T, dir string, as *syscall.SysProcAttr, ready func() bool, command ...string) (stop func()) {
	t.Helper()
	output, err := os.Create(filepath.Join(dir, "output")) //nolint:gosec // a new directory of the test
	if err != nil {
		t.Fatalf("create the log: %v", err)
	}
	defer func() { _ = output.Close() }()
	//nolint:gosec,noctx // the commands of this package; Stop ends it
	cmd := exec.Command("/bin/sh", append([]string{"-c", supervisor, "sh"}, command...)...)
	cmd.Dir, cmd.SysProcAttr = dir, as
	cmd.Stdout, cmd.Stderr = output, output
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatalf("start %s: %v", command[0], err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("start %s: %v", command[0], err)
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	stop = func() {
		_ = input.Close()
		select {
		case <-ended:
		case <-time.After(stopTimeout):
			t.Errorf("%s does not stop", command[0])
		}
	}
	t.Cleanup(stop)
	for deadline := time.Now().Add(startTimeout); !ready(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			text, _ := os.ReadFile(output.Name())
			t.Fatalf("%s is not ready; its output:\n%s", command[0], text)
		}
	}
	return stop
}

// PostgreSQL starts a PostgreSQL server. URL is that of a superuser "test" and a database of the same name. It keeps no
// promise about a crash of the machine, which makes it faster.
func PostgreSQL(t *testing.T) *Server {
	t.Helper()
	const installed = "/usr/lib/postgresql/*/bin"
	postgres := find(t, "postgres", "postgresql", installed)
	initdb := find(t, "initdb", "postgresql", installed)
	isReady := find(t, "pg_isready", "postgresql-client", installed)
	createdb := find(t, "createdb", "postgresql-client", installed)
	dir, as := directory(t)
	data, port := filepath.Join(dir, "data"), freePort(t)
	run := func(name string, args ...string) (string, error) {
		cmd := exec.CommandContext(t.Context(), name, args...) //nolint:gosec // the commands of this package
		cmd.Dir, cmd.SysProcAttr = dir, as
		text, err := cmd.CombinedOutput()
		return string(text), err
	}
	if text, err := run(initdb, "-D", data, "-U", "test", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"); err != nil {
		t.Fatalf("initdb: %v\n%s", err, text)
	}
	at := []string{"-h", "127.0.0.1", "-p", port, "-U", "test"}
	stop := start(t, dir, as, func() bool {
		_, err := run(isReady, at...)
		return err == nil
	}, postgres, "-D", data, "-p", port, "-h", "127.0.0.1", "-k", "", "-F")
	if text, err := run(createdb, append(at, "test")...); err != nil {
		t.Fatalf("createdb: %v\n%s", err, text)
	}
	addr := net.JoinHostPort("127.0.0.1", port)
	return &Server{Addr: addr, URL: "postgres://test@" + addr + "/test?sslmode=disable", stop: stop}
}

// Redis starts a Redis server that writes nothing to disk.
func Redis(t *testing.T) *Server {
	t.Helper()
	redis := find(t, "redis-server", "redis-server")
	dir, as := directory(t)
	port := freePort(t)
	addr := net.JoinHostPort("127.0.0.1", port)
	stop := start(t, dir, as, func() bool { return ping(addr) },
		redis, "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", dir)
	return &Server{Addr: addr, URL: "redis://" + addr, stop: stop}
}

// ping reports whether a Redis server responds.
func ping(addr string) bool {
	conn, err := net.DialTimeout("tcp", addr, time.Second) //nolint:noctx // it is loopback
	if err != nil {
		return false
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(time.Second)); err != nil {
		return false
	}
	if _, err := io.WriteString(conn, "PING\r\n"); err != nil {
		return false
	}
	response := make([]byte, len("+PONG"))
	_, err = io.ReadFull(conn, response)
	return err == nil && strings.EqualFold(string(response), "+PONG")
}
