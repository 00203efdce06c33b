package mcpadapter

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"time"

	"github.com/itchyny/gojq"
)

// Bounds of a jq program, which runs inside the server.
const (
	maxProgram     = 4 << 10 // bytes of its text
	maxProgramTime = 2 * time.Second
	maxOutputs     = 10_000
	maxOutputBytes = 4 << 20
	minJQMemory    = 1 << 20 // bytes, roughly, that a program may always use for a value
	maxBits        = 4 << 10 // of a whole number
)

// program is a jq program that has been found harmless: it reads the answer and nothing else, ends in time, and holds
// no value much larger than the answer.
type program struct{ query *gojq.Query }

// parseProgram reads a program and refuses what it may not use.
func parseProgram(text string) (*program, error) {
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
	p := &program{query}
	if _, err := p.compile(&meter{}); err != nil {
		return nil, programError(err)
	}
	return p, nil
}

func programError(err error) error {
	if at := new(gojq.ParseError); errors.As(err, &at) {
		if at.Token == "" {
			return errors.New("the program is not complete")
		}
		return fmt.Errorf("the program cannot be read from %s at byte %d", preview(at.Token), at.Offset)
	}
	return errors.New(printable([]byte(err.Error())))
}

// compile makes the functions that bound a run known under names that no program can write.
func (p *program) compile(m *meter) (*gojq.Code, error) {
	code, err := gojq.Compile(p.query,
		gojq.WithFunction(checkValue, 0, 0, func(v any, _ []any) any { return m.check(v) }),
		gojq.WithFunction(countValue, 0, 0, func(v any, _ []any) any { return m.count(v) }),
		gojq.WithFunction(smallValue, 1, 1, func(v any, most []any) any { return m.small(v, most[0]) }),
		gojq.WithFunction(noText, 0, 0, func(v any, _ []any) any { return noFactor(v) }),
	)
	if err != nil {
		return nil, fmt.Errorf("compile: %w", err)
	}
	return code, nil
}

// run runs the program on an answer. It returns its outputs as compact JSON, and what it left out where it gave more
// than it may.
func (p *program) run(ctx context.Context, answer json.RawMessage) ([]json.RawMessage, leftOut, error) {
	dec := json.NewDecoder(bytes.NewReader(answer))
	dec.UseNumber()
	var input any
	if err := dec.Decode(&input); err != nil {
		return nil, leftOut{}, fmt.Errorf("read the answer: %w", err)
	}
	m := &meter{}
	m.limit = max(minJQMemory, 2*m.size(input, maxInt))
	m.left = m.limit / elementSize
	code, err := p.compile(m)
	if err != nil {
		return nil, leftOut{}, err
	}
	timed, stop := context.WithTimeout(ctx, maxProgramTime)
	defer stop()
	outputs, rest, err := collect(timed, code.RunWithContext(timed, input), m)
	if err != nil && ctx.Err() != nil {
		err = errCallEnded
	}
	return outputs, rest, err
}

func collect(ctx context.Context, outputs gojq.Iter, m *meter) ([]json.RawMessage, leftOut, error) {
	list, rest, size := []json.RawMessage{}, leftOut{}, 0
	for {
		v, ok := outputs.Next()
		if !ok {
			return list, rest, nil
		}
		if err, failed := v.(error); failed {
			if ctx.Err() != nil {
				return nil, rest, fmt.Errorf("the program took longer than %s", maxProgramTime)
			}
			return nil, rest, programError(err)
		}
		if err, failed := m.check(v).(error); failed {
			return nil, rest, err
		}
		text, err := gojq.Marshal(v)
		if err != nil {
			return nil, rest, fmt.Errorf("write the output: %w", err)
		}
		if len(list) == maxOutputs || size+len(text) > maxOutputBytes {
			rest.more = true
			rest.becausef("A program may give %d outputs of %d bytes in all.", maxOutputs, maxOutputBytes)
			return list, rest, nil
		}
		size += len(text)
		list = append(list, inert(text))
	}
}

// meter bounds the values of one run.
type meter struct {
	limit int // size of a value
	left  int // elements that may still be gathered
}

const (
	elementSize = 32 // of a value beside what is in it, in bytes, roughly
	maxDeep     = 500
	maxInt      = int(^uint(0) >> 1)
)

var (
	errTooLarge  = errors.New("the program makes a value that is much larger than the answer")
	errCallEnded = errors.New("the call ended before the program did")
	errTooMany   = errors.New("the program gathers many more values than the answer has")
)

// check returns the value, or an error if it is too large, with what it shares with others counted in full: a value
// that holds another twice is cheap to make and dear to write or compare.
func (m *meter) check(v any) any {
	if m.size(v, m.limit) > m.limit {
		return errTooLarge
	}
	return v
}

// count is check for a value that is gathered with others.
func (m *meter) count(v any) any {
	if m.left--; m.left < 0 {
		return errTooMany
	}
	return v
}

// small returns the value, or an error if its size is above a bound.
func (m *meter) small(v, most any) any {
	n, _ := gojq.ToInt(most)
	if m.size(v, n) > n {
		return fmt.Errorf("the program uses a value of more than %d bytes where it may not", n)
	}
	return v
}

// size is roughly how many bytes a value takes. It stops above a bound.
func (m *meter) size(v any, most int) int { return sizeOf(v, most, maxDeep) }

func sizeOf(v any, most, depth int) int {
	size := elementSize
	if depth == 0 {
		return maxInt
	}
	switch v := v.(type) {
	case string:
		size += len(v)
	case json.Number:
		if size += len(v); len(v) > maxDigits {
			return maxInt
		}
	case *big.Int:
		if v.BitLen() > maxBits {
			return maxInt
		}
	case []any:
		for i := 0; i < len(v) && size <= most; i++ {
			size = added(size, sizeOf(v[i], most-size, depth-1))
		}
	case map[string]any:
		for name, inner := range v {
			if size = added(size+len(name), sizeOf(inner, most-size, depth-1)); size > most {
				break
			}
		}
	}
	return size
}

func added(a, b int) int {
	if b > maxInt-a {
		return maxInt
	}
	return a + b
}

// noFactor refuses a text as a factor, which would repeat it.
func noFactor(v any) any {
	if _, isText := v.(string); isText {
		return errors.New("a program may not multiply texts")
	}
	return v
}
