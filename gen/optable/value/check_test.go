package value_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

func TestTypesAcceptTheirOwnValuesAlone(t *testing.T) {
	t.Parallel()
	values := map[optable.Types][]string{
		optable.String:  {`""`, `"a"`, `"1"`, `"true"`, `"null"`, `"{}"`},
		optable.Integer: {"0", "-1", "9223372036854775807", "-9223372036854775808"},
		optable.Number:  {"0.5", "-1.25", "1.5e-3"},
		optable.Boolean: {"true", "false"},
		optable.Object:  {"{}", `{"a":1}`},
		optable.Array:   {"[]", "[1]", "[null]"},
		optable.Null:    {"null"},
	}
	described := map[string]string{
		`""`: `the string ""`, `"a"`: `the string "a"`, `"1"`: `the string "1"`, `"true"`: `the string "true"`,
		`"null"`: `the string "null"`, `"{}"`: `the string "{}"`, "0": "the number 0", "-1": "the number -1",
		"9223372036854775807":  "the number 9223372036854775807",
		"-9223372036854775808": "the number -9223372036854775808",
		"0.5":                  "the number 0.5", "-1.25": "the number -1.25", "1.5e-3": "the number 1.5e-3",
		"true": "the boolean true", "false": "the boolean false",
		"{}": "an object", `{"a":1}`: "an object", "[]": "an array of 0", "[1]": "an array of 1", "[null]": "an array of 1",
		"null": "null",
	}
	for types, words := range map[optable.Types]string{
		optable.String: "a string", optable.Integer: "a whole number", optable.Number: "a number",
		optable.Boolean: "a boolean", optable.Object: "an object", optable.Array: "an array", optable.Null: "null",
	} {
		c := keyword{name: words, schema: optable.Schema{Types: types}, refused: map[string][]string{}}
		for kind, list := range values {
			for _, value := range list {
				switch {
				case kind == types, kind == optable.Integer && types == optable.Number:
					c.accepted = append(c.accepted, value)
				default:
					c.refused[value] = []string{"v: expected " + words + ", got " + described[value]}
				}
			}
		}
		wantChecked(t, []keyword{c})
	}
	all := keyword{name: "any"}
	for _, list := range values {
		all.accepted = append(all.accepted, list...)
	}
	wantChecked(t, []keyword{all})
}

func TestSeveralTypesAreNamedInOrder(t *testing.T) {
	t.Parallel()
	wantChecked(t, []keyword{
		{
			"two", optable.Schema{Types: optable.String | optable.Integer}, []string{`"a"`, "1"},
			map[string][]string{"1.5": {"v: expected a string or a whole number, got the number 1.5"}},
		},
		{
			"with null", optable.Schema{Types: optable.Boolean | optable.Null}, []string{"null", "true"},
			map[string][]string{"1": {"v: expected a boolean or null, got the number 1"}},
		},
		{
			"number and integer", optable.Schema{Types: optable.Number | optable.Integer}, []string{"1", "1.5"},
			map[string][]string{"[]": {"v: expected a number, got an array of 0"}},
		},
		{
			"array of one type", optable.Schema{Types: optable.Array, Items: &optable.Schema{Types: optable.String}},
			[]string{`["a"]`}, map[string][]string{
				"1":          {"v: expected an array of strings, got the number 1"},
				`["a",1,{}]`: {"v[1]: expected a string, got the number 1", "v[2]: expected a string, got an object"},
			},
		},
		{
			"array of two types",
			optable.Schema{Types: optable.Array, Items: &optable.Schema{Types: optable.String | optable.Null}},
			[]string{`["a",null]`}, map[string][]string{"1": {"v: expected an array, got the number 1"}},
		},
		{
			"format", optable.Schema{Types: optable.String, Format: "uuid"}, nil,
			map[string][]string{"1": {"v: expected a UUID, got the number 1"}},
		},
		{
			"format that is not known", optable.Schema{Types: optable.String, Format: "tea"}, []string{`"x"`},
			map[string][]string{"1": {"v: expected a string, got the number 1"}},
		},
		{
			"format of another type", optable.Schema{Types: optable.Integer, Format: "uuid"}, []string{"1"},
			map[string][]string{"{}": {"v: expected a whole number, got an object"}},
		},
	})
}

