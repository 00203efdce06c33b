package optest_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/internal/optest"
	"github.com/seed-f165d83c/workos/gen/optable"
)

func TestMissingArgumentIsRefused(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		for _, s := range optest.Shapes(f.op) {
			least := s.Least(f.schema)
			for _, name := range slices.Sorted(maps.Keys(least)) {
				if _, pinned := s.Pins[name]; pinned && !slices.Contains(f.schema.Required, name) {
					continue // another variant
				}
				arguments := maps.Clone(least)
				delete(arguments, name)
				f.refuse(arguments, missing(f.op, name, arguments))
			}
		}
	})
}

// missing is the argument that a refusal names where one is left out: that one, or the first of an exclusive group of
// which nothing is left.
func missing(op *optable.Operation, name string, arguments map[string]any) string {
	for _, group := range op.Exclusive {
		grouped, left := false, false
		for _, v := range group.Variants {
			for _, field := range v.Fields {
				_, given := arguments[field]
				grouped, left = grouped || field == name, left || given
			}
		}
		if grouped && !left {
			return group.Variants[0].Fields[0]
		}
	}
	return name
}

func TestMissingNestedPropertyIsRefused(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		f.eachPlace(func(_ optest.Shape, arguments map[string]any, p optest.Place) {
			if p.Required {
				p.Remove()
				f.refuse(arguments, p.Argument)
			}
		})
	})
}

func TestUnknownArgumentIsRefused(t *testing.T) {
	t.Parallel()
	const name = "no_such_argument"
	eachOperation(t, func(f *fixture) {
		for _, s := range optest.Shapes(f.op) {
			arguments := s.Full(f.schema)
			arguments[name] = "x"
			f.refuse(arguments, name)
		}
		f.eachPlace(func(_ optest.Shape, arguments map[string]any, p optest.Place) {
			if optest.IsClosed(p.Schema) {
				p.SetWith(name, "x")
				f.refuse(arguments, p.Argument+"."+name)
			}
		})
	})
}

func TestMisspeltArgumentIsRefusedWithTheRightName(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		for _, s := range optest.Shapes(f.op) {
			for name, value := range s.Full(f.schema) {
				arguments := s.Full(f.schema)
				delete(arguments, name)
				arguments[name+"x"] = value
				if p := f.refuse(arguments, name+"x"); !slices.Equal(p.Nearest, []string{name}) {
					f.Errorf("%sx: got the nearest names %v, want %s", name, p.Nearest, name)
				}
			}
		}
	})
}

func TestPathValueThatAddressesSomethingElseIsRefused(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		for _, s := range optest.Shapes(f.op) {
			for _, name := range optest.PathNames(f.op.Path) {
				for _, value := range []string{"", ".", "..", "../x", "x/..", "a/../b", `..\x`, `a\..\b`, "./x", "/.."} {
					arguments := s.Full(f.schema)
					arguments[name] = value
					f.refuse(arguments, name)
				}
			}
		}
	})
}

func TestValueOfAnotherTypeIsRefused(t *testing.T) {
	t.Parallel()
	values := map[string]any{
		"null": nil, "boolean": true, "string": "text", "integer": 7, "number": 12.5,
		"array": []any{}, "object": map[string]any{},
	}
	eachOperation(t, func(f *fixture) {
		f.eachPlace(func(s optest.Shape, arguments map[string]any, p optest.Place) {
			for typ, value := range values {
				if !p.Allows(typ) || typ == "null" && !s.Nullable(p) {
					p.Set(value)
					f.refuse(arguments, p.Argument)
				}
			}
		})
	})
}

func TestValueThatIsNoMemberIsRefusedWithTheMembers(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		f.eachPlace(func(_ optest.Shape, arguments map[string]any, p optest.Place) {
			members := p.Schema.Enum
			if p.Schema.Const != nil {
				members = []any{*p.Schema.Const}
			}
			if len(members) == 0 {
				return
			}
			p.Set("no_such_member")
			problem := f.refuse(arguments, p.Argument)
			if first := string(optest.Encode(f.T, members[0])); !strings.Contains(problem.Message, first) {
				f.Errorf("%s: got the message %q, want it to list %s", p.Argument, problem.Message, first)
			}
		})
	})
}

func TestValueOutOfBoundsIsRefused(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		f.eachPlace(func(_ optest.Shape, arguments map[string]any, p optest.Place) {
			for _, value := range outOfBounds(p) {
				p.Set(value)
				f.refuse(arguments, p.Argument)
			}
		})
	})
}

// outOfBounds makes a value for each bound of a place, just beyond it.
func outOfBounds(p optest.Place) []any {
	var values []any
	s := p.Schema
	if s.Minimum != nil {
		values = append(values, *s.Minimum-1)
	}
	if s.Maximum != nil {
		values = append(values, *s.Maximum+1)
	}
	if s.ExclusiveMinimum != nil {
		values = append(values, *s.ExclusiveMinimum)
	}
	if s.MinLength != nil {
		values = append(values, strings.Repeat("x", *s.MinLength-1))
	}
	if s.MaxLength != nil {
		values = append(values, strings.Repeat("x", *s.MaxLength+1))
	}
	if s.Format != "" && s.Format != "password" || s.Pattern != "" { // any text may be a password
		values = append(values, "not ü valid")
	}
	if s.MinItems != nil {
		values = append(values, slices.Repeat([]any{"x"}, *s.MinItems-1))
	}
	if s.MaxItems != nil {
		item, _ := p.Value.([]any)
		values = append(values, slices.Repeat(item[:1], *s.MaxItems+1))
	}
	if s.MaxProperties != nil {
		object := map[string]any{}
		for i := range *s.MaxProperties + 1 {
			object["k"+strings.Repeat("x", i)] = "v"
		}
		values = append(values, object)
	}
	return values
}

func TestNameThatAMapDoesNotAllowIsRefused(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		f.eachPlace(func(_ optest.Shape, arguments map[string]any, p optest.Place) {
			if p.Schema.PropertyNames != nil {
				name := strings.Repeat("k", 41)
				p.SetWith(name, "v")
				f.refuse(arguments, "the name "+p.Argument+"."+name)
			}
		})
	})
}

func TestArgumentsOfTwoAlternativesAreRefused(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		for _, s := range optest.Shapes(f.op) {
			for _, name := range s.Without {
				arguments := s.Full(f.schema)
				arguments[name] = optest.Sample(f.schema.Properties[name], name)
				f.refuseTogether(arguments, name)
			}
		}
	})
}

// refuseTogether checks that arguments which do not go together are refused in words that name one of them.
func (f *fixture) refuseTogether(arguments map[string]any, name string) {
	f.Helper()
	f.sent = nil
	result := f.tool.Invoke(f.Context(), optest.Encode(f.T, arguments))
	if result.Failure == nil || len(f.sent) != 0 || !strings.Contains(result.Text(), name) {
		f.Errorf("%s beside others: got %s and %d requests, want a refusal", name, result.Text(), len(f.sent))
	}
}
