package excerpt_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/excerpt"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/forms"
)

func TestPathsOfAnArgument(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 8<<10)
	for _, c := range []struct {
		argument any
		paths    []string
		problem  string
	}{
		{"data[].id", []string{"data[].id"}, ""},
		{" .a , b.c,,", []string{"a", "b.c"}, ""},
		{`["a","b"]`, []string{"a", "b"}, ""},
		{` [ "a" ] `, []string{"a"}, ""},
		{`["a`, []string{`["a`}, ""},
		{[]any{"a", " .b"}, []string{"a", "b"}, ""},
		{[]any{"a", true}, nil, "expected paths as strings, got the boolean true"},
		{true, nil, "expected paths as one string with commas, such as id,name, got the boolean true"},
		{"", nil, "expected at least 1 path, such as id"},
		{" , ,", nil, "expected at least 1 path, such as id"},
		{[]any{}, nil, "expected at least 1 path, such as id"},
		{long, []string{long}, ""},
		{long + "y", nil, "expected at most 200 paths of 8192 bytes in all"},
		{strings.Repeat("a,", 201), nil, "expected at most 200 paths of 8192 bytes in all"},
	} {
		paths, problem := excerpt.ParseFields(c.argument, value.Parse)
		if !slices.Equal(paths, c.paths) || problem != c.problem {
			t.Errorf("%.50v: got %.50q and %q, want %.50q and %q", c.argument, paths, problem, c.paths, c.problem)
		}
	}
	if paths, problem := excerpt.ParseFields(strings.Repeat("a,", 200), value.Parse); len(paths) != 200 || problem != "" {
		t.Errorf("got %d paths and %q, want 200", len(paths), problem)
	}
}

// What one path keeps, another one neither loses nor narrows, in whichever order they stand.
func TestPathsAreKeptTogether(t *testing.T) {
	t.Parallel()
	const body = `{"id":"1","extra":{"a":{"b":1,"c":2},"d":3},"note":"n"}`
	for fields, want := range map[string]string{
		"extra.a.b":               `{"extra":{"a":{"b":1}}}`,
		"extra.a.b,extra.a.c":     `{"extra":{"a":{"b":1,"c":2}}}`,
		"extra.a.b,extra.d":       `{"extra":{"a":{"b":1},"d":3}}`,
		"extra.a.b,extra.a":       `{"extra":{"a":{"b":1,"c":2}}}`,
		"extra.a,extra.a.b":       `{"extra":{"a":{"b":1,"c":2}}}`,
		"extra.a.b,extra":         `{"extra":{"a":{"b":1,"c":2},"d":3}}`,
		"extra,extra.a.b,note":    `{"extra":{"a":{"b":1,"c":2},"d":3},"note":"n"}`,
		"note,id":                 `{"id":"1","note":"n"}`,
		"extra.x,id":              `{"id":"1","extra":{}}`,
		"id,id":                   `{"id":"1"}`,
		"id[],extra[].a[].b[]":    `{"id":"1","extra":{"a":{"b":1}}}`,
		"extra.a.b,extra.a.b,id,": `{"id":"1","extra":{"a":{"b":1}}}`,
	} {
		chosen := excerpt.Selection{}
		paths, _ := excerpt.ParseFields(fields, value.Parse)
		for _, path := range paths {
			chosen.Select(strings.Split(strings.ReplaceAll(path, "[]", ""), "."))
		}
		if got := string(chosen.Append(nil, []byte(body))); got != want {
			t.Errorf("%s: got %s, want %s", fields, got, want)
		}
	}
	for given, want := range map[string]string{
		`[{"a":1,"b":2},[{"b":3}],4]`: `[{"a":1},[{}],4]`, `{"a":[1],"b":2}`: `{"a":[1]}`, `"text"`: `"text"`, `[]`: `[]`,
	} {
		if got := string(excerpt.Selection{"a": nil}.Append(nil, []byte(given))); got != want {
			t.Errorf("%s: got %s, want %s", given, got, want)
		}
	}
	if got := string(excerpt.Selection(nil).Append([]byte("x"), []byte(body))); got != "x"+body {
		t.Errorf("no selection: got %s, want all of it", got)
	}
}

