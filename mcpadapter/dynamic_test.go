package mcpadapter_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// Each operation is called by one tool of the three, whose hints are true of it; the others name that one.
func TestEachCallerKeepsToItsEffect(t *testing.T) {
	t.Parallel()
	arguments := shoptest.ValidArguments(t)
	var sent int
	a := shoptest.NewWith(t, shoptest.Counting(&sent))
	for _, operation := range a.Tools() {
		right := shoptest.Caller(operation.Risk().Effect())
		for _, e := range shoptest.Effects() {
			d := shoptest.DynamicTool(t, a, shoptest.Caller(e))
			sent = 0
			r := d.Invoke(t.Context(), shoptest.CallOf(operation.Name(), arguments[operation.Name()]))
			if d.Name() != right {
				if sent != 0 {
					t.Errorf("%s sent %s", d.Name(), operation.Name())
				}
				shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
				shoptest.WantParts(t, d.Name(), r.Text(), operation.Name()+" cannot be called with this tool: call it with "+right)
				continue
			}
			if sent != 1 || r.Failure != nil {
				t.Errorf("%s %s: got %d requests and %s, want it sent", d.Name(), operation.Name(), sent, r.Text())
			}
			says, is := d.Annotations(), operation.Annotations()
			if says.ReadOnly && !is.ReadOnly || !says.Destructive && is.Destructive ||
				says.Idempotent && !is.Idempotent || !says.OpenWorld && is.OpenWorld {
				t.Errorf("%s says %+v, which is not true of %s: %+v", d.Name(), says, operation.Name(), is)
			}
			if d.Risk()|operation.Risk() != d.Risk() {
				t.Errorf("%s has the risks %v, want also %v of %s", d.Name(), d.Risk(), operation.Risk(), operation.Name())
			}
		}
	}
}

func TestACallChecksTheOperationsOwnArguments(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	read, write := shoptest.DynamicTool(t, a, "call_read_operation"), shoptest.DynamicTool(t, a, "call_write_operation")
	for _, c := range []struct {
		tool      mcpadapter.Tool
		arguments string
		want      []string
	}{
		{read, `{"operation":"getTea","arguments":{"tea_id":".."}}`, []string{"tea_id"}},
		{read, `{"operation":"getTea"}`, []string{"tea_id: is required", `{"tea_id":`}},
		{read, `{"operation":"getTea","arguments":null}`, []string{"tea_id: is required"}},
		{read, `{"operation":"getTea","arguments":{"teaids":"1"}}`, []string{"did you mean tea_id"}},
		{read, `{"operation":"getTea","arguments":["1"]}`, []string{"arguments: expected an object, got"}},
		{read, `{"operation":"getTea","arguments":"1"}`, []string{"expected a JSON object, got"}},
		{
			read, `{"operation":"getTea","tea_id":"1"}`,
			[]string{"tea_id: belongs inside arguments", `Example: {"operation":"getTea","arguments":{"tea_id":`},
		},
		{ // the example has the argument in its place, though it is optional
			read, `{"operation":"teas.list","country":"IN"}`,
			[]string{"country: belongs inside arguments", `Example: {"operation":"teas.list","arguments":{"country":"`},
		},
		{read, `{"arguments":{"tea_id":"1"}}`, []string{"operation: is required"}},
		{read, `{"operation":7}`, []string{"operation: expected a string"}},
		{read, `{"name":"getTea"}`, []string{"name: is unknown", "operation: is required"}},
		{read, `{"operation":"getTee"}`, []string{`unknown operation "getTee" (did you mean getTea?)`}},
		{read, `{"operation":"zzzzzzzzzzzz"}`, []string{"search_operations finds the existing ones"}},
		{read, `{"operation":"getTea"`, []string{"the arguments are unusable"}},
		{write, `{"operation":"teas.create","arguments":{"name":5}}`, []string{"name: expected a string"}},
	} {
		r := c.tool.Invoke(t.Context(), json.RawMessage(c.arguments))
		shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
		shoptest.WantParts(t, c.arguments, r.Text(), c.want...)
		if got := wire.Seen(); len(got) != 0 {
			t.Errorf("%s: got %v on the wire, want nothing", c.arguments, got)
		}
	}
}

