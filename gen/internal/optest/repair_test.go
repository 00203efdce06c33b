package optest_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/seed-f165d83c/workos/gen/internal/optest"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

func TestRefusalsHaveAnExampleThatIsAccepted(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		for _, s := range optest.Shapes(f.op) {
			f.acceptExample(f.refused(s.Pins)) // whatever is missing, and an argument that is unknown
		}
		f.eachPlace(func(_ optest.Shape, arguments map[string]any, p optest.Place) {
			for _, value := range []any{true, []any{}, map[string]any{}, nil} {
				p.Set(value)
				if result := f.tool.Invoke(f.Context(), optest.Encode(f.T, arguments)); result.Failure != nil {
					f.acceptExample(result.Failure.Example)
				}
			}
		})
	})
}

// refused calls the tool with an argument too many, and returns the example that the refusal has.
func (f *fixture) refused(arguments map[string]any) json.RawMessage {
	f.Helper()
	arguments = maps.Clone(arguments)
	if arguments == nil {
		arguments = map[string]any{}
	}
	arguments["no_such_argument"] = true
	result := f.tool.Invoke(f.Context(), optest.Encode(f.T, arguments))
	if result.Failure == nil {
		f.Fatalf("got %s, want a refusal", result.Text())
	}
	return result.Failure.Example
}

// acceptExample calls the tool with an example and checks the request; the published schema must accept it, too.
func (f *fixture) acceptExample(example json.RawMessage) {
	f.Helper()
	var arguments map[string]any
	if err := json.Unmarshal(example, &arguments); err != nil || arguments == nil {
		f.Fatalf("got the example %s (%v), want an object", example, err)
	}
	if result := f.accept(arguments); result.Repaired != nil {
		f.Errorf("got %q repaired in the example %s, want nothing", result.Repaired, example)
	}
	schema, err := f.schema.CloneSchemas().Resolve(nil)
	if err != nil {
		f.Fatalf("the published schema does not compile: %v", err)
	}
	if err := schema.Validate(arguments); err != nil {
		f.Errorf("the example %s: %v", example, err)
	}
}

func TestArgumentsUnderAnotherSpellingArrive(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		for _, s := range optest.Shapes(f.op) {
			for name, value := range s.Full(f.schema) {
				arguments := s.Full(f.schema)
				want := maps.Clone(arguments)
				delete(arguments, name)
				arguments[name+"_"] = value
				f.sent = nil
				result := f.tool.Invoke(f.Context(), optest.Encode(f.T, arguments))
				if result.Failure != nil || len(f.sent) != 1 {
					f.Errorf("%s_: got %s, want it accepted as %s", name, result.Text(), name)
					continue
				}
				if renamed := []mcpadapter.Renamed{{Given: name + "_", Argument: name}}; !slices.Equal(result.Renamed, renamed) {
					f.Errorf("renamed: got %q, want %q", result.Renamed, renamed)
				}
				f.compare(f.sent[0], want)
			}
		}
	})
}

// A value of any type that came as the text of its JSON arrives as the value, where no text is accepted.
func TestValuesSentAsTextArriveAsMeant(t *testing.T) {
	t.Parallel()
	eachOperation(t, func(f *fixture) {
		f.eachPlace(func(s optest.Shape, arguments map[string]any, p optest.Place) {
			if _, pinned := s.Pins[p.Argument]; pinned || acceptsText(p.Schema) {
				return
			}
			f.sent = nil
			p.Set(string(optest.Encode(f.T, p.Value)))
			result := f.tool.Invoke(f.Context(), optest.Encode(f.T, arguments))
			p.Set(p.Value)
			if result.Failure != nil || len(f.sent) != 1 {
				f.Errorf("%s: got %s, want its text read", p.Argument, result.Text())
				return
			}
			if want := []string{p.Argument}; !slices.Equal(result.Repaired, want) {
				f.Errorf("repaired: got %q, want %q", result.Repaired, want)
			}
			f.compare(f.sent[0], arguments)
		})
		for _, s := range optest.Shapes(f.op) {
			arguments := s.Full(f.schema)
			f.sent = nil
			result := f.tool.Invoke(f.Context(), optest.Encode(f.T, string(optest.Encode(f.T, arguments))))
			if want := []string{"arguments"}; result.Failure != nil || !slices.Equal(result.Repaired, want) {
				f.Errorf("got %q repaired and %s, want %q", result.Repaired, result.Text(), want)
				continue
			}
			f.compare(f.sent[0], arguments)
		}
	})
}

// acceptsText reports whether a schema takes strings, in whichever alternative.
func acceptsText(s *jsonschema.Schema) bool {
	if len(s.AnyOf) > 0 {
		return slices.ContainsFunc(s.AnyOf, acceptsText)
	}
	types := optest.TypesOf(s)
	return types == nil && s.Const == nil && len(s.Enum) == 0 || slices.Contains(types, "string")
}
