package typescript_test

import (
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/typescript"
)

func of(types optable.Types) *value.Schema { return &value.Schema{Types: types} }

func list(items *value.Schema) *value.Schema {
	return &value.Schema{Types: optable.Array, Items: items}
}

func object(properties ...value.Property) *value.Schema {
	return &value.Schema{Types: optable.Object, Properties: properties}
}

func TestTypesInALine(t *testing.T) {
	t.Parallel()
	for want, s := range map[string]*value.Schema{
		"any": nil, "string": of(optable.String), "int": of(optable.Integer), "number": of(optable.Number),
		"boolean": of(optable.Boolean), "string|null": of(optable.String | optable.Null), "{…}": of(optable.Object),
		"string|int": of(optable.String | optable.Integer), "any[]": list(nil), "string[]": list(of(optable.String)),
		"({…}|null)[]":    list(of(optable.Object | optable.Null)),
		"(string|null)[]": list(of(optable.String | optable.Null)),
		"{a}":             object(value.Property{Name: "a", Required: true, Schema: of(optable.String)}),
		"{a?: {…}}[]":     list(object(value.Property{Name: "a", Schema: object(value.Property{Name: "b"})})),
		"'a'|'b'":         {Types: optable.String, Enum: []string{`"a"`, `"b"`}},
	} {
		if got := typescript.Type(s); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if got := typescript.Type(of(optable.Null)); got != "any" {
		t.Errorf("null alone: got %s, want any", got)
	}
	long := &value.Schema{Types: optable.String, Enum: []string{`"` + strings.Repeat("a", 47) + `"`}}
	if got := typescript.Type(long); got != "string" {
		t.Errorf("long members: got %s, want string", got)
	}
}

// Required properties are never left out, and have theirs; optional ones are as far as they fit.
func TestASignatureFitsALine(t *testing.T) {
	t.Parallel()
	inner := object(value.Property{Name: "x", Required: true, Schema: of(optable.Integer)})
	for _, c := range []struct {
		schema *value.Schema
		want   string
	}{
		{object(), ""},
		{object(value.Property{Name: "a-b", Required: true, Schema: of(optable.String)}), `{"a-b"}`},
		{object(
			value.Property{Name: "id", Required: true, Schema: of(optable.String)},
			value.Property{Name: "in", Required: true, Schema: inner}, value.Property{Name: "also", Schema: inner},
		), "{id, in: {x: int}, also?: {…}}"},
		{object(
			value.Property{Name: strings.Repeat("a", 200), Required: true, Schema: of(optable.String)},
			value.Property{Name: "b", Schema: of(optable.String)}, value.Property{Name: "c", Schema: of(optable.String)},
		), "{" + strings.Repeat("a", 200) + ", …}"},
		{object(
			value.Property{Name: strings.Repeat("a", 156), Required: true, Schema: of(optable.String)},
			value.Property{Name: "b", Schema: of(optable.String)}, value.Property{Name: "c", Schema: of(optable.String)},
		), "{" + strings.Repeat("a", 156) + ", b?, …}"},
	} {
		if got := typescript.Signature(c.schema); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}
