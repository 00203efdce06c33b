package value_test

import (
	"regexp"
	"slices"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

func TestProblemsHaveAKindAndASchema(t *testing.T) {
	t.Parallel()
	text := &value.Schema{Types: optable.String}
	short := &value.Schema{Types: optable.String, MinLength: 1, MaxLength: 2, Pattern: regexp.MustCompile("^a")}
	email := &value.Schema{Types: optable.String, Format: "email"}
	number := &value.Schema{Types: optable.Number, Minimum: "0", Maximum: "9", MultipleOf: "2"}
	list := &value.Schema{Types: optable.Array, MinItems: 1, MaxItems: 2, UniqueItems: true}
	names := &value.Schema{Types: optable.Object, MinProperties: 1, MaxProperties: 2, PropertyNames: short}
	closed := &value.Schema{Types: optable.Object, Closed: true, Properties: []value.Property{
		{Name: "need", Required: true, Schema: text},
	}}
	long := &value.Schema{Types: optable.String, MinLength: 3}
	either := &value.Schema{AnyOf: []*value.Schema{short, long}}
	union := &value.Schema{Types: optable.Object, Union: &value.Union{Property: "kind", Variants: []value.Variant{
		{Value: "a", Schema: names},
	}}}
	constant := &value.Schema{Const: `"a"`}
	both := &value.Schema{Const: `"a"`, Enum: []string{`"b"`}}
	for _, c := range []struct {
		schema *value.Schema
		text   string
		want   []value.Kind
		broken *value.Schema
	}{
		{text, "1", []value.Kind{value.WrongType}, text},
		{short, `""`, []value.Kind{value.WrongLength, value.WrongFormat}, short},
		{short, `"aaa"`, []value.Kind{value.WrongLength}, short},
		{short, `"b"`, []value.Kind{value.WrongFormat}, short},
		{email, `"b"`, []value.Kind{value.WrongFormat}, email},
		{number, "-2", []value.Kind{value.WrongValue}, number},
		{number, "10", []value.Kind{value.WrongValue}, number},
		{number, "1", []value.Kind{value.WrongValue}, number},
		{number, "1e400", []value.Kind{value.WrongValue}, number},
		{number, "99999999999999999998", []value.Kind{value.WrongValue}, number},
		{constant, `"b"`, []value.Kind{value.WrongValue}, constant},
		{both, `"a"`, []value.Kind{value.WrongValue}, both},
		{both, `"b"`, []value.Kind{value.WrongValue}, both},
		{list, "[]", []value.Kind{value.WrongLength}, list},
		{list, "[1,2,3]", []value.Kind{value.WrongLength}, list},
		{list, "[1,1]", []value.Kind{value.Duplicate}, list},
		{names, "{}", []value.Kind{value.WrongLength}, names},
		{names, `{"a":1,"ab":1,"ac":1}`, []value.Kind{value.WrongLength}, names},
		{names, `{"b":1}`, []value.Kind{value.WrongFormat}, short},
		{closed, "{}", []value.Kind{value.Missing}, text},
		{closed, `{"need":"","ned":1}`, []value.Kind{value.Unknown}, closed},
		{either, `"b"`, []value.Kind{value.NoAlternative}, either},
		{either, "1", []value.Kind{value.WrongType}, either},
		{union, "{}", []value.Kind{value.Missing}, union},
		{&value.Schema{Items: text}, "[1]", []value.Kind{value.WrongType}, text},
	} {
		_, problems := value.Check(c.schema, parse(t, c.text))
		for _, p := range problems {
			if p.Schema != c.broken {
				t.Errorf("%s: got a problem of %+v, want one of %+v", c.text, p.Schema, c.broken)
			}
		}
		if got := kinds(problems); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.text, got, c.want)
		}
	}
}

func TestCausesAreThoseOfTheFirstAlternative(t *testing.T) {
	t.Parallel()
	first := &value.Schema{Types: optable.String, MaxLength: 1}
	second := &value.Schema{Types: optable.String, MinLength: 3}
	s := &value.Schema{AnyOf: []*value.Schema{{Types: optable.Integer}, first, second}}
	_, problems := value.Check(s, "ab", value.Step{Name: "v"})
	if len(problems) != 1 || len(problems[0].Causes) != 1 || problems[0].Causes[0].Schema != first ||
		problems[0].Causes[0].Path.String() != "v" {
		t.Errorf("got %+v, want the problem of the first alternative for texts", problems)
	}
}

func TestOnlyWhatAnotherVariantHasDoesNotGoWithAVariant(t *testing.T) {
	t.Parallel()
	whole := &value.Schema{Types: optable.Integer}
	inner := &value.Schema{Types: optable.Object, Closed: true, Properties: []value.Property{{Name: "deep", Schema: whole}}}
	object := func(p ...value.Property) *value.Schema {
		p = append(p, value.Property{Name: "kind", Schema: &value.Schema{}})
		return &value.Schema{Types: optable.Object, Closed: true, Properties: p}
	}
	s := &value.Schema{Types: optable.Object, Union: &value.Union{Property: "kind", Variants: []value.Variant{
		{Value: "a", Schema: object(value.Property{Name: "inner", Schema: inner})},
		{Value: "b", Schema: object(value.Property{Name: "other", Schema: whole})},
	}}}
	for text, want := range map[string]string{
		`{"kind":"a","other":1}`:           `other: does not go with kind "a"`,
		`{"kind":"a","others":1}`:          "others: is unknown; expected inner, kind",
		`{"kind":"a","inner":{"other":1}}`: "inner.other: is unknown; expected deep",
		`{"kind":"a","inner":{"deep":""}}`: `inner.deep: expected a whole number, got the string ""`,
	} {
		if _, problems := value.Check(s, parse(t, text)); !slices.Equal(lines(problems), []string{want}) {
			t.Errorf("%s: got %q, want %q", text, lines(problems), want)
		}
	}
}
