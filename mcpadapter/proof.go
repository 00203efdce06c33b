package mcpadapter

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/media"
)

// prove tries the tool: it makes up valid arguments, first those that are required and then all, and converts them to
// those of the method, without calling it. It fails if that is impossible. Where no valid arguments can be made up, as
// for an unusual pattern, only a caller can tell. Plain arguments need no proof, and a
// strict adapter leaves all of it to the tests of its table.
func (t *tool) prove() error {
	if t.engine.strict || t.plain() {
		return nil
	}
	var err error
	for _, everything := range [...]bool{false, true} {
		e := exampler{everything: everything}
		args, unreadable := parseArguments(e.arguments(t.input), value.Parse)
		if unreadable != nil {
			return nil //nolint:nilerr // nothing to try
		}
		split, problems := t.input.split(args)
		if len(problems) > 0 {
			return nil // nothing to try
		}
		if _, err = t.goArguments(split); err == nil {
			return nil
		}
	}
	return fmt.Errorf("valid arguments cannot be sent: %w", err)
}

// plain reports whether the arguments can be sent whatever they are: their Go types represent what their schemas
// accept, and the body is sent as it is given.
func (t *tool) plain() bool {
	for _, p := range t.call.paths {
		if !plainType(p.typ, t.input.root.Property(p.argument).Schema) {
			return false
		}
	}
	for _, p := range t.input.params {
		if p.always || !plainType(p.typ, t.input.root.Property(p.argument).Schema) {
			return false
		}
	}
	return t.operation.Body == nil || t.call.reader && (t.input.required || t.call.editorType != nil) &&
		!slices.ContainsFunc(t.input.contents, func(c content) bool { return c.kind != media.JSON })
}

// plainType reports whether a type represents every value that a schema accepts, apart from the size of numbers.
func plainType(t reflect.Type, s *value.Schema) bool {
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
		if !plainType(t.Elem(), s.Items) {
			return false
		}
		can = optable.Array
	default:
		return false
	}
	return s.Types != 0 && s.Types&^can == 0 && !s.HasAlternatives() && s.Const == ""
}

var (
	jsonUnmarshaler = reflect.TypeFor[json.Unmarshaler]()
	textUnmarshaler = reflect.TypeFor[encoding.TextUnmarshaler]()
)
