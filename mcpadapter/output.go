package mcpadapter

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// WithOutputSchemas derives the schema of each tool's answer too, from what the client's …WithResponse methods return.
// New fails for a client that lacks them. Without the option tools have none, because models pay for them with every
// list.
//
// The schemas describe and do not restrict. An API may send new properties and enum members, leave fields out and send
// null, and a client that validates must not lose an answer for it. So nothing is required or excluded, enum members
// and formats stand in the descriptions, null goes everywhere, and a failure is valid too.
func WithOutputSchemas() Option {
	return func(c *config) error {
		c.outputs = true
		return nil
	}
}

// output writes the schema of a tool's answers: of all that mean success, in one.
func (d *deriver) output(t *tool, methods methodSet) (json.RawMessage, error) {
	response, err := methods.response(t.operation.ID)
	if err != nil {
		return nil, err
	}
	root := &schema{types: optable.Object}
	for i := range t.operation.Responses {
		a := &t.operation.Responses[i]
		shape, err := d.answer(response, a)
		if err != nil {
			return nil, fmt.Errorf("answer %d: %w", a.Status, err)
		}
		root = either(root, shape)
	}
	if d.missing != "" {
		return nil, fmt.Errorf("the table has no schema %q", d.missing)
	}
	root = tolerant(root)
	root.types = optable.Object
	if p := root.property("error"); p != nil { // the API's own, or a failure
		p.schema = &schema{description: p.schema.description}
	}
	return appendSchema(nil, root, words{}), nil
}

// response returns the struct with an operation's answers, to which its …WithResponse method returns a pointer.
func (m methodSet) response(operation string) (reflect.Type, error) {
	i, ok := m.index[fold(operation+"WithResponse")]
	if !ok {
		return nil, fmt.Errorf("%s has no …WithResponse method for it, which would tell what it answers", m.client.Type())
	}
	if method := m.client.Method(i).Type(); method.NumOut() == 2 {
		if out := method.Out(0); out.Kind() == reflect.Pointer && out.Elem().Kind() == reflect.Struct {
			return out.Elem(), nil
		}
	}
	return nil, fmt.Errorf("method %s: it does not return a struct of answers", m.client.Type().Method(i).Name)
}

// answer derives what the adapter makes of a documented answer, always an object. A failure has no schema.
func (d *deriver) answer(response reflect.Type, a *optable.Response) (*schema, error) {
	text := &schema{types: optable.String}
	mediaType, _, _ := strings.Cut(a.MediaType, ";")
	switch {
	case a.Status/100 == http.StatusMultipleChoices/100:
		text.description = "URL that the answer redirects to."
		return objectOf(property{name: "location", schema: text}), nil
	case a.Status/100 != http.StatusOK/100:
		return &schema{types: optable.Object}, nil
	case a.MediaType != "" && !strings.HasSuffix(mediaType, "json"):
		return objectOf(property{name: "content_type", schema: text}, property{name: "text", schema: text}), nil
	case a.Schema == nil:
		return &schema{types: optable.Object}, nil
	}
	field, ok := answerField(response, a)
	if !ok {
		return nil, fmt.Errorf("%s has no field for it", response)
	}
	s, err := d.schema(field.Type, a.Schema)
	if err != nil {
		return nil, err
	}
	return asObject(s), nil
}

// answerField finds the field that oapi-codegen names by media type and status, such as JSON200 or JSON2XX.
func answerField(response reflect.Type, a *optable.Response) (reflect.StructField, bool) {
	kind := fold(a.MediaType)
	if kind == "applicationjson" || kind == "applicationhaljson" {
		kind = strings.TrimPrefix(kind, "application")
	}
	for _, status := range []string{strconv.Itoa(a.Status), strconv.Itoa(a.Status/100) + "xx"} {
		field, ok := response.FieldByNameFunc(func(name string) bool { return fold(name) == kind+status })
		if ok {
			return field, true
		}
	}
	return reflect.StructField{}, false
}

func objectOf(properties ...property) *schema {
	return &schema{types: optable.Object, properties: properties}
}

// asObject wraps what is no object as a result does.
func asObject(s *schema) *schema {
	s = oneForm(s)
	root := &schema{types: optable.Object}
	if s.types == 0 || s.types.Has(optable.Object) {
		root.description, root.properties = s.description, s.properties
	}
	if s.types.Has(optable.Array) {
		list := &schema{types: optable.Array, description: s.description, deprecated: s.deprecated, items: s.items}
		root.properties = allProperties(root.properties, []property{{name: "data", schema: list}})
	}
	if scalars := s.types &^ (optable.Object | optable.Array | optable.Null); scalars != 0 {
		scalar := *s
		scalar.types, scalar.properties, scalar.items = scalars, nil, nil
		root.properties = allProperties(root.properties, []property{{name: "value", schema: &scalar}})
	}
	return root
}

