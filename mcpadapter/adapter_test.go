package mcpadapter_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

type (
	editor = func(context.Context, *http.Request) error
	answer = *http.Response
)

// fake has one method of each shape.
type fake struct{}

func (fake) Plain(context.Context, ...editor) (answer, error)             { return nil, nil }
func (fake) Bare(context.Context) (answer, error)                         { return nil, nil }
func (fake) NoContext(...editor) (answer, error)                          { return nil, nil }
func (fake) NoError(context.Context, ...editor) answer                    { return nil }
func (fake) OtherAnswer(context.Context, ...editor) ([]byte, error)       { return nil, nil }
func (fake) OtherEditor(context.Context, ...string) (answer, error)       { return nil, nil }
func (fake) Item(context.Context, string, ...editor) (answer, error)      { return nil, nil }
func (fake) Query(context.Context, *query, ...editor) (answer, error)     { return nil, nil }
func (fake) Body(context.Context, body, ...editor) (answer, error)        { return nil, nil }
func (fake) BareBody(context.Context, body) (answer, error)               { return nil, nil }
func (fake) Choice(context.Context, choice, ...editor) (answer, error)    { return nil, nil }
func (fake) ItemQuery(context.Context, string, *query) (answer, error)    { return nil, nil }
func (fake) Always(context.Context, *always, ...editor) (answer, error)   { return nil, nil }
func (fake) Two(context.Context, string, string) (answer, error)          { return nil, nil }
func (fake) BodyQuery(context.Context, *bodyQuery, []int) (answer, error) { return nil, nil }

type query struct {
	Limit *int    `json:"limit,omitempty"`
	ID    *string `json:"id,omitempty"`
}

type always struct {
	Limit int `json:"limit"`
}

type bodyQuery struct {
	Body *string `json:"body,omitempty"`
}

type body struct {
	Name   string            `json:"name"`
	Tags   *[]string         `json:"tags,omitempty"`
	Labels map[string]string `json:"labels,omitempty"`
	Inner  *inner            `json:"inner,omitempty"`
}

type inner struct {
	Count *int `json:"count,omitempty"`
}

type choice struct{ union json.RawMessage }

func (c choice) AsA() (inner, error) {
	var v inner
	err := json.Unmarshal(c.union, &v)
	return v, err
}

