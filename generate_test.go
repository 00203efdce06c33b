package workos_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestTableIsWhatTheDescriptionGenerates(t *testing.T) {
	t.Parallel()
	generated(t, filepath.Join("gen", "table.gen.go"), "./gen/tablegen", "-package", "gen", "api.yaml")
}

func TestTreeIsWhatTheDescriptionGenerates(t *testing.T) {
	t.Parallel()
	generated(t, filepath.Join("client", "services.gen.go"), "./gen/treegen")
}

// generated runs a generator and compares what it writes with a file.
func generated(t *testing.T, file, generator string, args ...string) {
	t.Helper()
	if testing.Short() {
		t.Skip("builds the generator")
	}
	out := filepath.Join(t.TempDir(), "out.go")
	run := exec.CommandContext(t.Context(), "go", append([]string{"run", generator, "-out", out}, args...)...)
	if output, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", generator, err, output)
	}
	want, err := os.ReadFile(out)
	if err != nil {
		t.Fatalf("read what was written: %v", err)
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("read the file: %v", err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s is not what api.yaml generates; run go generate", file)
	}
}

func TestEventTypesAreWhatTheDescriptionGenerates(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("builds the generator")
	}
	dir, files := t.TempDir(), []string{"types.gen.go", "types_gen_test.go"}
	run := exec.CommandContext(t.Context(), "go", "run", "./gen/eventgen",
		"-out", filepath.Join(dir, files[0]), "-test", filepath.Join(dir, files[1]), "api.yaml")
	if output, err := run.CombinedOutput(); err != nil {
		t.Fatalf("eventgen: %v\n%s", err, output)
	}
	for _, file := range files {
		want, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			t.Fatalf("read the new %s: %v", file, err)
		}
		got, err := os.ReadFile(filepath.Join("client", "events", file))
		if err != nil {
			t.Fatalf("read %s: %v", file, err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("client/events/%s is not what api.yaml generates; run go generate", file)
		}
	}
}
