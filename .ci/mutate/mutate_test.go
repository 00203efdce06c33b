package main

import (
	"bytes"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestEachOperatorIsPlantedOnceAndNoticedIfATestCanTell(t *testing.T) {
	var out bytes.Buffer
	o := options{dir: "testdata/module", files: "parcel.go", sample: 100, seed: 1, jobs: 2}
	if err := run(t.Context(), o, &out); err != nil {
		t.Fatal(err)
	}
	text := out.String()
	if want := "left out, as it fails without a mutant: example.test/parcel TestFails\n"; !strings.Contains(text, want) {
		t.Errorf("no line %q in:\n%s", want, text)
	}
	var got []string
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "\tparcel.go ") {
			got = append(got, strings.TrimSpace(strings.TrimPrefix(line, "\tparcel.go ")))
		}
	}
	want := []string{ // all others are noticed
		"Check statement removed `calls++`",
		"Check only left operand `fragile && !insured` -> `fragile`",
		"Total condition is false `p < 0`",
		"Total other boundary `p < 0` -> `p <= 0`",
		"Total constant + 1 `0`",
		"Total constant - 1 `0`",
		"Total break removed `break`",
		"Zone value is not of the case `\"at\"`",
		"Wait condition is false `c == nil`",
		"Wait condition is negated `c == nil`",
		"Wait condition is true `!open`",
		"Wait condition is true `c == nil`",
		"Wait loop ends after one round `for`",
		"Wait return removed `return`",
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("survivors:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestPlantedOperators(t *testing.T) {
	var out bytes.Buffer
	o := options{dir: "testdata/module", files: "parcel.go", sample: 100, seed: 1, jobs: 1, dry: true}
	if err := run(t.Context(), o, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Check condition is true `weight > heaviest`",
		"Check condition is negated `weight > heaviest`",
		"Check other boundary `weight > heaviest` -> `weight >= heaviest`",
		"Check constant + 1 `heaviest`",
		"Check only right operand `fragile && !insured` -> `!insured`",
		"Check other connective `fragile && !insured` -> `fragile || !insured`",
		"Check error is nil `return ErrHeavy`",
		"Total loop ends after one round `for _, p := range prices`",
		"Total result is zero `return sum, nil` [1]",
		"Total statement removed `sum += p`",
		"Zone case is never taken `\"us\"`",
		"Zone value is not of the case `\"de\"`",
		"Zone duration doubled `24 * time.Hour`",
		"Kind case is never taken `string`",
		"Wait return removed `return`",
	} {
		if n := strings.Count(out.String(), "parcel.go "+want+"\n"); n != 1 {
			t.Errorf("%d mutants %q, want 1 in:\n%s", n, want, out.String())
		}
	}
}

func TestSampleIsDrawnAgainFromItsSeed(t *testing.T) {
	list := func(seed uint64) string {
		var out bytes.Buffer
		o := options{dir: "testdata/module", files: "parcel.go", sample: 20, least: 5, seed: seed, dry: true}
		if err := run(t.Context(), o, &out); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	if list(1) != list(1) || list(1) == list(2) {
		t.Error("a sample depends on something other than its seed, or not on that")
	}
}

func TestScores(t *testing.T) {
	mutants := []*mutant{
		{file: "a.go", operator: "x", killed: true}, {file: "a.go", operator: "y"}, {file: "b.go", operator: "z"},
		{file: "b.go", operator: "w", killed: true},
	}
	all, files := report(io.Discard, mutants, map[string]string{"a.go  y ": "changes nothing", "b.go  w ": "noticed"})
	if got, want := all.raw(), 50.0; got != want {
		t.Errorf("raw score %g, want %g", got, want)
	}
	if got, want := files["a.go"].adjusted(), 100.0; got != want {
		t.Errorf("score of a.go %g, want %g", got, want)
	}
	if got, want := files["b.go"].adjusted(), 50.0; got != want { // one that is noticed counts, listed or not
		t.Errorf("score of b.go %g, want %g", got, want)
	}
	o := options{sample: 100, minimum: 66, perFile: map[string]float64{"b.go": 50}}
	if err := verdict(o, all, files); err != nil {
		t.Errorf("at the limits: %v", err)
	}
	o.minimum = 67
	if err := verdict(o, all, files); err == nil {
		t.Error("no error below the limit of all")
	}
	o.minimum, o.perFile = 0, map[string]float64{"a.go": 51, "b.go": 51}
	if err := verdict(o, all, files); err == nil || !strings.HasPrefix(err.Error(), "b.go: ") {
		t.Errorf("below the limit of a file: %v", err)
	}
}

// The probabilities are those of tables of the binomial distribution.
func TestASampleIsBelowBeyondChance(t *testing.T) {
	for _, c := range []struct {
		noticed, n int
		least, p   float64
		below      bool
	}{
		{0, 10, 50, 0.0009765625, true}, {2, 10, 50, 0.0546875, false}, {1, 10, 50, 0.0107421875, true},
		{6, 10, 88, 0.0239, true}, {7, 10, 88, 0.1087, false}, {17, 20, 90, 0.3231, false}, {14, 20, 90, 0.0113, true},
		{760, 839, 93, 0.0055, true}, {773, 839, 93, 0.1796, false},
	} {
		s := score{planted: c.n, killed: c.noticed}
		if got := atMost(c.noticed, c.n, c.least/100); math.Abs(got-c.p) > 0.002 {
			t.Errorf("%d of %d at %g %%: got the probability %.4f, want %.4f", c.noticed, c.n, c.least, got, c.p)
		}
		if got := s.below(c.least, true); got != c.below {
			t.Errorf("%d of %d: got below %g %%: %t, want %t", c.noticed, c.n, c.least, got, c.below)
		}
		if !s.below(c.least, false) {
			t.Errorf("%d of %d, all mutants: want it below %g %%", c.noticed, c.n, c.least)
		}
	}
	if s := (score{planted: 10, killed: 9}); s.below(90, true) || s.below(90, false) {
		t.Error("a score at its limit is below it")
	}
}

func TestAcceptedMutantsNeedAReasonAndExist(t *testing.T) {
	file := filepath.Join(t.TempDir(), "accepted")
	for text, want := range map[string]string{
		"parcel.go Check nothing\tno such mutant\n":    "does not exist",
		"parcel.go Check nothing\n":                    "want an ID, a tab and a reason",
		"parcel.go Check nothing\t \n":                 "want an ID, a tab and a reason",
		"parcel.go X y\ttwice\nparcel.go X y\ttwice\n": "listed twice",
	} {
		if err := os.WriteFile(file, []byte("# comment\n\n"+text), 0o600); err != nil {
			t.Fatal(err)
		}
		o := options{dir: "testdata/module", files: "parcel.go", sample: 1, accepted: file, dry: true}
		if err := run(t.Context(), o, io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

func TestBadFilesAreNamed(t *testing.T) {
	for files, want := range map[string]string{
		"": "no file given", "parcel_test.go": "parcel_test.go: not a file", "none.go": "none.go: not a file",
	} {
		err := run(t.Context(), options{dir: "testdata/module", files: files}, io.Discard)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", files, err, want)
		}
	}
}
