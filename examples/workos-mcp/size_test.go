package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
)

// maxStripped is how large the binary of a release may be for linux/amd64, in bytes. Toolchains differ by a few hundred
// kilobytes.
const maxStripped = 20_900_000

// TestBinaryStaysSmall notices what a change links beyond what it needs. As the program calls methods by name, a type
// that a value in an interface refers to brings all its exported methods, and what those call.
func TestBinaryStaysSmall(t *testing.T) {
	if testing.Short() || runtime.GOOS+"/"+runtime.GOARCH != "linux/amd64" {
		t.Skip("builds the program for linux/amd64")
	}
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "workos-mcp")
	build := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-ldflags=-s -w", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	info, err := os.Stat(binary)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("stripped: %d bytes", info.Size())
	if info.Size() > maxStripped {
		t.Errorf("stripped: got %d bytes, want at most %d", info.Size(), maxStripped)
	}
}
