package value_test

import (
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// object returns a schema of an object, whose properties with an exclamation mark are required. After an equals sign
// stands the only value of a property, or several with bars between.
func object(name string, properties ...string) *value.Schema {
	s := &value.Schema{Name: name, Types: optable.Object}
	for _, p := range properties {
		p, members, _ := strings.Cut(p, "=")
		p, required := strings.CutSuffix(p, "!")
		text := &value.Schema{Types: optable.String}
		for member := range strings.SplitSeq(members, "|") {
			if member != "" {
				text.Enum = append(text.Enum, `"`+member+`"`)
			}
		}
		s.Properties = append(s.Properties, value.Property{Name: p, Required: required, Schema: text})
	}
	return s
}

func choice(alternatives ...*value.Schema) *value.Schema { return &value.Schema{AnyOf: alternatives} }

func TestAlternativesAreNamedByWhatOnlyTheyHave(t *testing.T) {
	t.Parallel()
	text := &value.Schema{Types: optable.String}
	whole := &value.Schema{Types: optable.Integer}
	for _, c := range []struct {
		s    *value.Schema
		want string
	}{
		{choice(text, whole, text), "a string or a whole number"},
		{choice(object("Card", "number!", "name"), object("Bank", "iban!", "name")), "an object with number, or an object with iban"},
		{choice(object("", "a!", "b!", "c!", "d!"), object("", "e")), "an object with a and b and c, or an object with e"},
		{choice(object("Card", "name!"), object("Bank", "name!")), "an object (Card) or an object (Bank)"},
		{choice(object("", "name"), object("", "name")), "an object"},
		{choice(object("", "name"), object("", "lat", "lon")), "an object with name, or an object with lat or lon"},
		{
			choice(object("", "kind!=a", "x"), object("", "kind!=b|c", "x"), text),
			`an object with kind "a", or an object with kind "b" or "c", or a string`,
		},
		{
			choice(choice(object("", "kind!=a"), object("", "kind!=b")), object("", "kind!=c")),
			`an object with kind "a", or an object with kind "b", or an object with kind "c"`,
		},
		{choice(&value.Schema{Properties: object("", "a!").Properties}, object("", "b!")), "an object with a, or an object with b"},
		{choice(object("", "a"), text), "an object or a string"},
		{ // the values of a property that one form lacks, or has in common with another, tell nothing
			choice(object("", "kind!=a"), object("", "kind!=b"), object("", "x!")),
			"an object, or an object with x",
		},
		{choice(object("A", "kind!=a|b"), object("B", "kind!=b|c")), "an object (A) or an object (B)"},
		{choice(object("A", "kind!=a", "p!"), object("B", "kind!", "p!")), "an object (A) or an object (B)"},
		{ // nor do more than three
			choice(object("A", "kind!=a|b|c"), object("B", "kind!=d|e|f|g")),
			`an object with kind "a" or "b" or "c", or an object (B)`,
		},
		{ // what each requires comes before what only the others lack
			choice(object("", "a", "b!"), object("", "a", "c!"), object("", "d")),
			"an object with b, or an object with c, or an object with d",
		},
	} {
		if got := value.Expected(c.s); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	many := choice()
	for i := range 20 {
		if many.AnyOf = append(many.AnyOf, object("", strings.Repeat("a", i+1)+"!")); i == 11 {
			if got := value.Expected(many); strings.Count(got, "an object") != 12 || strings.Contains(got, "more") {
				t.Errorf("got %q, want all twelve", got)
			}
		}
	}
	if got := value.Expected(many); strings.Count(got, "an object") != 12 || !strings.HasSuffix(got, " or 8 more") {
		t.Errorf("got %q, want twelve of 20", got)
	}
}

// The nearest alternative is the one with the fewest and lightest faults.
func TestTheNearestAlternativeIsShown(t *testing.T) {
	t.Parallel()
	closed := func(s *value.Schema) *value.Schema {
		s.Closed = true
		return s
	}
	s := choice(closed(object("", "a!", "b!")), closed(object("", "c!", "d!")))
	const prefix = "v: an object matches none of the accepted forms: an object with a and b, or an object with c and d; " +
		"the nearest is "
	for text, want := range map[string]string{
		`{"c":"1"}`:         "an object with c and d, and there v.d: is required: a string",
		`{"a":"1"}`:         "an object with a and b, and there v.b: is required: a string",
		`{"c":1,"d":"1"}`:   "an object with c and d, and there v.c: expected a string, got the number 1",
		`{"a":"1","c":"1"}`: "an object with a and b, and there v.b: is required: a string",
		`{}`:                "an object with a and b, and there v.a: is required: a string",
	} {
		if got := specific(t, s, text); len(got) != 1 || got[0] != prefix+want {
			t.Errorf("%s: got %q, want %q", text, got, want)
		}
	}
}

// specific lists the problems of a value, and those of the alternatives that objects choose.
func specific(t *testing.T, s *value.Schema, text string) []string {
	t.Helper()
	_, problems := value.Check(s, parse(t, text), value.Step{Name: "v"})
	var list []string
	for i := range problems {
		for _, p := range problems[i].Specific() {
			list = append(list, p.Path.String()+": "+p.Message)
		}
	}
	return list
}

func TestAPropertyChoosesTheAlternative(t *testing.T) {
	t.Parallel()
	s := choice(object("", "kind!=a", "x!"), choice(object("", "kind!=b", "y!", "z!"), object("", "kind!=c|d")))
	optional := choice(object("", "kind=a", "x!"), object("", "kind=b", "y!"))
	nullable := choice(object("", "kind!=a"), object("", "kind!=b"))
	nullable.AnyOf[1].Properties[0].Schema.Types |= optable.Null
	overlapping := choice(object("", "kind!=a|b", "x!"), object("", "kind!=b", "y!"))
	for _, c := range []struct {
		s    *value.Schema
		text string
		want string // problems, on lines
	}{
		{s, `{"kind":"a","x":"1"}`, ""}, {s, `{"kind":"b","y":"1","z":"2"}`, ""}, {s, `{"kind":"d"}`, ""},
		{s, `{"kind":"a"}`, "v.x: is required: a string"},
		{s, `{"kind":"b"}`, "v.y: is required: a string\nv.z: is required: a string"},
		{s, `{"kind":"e"}`, `v.kind: expected one of "a", "b", "c", "d", got the string "e"`},
		{s, `{"x":"1"}`, `v.kind: is required: one of "a", "b", "c", "d"`},
		{s, `{"kind":1}`, `v.kind: expected one of "a", "b", "c", "d", got the number 1`},
		{optional, `{"x":"1"}`, ""}, {optional, `{"y":"1"}`, ""}, {optional, `{"kind":"a","x":"1"}`, ""},
		{optional, `{"kind":"a","y":"1"}`, "v.x: is required: a string"},
		{
			optional, `{}`, `v: an object matches none of the accepted forms: an object with kind "a", or an object with kind "b"; ` +
				`the nearest is an object with kind "a", and there v.x: is required: a string`,
		},
		{nullable, `{"kind":null}`, ""}, {nullable, `{"kind":"b"}`, ""},
		{overlapping, `{"kind":"b","y":"1"}`, ""}, {overlapping, `{"kind":"b","x":"1"}`, ""},
		{choice(s, &value.Schema{Types: optable.String}), `{"kind":"a"}`, "v.x: is required: a string"},
	} {
		if got := strings.Join(specific(t, c.s, c.text), "\n"); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.text, got, c.want)
		}
	}
}

