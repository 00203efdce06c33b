package docs_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	code     = regexp.MustCompile(`(?m)^\s+Code[A-Z]\w*\s+= "(\w+)"`)
	sentinel = regexp.MustCompile("`(Err[A-Z]\\w*)`")
)

// Every code of the adapter is explained, and every error that the page names exists.
func TestTroubleshootingIsComplete(t *testing.T) {
	text := documents(t)["docs/troubleshooting.md"]
	files, err := filepath.Glob(filepath.Join(root, "mcpadapter", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	codes := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range code.FindAllStringSubmatch(string(source), -1) {
			codes++
			if !strings.Contains(text, "| `"+m[1]+"` |") {
				t.Errorf("docs/troubleshooting.md does not explain the code %s of %s", m[1], file)
			}
		}
	}
	if codes < 9 {
		t.Errorf("got %d codes, want 9 or more: is the pattern right?", codes)
	}
	exported, err := exec.CommandContext(t.Context(), "go", "doc", "-all", "../client").CombinedOutput()
	if err != nil {
		t.Fatalf("go doc: %v\n%s", err, exported)
	}
	for _, m := range sentinel.FindAllStringSubmatch(text, -1) {
		if !regexp.MustCompile(`\b` + m[1] + `\b`).Match(exported) {
			t.Errorf("docs/troubleshooting.md: package client has no %s", m[1])
		}
	}
}
