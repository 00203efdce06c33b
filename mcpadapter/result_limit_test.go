package mcpadapter_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

const cap48 = mcpadapter.DefaultMaxResultBytes

func TestAListOf100000IsCutBehindAWholeElement(t *testing.T) {
	t.Parallel()
	const n = 100_000
	a, wire := shoptest.New(t, shoptest.Orders{N: n + 1, PageSize: n, Note: strings.Repeat("x", 40)}.ServeHTTP,
		mcpadapter.WithMaxResultBytes(cap48), mcpadapter.WithShapingArguments())
	for name, arguments := range map[string]string{"whole": `{}`, "fields": `{"fields":"data.note"}`} {
		r := shoptest.Invoke(t, a, "orders.list", arguments)
		p := readPage(t, r)
		if len(r.JSON) > cap48 || len(r.JSON) < cap48-1024 {
			t.Errorf("%s: got %d bytes, want nearly %d", name, len(r.JSON), cap48)
		}
		given := len(p.Data)
		last := shoptest.OrderID(given - 1)
		if p.LeftOut == nil || p.LeftOut.Elements != n-given || !p.LeftOut.More {
			t.Fatalf("%s: got %+v left out, want %d elements and more", name, p.LeftOut, n-given)
		}
		if p.Metadata.After == nil || *p.Metadata.After != last || p.LeftOut.Continue["after"] != last {
			t.Errorf("%s: got cursors %v and %v, want %s", name, p.Metadata.After, p.LeftOut.Continue, last)
		}
		next := readPage(t, shoptest.Invoke(t, a, "orders.list", `{"after":"`+last+`"}`))
		if want := shoptest.OrderID(given); next.Data[0].ID != want {
			t.Errorf("%s: the next page begins with %s, want %s", name, next.Data[0].ID, want)
		}
	}
	if got := len(wire.Seen()); got != 4 {
		t.Errorf("got %d requests, want 4", got)
	}
}

func TestEveryElementOfACutListIsReadOnce(t *testing.T) {
	t.Parallel()
	const n = 501
	a, _ := shoptest.New(t, shoptest.Orders{N: n, Note: strings.Repeat("ü", 100)}.ServeHTTP, mcpadapter.WithMaxResultBytes(5000))
	ids, calls := readOn(t, a, map[string]any{"limit": 100}, 5000)
	wantAll(t, ids, n)
	if calls < 25 {
		t.Errorf("got %d calls, want pages cut by size", calls)
	}
}

// looksLikeID gives orders a property that third parties choose, and one of them chose what the cursor is.
func looksLikeID(last int) func(string, map[string]any) bool {
	return func(_ string, page map[string]any) bool {
		data, _ := page["data"].([]any)
		for _, o := range data {
			order, _ := o.(map[string]any)
			order["alias"] = shoptest.OrderID(400) // goes before id
			if order["id"] == shoptest.OrderID(last) {
				order["alias"] = shoptest.OrderID(last)
			}
		}
		return true
	}
}

func TestAPropertyThatLooksLikeTheCursorLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	note := strings.Repeat("x", 100)
	for _, c := range []struct{ arguments, after string }{
		{`{"limit":100}`, ""}, // either of them may be what the cursor is
		{`{"limit":100,"after":"order_000099"}`, "id"},
	} {
		last := 99
		if c.after != "" {
			last = 199
		}
		a, _ := shoptest.New(t, shoptest.Orders{N: 500, Note: note, Change: looksLikeID(last)}.ServeHTTP,
			mcpadapter.WithMaxResultBytes(4096))
		p := readPage(t, shoptest.Invoke(t, a, "orders.list", c.arguments))
		got := p.Metadata.After
		switch {
		case c.after == "" && got != nil:
			t.Errorf("%s: got the cursor %s, want none", c.arguments, *got)
		case c.after == "" && p.LeftOut.Continue["limit"] != float64(len(p.Data)):
			t.Errorf("%s: got %+v left out, want to be asked for %d", c.arguments, p.LeftOut, len(p.Data))
		case c.after != "" && (got == nil || *got != p.Data[len(p.Data)-1].ID):
			t.Errorf("%s: got the cursor %v, want that behind the last element", c.arguments, got)
		}
	}
}

