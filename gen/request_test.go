package gen_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/seed-f165d83c/workos/gen/optable"
)

func TestAllArgumentsArriveAsGiven(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		for _, s := range shapes(f.op) {
			f.accept(f.full(s))
		}
	})
}

func TestRequiredArgumentsSuffice(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		for _, s := range shapes(f.op) {
			f.accept(f.least(s))
		}
	})
}

func TestSamplesMatchThePublishedSchema(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		resolved, err := f.schema.Resolve(nil)
		if err != nil {
			f.Fatalf("the published schema does not compile: %v", err)
		}
		for _, s := range shapes(f.op) {
			for _, arguments := range []map[string]any{f.full(s), f.least(s)} {
				var plain any // without json.Number, which the validator does not know
				if err := json.Unmarshal(encode(f.T, arguments), &plain); err != nil {
					f.Fatalf("read the arguments: %v", err)
				}
				if err := resolved.Validate(plain); err != nil {
					f.Errorf("%s: %v", encode(f.T, arguments), err)
				}
			}
		}
	})
}

func TestEveryMemberOfAnEnumIsSent(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		f.eachPlace(func(s shape, arguments map[string]any, p place) {
			if _, pinned := s.pins[p.argument]; pinned {
				return
			}
			for _, member := range p.schema.Enum {
				p.set(member)
				f.accept(arguments)
			}
		})
	})
}

func TestEveryAlternativeOfAValueIsSent(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		f.eachPlace(func(_ shape, arguments map[string]any, p place) {
			for _, alternative := range p.schema.AnyOf {
				p.set(sample(alternative, p.argument))
				f.accept(arguments)
			}
		})
	})
}

func TestNullArrivesAsNull(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		f.eachPlace(func(s shape, arguments map[string]any, p place) {
			if s.nullable(p) {
				p.set(nil)
				f.accept(arguments)
			}
		})
	})
}

func TestWhatIsLeftOutIsAbsent(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		f.eachPlace(func(s shape, arguments map[string]any, p place) {
			if _, entry := p.parent.([]any); entry || p.required || slices.Contains(s.together, p.argument) {
				return
			}
			p.remove()
			f.accept(arguments)
		})
	})
}

func TestZeroValuesArriveAsGiven(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		f.eachPlace(func(s shape, arguments map[string]any, p place) {
			_, pinned := s.pins[p.argument]
			zero, ok := zeroOf(p.schema)
			if slices.Contains(pathNames(f.op.Path), p.argument) { // an empty segment would address something else
				ok = false
			}
			if !pinned && ok {
				p.set(zero)
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
		f.eachPlace(func(_ shape, arguments map[string]any, p place) {
			if p.in != optable.InQuery {
				return
			}
			switch p.value.(type) {
			case []any:
				p.set([]any{})
				f.refuse(arguments, p.argument)
			case map[string]any:
				p.set(map[string]any{})
				f.refuse(arguments, p.argument)
			}
		})
	})
}

// zeroOf returns the empty value of a schema's type, if it is valid.
func zeroOf(s *jsonschema.Schema) (any, bool) {
	if s.Const != nil || len(s.Enum) > 0 || len(typesOf(s)) == 0 {
		return nil, false
	}
	switch typesOf(s)[0] {
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
