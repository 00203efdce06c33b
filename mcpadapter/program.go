package mcpadapter

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// Limits of a program.
const (
	maxProgramCalls  = 200
	maxProgramSource = 64 << 10 // characters
	maxProgramRounds = 10       // questions that one program leads to
	programReads     = 4        // calls that read and run at once
)

// programTool is the name of the tool that runs programs.
const programTool = "run_program"

// Codes of failures of programs. The calls that were made by then are in the message.
const (
	CodeProgramThrew    = "program_threw"    // it threw an error
	CodeProgramTimeout  = "program_timeout"  // it ran for too long, without the waits for calls
	CodeProgramMemory   = "program_memory"   // it needed too much memory
	CodeProgramOutput   = "program_output"   // its value is too large
	CodeProgramCalls    = "program_calls"    // it made too many calls
	CodeProgramDiverged = "program_diverged" // run again, it did not repeat the calls that it had made
	CodeProgramCrashed  = "program_crashed"  // the interpreter ended or sent something invalid
)

// Program is what a [ProgramEngine] runs. Two runs of the same program with the same results of its calls must do the
// same: its clock stands at Start, and its random numbers repeat.
type Program struct {
	Source    string
	Arguments json.RawMessage // an object
	Start     time.Time
	Calls     int // how many calls it may make
}

// ProgramCall is a call that a program makes.
type ProgramCall struct {
	ID        int // of this call in this run, from 1 in the order of the calls
	Operation string
	Arguments json.RawMessage
	Each      bool // the program iterates over the items of all pages
}

// ProgramResult is the result of a call: of a success Value, of a failure Failure and Text, its sentences.
type ProgramResult struct {
	ID      int             `json:"id"`
	Value   json.RawMessage `json:"value,omitempty"`
	Items   string          `json:"items,omitempty"` // member of Value with the items; with Each alone
	Next    json.RawMessage `json:"next,omitempty"`  // arguments that lead to the next page; nil: there is none
	Failure *Failure        `json:"failure,omitempty"`
	Text    string          `json:"text,omitempty"`
}

// ProgramStep makes calls: those that the program has made since the last step. It returns the results of some of all
// calls without results yet, at least of one. After an error the run must end with that error.
type ProgramStep func(ctx context.Context, calls []ProgramCall) ([]ProgramResult, error)

// ProgramValue is what a program returns.
type ProgramValue struct {
	JSON json.RawMessage
	Log  []string // lines that it wrote; also with an error
}

// ProgramEngine runs programs for [Adapter.ProgramTools]. It must be safe for concurrent use.
//
// Run runs a program until it ends. Whenever it cannot go on without the result of a call it calls step, and before the
// end as well if calls have no results. It bounds the memory, the time and the value of the program. Its error is a
// [ProgramError], the error of step or that of the context; any other is reported as an internal one.
type ProgramEngine interface {
	Run(ctx context.Context, p Program, step ProgramStep) (ProgramValue, error)
}

// ProgramError is how a program failed.
type ProgramError struct {
	Code    string // such as CodeProgramThrew
	Message string // a clause, such as "it ran for more than 10s"
}

func (e *ProgramError) Error() string { return e.Code + ": " + e.Message }

// programs is what the tool that runs programs has.
type programs struct {
	adapter  *Adapter
	engine   ProgramEngine
	journals journals
}

// ProgramTools returns the tools that replace all others in code mode: one searches operations, and one runs a program
// that calls them. Each call of a program is subject to the checks, filters and confirmations of the operation; results
// are not cut, because only the value of the program is returned, within [WithMaxResultBytes].
//
// Calls that need a confirmation are gathered until the program cannot go on without one of them, or has ended, and are
// one question. The confirmation is for exactly these calls, the program and its arguments. The program is then run
// again: what it did before its last call that changes something is not repeated but replayed, later reads are
// repeated. If it comes to other calls than those that were confirmed, it asks again. A program that has changed
// something before the question can be confirmed only in the process that asked, once, and while the process remembers
// it; any other one in every process with the same key.
func (a *Adapter) ProgramTools(engine ProgramEngine) []Tool {
	run := a.programCaller()
	run.dynamic = &dynamicTool{
		adapter: a, schema: programInput(), respond: func(context.Context, map[string]any) Result { return Result{} },
		programs: &programs{adapter: a, engine: engine},
	}
	tools := []*tool{
		{
			name: searchTool, title: "Search operations",
			description: "Finds API operations by what you want to do, best first, as lines of TypeScript: " +
				"api.name({arguments}): what the promise has // what it does. Without a type it is a string. For " +
				"operations that you know, `operations` gives their whole declarations.",
			risk:        RiskReads,
			annotations: Annotations{ReadOnly: true, Idempotent: true},
			dynamic:     &dynamicTool{adapter: a, schema: a.programSearchInput(), respond: a.answerProgramSearch},
		},
		run,
	}
	for _, t := range tools {
		t.engine, t.confirmedFrom = a.engine, never
		t.publish(t.dynamic.schema)
	}
	return wrapped(tools)
}

// programCaller returns the tool that runs programs, with what is true of each operation that a program may call.
func (a *Adapter) programCaller() *tool {
	t := &tool{
		name: programTool, title: "Run a program",
		description: "Runs JavaScript that calls API operations: the body of an async function. " +
			"`await api.organizations.get({id})` returns the response or throws CallError {status, code, message}; " +
			"`for await (const user of api.users.list({…}))` goes through all pages. `args` has the arguments. Return " +
			"only what you need. Start calls that do not depend on each other together, with Promise.all: a person " +
			"confirms them in one question. No network, files, modules or timers.",
		annotations: Annotations{ReadOnly: true, Idempotent: true},
	}
	for _, called := range a.permitted(a.engine.filters) {
		t.risk |= called.risk
		t.annotations.ReadOnly = t.annotations.ReadOnly && called.annotations.ReadOnly
		t.annotations.Destructive = t.annotations.Destructive || called.annotations.Destructive
		t.annotations.Idempotent = t.annotations.Idempotent && called.annotations.Idempotent
		t.annotations.OpenWorld = t.annotations.OpenWorld || called.annotations.OpenWorld
	}
	return t
}

func programInput() *value.Schema {
	return &value.Schema{Types: optable.Object, Closed: true, Properties: []value.Property{
		{Name: "program", Required: true, Schema: &value.Schema{
			Types: optable.String, MinLength: 1, MaxLength: maxProgramSource,
		}},
		{Name: wholeArguments, Schema: &value.Schema{Types: optable.Object, Description: "What `args` is."}},
		{Name: confirmationArgument, Schema: &value.Schema{
			Types: optable.String,
			Description: "Token from a first call without it. Give it only after the person has agreed, with the same program " +
				"and arguments.",
		}},
	}}
}

// programCallsError is the failure of a program that makes too many calls.
func programCallsError() error {
	return &ProgramError{
		Code: CodeProgramCalls, Message: fmt.Sprintf("it made more than %d calls: do the work in parts", maxProgramCalls),
	}
}
