package value_test

import (
	"slices"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

func TestTypesIncludeThoseOfAlternatives(t *testing.T) {
	t.Parallel()
	text, whole := &value.Schema{Types: optable.String}, &value.Schema{Types: optable.Integer | optable.Null}
	for name, c := range map[string]struct {
		schema   *value.Schema
		types    optable.Types
		nullable bool
	}{
		"its own":        {whole, optable.Integer | optable.Null, true},
		"any":            {&value.Schema{}, value.AnyType, true},
		"within another": {&value.Schema{Types: optable.String, Within: text}, optable.String, false},
		"of that alone":  {&value.Schema{Within: text}, optable.String, true},
		"alternatives": {
			&value.Schema{AnyOf: []*value.Schema{text, whole}}, optable.String | optable.Integer | optable.Null, true,
		},
		"alternatives without null": {&value.Schema{AnyOf: []*value.Schema{text, text}}, optable.String, false},
	} {
		if got := c.schema.AllTypes(); got != c.types {
			t.Errorf("%s: got %v, want %v", name, got.Names(), c.types.Names())
		}
		if got := c.schema.Nullable(); got != c.nullable {
			t.Errorf("%s: got nullable %v, want %v", name, got, c.nullable)
		}
	}
}

func TestMembersAreTheConstOrTheEnum(t *testing.T) {
	t.Parallel()
	enum := []string{`"a"`, `"b"`}
	s := &value.Schema{Types: optable.String | optable.Null, Enum: enum}
	if got := s.Members(); !slices.Equal(got, enum) {
		t.Errorf("got %q, want the enum", got)
	}
	if got, want := value.EnumWithNull(s), []string{`"a"`, `"b"`, "null"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	s.Const = `"a"`
	if got := s.Members(); !slices.Equal(got, []string{`"a"`}) {
		t.Errorf("got %q, want the const", got)
	}
}

func TestAVariantCanBePinned(t *testing.T) {
	t.Parallel()
	s := &value.Schema{Types: optable.Object, Properties: []value.Property{
		{Name: "kind", Schema: &value.Schema{Enum: []string{`"a"`, `"b"`}}}, {Name: "other", Schema: &value.Schema{}},
	}}
	pinned := s.WithConst("kind", `a"<`)
	if got := pinned.Property("kind").Schema; got.Const != `"a\"<"` || got.Enum != nil {
		t.Errorf("got %+v, want the const alone", got)
	}
	if s.Property("kind").Schema.Const != "" || pinned.Property("other").Schema != s.Property("other").Schema {
		t.Error("got the schema itself changed, want a copy")
	}
	if got := s.WithConst("none", "a"); !slices.Equal(got.Names(), s.Names()) {
		t.Errorf("got the properties %q, want those that there are", got.Names())
	}
}
