package convert_test

import (
	"encoding/json"
	"math"
	"reflect"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/convert"
)

type tea struct {
	Name  string `json:"name"`
	Grams *int64 `json:"grams,omitempty"`
	Extra any    `json:"extra,omitempty"`
}

func TestValuesBecomeGoValues(t *testing.T) {
	t.Parallel()
	grams := int64(9007199254740993)
	for _, c := range []struct {
		given string
		want  any
	}{
		{`"a"`, "a"}, {`""`, ""}, {`7`, 7}, {`1e1`, 10.0}, {`true`, true}, {`["a","b"]`, []string{"a", "b"}},
		{`{"name":"n","grams":9007199254740993}`, tea{Name: "n", Grams: &grams}},
		{`{"name":"n","extra":{"n":9007199254740993}}`, tea{
			Name: "n", Extra: map[string]any{"n": json.Number("9007199254740993")},
		}},
		{`"2026-01-02T03:04:05Z"`, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)},
	} {
		v, err := value.Parse([]byte(c.given))
		if err != nil {
			t.Fatal(err)
		}
		got, err := convert.To(reflect.TypeOf(c.want), v)
		if err != nil || !reflect.DeepEqual(got.Interface(), c.want) {
			t.Errorf("%s: got %v, %v, want %v", c.given, got, err, c.want)
		}
	}
}

func TestWhatATypeCannotReadFails(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		to    any
		given any
		want  string
	}{
		{0, "a", "read as int: json: cannot unmarshal string into Go value of type int"},
		{int8(0), json.Number("128"), "read as int8: json: cannot unmarshal number 128 into Go value of type int8"},
		{0, math.Inf(1), "write as JSON: json: unsupported value: +Inf"},
		{tea{}, map[string]any{"name": "n", "x": "y"}, "x: the string \"y\" cannot be sent"},
	} {
		if _, err := convert.To(reflect.TypeOf(c.to), c.given); message(err) != c.want {
			t.Errorf("%v as %T: got %v, want %s", c.given, c.to, err, c.want)
		}
	}
}

func TestTypesThatRepresentASchema(t *testing.T) {
	t.Parallel()
	type text string
	of := func(types optable.Types) *value.Schema { return &value.Schema{Types: types} }
	list := func(items *value.Schema) *value.Schema { return &value.Schema{Types: optable.Array, Items: items} }
	for _, c := range []struct {
		typ    reflect.Type
		schema *value.Schema
		want   bool
	}{
		{reflect.TypeFor[string](), of(optable.String), true},
		{reflect.TypeFor[*string](), of(optable.String), true},
		{reflect.TypeFor[text](), of(optable.String), true},
		{reflect.TypeFor[string](), of(optable.String | optable.Null), false},
		{reflect.TypeFor[string](), of(optable.Integer), false},
		{reflect.TypeFor[string](), of(0), false},
		{reflect.TypeFor[string](), &value.Schema{Types: optable.String, Const: `"a"`}, false},
		{reflect.TypeFor[string](), &value.Schema{Types: optable.String, AnyOf: []*value.Schema{{}}}, false},
		{reflect.TypeFor[bool](), of(optable.Boolean), true},
		{reflect.TypeFor[bool](), of(optable.String), false},
		{reflect.TypeFor[float64](), of(optable.Number | optable.Integer), true},
		{reflect.TypeFor[float64](), &value.Schema{Types: optable.Number, Maximum: "0.1"}, true},
		{reflect.TypeFor[float32](), of(optable.Number), true},
		{reflect.TypeFor[float32](), &value.Schema{Types: optable.Number, Minimum: "0.1"}, false},
		{reflect.TypeFor[float32](), &value.Schema{Types: optable.Number, Maximum: "0.1"}, false},
		{reflect.TypeFor[float32](), &value.Schema{Types: optable.Number, MultipleOf: "0.1"}, false},
		{reflect.TypeFor[int64](), of(optable.Integer), true},
		{reflect.TypeFor[int](), of(optable.Integer), true},
		{reflect.TypeFor[int](), of(optable.Number), false},
		{reflect.TypeFor[int32](), of(optable.Integer), true},
		{reflect.TypeFor[int32](), &value.Schema{Types: optable.Integer, Minimum: "1"}, false},
		{reflect.TypeFor[int32](), &value.Schema{Types: optable.Integer, ExclusiveMinimum: "1"}, false},
		{reflect.TypeFor[int16](), of(optable.Integer), false},
		{reflect.TypeFor[[]string](), list(of(optable.String)), true},
		{reflect.TypeFor[*[]string](), list(of(optable.String)), true},
		{reflect.TypeFor[[]string](), list(of(optable.Integer)), false},
		{reflect.TypeFor[[]string](), list(nil), false},
		{reflect.TypeFor[[]byte](), list(of(optable.Integer)), false},
		{reflect.TypeFor[time.Time](), of(optable.String), false},
		{reflect.TypeFor[json.Number](), of(optable.String), true},
		{reflect.TypeFor[json.RawMessage](), list(of(optable.String)), false},
		{reflect.TypeFor[tea](), of(optable.Object), false},
		{reflect.TypeFor[any](), of(optable.String), false},
	} {
		if got := convert.Exact(c.typ, c.schema); got != c.want {
			t.Errorf("%v for %+v: got %t, want %t", c.typ, *c.schema, got, c.want)
		}
	}
}
