package optest_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/seed-f165d83c/workos/gen/internal/optest"
	"github.com/seed-f165d83c/workos/gen/optable"
)

func TestAllArgumentsArriveAsGiven(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		for _, s := range optest.Shapes(f.op) {
			f.accept(s.Full(f.schema))
		}
	})
}

func TestRequiredArgumentsSuffice(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		for _, s := range optest.Shapes(f.op) {
			f.accept(s.Least(f.schema))
		}
	})
}

func TestEveryMemberOfAnEnumIsSent(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		f.eachPlace(func(s optest.Shape, arguments map[string]any, p optest.Place) {
			if _, pinned := s.Pins[p.Argument]; pinned {
				return
			}
			for _, member := range p.Schema.Enum {
				p.Set(member)
				f.accept(arguments)
			}
		})
	})
}

func TestEveryAlternativeOfAValueIsSent(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		f.eachPlace(func(_ optest.Shape, arguments map[string]any, p optest.Place) {
			for _, alternative := range p.Schema.AnyOf {
				p.Set(optest.Sample(alternative, p.Argument))
				f.accept(arguments)
			}
		})
	})
}

func TestNullArrivesAsNull(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		f.eachPlace(func(s optest.Shape, arguments map[string]any, p optest.Place) {
			if s.Nullable(p) {
				p.Set(nil)
				f.accept(arguments)
			}
		})
	})
}

func TestWhatIsLeftOutIsAbsent(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		f.eachPlace(func(s optest.Shape, arguments map[string]any, p optest.Place) {
			if _, entry := p.Parent.([]any); entry || p.Required || slices.Contains(s.Together, p.Argument) {
				return
			}
			p.Remove()
			f.accept(arguments)
		})
	})
}

func TestZeroValuesArriveAsGiven(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		f.eachPlace(func(s optest.Shape, arguments map[string]any, p optest.Place) {
			_, pinned := s.Pins[p.Argument]
			zero, ok := zeroOf(p.Schema)
			if slices.Contains(optest.PathNames(f.op.Path), p.Argument) { // an empty segment would address something else
				ok = false
			}
			if p.Schema.ExclusiveMinimum != nil && *p.Schema.ExclusiveMinimum >= 0 {
				ok = false
			}
			if !pinned && ok {
				p.Set(zero)
				f.accept(arguments)
			}
		})
	})
}

// A query has no place for an empty array or map (RFC 6570 section 3.2.1), and a filter that is empty must not become
// none.
func TestEmptyArrayOrMapForTheQueryIsRefused(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		f.eachPlace(func(_ optest.Shape, arguments map[string]any, p optest.Place) {
			if p.In != optable.InQuery {
				return
			}
			switch p.Value.(type) {
			case []any:
				p.Set([]any{})
				f.refuse(arguments, p.Argument)
			case map[string]any:
				p.Set(map[string]any{})
				f.refuse(arguments, p.Argument)
			}
		})
	})
}

// zeroOf returns the empty value of a schema's type, if it is valid.
func zeroOf(s *jsonschema.Schema) (any, bool) {
	if s.Const != nil || len(s.Enum) > 0 || len(optest.TypesOf(s)) == 0 {
		return nil, false
	}
	switch optest.TypesOf(s)[0] {
	case "object":
		return map[string]any{}, len(s.Required) == 0 && s.MinProperties == nil
	case "array":
		return []any{}, s.MinItems == nil
	case "boolean":
		return false, true
	case "integer", "number":
		return json.Number("0"), s.Minimum == nil || *s.Minimum <= 0
	}
	return "", s.MinLength == nil && s.Format == "" && s.Pattern == ""
}
