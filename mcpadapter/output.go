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
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// WithOutputSchemas derives the schema of each tool's answer too, from what the client's …WithResponse methods return.
// New fails for a client that lacks them. Without the option tools have none, because models pay for them with every
// list.
//
// The schemas describe and do not restrict. An API may send new properties and enum members, leave fields out and send
// null, and a client that validates must not lose an answer for it. So nothing is required or excluded, enum members
// and formats stand in the descriptions, null goes everywhere, and a failure is valid too.
func WithOutputSchemas() Option {
	return func(o *options) error {
		o.outputs = true
		return nil
	}
}

// output writes the schema of a tool's answers: of all that mean success, in one.
func (d *deriver) output(t *tool, methods methodSet) (json.RawMessage, error) {
	response, err := methods.response(t.operation.ID)
	if err != nil {
		return nil, err
	}
	root := &value.Schema{Types: optable.Object}
	for i := range t.operation.Responses {
		a := &t.operation.Responses[i]
		shape, err := d.answer(response, a)
		if err != nil {
			return nil, fmt.Errorf("response %d: %w", a.Status, err)
		}
		root = either(root, shape)
	}
	if err := d.Err(); err != nil {
		return nil, err
	}
	root = tolerant(root)
	root.Types = optable.Object
	if p := root.Property("error"); p != nil { // the API's own, or a failure
		p.Schema = &value.Schema{Description: p.Schema.Description}
	}
	return appendSchema(nil, root, words{}), nil
}

// response returns the struct with an operation's answers, to which its …WithResponse method returns a pointer.
func (m methodSet) response(operation string) (reflect.Type, error) {
	i, ok := m.index[fold(operation+"WithResponse")]
	if !ok {
		return nil, fmt.Errorf("%s has no …WithResponse method for it, which output schemas require", m.client.Type())
	}
	if method := m.client.Method(i).Type(); method.NumOut() == 2 {
		if out := method.Out(0); out.Kind() == reflect.Pointer && out.Elem().Kind() == reflect.Struct {
			return out.Elem(), nil
		}
	}
	return nil, fmt.Errorf("method %s: it does not return a pointer to a struct of responses", m.client.Type().Method(i).Name)
}

