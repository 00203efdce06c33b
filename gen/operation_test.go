package gen_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// eachOperation runs a parallel subtest for every operation of the table.
func eachOperation(t *testing.T, run func(f *fixture)) {
	t.Helper()
	for i := range gen.Operations.Operations {
		op := &gen.Operations.Operations[i]
		t.Run(op.ID, func(t *testing.T) {
			t.Parallel()
			run(newFixture(t, op))
		})
	}
}

// component follows a schema's reference to the component that it names.
func component(s *optable.Schema) *optable.Schema {
	for s.Ref != "" {
		s = gen.Operations.Schema(s.Ref)
	}
	return s
}

// parameter returns the parameter of that name, or nil.
func parameter(op *optable.Operation, name string) *optable.Parameter {
	i := slices.IndexFunc(op.Parameters, func(p optable.Parameter) bool { return p.Name == name })
	if i < 0 {
		return nil
	}
	return &op.Parameters[i]
}

// wholeBody tells whether the body of an operation stands under the one argument "body": it takes arbitrary
// properties, or shares the name of one with a parameter.
func wholeBody(op *optable.Operation) bool {
	if op.Body == nil {
		return false
	}
	body := component(&op.Body.Schema)
	if len(body.OneOf) > 0 {
		return false
	}
	return len(body.Properties) == 0 || slices.ContainsFunc(body.Properties, func(p optable.Property) bool {
		return parameter(op, p.Name) != nil
	})
}

// isCollection tells whether a schema is a bare array or an object whose data is an array.
func isCollection(s *optable.Schema) bool {
	s = component(s)
	if s.Types.Has(optable.Array) {
		return true
	}
	data := s.Property("data")
	return data != nil && component(&data.Schema).Types.Has(optable.Array)
}

// answers lists the documented answers that are no error.
func answers(op *optable.Operation) []optable.Response {
	var list []optable.Response
	for _, a := range op.Responses {
		if a.Status != 0 && a.Status < http.StatusBadRequest {
			list = append(list, a)
		}
	}
	return list
}

// folded keeps what a name has in common with the Go name that it becomes: letters and digits, without their case.
func folded(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune("._-", r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}
