package main

import (
	_ "embed"
	"errors"
	"fmt"

	"modernc.org/quickjs"
)

// prelude makes the global object of a program, and the functions by which this process drives it.
//
//go:embed prelude.js
var prelude string

// machine is a program that runs.
type machine struct {
	vm    *quickjs.VM
	begin quickjs.Value // function(program, arguments, now, output, calls)
	take  quickjs.Value // function(idle) returns the next message as JSON, or ""
	give  quickjs.Value // function(results)
}

// run runs the program to its end.
func run(p *peer, s start) error {
	vm, err := quickjs.NewVM()
	if err != nil {
		return fmt.Errorf("start the interpreter: %w", err)
	}
	m := machine{vm: vm}
	if err := m.load(); err != nil {
		return err
	}
	vm.SetCanBlock(false)
	vm.SetMemoryLimit(uintptr(s.Memory))
	if _, err := m.begin.Call(
		quickjs.UndefinedValue, s.Program, string(s.Arguments), float64(s.Now), s.Output, s.Calls,
	); err != nil {
		return m.failed(p, err)
	}
	for {
		n, err := vm.ExecutePendingJobs()
		if outOfMemory(err) {
			return m.failed(p, err)
		}
		text, err := m.next(n == 0)
		switch {
		case err != nil:
			return m.failed(p, err)
		case text == "":
			continue
		case text[0] == '{':
			return p.send(message{Done: []byte(text)})
		}
		if err := p.send(message{Calls: []byte(text)}); err != nil {
			return err
		}
		if _, err := m.give.Call(quickjs.UndefinedValue, string(<-p.lines)); err != nil {
			return m.failed(p, err)
		}
	}
}

// load evaluates the prelude.
func (m *machine) load() error {
	functions, err := m.vm.EvalValue(prelude, quickjs.EvalGlobal)
	if err != nil {
		return fmt.Errorf("load the prelude: %w", err)
	}
	for name, function := range map[string]*quickjs.Value{"begin": &m.begin, "take": &m.take, "give": &m.give} {
		atom, err := m.vm.NewAtom(name)
		if err == nil {
			*function, err = functions.GetPropertyValue(atom)
		}
		if err != nil {
			return fmt.Errorf("load the prelude: %w", err)
		}
	}
	return nil
}

// next returns the next message as JSON: an array of calls, or an object with the end. It returns "" if there are jobs
// to run first.
func (m *machine) next(idle bool) (string, error) {
	v, err := m.take.Call(quickjs.UndefinedValue, idle)
	if err != nil {
		return "", err //nolint:wrapcheck // of the program, which says what it threw
	}
	text, ok := v.(string)
	if !ok {
		return "", errors.New("InternalError: out of memory")
	}
	return text, nil
}

// failed ends a program that the interpreter has given up.
func (m *machine) failed(p *peer, err error) error {
	if outOfMemory(err) {
		return p.send(message{Done: []byte(`{"error":{"name":"out_of_memory"}}`)})
	}
	return fmt.Errorf("the program failed outside of itself: %w", err)
}

func outOfMemory(err error) bool {
	return err != nil && (err.Error() == "InternalError: out of memory" || err.Error() == "null")
}
