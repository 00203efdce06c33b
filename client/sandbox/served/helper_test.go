package served_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/seed-f165d83c/workos/client/sandbox/served"
)

// asProgram makes the test binary the program itself.
const asProgram = "TEST_AS_SANDBOX"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		os.Exit(served.Main(newProgram(os.Args[1:], nil, nil)))
	}
	os.Exit(m.Run())
}

func newProgram(args []string, stdout, stderr io.Writer) served.Program {
	return served.Program{
		Name: "sandbox", Args: args, Stdout: stdout, Stderr: stderr, Unmarshal: yaml.Unmarshal,
	}
}

var urlLine = regexp.MustCompile(`^WorkOS sandbox at (http://\S+),`)

// start starts the program in a process of its own and returns its base URL.
func start(t *testing.T, args ...string) (*exec.Cmd, string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self, append([]string{"--addr", "127.0.0.1:0"}, args...)...)
	cmd.Env = append(os.Environ(), asProgram+"=1")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { // or it might outlive the test, whose output it holds open
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	lines := bufio.NewReader(out)
	line, err := lines.ReadString('\n')
	found := urlLine.FindStringSubmatch(line)
	if err != nil || found == nil {
		t.Fatalf("got %q %v, want the address", line, err)
	}
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	return cmd, found[1]
}

// request sends a request with the API key sk_test_1, and returns status and body.
func request(ctx context.Context, method, url, body string) (int, string, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Authorization", "Bearer sk_test_1")
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return res.StatusCode, string(text), err
}

func must(t *testing.T, status int, method, url, body string) string {
	t.Helper()
	got, text, err := request(t.Context(), method, url, body)
	if err != nil || got != status {
		t.Fatalf("%s %s: got %d %s %v, want %d", method, url, got, text, err, status)
	}
	return text
}

func write(t *testing.T, text string) string {
	t.Helper()
	name := t.TempDir() + "/file"
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// run runs the command in this process until it ends by itself.
func run(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, err strings.Builder
	code = served.Run(t.Context(), newProgram(args, &out, &err))
	return code, fmt.Sprint(&out), fmt.Sprint(&err)
}
