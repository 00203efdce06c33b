package sandbox

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

const (
	exampleULID = "01K5B2M9QZ6T4W8XNC3HRV7DYE"
	exampleUUID = "8f14e45f-ceea-467f-a0e6-9f6c1d2b3a45"
	exampleHost = "https://example.com/"
)

// sampler makes up valid values, with what the sandbox knows of the API's fields.
type sampler struct {
	call  *call
	fresh bool // whether secrets are new
}

// sampler returns one whose secrets are new, for what is kept, or always the same, for mere examples.
func (c *call) sampler(fresh bool) sampler { return sampler{c, fresh} }

// sampleKey is what a sample is kept by that is the same each time.
type sampleKey struct {
	name   string
	schema *value.Schema
}

// sample makes up the value of a field: null where it may be, the documented example, the first member of an enum
// ("active" if it is one), the required properties of an object, the fewest entries of an array.
func (m sampler) sample(name string, s *value.Schema) any {
	ix, key := m.call.ix, sampleKey{name, s}
	if kept, ok := ix.samples.Load(key); ok {
		text, _ := kept.(string)
		return literal(text)
	}
	varies := false
	generic := value.Sampler{Null: true, Least: true, Scalar: func(at value.Path, s *value.Schema) any {
		v, varied := m.scalar(at, s)
		varies = varies || varied
		return v
	}}
	text := string(generic.Sample(s, value.Step{Name: name}))
	if !varies {
		ix.samples.Store(key, text)
	}
	return literal(text)
}

// scalar makes up a value of what the schema is, or nil, and tells whether it may be another the next time.
func (m sampler) scalar(at value.Path, s *value.Schema) (v any, varies bool) {
	name := ""
	if len(at) > 0 {
		name = at[len(at)-1].Name
	}
	switch {
	case slices.Contains(s.Enum, `"active"`):
		return stateActive, false
	case len(s.Enum) > 0, len(s.AnyOf) > 0:
		return nil, false
	case s.Types.Has(optable.String):
		if v, varies := m.text(name, s); v != "" {
			return v, varies
		}
	case s.Types.Has(optable.Integer|optable.Number) && s.Minimum != "":
		return json.Number(s.Minimum), false
	case s.Types.Has(optable.Integer | optable.Number):
		return 1, false
	case s.Types.Has(optable.Boolean):
		return false, false
	case s.Types == 0:
		return map[string]any{}, false
	}
	return nil, false
}

// text makes up a text of its format, the prefix of IDs, or whether it is secret; "": of nothing in particular.
func (m sampler) text(name string, s *value.Schema) (v string, varies bool) {
	ix := m.call.ix
	switch s.Format {
	case formatDateTime:
		return timestamp(m.call.now), true
	case formatURI:
		return exampleHost + strings.ReplaceAll(name, "_", "-"), false
	case "uuid":
		return exampleUUID, false
	default:
	}
	if k := ix.namedBy(s.IDPrefixes); k != nil {
		return k.exampleID(), false
	}
	switch {
	case len(s.IDPrefixes) > 0:
		return s.IDPrefixes[0] + exampleULID, false
	case !ix.secretNames[name]:
		return "", false
	case m.fresh:
		const length = 25
		return m.call.store.newSecret(length), true
	default:
		return "example_" + name, true
	}
}
