package value_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// with returns an object with one more property.
func with(s *value.Schema, name string, property *value.Schema) *value.Schema {
	s.Properties = append(s.Properties, value.Property{Name: name, Schema: property})
	return s
}

func closed(s *value.Schema) *value.Schema {
	s.Closed = true
	return s
}

// listOf returns a schema of arrays.
func listOf(items *value.Schema) *value.Schema {
	return &value.Schema{Types: optable.Array, Items: items}
}

func TestAProblemCountsByWhatItTellsOfTheAlternative(t *testing.T) {
	t.Parallel()
	lacking := func(n int) *value.Schema { // as far from an object as n missing properties
		names := []string{"p!", "q!", "r!", "s!", "t!"}
		return object("", names[:n]...)
	}
	enum, two := object("", "kind!=a"), object("", "kind!=a|b")
	constant := with(object(""), "kind", &value.Schema{Const: `"a"`})
	number := with(object(""), "kind", &value.Schema{Types: optable.Integer, Minimum: "5"})
	unknown := closed(object("", "k"))
	for _, c := range []struct {
		name   string
		s      *value.Schema
		text   string
		weight int // so many missing properties are as far
	}{
		{"another value than the only one", enum, `{"kind":"x"}`, 4},
		{"another value than the constant", constant, `{"kind":"x"}`, 4},
		{"another value than two", two, `{"kind":"x"}`, 1},
		{"a value out of bounds", number, `{"kind":1}`, 1},
		{"a value of another type", enum, `{"kind":1}`, 1},
		{"a constant that is missing", enum, `{}`, 1},
		{"an unknown property", unknown, `{"x":1}`, 2},
		{"two unknown properties", unknown, `{"x":1,"y":1}`, 4},
	} {
		for n := 1; n <= 5; n++ {
			for _, first := range []bool{true, false} { // of two that are equally near, the first is shown
				s := choice(c.s, lacking(n))
				if !first {
					s = choice(lacking(n), c.s)
				}
				missing := n < c.weight || n == c.weight && !first
				got := specific(t, s, c.text)
				if len(got) != 1 || strings.Contains(got[0], "and there v.p: is required") != missing {
					t.Errorf("%s: beside %d missing ones (first: %v): got %q", c.name, n, first, got)
				}
			}
		}
	}
}

// Where the nearest alternative has a choice of its own, what is wrong in there is shown, with its own path.
func TestTheNearestAlternativeShowsTheProblemInside(t *testing.T) {
	t.Parallel()
	chosen := choice(object("", "kind!=a", "x!"), object("", "kind!=b", "y!", "z!"))
	tried := choice(object("", "x!"), object("", "y!", "z!"))
	for _, c := range []struct {
		inner *value.Schema
		text  string
		want  string
	}{
		{chosen, `{"in":{"kind":"a"}}`, "v.in.x: is required: a string"},
		{chosen, `{"in":{"kind":"b"}}`, "v.in.y: is required: a string"},
		{chosen, `{"in":{"kind":"c"}}`, `v.in.kind: expected one of "a", "b", got the string "c"`},
		{tried, `{"in":{"z":"1"}}`, "v.in.x: is required: a string"},
	} {
		s := choice(with(object("Outer"), "in", c.inner), object("Other", "p!", "q!"))
		got := specific(t, s, c.text)
		want := "the nearest is an object (Outer), and there " + c.want
		if len(got) != 1 || !strings.HasSuffix(got[0], want) {
			t.Errorf("%s: got %q, want one that ends in %q", c.text, got, want)
		}
	}
}

func TestWithoutAnAlternativeOfItsTypeAValueHasTheWrongType(t *testing.T) {
	t.Parallel()
	s := choice(&value.Schema{Types: optable.String}, &value.Schema{Types: optable.Integer})
	for text, what := range map[string]string{"{}": "an object", "[]": "an array of 0", "null": "null"} {
		_, problems := value.Check(s, parse(t, text), value.Step{Name: "v"})
		want := fmt.Sprintf("v: %s matches none of the accepted forms: a string or a whole number", what)
		if !slices.Equal(lines(problems), []string{want}) || problems[0].Kind != value.WrongType {
			t.Errorf("%s: got %+v, want %s", text, problems, want)
		}
		if value.Valid(s, parse(t, text)) {
			t.Errorf("%s: got a valid value", text)
		}
	}
}

