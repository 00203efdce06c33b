package program_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/program"
)

func TestWhatProgramsReturn(t *testing.T) {
	t.Parallel()
	e := engineOf(t, program.Limits{})
	for source, want := range map[string]string{
		`return 1`:                          `1`,
		`return args`:                       `{"n":7}`,
		`args.n`:                            `7`,
		`await api.users.list({a: 1});`:     `{"a":1}`,
		`async (args) => { return args.n }`: `7`,
		`() => api.a({n: null})`:            `{"n":null}`,
		`let x = 1
		 x++`: `null`,
		``:                                       `null`,
		`// nothing`:                             `null`,
		`return undefined`:                       `null`,
		`return [undefined, null, () => 1, NaN]`: `[null,null,null,null]`,
		`return "<&>é\ud800"`:                    `"<&>é\ud800"`,
		`return new Date()`:                      `"2026-01-02T03:04:05.006Z"`,
		`return [Date.now() === +new Date(), new Date(0) instanceof Date, typeof Date(), new (new Date().constructor)() - Date.now()]`: `[true,true,"string",0]`,
		`return new Date().getTimezoneOffset()`:                                                      `0`,
		`return Math.random() === Math.random()`:                                                     `false`,
		`let all = []; for await (const x of api.users.list({limit: 1})) all.push(x.of); return all`: `["","next"]`,
		`return Promise.all([1, 2, 3].map((n) => api.a({n})))`:                                       `[{"n":1},{"n":2},{"n":3}]`,
		`try { await api.a({fail: "gone"}) } catch (e) { return [e instanceof CallError, e instanceof Error, e.status, e.code, e.operation, e.message] }`: `[true,true,404,"gone","a","a: 404 gone: not found"]`,
		`return api["a.b"]({x: 1})`: `{"x":1}`,
		`api.a({x: 1}); return 2`:   `2`,
		`return String(await Promise.allSettled([api.a({fail: "x"})]).then((r) => r[0].status))`: `"rejected"`,
	} {
		value, err := runEcho(t, e, source)
		if err != nil || string(value.JSON) != want {
			t.Errorf("%s: got %s, %v, want %s", source, value.JSON, err, want)
		}
	}
}

// A number of JavaScript has 53 bits: an ID of 64 would be that of something else.
func TestLargeIntegersKeepTheirDigits(t *testing.T) {
	t.Parallel()
	const large = "1234567890123456789"
	var sent []string
	run := func(source string) (string, error) {
		p := mcpadapter.Program{Source: source, Arguments: json.RawMessage(`{"id":` + large + `}`), Start: start, Calls: 9}
		value, err := engineOf(t, program.Limits{}).Run(t.Context(), p,
			func(_ context.Context, calls []mcpadapter.ProgramCall) ([]mcpadapter.ProgramResult, error) {
				f := &mcpadapter.Failure{Code: "gone", Details: json.RawMessage(`[` + large + `]`)}
				result := mcpadapter.ProgramResult{
					ID: calls[0].ID, Items: "data", Next: json.RawMessage(`{"after":` + large + `}`),
					Value: json.RawMessage(`{"data":[` + large + `,-` + large + `,9007199254740991,9007199254740992,` +
						`1.25,1e30,"\\\"` + large + `",{"` + large + `":0}]}`),
				}
				switch sent = append(sent, string(calls[0].Arguments)); {
				case calls[0].Operation == "fail":
					result = mcpadapter.ProgramResult{ID: calls[0].ID, Failure: f, Text: "gone"}
				case len(sent) > 1:
					result.Next = nil
				}
				return []mcpadapter.ProgramResult{result}, nil
			})
		return string(value.JSON), err
	}
	for source, want := range map[string]string{
		`return (await api.list()).data`: `["` + large + `","-` + large + `",9007199254740991,"9007199254740992",` +
			`1.25,1e+30,"\\\"` + large + `",{"` + large + `":0}] {}`,
		`await api.get(args); return 1`:                                      `1 {"id":"` + large + `"}`,
		`try { await api.fail() } catch (e) { return e.details.details[0] }`: `"` + large + `" {}`,
		`for await (const x of api.list());`:                                 `null {} {"after":"` + large + `"}`,
		`await api.get({id: 9007199254740991, n: -1e21}); return 1`:          `1 {"id":9007199254740991,"n":-1e+21}`,
	} {
		sent = nil
		if got, err := run(source); err != nil || got+" "+strings.Join(sent, " ") != want {
			t.Errorf("%s: got %s %s, %v, want %s", source, got, sent, err, want)
		}
	}
	for _, source := range []string{
		`return api.delete({id: ` + large + `})`, `return api.delete({in: [{id: -` + large + `}]})`,
	} {
		sent = nil
		want := "is beyond 2 ** 53"
		if _, err := run(source); err == nil || !strings.Contains(err.Error(), want) || len(sent) > 0 {
			t.Errorf("%s: got %v and sent %q, want an error that contains %q, and nothing sent", source, err, sent, want)
		}
	}
}

