package gen_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// TestImportCostsNoInitialization runs this test binary, which imports the packages, with no test in it. The runtime
// lists each package that has something to initialize.
func TestImportCostsNoInitialization(t *testing.T) {
	t.Parallel()
	packages := []string{
		reflect.TypeFor[gen.Client]().PkgPath(),
		reflect.TypeFor[gen.Client]().PkgPath() + "/internal/runtime",
		reflect.TypeFor[optable.Table]().PkgPath(),
	}
	for _, line := range initTrace(t) {
		for _, path := range packages {
			if strings.HasPrefix(line, "init "+path+" @") {
				t.Errorf("got %q, want nothing to initialize", line)
			}
		}
	}
}

func initTrace(t *testing.T) []string {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatalf("find the test binary: %v", err)
	}
	run := exec.CommandContext(t.Context(), binary, "-test.run=^$")
	run.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	output, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("run the test binary: %v\n%s", err, output)
	}
	trace := string(output)
	if !strings.Contains(trace, "init runtime @") {
		t.Fatalf("got no trace of initialization: %s", trace)
	}
	return strings.Split(trace, "\n")
}

func TestGeneratedCodeHasNoInitFunction(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.gen.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("generated files: got %v, %v", files, err)
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatalf("parse: %v", err)
		}
		for _, declaration := range file.Decls {
			if f, ok := declaration.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s has an init function", name)
			}
		}
	}
}
