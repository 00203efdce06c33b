package program

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// protocol is the version of the messages.
const protocol = 1

// startMessage is the first message.
type startMessage struct {
	Protocol  int             `json:"protocol"`
	Program   string          `json:"program"`
	Arguments json.RawMessage `json:"arguments"`
	Now       int64           `json:"now"`
	Memory    int             `json:"memory"`
	Output    int             `json:"output"`
	Calls     int             `json:"calls"`
}

// message is what the interpreter sends.
type message struct {
	Calls []callMessage `json:"calls"`
	Done  *doneMessage  `json:"done"`
}

// callMessage is one call of the program. Arguments is JSON in a string, as the interpreter wrote it.
type callMessage struct {
	ID        int    `json:"id"`
	Operation string `json:"operation"`
	Arguments string `json:"arguments"`
	Each      bool   `json:"each"`
}

// doneMessage is the end of the program.
type doneMessage struct {
	Value json.RawMessage `json:"value"`
	Log   []string        `json:"log"`
	Error *struct {
		Name    string `json:"name"`
		Message string `json:"message"`
		Code    string `json:"code"`
		Line    int    `json:"line"`
	} `json:"error"`
}

// Errors of the interpreter that are not those of a program.
const (
	outOfMemory    = "out_of_memory"
	outputTooLarge = "output_too_large"
)

func (m message) calls() []mcpadapter.ProgramCall {
	calls := make([]mcpadapter.ProgramCall, len(m.Calls))
	for i, c := range m.Calls {
		calls[i] = mcpadapter.ProgramCall{
			ID: c.ID, Operation: c.Operation, Arguments: json.RawMessage(c.Arguments), Each: c.Each,
		}
	}
	return calls
}

// value returns the value of the program, or its error.
func (m *doneMessage) value(limits Limits) (mcpadapter.ProgramValue, error) {
	log := slices.Clip(m.Log)
	if m.Error == nil {
		return mcpadapter.ProgramValue{JSON: m.Value, Log: log}, nil
	}
	e := &mcpadapter.ProgramError{Code: mcpadapter.CodeProgramThrew}
	switch {
	case m.Error.Name == outOfMemory, m.Error.Name == "InternalError" && m.Error.Message == "out of memory":
		e = outOfMemoryError(limits)
	case m.Error.Name == outputTooLarge:
		e.Code = mcpadapter.CodeProgramOutput
		e.Message = fmt.Sprintf("its value has more than %d characters: return less", limits.Output)
	default:
		e.Message = m.Error.Name + ": " + m.Error.Message
		if m.Error.Line > 0 {
			e.Message = fmt.Sprintf("line %d: %s", m.Error.Line, e.Message)
		}
	}
	return mcpadapter.ProgramValue{Log: log}, e
}

func outOfMemoryError(limits Limits) *mcpadapter.ProgramError {
	return &mcpadapter.ProgramError{
		Code:    mcpadapter.CodeProgramMemory,
		Message: fmt.Sprintf("it needed more than %d MiB of memory: keep less at one time", limits.Memory>>20),
	}
}
