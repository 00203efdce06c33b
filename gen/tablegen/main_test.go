package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	tablegen "github.com/seed-f165d83c/workos/gen/tablegen"
)

// asCommand makes the test program be the command, so that it need not be built.
const asCommand = "TABLEGEN_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		tablegen.Main()
		return
	}
	os.Exit(m.Run())
}

// run runs the command in a directory and returns what it writes to standard error.
func run(t *testing.T, dir string, args ...string) (stderr string, err error) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), program, args...)
	command.Dir, command.Env = dir, append(os.Environ(), asCommand+"=1")
	output, err := command.CombinedOutput()
	return string(output), err
}

func read(t *testing.T, elem ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(elem...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestTheTableInUseIsWhatTheDescriptionGenerates runs the command as go:generate does.
func TestTheTableInUseIsWhatTheDescriptionGenerates(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	description, err := filepath.Abs(filepath.Join("..", "..", "api.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if stderr, err := run(t, dir, "-reserved", "reserved.go", description); err != nil || stderr != "" {
		t.Fatalf("got %v: %s", err, stderr)
	}
	for got, want := range map[string]string{ // table.gen.go and the package gen are the defaults
		"table.gen.go": filepath.Join("..", "table.gen.go"),
		"reserved.go":  filepath.Join("..", "internal", "runtime", "reserved.gen.go"),
	} {
		if read(t, dir, got) != read(t, want) {
			t.Errorf("%s is not what api.yaml generates; run go generate", want)
		}
	}
}

func TestTheCommandWritesTheTable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir, "tea.yaml", operations)
	if stderr, err := run(t, dir, "-package", "tea", "-out", "out.go", "tea.yaml"); err != nil || stderr != "" {
		t.Fatalf("got %v: %s", err, stderr)
	}
	want, err := tablegen.Print("tea", convert(t, operations))
	if err != nil {
		t.Fatal(err)
	}
	if got := read(t, dir, "out.go"); got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	wantFiles(t, dir, "out.go tea.yaml") // without -reserved there is no second one
}

func wantFiles(t *testing.T, dir, want string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	if got := strings.Join(names, " "); got != want {
		t.Errorf("files: got %s, want %s", got, want)
	}
}

func TestTheCommandRefusesAndWritesNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"bad.yaml"}, "tablegen: bad.yaml: line 5: the table cannot represent the keyword \"not\"\n"},
		{nil, "tablegen: expected one OpenAPI document, got 0 arguments\n"},
		{[]string{"tea.yaml", "tea.yaml"}, "tablegen: expected one OpenAPI document, got 2 arguments\n"},
		{[]string{"none.yaml"}, "tablegen: read the document: open none.yaml: no such file or directory\n"},
		{[]string{"-pkg", "x", "tea.yaml"}, "flag provided but not defined: -pkg\n"},
		{[]string{"-package", "a b", "tea.yaml"}, "tablegen: format the table: 3:11: expected ';', found b\n"},
		{[]string{"-out", "no/out.go", "tea.yaml"}, "tablegen: write no/out.go: open no/out.go: no such file or directory\n"},
	} {
		dir := t.TempDir()
		write(t, dir, "bad.yaml", document("    T: {not: {}}\n"))
		write(t, dir, "tea.yaml", operations)
		stderr, err := run(t, dir, c.args...)
		if err == nil || err.Error() != "exit status 1" || !strings.HasPrefix(stderr, c.want) {
			t.Errorf("%v: got %v: %s, want 1 and %s", c.args, err, stderr, c.want)
		}
		wantFiles(t, dir, "bad.yaml tea.yaml")
	}
	dir := t.TempDir()
	write(t, dir, "tea.yaml", operations)
	stderr, err := run(t, dir, "-reserved", "no/reserved.go", "tea.yaml")
	if want := "tablegen: write no/reserved.go: "; err == nil || !strings.HasPrefix(stderr, want) {
		t.Errorf("got %v: %s, want %s", err, stderr, want)
	}
}
