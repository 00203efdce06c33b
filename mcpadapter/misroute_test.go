package mcpadapter_test

import (
	"net/http"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

func TestAPathValueAddressesNoOtherOperation(t *testing.T) {
	t.Parallel()
	const author = "6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a10"
	for _, c := range []struct {
		other, path     string // an operation, and its path in the table
		tool, arguments string
		problem         string // "": the call is sent
	}{
		{
			"teas.list", "/teas/list", "getTea", `{"tea_id":"list"}`,
			`tea_id: "list" would address another operation, teas.list`,
		},
		{"teas.list", "/teas/list", "getTea", `{"tea_id":"lis"}`, ""},
		{"teas.list", "/teas/list", "getTea", `{"tea_id":"lists"}`, ""},
		{"teas.list", "/teas/list", "getTea", `{"tea_id":"List"}`, ""},
		{"teas.list", "/teas/list", "getTea", `{"tea_id":"teas"}`, ""},
		{"teas.list", "/teas/list", "getTea", `{"tea_id":"list/"}`, ""}, // one escaped segment
		{"teas.list", "/teas/x/y", "getTea", `{"tea_id":"x/y"}`, ""},
		{"teas.list", "/teas/x-y", "getTea", `{"tea_id":"x-y"}`, `tea_id: "x-y" would address another operation, teas.list`},
		{"teas.list", "/pots/list", "getTea", `{"tea_id":"list"}`, ""},
		// Only an operation of the same method is another one.
		{"payments.create", "/teas/list", "getTea", `{"tea_id":"list"}`, ""},
		{"payments.create", "/teas/list", "teas.delete", `{"tea_id":"list"}`, ""},
		{
			"facts.replace", "/orders/all", "orders.replace", `{"order_id":"all"}`,
			`order_id: "all" would address another operation, facts.replace`,
		},
		{"facts.replace", "/orders/all", "orders.get", `{"order_id":"all"}`, ""},
		// The first, the second and the last of several, and all of them.
		{
			"days.get", "/shelves/back/rows/{days}/bins/{author}", "bins.get", `{"shelf":"back","row":7,"colour":"red"}`,
			`shelf: "back" would address another operation, days.get`,
		},
		{
			"days.get", "/shelves/{days}/rows/7/bins/{author}", "bins.get", `{"shelf":"back","row":7,"colour":"red"}`,
			`row: "7" would address another operation, days.get`,
		},
		{
			"days.get", "/shelves/{days}/rows/{author}/bins/red", "bins.get", `{"shelf":"back","row":7,"colour":"red"}`,
			`colour: "red" would address another operation, days.get`,
		},
		{
			"teas.list", "/shelves/back/rows/7/bins/red", "bins.get", `{"shelf":"back","row":7,"colour":"red"}`,
			`shelf: "back" would address another operation, teas.list`,
		},
		{"teas.list", "/shelves/back/rows/7/bins/red", "bins.get", `{"shelf":"back","row":7,"colour":"blue"}`, ""},
		{"teas.list", "/shelves/back/rows/7/bins/red", "bins.get", `{"shelf":"back","row":17,"colour":"red"}`, ""},
		{"teas.list", "/shelves/back/rows/7/bins/red", "bins.get", `{"shelf":"bac","row":7,"colour":"red"}`, ""},
		{"teas.list", "/shelves/back/rows/7/bins", "bins.get", `{"shelf":"back","row":7,"colour":"red"}`, ""},
		// An array is one segment.
		{
			"teas.list", "/days/today/by/" + author, "days.get", `{"days":["today"],"author":"` + author + `"}`,
			`days: "today" would address another operation, teas.list`,
		},
		{"teas.list", "/days/today/by/" + author, "days.get", `{"days":["today","today"],"author":"` + author + `"}`, ""},
	} {
		sent := 0
		a := shopOf(t, counting(&sent), func(table *optable.Table) {
			for i := range table.Operations {
				if table.Operations[i].ID == c.other {
					table.Operations[i].Path = c.path
				}
			}
		})
		r := invoke(t, a, c.tool, c.arguments)
		if c.problem == "" {
			if sent != 1 || r.Failure != nil {
				t.Errorf("%s beside %s: got %d requests and %s, want it sent", c.arguments, c.path, sent, r.Text())
			}
			continue
		}
		if sent != 0 {
			t.Errorf("%s beside %s: got %d requests, want none", c.arguments, c.path, sent)
		}
		wantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
		if r.Failure.Message != "nothing was sent" || len(r.Failure.Arguments) != 1 ||
			r.Failure.Arguments[0].String() != c.problem {
			t.Errorf("%s beside %s: got %s, want %s alone", c.arguments, c.path, r.Text(), c.problem)
		}
	}
}

// Paths are matched as they are sent: of several values in one segment, the API sees one with commas.
func TestSeveralPathValuesAreSentWithCommas(t *testing.T) {
	t.Parallel()
	a, wire := newShop(t, nil)
	invoke(t, a, "days.get", `{"days":["a","b c","d"],"author":"6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a10"}`)
	const want = "/days/a,b%20c,d/by/6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a10"
	if got := wire.seen(); len(got) != 1 || got[0].uri != want || got[0].method != http.MethodGet {
		t.Errorf("got %v, want %s", got, want)
	}
}