// What was found for one value is used again for that value alone, not for one that is as empty or as short.
func TestEachValueOfAListIsTried(t *testing.T) {
	t.Parallel()
	text := func(least, most int) *value.Schema {
		return &value.Schema{Types: optable.String, MinLength: least, MaxLength: most}
	}
	list := func(least int) *value.Schema { return &value.Schema{Types: optable.Array, MinItems: least} }
	for _, c := range []struct {
		items *value.Schema
		text  string
		want  []int // items with a problem
	}{
		{choice(text(0, 1), text(3, 0)), `["ab","a","abc","cd"]`, []int{0, 3}},
		{choice(text(0, 1), text(3, 0)), `["a","ab","abc"]`, []int{1}},
		{choice(list(1), list(2)), `[[],[],[1],[]]`, []int{0, 1, 3}},
		{choice(object("", "a!"), object("", "b!")), `[{},{},{"a":""},{}]`, []int{0, 1, 3}},
		{choice(object("", "a!"), object("", "b!")), `[{"b":""},{"c":1},{"a":""},{"c":1}]`, []int{1, 3}},
	} {
		var got []int
		_, problems := value.Check(listOf(c.items), parse(t, c.text))
		for _, p := range problems {
			got = append(got, p.Path[0].Index)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got problems of the items %v, want those of %v", c.text, got, c.want)
		}
	}
}

func TestWhatRepeatsIsReturnedAsItIs(t *testing.T) {
	t.Parallel()
	s := choice(&value.Schema{Types: optable.String}, &value.Schema{Types: optable.Number})
	s.AnyOf = append(s.AnyOf, listOf(&value.Schema{Within: s}), with(object("", "a"), "next", &value.Schema{Within: s}))
	for text, want := range map[string][]string{
		`["a",["b",[1.5]],{"a":"c","next":[2]}]`: nil,
		`{"next":{"next":"d"}}`:                  nil,
		`["a",[true]]`: {"v[1][0]: the boolean true matches none of the accepted forms: " +
			"a string or a number or an array or an object"},
		`[{"next":{"a":1}}]`: {"v[0].next.a: expected a string, got the number 1"},
	} {
		if got := specific(t, s, text); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

// Schemas may lead to themselves in several ways. Were all ways followed, a value of a hundred levels would take longer
// than anyone lives.
func TestWhatLeadsToItselfInSeveralWaysIsTriedOnce(t *testing.T) {
	t.Parallel()
	var lists, merged value.Schema
	short := listOf(&value.Schema{Within: &lists})
	short.MaxItems = 1
	lists.AnyOf = []*value.Schema{short, listOf(&value.Schema{Within: &lists})}
	merged.AllOf = []*value.Schema{
		with(object("", "a"), "next", &value.Schema{Within: &merged}),
		with(object("", "b"), "next", &value.Schema{Within: &merged}),
	}
	const depth = 100
	for _, c := range []struct {
		s             *value.Schema
		before, after string
		leaf          string
		want          string // what the first problem begins with
	}{
		{&lists, "[", "]", "[]", ""},
		{&lists, "[", "]", "1", "v: an array of 1 matches none"},
		{&merged, `{"a":"x","next":`, "}", "{}", ""},
		{&merged, `{"a":"x","next":`, "}", `{"b":1}`, "v" + strings.Repeat(".next", depth) + ".b: expected a string"},
	} {
		text := strings.Repeat(c.before, depth) + c.leaf + strings.Repeat(c.after, depth)
		got := append(specific(t, c.s, text), "")
		if !strings.HasPrefix(got[0], c.want) || (c.want == "") != (got[0] == "") {
			t.Errorf("%s: got %q, want %q", text, got, c.want)
		}
	}
}

// A schema that is one of its own alternatives accepts what the others do.
func TestASchemaMayBeItsOwnAlternative(t *testing.T) {
	named := func(name string, alternatives ...optable.Schema) optable.Schema {
		return optable.Schema{Name: name, Composition: &optable.Composition{AnyOf: alternatives}}
	}
	table := &optable.Table{Schemas: []optable.Schema{
		named("A", optable.Schema{Ref: "A"}, optable.Schema{Types: optable.String}, optable.Schema{
			Types: optable.Object, Properties: []optable.Property{{Name: "a", Required: true}},
		}),
		named("B", optable.Schema{Ref: "C"}, optable.Schema{Types: optable.String}),
		named("C", optable.Schema{Ref: "B"}, optable.Schema{Types: optable.Integer}),
		named("D", optable.Schema{Ref: "D"}),
	}}
	for name, values := range map[string]map[string]bool{
		"A": {`"x"`: true, `{"a":1}`: true, `{"b":1}`: false, `{}`: false, `1`: false, `[]`: false, `["x"]`: false},
		"B": {`"x"`: true, `1`: true, `true`: false, `{}`: false},
		"D": {`"x"`: false, `{}`: false, `{"a":1}`: false},
	} {
		s, err := value.NewCompiler(table).Compile(&optable.Schema{Ref: name})
		if err != nil {
			t.Fatal(err)
		}
		for text, want := range values {
			v, err := value.Parse([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if _, problems := value.Check(s, v); (len(problems) == 0) != want {
				t.Errorf("%s, %s: got the problems %v, want it accepted: %t", name, text, problems, want)
			}
		}
	}
}
