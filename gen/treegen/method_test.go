package main_test

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	treegen "github.com/seed-f165d83c/workos/gen/treegen"
)

type (
	text      string
	allParams struct {
		Time     *time.Time        `json:"time,omitempty"`
		Int      *int              `json:"int,omitempty"`
		Bool     *bool             `json:"bool,omitempty"`
		Map      map[string]string `json:"map,omitempty"`
		List     []text            `json:"list,omitempty"`
		Text     text              `json:"text"`
		Optional *text             `json:"optional,omitempty"`
		Float    *float64          `json:"float,omitempty"`
		Ints     []int             `json:"ints,omitempty"`
		Plain    bool              `json:"plain"`
		AnyMap   map[string]any    `json:"any_map"`
		Pointer  *shopItem         `json:"pointer"`
	}
	body struct {
		Kind  string  `json:"kind"`
		Size  string  `json:"size,omitempty"`
		Count int     `json:"count"`
		Maybe *string `json:"maybe"`
	}
	mapResponse      struct{ JSON200 *map[string]any }
	anyResponse      struct{ JSON200 *any }
	otherResponse    struct{ JSON404 *shopItem }
	twoResponse      struct{ JSON200, JSON201 *shopItem }
	laterResponse    struct{ JSON202 *shopItem }
	dataless         struct{ ID string }
	datalessResponse struct{ JSON200 *dataless }
	sliceResponse    struct{ JSON200 *[]shopItem }
	wrongResponse    struct{ JSON200 *struct{ Data shopItem } }
)

// all is a generated client with a method for each thing that can go right or wrong.
type all struct{}

func (*all) XParamsWithResponse(context.Context, *allParams, ...editor) (*noResponse, error) {
	return nil, nil
}

func (*all) XParamsWithBodyWithResponse(context.Context, int, ...editor) (*noResponse, error) {
	return nil, nil
}

func (*all) XBodyWithResponse(context.Context, body, ...editor) (*noResponse, error) { return nil, nil }

func (*all) XPathsWithResponse(
	context.Context, string, text, string, *allParams, body, ...editor,
) (*itemResponse, error) {
	return nil, nil
}

func (*all) XNothingWithResponse(context.Context, ...editor) (*noResponse, error)    { return nil, nil }
func (*all) XMapWithResponse(context.Context, ...editor) (*mapResponse, error)       { return nil, nil }
func (*all) XAnyWithResponse(context.Context, ...editor) (*anyResponse, error)       { return nil, nil }
func (*all) XOtherWithResponse(context.Context, ...editor) (*otherResponse, error)   { return nil, nil }
func (*all) XTwoWithResponse(context.Context, ...editor) (*twoResponse, error)       { return nil, nil }
func (*all) XItemWithResponse(context.Context, ...editor) (*itemResponse, error)     { return nil, nil }
func (*all) XLaterWithResponse(context.Context, ...editor) (*laterResponse, error)   { return nil, nil }
func (*all) AListWithResponse(context.Context, ...editor) (*listResponse, error)     { return nil, nil }
func (*all) BListWithResponse(context.Context, ...editor) (*sliceResponse, error)    { return nil, nil }
func (*all) CListWithResponse(context.Context, ...editor) (*datalessResponse, error) { return nil, nil }
func (*all) DListWithResponse(context.Context, ...editor) (*wrongResponse, error)    { return nil, nil }

// only plants one operation and returns its method.
func only(op optable.Operation, schemas ...optable.Schema) (*treegen.Method, error) {
	op.Method = "GET"
	if op.Path == "" {
		op.Path = "/x"
	}
	table := &optable.Table{Operations: []optable.Operation{op}, Schemas: schemas}
	root, err := treegen.Plant(table, reflect.TypeFor[*all]())
	if err != nil {
		return nil, err
	}
	return root.Children[0].Methods[0], nil
}

func TestEachParameterHasItsWriter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, style, explode, want string }{
		{"time", "", "", "addTime"}, {"int", "", "", "addInt"}, {"bool", "", "", "addBool"},
		{"map", "deepObject", "", "addMap"}, {"list", "", "false", "addList"},
		{"text", "", "", "addText"}, {"optional", "", "", "addOptional"},
		{"map", "", "", ""}, {"map", "form", "", ""}, {"any_map", "deepObject", "", ""},
		{"list", "", "", ""}, {"list", "", "true", ""}, {"list", "form", "false", ""}, {"ints", "", "false", ""},
		{"float", "", "", ""}, {"plain", "", "", ""}, {"pointer", "", "", ""},
	} {
		m, err := only(optable.Operation{ID: "x.params", Parameters: []optable.Parameter{
			{Name: c.name, In: optable.InQuery, Style: c.style, Explode: c.explode, Schema: &optable.Schema{}},
		}})
		refusal := "x.params: unsupported parameter " + c.name
		switch {
		case c.want == "" && (err == nil || !strings.HasPrefix(err.Error(), refusal)):
			t.Errorf("%+v: got %v and %v, want an error", c, m, err)
		case c.want != "" && (err != nil || len(m.Query) != 1 || m.Query[0].Writer != c.want || m.Query[0].Name != c.name):
			t.Errorf("%+v: got %+v and %v", c, m, err)
		}
	}
}

