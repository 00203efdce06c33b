// Package commandtest runs the command whose package a test is of, without a build: the test program is the command.
package commandtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// asCommand is the variable that makes a test program be its command.
const asCommand = "TEST_AS_COMMAND"

// Main is for TestMain: it runs the tests, or the command.
func Main(m *testing.M, command func()) {
	if os.Getenv(asCommand) != "" {
		command()
		return
	}
	os.Exit(m.Run())
}

// Run runs the command in a directory and returns what it writes. The error is that of its exit code.
func Run(tb testing.TB, dir string, args ...string) (output string, err error) {
	tb.Helper()
	program, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	command := exec.CommandContext(tb.Context(), program, args...) //nolint:gosec // itself
	command.Dir, command.Env = dir, append(os.Environ(), asCommand+"=1")
	text, err := command.CombinedOutput()
	return string(text), err
}

// Read returns the content of a file.
func Read(tb testing.TB, elem ...string) string {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join(elem...)) //nolint:gosec // the test names it
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

// Write writes a file into a directory.
func Write(tb testing.TB, dir, name, text string) {
	tb.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		tb.Fatal(err)
	}
}
