package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	treegen "github.com/seed-f165d83c/workos/gen/treegen"
)

// asCommand makes the test program be the command, so that it need not be built.
const asCommand = "TREEGEN_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		treegen.Main()
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

// TestTheTreeInUseIsWhatTheTableGenerates runs the command as go:generate does, and without the name of a file.
func TestTheTreeInUseIsWhatTheTableGenerates(t *testing.T) {
	t.Parallel()
	for file, args := range map[string][]string{"services.gen.go": nil, "out.go": {"-out", "out.go"}} {
		dir := t.TempDir()
		if stderr, err := run(t, dir, args...); err != nil || stderr != "" {
			t.Fatalf("%v: got %v: %s", args, err, stderr)
		}
		if read(t, dir, file) != read(t, "..", "..", "client", "services.gen.go") {
			t.Errorf("%v: client/services.gen.go is not what the table generates; run go generate", args)
		}
	}
}

// TestTheTypesInUseAreWhatTheModelsGenerate runs the command as go:generate does, beside package client's own files.
func TestTheTypesInUseAreWhatTheModelsGenerate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	models, err := filepath.Abs(filepath.Join("..", "api.gen.go"))
	if err != nil {
		t.Fatal(err)
	}
	if stderr, err := run(t, dir, "-types", "types.gen.go", "-models", models); err != nil || stderr != "" {
		t.Fatalf("got %v: %s", err, stderr)
	}
	if read(t, dir, "types.gen.go") != read(t, "..", "..", "client", "types.gen.go") {
		t.Error("client/types.gen.go is not what the models generate; run go generate")
	}
	for name, source := range map[string]string{
		"User":            "type User struct{}",
		"SortOrderAsc":    "const SortOrderAsc = 1",
		"SortOrder":       "func SortOrder() {}",
		"CreatedUser":     "var A, CreatedUser int",
		"UserListExample": "",
	} {
		write(t, dir, "taken.go", "package client\n\n"+source+"\n")
		stderr, err := run(t, dir, "-types", "types.gen.go", "-models", models)
		if taken := strings.Contains(stderr, "package client declares "+name+" already"); taken != (source != "") ||
			taken != (err != nil) {
			t.Errorf("%s: got %v: %s", source, err, stderr)
		}
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestTheCommandRefuses(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"flag provided but not defined: -package\n": {"-package", "x"},
		"treegen: write no/out.go: open no/out.go":  {"-out", "no/out.go"},
	} {
		dir := t.TempDir()
		stderr, err := run(t, dir, args...)
		if err == nil || err.Error() != "exit status 1" || !strings.HasPrefix(stderr, want) {
			t.Errorf("%v: got %v: %s, want 1 and %s", args, err, stderr, want)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
			t.Errorf("%v: got %v and %v, want no file", args, entries, err)
		}
	}
}
