//go:build e2e

package sandbox_test

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	emulatorPage   = "../../docs/sandbox-emulator.md"
	judgementsFile = "testdata/judgements.txt"
)

// TestE2EScenariosOnTheEmulator plays each scenario on an official emulator of its own, and compares the outcome with
// the page about it and with what the file of judgements says of each difference. After a change,
//
//	go test -tags e2e ./client/sandbox -run ScenariosOnTheEmulator -update
//
// writes the page, and adds new differences to the file, which want a judgement then.
func TestE2EScenariosOnTheEmulator(t *testing.T) {
	played := playOnEmulators(t)
	judgements := readJudgements(t)
	found := map[verdict]bool{}
	for _, p := range played {
		for _, d := range p.different {
			found[d] = true
			if _, known := judgements[d]; !known {
				judgements[d] = ""
			}
		}
	}
	maps.DeleteFunc(judgements, func(d verdict, _ string) bool {
		if !found[d] && !*update {
			t.Errorf("%s: the emulator differs so no longer: %s", judgementsFile, d)
		}
		return !found[d]
	})
	page := pageOf(played, judgements)
	if *update {
		writeFile(t, judgementsFile, judgementsText(judgements))
		writeFile(t, emulatorPage, page)
	}
	for _, d := range sortedVerdicts(judgements) {
		if judgements[d] == "" {
			t.Errorf("%s: no judgement of %s", judgementsFile, d)
		}
	}
	text, err := os.ReadFile(emulatorPage)
	if err != nil || string(text) != page {
		t.Errorf("%s is not what the emulator does (%v); run this test with -update", emulatorPage, err)
	}
}

// verdict is a difference of the emulator, as it is in any scenario.
type verdict struct{ step, want, got string }

func (d verdict) String() string { return d.step + "\t" + d.want + "\t" + d.got }

// played is what came of a scenario.
type played struct {
	scenario

	different []verdict
	stop      string // why it did not go on, or ""
}

// outcome sums it up.
func (p played) outcome() string {
	switch {
	case len(p.different) > 0:
		return "differs"
	case p.stop != "":
		return p.stop
	default:
		return "same"
	}
}

func playOnEmulators(tb testing.TB) []played {
	tb.Helper()
	run := newEmulators(tb)
	var all []played
	for _, s := range scenarios(tb) {
		url, err := run.ask("new")
		if err != nil {
			tb.Fatal(err)
		}
		p, err := dial(url, "sk_test_0")
		if err != nil {
			tb.Fatal(err)
		}
		stage := newStage(&emulator{peer: p, run: run})
		different, err := stage.play(s.steps)
		_ = p.conn.Close()
		one := played{scenario: s}
		for _, d := range different {
			v := verdict{d.step, d.want, steady(d.got)}
			if !slices.Contains(one.different, v) {
				one.different = append(one.different, v)
			}
		}
		switch {
		case errors.Is(err, errNotServed):
			one.stop = "not served: " + stage.operation()
		case errors.Is(err, errNoControl):
			_, one.stop, _ = strings.Cut(err.Error(), errNoControl.Error()+": ")
			one.stop = "no " + one.stop
		case err != nil:
			tb.Fatalf("%s: %v", s.id, err)
		}
		all = append(all, one)
	}
	return all
}

var made = regexp.MustCompile(`[a-z_]+_[0-9A-Z]{26}|[0-9a-f]{32,}|\d{4}-\d\d-\d\dT[0-9:.]+Z`)

// steady masks what is another in each run.
func steady(text string) string { return cmp.Or(made.ReplaceAllString(text, "…"), "none") }

func readJudgements(t *testing.T) map[verdict]string {
	t.Helper()
	text, err := os.ReadFile(judgementsFile)
	if err != nil {
		t.Fatal(err)
	}
	found := map[verdict]string{}
	for line := range strings.Lines(string(text)) {
		if parts := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); len(parts) == 4 {
			found[verdict{parts[0], parts[1], parts[2]}] = parts[3]
		} else if !strings.HasPrefix(line, "#") {
			t.Errorf("%s: %q: want request, wanted, got and judgement, with tabs between them", judgementsFile, line)
		}
	}
	return found
}

func sortedVerdicts(judgements map[verdict]string) []verdict {
	return slices.SortedFunc(maps.Keys(judgements), func(a, b verdict) int {
		path := func(d verdict) string { _, p, _ := strings.Cut(d.step, " "); return p }
		return cmp.Or(cmp.Compare(path(a), path(b)), cmp.Compare(a.String(), b.String()))
	})
}

func judgementsText(judgements map[verdict]string) string {
	var b strings.Builder
	b.WriteString("# Where the official emulator differs from a scenario: request, wanted, got, judgement.\n")
	for _, d := range sortedVerdicts(judgements) {
		fmt.Fprintf(&b, "%s\t%s\n", d, judgements[d])
	}
	return b.String()
}

func pageOf(all []played, judgements map[verdict]string) string {
	counts, times := map[string]int{}, map[verdict]int{}
	var rows strings.Builder
	for _, p := range all {
		kind, _, _ := strings.Cut(p.outcome(), " ")
		counts[kind]++
		for _, d := range p.different {
			times[d]++
		}
		what := p.outcome()
		if kind == "differs" && p.stop != "" {
			what += ", then " + p.stop
		}
		fmt.Fprintf(&rows, "| %s | %s | %s |\n", p.id, strings.ReplaceAll(p.source, "|", "\\|"), what)
	}
	var differences strings.Builder
	for _, d := range sortedVerdicts(judgements) {
		fmt.Fprintf(&differences, "| `%s` | `%s` | `%s` | %d | %s |\n", d.step, d.want, d.got, times[d], judgements[d])
	}
	return fmt.Sprintf(`# The sandbox beside the official emulator

Generated: each scenario of the sandbox's tests, played on the emulator of the npm package `+"`workos`"+`.
The sandbox passes all %d.
The emulator

- does the same in %d
- differs in %d
- does not serve an operation of %d
- has no control that %d need: it has no outbox and no Dashboard, and it reads seeds at its start alone

## Differences

What the emulator does differently, in how many scenarios, and which of the two is right: the sandbox, or *open* if
nothing public says so.
*The description* is the official OpenAPI description, *the documentation* the public pages that the scenario
names.

| request | wanted | emulator | scenarios | judgement |
|---|---|---|---|---|
%s
## Scenarios

| scenario | source | emulator |
|---|---|---|
%s`, len(all), counts["same"], counts["differs"], counts["not"], counts["no"], differences.String(), rows.String())
}

func writeFile(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
