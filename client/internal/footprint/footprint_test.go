// Package footprint_test measures the dependencies of a program that uses only the SDK.
package footprint_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// The limits of a program with one call.
const (
	maxModules  = 45 // in go list -m all
	maxSums     = 30 // lines of go.sum
	maxIndirect = 5  // requirements of go.mod
)

const goMod = `module example.com/hello

go 1.26.0

require github.com/seed-f165d83c/workos v0.0.0

replace github.com/seed-f165d83c/workos => `

// TestHelloProgramNeedsLittle builds a program with one call outside the repository, as a user does:
//
//	go test ./client/internal/footprint -v
func TestHelloProgramNeedsLittle(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds a program")
	}
	root, err := filepath.Abs(filepath.Join("..", "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	write(t, dir, "go.mod", goMod+root+"\n")
	write(t, dir, "go.sum", read(t, root, "go.sum")) // no look-up of checksums; tidy drops what is not needed
	write(t, dir, "main.go", read(t, root, "client", "testdata", "link", "main.go"))
	goTool(t, dir, "mod", "tidy")
	goTool(t, dir, "build", "-o", filepath.Join(dir, "hello"), ".")

	sums, requirements := read(t, dir, "go.sum"), read(t, dir, "go.mod") // before go list adds what it alone needs
	modules := goTool(t, dir, "list", "-m", "all")
	for _, figure := range []struct {
		name     string
		got, max int
	}{
		{"modules in go list -m all", strings.Count(modules, "\n"), maxModules},
		{"lines of go.sum", strings.Count(sums, "\n"), maxSums},
		{"indirect requirements", strings.Count(requirements, "// indirect"), maxIndirect},
	} {
		t.Logf("%d %s, of at most %d", figure.got, figure.name, figure.max)
		if figure.got > figure.max {
			t.Errorf("%s: got %d, want at most %d", figure.name, figure.got, figure.max)
		}
	}
	packages := goTool(t, dir, "list", "-deps", ".")
	if !strings.Contains(packages, "seed-f165d83c/workos/client\n") {
		t.Fatalf("got the packages %s, want package client among them", packages)
	}
	for what, list := range map[string]struct {
		found string
		parts []string
	}{
		"module": {modules, []string{
			"oapi-codegen/oapi-codegen", "kin-openapi", "speakeasy", // generators
			"sqlite", "pgx", "lib/pq", "mysql", "database", // databases
			"opentelemetry", "otel", "prometheus", // telemetry
			"tiktoken",
		}},
		"package": {packages, []string{"mcp", "cobra", "pflag", "gojq", "yaml", "optable/"}},
	} {
		for line := range strings.Lines(list.found) {
			line = strings.TrimSpace(line)
			for _, part := range list.parts {
				if strings.Contains(line, part) {
					t.Errorf("got the %s %s, want none with %s in its name", what, line, part)
				}
			}
		}
	}
}

// goTool runs the go command in a directory, apart from any workspace, and returns its standard output.
func goTool(t *testing.T, dir string, args ...string) string {
	t.Helper()
	var stderr strings.Builder
	command := exec.CommandContext(t.Context(), "go", args...)
	command.Dir, command.Stderr = dir, &stderr
	command.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off")
	out, err := command.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, &stderr)
	}
	return string(out)
}

func read(t *testing.T, elem ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(elem...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
