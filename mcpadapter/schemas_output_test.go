package mcpadapter_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
)

func TestOutputSchemasAreOffByDefault(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil)
	for _, tool := range a.Tools() {
		if tool.OutputSchema() != nil {
			t.Errorf("%s: got %s, want none", tool.Name(), tool.OutputSchema())
		}
		if text, err := json.Marshal(mcpgo.Definition(tool)); err != nil || bytes.Contains(text, []byte("outputSchema")) {
			t.Errorf("%s: got %s %v, want no output schema", tool.Name(), text, err)
		}
	}
}

func TestOutputSchemasDescribeWhatTheAdapterAnswers(t *testing.T) {
	t.Parallel()
	const tea = `{"id":{"type":["string","null"]},"name":{"type":["string","null"]},"stock":{"type":["integer","null"]}}`
	a := shoptest.NewWithOutput(t, nil)
	for name, want := range map[string]string{
		"getTea":          `{"type":"object","properties":` + tea + `}`,
		"teas.create":     `{"type":"object","properties":` + tea + `}`,
		"payments.create": `{"type":"object"}`,
		"teas.delete":     `{"type":"object"}`,
		"teas.list": `{"type":"object","properties":{"data":{"type":["array","null"],"items":{"type":["object","null"],` +
			`"properties":` + tea + `}}}}`,
		"parcels.track": `{"type":"object","properties":{"location":{"type":["string","null"],` +
			`"description":"URL that the response redirects to."}}}`,
		"parcels.slip": `{"type":"object","properties":{"content_type":{"type":["string","null"]},` +
			`"text":{"type":["string","null"]}}}`,
	} {
		if got := shoptest.Tool(t, a, name); string(got.OutputSchema()) != want {
			t.Errorf("%s: got\n%s, want\n%s", name, got.OutputSchema(), want)
		}
		text, err := json.Marshal(mcpgo.Definition(shoptest.Tool(t, a, name)))
		if err != nil || !strings.Contains(string(text), `"outputSchema":`+want) {
			t.Errorf("%s: got %s %v, want the schema in the definition", name, text, err)
		}
	}
}

// library answers with what is rare. Only its types matter.
type library struct{}

func (library) Get(context.Context) (answer, error) { return nil, nil }
func (library) GetWithResponse(context.Context) (*struct {
	Body    []byte
	JSON200 *book
	JSON201 *[]leaf
	JSON2XX *leaf
	HALJSON200,
	ApplicationVndBookJSON200 *leaf
	JSON203     *int
	JSON206     *any
	JSON207     *medium
	JSON208     *either
	JSONDefault *book
}, error,
) {
	return nil, nil
}

func (library) None(context.Context) (answer, error)            { return nil, nil }
func (library) Odd(context.Context) (answer, error)             { return nil, nil }
func (library) OddWithResponse(context.Context) (string, error) { return "", nil }
func (library) Bare(context.Context) (answer, error)            { return nil, nil }
func (library) BareWithResponse(context.Context) *book          { return nil }

type book struct {
	Kind    string            `json:"kind"`
	Error   *string           `json:"error,omitempty"`
	Labels  map[string]string `json:"labels,omitempty"`
	Related *[]book           `json:"related,omitempty"`
	Carrier *medium           `json:"carrier,omitempty"`
	Length  *int32            `json:"length,omitempty"`
	Note    any               `json:"note,omitempty"`
}

type leaf struct {
	Number *int `json:"number,omitempty"`
}

// medium is a union with a discriminator, either one without.
type medium struct{ union json.RawMessage }

func (medium) AsPaper() (v paper, err error)           { return v, err }
func (medium) AsTape() (v tape, err error)             { return v, err }
func (m medium) MarshalJSON() (text []byte, err error) { return m.union, nil }

type either struct{ union json.RawMessage }

func (e either) MarshalJSON() (text []byte, err error) { return e.union, nil }

type paper struct {
	On    string  `json:"on"`
	Size  *string `json:"size,omitempty"`
	Pages *[]leaf `json:"pages,omitempty"`
}

type tape struct {
	On   string `json:"on"`
	Size *int   `json:"size,omitempty"`
}

