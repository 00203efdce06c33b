package schema

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// Append appends a schema as JSON Schema, compact and with its properties in order. Writing text by hand takes a
// fraction of the time of marshalling maps, and keeps the order, which models read.
func Append(b []byte, s *value.Schema, at Style) []byte {
	target := s
	if s.Within != nil {
		target = s.Within
	}
	target = at.origins.of(target)
	if name := at.definitions.name(target); name != "" && target != at.whole {
		return appendReference(b, s, name, at)
	}
	at.whole = nil
	if done, once := at.written[at.origins.of(s)]; done {
		s = brief(s)
	} else if once {
		at.written[at.origins.of(s)] = true
	}
	s, rest := at.Dialect.adapt(s)
	w := writer{append(b, '{'), at}
	w.types(s)
	w.text("description", rest.behind(at.worth(s)))
	if s.Deprecated {
		w.raw("deprecated", "true")
	}
	if s.ReadOnly && at.Dialect == Standard {
		w.raw("readOnly", "true")
	}
	members := ""
	if at.Terse && at.Dialect == Standard {
		members = alternation(s)
	}
	switch {
	case members != "":
		w.text("pattern", members)
	case w.at.Dialect == Gemini:
		w.list("enum", s.Enum)
	default:
		w.list("enum", value.EnumWithNull(s))
	}
	w.raw("const", s.Const)
	if !at.isCommon(s) {
		w.raw("default", s.Default)
	}
	w.text("format", s.Format)
	if s.Pattern != nil {
		w.text("pattern", s.Pattern.String())
	}
	w.text("pattern", s.Unchecked)
	w.number("minLength", s.MinLength)
	w.number("maxLength", s.MaxLength)
	w.raw("minimum", s.Minimum)
	w.raw("maximum", s.Maximum)
	w.raw("exclusiveMinimum", s.ExclusiveMinimum)
	w.raw("exclusiveMaximum", s.ExclusiveMaximum)
	w.raw("multipleOf", s.MultipleOf)
	w.items(s)
	w.number("minItems", s.MinItems)
	w.number("maxItems", s.MaxItems)
	if s.UniqueItems {
		w.raw("uniqueItems", "true")
	}
	w.object(s)
	w.alternatives(s)
	return append(w.b, '}')
}

type writer struct {
	b  []byte
	at Style
}

// key begins a member of an object, after a comma unless it is the first.
//
//go:noinline
func (w *writer) key(name string) {
	if w.b[len(w.b)-1] != '{' {
		w.b = append(w.b, ',')
	}
	w.b = append(w.b, '"')
	w.b = append(w.b, name...)
	w.b = append(w.b, '"', ':')
}

func (w *writer) raw(name, value string) {
	if value != "" {
		w.key(name)
		w.b = appendCompact(w.b, value)
	}
}

// appendCompact appends a JSON text of a table, without white space around its tokens.
func appendCompact(b []byte, text string) []byte {
	var compact bytes.Buffer
	if !strings.ContainsAny(text, " \t\r\n") || json.Compact(&compact, []byte(text)) != nil {
		return append(b, text...)
	}
	return append(b, compact.Bytes()...)
}

func (w *writer) text(name, value string) {
	if value != "" {
		w.key(name)
		w.b = jsontext.AppendString(w.b, value)
	}
}

func (w *writer) number(name string, value int) {
	if value != 0 {
		w.key(name)
		w.b = strconv.AppendInt(w.b, int64(value), 10)
	}
}

func (w *writer) list(name string, values []string) {
	if len(values) == 0 {
		return
	}
	w.key(name)
	for i, v := range values {
		w.b = appendCompact(append(w.b, "[,"[min(i, 1)]), v)
	}
	w.b = append(w.b, ']')
}

func (w *writer) nested(name string, s *value.Schema) {
	if s != nil {
		w.key(name)
		w.b = Append(w.b, s, w.at)
	}
}

func (w *writer) types(s *value.Schema) {
	if s.HasAlternatives() && w.at.Dialect != Standard { // the alternatives have their own types
		return
	}
	types := s.Types
	if types.Has(optable.Integer) && types.Has(optable.Number) {
		types &^= optable.Integer
	}
	nullable := w.at.Dialect == Gemini && types.Has(optable.Null)
	if nullable {
		types &^= optable.Null
	}
	names := types.Names()
	switch len(names) {
	case 0:
	case 1:
		w.text("type", names[0])
	default:
		for i, name := range names {
			names[i] = strconv.Quote(name)
		}
		w.list("type", names)
	}
	if nullable {
		w.raw("nullable", "true")
	}
}

// items writes the schema of an array's items, even an empty one: clients reject an array without items.
func (w *writer) items(s *value.Schema) {
	if s.Items == nil && s.Types.Has(optable.Array) && !s.HasAlternatives() {
		w.nested("items", &value.Schema{})
	}
	items := s.Items
	named := items != nil && (len(items.Properties) > 0 || len(items.Enum) > 0)
	if w.at.Terse && named && items.Described() != "" && s.Described() != "" {
		plain := *items // the descriptions of the list and of the properties or the members suffice
		plain.Description, plain.IDPrefixes, items = "", nil, &plain
	}
	w.nested("items", items)
}

func (w *writer) object(s *value.Schema) {
	always := w.at.Dialect != Standard && s.Types.Has(optable.Object) && !s.HasAlternatives()
	if len(s.Properties) > 0 || s.Closed || always {
		w.properties(s.Properties)
		var required []string
		for _, p := range s.Properties {
			if p.Required {
				required = append(required, string(jsontext.AppendString(nil, p.Name)))
			}
		}
		w.list("required", required)
	}
	switch {
	case w.at.Dialect == Gemini:
	case s.Closed && w.at.Terse && w.at.Dialect == Standard && len(s.Properties) > 0: // as terse schemas are without it
	case s.Closed:
		w.raw("additionalProperties", "false")
	case w.at.Terse && w.at.Dialect == Standard && s.Additional == nil && len(s.Properties) > 0:
		w.raw("additionalProperties", "true")
	case s.Additional == nil && always: // clients set it to false for OpenAI if it is absent
		w.raw("additionalProperties", "true")
	default:
		w.nested("additionalProperties", s.Additional)
	}
	w.nested("propertyNames", s.PropertyNames)
	w.number("minProperties", s.MinProperties)
	w.number("maxProperties", s.MaxProperties)
}

func (w *writer) properties(list []value.Property) {
	w.key("properties")
	w.b = append(w.b, '{')
	for i, p := range list {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		w.b = append(jsontext.AppendString(w.b, p.Name), ':')
		w.b = Append(w.b, p.Schema, w.at.Under(p.Name))
	}
	w.b = append(w.b, '}')
}

// alternatives writes what is no root: there a union has been flattened.
func (w *writer) alternatives(s *value.Schema) {
	alternatives := slices.Clone(s.AnyOf)
	if s.Union != nil {
		for _, v := range s.Union.Variants {
			alternatives = append(alternatives, v.Schema.WithConst(s.Union.Property, v.Value))
		}
	}
	if len(alternatives) == 0 {
		return
	}
	if s.Types.Has(optable.Null) && !slices.ContainsFunc(alternatives, (*value.Schema).Nullable) {
		alternatives = append(alternatives, &value.Schema{Types: optable.Null})
	}
	w.key("anyOf")
	for i, a := range alternatives {
		w.b = append(w.b, "[,"[min(i, 1)])
		w.b = Append(w.b, a, w.at)
	}
	w.b = append(w.b, ']')
}
