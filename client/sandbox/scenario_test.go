package sandbox_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestScenarios runs the files of testdata/scenarios. A scenario begins with a line "# NAME | SOURCE", where the source
// is the operation of the official description, with status and code, or the page of the public documentation that the
// expectation is from. Then come steps in a sandbox of its own:
//
//	METHOD PATH [JSON] -> STATUS [field=value] [field=?] [field:=name] [#list=length] [body=text]
//	clock DURATION       moves the clock
//	mail ABOUT name      stores the code of the last message about that
//	seed JSON            puts things in
//	change TYPE ID JSON  changes one of those
//	remove TYPE ID       removes one of those
//	device CODE EMAIL    decides a device flow; without an email address it is denied
//	impersonate name JSON  stores the code of an impersonation
//	totp SECRET name     stores the code that an authenticator app shows
//
// A field is a path with dots; $name stands for what was stored; location?code is a parameter of a redirect;
// access_token~role is a claim of a JSON Web Token.
func TestScenarios(t *testing.T) {
	t.Parallel()
	all := scenarios(t)
	for _, s := range all {
		if s.source == "" {
			t.Errorf("%s: no source", s.id)
		}
		t.Run(s.id, func(t *testing.T) {
			t.Parallel()
			memory := newInMemory(t)
			different, err := newStage(memory).play(s.steps)
			for _, d := range different {
				t.Errorf("%s: got %s, want %s: %s", d.step, d.got, d.want, d.text)
			}
			if err != nil {
				t.Error(err)
			}
			memory.checkIDs("events", checkEvents(t, memory.sb))
		})
	}
	if len(all) < 150 {
		t.Errorf("got %d scenarios, want 150", len(all))
	}
}

// scenario is one of testdata/scenarios.
type scenario struct {
	id     string // its file and its name
	source string
	steps  string // a line each
}

func scenarios(tb testing.TB) []scenario {
	tb.Helper()
	files, err := filepath.Glob("testdata/scenarios/*.txt")
	if err != nil {
		tb.Fatal(err)
	}
	var all []scenario
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			tb.Fatal(err)
		}
		for _, part := range strings.Split("\n"+string(text), "\n# ")[1:] {
			head, steps, _ := strings.Cut(part, "\n")
			name, source, _ := strings.Cut(head, " | ")
			all = append(all, scenario{
				id:     strings.TrimSuffix(filepath.Base(file), ".txt") + "/" + name,
				source: source, steps: strings.TrimSpace(steps),
			})
		}
	}
	return all
}