// newLibrary derives the tool of one operation of the library, for which the answers stand in the table.
func newLibrary(id string, answers ...optable.Response) (mcpadapter.Tool, error) {
	number := optable.Property{Name: "number", Schema: &optable.Schema{Types: optable.Integer, Constraints: &optable.Constraints{Minimum: "1"}}}
	size := func(types optable.Types) optable.Property {
		return optable.Property{Name: "size", Schema: &optable.Schema{Types: types}}
	}
	on := func(medium string) optable.Property {
		return optable.Property{Name: "on", Required: true, Schema: &optable.Schema{Types: optable.String, Const: medium}}
	}
	leaves := optable.Schema{Types: optable.Array, Items: &optable.Schema{Ref: "Leaf"}, Constraints: &optable.Constraints{MaxItems: 3}}
	a, err := mcpadapter.New(library{}, &optable.Table{
		Operations: []optable.Operation{{ID: id, Path: "/" + id, Responses: answers}},
		Schemas: []optable.Schema{
			{Name: "Book", Types: optable.Object, Closed: true, Description: "A book.", Properties: []optable.Property{
				{Name: "kind", Required: true, Schema: &optable.Schema{Types: optable.String, Const: `"book"`}},
				{Name: "error", Schema: &optable.Schema{Types: optable.String, Description: "What is wrong with it."}},
				{Name: "labels", Schema: &optable.Schema{
					Types: optable.Object, Additional: &optable.Schema{Types: optable.String}, Constraints: &optable.Constraints{MaxProperties: 2},
				}},
				{Name: "related", Schema: &optable.Schema{Types: optable.Array, Items: &optable.Schema{Ref: "Book"}}},
				{Name: "carrier", Schema: &optable.Schema{Ref: "Medium", Types: optable.Null}},
				{Name: "length", Schema: &optable.Schema{Types: optable.Integer, Format: "int32"}},
				{Name: "note", Schema: &optable.Schema{Description: "Anything."}},
			}},
			{Name: "Leaf", Types: optable.Object, Properties: []optable.Property{number}},
			{
				Name: "Medium", Composition: &optable.Composition{OneOf: []optable.Schema{{Ref: "Paper"}, {Ref: "Tape"}}, Discriminator: &optable.Discriminator{
					Property: "on", Mapping: []optable.Mapping{{Value: "paper", Ref: "Paper"}, {Value: "tape", Ref: "Tape"}},
				}},
			},
			{Name: "Paper", Types: optable.Object, Properties: []optable.Property{
				on(`"paper"`), size(optable.String), {Name: "pages", Schema: &leaves},
			}},
			{Name: "Tape", Types: optable.Object, Properties: []optable.Property{on(`"tape"`), size(optable.Integer)}},
		},
	}, mcpadapter.WithOutputSchemas())
	if err != nil {
		return mcpadapter.Tool{}, err
	}
	return a.Tools()[0], nil
}

// documented is an answer of the table.
func documented(status int, mediaType string, s optable.Schema) optable.Response {
	return optable.Response{Status: status, MediaType: mediaType, Schema: &s}
}