func TestACallIsSentAsTheOperationsOwnToolWould(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, shoptest.RespondWith(http.StatusCreated, "application/json", `{"id":"tea_1"}`))
	write := shoptest.DynamicTool(t, a, "call_write_operation")
	const body = `{"name":"n","note":null,"stock":9007199254740993}`
	inText, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := json.Marshal(string(shoptest.CallOf("teas.create", json.RawMessage(body))))
	if err != nil {
		t.Fatal(err)
	}
	for what, arguments := range map[string]json.RawMessage{
		"an object":       shoptest.CallOf("teas.create", json.RawMessage(body)),
		"another style":   shoptest.CallOf("teas_create", json.RawMessage(body)),
		"a text":          shoptest.CallOf("teas.create", inText),
		"all as one text": whole,
		"another order": json.RawMessage(`{"arguments":{"stock":9007199254740993,"note":null,"name":"n"},` +
			`"operation":"teas.create"}`),
	} {
		r := write.Invoke(t.Context(), arguments)
		if r.Failure != nil || string(r.JSON) != `{"id":"tea_1"}` {
			t.Errorf("%s: got %s, want the answer", what, r.Text())
		}
		if got := wire.Seen(); len(got) != 1 || got[0].Body != body {
			t.Errorf("%s: got %v on the wire, want %s", what, got, body)
		}
		if strings.Contains(what, "text") != (len(r.Repaired) == 1) {
			t.Errorf("%s: got %v repaired", what, r.Repaired)
		}
	}
}

func TestFiltersHoldForDynamicCalls(t *testing.T) {
	t.Parallel()
	arguments := shoptest.ValidArguments(t)
	for _, c := range filterCases() {
		var sent int
		byAdapter := shoptest.NewWith(t, shoptest.Counting(&sent), mcpadapter.WithFilter(c.filter))
		byContext := shoptest.NewWith(t, shoptest.Counting(&sent))
		narrow, err := byContext.Narrow(t.Context(), c.filter)
		if err != nil {
			t.Fatal(err)
		}
		for _, operation := range shoptest.NewWith(t, shoptest.Counting(&sent)).Tools() {
			name := shoptest.Caller(operation.Risk().Effect())
			results := []mcpadapter.Result{}
			before := sent
			results = append(results,
				shoptest.DynamicTool(t, byContext, name).Invoke(narrow, shoptest.CallOf(operation.Name(), arguments[operation.Name()])))
			for _, d := range byAdapter.DynamicTools() {
				if d.Name() == name {
					results = append(results, d.Invoke(t.Context(), shoptest.CallOf(operation.Name(), arguments[operation.Name()])))
				}
			}
			if !slices.Contains(c.want, operation.Name()) {
				for _, r := range results {
					shoptest.WantFailure(t, r, mcpadapter.CodeFiltered, 0)
				}
				if sent != before {
					t.Errorf("%s: %s reached the wire", c.name, operation.Name())
				}
			} else if sent != before+2 {
				t.Errorf("%s: %s: got %d requests, want one by each adapter", c.name, operation.Name(), sent-before)
			}
		}
	}
}

func TestCallersWithNothingToCallAreLeftOut(t *testing.T) {
	t.Parallel()
	var sent int
	a := shoptest.NewWith(t, shoptest.Counting(&sent), mcpadapter.WithFilter(mcpadapter.Filter{ReadOnly: true}))
	var names []string
	for _, d := range a.DynamicTools() {
		names = append(names, d.Name())
	}
	if want := []string{"search_operations", "describe_operations", "call_read_operation"}; !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
}

// operationsOf are what a tool answers, which must succeed.
func operationsOf(t *testing.T, d mcpadapter.Tool, arguments string) (operations []struct {
	Name, Summary, Description, Toolset string
	CallWith                            string          `json:"call_with"`
	InputSchema                         json.RawMessage `json:"input_schema"`
},
) {
	t.Helper()
	r := d.Invoke(t.Context(), json.RawMessage(arguments))
	if r.Failure != nil {
		t.Fatalf("%s: %s", arguments, r.Text())
	}
	m := struct{ Operations any }{&operations}
	if err := json.Unmarshal(r.JSON, &m); err != nil {
		t.Fatal(err)
	}
	return operations
}