func TestParametersBesideTheQueryAreRefusedOrDropped(t *testing.T) {
	t.Parallel()
	key := optable.Parameter{Name: "idempotency-key", In: optable.InHeader, Required: true, Schema: &optable.Schema{}}
	path := optable.Parameter{Name: "id", In: optable.InPath, Required: true, Schema: &optable.Schema{}}
	first := optable.Parameter{Name: "text", In: optable.InQuery, Required: true, Schema: &optable.Schema{}}
	second := optable.Parameter{Name: "int", In: optable.InQuery, Schema: &optable.Schema{}}
	third := optable.Parameter{Name: "bool", In: optable.InQuery, Required: true, Schema: &optable.Schema{}}
	for _, c := range []struct {
		params   []optable.Parameter
		names    string
		required string
		typ      string
		err      string
	}{
		{[]optable.Parameter{key}, "", "", "", ""},
		{[]optable.Parameter{path, key}, "", "", "", ""},
		{[]optable.Parameter{path, first, key, second, third}, "text int bool", "text bool", "main_test.allParams", ""},
		{
			[]optable.Parameter{{Name: "text", In: optable.InCookie, Schema: &optable.Schema{}}}, "", "", "",
			"x.params: unsupported cookie parameter text",
		},
		{
			[]optable.Parameter{first, {Name: "None", In: optable.InQuery, Schema: &optable.Schema{}}}, "", "", "",
			"x.params: main_test.allParams has no field for None",
		},
		{
			[]optable.Parameter{{
				Name: "int", In: optable.InQuery, Schema: &optable.Schema{Constraints: &optable.Constraints{Minimum: "1", Maximum: "9"}},
			}}, "", "", "",
			"x.params: unsupported minimum and maximum of parameter int",
		},
		{nil, "", "", "", "x.params: argument of type *main_test.allParams is not in the table"},
	} {
		m, err := only(optable.Operation{ID: "x.params", Parameters: c.params})
		if c.err != "" {
			if m != nil || err == nil || err.Error() != c.err {
				t.Errorf("%v: got %v and %v, want %s", c.params, m, err, c.err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%v: %v", c.params, err)
		}
		var names []string
		for _, p := range m.Query {
			names = append(names, p.Name)
		}
		got, required := strings.Join(names, " "), strings.Join(m.Required, " ")
		if got != c.names || required != c.required || m.Params != c.typ {
			t.Errorf("%v: got %q of %q, required %q", c.params, got, m.Params, required)
		}
	}
}

func TestEachResultIsFound(t *testing.T) {
	t.Parallel()
	ok, empty := optable.Response{Status: 200, MediaType: "application/json"}, optable.Response{Status: 202}
	failure, redirect := optable.Response{MediaType: ""}, optable.Response{Status: 302}
	for _, c := range []struct {
		id      string
		answers []optable.Response
		kind    treegen.Kind
		result  string
		nilable bool
		err     string
	}{
		{"x.nothing", nil, treegen.Nothing, "", false, ""},
		{"x.nothing", []optable.Response{empty}, treegen.Nothing, "", true, ""},
		{"x.nothing", []optable.Response{redirect}, treegen.Redirects, "", false, ""},
		{"x.item", []optable.Response{ok, {Status: 399}}, treegen.Redirects, "", false, ""},
		{
			"x.item", []optable.Response{{Status: 299, MediaType: "a"}, {Status: 400, MediaType: "a"}},
			treegen.Returns, "main_test.shopItem", false, "",
		},
		{"x.item", []optable.Response{ok, failure}, treegen.Returns, "main_test.shopItem", false, ""},
		{"x.item", []optable.Response{empty, ok}, treegen.Returns, "main_test.shopItem", true, ""},
		{"x.item", []optable.Response{ok, empty}, treegen.Returns, "main_test.shopItem", true, ""},
		{"x.later", nil, treegen.Returns, "main_test.shopItem", false, ""},
		{"x.map", nil, treegen.Nothing, "", false, ""},
		{"x.any", nil, treegen.Nothing, "", false, ""},
		{"x.other", nil, treegen.Nothing, "", false, ""},
		{"x.two", nil, 0, "", false, "x.two: several response types"},
		{"a.list", []optable.Response{empty}, treegen.Lists, "main_test.shopItem", false, ""},
		{"b.list", nil, treegen.Lists, "main_test.shopItem", false, ""},
		{"c.list", nil, 0, "", false, "c.list: main_test.dataless has no data"},
		{"d.list", nil, 0, "", false, "d.list: main_test.shopItem is not a list"},
	} {
		m, err := only(optable.Operation{ID: c.id, Responses: c.answers})
		if c.err != "" {
			if m != nil || err == nil || err.Error() != c.err {
				t.Errorf("%s: got %v and %v, want %s", c.id, m, err, c.err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s: %v", c.id, err)
		}
		if m.Kind != c.kind || m.Result != c.result || m.MayBeNil != c.nilable || m.Name == "" || m.GoName == "" {
			t.Errorf("%s with %v: got %+v, want %v %s, nil %t", c.id, c.answers, m, c.kind, c.result, c.nilable)
		}
	}
}

func TestConstantsOfABodyAreFound(t *testing.T) {
	t.Parallel()
	kind := optable.Property{Name: "kind", Required: true, Schema: &optable.Schema{Const: `"a"`}}
	size := optable.Property{Name: "size", Required: true, Schema: &optable.Schema{Const: `"b"`}}
	ref := optable.Schema{Ref: "Body"}
	for _, c := range []struct {
		properties []optable.Property
		schema     optable.Schema
		optional   bool
		want       []treegen.Constant
		err        string
	}{
		{
			[]optable.Property{kind, size}, ref, false,
			[]treegen.Constant{{Field: "Kind", Value: `"a"`}, {Field: "Size", Value: `"b"`}}, "",
		},
		{[]optable.Property{kind}, optable.Schema{}, false, nil, ""},
		{
			[]optable.Property{{Name: "kind", Required: true, Schema: &optable.Schema{}}, size}, ref, false,
			[]treegen.Constant{{Field: "Size", Value: `"b"`}}, "",
		},
		{[]optable.Property{{Name: "kind", Schema: kind.Schema}}, ref, true, nil, ""},
		{[]optable.Property{kind}, ref, true, nil, "x.body: main_test.body has no string field for the constant kind"},
		{
			[]optable.Property{{Name: "none", Required: true, Schema: kind.Schema}}, ref, false, nil,
			"x.body: main_test.body has no string field for the constant none",
		},
		{
			[]optable.Property{{Name: "count", Required: true, Schema: kind.Schema}}, ref, false, nil,
			"x.body: main_test.body has no string field for the constant count",
		},
		{
			[]optable.Property{{Name: "maybe", Required: true, Schema: kind.Schema}}, ref, false, nil,
			"x.body: main_test.body has no string field for the constant maybe",
		},
	} {
		m, err := only(optable.Operation{ID: "x.body", Body: &optable.Body{Required: !c.optional, Schema: &c.schema}},
			optable.Schema{Name: "Body", Properties: c.properties})
		if c.err != "" {
			if m != nil || err == nil || err.Error() != c.err {
				t.Errorf("%v: got %v and %v, want %s", c.properties, m, err, c.err)
			}
			continue
		}
		if err != nil || !reflect.DeepEqual(m.Constants, c.want) || m.Body != "main_test.body" || m.Optional != c.optional {
			t.Errorf("%v: got %+v and %v, want %v", c.properties, m, err, c.want)
		}
	}
}

func TestEachPathValueIsNamed(t *testing.T) {
	t.Parallel()
	for names, want := range map[[3]string]string{
		{"id", "organization_id", "userId"}:      "id string, organizationID main_test.text, userID string",
		{"type", "func", "range"}:                "typ string, funcValue main_test.text, rangeValue string",
		{"actionName", "a_b_c", "x"}:             "actionName string, aBC main_test.text, x string",
		{"idle", "id_token", "typeID"}:           "idle string, idToken main_test.text, typeID string",
		{"redirect_uri", "externalId", "a_type"}: "redirectUri string, externalID main_test.text, aType string",
	} {
		m, err := only(optable.Operation{
			ID: "x.paths", Path: "/x/{" + names[0] + "}/y/{" + names[1] + "}/{" + names[2] + "}/z", Body: &optable.Body{Schema: &optable.Schema{}},
			Parameters: []optable.Parameter{{Name: "text", In: optable.InQuery, Schema: &optable.Schema{}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range m.Paths {
			got = append(got, p.Name+" "+p.Type)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%v: got %q, want %s", names, got, want)
		}
	}
}
