// Package jq runs programs in the language of jq that come from callers. A program reads one JSON value and nothing
// else, ends within [MaxTime], and makes no value much larger than its input.
package jq

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/itchyny/gojq"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// Bounds of a jq program, which runs inside the server.
const (
	// MaxTime is how long a run takes at most.
	MaxTime = 2 * time.Second

	maxProgram     = 4 << 10 // bytes of its text
	maxOutputs     = 10_000
	maxOutputBytes = 4 << 20
	maxInput       = 32 << 20 // bytes, roughly, that the input takes when it is read
	valueSize      = 64       // of a value that is read, beside its text, roughly
	minMemory      = 1 << 20  // bytes, roughly, that a program may always use for a value
	maxBits        = 4 << 10  // of a whole number
	maxDigits      = 400      // of a number's text, as work on it grows with their square
)

// Program is a program that was found harmless. It is immutable and safe for concurrent use.
type Program struct{ query *gojq.Query }

// Parse reads a program and refuses what it may not use.
func Parse(text string) (*Program, error) {
	if len(text) > maxProgram {
		return nil, fmt.Errorf("the program has more than %d bytes", maxProgram)
	}
	query, err := gojq.Parse(text)
	if err != nil {
		return nil, programError(err)
	}
	var v vetter
	v.query(query)
	if v.err != nil {
		return nil, v.err
	}
	query.FuncDefs = prelude()
	p := &Program{query}
	if _, err := p.compile(context.Background(), &meter{}); err != nil {
		return nil, programError(err)
	}
	return p, nil
}

func programError(err error) error {
	if at := new(gojq.ParseError); errors.As(err, &at) {
		if at.Token == "" {
			return errors.New("the program is not complete")
		}
		return fmt.Errorf("the program cannot be read from %s at byte %d", phrase.Preview(at.Token), at.Offset)
	}
	return errors.New(phrase.Printable([]byte(err.Error())))
}

// compile makes the functions that bound a run known under names that no program can write.
func (p *Program) compile(ctx context.Context, m *meter) (*gojq.Code, error) {
	code, err := gojq.Compile(p.query,
		gojq.WithFunction(checkValue, 0, 0, func(v any, _ []any) any { return m.check(v) }),
		gojq.WithFunction(countValue, 0, 0, func(v any, _ []any) any { return m.count(v) }),
		gojq.WithFunction(smallValue, 1, 1, func(v any, most []any) any { return m.small(v, most[0]) }),
		gojq.WithFunction(noText, 0, 0, func(v any, _ []any) any { return noFactor(v) }),
		gojq.WithIterFunction(eachMatch, 2, 2, func(v any, args []any) gojq.Iter {
			return m.matches(ctx, v, args[0], args[1])
		}),
	)
	if err != nil {
		return nil, fmt.Errorf("compile: %w", err)
	}
	return code, nil
}

// Outputs are what a program gave.
type Outputs struct {
	Values []json.RawMessage // compact JSON
	// Limit says in a sentence which limit ended the program early; "": it ended by itself.
	Limit string
}

// Run runs the program on a JSON value. [ErrCanceled] is the error if the context ends first.
func (p *Program) Run(ctx context.Context, input json.RawMessage) (Outputs, error) {
	if takes := len(input) + valueSize*jsontext.Values(input); takes > maxInput {
		return Outputs{}, fmt.Errorf("the response is too large for a program: it would take %d MiB of %d; ask for less",
			takes>>20, maxInput>>20)
	}
	dec := json.NewDecoder(bytes.NewReader(input))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil {
		return Outputs{}, fmt.Errorf("read the response: %w", err)
	}
	m := &meter{}
	m.limit = max(minMemory, 2*m.size(value, maxInt))
	m.left = m.limit / elementSize
	timed, stop := context.WithTimeout(ctx, MaxTime)
	defer stop()
	code, err := p.compile(timed, m)
	if err != nil {
		return Outputs{}, err
	}
	outputs, err := collect(timed, code.RunWithContext(timed, value), m)
	if err != nil && ctx.Err() != nil {
		err = ErrCanceled
	}
	return outputs, err
}

func collect(ctx context.Context, outputs gojq.Iter, m *meter) (Outputs, error) {
	list, size := []json.RawMessage{}, 0
	for {
		v, ok := outputs.Next()
		if !ok {
			return Outputs{Values: list}, nil
		}
		if err, failed := v.(error); failed {
			if ctx.Err() != nil {
				return Outputs{}, fmt.Errorf("the program took longer than %s", MaxTime)
			}
			return Outputs{}, programError(err)
		}
		if err, failed := m.check(v).(error); failed {
			return Outputs{}, err
		}
		text, err := gojq.Marshal(v)
		if err != nil {
			return Outputs{}, fmt.Errorf("write the output: %w", err)
		}
		if len(list) == maxOutputs || size+len(text) > maxOutputBytes {
			limit := fmt.Sprintf("A program may give %d outputs of %d bytes in all.", maxOutputs, maxOutputBytes)
			return Outputs{list, limit}, nil
		}
		size += len(text)
		list = append(list, jsontext.Escape(text))
	}
}