func TestMembersAreComparedAsJSON(t *testing.T) {
	t.Parallel()
	letters := func(n int) (members []string) {
		for i := range n {
			members = append(members, fmt.Sprintf(`"member%02d"`, i))
		}
		return members
	}
	wantChecked(t, []keyword{
		{
			"first, second and last", optable.Schema{Enum: []string{`"red"`, `1`, `1.50`, `null`, `{"a":[1]}`}},
			[]string{`"red"`, "1", "1.5", "null", `{"a":[1]}`}, map[string][]string{
				`"Red"`:     {`v: expected one of "red", 1, 1.50, null, {"a":[1]}, got the string "Red" (did you mean red?)`},
				`"1"`:       {`v: expected one of "red", 1, 1.50, null, {"a":[1]}, got the string "1" (did you mean 1?)`},
				"1.51":      {`v: expected one of "red", 1, 1.50, null, {"a":[1]}, got the number 1.51`},
				"2":         {`v: expected one of "red", 1, 1.50, null, {"a":[1]}, got the number 2`},
				`{"a":[2]}`: {`v: expected one of "red", 1, 1.50, null, {"a":[1]}, got an object`},
				`"blueish"`: {`v: expected one of "red", 1, 1.50, null, {"a":[1]}, got the string "blueish"`},
			},
		},
		{
			"however they are written", optable.Schema{Enum: []string{`"a&b"`, `"\u00e9"`, `{"b": [1.0], "a": 2}`, "1e2"}},
			[]string{`"a\u0026b"`, `"é"`, `{"a":2,"b":[1]}`, "100"}, map[string][]string{
				`{"a":2,"b":[1.5]}`: {
					`v: expected one of "a&b", "\u00e9", {"b": [1.0], "a": 2}, 1e2, got an object`,
				},
				"1e400": {
					`v: expected one of "a&b", "\u00e9", {"b": [1.0], "a": 2}, 1e2, got the number 1e400`, "v: 1e400 is out of range",
				},
			},
		},
		{
			"one member", optable.Schema{Types: optable.String, Enum: []string{`"red"`}}, []string{`"red"`},
			map[string][]string{`"rad"`: {`v: expected "red", got the string "rad"`}},
		},
		{
			"constant", optable.Schema{Const: `true`}, []string{"true"}, map[string][]string{
				"false": {"v: expected true, got the boolean false"},
				"1":     {"v: expected true, got the number 1"},
				"null":  {"v: expected true, got null"},
			},
		},
		{
			"null is no member", optable.Schema{Enum: []string{`"a"`, "1"}}, []string{`"a"`, "1"}, map[string][]string{
				"null": {`v: expected one of "a", 1, got null`},
			},
		},
		{
			"constant before members", optable.Schema{Types: optable.String, Const: `"b"`, Enum: []string{`"a"`, `"b"`}},
			[]string{`"b"`}, map[string][]string{`"a"`: {`v: expected "b", got the string "a"`}},
		},
		{
			"twelve members", optable.Schema{Types: optable.String, Enum: letters(12)},
			[]string{`"member00"`, `"member01"`, `"member11"`}, map[string][]string{
				`"?"`: {"v: expected one of " + strings.Join(letters(12), ", ") + `, got the string "?"`},
			},
		},
		{
			"thirteen members", optable.Schema{Types: optable.String, Enum: letters(13)},
			[]string{`"member00"`, `"member12"`}, map[string][]string{
				`"?"`: {"v: expected one of " + strings.Join(letters(12), ", ") + ` and 1 more, got the string "?"`},
			},
		},
		{
			"null beside members", optable.Schema{Types: optable.String | optable.Null, Enum: []string{`"a"`, `"b"`}},
			[]string{`"a"`, "null"}, map[string][]string{"1": {`v: expected one of "a", "b", null, got the number 1`}},
		},
	})
}

func TestListsAreBounded(t *testing.T) {
	t.Parallel()
	whole := optable.Schema{Types: optable.Integer}
	wantChecked(t, []keyword{
		{
			"at least two", optable.Schema{Types: optable.Array, Constraints: &optable.Constraints{MinItems: 2}, Items: &whole},
			[]string{"[1,1]", "[1,1,1]"}, map[string][]string{
				"[]":  {"v: expected at least 2 items, got 0"},
				"[1]": {"v: expected at least 2 items, got 1"},
			},
		},
		{
			"at most one", optable.Schema{Types: optable.Array, Constraints: &optable.Constraints{MaxItems: 1}}, []string{"[]", "[1]"}, map[string][]string{
				"[1,1]": {"v: expected at most 1 item, got 2"},
			},
		},
		{
			"both broken", optable.Schema{Types: optable.Array, Constraints: &optable.Constraints{MinItems: 3, MaxItems: 1}, Items: &whole}, nil,
			map[string][]string{"[1,true]": {
				"v: expected at least 3 items, got 2", "v: expected at most 1 item, got 2",
				"v[1]: expected a whole number, got the boolean true",
			}},
		},
		{
			"all different", optable.Schema{Types: optable.Array, Constraints: &optable.Constraints{UniqueItems: true}},
			[]string{"[]", "[1]", `[1,2,"1",null,[1],{}]`}, map[string][]string{
				"[1,2,1]": {"v[2]: is the same as item 0, but items must differ"},
				"[0,1,1,1]": {
					"v[2]: is the same as item 1, but items must differ", "v[3]: is the same as item 2, but items must differ",
				},
				`[1,1.0]`:                       {"v[1]: is the same as item 0, but items must differ"},
				`[{"a":1,"b":2},{"b":2,"a":1}]`: {"v[1]: is the same as item 0, but items must differ"},
			},
		},
		{
			"alike where they may be", optable.Schema{Types: optable.Array, Items: &whole}, []string{"[1,1,1]"}, nil,
		},
	})
}

