package sandbox

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
)

const (
	exampleULID = "01K5B2M9QZ6T4W8XNC3HRV7DYE"
	exampleUUID = "8f14e45f-ceea-467f-a0e6-9f6c1d2b3a45"
	exampleHost = "https://example.com/"

	// lifetime is that of codes and tokens, unless something else is documented.
	lifetime = 10 * time.Minute
)

// sampler makes up valid values.
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

// sample makes up a value: null where it may be, the documented example, the first member of an enum ("active" if it
// is one), the required properties of an object, the fewest entries of an array.
func (m sampler) sample(name string, s *optable.Schema) any {
	if m.ix.nullable(s) {
		return nil
	}
	s = m.ix.resolve(s)
	switch {
	case len(s.OneOf) > 0:
		return m.sample(name, &s.OneOf[0])
	case len(s.AnyOf) > 0:
		return m.sample(name, &s.AnyOf[0])
	case s.Const != "":
		return literal(s.Const)
	case s.Example != "":
		return literal(s.Example)
	case slices.Contains(s.Enum, `"active"`):
		return stateActive
	case len(s.Enum) > 0:
		return literal(s.Enum[0])
	case s.Types.Has(optable.String):
		return m.sampleString(name, s)
	case s.Types.Has(optable.Integer | optable.Number):
		return sampleNumber(name, s)
	case s.Types.Has(optable.Boolean):
		return slices.Contains([]string{"success", "valid", "authorized", "active", "enabled", "current_version"}, name)
	case s.Types.Has(optable.Array):
		list := []any{}
		for len(list) < s.MinItems {
			list = append(list, m.sample(singular(name), s.Items))
		}
		return list
	default:
		o := map[string]any{}
		for i := range s.Properties {
			if p := &s.Properties[i]; p.Required {
				o[p.Name] = m.sample(p.Name, &p.Schema)
			}
		}
		return o
	}
}

func sampleNumber(name string, s *optable.Schema) any {
	switch {
	case s.Minimum != "":
		return json.Number(s.Minimum)
	case name == "expires_in":
		return number(int(lifetime / time.Second))
	default:
		return json.Number("1")
	}
}

func (m sampler) sampleString(name string, s *optable.Schema) string {
	v := m.meaningful(name, s)
	for len(v) < s.MinLength {
		v += "x"
	}
	if s.MaxLength > 0 && len(v) > s.MaxLength {
		v = v[:s.MaxLength]
	}
	return v
}

// meaningful makes up a text from the format, the prefix of IDs or the name of a field.
func (m sampler) meaningful(name string, s *optable.Schema) string {
	name = snake(name)
	switch s.Format {
	case formatDateTime:
		return m.sampleTime(name)
	case formatEmail:
		return "user@example.com"
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
	case fieldEmail:
		return "user@example.com"
	case fieldDomain:
		return "example.com"
	case "origin":
		return "https://example.com"
	case fieldCode:
		return "123456"
	case "number":
		return "+15555550100"
	case fieldName:
		return "Example"
	default:
		return "example"
	}
}
