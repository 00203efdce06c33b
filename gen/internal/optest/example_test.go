package optest_test

import (
	"slices"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/internal/optest"
	"github.com/seed-f165d83c/workos/gen/optable"
)

func TestExamplesHaveEveryProperty(t *testing.T) {
	t.Parallel()
	for i := range gen.Operations.Schemas {
		s := &gen.Operations.Schemas[i]
		if len(s.Composed().OneOf)+len(s.Properties) == 0 || !isInResponses(s.Name) {
			continue
		}
		object, _ := optest.Example{}.Value(&optable.Schema{Ref: s.Name}, s.Name).(map[string]any)
		for _, p := range s.Properties {
			if _, ok := object[p.Name]; !ok {
				t.Errorf("%s: the example lacks %s", s.Name, p.Name)
			}
		}
	}
}

func isInResponses(name string) bool {
	return slices.ContainsFunc(gen.Operations.Operations, func(op optable.Operation) bool {
		return slices.ContainsFunc(optest.Successes(&op), func(a optable.Response) bool {
			return a.Schema != nil && a.Schema.Ref == name
		})
	})
}
