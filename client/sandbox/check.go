package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// check compares a value with its schema. Fields are named by their path below the given one.
func check(path string, s *value.Schema, v any) []fieldProblem {
	_, problems := value.Check(s, v)
	return fieldProblems(path, problems)
}

// fieldProblems reports problems as the API does: one for each value and schema, none inside of a list of the wrong
// length, and for a union without a discriminator those of its first variant.
func fieldProblems(path string, problems []value.Problem) []fieldProblem {
	var list []fieldProblem
	for i, p := range problems {
		if slices.ContainsFunc(problems[:i], func(q value.Problem) bool { return covers(q, p) }) {
			continue
		}
		if len(p.Causes) > 0 {
			list = append(list, fieldProblems(path, p.Causes)...)
			continue
		}
		at := path
		for _, step := range p.Path {
			if step.To == value.ToItem {
				at = join(at, strconv.Itoa(step.Index))
			} else {
				at = join(at, step.Name)
			}
		}
		list = append(list, fieldProblem{at, codeOf(p.Kind)})
	}
	return list
}

// covers reports whether one problem hides another that comes after it.
func covers(p, other value.Problem) bool {
	n := len(p.Path)
	if len(other.Path) < n || !slices.Equal(p.Path, other.Path[:n]) {
		return false
	}
	return p.Schema == other.Schema && len(other.Path) == n || p.Kind == value.WrongLength && len(other.Path) > n
}

// codeOf is the API's code for a kind of problem.
func codeOf(kind value.Kind) string {
	switch kind {
	case value.WrongType:
		return codeType
	case value.WrongLength:
		return codeLength
	case value.WrongFormat:
		return codeFormat
	case value.Missing:
		return codeRequired
	case value.Unknown:
		return codeUnknown
	case value.WrongValue, value.Duplicate, value.NoAlternative:
	}
	return codeValue
}

// The formats that the sandbox makes up texts of.
const (
	formatDateTime = "date-time"
	formatURI      = "uri"
)

// arrayType is that of query parameters with several values which are read by name.
const arrayType = optable.Array

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// checkParams compares path and query with their schemas. Headers are free.
func (c *call) checkParams() []fieldProblem {
	var problems []fieldProblem
	for i := range c.plan.op.Parameters {
		p, s := &c.plan.op.Parameters[i], c.plan.params[i]
		switch {
		case p.In == optable.InPath:
			problems = append(problems, checkText(p.Name, s, c.params[p.Name])...)
		case p.In != optable.InQuery || s.Types.Has(optable.Object):
		case !c.query.Has(p.Name) && p.Required:
			problems = append(problems, fieldProblem{p.Name, codeRequired})
		default:
			for _, v := range c.values(p.Name, s) {
				problems = append(problems, checkText(p.Name, itemSchema(s), v)...)
			}
		}
	}
	if c.query.Has(paramBefore) && c.query.Has(paramAfter) {
		problems = append(problems, fieldProblem{paramBefore, codeConflict})
	}
	return problems
}

// values are those of a query parameter, a list of them being separated by commas.
func (c *call) values(name string, s *value.Schema) []string {
	var values []string
	for _, v := range c.query[name] {
		if s.Types.Has(optable.Array) {
			values = append(values, strings.Split(v, ",")...)
		} else {
			values = append(values, v)
		}
	}
	return values
}

func itemSchema(s *value.Schema) *value.Schema {
	if s.Items != nil {
		return s.Items
	}
	return s
}

func checkText(name string, s *value.Schema, v string) []fieldProblem {
	if s.Types.Has(optable.Integer | optable.Number | optable.Boolean) {
		return check(name, s, literal(v))
	}
	return check(name, s, v)
}

// checkExclusive compares the body's fields with the alternatives that the operation has.
func (c *call) checkExclusive() []fieldProblem {
	var problems []fieldProblem
	if slices.Contains(c.plan.facts.errors[http.StatusBadRequest], codeBothProtocols) {
		return nil // the operation has codes of its own for that
	}
	for i := range c.plan.op.Exclusive {
		if c.body == nil && c.plan.op.Body == nil {
			continue // alternatives among query parameters are filters that may all be given
		}
		problems = append(problems, c.checkVariants(&c.plan.op.Exclusive[i])...)
	}
	return problems
}

func (c *call) checkVariants(e *optable.Exclusive) []fieldProblem {
	choice := e.Choose(c.gives)
	switch {
	case choice.Conflict != nil:
		return []fieldProblem{{choice.Conflict.Fields[0], codeConflict}}
	case choice.None:
		return []fieldProblem{{e.Variants[0].Fields[0], codeRequired}}
	}
	var problems []fieldProblem
	for _, f := range choice.Missing {
		problems = append(problems, fieldProblem{f, codeRequired})
	}
	return problems
}

func (c *call) gives(field string) bool {
	_, ok := c.body[field]
	return ok
}
