package client

import (
	"errors"
	"reflect"
	"testing"

	"github.com/oapi-codegen/nullable"

	"github.com/seed-f165d83c/workos/gen/optable"
)

type shade string

func (s shade) Valid() bool { return s == "dark" || s == "light" }

type paint struct {
	Plain    shade                    `json:"plain"`
	Pointer  *shade                   `json:"pointer"`
	List     []shade                  `json:"list,omitempty"`
	Map      map[string]shade         `json:"map"`
	Nullable nullable.Nullable[shade] `json:"nullable"`
	Any      any                      `json:"any"`
	Inner    *paint                   `json:"inner"`
	Coats    []paint                  `json:"coats"`
	Named    map[string]paint         `json:"named"`
	Bytes    []byte                   `json:"bytes"`
	Flags    map[string]bool          `json:"flags"`
	Text     string                   `json:"text"`
	hidden   shade                    // not sent
	Untagged struct{ Deep shade }     // named by what contains it
}

// Paint is embedded.
type Paint paint

func TestCheckBodyFindsEachEnum(t *testing.T) {
	t.Parallel()
	bad, good := shade("loud"), shade("dark")
	for _, c := range []struct {
		body  any
		field string // "": valid
	}{
		{paint{}, ""},
		{&paint{}, ""},
		{(*paint)(nil), ""},
		{paint{Plain: good, Pointer: &good, List: []shade{good, "light"}, Map: map[string]shade{"a": good}}, ""},
		{paint{Bytes: []byte("loud"), Flags: map[string]bool{"loud": true}, Text: "loud", hidden: bad}, ""},
		{paint{Nullable: nullable.NewNullNullable[shade]()}, ""},
		{paint{Plain: bad}, "plain"},
		{&paint{Plain: bad}, "plain"},
		{paint{Pointer: &bad}, "pointer"},
		{paint{List: []shade{bad, good}}, "list[0]"},
		{paint{List: []shade{good, bad}}, "list[1]"},
		{paint{Map: map[string]shade{"a": bad}}, "map.a"},
		{paint{Map: map[string]shade{"a": good, "b": bad}}, "map.b"},
		{paint{Map: map[string]shade{"e": bad, "d": bad, "c": bad, "b": bad, "a": good}}, "map.b"}, // the first by name
		{paint{Nullable: nullable.NewNullableWithValue(bad)}, "nullable"},
		{paint{Any: bad}, "any"},
		{paint{Any: []any{good, map[string]any{"x": bad}}}, "any[1].x"},
		{paint{Inner: &paint{Inner: &paint{Plain: bad}}}, "inner.inner.plain"},
		{paint{Coats: []paint{{}, {List: []shade{bad}}}}, "coats[1].list[0]"},
		{paint{Named: map[string]paint{"n": {Plain: bad}}}, "named.n.plain"},
		{paint{Untagged: struct{ Deep shade }{bad}}, "Untagged.Deep"},
		{struct{ paint }{paint{Plain: bad}}, ""},
		{struct{ Paint }{Paint{Plain: bad}}, "plain"},
		{[]paint{{Plain: bad}}, "[0].plain"},
		{bad, "body"},
	} {
		err := checkBody(reflect.ValueOf(c.body), "")
		var invalid *InvalidRequestError
		found := errors.As(err, &invalid)
		switch {
		case c.field == "" && err != nil:
			t.Errorf("%+v: got %v, want none", c.body, err)
		case c.field != "" && (!found || invalid.Field != c.field || invalid.Reason != `is not a known value: "loud"`):
			t.Errorf("%+v: got %v, want an error at %s", c.body, err, c.field)
		}
	}
}

func TestCheckExclusive(t *testing.T) {
	t.Parallel()
	pair := optable.Exclusive{Variants: []optable.Variant{
		{Fields: []string{"id"}}, {Fields: []string{"slug", "type", "note"}, Optional: []string{"note"}}, {Fields: []string{"all"}},
	}}
	optional := pair
	optional.Optional = true
	for _, c := range []struct {
		groups  []optable.Exclusive
		query   string
		body    string
		problem string
	}{
		{nil, "", `[`, ""},
		{[]optable.Exclusive{pair}, "", `{"id":1}`, ""},
		{[]optable.Exclusive{pair}, "", `{"all":null}`, ""},
		{[]optable.Exclusive{pair}, "x=1&id=2", "", ""},
		{[]optable.Exclusive{pair}, "id=2", `{"x":1}`, ""},
		{[]optable.Exclusive{pair}, "", `{"slug":1,"type":2}`, ""},
		{[]optable.Exclusive{pair}, "", `{"slug":1,"type":2,"note":3}`, ""},
		{[]optable.Exclusive{pair}, "slug=1", `{"type":2}`, ""},
		{[]optable.Exclusive{optional}, "", `{}`, ""},
		{[]optable.Exclusive{optional}, "", "", ""},
		{[]optable.Exclusive{{Name: "without variants"}}, "", `{}`, ""},
		{
			[]optable.Exclusive{pair}, "", `{}`,
			"invalid request: id is required, or instead of it slug with type with note, or all",
		},
		{
			[]optable.Exclusive{optional, pair}, "ids=1", `{"x":1}`,
			"invalid request: id is required, or instead of it slug with type with note, or all",
		},
		{[]optable.Exclusive{pair}, "", `{"id":1,"all":2}`, "invalid request: all cannot go together with id"},
		{
			[]optable.Exclusive{pair}, "note=1", `{"id":1}`, "invalid request: note cannot go together with id",
		},
		{
			[]optable.Exclusive{optional}, "", `{"slug":1}`,
			"invalid request: type is required together with the rest of slug, type, note",
		},
		{
			[]optable.Exclusive{optional}, "", `{"note":1}`,
			"invalid request: slug is required together with the rest of slug, type, note",
		},
		{[]optable.Exclusive{pair}, "", `[`, "body: unexpected end of JSON input"},
	} {
		err := checkExclusive(c.groups, &query{text: []byte(c.query)}, []byte(c.body))
		if got := errorText(err); got != c.problem {
			t.Errorf("%s %s: got %q, want %q", c.query, c.body, got, c.problem)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
