package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

// asProgram is a variable that makes a test binary the program itself, as users start it.
const asProgram = "TEST_AS_WORKOS_MCP"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// program is a process of its own, which ends with the test at the latest.
func program(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(bounded(t), self, args...)
	cmd.Env = append([]string{asProgram + "=1", "HOME=" + t.TempDir()}, env...)
	return cmd
}

// exitCode is what a process ended with.
func exitCode(t *testing.T, err error) int {
	t.Helper()
	var exit *exec.ExitError
	if err == nil {
		return exitOK
	} else if !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return exit.ExitCode()
}

func TestExitCodesOfTheProgram(t *testing.T) {
	u := newUpstream(t, answer(acme))
	get := []string{"tool", "call", "organizations.get", deletion}
	env := []string{"WORKOS_BASE_URL=" + u.URL, "WORKOS_API_KEY=sk_test_1"}
	for _, c := range []struct {
		name           string
		env, args      []string
		code, sent     int
		stdout, stderr string // parts; "" for nothing at all
	}{
		{"a call", env, get, 0, 1, `"name": "Acme"`, ""},
		{"the version", nil, []string{"version"}, 0, 0, "workos-mcp v", ""},
		{"the end of the input", nil, nil, 0, 0, "", ""},
		{"stdio", nil, []string{"stdio"}, 0, 0, "", ""},
		{"the help", nil, []string{"--help"}, 0, 0, "Usage:", ""},
		{"no key", env[:1], get, 1, 0, "", "no_credentials"},
		{"a bad URL", []string{"WORKOS_BASE_URL=ftp://x", "WORKOS_API_KEY=sk_test_1"}, get, 1, 0, "", "start the client: "},
		{"no command", nil, []string{"serve"}, 2, 0, "", "Run 'workos-mcp --help' for usage."},
		{"no flag", nil, []string{"--serve"}, 2, 0, "", "Run 'workos-mcp --help' for usage."},
		{"a bad variable", append(env, confirmEnv+"=some"), get, 2, 0, "", confirmEnv},
	} {
		cmd := program(t, c.env, c.args...)
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		if code := exitCode(t, cmd.Run()); code != c.code {
			t.Errorf("%s: got %d %s%s, want %d", c.name, code, &stdout, &stderr, c.code)
		}
		for got, part := range map[*bytes.Buffer]string{&stdout: c.stdout, &stderr: c.stderr} {
			if !strings.Contains(got.String(), part) || (part == "") != (got.Len() == 0) {
				t.Errorf("%s: got %q, want %q", c.name, got, part)
			}
		}
		if strings.Contains(stderr.String(), "sk_test_1") {
			t.Errorf("%s: got the key in %s", c.name, &stderr)
		}
		u.wantSent(t, c.name, c.sent)
	}
}

func TestAFullDiskIsAFailure(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skipf("no full device here: %v", err)
	}
	defer func() { _ = full.Close() }()
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"version"}, "write /dev/stdout: "},
		{[]string{"tool", "list"}, "write the list: "},
		{[]string{"tool", "list", "--output", "json"}, "write JSON: "},
		{[]string{"tool", "search", "users"}, "write the list: "},
		{[]string{"tool", "get", "organizations.get"}, "write JSON: "},
		{[]string{"tool", "call", "organizations.list", "--sandbox"}, "write JSON: "},
	} {
		cmd := program(t, nil, c.args...)
		var stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = full, &stderr
		code := exitCode(t, cmd.Run())
		if want := "workos-mcp: " + c.want; code != exitFailed || !strings.HasPrefix(stderr.String(), want) ||
			!strings.HasSuffix(stderr.String(), syscall.ENOSPC.Error()+"\n") {
			t.Errorf("%v: got %d %s, want %d and %s", c.args, code, &stderr, exitFailed, want)
		}
	}
}

// Whoever cannot be given responses is left at the end of the input, without a wait for them.
func TestStdioEndsThoughNothingCanBeWritten(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skipf("no full device here: %v", err)
	}
	defer func() { _ = full.Close() }()
	cmd := program(t, nil, "stdio", "--sandbox", "--log-level", "debug")
	var stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = full, &stderr
	cmd.Stdin = strings.NewReader(initialize + "\n" + callBody(1, "organizations.list", `{}`) + "\n" + listTools + "\n")
	if code := exitCode(t, cmd.Run()); code != exitOK || !strings.Contains(stderr.String(), syscall.ENOSPC.Error()) {
		t.Errorf("got %d %s, want %d and the error in the log", code, &stderr, exitOK)
	}
}

func TestSignalsEndTheProgram(t *testing.T) {
	for _, signal := range []os.Signal{syscall.SIGINT, syscall.SIGTERM} {
		for _, command := range []string{"http", "stdio"} {
			args := []string{command, "--sandbox", "--addr", "127.0.0.1:0"}
			if command == "stdio" {
				args = args[:2]
			}
			cmd := program(t, nil, args...)
			in, err := cmd.StdinPipe()
			if err != nil {
				t.Fatal(err)
			}
			started, stop := io.Pipe() // what tells that the program has started
			cmd.Stdout, cmd.Stderr = stop, stop
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			if command == "stdio" {
				if _, err := io.WriteString(in, initialize+"\n"); err != nil {
					t.Fatal(err)
				}
			}
			lines := bufio.NewScanner(started)
			for lines.Scan() && !strings.Contains(lines.Text(), "serving MCP") && !strings.Contains(lines.Text(), "serverInfo") {
			}
			if err := cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			go func() { _, _ = io.Copy(io.Discard, started) }()
			if code := exitCode(t, cmd.Wait()); code != exitOK {
				t.Errorf("%v, %s: got %d, want %d", signal, command, code, exitOK)
			}
			_ = stop.Close()
			_ = in.Close()
		}
	}
}

// The arguments of a run are those that it is given, be they none.
func TestARunWithoutArgumentsIsStdio(t *testing.T) {
	before := os.Args
	defer func() { os.Args = before }()
	os.Args = []string{before[0], "version"}
	var stdout bytes.Buffer
	in := strings.NewReader(initialize + "\n")
	p := serve.Process{Stdin: in, Stdout: &stdout, Stderr: io.Discard}
	if code := run(bounded(t), p); code != exitOK || !strings.Contains(stdout.String(), "serverInfo") {
		t.Errorf("got %d %s, want a response to initialize", code, &stdout)
	}
}
