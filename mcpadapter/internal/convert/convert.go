// Package convert converts checked JSON values to the Go types of a client, and notices what such a type would change.
package convert

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// To converts a value as package value parses it to a Go type by way of JSON, which generated types are made for.
// Numbers in an any keep their digits. It fails if the type cannot represent the value, so that something else would be
// sent.
func To(typ reflect.Type, v any) (reflect.Value, error) {
	to := reflect.New(typ)
	if text, ok := v.(string); ok && typ == stringType { // as most path values are
		to.Elem().SetString(text)
		return to.Elem(), nil
	}
	text, err := json.Marshal(v)
	if err != nil {
		return reflect.Value{}, fmt.Errorf("write as JSON: %w", err)
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	if err := dec.Decode(to.Interface()); err != nil {
		return reflect.Value{}, fmt.Errorf("read as %s: %w", typ, err)
	}
	written, err := json.Marshal(to.Interface())
	if err != nil {
		return reflect.Value{}, fmt.Errorf("write %s: %w", typ, err)
	}
	if bytes.Equal(written, text) {
		return to.Elem(), nil
	}
	sent, err := value.Parse(written)
	if err != nil {
		return reflect.Value{}, fmt.Errorf("write %s: %w", typ, err)
	}
	return to.Elem(), compare(v, sent, "")
}

// Exact reports whether a type represents every value that a schema accepts, apart from the size of numbers, so that
// [To] succeeds.
func Exact(t reflect.Type, s *value.Schema) bool {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	var can optable.Types
	switch {
	case reflect.PointerTo(t).Implements(jsonUnmarshaler) || reflect.PointerTo(t).Implements(textUnmarshaler):
		return false
	case t.Kind() == reflect.String:
		can = optable.String
	case t.Kind() == reflect.Bool:
		can = optable.Boolean
	case t.Kind() == reflect.Float64, t.Kind() == reflect.Float32 && s.Minimum+s.Maximum+s.MultipleOf == "":
		can = optable.Number | optable.Integer
	case t.Kind() == reflect.Int64, t.Kind() == reflect.Int,
		t.Kind() == reflect.Int32 && s.Minimum+s.ExclusiveMinimum == "":
		can = optable.Integer
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8 && s.Items != nil:
		if !Exact(t.Elem(), s.Items) {
			return false
		}
		can = optable.Array
	default:
		return false
	}
	return s.Types != 0 && s.Types&^can == 0 && !s.HasAlternatives() && s.Const == ""
}

var (
	stringType      = reflect.TypeFor[string]()
	jsonUnmarshaler = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)