func TestAPageWhoseCursorIsNoElementIsAskedForInSmallerPages(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]shoptest.Orders{
		"opaque cursors":        {N: 500, Note: strings.Repeat("x", 100), Opaque: true},
		"the only page":         {N: 100, Note: strings.Repeat("x", 100)},
		"no ID where it is cut": {N: 500, Note: strings.Repeat("x", 100), Change: withoutIDs},
		"a number for an ID":    {N: 500, Note: strings.Repeat("x", 100), Change: numbered},
		"no cursors sent":       {N: 500, Note: strings.Repeat("x", 100), Change: withoutMetadata},
	} {
		a, _ := shoptest.New(t, o.ServeHTTP, mcpadapter.WithMaxResultBytes(4096))
		r := shoptest.Invoke(t, a, "orders.list", `{"limit":100}`)
		var p struct {
			Data     []any `json:"data"`
			Metadata struct {
				After *string `json:"after"`
			} `json:"list_metadata"`
			LeftOut *leftOut `json:"left_out"`
		}
		if err := json.Unmarshal(r.JSON, &p); err != nil {
			t.Fatalf("%s: got %s: %v", name, r.Text(), err)
		}
		if p.LeftOut == nil || p.LeftOut.Elements != 100-len(p.Data) || len(p.Data) == 0 {
			t.Fatalf("%s: got %d elements and %+v left out", name, len(p.Data), p.LeftOut)
		}
		if p.Metadata.After != nil {
			t.Errorf("%s: got the cursor %s, want none, as it would pass over what is left out", name, *p.Metadata.After)
		}
		if got := p.LeftOut.Continue["limit"]; got != float64(len(p.Data)) {
			t.Errorf("%s: got %v to go on with, want a limit of %d", name, p.LeftOut.Continue, len(p.Data))
		}
	}
}

// withoutIDs takes them from all elements but the last.
func withoutIDs(_ string, page map[string]any) bool { return eachButTheLast(page, nil) }

func numbered(_ string, page map[string]any) bool { return eachButTheLast(page, 7) }

func eachButTheLast(page map[string]any, id any) bool {
	data, _ := page["data"].([]any)
	for _, element := range data[:len(data)-1] {
		if order, ok := element.(map[string]any); ok {
			if delete(order, "id"); id != nil {
				order["id"] = id
			}
		}
	}
	return true
}

func withoutMetadata(_ string, page map[string]any) bool {
	delete(page, "list_metadata")
	return true
}

func TestAListWithoutCursorsIsCut(t *testing.T) {
	t.Parallel()
	teas := "[" + strings.TrimSuffix(strings.Repeat(`{"id":"tea_1","name":"Assam"},`, 1000), ",") + "]"
	a, _ := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", teas),
		mcpadapter.WithMaxResultBytes(2048), mcpadapter.WithShapingArguments())
	r := shoptest.Invoke(t, a, "teas.list", `{}`)
	p := readPage(t, r)
	if len(r.JSON) > 2048 || p.LeftOut == nil || p.LeftOut.Elements != 1000-len(p.Data) || p.LeftOut.Continue != nil {
		t.Errorf("got %d bytes, %d elements, %+v left out", len(r.JSON), len(p.Data), p.LeftOut)
	}
	shoptest.WantParts(t, "reason", p.LeftOut.Reason, "fields", "jq")
}

