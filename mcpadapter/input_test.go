package mcpadapter_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// mixed is a client whose method takes a path value, parameters and a body.
type mixed struct{ recorder }

func (m *mixed) Mix(ctx context.Context, x string, p *mixedParams, b mixedBody, editors ...editor) (answer, error) {
	return m.record(ctx, http.MethodPost, []any{x, p, b}, editors...)
}

func (m *mixed) Nothing(ctx context.Context, b struct{}, editors ...editor) (answer, error) {
	return m.record(ctx, http.MethodPost, b, editors...)
}

func (m *mixed) Body(ctx context.Context, b ownBody, editors ...editor) (answer, error) {
	return m.record(ctx, http.MethodPost, b, editors...)
}

type mixedParams struct {
	Q *string `json:"q,omitempty"`
	R string  `json:"r"`
}

type mixedBody struct {
	A *string `json:"a,omitempty"`
	B string  `json:"b"`
	C string  `json:"c"`
	D *string `json:"d,omitempty"`
}

// ownBody has the name of an argument for a whole body, alone.
type ownBody struct {
	Body *string `json:"body,omitempty"`
}

func mixedOperation(required bool) optable.Operation {
	text := optable.Schema{Types: optable.String}
	property := func(name string, required bool) optable.Property {
		return optable.Property{Name: name, Required: required, Schema: &text}
	}
	return optable.Operation{
		ID: "mix", Method: http.MethodPost, Path: "/m/{x}",
		Parameters: []optable.Parameter{
			{Name: "q", In: optable.InQuery, Schema: &text}, {Name: "r", In: optable.InHeader, Required: true, Schema: &text},
			{Name: "x", In: optable.InPath, Required: true, Schema: &text},
		},
		Body: &optable.Body{Required: required, Schema: &optable.Schema{Types: optable.Object, Properties: []optable.Property{
			property("d", false), property("c", true), property("a", false), property("b", true),
		}}},
	}
}

// Required arguments come first, in the order of path, parameters and body, and each in that of the document.
func TestArgumentsAreInOrder(t *testing.T) {
	t.Parallel()
	for required, want := range map[bool]string{true: "x r c b q d a|x r c b", false: "x r q c b d a|x r"} {
		a, err := mcpadapter.New(&mixed{}, tableOf(mixedOperation(required)), mcpadapter.WithLiteralBodies())
		if err != nil {
			t.Fatal(err)
		}
		schema := string(shoptest.Tool(t, a, "mix").InputSchema())
		properties, rest, _ := strings.Cut(strings.TrimPrefix(schema, `{"type":"object","properties":{`), `},"required":[`)
		list, _, _ := strings.Cut(rest, "]")
		names := strings.NewReplacer(`:{"type":"string"}`, "", `"`, "", ",", " ")
		if got := names.Replace(properties) + "|" + names.Replace(list); got != want {
			t.Errorf("body required %v: got %s of %s, want %s", required, got, schema, want)
		}
	}
}

// Each argument goes to its own place: what is required where, with the body given and left out.
func TestArgumentsGoToTheirPlaces(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		required        bool
		arguments, want string // what is sent, or the problems
	}{
		{true, `{"x":"1","r":"2","b":"3","c":"4"}`, `["1",{"r":"2"},{"b":"3","c":"4"}]`},
		{
			true, `{"x":"1","r":"2","b":"3","c":"4","a":"5","d":"6","q":"7"}`,
			`["1",{"q":"7","r":"2"},{"a":"5","b":"3","c":"4","d":"6"}]`,
		},
		{
			true, `{}`, "x: is required: a string; r: is required: a string; c: is required: a string; " +
				"b: is required: a string",
		},
		{true, `{"x":"1","r":"2"}`, "c: is required: a string; b: is required: a string"},
		{true, `{"r":"2","b":"3","c":"4"}`, "x: is required: a string"},
		{true, `{"x":"1","b":"3","c":"4"}`, "r: is required: a string"},
		{true, `{"x":"1","r":"2","b":"3","c":"4","e":"5"}`, "e: is unknown (did you mean x?)"},
		{false, `{"x":"1","r":"2","a":"3"}`, "c: is required: a string; b: is required: a string"},
		{false, `{"x":"1","r":"2","b":"3"}`, "c: is required: a string"},
		{false, `{"x":"1","r":"2","b":"3","c":"4"}`, `["1",{"r":"2"},{"b":"3","c":"4"}]`},
		{false, `{"x":"1","r":"2"}`, `["1",{"r":"2"},{"b":"","c":""}]`}, // the client's own zero, whose body is taken off
	} {
		client := &mixed{}
		a, err := mcpadapter.New(client, tableOf(mixedOperation(c.required)), mcpadapter.WithLiteralBodies())
		if err != nil {
			t.Fatal(err)
		}
		r := shoptest.Invoke(t, a, "mix", c.arguments)
		sent := client.took()
		if strings.HasPrefix(c.want, "[") {
			if r.Failure != nil || !slices.Equal(sent, []string{c.want}) {
				t.Errorf("%s: got %q and %s, want %s", c.arguments, sent, r.Text(), c.want)
			}
			continue
		}
		if got := strings.Join(problemsOf(r), "; "); got != c.want || len(sent) > 0 {
			t.Errorf("%s: got %q sent and %s, want %s", c.arguments, sent, got, c.want)
		}
	}
}

