package mcpadapter_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

func TestTheDynamicToolsAreThese(t *testing.T) {
	t.Parallel()
	const call = `{"type":"object","properties":{"operation":{"type":"string","description":"Name of the operation."},` +
		`"arguments":{"type":"object"}},"required":["operation"],` +
		`"additionalProperties":false}`
	const toolsets = `,"toolset":{"type":"string","description":"Search only these operations.","enum":["teas",` +
		`"shelves",` +
		`"baskets",` +
		`"facts","payments","blends","menus","parcels","tastings","recalls","checkout","orders"]}`
	search := func(toolsets string) string {
		return `{"type":"object","properties":{"query":{"type":"string",` +
			`"description":"What you want to do, in plain words.","minLength":1,"maxLength":500},` +
			`"limit":{"type":"integer","default":5,"minimum":1,"maximum":20}` + toolsets +
			`},"required":["query"],"additionalProperties":false}`
	}
	type tool struct {
		Name, Title, Description string
		Annotations              mcpadapter.Annotations
		InputSchema              string
	}
	want := []tool{
		{
			Name: "search_operations", Title: "Search operations",
			Description: "Finds operations by what you want to do: name({arguments}) // what it does, and " +
				"which tool calls it. `?` is optional; without a type it is a string.",
			Annotations: mcpadapter.Annotations{ReadOnly: true, Idempotent: true}, InputSchema: search(toolsets),
		},
		{
			Name: "describe_operations", Title: "Describe operations",
			Description: "Full input schemas of operations, if their line leaves out (…) what you need.",
			Annotations: mcpadapter.Annotations{ReadOnly: true, Idempotent: true},
			InputSchema: `{"type":"object","properties":{"operations":{"type":"array",` +
				`"description":"Names of operations.","items":{"type":"string"},"minItems":1,"maxItems":10}},` +
				`"required":["operations"],"additionalProperties":false}`,
		},
		{
			Name: "call_read_operation", Title: "Call to read",
			Description: "Calls an operation that changes nothing.",
			Annotations: mcpadapter.Annotations{ReadOnly: true, Idempotent: true}, InputSchema: call,
		},
		{
			Name: "call_write_operation", Title: "Call to write",
			Description: "Calls an operation that adds or changes something.",
			Annotations: mcpadapter.Annotations{Destructive: true, OpenWorld: true}, InputSchema: call,
		},
		{
			Name: "call_destructive_operation", Title: "Call to destroy",
			Description: "Calls an operation that replaces or deletes something, or cannot be undone.",
			Annotations: mcpadapter.Annotations{Destructive: true, Idempotent: true}, InputSchema: call,
		},
	}
	got := searchable(t).DynamicTools()
	if len(got) != len(want) {
		t.Fatalf("got %d tools, want %d", len(got), len(want))
	}
	for i, w := range want {
		g := tool{got[i].Name(), got[i].Title(), got[i].Description(), got[i].Annotations(), string(got[i].InputSchema())}
		if g != w {
			t.Errorf("got %+v, want %+v", g, w)
		}
	}
	if got := string(nothingsOf(t, "a.get GET").DynamicTools()[0].InputSchema()); got != search("") {
		t.Errorf("without toolsets: got %s, want %s", got, search(""))
	}
}

func TestEachCallerIsOfferedWhereItHasSomethingToCall(t *testing.T) {
	t.Parallel()
	const read, write, destroy = "call_read_operation", "call_write_operation", "call_destructive_operation"
	for want, ids := range map[string][]string{
		read + " ":                               {"a.get GET"},
		write + " ":                              {"a.set POST"},
		destroy + " ":                            {"z.y.delete DELETE"},
		read + " " + write + " ":                 {"a.set POST", "a.get GET"},
		read + " " + destroy + " ":               {"a.get GET", "z.y.delete DELETE"},
		write + " " + destroy + " ":              {"a.set POST", "z.y.delete DELETE"},
		read + " " + write + " " + destroy + " ": {"a.get GET", "a.set POST", "z.y.delete DELETE"},
	} {
		got := ""
		var gotSb88 strings.Builder
		for i, d := range nothingsOf(t, ids...).DynamicTools() {
			if i > 1 {
				gotSb88.WriteString(d.Name() + " ")
			}
		}
		got += gotSb88.String()
		if got != want {
			t.Errorf("%v: got %q, want %q", ids, got, want)
		}
	}
}

