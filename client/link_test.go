package client_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// maxLinked is how large the stripped binary of a program with one call may be, in bytes.
const maxLinked = 6_800_000

// TestProgramWithOneCallLinksLittleMore holds programs that only use the SDK small: neither the adapter, nor the table
// of operations, nor calls that they do not make are in them. That needs package client to be free of everything that
// reaches methods by their names.
func TestProgramWithOneCallLinksLittleMore(t *testing.T) {
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
	for symbol, want := range map[string]bool{
		"workos/gen.Routes":                            true,
		"workos/client.(*OrganizationsService).Get":    true,
		"workos/client.(*OrganizationsService).Delete": false,
		"workos/gen.Operations\n":                      false,
		"workos/gen.(*Client)":                         false,
		"workos/gen.New":                               false,
		"reflect.Value.MethodByName":                   false,
		"reflect.(*rtype).MethodByName":                false,
		"text/template":                                false,
	} {
		if got := strings.Contains(symbols, symbol); got != want {
			t.Errorf("symbol %s: linked is %t, want %t", strings.TrimSpace(symbol), got, want)
		}
	}
	stripped := size(t, "./testdata/link")
	t.Logf("stripped: %d bytes; the same call by net/http: %d bytes", stripped, size(t, "./testdata/plain"))
	if stripped > maxLinked {
		t.Errorf("stripped: got %d bytes, want at most %d", stripped, maxLinked)
	}
}

// size is that of a program's stripped binary.
func size(t *testing.T, program string) int64 {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "program")
	goTool(t, "build", "-ldflags=-s -w", "-o", binary, program)
	info, err := os.Stat(binary)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

// BenchmarkColdBuild builds a program with one call from an empty cache, beside one that makes the same call by
// net/http. It prints the time of all, the time that the processors spent on the standard library and on the rest, and
// the size of the stripped binary:
//
//	go test ./client -run xxx -bench ColdBuild -benchtime 1x
func BenchmarkColdBuild(b *testing.B) {
	if testing.Short() {
		b.Skip("builds the standard library twice")
	}
	for _, name := range []string{"plain", "link"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				dir, program := b.TempDir(), "./testdata/"+name
				binary := filepath.Join(dir, "program")
				build := func(args ...string) (cpu time.Duration) {
					command := exec.CommandContext(b.Context(), "go", append([]string{"build"}, args...)...)
					command.Env = append(os.Environ(), "GOCACHE="+filepath.Join(dir, "cache"))
					if out, err := command.CombinedOutput(); err != nil {
						b.Fatalf("build: %v\n%s", err, out)
					}
					return command.ProcessState.UserTime() + command.ProcessState.SystemTime() // its children's, too
				}
				standard := strings.Fields(goTool(b, "list", "-deps", "-f", "{{if .Standard}}{{.ImportPath}}{{end}}", program))
				start := time.Now()
				std := build(standard...)
				beyond := build("-ldflags=-s -w", "-o", binary, program)
				b.ReportMetric(time.Since(start).Seconds(), "s/build")
				b.ReportMetric(std.Seconds(), "cpu-s/std")
				b.ReportMetric(beyond.Seconds(), "cpu-s/beyond-std")
				info, err := os.Stat(binary)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(info.Size()), "bytes")
			}
		})
	}
}

func goTool(tb testing.TB, args ...string) string {
	tb.Helper()
	out, err := exec.CommandContext(tb.Context(), "go", args...).CombinedOutput()
	if err != nil {
		tb.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}