// answer derives what the adapter makes of a documented answer, always an object. A failure has no schema.
func (d *deriver) answer(response reflect.Type, a *optable.Response) (*value.Schema, error) {
	text := &value.Schema{Types: optable.String}
	mediaType, _, _ := strings.Cut(a.MediaType, ";")
	switch {
	case a.Status/100 == http.StatusMultipleChoices/100:
		text.Description = "URL that the response redirects to."
		return objectOf(value.Property{Name: locationMember, Schema: text}), nil
	case a.Status/100 != http.StatusOK/100:
		return &value.Schema{Types: optable.Object}, nil
	case a.MediaType != "" && !strings.HasSuffix(mediaType, "json"):
		return objectOf(value.Property{Name: contentTypeMember, Schema: text}, value.Property{Name: textMember, Schema: text}), nil
	case a.Schema == nil:
		return &value.Schema{Types: optable.Object}, nil
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

func objectOf(properties ...value.Property) *value.Schema {
	return &value.Schema{Types: optable.Object, Properties: properties}
}

// asObject wraps what is no object as a result does.
func asObject(s *value.Schema) *value.Schema {
	s = oneForm(s)
	root := &value.Schema{Types: optable.Object}
	if s.Types == 0 || s.Types.Has(optable.Object) {
		root.Description, root.Properties = s.Description, s.Properties
	}
	if s.Types.Has(optable.Array) {
		list := &value.Schema{Types: optable.Array, Description: s.Description, Deprecated: s.Deprecated, Items: s.Items}
		root.Properties = allProperties(root.Properties, []value.Property{{Name: dataMember, Schema: list}})
	}
	if scalars := s.Types &^ (optable.Object | optable.Array | optable.Null); scalars != 0 {
		scalar := *s
		scalar.Types, scalar.Properties, scalar.Items = scalars, nil, nil
		root.Properties = allProperties(root.Properties, []value.Property{{Name: valueMember, Schema: &scalar}})
	}
	return root
}

// oneForm makes one schema of alternatives, which accepts at least what any of them does.
func oneForm(s *value.Schema) *value.Schema {
	alternatives := slices.Clone(s.AnyOf)
	if s.Union != nil {
		for _, v := range s.Union.Variants {
			alternatives = append(alternatives, v.Schema.WithConst(s.Union.Property, v.Value))
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
	one.Description = cmp.Or(s.Description, all.Description)
	one.Properties = allProperties(s.Properties, all.Properties)
	switch {
	case all.Types != 0:
		one.Types |= s.Types
	case s.Types != optable.Null: // which would stand beside any type
		one.Types = s.Types
	}
	return &one
}

// either makes one schema of two, which accepts at least what either does. Bounds are left aside.
func either(a, b *value.Schema) *value.Schema {
	a, b = oneForm(a), oneForm(b)
	if a.Types == optable.Null {
		a, b = b, a
	}
	if b.Types == optable.Null {
		return orNull(a)
	}
	m := &value.Schema{
		Description: cmp.Or(a.Description, b.Description),
		Deprecated:  a.Deprecated && b.Deprecated,
		Properties:  allProperties(a.Properties, b.Properties),
		Items:       eitherItems(a, b),
	}
	if a.Types != 0 && b.Types != 0 {
		m.Types = a.Types | b.Types
	}
	if a.Format == b.Format {
		m.Format = a.Format
	}
	if x, y := a.Members(), b.Members(); len(x) > 0 && len(y) > 0 {
		m.Enum = slices.Clone(x)
		for _, member := range y {
			if !slices.Contains(m.Enum, member) {
				m.Enum = append(m.Enum, member)
			}
		}
	}
	return m
}

func allProperties(a, b []value.Property) []value.Property {
	m := value.Schema{Properties: slices.Clone(a)}
	for _, p := range b {
		if own := m.Property(p.Name); own != nil {
			own.Schema = either(own.Schema, p.Schema)
		} else {
			m.Properties = append(m.Properties, p)
		}
	}
	return m.Properties
}

// eitherItems makes one schema of the items of two; one that is no array has no say.
func eitherItems(a, b *value.Schema) *value.Schema {
	switch {
	case b.Types != 0 && !b.Types.Has(optable.Array):
		return a.Items
	case a.Types != 0 && !a.Types.Has(optable.Array):
		return b.Items
	case a.Items == nil || b.Items == nil: // anything
		return nil
	}
	return either(a.Items, b.Items)
}

// tolerant keeps of a schema the names and types, which an API does not change from one day to the next, and null is
// one of the types. What a map holds is left out too, as a new property is no different from an entry.
func tolerant(s *value.Schema) *value.Schema {
	s = oneForm(s)
	t := &value.Schema{Types: s.Types, Description: told(s), Deprecated: s.Deprecated}
	if t.Types |= optable.Null; s.Types == 0 || t.Types|optable.Integer == value.AnyType|optable.Integer {
		t.Types = 0
	}
	if s.Items != nil {
		t.Items = tolerant(s.Items)
	}
	for _, p := range s.Properties {
		t.Properties = append(t.Properties, value.Property{Name: p.Name, Schema: tolerant(p.Schema)})
	}
	return t
}

// told is the description, and in words what a schema of answers does not assert.
func told(s *value.Schema) string {
	text := s.Described()
	if members := plain(s.Members()); slices.ContainsFunc(members, func(m string) bool {
		return !strings.Contains(text, "`"+m+"`")
	}) {
		text += " Known values: " + strings.Join(members, ", ") + "."
	}
	switch s.Format {
	case "", "int32", "int64", "float", "double": // nothing beyond the type
	default:
		text += " Format: " + s.Format + "."
	}
	return strings.TrimSpace(text)
}

// plain writes members without the quotes of strings, and leaves null out.
func plain(members []string) []string {
	var list []string
	for _, m := range members {
		v, err := value.Parse([]byte(m))
		switch text, isText := v.(string); {
		case isText:
			list = append(list, text)
		case v != nil || err != nil:
			list = append(list, m)
		}
	}
	return list
}