// linesOf are what a search finds, which must succeed.
func linesOf(t *testing.T, search mcpadapter.Tool, arguments string) []string {
	t.Helper()
	r := search.Invoke(t.Context(), json.RawMessage(arguments))
	var found struct{ Operations []string }
	if err := json.Unmarshal(r.JSON, &found); err != nil || r.Failure != nil {
		t.Fatalf("%s: got %s (%v)", arguments, r.Text(), err)
	}
	return found.Operations
}

func TestAWeakSearchSaysWhatToTry(t *testing.T) {
	t.Parallel()
	search := shoptest.DynamicTool(t, searchable(t), "search_operations")
	for query, want := range map[string]string{
		"zebra":                         "No operation that is permitted has any of these words. Try a verb",
		"greeting slip recall sleeve":   "These match few of the words. If none is right, try a verb",
		"greeting for a birthday":       "",
		"put a tea into my basket, pls": "",
	} {
		r := search.Invoke(t.Context(), json.RawMessage(`{"query":"`+query+`"}`))
		var found struct{ Advice string }
		if err := json.Unmarshal(r.JSON, &found); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(found.Advice, want) || (want == "") != (found.Advice == "") {
			t.Errorf("%q: got %q, want %q", query, found.Advice, want)
		}
	}
}

func TestSearchToolTellsHowToCallWhatItFinds(t *testing.T) {
	t.Parallel()
	search := shoptest.DynamicTool(t, searchable(t), "search_operations")
	found := linesOf(t, search, `{"query":"throw out a cuppa","limit":2}`)
	if len(found) != 2 || found[0] != "teas.delete({tea_id}) // Remove a tea [call_destructive_operation]" {
		t.Errorf("got %q, want teas.delete first of two", found)
	}
	if found = linesOf(t, search, `{"query":"list all"}`); len(found) == 0 || len(found) > 5 {
		t.Errorf("got %d operations, want at most 5 by default", len(found))
	}
	for _, line := range linesOf(t, search, `{"query":"add a tea","toolset":"baskets","limit":"20"}`) {
		if !strings.HasPrefix(line, "baskets.") {
			t.Errorf("got %s of another toolset", line)
		}
	}
	r := search.Invoke(t.Context(), json.RawMessage(`{"query":"zebra"}`))
	shoptest.WantParts(t, "nothing", string(r.JSON), `{"operations":[]`, "operations://catalogue")
	for arguments, part := range map[string]string{
		`{}`:                                "query: is required",
		`{"query":""}`:                      "query: expected",
		`{"query":"x","limit":21}`:          "limit: expected",
		`{"query":"x","toolset":"basket"}`:  "did you mean baskets",
		`{"query":"x","tool":"x"}`:          "tool: is unknown",
		`{"query":"` + wide(501) + `"}`:     "query: expected at most 500",
		`[]`:                                "the arguments are unusable",
		`{"query":"x","toolset":"__proto"}`: "toolset: expected one of",
	} {
		r := search.Invoke(t.Context(), json.RawMessage(arguments))
		shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
		shoptest.WantParts(t, arguments, r.Text(), part)
	}
}

func wide(n int) string { return strings.Repeat("x", n) }

func TestDescribeGivesTheWholeSchema(t *testing.T) {
	t.Parallel()
	a := searchable(t)
	describe := shoptest.DynamicTool(t, a, "describe_operations")
	found := operationsOf(t, describe, `{"operations":["getTea","teas_create"]}`)
	for i, name := range []string{"getTea", "teas.create"} {
		want := shoptest.Tool(t, a, name)
		if got := found[i]; got.Name != name || got.Description != want.Description() || got.Toolset != want.Toolset() ||
			string(got.InputSchema) != string(want.InputSchema()) || got.CallWith != shoptest.Caller(want.Risk().Effect()) {
			t.Errorf("got %+v, want all that is told of %s", got, name)
		}
	}
	r := describe.Invoke(t.Context(), json.RawMessage(`{"operations":["getTea","teas.lists"]}`))
	shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
	shoptest.WantParts(t, "unknown", r.Text(), "operations[1]", `unknown operation "teas.lists" (did you mean teas.list`)
	ctx, err := a.Narrow(t.Context(), mcpadapter.Filter{Deny: []string{"getTea"}})
	if err != nil {
		t.Fatal(err)
	}
	shoptest.WantFailure(t, describe.Invoke(ctx, json.RawMessage(`{"operations":["getTea"]}`)), mcpadapter.CodeFiltered, 0)
	for _, arguments := range []string{
		`{}`, `{"operations":[]}`, `{"operations":["` + strings.Repeat(`getTea","`, 10) + `getTea"]}`,
	} {
		shoptest.WantFailure(t, describe.Invoke(t.Context(), json.RawMessage(arguments)), mcpadapter.CodeInvalidArguments, 0)
	}
}

