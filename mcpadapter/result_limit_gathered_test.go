package mcpadapter_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

const askForLess = " Ask for less with fields (paths to keep), or for a part with jq, such as .data[100:200]."

// The property that is the cursor is known if one of the gathered pages showed it, whichever that was.
func TestGatheredPagesAreCutAtACursorThatAnyPageShowed(t *testing.T) {
	t.Parallel()
	ids := manyOrders(100)
	const cut, twice = "Cut to fit into 1100 bytes.", "The API returned the same cursor twice, so the rest cannot be read. "
	for name, c := range map[string]struct {
		pages []string
		known bool // whether the result has a cursor behind its last element
		more  bool
		why   string
	}{
		"the first": {[]string{onePage(ids[99], ids...), onePage("", "e")}, true, false, cut + goOn},
		"the second, after an empty one": {
			[]string{onePage("x"), onePage(ids[99], ids...), onePage("", "e")}, true, false, cut + goOn,
		},
		"none": {[]string{onePage("x", ids...), onePage("", "e")}, false, false, cut + askForLess},
		"none, as the pages end early": {
			[]string{onePage("x", ids...), onePage("x", "e")}, false, true, twice + cut + askForLess,
		},
	} {
		a := shoptest.NewWith(t, bodies(c.pages...), mcpadapter.WithMaxResultBytes(1100), mcpadapter.WithShapingArguments())
		got := jsonOf(t, a, "orders.list", `{"all_pages":true}`)
		given := strings.Count(got, `{"id":`)
		if given < 5 || given > 40 {
			t.Fatalf("%s: got %d elements: %s", name, given, got)
		}
		after, more, carryOn := "", "", ""
		if c.known {
			after = ids[given-1]
			carryOn = `,"continue":{"after":` + shoptest.Quoted(after) + `}`
		}
		if c.more {
			more = `,"more":true`
		}
		left := 101 - given
		want := strings.TrimSuffix(onePage(after, ids[:given]...), "}") +
			fmt.Sprintf(`,"left_out":{"elements":%d%s%s,"reason":%s}}`, left, more, carryOn, shoptest.Quoted(c.why))
		if got != want {
			t.Errorf("%s: got\n%s, want\n%s", name, got, want)
		}
	}
}

// paged is a client of one list.
type paged struct{ shoptest.Doer }

func (p paged) List(ctx context.Context, _ *pagedQuery) (*http.Response, error) {
	return p.Doer((&http.Request{}).WithContext(ctx))
}

type pagedQuery struct {
	After *string `json:"after,omitempty"`
	Limit *int    `json:"limit,omitempty"`
}

// A page is asked for in smaller parts only where the table says how large one may be.
func TestSmallerPagesAreSuggestedWhereTheTableLimitsThem(t *testing.T) {
	t.Parallel()
	body := `{"data":[` + strings.Repeat(`{"id":"x"},`, 200) + `{"id":"x"}],"page":{"after":"opaque"}}`
	for maximum, want := range map[string]string{
		"": `,"more":true,"reason":"Cut to fit into 1024 bytes.` + askForLess + `"}}`,
		"1": `,"more":true,"continue":{"limit":%d},"reason":"Cut to fit into 1024 bytes. Call again with that many at most ` +
			`for a cursor that leads to the rest."}}`,
	} {
		parameters := []optable.Parameter{
			{Name: "after", In: optable.InQuery, Schema: &optable.Schema{Types: optable.String}},
			{Name: "limit", In: optable.InQuery, Schema: &optable.Schema{Types: optable.Integer, Constraints: &optable.Constraints{Maximum: maximum}}},
		}
		a, err := mcpadapter.New(paged{bodies(body)}, tableOf(optable.Operation{
			ID: "list", Method: http.MethodGet, Path: "/list", Parameters: parameters,
			Responses: []optable.Response{documented(200, "application/json", listSchema("page"))},
		}), mcpadapter.WithShapingArguments(), mcpadapter.WithMaxResultBytes(1024))
		if err != nil {
			t.Fatal(err)
		}
		got := jsonOf(t, a, "list", `{}`)
		given := strings.Count(got, `{"id":`)
		want := strings.Replace(want, "%d", strconv.Itoa(given), 1)
		if !strings.HasSuffix(got, fmt.Sprintf(`],"page":{"after":null},"left_out":{"elements":%d`, 201-given)+want) {
			t.Errorf("maximum %q: got %s, want %s", maximum, got, want)
		}
	}
}

func TestTheContextOfARequestEndsWithItsCall(t *testing.T) {
	t.Parallel()
	var sent context.Context
	a := shoptest.NewWith(t, func(r *http.Request) (*http.Response, error) {
		sent = r.Context()
		return shoptest.Responding(http.StatusOK, strings.NewReader(`{"id":"1"}`))(r)
	})
	if r := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`); r.Failure != nil {
		t.Fatalf("got %s", r.Text())
	}
	if sent == nil || !errors.Is(sent.Err(), context.Canceled) {
		t.Error("the context of the request outlives the call")
	}
}