// A choice may lead to itself by each of its alternatives. Were each tried each time, a value of a hundred levels would
// take longer than anyone lives.
func TestAlternativesThatLeadToThemselvesAreTriedOnce(t *testing.T) {
	t.Parallel()
	forms := []*value.Schema{object("A", "a!"), object("B", "b!"), object("C", "c!")}
	s := choice(forms...)
	for _, form := range forms {
		for _, name := range []string{"left", "right"} {
			form.Properties = append(form.Properties, value.Property{Name: name, Schema: &value.Schema{Within: s}})
		}
	}
	const depth = 100
	nested := func(leaf string) string {
		return strings.Repeat(`{"b":"x","right":{"c":"y"},"left":`, depth) + leaf + strings.Repeat("}", depth)
	}
	if got := specific(t, s, nested(`{"c":"z"}`)); len(got) > 0 {
		t.Errorf("got %q, want a valid value", got)
	}
	got := specific(t, s, nested(`{"c":1}`))
	want := strings.Repeat(".left", depth) + ".a: is required: a string"
	if len(got) != 1 || !strings.HasSuffix(got[0], want) || strings.Count(got[0], "accepted forms") != 1 {
		t.Errorf("got %q, want one message that ends in %q", got, want)
	}
}

// Each form requires another choice like it, but for one at the end.
func TestASampleOfAChoiceOfManyFormsEnds(t *testing.T) {
	t.Parallel()
	const levels, width = 30, 10
	leaf := choice(object("", "end!"))
	for range levels {
		level := choice()
		for i := range width {
			form := object("", "x"+strings.Repeat("x", i)+"!")
			form.Properties = append(form.Properties, value.Property{Name: "next", Required: true, Schema: leaf})
			form.MinProperties = 3 // which it cannot have: the sampler goes back
			form.Closed = true
			level.AnyOf = append(level.AnyOf, form)
		}
		leaf = level
	}
	if got := (&value.Sampler{}).Sample(leaf); len(got) > 100 {
		t.Errorf("got %s, although there is no valid value", got)
	}
}
