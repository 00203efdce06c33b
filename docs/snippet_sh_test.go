package docs_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestShellBlocksRun runs the shell blocks, line by line, in the sandbox and without any variable of WorkOS. Each line
// must begin with "workos-mcp" or "go run". A block that needs a key or the network, or that does not end by itself,
// stands after the comment <!-- not run: REASON -->. The test still checks commands and flags of its workos-mcp lines.
func TestShellBlocksRun(t *testing.T) {
	run := shell(t)
	for _, b := range blocks(t, "sh") {
		reason, skipped := strings.CutPrefix(b.mark, "not run: ")
		if b.mark != "" && (!skipped || reason == "") {
			t.Errorf("%s:%d: got the comment %q, want <!-- not run: REASON -->", b.file, b.line, b.mark)
		}
		for i, line := range strings.Split(strings.TrimSuffix(b.text, "\n"), "\n") {
			command, _, _ := strings.Cut(line, "  #")
			served := command == "workos-mcp" || strings.HasPrefix(command, "workos-mcp ")
			switch {
			case skipped && served:
				command += " --help"
			case skipped:
				continue
			case !served && !strings.HasPrefix(command, "go run "):
				t.Errorf("%s:%d: %q is neither workos-mcp nor go run, and no comment says why it is not run",
					b.file, b.line+i, line)
				continue
			}
			if out, err := run(command); err != nil {
				t.Errorf("%s:%d: %s: %v\n%s", b.file, b.line+i, command, err, out)
			}
		}
	}
}

// shell builds workos-mcp and returns a function that runs a line in the root with a workos-mcp that uses the sandbox.
func shell(t *testing.T) func(line string) ([]byte, error) {
	t.Helper()
	bin := t.TempDir()
	server := filepath.Join(bin, "server")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", server, "./examples/workos-mcp")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	script := "#!/bin/sh\n[ \"$1\" = sandbox ] && exec '" + server + "' \"$@\"\nexec '" + server + "' --sandbox \"$@\"\n"
	if err := os.WriteFile(filepath.Join(bin, "workos-mcp"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	environment := slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "WORKOS_") || strings.HasPrefix(variable, "PATH=")
	})
	environment = append(environment, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	return func(line string) ([]byte, error) {
		command := exec.CommandContext(t.Context(), "sh", "-c", line)
		command.Dir, command.Env = root, environment
		return command.CombinedOutput()
	}
}
