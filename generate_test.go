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
	if testing.Short() {
		t.Skip("builds the generator")
	}
	out := filepath.Join(t.TempDir(), "table.gen.go")
	run := exec.CommandContext(t.Context(), "go", "run", "./gen/tablegen", "-package", "gen", "-out", out, "api.yaml")
	if output, err := run.CombinedOutput(); err != nil {
		t.Fatalf("tablegen: %v\n%s", err, output)
	}
	want, err := os.ReadFile(out)
	if err != nil {
		t.Fatalf("read the new table: %v", err)
	}
	got, err := os.ReadFile(filepath.Join("gen", "table.gen.go"))
	if err != nil {
		t.Fatalf("read the table: %v", err)
	}
	if !bytes.Equal(got, want) {
		t.Error("gen/table.gen.go is not what api.yaml generates; run go generate")
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
