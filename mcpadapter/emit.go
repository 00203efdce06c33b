package mcpadapter

import (
	"slices"
	"strconv"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// appendSchema writes a schema in a profile, compact and with its properties in order. Writing text by hand takes a
// fraction of the time of marshalling maps, and the order is worth keeping: models read it.
func appendSchema(b []byte, s *schema, at words) []byte {
	s, rest := at.profile.adapt(s)
	w := writer{append(b, '{'), at}
	w.types(s)
	w.text("description", rest.behind(at.worth(s)))
	if s.deprecated {
		w.raw("deprecated", "true")
	}
	if w.at.profile == ProfileGemini {
		w.list("enum", s.enum)
	} else {
		w.list("enum", enumWithNull(s))
	}
	w.raw("const", s.constant)
	w.raw("default", s.defaultValue)
	w.text("format", s.format)
	if s.pattern != nil {
		w.text("pattern", s.pattern.String())
	}
	w.number("minLength", s.minLength)
	w.number("maxLength", s.maxLength)
	w.raw("minimum", s.minimum)
	w.raw("maximum", s.maximum)
	w.raw("exclusiveMinimum", s.exclusiveMinimum)
	w.raw("exclusiveMaximum", s.exclusiveMaximum)
	w.raw("multipleOf", s.multipleOf)
	w.items(s)
	w.number("minItems", s.minItems)
	w.number("maxItems", s.maxItems)
	if s.uniqueItems {
		w.raw("uniqueItems", "true")
	}
	w.object(s)
	w.alternatives(s)
	return append(w.b, '}')
}

type writer struct {
	b  []byte
	at words
}

// key begins a member of an object, after a comma unless it is the first.
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
		w.b = append(w.b, value...)
	}
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
		w.b = append(w.b, "[,"[min(i, 1)])
		w.b = append(w.b, v...)
	}
	w.b = append(w.b, ']')
}

func (w *writer) nested(name string, s *schema) {
	if s != nil {
		w.key(name)
		w.b = appendSchema(w.b, s, w.at)
	}
}

func (w *writer) types(s *schema) {
	if s.hasAlternatives() && w.at.profile != ProfileStandard { // which have types of their own
		return
	}
	types := s.types
	if types.Has(optable.Integer) && types.Has(optable.Number) {
		types &^= optable.Integer
	}
	nullable := w.at.profile == ProfileGemini && types.Has(optable.Null)
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

// items writes the schema of an array's items, if only to say that there are any: clients refuse an array without.
func (w *writer) items(s *schema) {
	if s.items == nil && s.types.Has(optable.Array) && !s.hasAlternatives() {
		w.nested("items", &schema{})
	}
	items := s.items
	if w.at.terse && items != nil && items.described() != "" && s.described() != "" && len(items.properties) > 0 {
		plain := *items // the list's description and the members' say enough
		plain.description, plain.idPrefixes, items = "", nil, &plain
	}
	w.nested("items", items)
}

// enumWithNull adds null to the members where null is valid, which the keyword would otherwise rule out.
func enumWithNull(s *schema) []string {
	if len(s.enum) == 0 || !s.types.Has(optable.Null) {
		return s.enum
	}
	if slices.Contains(s.enum, null) {
		return s.enum
	}
	return append(slices.Clip(s.enum), null)
}

func (w *writer) object(s *schema) {
	always := w.at.profile != ProfileStandard && s.types.Has(optable.Object) && !s.hasAlternatives()
	if len(s.properties) > 0 || s.closed || always {
		w.properties(s.properties)
		var required []string
		for _, p := range s.properties {
			if p.required {
				required = append(required, string(jsontext.AppendString(nil, p.name)))
			}
		}
		w.list("required", required)
	}
	switch {
	case w.at.profile == ProfileGemini:
	case s.closed:
		w.raw("additionalProperties", "false")
	case s.additional == nil && always: // unsaid, it is made false on the way to OpenAI
		w.raw("additionalProperties", "true")
	default:
		w.nested("additionalProperties", s.additional)
	}
	w.nested("propertyNames", s.propertyNames)
	w.number("minProperties", s.minProperties)
	w.number("maxProperties", s.maxProperties)
}

func (w *writer) properties(list []property) {
	w.key("properties")
	w.b = append(w.b, '{')
	for i, p := range list {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		w.b = append(jsontext.AppendString(w.b, p.name), ':')
		w.b = appendSchema(w.b, p.schema, w.at.under(p.name))
	}
	w.b = append(w.b, '}')
}

// alternatives writes what is no root: there a union has been flattened.
func (w *writer) alternatives(s *schema) {
	alternatives := slices.Clone(s.anyOf)
	if s.union != nil {
		for _, v := range s.union.variants {
			alternatives = append(alternatives, v.schema.withConstant(s.union.property, v.value))
		}
	}
	if len(alternatives) == 0 {
		return
	}
	if s.types.Has(optable.Null) && !slices.ContainsFunc(alternatives, (*schema).nullable) {
		alternatives = append(alternatives, &schema{types: optable.Null})
	}
	w.key("anyOf")
	for i, a := range alternatives {
		w.b = append(w.b, "[,"[min(i, 1)])
		w.b = appendSchema(w.b, a, w.at)
	}
	w.b = append(w.b, ']')
}

// withConstant returns the object with one property pinned to a value.
func (s *schema) withConstant(name, value string) *schema {
	c := *s
	c.properties = append([]property(nil), s.properties...)
	if p := c.property(name); p != nil {
		pinned := *p.schema
		pinned.enum, pinned.constant = nil, string(jsontext.AppendString(nil, value))
		p.schema = &pinned
	}
	return &c
}