func TestAnAnswerThatIsNoListTellsItsShape(t *testing.T) {
	t.Parallel()
	order := `{"id":"order_1","note":"` + strings.Repeat("n", 5000) + `",` +
		`"lines":[{"grams":5},{"grams":6}],"extra":{},"paid":true}`
	for _, c := range []struct{ tool, arguments, advice string }{
		{"orders.get", `{"order_id":"1"}`, "Ask for less with fields"},
		{"orders.replace", `{"order_id":"1"}`, "do not repeat it"},
	} {
		a, _ := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", order),
			mcpadapter.WithMaxResultBytes(1024), mcpadapter.WithShapingArguments())
		r := shoptest.Invoke(t, a, c.tool, c.arguments)
		if r.Failure != nil || len(r.JSON) > 1024 {
			t.Fatalf("%s: got %s, want a result of at most 1024 bytes", c.tool, r.Text())
		}
		var got struct {
			TooLarge struct {
				Bytes  int             `json:"bytes"`
				AtMost int             `json:"at_most"`
				Shape  json.RawMessage `json:"shape"`
				Advice string          `json:"advice"`
			} `json:"too_large"`
		}
		if err := json.Unmarshal(r.JSON, &got); err != nil {
			t.Fatal(err)
		}
		const shape = `{"id":"string","note":"string of 5000 bytes","lines":["2 elements, the first",{"grams":"number"}],` +
			`"extra":"object of 0 members","paid":"boolean"}`
		if got.TooLarge.Bytes != len(order) || got.TooLarge.AtMost != 1024 || string(got.TooLarge.Shape) != shape {
			t.Errorf("%s: got %+v, shape %s", c.tool, got.TooLarge, got.TooLarge.Shape)
		}
		shoptest.WantParts(t, c.tool, got.TooLarge.Advice, c.advice)
	}
}

func TestWhatIsAskedForMayFitWhereTheAnswerDoesNot(t *testing.T) {
	t.Parallel()
	order := `{"id":"order_1","note":"` + strings.Repeat("n", 5000) + `"}`
	a, _ := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", order),
		mcpadapter.WithMaxResultBytes(1024), mcpadapter.WithShapingArguments())
	for arguments, want := range map[string]string{
		`{"order_id":"1","fields":"id"}`:           `{"id":"order_1"}`,
		`{"order_id":"1","jq":".note|length"}`:     `{"jq":[5000]}`,
		`{"order_id":"1","jq":"[.note[0:3],.id]"}`: `{"jq":[["nnn","order_1"]]}`,
	} {
		if r := shoptest.Invoke(t, a, "orders.get", arguments); string(r.JSON) != want {
			t.Errorf("%s: got %s, want %s", arguments, r.JSON, want)
		}
	}
}

// Every size of cap and every form of answer: valid JSON that fits.
func TestResultsAreValidAndFit(t *testing.T) {
	t.Parallel()
	alike := strings.Repeat("w", 70)
	deep := strings.Repeat(`{"a":[`, 30) + `"` + strings.Repeat("d", 3000) + `"` + strings.Repeat(`]}`, 30)
	wide := `{"` + strings.Repeat("w", 3000) + `":1}`
	for _, answer := range []string{
		`{"data":[` + strings.Repeat(`{"id":"x"},`, 999) + `{"id":"x"}],"list_metadata":{"after":"x"}}`,
		`{"data":["` + strings.Repeat("l", 9000) + `"],"list_metadata":{"after":"x"}}`,
		`{"data":[],"padding":"` + strings.Repeat("p", 9000) + `"}`,
		`{"data":[],"left_out":1,"_left_out":2,"list_metadata":{}}`, deep, wide,
		`{"data":{"` + alike + `1":1,"` + alike + `2":"` + strings.Repeat("p", 9000) + `"}}`,
	} {
		for _, most := range []int{1024, 1025, 1100, 1500, 3000, 9100} {
			a, _ := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", answer), mcpadapter.WithMaxResultBytes(most))
			for _, name := range []string{"orders.list", "orders.search"} {
				r := shoptest.Invoke(t, a, name, `{}`)
				if r.Failure != nil || !json.Valid(r.JSON) || len(r.JSON) > most {
					t.Errorf("%s, %d: got %d bytes, %.100s…", name, most, len(r.JSON), r.JSON)
				}
			}
		}
	}
}

func TestACallMayLowerTheBoundAndNotRaiseIt(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, shoptest.Orders{N: 500, Note: strings.Repeat("x", 100)}.ServeHTTP, mcpadapter.WithMaxResultBytes(4096))
	for asked, most := range map[int]int{2048: 2048, 1: 1024, 9000: 4096} {
		ctx := mcpadapter.LimitResultBytes(t.Context(), asked)
		r := shoptest.Tool(t, a, "orders.list").Invoke(ctx, json.RawMessage(`{"limit":100}`))
		if len(r.JSON) > most || len(r.JSON) < most-400 {
			t.Errorf("%d: got %d bytes, want nearly %d", asked, len(r.JSON), most)
		}
		r = shoptest.Tool(t, a, "orders.list").Invoke(mcpadapter.LimitResultBytes(ctx, 5000), json.RawMessage(`{"limit":100}`))
		if len(r.JSON) > most {
			t.Errorf("%d, then more: got %d bytes, want at most %d", asked, len(r.JSON), most)
		}
	}
}

