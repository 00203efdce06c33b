package program_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/program"
)

// hostile are programs that try to take what they may not have. Each ends with one of the codes; "": with a value.
var hostile = []struct{ name, source, codes string }{
	{"a string of a gibibyte", `return "a".repeat(2**30 - 1).length`, "program_memory program_threw"},
	{"strings of 100 MiB", `let s = "a".repeat(2**20); for (;;) s += s`, "program_memory program_threw"},
	{"an array that grows", `const a = []; for (;;) a.push({a: a.length})`, "program_memory program_timeout"},
	{"a map that grows", `const m = new Map(); for (let i = 0;; i++) m.set(i, "x" + i)`, "program_memory program_timeout"},
	{"a big buffer", `return new Uint8Array(2**31 - 1).length`, "program_memory"},
	{"many buffers", `const a = []; for (;;) a.push(new ArrayBuffer(2**20))`, "program_memory"},
	{"a big array", `return new Array(2**31).fill(0).length`, "program_memory program_timeout"},
	{"a big join", `return new Array(2**28).join("abc").length`, "program_memory program_threw program_timeout"},
	{"padding", `return "".padStart(2**30 - 2, "ab").length`, "program_memory program_threw"},
	{"memory taken while errors are caught", `const a = []; for (;;) try { a.push("x".repeat(2**16) + a.length) } catch {}`,
		"program_timeout program_memory"},
	{"an endless loop", `for (;;);`, "program_timeout"},
	{"an endless loop that catches", `for (;;) try { for (;;); } catch {}`, "program_timeout"},
	{"endless promises", `for (;;) await null`, "program_timeout"},
	{"endless jobs", `const f = () => { Promise.resolve().then(f) }; f(); await new Promise(() => {})`, "program_timeout"},
	{"jobs that wait for each other", `const f = () => Promise.resolve().then(f); f(); await new Promise(() => {})`,
		"program_timeout program_memory program_threw"}, // each takes memory, and an error in a job ends the jobs alone
	{"a regular expression", `return /(a+)+$/.test("a".repeat(40) + "b")`, "program_timeout program_threw"},
	{"a big integer", `let n = 3n; for (let i = 0; i < 40; i++) n *= n; return String(n).length`,
		"program_timeout program_memory program_threw"},
	{"deep recursion", `const f = (n) => f(n + 1) + 1; return f(0)`, "program_threw"},
	{"deep recursion in JSON", `let a = []; for (let i = 0; i < 1e6; i++) a = [a]; return JSON.stringify(a).length`,
		"program_threw program_memory program_timeout"},
	{"a deep value", `let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a`, "program_threw program_timeout"},
	{"deep text", `return JSON.parse("[".repeat(1e6))`, "program_threw program_memory"},
	{"a deep expression", `return eval("(".repeat(1e5) + "1" + ")".repeat(1e5))`, "program_threw program_memory"},
	{"a long value", `return "x".repeat(2**21)`, "program_output"},
	{"a value with an endless toJSON", `return {toJSON() { for (;;); }}`, "program_timeout"},
	{"a value in a circle", `const a = {}; a.a = a; return a`, "program_threw"},
	{"a proxy as value", `return new Proxy({}, {ownKeys() { for (;;); }})`, "program_timeout"},
	{"an error with an endless message", `throw {get message() { for (;;); }}`, "program_timeout"},
	{"much in the log", `for (let i = 0; i < 1e5; i++) console.log("x".repeat(1000)); return 1`, ""},
	{"too many calls at once", `for (;;) api.a({})`, "program_threw"},
	{"too many calls in turn", `for (;;) await api.a({})`, "program_threw"},
	{"a promise that nothing settles", `await new Promise(() => {})`, "program_threw"},
	{"another JSON", `JSON.stringify = () => { throw 1 }; JSON.parse = null; return (await api.a({x: 1})).x`, ""},
	{"another Promise", `Promise = null; Map.prototype.set = Map.prototype.get = null; return (await api.a({x: 1})).x`,
		"program_threw"},
	{"another Array", `Array.prototype.push = Array.prototype[Symbol.iterator] = () => { for (;;); }; return api.a({})`,
		"program_timeout"},
	{"a module", `return import("fs")`, "program_threw"},
	{"a module of the interpreter", `return import("std").then((m) => Object.keys(m))`, "program_threw"},
	{"the interpreter's objects", `return [typeof std, typeof os, typeof bjson, typeof scriptArgs, typeof process, typeof require,
		typeof fetch, typeof setTimeout, typeof WeakRef, typeof Worker].every((t) => t === "undefined") ? 1 : never`, ""},
	{"a way around the wrapper", "}); for (;;); (() => {", "program_timeout program_threw"},
	{"a wait", `return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1e9)`, "program_threw"},
}

