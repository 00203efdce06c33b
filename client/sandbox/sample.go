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

	// lifetime is that of codes and tokens, unless something else is documented.
	lifetime = 10 * time.Minute
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

// scalar makes up a value by the name of its field.
func (m sampler) scalar(at value.Path, s *value.Schema) any {
	name := ""
	for _, step := range at {
		if step.To == value.ToItem {
			name = singular(name)
		} else {
			name = step.Name
		}
	}
	switch {
	case slices.Contains(s.Enum, `"active"`):
		return stateActive
	case len(s.Enum) > 0, len(s.AnyOf) > 0:
		return nil
	case s.Types.Has(optable.String):
		if v := m.meaningful(name, s); v != "" {
			return v
		}
	case s.Types.Has(optable.Integer|optable.Number) && s.Minimum != "":
		return json.Number(s.Minimum)
	case s.Types.Has(optable.Integer|optable.Number) && name == "expires_in":
		return int(lifetime / time.Second)
	case s.Types.Has(optable.Integer | optable.Number):
		return 1
	case s.Types.Has(optable.Boolean):
		return slices.Contains([]string{"success", "valid", "authorized", "active", "enabled", "current_version"}, name)
	case s.Types == 0:
		return map[string]any{}
	}
	return nil
}

// meaningful makes up a text from the format, the prefix of IDs or the name of a field; "" for none of the sandbox's
// own.
func (m sampler) meaningful(name string, s *value.Schema) string {
	name = snake(name)
	switch s.Format {
	case formatDateTime:
		return m.sampleTime(name)
	case formatURI:
		return exampleHost + strings.ReplaceAll(name, "_", "-")
	case "uuid":
		return exampleUUID
	default:
	}
	if k := m.ix.pointed(name); k != nil {
		return k.exampleID()
	}
	if len(s.IDPrefixes) > 0 {
		return s.IDPrefixes[0] + exampleULID
	}
	return m.byName(name)
}

func (m sampler) sampleTime(name string) string {
	if name == "expires_at" {
		return timestamp(m.now.Add(lifetime))
	}
	return timestamp(m.now)
}

func (m sampler) byName(name string) string {
	last := name[strings.LastIndexByte(name, '_')+1:]
	switch last {
	case "at":
		return m.sampleTime(name)
	case "url", "uri", "link":
		return exampleHost + strings.ReplaceAll(name, "_", "-")
	case "token", "secret", "value", "key", "keys":
		return m.secret(name)
	case "id":
		if name == "id" {
			return exampleUUID
		}
		return strings.TrimSuffix(name, "id") + exampleULID
	case fieldCode:
		return "123456"
	case "number":
		return "+15555550100"
	case fieldName:
		return "Example"
	default:
		return ""
	}
}