// oneForm makes one schema of alternatives, which accepts at least what any of them does.
func oneForm(s *schema) *schema {
	alternatives := slices.Clone(s.anyOf)
	if s.union != nil {
		for _, v := range s.union.variants {
			alternatives = append(alternatives, v.schema.withConstant(s.union.property, v.value))
		}
	}
	if len(alternatives) == 0 {
		return s
	}
	all := oneForm(alternatives[0])
	for _, a := range alternatives[1:] {
		all = either(all, a)
	}
	one := *all
	one.description = cmp.Or(s.description, all.description)
	one.properties = allProperties(s.properties, all.properties)
	switch {
	case all.types != 0:
		one.types |= s.types
	case s.types != optable.Null: // which would stand beside any type
		one.types = s.types
	}
	return &one
}

// either makes one schema of two, which accepts at least what either does. Bounds are left aside.
func either(a, b *schema) *schema {
	a, b = oneForm(a), oneForm(b)
	if a.types == optable.Null {
		a, b = b, a
	}
	if b.types == optable.Null {
		return orNull(a)
	}
	m := &schema{
		description: cmp.Or(a.description, b.description),
		deprecated:  a.deprecated && b.deprecated,
		properties:  allProperties(a.properties, b.properties),
		items:       eitherItems(a, b),
	}
	if a.types != 0 && b.types != 0 {
		m.types = a.types | b.types
	}
	if a.format == b.format {
		m.format = a.format
	}
	if x, y := a.members(), b.members(); len(x) > 0 && len(y) > 0 {
		m.enum = slices.Clone(x)
		for _, member := range y {
			if !slices.Contains(m.enum, member) {
				m.enum = append(m.enum, member)
			}
		}
	}
	return m
}

func allProperties(a, b []property) []property {
	m := schema{properties: slices.Clone(a)}
	for _, p := range b {
		if own := m.property(p.name); own != nil {
			own.schema = either(own.schema, p.schema)
		} else {
			m.properties = append(m.properties, p)
		}
	}
	return m.properties
}

// eitherItems makes one schema of the items of two; one that is no array has no say.
func eitherItems(a, b *schema) *schema {
	switch {
	case b.types != 0 && !b.types.Has(optable.Array):
		return a.items
	case a.types != 0 && !a.types.Has(optable.Array):
		return b.items
	case a.items == nil || b.items == nil: // anything
		return nil
	}
	return either(a.items, b.items)
}

// members lists the only values that a schema accepts, as JSON texts; none if there are others.
func (s *schema) members() []string {
	if s.constant != "" {
		return []string{s.constant}
	}
	return s.enum
}

// tolerant keeps of a schema the names and types, which an API does not change from one day to the next, and null is
// one of the types. What a map holds is left out too, as a new property is no different from an entry.
func tolerant(s *schema) *schema {
	s = oneForm(s)
	t := &schema{types: s.types, description: told(s), deprecated: s.deprecated}
	if t.types |= optable.Null; s.types == 0 || t.types|optable.Integer == anyType|optable.Integer {
		t.types = 0
	}
	if s.items != nil {
		t.items = tolerant(s.items)
	}
	for _, p := range s.properties {
		t.properties = append(t.properties, property{name: p.name, schema: tolerant(p.schema)})
	}
	return t
}

// told is the description, and in words what a schema of answers does not assert.
func told(s *schema) string {
	text := s.described()
	if members := plain(s.members()); slices.ContainsFunc(members, func(m string) bool {
		return !strings.Contains(text, "`"+m+"`")
	}) {
		text += " Known values: " + strings.Join(members, ", ") + "."
	}
	switch s.format {
	case "", "int32", "int64", "float", "double": // nothing beyond the type
	default:
		text += " Format: " + s.format + "."
	}
	return strings.TrimSpace(text)
}

// plain writes members without the quotes of strings, and leaves null out.
func plain(members []string) []string {
	var list []string
	for _, m := range members {
		v, err := parseJSON([]byte(m))
		switch text, isText := v.(string); {
		case isText:
			list = append(list, text)
		case v != nil || err != nil:
			list = append(list, m)
		}
	}
	return list
}
