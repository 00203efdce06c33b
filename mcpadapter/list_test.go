package mcpadapter_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

func TestWhatIsAListIsSeenInTheTable(t *testing.T) {
	t.Parallel()
	of := func(name string, s optable.Schema) optable.Property { return optable.Property{Name: name, Schema: &s} }
	data := of("data", optable.Schema{Types: optable.Array})
	cursors := listSchema("page").Properties[1]
	number := optable.Schema{Types: optable.Integer}
	object := func(properties ...optable.Property) []optable.Response {
		return []optable.Response{
			documented(200, "application/json", optable.Schema{Types: optable.Object, Properties: properties}),
		}
	}
	const none, bare, paged = "", "fields jq", "fields jq all_pages" // what terse schemas publish
	for name, c := range map[string]struct {
		answers []optable.Response
		change  func(*optable.Operation)
		want    string
	}{
		"array and cursors":      {object(data, cursors), nil, paged},
		"cursors and array":      {object(cursors, data), nil, paged},
		"array alone":            {object(data), nil, bare},
		"cursors alone":          {object(cursors), nil, none},
		"two arrays":             {object(data, of("more", *data.Schema)), nil, none},
		"two arrays and cursors": {object(data, cursors, of("more", *data.Schema)), nil, none},
		"nothing":                {object(), nil, none},
		"something else":         {object(data, cursors, of("total", number)), nil, none},
		"something else first":   {object(of("total", number), data, cursors), nil, none},
		"a constant":             {object(of("object", optable.Schema{Const: `"list"`}), data, cursors), nil, paged},
		"one of the constants": {
			object(data, cursors, of("object", optable.Schema{Enum: []string{`"list"`}})), nil, paged,
		},
		"a constant and an array":  {object(of("object", optable.Schema{Const: `"list"`}), data), nil, bare},
		"an object without cursor": {object(data, of("page", optable.Schema{Types: optable.Object})), nil, none},
		"only the cursor before": {object(data, of("page", optable.Schema{
			Types: optable.Object, Properties: []optable.Property{of("before", number)},
		})), nil, none},
		"a bare array": {[]optable.Response{documented(200, "application/json", *data.Schema)}, nil, bare},
		"a failure":    {append(object(data), documented(404, "", optable.Schema{Types: optable.Object})), nil, bare},
		"of two statuses": {
			append(object(data), documented(201, "", optable.Schema{Properties: []optable.Property{cursors}})), nil, paged,
		},
		"cursor in a header": {object(data, cursors), func(op *optable.Operation) {
			op.Parameters[0].In = optable.InHeader
		}, bare},
		"a write": {object(data, cursors), func(op *optable.Operation) { op.Method = http.MethodPost }, bare},
		"a POST that reads": {object(data, cursors), func(op *optable.Operation) {
			op.Method = http.MethodPost
			op.Extensions = []optable.Extension{{Name: "x-risk", JSON: `["reads"]`}}
		}, bare},
		"a GET that writes": {object(data, cursors), func(op *optable.Operation) {
			op.Extensions = []optable.Extension{{Name: "x-risk", JSON: `["changes"]`}}
		}, bare},
	} {
		a := shopOf(t, nil, func(table *optable.Table) {
			for i := range table.Operations {
				if op := &table.Operations[i]; op.ID == "orders.list" {
					op.Responses, op.Parameters = c.answers, slices.Clone(op.Parameters)
					if c.change != nil {
						c.change(op)
					}
				}
			}
		}, mcpadapter.WithShapingArguments(), mcpadapter.WithTerseSchemas())
		orders := shoptest.Tool(t, a, "orders.list")
		var names []string
		for _, argument := range orders.ShapingArguments() {
			if argument.Name != "format" && strings.Contains(string(orders.Schema(mcpadapter.ProfileGemini)), `"`+argument.Name+`":{`) {
				names = append(names, argument.Name)
			}
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestAllPagesAskForTheLargestPagesThatTheTableAllows(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change    func(*optable.Parameter)
		arguments string
		want      string
	}{
		"largest":       {func(*optable.Parameter) {}, `{"all_pages":true}`, "limit=100"},
		"given":         {func(*optable.Parameter) {}, `{"all_pages":true,"limit":3}`, "limit=3"},
		"not all pages": {func(*optable.Parameter) {}, `{}`, ""},
		"largest of 1":  {func(p *optable.Parameter) { p.Schema = atMost("1") }, `{"all_pages":true}`, "limit=1"},
		"no maximum":    {func(p *optable.Parameter) { p.Schema = atMost("") }, `{"all_pages":true}`, ""},
		"not a query":   {func(p *optable.Parameter) { p.In = optable.InHeader }, `{"all_pages":true}`, ""},
	} {
		queries := []string{}
		a := shopOf(t, func(r *http.Request) (*http.Response, error) {
			queries = append(queries, r.URL.RawQuery)
			return bodies(onePage("", "a"))(r)
		}, func(table *optable.Table) {
			for i := range table.Operations {
				if op := &table.Operations[i]; op.ID == "orders.list" {
					op.Parameters = slices.Clone(op.Parameters)
					for j := range op.Parameters {
						if op.Parameters[j].Name == "limit" {
							c.change(&op.Parameters[j])
						}
					}
				}
			}
		}, mcpadapter.WithShapingArguments())
		jsonOf(t, a, "orders.list", c.arguments)
		if !slices.Equal(queries, []string{c.want}) {
			t.Errorf("%s: got the queries %q, want %q alone", name, queries, c.want)
		}
	}
}

// atMost is the schema of a page's size with another maximum.
func atMost(limit string) *optable.Schema {
	return &optable.Schema{
		Types: optable.Integer, Default: "20", Constraints: &optable.Constraints{Minimum: "1", Maximum: limit},
	}
}

// A cut list leads to its next element by the property that is seen to be the cursor, and by no other.
func TestTheCursorOfACutListIsTheOnePropertyThatCanBe(t *testing.T) {
	t.Parallel()
	pad := `,"note":"` + strings.Repeat("x", 600) + `"`
	page := func(before, after string, elements ...string) string {
		return `{"object":"list","data":[` + strings.Join(elements, pad+"},") + pad +
			`}],"list_metadata":{"before":` + before + `,"after":` + after + `}}`
	}
	for name, c := range map[string]struct {
		page   string
		cursor string // of the first element; "": none
	}{
		"by the end":         {page(`null`, `"3"`, `{"id":"1"`, `{"id":"2"`, `{"id":"3"`), "1"},
		"by both ends":       {page(`"1"`, `"3"`, `{"id":"1"`, `{"id":"2"`, `{"id":"3"`), "1"},
		"by the beginning":   {page(`"1"`, `null`, `{"id":"1"`, `{"id":"2"`, `{"id":"3"`), "1"},
		"by none":            {page(`null`, `null`, `{"id":"1"`, `{"id":"2"`, `{"id":"3"`), ""},
		"by an empty one":    {page(`""`, `""`, `{"id":""`, `{"id":""`, `{"id":""`), ""},
		"of a number":        {page(`null`, `3`, `{"n":1`, `{"n":2`, `{"n":3`), ""},
		"ends that disagree": {page(`"1"`, `"3"`, `{"x":"1"`, `{"id":"2"`, `{"id":"3"`), ""},
		"a wrong beginning":  {page(`"0"`, `"3"`, `{"id":"1"`, `{"id":"2"`, `{"id":"3"`), ""},
		"a wrong end":        {page(`"1"`, `"4"`, `{"id":"1"`, `{"id":"2"`, `{"id":"3"`), ""},
		"two that could be":  {page(`null`, `"3"`, `{"a":"1","id":"1"`, `{"id":"2"`, `{"a":"3","id":"3"`), ""},
		"two, told apart by the beginning": {
			page(`"1"`, `"3"`, `{"a":"9","id":"1"`, `{"id":"2"`, `{"a":"3","id":"3"`), "1",
		},
		"two, told apart by the end": {
			page(`"1"`, `"3"`, `{"a":"1","id":"1"`, `{"id":"2"`, `{"a":"9","id":"3"`), "1",
		},
		"the second of several":  {page(`null`, `"3"`, `{"a":"9","z":"1"`, `{"z":"2"`, `{"a":"9","z":"3"`), "1"},
		"absent where it is cut": {page(`null`, `"3"`, `{"x":"1"`, `{"id":"2"`, `{"id":"3"`), ""},
		"empty where it is cut":  {page(`null`, `"3"`, `{"id":""`, `{"id":"2"`, `{"id":"3"`), ""},
	} {
		a := shoptest.NewWith(t, bodies(c.page), mcpadapter.WithMaxResultBytes(1200))
		p := readPage(t, shoptest.Invoke(t, a, "orders.list", `{}`))
		if len(p.Data) != 1 || p.LeftOut == nil || p.LeftOut.Elements != 2 {
			t.Errorf("%s: got %d elements and %+v, want the first of three", name, len(p.Data), p.LeftOut)
			continue
		}
		switch got := p.Metadata.After; {
		case c.cursor == "" && (got != nil || p.LeftOut.Continue["after"] != nil):
			t.Errorf("%s: got the cursor %v and %v, want none", name, *got, p.LeftOut.Continue)
		case c.cursor != "" && (got == nil || *got != c.cursor || p.LeftOut.Continue["after"] != c.cursor):
			t.Errorf("%s: got the cursor %v and %v, want %s", name, got, p.LeftOut.Continue, c.cursor)
		}
	}
}

// Of several pages the first that shows which property the cursor is decides, as later ones do not.
func TestTheCursorOfSeveralPagesIsSeenOnAnyOfThem(t *testing.T) {
	t.Parallel()
	pad := `,"note":"` + strings.Repeat("x", 600) + `"}`
	page := func(after string, elements ...string) string {
		return `{"object":"list","data":[` + strings.Join(elements, pad+",") + pad +
			`],"list_metadata":{"before":null,"after":` + after + `}}`
	}
	for name, c := range map[string]struct {
		first, second, cursor string
	}{
		"on the first":  {page(`"2"`, `{"id":"1"`, `{"id":"2"`), page(`null`, `{"id":"3"`), "1"},
		"on the second": {page(`"p"`, `{"id":"1"`, `{"id":"2"`), page(`"4"`, `{"id":"3"`, `{"id":"4"`), "1"},
		"on both": {
			page(`"2"`, `{"id":"1","b":"x"`, `{"id":"2","b":"y"`), page(`"b"`, `{"id":"3"`, `{"b":"b"`), "1",
		},
	} {
		next := bodies(c.first, c.second)
		a := shoptest.NewWith(t, next, mcpadapter.WithMaxResultBytes(1200), mcpadapter.WithShapingArguments(),
			mcpadapter.WithMaxElements(3))
		p := readPage(t, shoptest.Invoke(t, a, "orders.list", `{"all_pages":true}`))
		if len(p.Data) != 1 || p.Metadata.After == nil || *p.Metadata.After != c.cursor {
			t.Errorf("%s: got %d elements and the cursor %v, want one and %s", name, len(p.Data), p.Metadata.After, c.cursor)
		}
	}
}
