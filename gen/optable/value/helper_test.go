package value_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// keyword is a schema with values that it accepts, and the problems of those that it does not.
type keyword struct {
	name     string
	schema   optable.Schema
	accepted []string
	refused  map[string][]string
}

// wantChecked checks that a schema returns what it accepts as it is, and reports the problems of everything else. The
// value is the property v of an object.
func wantChecked(t *testing.T, cases []keyword, components ...optable.Schema) {
	t.Helper()
	for _, c := range cases {
		s := compile(t, c.schema, components...)
		for _, text := range c.accepted {
			v, problems := value.Check(s, parse(t, text), value.Step{Name: "v"})
			if got := write(t, v); len(problems) > 0 || got != write(t, parse(t, text)) {
				t.Errorf("%s: %s: got %s and %v, want the value as it is", c.name, text, got, lines(problems))
			}
		}
		for text, want := range c.refused {
			v, got := value.Check(s, parse(t, text), value.Step{Name: "v"})
			if !slices.Equal(lines(got), want) {
				t.Errorf("%s: %s:\ngot  %q\nwant %q", c.name, text, lines(got), want)
			}
			if same := write(t, parse(t, text)); write(t, v) != same {
				t.Errorf("%s: got %s back, want %s", c.name, write(t, v), same)
			}
		}
	}
}

func lines(problems []value.Problem) []string {
	var list []string
	for _, p := range problems {
		line := p.Path.String() + ": " + p.Message
		if len(p.Nearest) > 0 {
			line += " (did you mean " + strings.Join(p.Nearest, " or ") + "?)"
		}
		list = append(list, line)
	}
	return list
}

func parse(tb testing.TB, text string) any {
	tb.Helper()
	v, err := value.Parse([]byte(text))
	if err != nil {
		tb.Fatalf("%s: %v", text, err)
	}
	return v
}

func write(tb testing.TB, v any) string {
	tb.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		tb.Fatal(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// compile makes a schema. The components must be sorted by name.
func compile(tb testing.TB, s optable.Schema, components ...optable.Schema) *value.Schema {
	tb.Helper()
	compiled, err := value.NewCompiler(&optable.Table{Schemas: components}).Compile(&s)
	if err != nil {
		tb.Fatal(err)
	}
	return compiled
}