func TestOutputSchemasTakeWhatAnAPIMayChange(t *testing.T) {
	t.Parallel()
	const (
		leafSchema   = `"properties":{"number":{"type":["integer","null"]}}`
		leavesSchema = `{"type":["array","null"],"items":{"type":["object","null"],` + leafSchema + `}}`
		mediumSchema = `"properties":{"on":{"type":["string","null"],"description":"Known values: paper, tape."},` +
			`"size":{"type":["string","integer","null"]},"pages":` + leavesSchema + `}`
		bookProperties = `"kind":{"type":["string","null"],"description":"Known values: book."},` +
			`"error":{"description":"What is wrong with it."},"labels":{"type":["object","null"]},` +
			`"related":{"type":["array","null"],"items":{"type":["object","null"],"description":"A book."}},` +
			`"carrier":{"type":["object","null"],` + mediumSchema + `},"length":{"type":["integer","null"]},` +
			`"note":{"description":"Anything."}`
	)
	const jsonType = "application/json"
	leaf := optable.Schema{Ref: "Leaf"}
	members := optable.Schema{
		Types: optable.Integer, Enum: []string{"1", "2"}, Constraints: &optable.Constraints{Maximum: "2"}, Default: "1", Deprecated: true,
		Description: "`1` or `2`.",
	}
	for name, example := range map[string]struct {
		answers []optable.Response
		want    string
	}{
		"component": {
			[]optable.Response{
				documented(200, jsonType, optable.Schema{Ref: "Book"}), documented(0, jsonType, optable.Schema{Ref: "Error"}),
			},
			`{"type":"object","description":"A book.","properties":{` + bookProperties + `}}`,
		},
		"array": {
			[]optable.Response{documented(201, jsonType, optable.Schema{Types: optable.Array, Constraints: &optable.Constraints{MinItems: 1}, Items: &leaf})},
			`{"type":"object","properties":{"data":` + leavesSchema + `}}`,
		},
		"scalar": {
			[]optable.Response{documented(203, jsonType, members)},
			`{"type":"object","properties":{"value":{"type":["integer","null"],"description":"` + "`1` or `2`" +
				`.","deprecated":true}}}`,
		},
		"some members told": {
			[]optable.Response{documented(206, jsonType, optable.Schema{
				Types: optable.String | optable.Null, Enum: []string{`"a"`, "null", `"b"`}, Description: "Not `a`.",
			})},
			`{"type":"object","properties":{"value":{"type":["string","null"],"description":"Not ` + "`a`" +
				`. Known values: a, b."}}}`,
		},
		"format": {
			[]optable.Response{documented(206, jsonType, optable.Schema{Types: optable.String, Format: "email", Constraints: &optable.Constraints{Pattern: "@"}})},
			`{"type":"object","properties":{"value":{"type":["string","null"],"description":"Format: email."}}}`,
		},
		"anything": {[]optable.Response{documented(206, jsonType, optable.Schema{})}, `{"type":"object"}`},
		"anything in each form": {
			[]optable.Response{documented(206, jsonType, optable.Schema{
				Types: optable.Array, Items: &optable.Schema{Composition: &optable.Composition{AnyOf: []optable.Schema{
					{Types: optable.String | optable.Number}, {Types: optable.Boolean},
					{Types: optable.Array | optable.Object | optable.Null},
				}}},
			})},
			`{"type":"object","properties":{"data":{"type":["array","null"],"items":{}}}}`,
		},
		"union": {
			[]optable.Response{documented(207, jsonType, optable.Schema{Ref: "Medium"})}, `{"type":"object",` + mediumSchema + `}`,
		},
		"union that nothing tells apart": {
			[]optable.Response{documented(208, jsonType, optable.Schema{Composition: &optable.Composition{AnyOf: []optable.Schema{
				leaf, {Types: optable.Array, Items: &leaf}, {Types: optable.Array},
				{Types: optable.Null}, {Types: optable.String, Const: `"x"`},
			}}})},
			`{"type":"object","properties":{"number":{"type":["integer","null"]},"data":{"type":["array","null"],` +
				`"items":{}},` +
				`"value":{"type":["string","null"]}}}`,
		},
		"nullable union": {
			[]optable.Response{documented(208, jsonType, optable.Schema{Composition: &optable.Composition{AnyOf: []optable.Schema{
				{Types: optable.Null}, {Types: optable.String, Enum: []string{`"x"`}, Format: "date"},
			}}})},
			`{"type":"object","properties":{"value":{"type":["string","null"],` +
				`"description":"Known values: x. Format: date."}}}`,
		},
		"union of arrays": {
			[]optable.Response{documented(208, jsonType, optable.Schema{Types: optable.Array, Composition: &optable.Composition{AnyOf: []optable.Schema{
				{Items: &optable.Schema{Types: optable.Integer}}, {Items: &optable.Schema{Types: optable.String}},
			}}})},
			`{"type":"object","properties":{"data":{"type":["array","null"],"items":{"type":["string","integer","null"]}}}}`,
		},
		"several": {
			[]optable.Response{
				documented(200, jsonType, optable.Schema{Ref: "Book"}),
				documented(201, jsonType, optable.Schema{Types: optable.Array, Items: &leaf}),
				{Status: 204}, {Status: 302}, documented(400, jsonType, leaf), documented(404, "text/plain", leaf),
			},
			`{"type":"object","description":"A book.","properties":{` + bookProperties + `,"data":` + leavesSchema +
				`,"location":{"type":["string","null"],"description":"URL that the response redirects to."}}}`,
		},
		"several of one name": {
			[]optable.Response{
				documented(207, jsonType, optable.Schema{Ref: "Tape"}), documented(206, jsonType, optable.Schema{Ref: "Paper"}),
			},
			`{"type":"object","properties":{"on":{"type":["string","null"],"description":"Known values: tape, paper."},` +
				`"size":{"type":["string","integer","null"]},"pages":` + leavesSchema + `}}`,
		},
		"range": {[]optable.Response{documented(226, jsonType, leaf)}, `{"type":"object",` + leafSchema + `}`},
		"HAL":   {[]optable.Response{documented(200, "application/hal+json", leaf)}, `{"type":"object",` + leafSchema + `}`},
		"JSON by another name": {
			[]optable.Response{documented(200, "application/vnd.book+json", leaf)}, `{"type":"object",` + leafSchema + `}`,
		},
		"text": {
			[]optable.Response{documented(200, "text/csv; header=present", optable.Schema{Types: optable.String})},
			`{"type":"object","properties":{"content_type":{"type":["string","null"]},"text":{"type":["string","null"]}}}`,
		},
		"JSON of no schema": {[]optable.Response{{Status: 200, MediaType: jsonType}}, `{"type":"object"}`},
		"no answer":         {nil, `{"type":"object"}`},
	} {
		tool, err := newLibrary("get", example.answers...)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := string(tool.OutputSchema()); got != example.want {
			t.Errorf("%s: got\n%s, want\n%s", name, got, example.want)
		}
	}
}

