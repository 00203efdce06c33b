package gen_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// TestImportCostsNoInitialization runs this test binary, which imports the package, with no test in it, and reads what
// the runtime tells of the time that initializing took.
func TestImportCostsNoInitialization(t *testing.T) {
	t.Parallel()
	const (
		mostMilliseconds = 0.05
		mostAllocations  = 20
	)
	packages := []string{
		reflect.TypeFor[gen.Client]().PkgPath(),
		reflect.TypeFor[gen.Client]().PkgPath() + "/internal/runtime",
		reflect.TypeFor[optable.Table]().PkgPath(),
	}
	for attempt := 1; ; attempt++ {
		costly := ""
		for _, line := range initTrace(t) {
			for _, path := range packages {
				if ms, allocations, ok := initCost(line, path); ok && (ms >= mostMilliseconds || allocations >= mostAllocations) {
					costly = line
				}
			}
		}
		if costly == "" {
			return
		}
		if attempt == 3 { // a busy machine can slow one down
			t.Fatalf("got %q, want less than %v ms and %d allocations", costly, mostMilliseconds, mostAllocations)
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

// initCost reads a line such as "init net/http @1.2 ms, 0.045 ms clock, 5040 bytes, 83 allocs" if it is that package's.
func initCost(line, path string) (milliseconds float64, allocations int, ok bool) {
	rest, ok := strings.CutPrefix(line, "init "+path+" @")
	if !ok {
		return 0, 0, false
	}
	fields := strings.Fields(rest)
	if len(fields) < 9 {
		return 0, 0, false
	}
	milliseconds, err := strconv.ParseFloat(fields[2], 64)
	if err != nil {
		return 0, 0, false
	}
	allocations, err = strconv.Atoi(fields[7])
	return milliseconds, allocations, err == nil
}

func TestInitCostIsReadFromATrace(t *testing.T) {
	t.Parallel()
	const line = "init net/http @1.2 ms, 0.045 ms clock, 5040 bytes, 83 allocs"
	if ms, allocations, ok := initCost(line, "net/http"); !ok || ms != 0.045 || allocations != 83 {
		t.Errorf("%q: got %v ms, %d allocations, %t, want 0.045 ms, 83 allocations", line, ms, allocations, ok)
	}
	if _, _, ok := initCost(line, "net"); ok {
		t.Errorf("%q: got a cost for another package", line)
	}
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