func TestBodiesOfNothingAndOfABody(t *testing.T) {
	t.Parallel()
	client := &mixed{}
	a, err := mcpadapter.New(client, &optable.Table{Operations: []optable.Operation{
		{ID: "nothing", Body: &optable.Body{Required: true}},
		{ID: "body", Body: &optable.Body{Required: true}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ tool, arguments, want string }{
		{"nothing", `{"body":{}}`, "{}"}, {"nothing", `{}`, "{}"}, {"nothing", `{"body":{"a":1}}`, ""},
		{"body", `{"body":"x"}`, `{"body":"x"}`}, {"body", `{}`, "{}"}, {"body", `{"body":{"body":"x"}}`, ""},
	} {
		r := shoptest.Invoke(t, a, c.tool, c.arguments)
		if sent := strings.Join(client.took(), ";"); sent != c.want || (r.Failure == nil) != (c.want != "") {
			t.Errorf("%s %s: got %q and %s, want %q", c.tool, c.arguments, sent, r.Text(), c.want)
		}
	}
}

// Texts are read where one alternative alone can be meant, and inside of it.
func TestTextsInsideAlternativesAreRead(t *testing.T) {
	t.Parallel()
	whole := optable.Schema{Types: optable.Integer}
	numbers := optable.Schema{Types: optable.Array, Items: &whole}
	object := optable.Schema{Types: optable.Object, Properties: []optable.Property{{Name: "n", Schema: &whole}}}
	for _, c := range []struct {
		schema      optable.Schema
		given, want string
		repaired    []string
	}{
		{optable.Schema{Composition: &optable.Composition{AnyOf: []optable.Schema{whole, numbers}}}, `["1",2]`, "[1,2]", []string{"v[0]"}},
		{optable.Schema{Composition: &optable.Composition{AnyOf: []optable.Schema{whole, numbers}}}, `"[1]"`, "[1]", []string{"v"}},
		{optable.Schema{Composition: &optable.Composition{AnyOf: []optable.Schema{whole, object}}}, `{"n":"1"}`, `{"n":1}`, []string{"v.n"}},
		{optable.Schema{Composition: &optable.Composition{AnyOf: []optable.Schema{object, numbers}}}, `{"n":"1"}`, `{"n":1}`, []string{"v.n"}},
		{optable.Schema{Composition: &optable.Composition{AnyOf: []optable.Schema{object, object}}}, `{"n":"1"}`, "", nil}, // which is meant is open
		{optable.Schema{Composition: &optable.Composition{AnyOf: []optable.Schema{whole, {Types: optable.String}}}}, `"1"`, `"1"`, nil},
		{optable.Schema{}, `"1"`, `"1"`, nil},
		{optable.Schema{Types: optable.Boolean | optable.Null}, `"null"`, "", nil},
		{
			optable.Schema{Types: optable.Object, Additional: &whole}, `{"a":"1","b":"2"}`, `{"a":1,"b":2}`,
			[]string{"v.a", "v.b"},
		},
	} {
		a, wire := puts(t, c.schema)
		r := shoptest.Invoke(t, a, "put", `{"v":`+c.given+`}`)
		if sent := strings.Join(wire.took(), ";"); sent != c.want || !slices.Equal(r.Repaired, c.repaired) {
			t.Errorf("%s: got %q, %q repaired and %s, want %q and %q", c.given, sent, r.Repaired, r.Text(), c.want, c.repaired)
		}
	}
}

// What a filter permits is told in words: of a long list the first eight, and how many more.
func TestRulesOfFiltersAreTold(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil)
	first := "teas.*, getTea, bins.*, days.*, facts.*, moods.*, surveys.*, payments.*"
	eight := strings.Split(first, ", ")
	names := partNames{mcpadapter.FilterToolsets: "--t", mcpadapter.FilterAllow: "--a", mcpadapter.FilterDeny: "--d", mcpadapter.FilterReadOnly: "--r"}
	for _, c := range []struct {
		filter mcpadapter.Filter
		want   string
	}{
		{mcpadapter.Filter{}, ""},
		{mcpadapter.Filter{ReadOnly: true}, "only what changes nothing (--r)"},
		{mcpadapter.Filter{Toolsets: []string{"teas"}}, "only the toolsets teas (--t)"},
		{mcpadapter.Filter{Toolsets: []string{"teas", "menus"}}, "only the toolsets teas, menus (--t)"},
		{mcpadapter.Filter{Allow: []string{"getTea"}}, "only getTea (--a)"},
		{mcpadapter.Filter{Allow: eight}, "only " + first + " (--a)"},
		{mcpadapter.Filter{Allow: append(slices.Clone(eight), "blends.*")}, "only " + first + ", 1 more (--a)"},
		{mcpadapter.Filter{Deny: append(slices.Clone(eight), "blends.*", "menus.*")}, "not " + first + ", 2 more (--d)"},
		{
			mcpadapter.Filter{ReadOnly: true, Toolsets: []string{"teas"}, Allow: []string{"*"}, Deny: []string{"getTea"}},
			"only what changes nothing (--r); only the toolsets teas (--t); only * (--a); not getTea (--d)",
		},
	} {
		c.filter.Name = names.of
		ctx, err := a.Narrow(t.Context(), c.filter)
		if err != nil {
			t.Fatal(err)
		}
		want := ""
		if c.want != "" {
			want = "Permitted here: " + c.want + ". No call can relax this.\n"
		}
		if got := a.Guide(ctx, false); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// The arguments about the answer: their names, where an operation has its own, and what is refused of them unsent.
func TestArgumentsAboutTheAnswer(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil, mcpadapter.WithShapingArguments())
	const fields, jq = "Paths to keep: data.id,data.name.", "Program for the response, not with fields: .data|length."
	const table = `"table": a header and rows, for half the tokens.`
	const pages = "true: all pages at once; narrow it with fields or jq."
	for name, want := range map[string][]mcpadapter.Argument{
		"orders.list": {
			{Name: "fields", Description: fields}, {Name: "jq", Description: jq}, {Name: "format", Description: table},
			{Name: "all_pages", Description: pages},
		},
		"orders.get":    {{Name: "fields", Description: fields}, {Name: "jq", Description: jq}},
		"orders.search": {{Name: "answer_fields", Description: fields}, {Name: "format", Description: table}},
		"teas.delete":   {},
	} {
		found := shoptest.Tool(t, a, name)
		if got := found.ShapingArguments(); !slices.Equal(got, want) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
		var root struct{ Properties map[string]json.RawMessage }
		if err := json.Unmarshal(found.InputSchema(), &root); err != nil {
			t.Fatal(err)
		}
		for _, argument := range want {
			types := "string"
			if argument.Name == "all_pages" {
				types = "boolean"
			}
			text := fmt.Sprintf(`{"type":%q,"description":%q}`, types, argument.Description)
			if argument.Name == "format" {
				text = strings.TrimSuffix(text, "}") + `,"enum":["table"]}`
			}
			if got := string(root.Properties[argument.Name]); got != text {
				t.Errorf("%s: %s: got %s, want %s", name, argument.Name, got, text)
			}
		}
	}
	for _, c := range []struct{ tool, arguments, want string }{
		{"orders.list", `{"jq":1}`, "jq: expected a program as a string, got the number 1"},
		{"orders.list", `{"jq":".","fields":"data"}`, "jq: cannot go together with fields; give one of them"},
		{"orders.list", `{"all_pages":1}`, "all_pages: expected a boolean, got the number 1"},
		{"orders.list", `{"all_pages":"yes"}`, `all_pages: expected a boolean, got the string "yes"`},
		{
			"orders.list", `{"all_pages":true,"before":"x"}`,
			"before: cannot go together with all_pages, which reads forward; give after",
		},
		{"orders.get", `{"order_id":"1","all_pages":true}`, "all_pages: is unknown; expected order_id"},
		{"teas.delete", `{"tea_id":"1","fields":"id"}`, "fields: is unknown; expected tea_id"},
	} {
		wantInvalid(t, c.tool+" "+c.arguments, shoptest.Invoke(t, a, c.tool, c.arguments), wire, c.want)
	}
	// null and false ask for nothing.
	for arguments, uri := range map[string]string{
		`{"fields":null,"jq":null,"all_pages":null}`: "/orders", `{"all_pages":false}`: "/orders",
		`{"all_pages":false,"before":"x"}`: "/orders?before=x", `{"all_pages":true}`: "/orders?limit=100",
		`{"all_pages":"true"}`: "/orders?limit=100", `{"all_pages":true,"limit":5}`: "/orders?limit=5",
		`{"before":"x"}`: "/orders?before=x",
	} {
		shoptest.Invoke(t, a, "orders.list", arguments)
		if sent := wire.Seen(); len(sent) != 1 || sent[0].URI != uri {
			t.Errorf("%s: got %v, want one request of %s", arguments, sent, uri)
		}
	}
}
