package mcpadapter_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

func TestAllPagesArePutTogether(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n        int
		uris     []string
		argument string
	}{
		{0, []string{"/orders?limit=100"}, `{"all_pages":true}`},
		{100, []string{"/orders?limit=100"}, `{"all_pages":true}`},
		{201, []string{
			"/orders?limit=100", "/orders?after=order_000099&limit=100", "/orders?after=order_000199&limit=100",
		}, `{"all_pages":true}`},
		{21, []string{"/orders?limit=20", "/orders?after=order_000019&limit=20"}, `{"all_pages":"true","limit":20}`},
		{5, []string{"/orders"}, `{"all_pages":false}`},
		{5, []string{"/orders"}, `{"all_pages":null}`},
	} {
		a, wire := shoptest.NewOrders(t, shoptest.Orders{N: c.n})
		r := shoptest.Invoke(t, a, "orders.list", c.argument)
		p := readPage(t, r)
		ids := make([]string, len(p.Data))
		for i, o := range p.Data {
			ids[i] = o.ID
		}
		wantAll(t, ids, c.n)
		if p.Metadata.After != nil || p.Metadata.Before != nil || p.LeftOut != nil || p.Object != "list" {
			t.Errorf("%d: got %+v, want the list with no cursor and nothing left out", c.n, p)
		}
		var uris []string
		for _, r := range wire.Seen() {
			uris = append(uris, r.URI)
		}
		if !slices.Equal(uris, c.uris) {
			t.Errorf("%d: got %v, want %v", c.n, uris, c.uris)
		}
	}
}

func TestAllPagesGoOnFromACursor(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.NewOrders(t, shoptest.Orders{N: 250})
	p := readPage(t, shoptest.Invoke(t, a, "orders.list", `{"all_pages":true,"after":"order_000119"}`))
	if len(p.Data) != 130 || p.Data[0].ID != shoptest.OrderID(120) || *p.Metadata.Before != shoptest.OrderID(120) {
		t.Errorf("got %d elements from %s on", len(p.Data), p.Data[0].ID)
	}
}

func TestWhatEndsAllPagesEarlyIsTold(t *testing.T) {
	t.Parallel()
	broken := func(after string, _ map[string]any) bool { return after != shoptest.OrderID(199) }
	same := func(after string, page map[string]any) bool {
		if after != "" {
			page["list_metadata"] = map[string]any{"after": after}
		}
		return true
	}
	gone := func(after string, page map[string]any) bool {
		if after != "" {
			delete(page, "data")
		}
		return true
	}
	for name, c := range map[string]struct {
		orders   shoptest.Orders
		bound    mcpadapter.Option
		elements int
		after    any
		reason   string
	}{
		"a page fails": {shoptest.Orders{N: 500, Change: broken}, nil, 200, shoptest.OrderID(199), "502 bad_gateway, the till is broken"},
		"elements":     {shoptest.Orders{N: 500}, mcpadapter.WithMaxElements(150), 200, shoptest.OrderID(199), "150 elements"},
		"bytes":        {shoptest.Orders{N: 500}, mcpadapter.WithMaxResponseBytes(6000), 200, shoptest.OrderID(199), "6000 bytes"},
		"same cursor":  {shoptest.Orders{N: 500, Change: same}, nil, 200, nil, "the same cursor twice"},
		"not a list":   {shoptest.Orders{N: 500, Change: gone}, nil, 100, shoptest.OrderID(99), "not a list"},
	} {
		bound := c.bound
		if bound == nil {
			bound = mcpadapter.WithMaxElements(1000)
		}
		a, _ := shoptest.NewOrders(t, c.orders, bound)
		p := readPage(t, shoptest.Invoke(t, a, "orders.list", `{"all_pages":true}`))
		if len(p.Data) != c.elements || p.LeftOut == nil {
			t.Errorf("%s: got %d elements and %+v, want %d and what is left out", name, len(p.Data), p.LeftOut, c.elements)
			continue
		}
		if !p.LeftOut.More || p.LeftOut.Elements != 0 || p.LeftOut.Continue["after"] != c.after {
			t.Errorf("%s: got %+v, want to go on from %v", name, p.LeftOut, c.after)
		}
		if got := p.Metadata.After; c.after == nil && got != nil || c.after != nil && (got == nil || *got != c.after) {
			t.Errorf("%s: got the cursor %v, want %v", name, got, c.after)
		}
		shoptest.WantParts(t, name, p.LeftOut.Reason, c.reason)

		r := shoptest.Invoke(t, a, "orders.list", `{"all_pages":true,"jq":".data|length"}`)
		var outputs struct {
			JQ      []int    `json:"jq"`
			LeftOut *leftOut `json:"left_out"`
		}
		if err := json.Unmarshal(r.JSON, &outputs); err != nil || len(outputs.JQ) != 1 || outputs.JQ[0] != c.elements {
			t.Fatalf("%s: jq: got %s, %v", name, r.Text(), err)
		}
		if l := outputs.LeftOut; l == nil || !l.More || l.Continue["after"] != c.after {
			t.Errorf("%s: jq: got %+v, want to go on from %v", name, l, c.after)
		}
	}
}