func TestNewRefusesAClientThatDoesNotTellItsAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		operation string
		answer    optable.Response
		want      string
	}{
		{"odd", optable.Response{Status: 204}, "method OddWithResponse: it does not return a pointer to a struct of responses"},
		{"bare", optable.Response{Status: 204}, "method BareWithResponse: it does not return a pointer to a struct of responses"},
		{"get", documented(200, "application/vnd.leaf+json", optable.Schema{Ref: "Leaf"}), "response 200: struct {"},
		{"get", documented(200, "application/json", optable.Schema{Ref: "Page"}), `the table has no schema "Page"`},
		{"get", documented(200, "application/json", optable.Schema{Ref: "Leaf"}), "response 200: book.Kind: the table "},
		{
			"get", documented(203, "application/json", optable.Schema{Types: optable.String}),
			"response 203: the table says string, the Go type is int",
		},
	} {
		_, err := newLibrary(c.operation, c.answer)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.operation, err, c.want)
		}
	}
}

func TestOutputSchemasHoldForWhateverIsAskedOfAnAnswer(t *testing.T) {
	t.Parallel()
	order := strings.Replace(secretOrder, `{"x":"S2","y":null,"z":true}`, "2", 1) // as the table has it
	list := `{"object":"list","data":[` + strings.Repeat(order+",", 99) + order + `],` +
		`"list_metadata":{"before":null,"after":"o1"}}`
	var body string
	c, err := shop.NewClientWithResponses("https://tea.example", shop.WithHTTPClient(shoptest.Doer(
		func(*http.Request) (*http.Response, error) {
			return shoptest.Responding(200, strings.NewReader(body))(nil)
		})))
	if err != nil {
		t.Fatal(err)
	}
	a, err := mcpadapter.New(c, &shop.Operations, mcpadapter.WithOutputSchemas(), mcpadapter.WithShapingArguments(),
		mcpadapter.WithHiddenSecrets(), mcpadapter.WithMaxResultBytes(1024), mcpadapter.WithMaxElements(150))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ tool, arguments, body, has string }{
		{"orders.list", `{}`, list, `"left_out"`},
		{"orders.list", `{"fields":"data.pickup_code,data.seals"}`, list, `"left_out"`},
		{"orders.list", `{"fields":"object"}`, list, `"object"`},
		{"orders.list", `{"all_pages":true}`, list, `"left_out"`},
		{"orders.list", `{"jq":".data[].seals"}`, list, `"jq"`},
		{"orders.list", `{"jq":"[.data[].seals]"}`, list, `"jq"`},
		{"orders.list", `{"jq":"{data: 7}"}`, list, `"jq"`},
		{"orders.get", `{"order_id":"1","jq":".id"}`, order, `"jq"`},
		{"orders.get", `{"order_id":"1","jq":".id.x"}`, order, `"error"`},
		{"orders.get", `{"order_id":"1"}`, `{"id":"` + strings.Repeat("x", 2000) + `"}`, `"too_large"`},
		{"orders.get", `{"order_id":"1"}`, order, mcpadapter.Hidden},
	} {
		body = c.body
		tool := shoptest.Tool(t, a, c.tool)
		r := tool.Invoke(t.Context(), json.RawMessage(c.arguments))
		if !strings.Contains(string(r.JSON), c.has) {
			t.Errorf("%s %s: got %s, want %s in it", c.tool, c.arguments, r.JSON, c.has)
		}
		if err := shoptest.OutputSchema(t, tool).Validate(decoded(t, string(r.JSON))); err != nil {
			t.Errorf("%s %s: %s is refused: %v", c.tool, c.arguments, r.JSON, err)
		}
	}
}

func decoded(tb testing.TB, text string) any {
	tb.Helper()
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		tb.Fatalf("%v: %s", err, text)
	}
	return v
}

func TestOutputSchemaOfAClientWithoutTypedResponsesIsThatOfTheTable(t *testing.T) {
	t.Parallel()
	leaf := documented(200, "application/json", optable.Schema{Types: optable.Object, Properties: []optable.Property{
		{Name: "number", Schema: &optable.Schema{Types: optable.Integer, Constraints: &optable.Constraints{Minimum: "1"}}},
	}})
	tool, err := newLibrary("none", leaf)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"type":"object","properties":{"number":{"type":["integer","null"]}}}`
	if got := string(tool.OutputSchema()); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if _, err := newLibrary("none", documented(200, "application/json", optable.Schema{Ref: "Page"})); err == nil ||
		!strings.Contains(err.Error(), `the table has no schema "Page"`) {
		t.Errorf("a schema that is not there: got %v", err)
	}
}