func TestTheLimitOfASearchIsKept(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	search := shoptest.DynamicTool(t, a, "search_operations")
	const query = `"query":"create add list get teas orders parcel basket"`
	for limit, want := range map[string]int{
		``: 5, `,"limit":null`: -1, `,"limit":0`: -1, `,"limit":1`: 1, `,"limit":2`: 2, `,"limit":19`: 19, `,"limit":20`: 20,
		`,"limit":21`: -1, `,"limit":-1`: -1, `,"limit":"3"`: 3, `,"limit":1.5`: -1,
	} {
		r := search.Invoke(t.Context(), json.RawMessage(`{`+query+limit+`}`))
		if want < 0 {
			shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
			if r.Failure.Message != "nothing was done" {
				t.Errorf("%s: got %s", limit, r.Text())
			}
			continue
		}
		if got := len(linesOf(t, search, `{`+query+limit+`}`)); got != want {
			t.Errorf("%s: got %d operations, want %d", limit, got, want)
		}
	}
	for n, ok := range map[int]bool{1: true, 499: true, 500: true, 501: false} {
		r := search.Invoke(t.Context(), json.RawMessage(`{"query":"`+wide(n)+`"}`))
		if (r.Failure == nil) != ok {
			t.Errorf("%d characters: got %s", n, r.Text())
		}
	}
	describe := shoptest.DynamicTool(t, a, "describe_operations")
	for n, ok := range map[int]bool{0: false, 1: true, 9: true, 10: true, 11: false} {
		names := make([]string, n)
		for i := range names {
			names[i] = "getTea"
		}
		text, err := json.Marshal(map[string]any{"operations": names})
		if err != nil {
			t.Fatal(err)
		}
		if r := describe.Invoke(t.Context(), text); (r.Failure == nil) != ok {
			t.Errorf("%d operations: got %s", n, r.Text())
		}
	}
	shoptest.WantNothingSent(t, wire, "searching and describing")
}

func TestAsManyOperationsAreToldAsFit(t *testing.T) {
	t.Parallel()
	const arguments = `{"operations":["getTea","teas.list","bins.get"]}`
	whole := shoptest.DynamicTool(t, shoptest.NewWith(t, nil), "describe_operations").Invoke(t.Context(), json.RawMessage(arguments))
	n := len(whole.JSON)
	for _, c := range []struct {
		most, operations int
		advice           string
	}{
		{n, 3, ""}, {n - 1, 2, "1 operation left out to fit into %d bytes. Ask for fewer at once."},
		{1024, 1, "2 operations left out to fit into %d bytes. Ask for fewer at once."},
	} {
		a := shoptest.NewWith(t, nil, mcpadapter.WithMaxResultBytes(c.most))
		r := shoptest.DynamicTool(t, a, "describe_operations").Invoke(t.Context(), json.RawMessage(arguments))
		var got struct {
			Operations []struct{ Name string }
			Advice     string
		}
		if err := json.Unmarshal(r.JSON, &got); err != nil || len(r.JSON) > c.most {
			t.Fatalf("into %d: got %d bytes (%v)", c.most, len(r.JSON), err)
		}
		advice := strings.ReplaceAll(c.advice, "%d", strconv.Itoa(c.most))
		if len(got.Operations) != c.operations || got.Advice != advice || got.Operations[0].Name != "getTea" {
			t.Errorf("into %d: got %+v, want %d operations and %q", c.most, got, c.operations, advice)
		}
	}
}