func TestRefusalsFit(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil, mcpadapter.WithMaxResultBytes(1024))
	long := `"` + strings.Repeat("x", 9000) + `":1`
	many := `"a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1,"h":1,"i":1,"j":1,"k":1,"l":1`
	for _, arguments := range []string{`{` + long + `}`, `{` + many + `}`, `{` + many + `,` + long + `}`} {
		refusals := map[string]mcpadapter.Result{}
		for _, name := range []string{"surveys.create", "blends.create", "orders.list"} {
			refusals[name] = shoptest.Invoke(t, a, name, arguments)
		}
		for _, d := range a.DynamicTools() {
			refusals[d.Name()] = d.Invoke(t.Context(), json.RawMessage(arguments))
		}
		for name, r := range refusals {
			shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
			if len(r.JSON) > 1024 || len(r.Failure.Arguments) == 0 {
				t.Errorf("%s: got %d bytes and %d problems", name, len(r.JSON), len(r.Failure.Arguments))
			}
		}
	}
}

func TestLargeFailuresAreCutToo(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"details": `{"code":"bad","message":"no","errors":["` + strings.Repeat("e", 9000) + `"]}`,
		"message": `{"code":"bad","message":"` + strings.Repeat("m", 9000) + `"}`,
	} {
		a, _ := shoptest.New(t, shoptest.RespondWith(422, "application/json", body), mcpadapter.WithMaxResultBytes(1024))
		r := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`)
		shoptest.WantFailure(t, r, "bad", 422)
		if len(r.JSON) > 1024 || len(r.Text()) > 1024 {
			t.Errorf("%s: got %d bytes and a text of %d, want at most 1024", name, len(r.JSON), len(r.Text()))
		}
	}
}

func TestAllPagesWithoutAKnownCursorAreCutWithoutOne(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.NewOrders(t, shoptest.Orders{N: 250, Opaque: true}, mcpadapter.WithMaxResultBytes(4096))
	p := readPage(t, shoptest.Invoke(t, a, "orders.list", `{"all_pages":true}`))
	if p.Metadata.After != nil || p.LeftOut == nil || p.LeftOut.Elements != 250-len(p.Data) || p.LeftOut.Continue != nil {
		t.Errorf("got %d elements, %v, %+v left out, want no cursor, as it would pass over them", len(p.Data),
			p.Metadata.After, p.LeftOut)
	}
	shoptest.WantParts(t, "reason", p.LeftOut.Reason, "Ask for less with fields")
}

func TestTheListOfACallThatChangedSomethingIsNotAskedForAgain(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, shoptest.Orders{N: 500, PageSize: 200}.ServeHTTP, mcpadapter.WithMaxResultBytes(4096))
	p := readPage(t, shoptest.Invoke(t, a, "orders.search", `{}`))
	if p.LeftOut == nil || p.LeftOut.Elements != 200-len(p.Data) || p.LeftOut.Continue != nil {
		t.Errorf("got %d elements and %+v left out, want nothing to go on with", len(p.Data), p.LeftOut)
	}
	shoptest.WantParts(t, "reason", p.LeftOut.Reason, "do not repeat it")
}

func TestOnlyArgumentsThatThereAreAreAdvised(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tool, arguments, want string
		opt                   mcpadapter.Option
	}{
		{"orders.get", `{"order_id":"1"}`, "Ask for less.", mcpadapter.WithMaxElements(1)},
		{"orders.get", `{"order_id":"1"}`, "Ask for less with fields", mcpadapter.WithShapingArguments()},
	} {
		a, _ := shoptest.New(t, shoptest.RespondWith(200, "application/json", `{"id":"`+strings.Repeat("x", 2000)+`"}`),
			mcpadapter.WithMaxResultBytes(1024), c.opt)
		shoptest.WantParts(t, c.tool, shoptest.Invoke(t, a, c.tool, c.arguments).Text(), `"advice":"`+c.want)
	}
}
