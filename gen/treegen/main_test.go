package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/internal/generator/commandtest"
	treegen "github.com/seed-f165d83c/workos/gen/treegen"
)

func TestMain(m *testing.M) { commandtest.Main(m, treegen.Main) }

// inUse are the arguments of go:generate, with outputs beside each other.
func inUse(t *testing.T) []string {
	t.Helper()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	return []string{
		"-out", "services.gen.go", "-types", "types.gen.go", "-examples", "services_gen_test.go",
		"-models", filepath.Join(root, "gen", "api.gen.go"), filepath.Join(root, "api.yaml"),
	}
}

// TestTheFilesInUseAreWhatTheDescriptionGenerates runs the command as go:generate does, and beside package client's own
// files.
func TestTheFilesInUseAreWhatTheDescriptionGenerates(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if stderr, err := commandtest.Run(t, dir, inUse(t)...); err != nil || stderr != "" {
		t.Fatalf("got %v: %s", err, stderr)
	}
	for _, file := range []string{"services.gen.go", "types.gen.go", "services_gen_test.go"} {
		if commandtest.Read(t, dir, file) != commandtest.Read(t, "..", "..", "client", file) {
			t.Errorf("client/%s is not what the description generates; run go generate", file)
		}
	}
	for name, source := range map[string]string{
		"User":             "type User struct{}",
		"SortOrderAsc":     "const SortOrderAsc = 1",
		"SortOrder":        "func SortOrder() {}",
		"CreatedUser":      "var A, CreatedUser int",
		"AssignRoleByID":   "func AssignRoleByID() {}",
		"AuthenticateFrom": "var AuthenticateFrom int",
		"UserListExample":  "",
	} {
		commandtest.Write(t, dir, "taken.go", "package client\n\n"+source+"\n")
		stderr, err := commandtest.Run(t, dir, inUse(t)...)
		if taken := strings.Contains(stderr, "package client declares "+name+" already"); taken != (source != "") ||
			taken != (err != nil) {
			t.Errorf("%s: got %v: %s", source, err, stderr)
		}
	}
}

func TestTheCommandRefuses(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(args []string) []string{
		"flag provided but not defined: -package\n": func([]string) []string { return []string{"-package", "x"} },
		"treegen: missing -examples, -models, -out": func(args []string) []string { return args[2:4] },
		"treegen: want one OpenAPI document":        func(args []string) []string { return args[:8] },
		"treegen: read the document: open none":     func(args []string) []string { return append(args[:8], "none") },
		"treegen: api.gen.go: read the models: ":    func(args []string) []string { return append(args[:8], "api.gen.go") },
		"treegen: write no/":                        func(args []string) []string { args[1] = "no/out.go"; return args },
	} {
		dir := t.TempDir()
		commandtest.Write(t, dir, "api.gen.go", "no: Go")
		args := inUse(t)
		if strings.Contains(want, "read the models") {
			args[7] = "api.gen.go"
		}
		if strings.Contains(want, "no/") {
			args[3], args[5] = "no/types.go", "no/examples.go"
		}
		stderr, err := commandtest.Run(t, dir, change(args)...)
		if err == nil || err.Error() != "exit status 1" || !strings.HasPrefix(stderr, want) {
			t.Errorf("%s: got %v: %s, want 1", want, err, stderr)
		}
		if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
			t.Errorf("%s: got %v and %v, want no file", want, entries, err)
		}
	}
}