func TestHowProgramsFail(t *testing.T) {
	t.Parallel()
	e := engineOf(t, program.Limits{})
	for source, want := range map[string]string{
		"const a = 1;\nawait null;\nnull.x": "line 3: TypeError",
		`throw new Error("no")`:             "Error: no",
		`throw "text"`:                      "Error: text",
		`return (`:                          "SyntaxError",
		`await api.a(1)`:                    "a: want one object with the arguments, got 1",
		`await api.a({fail: "gone"})`:       "CallError: a: 404 gone: not found",
		`api.a = 1`:                         "operations cannot be replaced",
		`for await (const x of api.a({fail: "x"})) ;`: "CallError: a: 404 x",
		`return 1n`: "BigInt",
	} {
		_, err := runEcho(t, e, source)
		failure := (*mcpadapter.ProgramError)(nil)
		if !errors.As(err, &failure) || failure.Code != mcpadapter.CodeProgramThrew || !strings.Contains(failure.Message, want) {
			t.Errorf("%s: got %v, want %q", source, err, want)
		}
	}
}

func TestTheLogIsKeptAndBounded(t *testing.T) {
	t.Parallel()
	value, err := runEcho(t, engineOf(t, program.Limits{}), `
		console.log("a", {b: 1}); for (let i = 0; i < 1000; i++) console.error(i); return 1`)
	if err != nil || len(value.Log) != 20 || value.Log[0] != `a {"b":1}` || value.Log[1] != "0" {
		t.Errorf("got %q, %v", value.Log, err)
	}
}

func TestTwoRunsAreTheSame(t *testing.T) {
	t.Parallel()
	e := engineOf(t, program.Limits{})
	const source = `return [Math.random(), Math.random(), Date.now(), Object.keys(globalThis)]`
	first, err := runEcho(t, e, source)
	second, again := runEcho(t, e, source)
	if err != nil || again != nil || string(first.JSON) != string(second.JSON) {
		t.Errorf("got %s and %s, %v, %v", first.JSON, second.JSON, err, again)
	}
}

// The interpreter gets no variable of the server's, because those may be credentials.
func TestTheInterpreterHasNoCredentials(t *testing.T) {
	t.Setenv("WORKOS_API_KEY", "sk_secret")
	script := filepath.Join(t.TempDir(), "env")
	if err := os.WriteFile(script, []byte("#!/bin/sh\nenv >&2\nexit 1\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	e, err := program.New(script, program.Limits{})
	if err != nil {
		t.Skip(err)
	}
	_, err = runEcho(t, e, `1`)
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
}

func TestNewNamesWhatIsMissing(t *testing.T) {
	t.Parallel()
	if _, err := program.New(filepath.Join(t.TempDir(), "none"), program.Limits{}); err == nil ||
		!strings.Contains(err.Error(), "go install") {
		t.Errorf("got %v, want what to install", err)
	}
	if _, err := program.New(interpreter, program.Limits{Memory: -1}); err == nil {
		t.Error("a negative limit: got no error")
	}
}

// BenchmarkFirstProgram prints how long a program takes that calls nothing: the start of the interpreter.
func BenchmarkFirstProgram(b *testing.B) {
	e := engineOf(b, program.Limits{})
	for b.Loop() {
		if _, err := runEcho(b, e, `return 1`); err != nil {
			b.Fatal(err)
		}
	}
}
