package commandtest_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/internal/generator/commandtest"
)

func TestMain(m *testing.M) {
	commandtest.Main(m, func() {
		text, err := os.ReadFile("in")
		fmt.Fprint(os.Stdout, string(text), os.Args[1:])
		fmt.Fprint(os.Stderr, "!")
		if err != nil {
			os.Exit(3)
		}
	})
}

func TestTheTestProgramIsTheCommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	commandtest.Write(t, dir, "in", "text ")
	if got, err := commandtest.Run(t, dir, "-a", "b"); err != nil || got != "text [-a b]!" {
		t.Errorf("got %q and %v, want the file, the arguments and what was written to standard error", got, err)
	}
	if got := commandtest.Read(t, dir, "in"); got != "text " {
		t.Errorf("got %q, want what was written", got)
	}
	got, err := commandtest.Run(t, t.TempDir())
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 3 || !strings.HasSuffix(got, "[]!") {
		t.Errorf("got %q and %v, want exit code 3", got, err)
	}
}
