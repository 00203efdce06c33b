package mcpadapter

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// Problem reports what is wrong with one argument.
type Problem struct {
	Argument string   `json:"argument"` // path, such as domain_data[0].state
	Message  string   `json:"message"`  // what was expected and what was given
	Nearest  []string `json:"nearest,omitempty"`
}

func (p Problem) String() string {
	text := p.Argument + ": " + p.Message
	if len(p.Nearest) > 0 {
		text += " (did you mean " + strings.Join(p.Nearest, " or ") + "?)"
	}
	return text
}

// checker collects problems of arguments, at most as many as one failure reports.
type checker struct{ problems []Problem }

func (c *checker) failf(at, format string, args ...any) {
	c.add(Problem{Argument: at, Message: fmt.Sprintf(format, args...)})
}

func (c *checker) add(p Problem) {
	if len(c.problems) < value.MaxProblems {
		c.problems = append(c.problems, p)
	}
}

// value checks an argument, or the body if there is no name, and returns it as it is sent.
func (c *checker) value(s *value.Schema, v any, name string) any {
	var at value.Path
	if name != "" {
		at = value.Path{{Name: name}}
	}
	v, faults := value.Check(s, v, at...)
	for _, f := range faults {
		c.add(Problem{Argument: cmp.Or(f.Path.String(), wholeBody), Message: f.Message, Nearest: f.Nearest})
	}
	return v
}

// unknown reports an unknown argument, with the nearest of those that may be proposed.
func (c *checker) unknown(name string, proposed []string, others bool) {
	if len(c.problems) == value.MaxProblems { // looking for near names takes time
		return
	}
	f := value.UnknownName(name, proposed)
	if len(proposed) == 0 && others {
		f.Message = "is unknown"
	}
	c.add(Problem{Argument: name, Message: f.Message, Nearest: f.Nearest})
}