func TestNewRefusesATableThatDisagreesWithTheClient(t *testing.T) {
	t.Parallel()
	str := optable.Schema{Types: optable.String}
	path := func(name string) optable.Parameter {
		return optable.Parameter{Name: name, In: optable.InPath, Required: true, Schema: &str}
	}
	limit := optable.Parameter{Name: "limit", In: optable.InQuery, Schema: &optable.Schema{Types: optable.Integer}}
	id := optable.Parameter{Name: "id", In: optable.InQuery, Schema: &str}
	object := func(properties ...optable.Property) *optable.Body {
		return &optable.Body{Required: true, Schema: &optable.Schema{Types: optable.Object, Properties: properties}}
	}
	property := func(name string, types optable.Types) optable.Property {
		return optable.Property{Name: name, Required: name == "name", Schema: &optable.Schema{Types: types}}
	}
	name, tags := property("name", optable.String), property("tags", optable.Array)
	labels, innerOne := property("labels", optable.Object), property("inner", optable.Object)
	exclusive := func(variants ...optable.Variant) []optable.Exclusive {
		return []optable.Exclusive{{Name: "group", Variants: variants}}
	}
	cases := []struct {
		name  string
		op    optable.Operation
		parts []string
	}{
		{"no method", optable.Operation{ID: "plane"}, []string{`operation "plane"`, "has no method for it"}},
		{"no context", optable.Operation{ID: "noContext"}, []string{"NoContext", "no context"}},
		{"no error", optable.Operation{ID: "no_error"}, []string{"does not return (*http.Response, error)"}},
		{"other answer", optable.Operation{ID: "other.answer"}, []string{"does not return"}},
		{"other editor", optable.Operation{ID: "other-editor"}, []string{"no request editor"}},
		{"path value too many", optable.Operation{ID: "plain", Path: "/{x}"}, []string{"has no argument for {x}"}},
		{
			"path value too few", optable.Operation{ID: "item", Path: "/"},
			[]string{"does not describe its argument of type string"},
		},
		{"path value not described", optable.Operation{ID: "item", Path: "/{x}"}, []string{`path parameter "x"`}},
		{
			"path value of another type",
			optable.Operation{ID: "item", Path: "/{x}", Parameters: []optable.Parameter{{
				Name: "x", In: optable.InPath, Schema: &optable.Schema{Types: optable.Integer},
			}}},
			[]string{`parameter "x"`, "the table says integer, the Go type is string"},
		},
		{
			"two path values of one name",
			optable.Operation{ID: "two", Path: "/{x}/{x}", Parameters: []optable.Parameter{path("x")}},
			[]string{`two parameters are called "x"`},
		},
		{
			"no struct of parameters", optable.Operation{ID: "plain", Parameters: []optable.Parameter{limit}},
			[]string{"takes no struct"},
		},
		{
			"parameter without a field",
			optable.Operation{ID: "always", Parameters: []optable.Parameter{id}},
			[]string{`has no field for the parameter "id"`},
		},
		{
			"field without a parameter",
			optable.Operation{ID: "query", Parameters: []optable.Parameter{limit}},
			[]string{`does not describe the parameter "id"`},
		},
		{
			"parameter that is always sent",
			optable.Operation{ID: "always", Parameters: []optable.Parameter{limit}},
			[]string{`parameter "limit": optional in the table, but the Go type cannot leave it out`},
		},
		{"no body", optable.Operation{ID: "plain", Body: object(name)}, []string{"takes no body"}},
		{"body not described", optable.Operation{ID: "body"}, []string{"does not describe its argument of type"}},
		{
			"property that Go lacks",
			optable.Operation{ID: "body", Body: object(name, tags, labels, innerOne, property("more", optable.String))},
			[]string{`property "more"`, "lacks"},
		},
		{
			"property that the table lacks",
			optable.Operation{ID: "body", Body: object(name, tags, labels)},
			[]string{"body.Inner", `knows no property "inner"`},
		},
		{
			"property that Go always writes",
			optable.Operation{ID: "body", Body: object(optable.Property{Name: "name", Schema: &str}, tags, labels, innerOne)},
			[]string{"body.Name", "optional in the table, but the Go type cannot leave it out"},
		},
		{
			"number in place of a string",
			optable.Operation{ID: "body", Body: object(property("name", optable.Number), tags, labels, innerOne)},
			[]string{"the table says number, the Go type is string"},
		},
		{
			"string in place of a list",
			optable.Operation{ID: "body", Body: object(name, property("tags", optable.String), labels, innerOne)},
			[]string{"the table says string, the Go type is []string"},
		},
		{
			"list in place of a map",
			optable.Operation{ID: "body", Body: object(name, tags, property("labels", optable.Array), innerOne)},
			[]string{"the table says array, the Go type is map[string]string"},
		},
		{
			"string in place of an object",
			optable.Operation{ID: "body", Body: object(name, tags, labels, property("inner", optable.String))},
			[]string{"the table says string, the Go type is mcpadapter_test.inner"},
		},
		{
			"unknown component",
			optable.Operation{ID: "body", Body: &optable.Body{Schema: &optable.Schema{Ref: "Nobody"}}},
			[]string{`has no schema "Nobody"`},
		},
		{
			"variant that Go lacks",
			optable.Operation{ID: "choice", Body: &optable.Body{Schema: &optable.Schema{Composition: &optable.Composition{Discriminator: &optable.Discriminator{
				Property: "kind", Mapping: []optable.Mapping{{Value: "b", Ref: "B"}},
			}}}}},
			[]string{`no variant for "B"`},
		},
		{
			"body that collides with a parameter called body",
			optable.Operation{
				ID: "body_query", Body: &optable.Body{Schema: &optable.Schema{Types: optable.Array}},
				Parameters: []optable.Parameter{{Name: "body", In: optable.InQuery, Schema: &str}},
			},
			[]string{`a parameter is called "body"`},
		},
		{
			"broken pattern",
			optable.Operation{ID: "item", Path: "/{x}", Parameters: []optable.Parameter{{
				Name: "x", In: optable.InPath, Schema: &optable.Schema{Types: optable.String, Constraints: &optable.Constraints{Pattern: "("}},
			}}},
			[]string{`parameter "x": pattern`},
		},
		{
			"group without variants", optable.Operation{ID: "plain", Exclusive: exclusive()},
			[]string{`group "group" has no variants`},
		},
		{
			"variant without fields",
			optable.Operation{ID: "plain", Exclusive: exclusive(optable.Variant{Name: "v"})},
			[]string{`variant "v" has no fields`},
		},
		{
			"variant of fields that are no arguments",
			optable.Operation{ID: "plain", Exclusive: exclusive(optable.Variant{Fields: []string{"x"}})},
			[]string{`unknown argument "x"`},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := mcpadapter.New(fake{}, &optable.Table{Operations: []optable.Operation{c.op}}, mcpadapter.WithStrict())
			if err == nil {
				t.Fatal("got no error")
			}
			shoptest.WantParts(t, "error", err.Error(), append(c.parts, "workos/mcpadapter: operation ")...)
		})
	}
}