func TestAllPagesAreCutToFitLikeOne(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.NewOrders(t, shoptest.Orders{N: 250}, mcpadapter.WithMaxResultBytes(4096))
	ids, calls := readOn(t, a, map[string]any{"all_pages": true}, 4096)
	wantAll(t, ids, 250)
	if calls < 3 {
		t.Errorf("got %d calls, want several", calls)
	}
}

func TestEmptyPagesDoNotGoOnForEver(t *testing.T) {
	t.Parallel()
	n := 0
	a, _ := shoptest.NewOrders(t, shoptest.Orders{N: 10_000, Change: func(_ string, page map[string]any) bool {
		page["data"] = []any{}
		n++
		return n < 100
	}}, mcpadapter.WithMaxElements(5))
	p := readPage(t, shoptest.Invoke(t, a, "orders.list", `{"all_pages":true,"limit":1}`))
	if n != 3 || p.LeftOut == nil || p.LeftOut.Continue["after"] != shoptest.OrderID(2) {
		t.Fatalf("got %d requests and %+v left out, want 3 and to go on", n, p.LeftOut)
	}
	shoptest.WantParts(t, "reason", p.LeftOut.Reason, "3 pages in a row were empty")
}

func TestAllPagesEndInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := shoptest.NewWith(t, func(r *http.Request) (*http.Response, error) {
			time.Sleep(9 * time.Second)
			if r.Context().Err() != nil {
				return nil, r.Context().Err()
			}
			w := httptest.NewRecorder()
			shoptest.Orders{N: 10_000}.ServeHTTP(w, r)
			return w.Result(), nil
		}, mcpadapter.WithShapingArguments())
		p := readPage(t, shoptest.Invoke(t, a, "orders.list", `{"all_pages":true}`))
		if len(p.Data) != 500 || p.LeftOut == nil || p.LeftOut.Continue["after"] != shoptest.OrderID(499) {
			t.Fatalf("got %d elements and %+v left out, want those of five pages", len(p.Data), p.LeftOut)
		}
		shoptest.WantParts(t, "reason", p.LeftOut.Reason, "The next page failed: upstream_timeout")
	})
}

func TestWhatEndsPagesEarlyIsToldWithoutElementsToo(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.NewOrders(t, shoptest.Orders{N: 500}, mcpadapter.WithMaxElements(150))
	p := readPage(t, shoptest.Invoke(t, a, "orders.list", `{"all_pages":true,"fields":"object"}`))
	if p.Data != nil || p.LeftOut == nil || !p.LeftOut.More || p.LeftOut.Continue["after"] != shoptest.OrderID(199) {
		t.Errorf("got %+v, want no elements and to go on", p)
	}
}

