package mcpadapter_test

import (
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// wantRefusedProgram checks why a program is refused.
func wantRefusedProgram(tb testing.TB, r mcpadapter.Result, program, message string) {
	tb.Helper()
	if r.Failure == nil || len(r.Failure.Arguments) != 1 || r.Failure.Code != mcpadapter.CodeInvalidArguments {
		tb.Errorf("%s: got %.200s, want one problem", program, r.Text())
		return
	}
	if got := r.Failure.Arguments[0]; got.Argument != "jq" || got.Message != message {
		tb.Errorf("%s: got %s, want %s", program, got, message)
	}
}

// TestRefusedProgramsSendNothing has a program of each kind that package jq refuses; its tests have all programs.
func TestRefusedProgramsSendNothing(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil, mcpadapter.WithShapingArguments())
	for program, message := range map[string]string{
		`env`:                      "a program may not call env",
		`.a | map(env)`:            "a program may not call env",
		`$ENV.a`:                   "a program may not read the environment",
		`legnth`:                   "a program may not call legnth; did you mean length?",
		`length(1; 2)`:             "length does not take 2 arguments",
		`@texts`:                   "there is no format @texts; expected one of @text @json @csv @tsv @html @uri @urid @sh @base64 @base64d",
		`foreach .[] as $x (0; 1)`: "a program may not use foreach .[] as $x (0; 1)",
		`.a = 3`:                   "a program reads the answer and may not assign with =",
	} {
		r := shoptest.Invoke(t, a, "orders.list", `{"jq":`+shoptest.Quoted(program)+`}`)
		wantRefusedProgram(t, r, program, message)
		shoptest.WantNothingSent(t, wire, program)
	}
	unknown := "a" + strings.Repeat("b", 60)
	r := shoptest.Invoke(t, a, "orders.list", `{"jq":`+shoptest.Quoted(unknown)+`}`)
	wantRefusedProgram(t, r, unknown, "a program may not call a"+strings.Repeat("b", 59)+"…")
	shoptest.WantNothingSent(t, wire, unknown)
}
