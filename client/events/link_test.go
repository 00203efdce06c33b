//go:build e2e

// With the end-to-end tests, as it builds a program.

package events_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestProgramLinksOnlyThePayloadsItNames looks for the tags of struct fields, which types bring into a binary.
func TestProgramLinksOnlyThePayloadsItNames(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "link")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "./testdata/link")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	code, err := os.ReadFile(binary)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	const named, other = `json:"profile_picture_url"`, `json:"completed_by_attempt_id"`
	if !strings.Contains(string(code), named) {
		t.Fatalf("%s is not in the binary, so the absence of others says nothing", named)
	}
	if strings.Contains(string(code), other) {
		t.Errorf("%s is in the binary, though the program does not name its type", other)
	}
}