func TestObjectsAreBounded(t *testing.T) {
	t.Parallel()
	text := optable.Schema{Types: optable.String}
	number := optable.Schema{Types: optable.Integer}
	properties := []optable.Property{
		{Name: "first", Required: true, Schema: &text}, {Name: "second", Schema: &number},
		{Name: "last", Required: true, Schema: &number},
	}
	wantChecked(t, []keyword{
		{
			"properties", optable.Schema{Types: optable.Object, Properties: properties},
			[]string{`{"first":"","last":1}`, `{"first":"","last":1,"other":[]}`, `{"first":"","last":1,"second":2}`},
			map[string][]string{
				"{}":                                 {"v.first: is required: a string", "v.last: is required: a whole number"},
				`{"first":"a"}`:                      {"v.last: is required: a whole number"},
				`{"last":1}`:                         {"v.first: is required: a string"},
				`{"first":"a","last":1,"second":""}`: {`v.second: expected a whole number, got the string ""`},
				`{"first":null,"last":"a"}`: {
					"v.first: expected a string, got null", `v.last: expected a whole number, got the string "a"`,
				},
			},
		},
		{
			"closed", optable.Schema{Types: optable.Object, Properties: properties, Closed: true},
			[]string{`{"first":"","last":1}`}, map[string][]string{
				`{"first":"a","last":1,"frist":1}`:  {"v.frist: is unknown (did you mean first?)"},
				`{"first":"a","last":1,"qqqqqq":1}`: {"v.qqqqqq: is unknown; expected first, second, last"},
			},
		},
		{
			"closed and empty", optable.Schema{Types: optable.Object, Closed: true}, []string{"{}"}, map[string][]string{
				`{"a":1,"b":1}`: {
					"v.a: is unknown; none are accepted here", "v.b: is unknown; none are accepted here",
				},
			},
		},
		{
			"of one type", optable.Schema{Types: optable.Object, Additional: &number},
			[]string{"{}", `{"a":1,"b":2}`}, map[string][]string{
				`{"a":"x","b":1,"c":"x"}`: {
					`v.a: expected a whole number, got the string "x"`, `v.c: expected a whole number, got the string "x"`,
				},
			},
		},
		{
			"least names", optable.Schema{Types: optable.Object, Constraints: &optable.Constraints{MinProperties: 2}},
			[]string{`{"a":1,"b":1}`, `{"a":1,"b":1,"c":1}`}, map[string][]string{
				"{}":      {"v: expected at least 2 names, got 0"},
				`{"a":1}`: {"v: expected at least 2 names, got 1"},
			},
		},
		{
			"most names", optable.Schema{Types: optable.Object, Constraints: &optable.Constraints{MaxProperties: 1}},
			[]string{"{}", `{"a":1}`}, map[string][]string{`{"a":1,"b":1}`: {"v: expected at most 1 name, got 2"}},
		},
		{
			"form of names",
			optable.Schema{Types: optable.Object, PropertyNames: &optable.Schema{Types: optable.String, Constraints: &optable.Constraints{MaxLength: 2}}},
			[]string{"{}", `{"a":1,"bb":1}`}, map[string][]string{
				`{"aaa":1,"b":1,"ccc":1}`: {
					"the name v.aaa: expected at most 2 characters, got 3", "the name v.ccc: expected at most 2 characters, got 3",
				},
			},
		},
	})
}