// The memory is that of the whole process, with the interpreter itself: about 12 MiB before a program runs. A value that
// grows is copied, and is there twice while that takes.
func TestHostileProgramsEndWithinTheirLimits(t *testing.T) {
	t.Parallel()
	const limit, most = 64 << 20, 2*64<<20 + 32<<20
	for _, p := range hostile {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			var peak atomic.Int64
			end := 2 * time.Second
			if !strings.Contains(p.codes, "program_timeout") {
				end = time.Hour // it ends by itself, on a slow machine later
			}
			e := engineOf(t, program.Limits{Memory: limit, Time: end})
			e.Watch(func(state *os.ProcessState) { peak.Store(peakOf(state)) })
			since := time.Now()
			value, err := runEcho(t, e, p.source)
			failure, code := (*mcpadapter.ProgramError)(nil), ""
			if errors.As(err, &failure) {
				code = failure.Code
			} else if err != nil {
				t.Fatalf("got %v", err)
			}
			t.Logf("%-16s %6d ms %5d MiB  %s", code, time.Since(since).Milliseconds(), peak.Load()>>20, p.name)
			if !slices.Contains(strings.Split(p.codes, " "), code) {
				t.Errorf("got %v and %.100s, want %q", err, value.JSON, p.codes)
			}
			if got := peak.Load(); got > most {
				t.Errorf("got a peak of %d MiB, want at most %d", got>>20, most>>20)
			}
		})
	}
}

// A server survives, with every program that it runs, what one of them does.
func TestAHostileProgramDisturbsNoOther(t *testing.T) {
	t.Parallel()
	e := engineOf(t, program.Limits{Time: time.Hour, Programs: 2})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	running, stuck := make(chan struct{}), make(chan error, 1)
	go func() {
		p := mcpadapter.Program{Source: `await api.a(); for (;;);`, Arguments: json.RawMessage(`{}`), Start: start, Calls: 1}
		_, err := e.Run(ctx, p, func(_ context.Context, calls []mcpadapter.ProgramCall) ([]mcpadapter.ProgramResult, error) {
			close(running)
			return []mcpadapter.ProgramResult{{ID: calls[0].ID, Value: json.RawMessage(`{}`)}}, nil
		})
		stuck <- err
	}()
	select {
	case <-running:
	case err := <-stuck:
		t.Fatalf("got %v before its call", err)
	}
	for range 5 {
		value, err := runEcho(t, e, `return (await api.a({x: args.n})).x`)
		if err != nil || string(value.JSON) != "7" {
			t.Errorf("got %s, %v", value.JSON, err)
		}
	}
	select {
	case err := <-stuck:
		t.Fatalf("got %v, want the endless program to run on", err)
	default:
	}
	cancel()
	if err := <-stuck; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}

func TestAProgramEndsWithItsContext(t *testing.T) {
	t.Parallel()
	e := engineOf(t, program.Limits{})
	ctx, cancel := context.WithCancel(t.Context())
	p := mcpadapter.Program{Source: `await api.a(); for (;;);`, Arguments: json.RawMessage(`{}`), Start: start, Calls: 1}
	_, err := e.Run(ctx, p, func(_ context.Context, calls []mcpadapter.ProgramCall) ([]mcpadapter.ProgramResult, error) {
		cancel()
		return []mcpadapter.ProgramResult{{ID: calls[0].ID, Value: json.RawMessage(`{}`)}}, nil
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v", err, context.Canceled)
	}
}
