package mcpadapter_test

import (
	"encoding/json"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

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
		r := shoptest.Invoke(tb, a, "orders.list", string(text))
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
		if id != shoptest.OrderID(i) {
			tb.Fatalf("element %d: got %s, want %s", i, id, shoptest.OrderID(i))
		}
	}
	if len(ids) != n {
		tb.Errorf("got %d elements, want %d", len(ids), n)
	}
}
