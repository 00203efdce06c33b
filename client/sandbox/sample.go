package sandbox

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

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
	ix     *index
	now    time.Time
	secret func(name string) string
}

// sampler returns one whose secrets are new, for what is kept, or always the same, for mere examples.
func (c *call) sampler(fresh bool) sampler {
	s := sampler{ix: c.ix, now: c.now, secret: func(name string) string { return "example_" + name }}
	if fresh {
		const length = 25
		s.secret = func(string) string { return c.store.newSecret(length) }
	}
	return s
}

// sample makes up the value of a field: null where it may be, the documented example, the first member of an enum
// ("active" if it is one), the required properties of an object, the fewest entries of an array.
func (m sampler) sample(name string, s *value.Schema) any {
	generic := value.Sampler{Null: true, Least: true, Scalar: m.scalar}
	return literal(string(generic.Sample(s, value.Step{Name: name})))
}

// scalar makes up a value of what the schema is, or nil.
func (m sampler) scalar(at value.Path, s *value.Schema) any {
	name := ""
	if len(at) > 0 {
		name = at[len(at)-1].Name
	}
	switch {
	case slices.Contains(s.Enum, `"active"`):
		return stateActive
	case len(s.Enum) > 0, len(s.AnyOf) > 0:
		return nil
	case s.Types.Has(optable.String):
		if v := m.text(name, s); v != "" {
			return v
		}
	case s.Types.Has(optable.Integer|optable.Number) && s.Minimum != "":
		return json.Number(s.Minimum)
	case s.Types.Has(optable.Integer | optable.Number):
		return 1
	case s.Types.Has(optable.Boolean):
		return false
	case s.Types == 0:
		return map[string]any{}
	}
	return nil
}

// text makes up a text of its format, the prefix of IDs, or whether it is secret; "": of nothing in particular.
func (m sampler) text(name string, s *value.Schema) string {
	switch s.Format {
	case formatDateTime:
		return timestamp(m.now)
	case formatURI:
		return exampleHost + strings.ReplaceAll(name, "_", "-")
	case "uuid":
		return exampleUUID
	default:
	}
	if k := m.ix.namedBy(s.IDPrefixes); k != nil {
		return k.exampleID()
	}
	if len(s.IDPrefixes) > 0 {
		return s.IDPrefixes[0] + exampleULID
	}
	if m.ix.secretNames[name] {
		return m.secret(name)
	}
	return ""
}
