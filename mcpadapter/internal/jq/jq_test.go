package jq_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/jq"
)

// wantRun checks the outputs of a program, or a part of its error.
func wantRun(t *testing.T, what, program, input string, want []string, failure string) {
	t.Helper()
	got, err := run(t.Context(), program, input)
	switch {
	case failure == "" && (err != nil || !slices.Equal(got, want)):
		t.Errorf("%s: got %.200s, %v, want %.200s", what, got, err, want)
	case failure != "" && (err == nil || err.Error() != failure || got != nil):
		t.Errorf("%s: got %.200s, %v, want %s", what, got, err, failure)
	}
}

func TestProgramTextIsLimited(t *testing.T) {
	t.Parallel()
	for n, ok := range map[int]bool{4095: true, 4096: true, 4097: false} {
		p, err := jq.Parse("1" + strings.Repeat(" ", n-1))
		if (err == nil) != ok || (p == nil) == ok || !ok && err.Error() != "the program has more than 4096 bytes" {
			t.Errorf("%d bytes: got %v, %v", n, p, err)
		}
	}
}

func TestParseReportsWhereAProgramCannotBeRead(t *testing.T) {
	t.Parallel()
	for program, want := range map[string]string{
		`.data[`:                        "the program is not complete",
		`.data | ]`:                     "the program cannot be read from ] at byte 9",
		`. | ` + strings.Repeat("%", 2): "the program cannot be read from % at byte 5",
		``:                              "the program is empty",
		`$x`:                            "compile: variable not defined: $x",
		"$x\u200b":                      "the program cannot be read from \u200b at byte 5",
		`import "x" as x; .`:            "a program may not import modules",
		`include "x"; .`:                "a program may not import modules",
		`module {a:1}; .`:               "a program may not import modules",
		`def f: 1; f`:                   "a program may not define functions",
		`. | (def f: 1; f)`:             "a program may not define functions",
		`label $out | break $out`:       "",
	} {
		p, err := jq.Parse(program)
		if err == nil || p != nil || want != "" && err.Error() != want {
			t.Errorf("%s: got %v, %v, want %s", program, p, err, want)
		}
	}
}

func TestRunKeepsDigitsAndEscapesInvisibleCharacters(t *testing.T) {
	t.Parallel()
	for program, want := range map[string][]string{
		`.n`:           {"9007199254740993"},
		`[.n]`:         {"[9007199254740993]"},
		`.s, .n`:       {`"a\u200b"`, "9007199254740993"},
		`empty`:        nil,
		`.missing`:     {"null"},
		`{b: 1, a: 2}`: {`{"a":2,"b":1}`},
	} {
		wantRun(t, program, program, `{"n":9007199254740993,"s":"a`+"\u200b"+`"}`, want, "")
	}
}

func TestRunReportsErrorsOfTheProgram(t *testing.T) {
	t.Parallel()
	wantRun(t, "a wrong type", `.a.b`, `{"a":"x"}`, nil, `expected an object but got: string ("x")`)
	wantRun(t, "an error", `error("a\nb")`, `1`, nil, "error: a b")
	wantRun(t, "an error after an output", `1, error("a")`, `1`, nil, "error: a")
	wantRun(t, "no JSON", `.`, `{`, nil, "read the response: unexpected EOF")
}

func TestAProgramRunsAnewEachTime(t *testing.T) {
	t.Parallel()
	p, err := jq.Parse(`[.a | gsub("x"; "y")] | length, .[0]`)
	if err != nil {
		t.Fatal(err)
	}
	for input, want := range map[string]string{`{"a":"x1"}`: `"y1"`, `{"a":"x2"}`: `"y2"`} {
		for range 2 {
			got, err := p.Run(t.Context(), json.RawMessage(input))
			if err != nil || len(got.Values) != 2 || string(got.Values[1]) != want || got.Limit != "" {
				t.Errorf("%s: got %s, %v, want %s", input, got, err, want)
			}
		}
	}
}

// It runs alone, as a program that makes so many outputs needs most of its two seconds on a busy machine.
func TestOutputsAreLimited(t *testing.T) {
	const limit = "A program may give 10000 outputs of 4194304 bytes in all."
	hundred := "[1" + strings.Repeat(",1", 99) + "]"
	quoted := func(n int) string { return `"` + strings.Repeat("x", n-2) + `"` }
	const squared = `.[] as $a | .[] | 1`
	for _, c := range []struct {
		what, program, input string
		outputs              int
		limit                string
	}{
		{"10000 outputs", squared, hundred, 10_000, ""},
		{"10001 outputs", "(" + squared + "), 2", hundred, 10_000, limit},
		{"4 MiB", `.,.,.,.`, quoted(1 << 20), 4, ""},
		{"4 MiB and a byte", `.,.,.,.,1`, quoted(1 << 20), 4, limit},
		{"4 MiB and 4 bytes", `.,.,.,.`, quoted(1<<20 + 1), 3, limit},
	} {
		p, err := jq.Parse(c.program)
		if err != nil {
			t.Fatal(err)
		}
		got, err := p.Run(t.Context(), json.RawMessage(c.input))
		if err != nil || len(got.Values) != c.outputs || got.Limit != c.limit {
			t.Errorf("%s: got %d outputs, %q, %v, want %d, %q", c.what, len(got.Values), got.Limit, err, c.outputs, c.limit)
		}
	}
}

// endless runs for longer than anyone waits.
var endless = `[` + strings.Repeat(`.. as $x|`, 40) + `select(false)]`

func TestRunEndsInTime(t *testing.T) {
	t.Parallel()
	wantRun(t, "a program without end", endless, `[1,2,3]`, nil, "the program took longer than 2s")
	if jq.MaxTime.String() != "2s" {
		t.Errorf("a run may take %s", jq.MaxTime)
	}
}

func TestFailureBeforeTheContextEndsIsTheProgramsOwn(t *testing.T) {
	t.Parallel()
	if got, err := run(t.Context(), `.a`, `1`); err == nil || errors.Is(err, jq.ErrCanceled) {
		t.Errorf("got %s, %v, want the error of the program", got, err)
	}
}
