package program

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// Interpreter is the name of the program that interprets JavaScript.
const Interpreter = "mcp-quickjs"

// Defaults of [Limits].
const (
	DefaultMemory   = 64 << 20
	DefaultTime     = 10 * time.Second
	DefaultOutput   = 1 << 20
	DefaultPrograms = 4
)

// Limits are the limits of each program. A zero field is its default.
type Limits struct {
	Memory   int           // bytes of all values at one time
	Time     time.Duration // that the interpreter takes, without the waits for calls
	Output   int           // characters of the value as JSON
	Programs int           // how many run at once; others wait
}

// Engine runs programs. It implements [mcpadapter.ProgramEngine], and is safe for concurrent use.
type Engine struct {
	path    string
	limits  Limits
	running chan struct{}
	ended   func(*os.ProcessState) // is called with the end of each process; nil: nothing is
}

// New returns an engine with the interpreter at a path; "": the one beside the executable of this process, or else in
// the directories of the environment variable PATH. It fails if there is none. It starts no process.
func New(path string, limits Limits) (*Engine, error) {
	if limits.Memory < 0 || limits.Time < 0 || limits.Output < 0 || limits.Programs < 0 {
		return nil, fmt.Errorf("workos/mcpadapter/program: negative limit in %+v", limits)
	}
	if limits.Memory == 0 {
		limits.Memory = DefaultMemory
	}
	if limits.Time == 0 {
		limits.Time = DefaultTime
	}
	if limits.Output == 0 {
		limits.Output = DefaultOutput
	}
	if limits.Programs == 0 {
		limits.Programs = DefaultPrograms
	}
	path, err := find(path)
	if err != nil {
		return nil, fmt.Errorf("workos/mcpadapter/program: %w", err)
	}
	return &Engine{path: path, limits: limits, running: make(chan struct{}, limits.Programs)}, nil
}

// find returns the absolute path of the interpreter.
func find(path string) (string, error) {
	if path == "" {
		path = Interpreter
		name := Interpreter
		if runtime.GOOS == "windows" {
			name += ".exe"
		}
		if self, err := os.Executable(); err == nil {
			if info, err := os.Stat(filepath.Join(filepath.Dir(self), name)); err == nil && info.Mode().IsRegular() {
				return filepath.Join(filepath.Dir(self), name), nil
			}
		}
	}
	found, err := exec.LookPath(path)
	if err != nil {
		return "", fmt.Errorf("no interpreter %q: go install "+
			"github.com/seed-f165d83c/workos/mcpadapter/program/mcp-quickjs@latest, or put it beside this program", path)
	}
	return filepath.Abs(found) //nolint:wrapcheck // the working directory is gone
}

// Run implements [mcpadapter.ProgramEngine].
func (e *Engine) Run(
	ctx context.Context, p mcpadapter.Program, step mcpadapter.ProgramStep,
) (mcpadapter.ProgramValue, error) {
	select {
	case e.running <- struct{}{}:
		defer func() { <-e.running }()
	case <-ctx.Done():
		return mcpadapter.ProgramValue{}, stopped(ctx)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	c, err := e.start(ctx)
	if err != nil {
		return mcpadapter.ProgramValue{}, err
	}
	defer c.end()
	err = c.send(startMessage{
		Protocol: protocol, Program: p.Source, Arguments: p.Arguments, Now: p.Start.UnixMilli(),
		Memory: e.limits.Memory, Output: e.limits.Output, Calls: p.Calls,
	})
	left := e.limits.Time
	for err == nil {
		var m message
		if m, err = c.receive(ctx, &left); err != nil {
			break
		}
		if m.Done != nil {
			return m.Done.value(e.limits)
		}
		var results []mcpadapter.ProgramResult
		if results, err = step(ctx, m.calls()); err != nil {
			return mcpadapter.ProgramValue{}, err
		}
		err = c.send(results)
	}
	return mcpadapter.ProgramValue{}, e.fault(ctx, c, left, err)
}

// fault returns what ended a program that did not end by itself.
func (e *Engine) fault(ctx context.Context, c *child, left time.Duration, err error) error {
	switch {
	case left <= 0:
		return &mcpadapter.ProgramError{
			Code: mcpadapter.CodeProgramTimeout, Message: fmt.Sprintf("it ran for more than %s", e.limits.Time),
		}
	case ctx.Err() != nil:
		return stopped(ctx)
	case errors.Is(err, errEnded):
		why := c.end()
		if strings.Contains(why, "out of memory") || strings.Contains(why, "cannot allocate memory") { // the kernel's limit
			return outOfMemoryError(e.limits)
		}
		if why != "" {
			return &mcpadapter.ProgramError{Code: mcpadapter.CodeProgramCrashed, Message: why}
		}
	}
	return &mcpadapter.ProgramError{Code: mcpadapter.CodeProgramCrashed, Message: err.Error()}
}

func stopped(ctx context.Context) error {
	return fmt.Errorf("workos/mcpadapter/program: %w", context.Cause(ctx))
}

// encoded writes a message as one line, with numbers that the interpreter can read.
func encoded(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("write a message: %w", err)
	}
	return append(withExactNumbers(text), '\n'), nil
}