func TestDynamicToolsSpeakEachProfile(t *testing.T) {
	t.Parallel()
	client, err := shop.NewClient("https://tea.example")
	if err != nil {
		t.Fatal(err)
	}
	for profile, want := range map[mcpadapter.Profile]string{
		mcpadapter.ProfileStandard: `"arguments":{"type":"object"`, mcpadapter.ProfileGemini: `"arguments":{"type":"string"`,
	} {
		a, err := mcpadapter.New(client, &shop.Operations, mcpadapter.WithProfile(profile))
		if err != nil {
			t.Fatal(err)
		}
		shoptest.WantParts(t, profile.String(), string(shoptest.DynamicTool(t, a, "call_read_operation").InputSchema()), want)
	}
}

// FuzzDynamicCall holds that whatever a caller is given, it sends nothing but what the filters permit, of its effect.
func FuzzDynamicCall(f *testing.F) {
	for _, seed := range []string{
		`{"operation":"teas.list"}`, `{"operation":"teas.delete","arguments":{"tea_id":"1"}}`, `"{}"`, `[`, `{"operation":`,
		`{"operation":"getTea","arguments":"{\"tea_id\":\"1\"}"}`, `{"operation":"teas_create","arguments":{"name":"n"}}`,
		`{"operation":"getTea","tea_id":"1"}`, `{"operation":"getTea","arguments":{"tea_id":"a/../b"}}`,
		`{"operation":"teas.list","operation":"teas.delete"}`, `{"query":"tea","toolset":"teas"}`,
		`{"operations":["getTea"]}`,
	} {
		for which := range uint8(5) {
			f.Add(which, []byte(seed))
		}
	}
	var sent []*http.Request
	a := shoptest.NewWith(f, func(r *http.Request) (*http.Response, error) {
		sent = append(sent, r)
		return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
	})
	ctx, err := a.Narrow(f.Context(), mcpadapter.Filter{Toolsets: []string{"teas"}, Deny: []string{"teas.create"}})
	if err != nil {
		f.Fatal(err)
	}
	tools := a.DynamicTools()
	methods := map[string]string{
		"call_read_operation": http.MethodGet, "call_write_operation": http.MethodPatch,
		"call_destructive_operation": http.MethodDelete,
	}
	f.Fuzz(func(t *testing.T, which uint8, arguments []byte) {
		sent = nil
		d := tools[int(which)%len(tools)]
		r := d.Invoke(ctx, arguments)
		if !json.Valid(r.JSON) {
			t.Errorf("%s: got %s, want JSON", d.Name(), r.JSON)
		}
		for _, request := range sent {
			if r.Failure != nil || request.Method != methods[d.Name()] || !strings.HasPrefix(request.URL.Path, "/teas") {
				t.Errorf("%s %s: sent %s %s beside %s", d.Name(), arguments, request.Method, request.URL, r.Text())
			}
		}
	})
}

func TestFoundAndDescribedOperationsFit(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil, mcpadapter.WithMaxResultBytes(1024))
	for name, arguments := range map[string]string{
		"search_operations":   `{"query":"list, get or change a tea, order, parcel, basket, shelf, menu or recall","limit":20}`,
		"describe_operations": `{"operations":["orders.list","blends.create","surveys.create","teas.list"]}`,
	} {
		r := shoptest.DynamicTool(t, a, name).Invoke(t.Context(), json.RawMessage(arguments))
		var answer struct {
			Operations []any
			Advice     string
		}
		if err := json.Unmarshal(r.JSON, &answer); err != nil || r.Failure != nil {
			t.Fatalf("%s: got %s (%v)", name, r.Text(), err)
		}
		if len(r.JSON) > 1024 || len(answer.Operations) == 0 {
			t.Errorf("%s: got %d operations in %d bytes", name, len(answer.Operations), len(r.JSON))
		}
		shoptest.WantParts(t, name, answer.Advice, "left out to fit into 1024 bytes")
	}
}