// The values pass byte by byte, whatever stands beside them.
func TestValuesAreCopiedAsTheyAre(t *testing.T) {
	t.Parallel()
	for _, value := range []string{
		`1`, `-1.50e+3`, `true`, `false`, `null`, `""`, `"a"`, `"\""`, `"\\"`, `"\\\""`, `"}],:{["`, `[]`, `{}`, `[[]]`,
		`[{}]`,
		`[1,2]`, `["]"]`, `{"a":{"b":"}"}}`, `{"\"":1}`, `{"a\\":[1,{"b":[]}]}`, `[[1,2],[3,[4]]]`, `"\u202e"`, `"é"`,
	} {
		for _, place := range []string{
			`%s`, `[%s]`, `[%s,1]`, `[1,%s]`, `[1,%s,1]`, `{"a":%s}`, `{"a":%s,"b":1}`, `{"b":1,"a":%s}`,
		} {
			inner := fmt.Sprintf(place, value)
			for _, c := range [][2]string{
				{`{"extra":` + inner + `}`, `{"extra":` + inner + `}`},
				{`{"id":"1","extra":` + inner + `}`, `{"extra":` + inner + `}`},
				{`{"extra":` + inner + `,"id":"1"}`, `{"extra":` + inner + `}`},
			} {
				if got := string(excerpt.Selection{"extra": nil}.Append(nil, []byte(c[0]))); got != c[1] {
					t.Errorf("%s: got %s, want %s", c[0], got, c[1])
				}
			}
		}
	}
}

func TestPathsAreFollowedAsFarAsTheTableGoes(t *testing.T) {
	t.Parallel()
	text := optable.Schema{Types: optable.String}
	object := func(properties ...optable.Property) optable.Schema {
		return optable.Schema{Types: optable.Object, Properties: properties}
	}
	table := &optable.Table{Schemas: []optable.Schema{{
		Name: "Tea", Types: optable.Object, Properties: []optable.Property{{Name: "grade", Schema: &text}},
	}}}
	root := object(
		optable.Property{Name: "id", Schema: &text},
		optable.Property{Name: "open", Schema: &optable.Schema{Types: optable.Object}},
		optable.Property{Name: "unknown"},
		optable.Property{Name: "labels", Schema: &optable.Schema{Types: optable.Object, Additional: &text}},
		optable.Property{Name: "teas", Schema: &optable.Schema{Types: optable.Array, Items: &optable.Schema{Ref: "Tea"}}},
		optable.Property{Name: "any", Schema: &optable.Schema{Types: optable.Array}},
		optable.Property{Name: "pair", Schema: &optable.Schema{Composition: &optable.Composition{OneOf: []optable.Schema{
			object(optable.Property{Name: "left", Schema: &text}), object(optable.Property{Name: "right", Schema: &text}),
		}}}},
	)
	for path, want := range map[string]string{
		"id": "", "open.a.b": "", "unknown.a": "", "labels.a": "", "teas.grade": "", "pair.left": "", "pair.right": "",
		"any":         "",
		"any.a":       `"any.a" is not in the response; any has no members`,
		"id.a":        `"id.a" is not in the response; id has no members`,
		"labels.a.b":  `"labels.a.b" is not in the response; labels.a has no members`,
		"idd":         `"idd" is not in the response (id)`,
		"teas.grades": `"teas.grades" is not in the response (teas.grade)`,
		"tea.grade":   `"tea.grade" is not in the response (teas.grade)`,
		"teas.zzzzzz": `"teas.zzzzzz" is not in the response; teas has grade`,
		"pair.zzzzzz": `"pair.zzzzzz" is not in the response; pair has left, right`,
		"zzzzzzzz":    `"zzzzzzzz" is not in the response; expected id, open, unknown, labels, teas, any, pair`,
	} {
		got := ""
		if absent := excerpt.Find(table, forms.Of(table, &root), strings.Split(path, ".")); absent != nil {
			if got = absent.Message; len(absent.Nearest) > 0 {
				got += " (" + strings.Join(absent.Nearest, " or ") + ")"
			}
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
	if absent := excerpt.Find(table, nil, []string{"a", "b"}); absent != nil {
		t.Errorf("of nothing that is described: got %v, want any path", absent)
	}
}