func TestAlternativesAreChosenByType(t *testing.T) {
	t.Parallel()
	short := optable.Schema{Types: optable.String, Constraints: &optable.Constraints{MaxLength: 2}}
	long := optable.Schema{Types: optable.String, Constraints: &optable.Constraints{MinLength: 4}}
	small := optable.Schema{Types: optable.Integer, Constraints: &optable.Constraints{Maximum: "9"}}
	wantChecked(t, []keyword{
		{
			"one of each type", optable.Schema{Composition: &optable.Composition{AnyOf: []optable.Schema{short, small, {Types: optable.Array, Constraints: &optable.Constraints{MaxItems: 1}}}}},
			[]string{`"ab"`, "9", "[1]"}, map[string][]string{
				`"abc"`: {"v: expected at most 2 characters, got 3"},
				"10":    {"v: expected at most 9, got 10"},
				"[1,2]": {"v: expected at most 1 item, got 2"},
				"true":  {"v: the boolean true matches none of the accepted forms: a string or a whole number or an array"},
				"null":  {"v: null matches none of the accepted forms: a string or a whole number or an array"},
			},
		},
		{
			"two of a type", optable.Schema{Composition: &optable.Composition{OneOf: []optable.Schema{short, long}}}, []string{`"ab"`, `"abcd"`},
			map[string][]string{`"abc"`: {`v: the string "abc" matches none of the accepted forms: a string; ` +
				`the nearest is form 1, and there v: expected at most 2 characters, got 3`}},
		},
		{
			"null among them", optable.Schema{Composition: &optable.Composition{AnyOf: []optable.Schema{short, {Types: optable.Null}}}},
			[]string{`"ab"`, "null"}, map[string][]string{"1": {
				"v: the number 1 matches none of the accepted forms: a string or null",
			}},
		},
		{
			"null among them, but no member", optable.Schema{
				Composition: &optable.Composition{AnyOf: []optable.Schema{short, {Types: optable.Null}}}, Enum: []string{`"a"`},
			},
			[]string{`"a"`}, map[string][]string{"null": {`v: expected "a", got null`}},
		},
		{
			"null beside them", optable.Schema{Types: optable.Null, Composition: &optable.Composition{AnyOf: []optable.Schema{short, small}}},
			[]string{"null", "1", `"a"`},
			map[string][]string{"[]": {"v: expected a string or a whole number, got an array of 0"}},
		},
		{
			"and members", optable.Schema{Composition: &optable.Composition{AnyOf: []optable.Schema{short, small}}, Enum: []string{`"a"`, "1"}},
			[]string{`"a"`, "1"}, map[string][]string{
				`"b"`:   {`v: expected one of "a", 1, got the string "b" (did you mean a?)`},
				`"bbb"`: {"v: expected at most 2 characters, got 3"}, // one problem at a time
			},
		},
		{
			"anything among them", optable.Schema{Composition: &optable.Composition{AnyOf: []optable.Schema{short, {}}}}, []string{`"abc"`, "1", "null"}, nil,
		},
	})
}

func TestASchemaMayHoldItself(t *testing.T) {
	t.Parallel()
	tree := optable.Schema{Name: "tree", Types: optable.Object, Closed: true, Properties: []optable.Property{
		{Name: "leaf", Required: true, Schema: &optable.Schema{Types: optable.String, Constraints: &optable.Constraints{MaxLength: 1}}},
		{Name: "trees", Schema: &optable.Schema{Types: optable.Array, Items: &optable.Schema{Ref: "tree"}}},
		{Name: "next", Schema: &optable.Schema{Ref: "tree"}},
	}}
	wantChecked(t, []keyword{{
		"tree", optable.Schema{Ref: "tree"},
		[]string{`{"leaf":"a"}`, `{"leaf":"a","trees":[{"leaf":"b","trees":[]},{"leaf":"c"}]}`},
		map[string][]string{
			`{"leaf":"a","trees":[{"leaf":"b"},{}]}`:     {"v.trees[1].leaf: is required: a string"},
			`{"leaf":"a","next":{"leaf":"b","next":{}}}`: {"v.next.next.leaf: is required: a string"},
			`{"leaf":"a","next":{"leaf":"bb","leave":1}}`: {
				"v.next.leaf: expected at most 1 character, got 2", "v.next.leave: is unknown (did you mean leaf?)",
			},
			`{"leaf":"a","trees":[{"leaf":"b","trees":["c"]}]}`: {`v.trees[0].trees[0]: expected an object, got the string "c"`},
		},
	}}, tree)
}

func TestProblemsAreCounted(t *testing.T) {
	t.Parallel()
	s := &value.Schema{Types: optable.Object, Closed: true, Properties: []value.Property{{Name: "name", Schema: &value.Schema{}}}}
	for _, n := range []int{19, 20, 21, 40} {
		object := map[string]any{}
		for i := range n {
			object[fmt.Sprintf("nmae%02d", i)] = true
		}
		if _, problems := value.Check(s, object); len(problems) != min(n, value.MaxProblems) {
			t.Errorf("%d problems: got %d, want %d", n, len(problems), min(n, value.MaxProblems))
		}
		list := make([]any, n)
		for i := range list {
			list[i] = true
		}
		texts := &value.Schema{Types: optable.Array, Items: &value.Schema{Types: optable.String}}
		if _, problems := value.Check(texts, list); len(problems) != min(n, value.MaxProblems) {
			t.Errorf("%d items: got %d problems, want %d", n, len(problems), min(n, value.MaxProblems))
		}
	}
}
