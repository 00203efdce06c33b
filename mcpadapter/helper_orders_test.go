package mcpadapter_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// orders is a server of a list with cursors, which are IDs of its elements.
type orders struct {
	n    int
	most int // elements of a page, whatever limit says; 0: as limit says
	// note is in each of them.
	note string
	// opaque cursors are no property of an element.
	opaque bool
	// change may change a page before it is written; false answers with a failure.
	change func(after string, page map[string]any) bool
}

func orderID(i int) string { return fmt.Sprintf("order_%06d", i) }

func (o orders) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	after := r.URL.Query().Get("after")
	first := 0
	if after != "" {
		i, err := strconv.Atoi(strings.TrimPrefix(strings.TrimPrefix(after, "opaque-"), "order_"))
		if err != nil {
			http.Error(w, `{"message":"no such cursor"}`, http.StatusBadRequest)
			return
		}
		first = i + 1
	}
	limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil {
		limit = 10
	}
	if o.most > 0 {
		limit = o.most
	}
	data := []any{}
	for i := first; i < min(first+limit, o.n); i++ {
		data = append(data, map[string]any{"id": orderID(i), "note": o.note + strconv.Itoa(i)})
	}
	cursor := func(i int) any {
		if o.opaque {
			return "opaque-" + strconv.Itoa(i)
		}
		return orderID(i)
	}
	metadata := map[string]any{"before": nil, "after": nil}
	if first > 0 {
		metadata["before"] = cursor(first)
	}
	if last := first + len(data) - 1; last < o.n-1 {
		metadata["after"] = cursor(last)
	}
	page := map[string]any{"object": "list", "data": data, "list_metadata": metadata}
	if o.change != nil && !o.change(after, page) {
		http.Error(w, `{"message":"the till is broken"}`, http.StatusBadGateway)
		return
	}
	text, err := json.Marshal(page)
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text)
}

// orderPage is what a result has of a list.
type orderPage struct {
	Object string `json:"object"`
	Data   []struct {
		ID   string  `json:"id"`
		Note *string `json:"note"`
	} `json:"data"`
	Metadata struct {
		Before *string `json:"before"`
		After  *string `json:"after"`
	} `json:"list_metadata"`
	LeftOut *leftOut `json:"left_out"`
}

type leftOut struct {
	Elements int            `json:"elements"`
	More     bool           `json:"more"`
	Continue map[string]any `json:"continue"`
	Reason   string         `json:"reason"`
}

func readPage(tb testing.TB, r mcpadapter.Result) orderPage {
	tb.Helper()
	if r.Failure != nil {
		tb.Fatalf("got %s, want a page", r.Text())
	}
	var p orderPage
	if err := json.Unmarshal(r.JSON, &p); err != nil {
		tb.Fatalf("got %.200s: %v", r.JSON, err)
	}
	return p
}

// readOn calls a list again and again with the arguments to go on with, and returns the IDs of all elements.
func readOn(tb testing.TB, a *mcpadapter.Adapter, arguments map[string]any, most int) (ids []string, calls int) {
	tb.Helper()
	for calls = 1; ; calls++ {
		text, err := json.Marshal(arguments)
		if err != nil {
			tb.Fatal(err)
		}
		r := invoke(tb, a, "orders.list", string(text))
		p := readPage(tb, r)
		if len(r.JSON) > most {
			tb.Fatalf("got %d bytes, want at most %d", len(r.JSON), most)
		}
		for _, o := range p.Data {
			ids = append(ids, o.ID)
		}
		switch {
		case p.Metadata.After == nil && p.LeftOut == nil:
			return ids, calls
		case p.Metadata.After == nil:
			tb.Fatalf("got no cursor and %+v left out", *p.LeftOut)
		case p.LeftOut != nil && p.LeftOut.Continue["after"] != *p.Metadata.After:
			tb.Fatalf("continue: got %v, want the cursor of the page, %s", p.LeftOut.Continue, *p.Metadata.After)
		}
		arguments["after"] = *p.Metadata.After
	}
}

func wantAll(tb testing.TB, ids []string, n int) {
	tb.Helper()
	for i, id := range ids {
		if id != orderID(i) {
			tb.Fatalf("element %d: got %s, want %s", i, id, orderID(i))
		}
	}
	if len(ids) != n {
		tb.Errorf("got %d elements, want %d", len(ids), n)
	}
}
