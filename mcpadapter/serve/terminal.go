package serve

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
)

// openTerminal opens the terminal that controls the process, whatever its standard input is.
func openTerminal() (io.ReadCloser, error) {
	name := "/dev/tty"
	if runtime.GOOS == "windows" {
		name = "CONIN$"
	}
	file, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return nil, fmt.Errorf("open the terminal: %w", err)
	}
	return file, nil
}

// noTerminal is for programs that run a command line with streams of their own.
func noTerminal() (io.ReadCloser, error) { return nil, errors.New("no terminal") }
