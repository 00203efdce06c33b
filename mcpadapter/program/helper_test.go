package program_test

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/program"
)

// interpreter is the path of the interpreter, built of the sources beside this package.
var interpreter string

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "interpreter")
	if err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	interpreter = filepath.Join(dir, program.Interpreter+".exe")
	build := exec.CommandContext(context.Background(), "go", "build", "-o", interpreter, ".")
	build.Dir = program.Interpreter
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		panic(err)
	}
	return m.Run()
}

func engineOf(tb testing.TB, limits program.Limits) *program.Engine {
	tb.Helper()
	e, err := program.New(interpreter, limits)
	if err != nil {
		tb.Fatal(err)
	}
	return e
}

// start is what the clock of the programs shows.
var start = time.Date(2026, 1, 2, 3, 4, 5, 6_000_000, time.UTC)

// run runs a program whose calls return their arguments, and fail where those have the member fail.
func runEcho(tb testing.TB, e *program.Engine, source string) (mcpadapter.ProgramValue, error) {
	tb.Helper()
	p := mcpadapter.Program{Source: source, Arguments: json.RawMessage(`{"n": 7}`), Start: start, Calls: 200}
	return e.Run(tb.Context(), p, func(_ context.Context, calls []mcpadapter.ProgramCall) ([]mcpadapter.ProgramResult, error) {
		results := make([]mcpadapter.ProgramResult, len(calls))
		for i, c := range calls {
			results[i] = mcpadapter.ProgramResult{ID: c.ID, Value: c.Arguments}
			var args struct{ Fail, More string }
			_ = json.Unmarshal(c.Arguments, &args)
			if args.Fail != "" {
				f := &mcpadapter.Failure{Status: 404, Code: args.Fail, Message: "not found"}
				results[i] = mcpadapter.ProgramResult{ID: c.ID, Failure: f, Text: f.String()}
			}
			if c.Each {
				results[i].Value, results[i].Items = json.RawMessage(`{"data":[{"of":"`+args.More+`"}]}`), "data"
				if args.More == "" {
					results[i].Next = json.RawMessage(`{"more":"next"}`)
				}
			}
		}
		return results, nil
	})
}
