package mcpadapter

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/media"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/schema"
)

// WithOutputSchemas derives the output schema of each tool from what the …WithResponse methods of the client return.
// New fails for a client without them. Without this option tools have no output schemas, because models pay for them
// with every list.
//
// The schemas describe and do not restrict. An API may add properties and enum members, omit fields and send null, and
// a client that validates must not reject such a response. So nothing is required or excluded, enum members and formats
// are part of descriptions, null is allowed everywhere, and a failure is valid too.
func WithOutputSchemas() Option {
	return func(o *options) error {
		o.outputs = true
		return nil
	}
}

// output returns the schema of the results of a tool: of all successful responses in one.
func (d *deriver) output(t *tool, methods methodSet) (json.RawMessage, error) {
	response, err := methods.response(t.operation)
	if err != nil {
		return nil, err
	}
	root := &value.Schema{Types: optable.Object}
	for i := range t.operation.Responses {
		a := &t.operation.Responses[i]
		shape, err := d.result(response, a)
		if err != nil {
			return nil, fmt.Errorf("response %d: %w", a.Status, err)
		}
		root = schema.Either(root, shape)
	}
	if err := d.Err(); err != nil {
		return nil, err
	}
	root = schema.Tolerant(root)
	root.Types = optable.Object
	if p := root.Property("error"); p != nil { // the API's own, or a failure
		p.Schema = &value.Schema{Description: p.Schema.Description}
	}
	return schema.AppendRoot(nil, root, schema.Style{}), nil
}

// response returns the struct of responses that the …WithResponse method of an operation points to.
func (m methodSet) response(op *optable.Operation) (reflect.Type, error) {
	i, ok, err := m.find(op, withResponse)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fmt.Errorf("%s has no …WithResponse method for it, which output schemas require", m.client.Type())
	}
	if method := m.client.Method(i).Type(); method.NumOut() == 2 {
		if out := method.Out(0); out.Kind() == reflect.Pointer && out.Elem().Kind() == reflect.Struct {
			return out.Elem(), nil
		}
	}
	return nil, fmt.Errorf("method %s: it does not return a pointer to a struct of responses",
		m.client.Type().Method(i).Name)
}

// result derives the schema of the result for a documented response, always an object.
func (d *deriver) result(response reflect.Type, a *optable.Response) (*value.Schema, error) {
	text := &value.Schema{Types: optable.String}
	mediaType, _, _ := strings.Cut(a.MediaType, ";")
	switch {
	case a.Status/100 == http.StatusMultipleChoices/100:
		text.Description = "URL that the response redirects to."
		return objectOf(value.Property{Name: locationMember, Schema: text}), nil
	case a.Status/100 != http.StatusOK/100:
		return &value.Schema{Types: optable.Object}, nil
	case a.MediaType != "" && isBinary(media.KindOf(mediaType), mediaType, []byte{0}):
		size := &value.Schema{Types: optable.Integer, Description: "Size of the content, which is beside this object."}
		return objectOf(
			value.Property{Name: contentTypeMember, Schema: text}, value.Property{Name: sizeMember, Schema: size},
		), nil
	case media.KindOf(mediaType) == media.Events, media.KindOf(mediaType) == media.Lines:
		records := &value.Schema{Types: optable.Array, Items: &value.Schema{}}
		return objectOf(value.Property{Name: dataMember, Schema: records}), nil
	case a.MediaType != "" && !strings.HasSuffix(mediaType, "json"):
		return objectOf(
			value.Property{Name: contentTypeMember, Schema: text}, value.Property{Name: textMember, Schema: text},
		), nil
	case a.Schema == nil:
		return &value.Schema{Types: optable.Object}, nil
	}
	field, ok := responseField(response, a)
	if !ok {
		return nil, fmt.Errorf("%s has no field for it", response)
	}
	s, err := d.Schema(field.Type, a.Schema)
	if err != nil {
		return nil, err
	}
	return asObject(s), nil
}

// responseField returns the field that oapi-codegen names by media type and status, such as JSON200 or JSON2XX.
func responseField(response reflect.Type, a *optable.Response) (reflect.StructField, bool) {
	kind := schema.Fold(a.MediaType)
	if kind == "applicationjson" || kind == "applicationhaljson" {
		kind = strings.TrimPrefix(kind, "application")
	}
	for _, status := range []string{strconv.Itoa(a.Status), strconv.Itoa(a.Status/100) + "xx"} {
		field, ok := response.FieldByNameFunc(func(name string) bool { return schema.Fold(name) == kind+status })
		if ok {
			return field, true
		}
	}
	return reflect.StructField{}, false
}

func objectOf(properties ...value.Property) *value.Schema {
	return &value.Schema{Types: optable.Object, Properties: properties}
}

// asObject wraps a schema that is not an object, as a result does.
func asObject(s *value.Schema) *value.Schema {
	s = schema.OneForm(s)
	root := &value.Schema{Types: optable.Object}
	if s.Types == 0 || s.Types.Has(optable.Object) {
		root.Description, root.Properties = s.Description, s.Properties
	}
	if s.Types.Has(optable.Array) {
		list := &value.Schema{Types: optable.Array, Description: s.Description, Deprecated: s.Deprecated, Items: s.Items}
		root.Properties = schema.AllProperties(root.Properties, []value.Property{{Name: dataMember, Schema: list}})
	}
	if scalars := s.Types &^ (optable.Object | optable.Array | optable.Null); scalars != 0 {
		scalar := *s
		scalar.Types, scalar.Properties, scalar.Items = scalars, nil, nil
		root.Properties = schema.AllProperties(root.Properties, []value.Property{{Name: valueMember, Schema: &scalar}})
	}
	return root
}
