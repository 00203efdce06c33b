package mcpadapter_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// The twentieth problem is told, the next one is not, and no near names are looked for then.
func TestProblemsAreCounted(t *testing.T) {
	t.Parallel()
	a, wire := puts(t, optable.Schema{Types: optable.Object, Closed: true, Properties: []optable.Property{{Name: "name"}}})
	for _, n := range []int{19, 20, 21, 40} {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, `"nmae%02d":1,`, i)
		}
		r := shoptest.Invoke(t, a, "put", `{"v":{`+strings.TrimSuffix(b.String(), ",")+`}}`)
		if got, want := len(problemsOf(r)), min(n, 20); got != want {
			t.Errorf("%d problems: got %d, want %d", n, got, want)
		}
		if got, want := r.Failure.Message, "nothing was sent"; n < 20 && got != want {
			t.Errorf("%d problems: got %q, want %q", n, got, want)
		}
		if got, want := r.Failure.Message, "nothing was sent; the first 20 problems"; n >= 20 && got != want {
			t.Errorf("%d problems: got %q, want %q", n, got, want)
		}
		if sent := wire.took(); len(sent) > 0 {
			t.Errorf("%d problems: got %q sent, want nothing", n, sent)
		}
	}
}

// Whole numbers come in several spellings; a client of integers gets digits.
func TestWholeNumbersAreSentAsDigits(t *testing.T) {
	t.Parallel()
	for _, types := range []optable.Types{optable.Integer, optable.Number, 0} {
		a, wire := puts(t, optable.Schema{Types: types})
		for given, want := range map[string]string{
			"1.0": "1", "1e2": "100", "1.5e1": "15", "-2.00": "-2", "100e-2": "1", "0.0": "0", "-0.0": "0",
			"9007199254740993.0": "9007199254740993", "9223372036854775807.0": "9223372036854775807", "0": "0", "-0": "-0",
		} {
			r := shoptest.Invoke(t, a, "put", `{"v":`+given+`}`)
			if sent := wire.took(); r.Failure != nil || len(sent) != 1 || sent[0] != want {
				t.Errorf("%s as %v: got %q and %s, want %s", given, types.Names(), sent, r.Text(), want)
			}
		}
	}
}
