package value_test

import (
	"fmt"
	"slices"
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
	anything := &value.Schema{}
	texts := choice(text, whole)
	texts.Types = optable.String
	one := choice(&value.Schema{Enum: []string{`"a"`}})
	one.Types = optable.String
	inObject := choice(object("", "kind!=a"), object("", "kind!=b"))
	inObject.Types = optable.Object
	mixed := object("", "a!")
	mixed.Types |= optable.String
	repeated := &value.Schema{Within: &value.Schema{Properties: object("", "a!").Properties}}
	for _, c := range []struct {
		s    *value.Schema
		want string
	}{
		{choice(texts, &value.Schema{Types: optable.Boolean}), "a string or a boolean"}, // not what it narrows
		{choice(one, whole), "a string or a whole number"},
		{choice(&value.Schema{Enum: []string{`"a"`, `"b"`}}, whole), `one of "a", "b" or a whole number`},
		{choice(text, anything), "a string or any value"},
		{choice(anything, object("", "a!")), "any value or an object"},
		{choice(mixed, object("", "b!")), "a string or an object or an object"},
		{choice(repeated, object("", "b!")), "an object with a, or an object with b"},
		{choice(repeated, repeated, object("", "b!")), "an object with a, or an object with b"},
		{
			choice(inObject, object("", "kind!=c")),
			`an object with kind "a", or an object with kind "b", or an object with kind "c"`,
		},
		{
			choice(choice(object("", "kind!=a")), object("", "kind!=b")),
			`an object with kind "a", or an object with kind "b"`,
		},
		{ // one that shares a value with any other
			choice(object("A", "kind!=a"), object("B", "kind!=a"), object("C", "kind!=c")),
			`an object (A), or an object (B), or an object with kind "c"`,
		},
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
		many.AnyOf = append(many.AnyOf, object("", strings.Repeat("a", i+1)+"!"))
		more := ""
		if i >= 12 {
			more = fmt.Sprintf(" or %d more", i-11)
		}
		got := value.Expected(many)
		if strings.Count(got, "an object") != min(i+1, 12) || strings.Contains(got, " more") != (more != "") ||
			!strings.HasSuffix(got, more) {
			t.Errorf("got %q, want at most twelve of %d", got, i+1)
		}
	}
}

// Comparing each form with each other takes time: more than a hundred are neither told apart nor described.
func TestAHundredFormsAreToldApart(t *testing.T) {
	t.Parallel()
	s := choice()
	for i := range 101 {
		s.AnyOf = append(s.AnyOf, object("", fmt.Sprintf("kind!=%d", i)))
		if i < 98 {
			continue
		}
		words, problem := `an object with kind "0", or an object with kind "1", or `, `v.kind: expected one of "0", "1", `
		if i == 100 {
			words, problem = "an object", "v: an object matches none of the accepted forms: an object; the nearest is form 1"
		}
		if got := value.Expected(s); !strings.HasPrefix(got, words) || (got == "an object") != (words == "an object") {
			t.Errorf("%d forms: got %q, want %q", i+1, got, words)
		}
		if got := specific(t, s, `{"kind":"x"}`); len(got) != 1 || !strings.HasPrefix(got[0], problem) {
			t.Errorf("%d forms: got %q, want %q", i+1, got, problem)
		}
	}
}

