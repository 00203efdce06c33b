package client_test

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestClientLinksNeitherTableNorMCP holds programs that only use the SDK small.
func TestClientLinksNeitherTableNorMCP(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	deps := goTool(t, "list", "-deps", "./testdata/link")
	if strings.Contains(deps, "mcp-go") {
		t.Error("package client imports mcp-go")
	}
	binary := filepath.Join(t.TempDir(), "link")
	goTool(t, "build", "-o", binary, "./testdata/link")
	symbols := goTool(t, "tool", "nm", binary)
	if !strings.Contains(symbols, "workos/gen.Routes") {
		t.Fatal("gen.Routes is not among the symbols, so the absence of others says nothing")
	}
	if strings.Contains(symbols, "workos/gen.Operations\n") {
		t.Error("gen.Operations is linked")
	}
}

func goTool(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", args...).CombinedOutput()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}