func TestNewRefusesNamesThatMCPDoesNotAllow(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "a b", "plain/", "plaïn", "plain\n", "plain:", strings.Repeat("a", 129)} {
		_, err := mcpadapter.New(fake{}, &optable.Table{Operations: []optable.Operation{{ID: name}}}, mcpadapter.WithStrict())
		if err == nil || !strings.Contains(err.Error(), "the name must be 1 to 128 characters") {
			t.Errorf("%q: got %v, want a refusal of the name", name, err)
		}
	}
}

func TestNewRefusesANameThatIsTakenTwice(t *testing.T) {
	t.Parallel()
	twice := &optable.Table{Operations: []optable.Operation{{ID: "plain"}, {ID: "plain"}}}
	_, err := mcpadapter.New(fake{}, twice, mcpadapter.WithStrict())
	if err == nil || !strings.Contains(err.Error(), `"plain" is in the table twice`) {
		t.Errorf("got %v, want a refusal of the second", err)
	}
}

func TestNewRefusesNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		client any
		table  *optable.Table
	}{
		"no client":            {nil, &shop.Operations},
		"pointer to no client": {(*shop.Client)(nil), &shop.Operations},
		"no table":             {fake{}, nil},
	} {
		if _, err := mcpadapter.New(c.client, c.table); err == nil || !strings.Contains(err.Error(), "is nil") {
			t.Errorf("%s: got %v, want a refusal", name, err)
		}
	}
}

func TestNewRefusesATableThatCannotBeSearched(t *testing.T) {
	t.Parallel()
	_, err := mcpadapter.New(fake{}, &optable.Table{Schemas: []optable.Schema{{Name: "b"}, {Name: "a"}}})
	if err == nil || !strings.Contains(err.Error(), "not sorted") {
		t.Errorf("got %v, want a refusal", err)
	}
}

func TestNewRefusesAKnownValueThatTheArgumentDoesNot(t *testing.T) {
	t.Parallel()
	c, err := shop.NewClient("https://tea.example")
	if err != nil {
		t.Fatal(err)
	}
	_, err = mcpadapter.New(c, &shop.Operations, mcpadapter.WithKnown(
		func(_ *optable.Operation, argument string) (string, bool) { return "x", argument == "colour" }))
	if err == nil {
		t.Fatal("got no error")
	}
	shoptest.WantParts(t, "error", err.Error(), `operation "bins.get"`, "known value: colour", `one of "red"`)
}

func TestABodyThatCannotBeLeftOutIsNotMadeUp(t *testing.T) {
	t.Parallel()
	name := optable.Property{Name: "name", Required: true, Schema: &optable.Schema{Types: optable.String}}
	rest := []optable.Property{
		{Name: "tags"}, {Name: "labels"}, {Name: "inner", Schema: &optable.Schema{Types: optable.Object}},
	}
	a, err := mcpadapter.New(fake{}, &optable.Table{Operations: []optable.Operation{{
		ID: "bare_body", Body: &optable.Body{Schema: &optable.Schema{
			Types: optable.Object, Properties: append([]optable.Property{name}, rest...),
		}},
	}}})
	if err != nil {
		t.Fatal(err)
	}
	r := shoptest.Invoke(t, a, "bare_body", `{}`)
	shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
	shoptest.WantParts(t, "text", r.Text(), "the client cannot leave it out")
	r = shoptest.Invoke(t, a, "bare_body", `{"name":"n","labels":{}}`)
	shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
	shoptest.WantParts(t, "text", r.Text(), "labels: an object cannot be sent")
}

func TestMethodsAreFoundHoweverTheyAreCased(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"bare", "BARE", "b.a-r_e"} {
		if _, err := mcpadapter.New(fake{}, &optable.Table{Operations: []optable.Operation{{ID: id}}}); err != nil {
			t.Errorf("%s: got %v, want success", id, err)
		}
	}
}

func TestToolsAreTheCallersToChange(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil)
	a.Tools()[0] = mcpadapter.Tool{}
	if a.Tools()[0] == (mcpadapter.Tool{}) {
		t.Error("a change to the list changed the adapter")
	}
}