// The nearest alternative is the one with the fewest and lightest faults.
func TestTheNearestAlternativeIsShown(t *testing.T) {
	t.Parallel()
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

// specific lists the problems of a value, and those of the alternatives that objects choose. The value must be
// returned as it is, and be valid if it has none.
func specific(t *testing.T, s *value.Schema, text string) []string {
	t.Helper()
	v, problems := value.Check(s, parse(t, text), value.Step{Name: "v"})
	if want := write(t, parse(t, text)); write(t, v) != want {
		t.Errorf("got %s back, want %s", write(t, v), want)
	}
	v = parse(t, text)
	if got := value.Valid(s, v); got != (len(problems) == 0) || write(t, v) != write(t, parse(t, text)) {
		t.Errorf("%s: got valid %v and %s, want the value as it is, and problems %q", text, got, write(t, v), lines(problems))
	}
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
	second := choice(object("", "x!", "kind!=a"), object("", "kind!=b", "y!"))
	lastRequired := choice(object("", "kind=a", "x!"), object("", "kind!=b", "y!"))
	twoTags := choice(object("", "kind!=a", "type!=t"), object("", "type!=u", "kind!=b"))
	narrowed := choice(object("", "kind!=a"), object("", "kind!=b"))
	narrowed.Properties = object("", "x!").Properties
	within := choice(narrowed, object("", "kind!=c"))
	withChoice := object("", "kind!=a")
	withChoice.AnyOf = []*value.Schema{object("", "x!"), object("", "y!")}
	untyped := choice(&value.Schema{Properties: object("", "kind!=a").Properties}, &value.Schema{
		Properties: object("", "kind!=b", "y!").Properties,
	})
	node := object("Node", "kind!=n", "x!")
	repeated := choice(&value.Schema{Types: optable.Object, Within: node}, object("", "kind!=leaf", "y!"))
	parts := object("", "kind!=a")
	parts.AllOf = []*value.Schema{object("", "x!")} // alone decide
	union := object("", "kind!=a")
	union.Union = &value.Union{Property: "type", Variants: []value.Variant{{Value: "t", Schema: object("", "x!")}}}
	b := object("", "kind!=b", "y!")
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
		{nullable, `{}`, `v.kind: is required: one of "a", "b", null`},
		{second, `{"kind":"a"}`, "v.x: is required: a string"}, {second, `{"kind":"b"}`, "v.y: is required: a string"},
		{lastRequired, `{"x":"1"}`, ""},
		{twoTags, `{}`, `v.kind: is required: one of "a", "b"`},
		{twoTags, `{"kind":"b"}`, "v.type: is required: \"u\""},
		{within, `{"kind":"a","x":"1"}`, ""}, {within, `{"kind":"c"}`, ""},
		{choice(withChoice, b), `{"kind":"a","x":"1"}`, ""}, {choice(withChoice, b), `{"kind":"b"}`, "v.y: is required: a string"},
		{untyped, `"text"`, ""}, {untyped, `{"kind":"b"}`, "v.y: is required: a string"},
		{repeated, `{"kind":"n","x":"1"}`, ""}, {repeated, `{"kind":"n"}`, "v.x: is required: a string"},
		{repeated, `{"kind":"leaf"}`, "v.y: is required: a string"},
		{choice(parts, b), `{"kind":"b","x":"1"}`, ""},
		{choice(union, b), `{"kind":"b","type":"t","x":"1"}`, ""},
		{choice(&value.Schema{Within: parts}, b), `{"kind":"b","x":"1"}`, ""},
		{choice(&value.Schema{Within: union}, b), `{"kind":"b","type":"t","x":"1"}`, ""},
		{
			within, `{"kind":"a"}`, "v: an object matches none of the accepted forms: an object with x, or an object with kind; " +
				"the nearest is an object with x, and there v.x: is required: a string",
		},
		{overlapping, `{"kind":"b","y":"1"}`, ""}, {overlapping, `{"kind":"b","x":"1"}`, ""},
		{choice(s, &value.Schema{Types: optable.String}), `{"kind":"a"}`, "v.x: is required: a string"},
	} {
		if got := strings.Join(specific(t, c.s, c.text), "\n"); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.text, got, c.want)
		}
	}
}

// A caller that shows no messages, or that reports problems as a server does, reads the kinds.
func TestAChosenAlternativeHasKindsAndCauses(t *testing.T) {
	t.Parallel()
	s := choice(object("", "kind!=a", "x!"), object("", "kind!=b", "y!"))
	for _, c := range []struct {
		text   string
		meant  []value.Kind
		causes []value.Kind // of the first
	}{
		{`{"kind":"a"}`, []value.Kind{value.Missing}, []value.Kind{value.Missing}},
		{`{"kind":"b"}`, []value.Kind{value.Missing}, []value.Kind{value.WrongValue, value.Missing}},
		{`{"kind":"b","y":1}`, []value.Kind{value.WrongType}, []value.Kind{value.WrongValue, value.Missing}},
		{`{"kind":"c","x":"1"}`, []value.Kind{value.WrongValue}, []value.Kind{value.WrongValue}},
		{`{"x":1}`, []value.Kind{value.Missing}, []value.Kind{value.Missing, value.WrongType}},
	} {
		_, problems := value.Check(s, parse(t, c.text), value.Step{Name: "v"})
		if len(problems) != 1 || problems[0].Kind != value.NoAlternative || problems[0].Schema != s {
			t.Errorf("%s: got %+v, want one of no alternative", c.text, problems)
			continue
		}
		if p := problems[0]; !slices.Equal(kinds(p.Meant), c.meant) || !slices.Equal(kinds(p.Causes), c.causes) {
			t.Errorf("%s: got %v and causes %v, want %v and %v", c.text, kinds(p.Meant), kinds(p.Causes), c.meant, c.causes)
		}
	}
}

func kinds(problems []value.Problem) []value.Kind {
	var list []value.Kind
	for _, p := range problems {
		list = append(list, p.Kind)
	}
	return list
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