func TestOnlyListsThatAreReadTakeAllPages(t *testing.T) {
	t.Parallel()
	table := shop.Operations
	table.Operations = slices.Clone(table.Operations)
	for i := range table.Operations {
		if op := &table.Operations[i]; op.ID == "orders.list" {
			op.Extensions = append(slices.Clip(op.Extensions), optable.Extension{Name: "x-risk", JSON: `["changes"]`})
		}
	}
	a, err := mcpadapter.New(&shop.Client{}, &table, mcpadapter.WithShapingArguments())
	if err != nil {
		t.Fatal(err)
	}
	for _, argument := range shoptest.Tool(t, a, "orders.list").ShapingArguments() {
		if argument.Name == "all_pages" {
			t.Error("a GET that changes something takes all_pages, which would repeat it")
		}
	}
}

func TestAllPagesLeadForward(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.NewOrders(t, shoptest.Orders{N: 5})
	r := shoptest.Invoke(t, a, "orders.list", `{"all_pages":true,"before":"order_000003"}`)
	shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
	shoptest.WantParts(t, "text", r.Text(), "before: cannot go together with all_pages")
	shoptest.WantFailure(t, shoptest.Invoke(t, a, "teas.list", `{"all_pages":true}`), mcpadapter.CodeInvalidArguments, 0)
	shoptest.WantFailure(t, shoptest.Invoke(t, a, "orders.list", `{"all_pages":1}`), mcpadapter.CodeInvalidArguments, 0)
	if n := len(wire.Seen()); n != 0 {
		t.Errorf("got %d requests, want none", n)
	}
}

func TestAllPagesEndWithTheCall(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	a, wire := shoptest.NewOrders(t, shoptest.Orders{N: 1000, Change: func(after string, _ map[string]any) bool {
		if after == shoptest.OrderID(199) {
			cancel()
		}
		return true
	}})
	shoptest.Tool(t, a, "orders.list").Invoke(ctx, json.RawMessage(`{"all_pages":true}`))
	if n := len(wire.Seen()); n != 3 {
		t.Errorf("got %d requests, want none after the call was given up", n)
	}
}

func TestProgressIsToldBeforeEachPage(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.NewOrders(t, shoptest.Orders{N: 250})
	var told []mcpadapter.Progress
	requests := 0
	ctx := mcpadapter.WithProgress(t.Context(), func(p mcpadapter.Progress) {
		told = append(told, p)
		requests += len(wire.Seen())
		if requests != p.Pages {
			t.Errorf("told of %d pages after %d requests", p.Pages, requests)
		}
	})
	shoptest.Tool(t, a, "orders.list").Invoke(ctx, json.RawMessage(`{"all_pages":true}`))
	if want := []mcpadapter.Progress{{Pages: 1, Elements: 100}, {Pages: 2, Elements: 200}}; !slices.Equal(told, want) {
		t.Errorf("got %v, want %v", told, want)
	}
}

func TestCursorsMayHaveOtherNames(t *testing.T) {
	t.Parallel()
	handler := func(w http.ResponseWriter, r *http.Request) {
		first, _ := strconv.Atoi(r.URL.Query().Get("before"))
		shoptest.RespondWith(http.StatusOK, "application/json", `{"object":"list","data":[{"id":"`+strconv.Itoa(first)+`"}],`+
			`"list_metadata":{"before":"`+strconv.Itoa(first+1)+`","after":null}}`)(w, r)
	}
	a, wire := shoptest.New(t, handler, mcpadapter.WithShapingArguments(), mcpadapter.WithMaxElements(3),
		mcpadapter.WithCursors(mcpadapter.Cursors{After: "before"}))
	p := readPage(t, shoptest.Invoke(t, a, "orders.list", `{"all_pages":true}`))
	if len(p.Data) != 3 || p.LeftOut == nil || p.LeftOut.Continue["before"] != "3" {
		t.Errorf("got %+v, want three elements and to go on from 3", p)
	}
	if uris := wire.Seen(); uris[0].URI != "/orders" || uris[2].URI != "/orders?before=2" {
		t.Errorf("got %v", uris)
	}
}
