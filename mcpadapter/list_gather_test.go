package mcpadapter_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// onePage is a page of orders with their IDs and the cursor behind it; "": it is the last.
func onePage(after string, ids ...string) string {
	cursor := "null"
	if after != "" {
		cursor = shoptest.Quoted(after)
	}
	elements := make([]string, len(ids))
	for i, id := range ids {
		elements[i] = `{"id":` + shoptest.Quoted(id) + `}`
	}
	return `{"object":"list","data":[` + strings.Join(elements, ",") + `],` +
		`"list_metadata":{"before":null,"after":` + cursor + `}}`
}

const goOn = " Go on with the arguments in continue added to those of this call."

// endedEarly is a page that pages were put together to.
func endedEarly(after, reason string, ids ...string) string {
	whole := strings.TrimSuffix(onePage(after, ids...), "}")
	carryOn := ""
	if after != "" {
		carryOn = `"continue":{"after":` + shoptest.Quoted(after) + `},`
		reason += goOn
	}
	return whole + `,"left_out":{"more":true,` + carryOn + `"reason":` + shoptest.Quoted(reason) + `}}`
}

func TestEachLimitOfAllPagesEndsThemExactly(t *testing.T) {
	t.Parallel()
	first, second, third := onePage("b", "a", "b"), onePage("d", "c", "d"), onePage("", "e")
	nothing := onePage("x")
	size := int64(len(first))
	const elements, pages = "At most %d elements are gathered.", "At most %d pages are read."
	for name, c := range map[string]struct {
		option mcpadapter.Option
		bodies []string
		want   string
		sent   int
	}{
		"an element less than a page": {
			mcpadapter.WithMaxElements(1), []string{first, second, third},
			endedEarly("b", fmt.Sprintf(elements, 1), "a", "b"), 1,
		},
		"the elements of a page": {
			mcpadapter.WithMaxElements(2), []string{first, second, third},
			endedEarly("b", fmt.Sprintf(elements, 2), "a", "b"), 1,
		},
		"an element more than a page": {
			mcpadapter.WithMaxElements(3), []string{first, second, third},
			endedEarly("d", fmt.Sprintf(elements, 3), "a", "b", "c", "d"), 2,
		},
		"the elements of two pages": {
			mcpadapter.WithMaxElements(4), []string{first, second, third},
			endedEarly("d", fmt.Sprintf(elements, 4), "a", "b", "c", "d"), 2,
		},
		"as many elements as there are": {
			mcpadapter.WithMaxElements(5), []string{first, second, third}, onePage("", "a", "b", "c", "d", "e"), 3,
		},
		"the last page ends at the limit": {
			mcpadapter.WithMaxElements(2), []string{onePage("", "a", "b")}, onePage("", "a", "b"), 1,
		},
		"one empty page": {
			mcpadapter.WithMaxElements(1), []string{nothing}, endedEarly("x", "At most 1 page are read."), 1,
		},
		"two empty pages": {
			mcpadapter.WithMaxElements(2), []string{nothing, onePage("y"), third},
			endedEarly("y", fmt.Sprintf(pages, 2)), 2,
		},
		"a third page at last": {
			mcpadapter.WithMaxElements(3), []string{nothing, onePage("y"), third}, onePage("", "e"), 3,
		},
		"three empty pages in a row": {
			mcpadapter.WithMaxElements(9), []string{first, onePage("x"), onePage("y"), onePage("z"), third},
			endedEarly("z", "3 pages in a row were empty.", "a", "b"), 4,
		},
		"three empty pages from the start": {
			mcpadapter.WithMaxElements(9), []string{nothing, onePage("y"), onePage("z"), third},
			endedEarly("z", "3 pages in a row were empty."), 3,
		},
		"the last of three empty pages": {
			mcpadapter.WithMaxElements(9), []string{nothing, onePage("y"), onePage("")}, onePage(""), 3,
		},
		"empty pages between others": {
			mcpadapter.WithMaxElements(9), []string{nothing, onePage("y"), onePage("z", "a"), onePage("1"), onePage("2"), third},
			onePage("", "a", "e"), 6,
		},
		"the bytes of a page": {
			mcpadapter.WithMaxResponseBytes(size), []string{first, second, third},
			endedEarly("b", fmt.Sprintf("At most %d bytes are gathered.", size), "a", "b"), 1,
		},
		"a byte more than a page": {
			mcpadapter.WithMaxResponseBytes(size + 1), []string{first, second, third},
			endedEarly("d", fmt.Sprintf("At most %d bytes are gathered.", size+1), "a", "b", "c", "d"), 2,
		},
		"the bytes of two pages": {
			mcpadapter.WithMaxResponseBytes(2 * size), []string{first, second, third},
			endedEarly("d", fmt.Sprintf("At most %d bytes are gathered.", 2*size), "a", "b", "c", "d"), 2,
		},
		"a byte more than two pages": {
			mcpadapter.WithMaxResponseBytes(2*size + 1), []string{first, second, third},
			onePage("", "a", "b", "c", "d", "e"), 3,
		},
		"a cursor that comes again at once": {
			mcpadapter.WithMaxElements(9), []string{first, onePage("b", "c")},
			endedEarly("", "The API returned the same cursor twice, so the rest cannot be read.", "a", "b", "c"), 2,
		},
		"a cursor that comes again later": {
			mcpadapter.WithMaxElements(9), []string{first, second, onePage("b", "e")},
			endedEarly("", "The API returned the same cursor twice, so the rest cannot be read.", "a", "b", "c", "d", "e"), 3,
		},
		"an empty cursor": {
			mcpadapter.WithMaxElements(9), []string{strings.Replace(third, "null}", `""}`, 1)},
			strings.Replace(third, "null}", `""}`, 1), 1,
		},
		"not a list": {
			mcpadapter.WithMaxElements(9), []string{first, `{"data":"none"}`},
			endedEarly("b", "The next page is not a list.", "a", "b"), 2,
		},
		"a page without cursors": {
			mcpadapter.WithMaxElements(9), []string{first, `{"data":[{"id":"c"}]}`}, onePage("", "a", "b", "c"), 2,
		},
	} {
		sent := 0
		next := bodies(c.bodies...)
		a := shoptest.NewWith(t, func(r *http.Request) (*http.Response, error) {
			sent++
			return next(r)
		}, mcpadapter.WithShapingArguments(), c.option)
		if got := jsonOf(t, a, "orders.list", `{"all_pages":true}`); got != c.want || sent != c.sent {
			t.Errorf("%s: got %d requests and\n%s, want %d and\n%s", name, sent, got, c.sent, c.want)
		}
	}
}

func TestACursorThatWasGivenIsNotFollowedAgain(t *testing.T) {
	t.Parallel()
	sent := 0
	a := shoptest.NewWith(t, func(r *http.Request) (*http.Response, error) {
		sent++
		return bodies(onePage("b", "c"))(r)
	}, mcpadapter.WithShapingArguments())
	const reason = "The API returned the same cursor twice, so the rest cannot be read."
	got := jsonOf(t, a, "orders.list", `{"all_pages":true,"after":"b"}`)
	if want := endedEarly("", reason, "c"); got != want || sent != 1 {
		t.Errorf("got %d requests and %s, want one and %s", sent, got, want)
	}
}

func TestTheTimeoutEndsAllPagesAndNoMomentLess(t *testing.T) {
	t.Parallel()
	for took, want := range map[time.Duration]string{
		mcpadapter.DefaultTimeout - 1: onePage("", "a", "b", "c", "d", "e"),
		mcpadapter.DefaultTimeout + 1: endedEarly("d", "The call may take 50s at most.", "a", "b", "c", "d"),
		time.Hour:                     endedEarly("d", "The call may take 50s at most.", "a", "b", "c", "d"),
	} {
		synctest.Test(t, func(t *testing.T) {
			next := bodies(onePage("b", "a", "b"), onePage("d", "c", "d"), onePage("", "e"))
			a := shoptest.NewWith(t, func(r *http.Request) (*http.Response, error) {
				if r.URL.Query().Get("after") == "b" {
					time.Sleep(took)
				}
				return next(r)
			}, mcpadapter.WithShapingArguments())
			if got := jsonOf(t, a, "orders.list", `{"all_pages":true}`); got != want {
				t.Errorf("%s: got %s, want %s", took, got, want)
			}
		})
	}
}

func TestWhyTheNextPageFailedIsToldInHalfASentence(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		status       int
		body, reason string
	}{
		{500, "", "The next page failed: 500 internal_server_error."},
		{422, `{"code":"odd","message":"No such page."}`, "The next page failed: 422 odd, No such page."},
		{422, `{"code":"o\nd","message":"No\u202e!"}`, "The next page failed: 422 o d, No !."},
		{200, `<`, "The next page failed: 200 request_failed, the call succeeded, but its body does not match its content …."},
		{
			400, `{"code":"odd","message":"` + strings.Repeat("m", 61) + `"}`,
			"The next page failed: 400 odd, " + strings.Repeat("m", 60) + "….",
		},
	} {
		a := shoptest.NewWith(t, func(r *http.Request) (*http.Response, error) {
			if r.URL.Query().Get("after") != "" {
				return shoptest.Responding(c.status, strings.NewReader(c.body))(r)
			}
			return bodies(onePage("b", "a", "b"))(r)
		}, mcpadapter.WithShapingArguments())
		got := jsonOf(t, a, "orders.list", `{"all_pages":true}`)
		if want := endedEarly("b", c.reason, "a", "b"); got != want {
			t.Errorf("%d %s: got\n%s, want\n%s", c.status, c.body, got, want)
		}
	}
}

// dated is a client whose cursors are of a Go type that not every text fits.
type dated struct{ shoptest.Doer }

func (d dated) List(ctx context.Context, _ *datedPage) (*http.Response, error) {
	return d.Doer((&http.Request{}).WithContext(ctx))
}

type datedPage struct {
	After *time.Time `json:"after,omitempty"`
}

func TestACursorThatTheClientCannotSendEndsAllPages(t *testing.T) {
	t.Parallel()
	sent := 0
	a, err := mcpadapter.New(dated{func(r *http.Request) (*http.Response, error) {
		sent++
		return bodies(`{"data":["a"],"page":{"after":"behind"}}`)(r)
	}}, &optable.Table{Operations: []optable.Operation{{
		ID: "list", Method: http.MethodGet, Path: "/list",
		Parameters: []optable.Parameter{{
			Name: "after", In: optable.InQuery, Schema: &optable.Schema{Types: optable.String, Format: "date-time"},
		}},
		Responses: []optable.Response{documented(200, "application/json", listSchema("page"))},
	}}}, mcpadapter.WithShapingArguments())
	if err != nil {
		t.Fatal(err)
	}
	got := jsonOf(t, a, "list", `{"all_pages":true}`)
	if sent != 1 || !strings.HasPrefix(got, `{"data":["a"],"page":{"after":"behind"},"left_out":{"more":true,`) {
		t.Errorf("got %d requests and %s, want one and the first page", sent, got)
	}
	shoptest.WantParts(t, "reason", got, `"reason":"The next page cannot be asked for: after: read as`)
}

// listSchema is a list whose cursors are in a property of that name.
func listSchema(metadata string) optable.Schema {
	return optable.Schema{Types: optable.Object, Properties: []optable.Property{
		{Name: "data", Schema: &optable.Schema{Types: optable.Array}},
		{Name: metadata, Schema: &optable.Schema{Types: optable.Object, Properties: []optable.Property{
			{Name: "after", Schema: &optable.Schema{Types: optable.String}},
		}}},
	}}
}

func TestProgressIsNotToldOfASinglePage(t *testing.T) {
	t.Parallel()
	a := shoptest.NewWith(t, bodies(onePage("", "a")), mcpadapter.WithShapingArguments())
	told := 0
	ctx := mcpadapter.WithProgress(t.Context(), func(mcpadapter.Progress) { told++ })
	shoptest.Tool(t, a, "orders.list").Invoke(ctx, json.RawMessage(`{"all_pages":true}`))
	if told != 0 {
		t.Errorf("told %d times, want not at all", told)
	}
}

func TestLimitsOfPagesMustMakeSense(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		option mcpadapter.Option
		want   string // "": accepted
	}{
		{mcpadapter.WithMaxElements(-1), "workos/mcpadapter: WithMaxElements: -1 is not positive"},
		{mcpadapter.WithMaxElements(0), "workos/mcpadapter: WithMaxElements: 0 is not positive"},
		{mcpadapter.WithMaxElements(1), ""},
		{mcpadapter.WithMaxResultBytes(-1), "workos/mcpadapter: WithMaxResultBytes: -1 is less than 1024"},
		{mcpadapter.WithMaxResultBytes(0), "workos/mcpadapter: WithMaxResultBytes: 0 is less than 1024"},
		{mcpadapter.WithMaxResultBytes(1023), "workos/mcpadapter: WithMaxResultBytes: 1023 is less than 1024"},
		{mcpadapter.WithMaxResultBytes(1024), ""},
		{mcpadapter.WithMaxResponseBytes(0), "workos/mcpadapter: WithMaxResponseBytes: 0 is not positive"},
		{mcpadapter.WithMaxResponseBytes(1), ""},
		{mcpadapter.WithCursors(mcpadapter.Cursors{Before: "b", Limit: "l"}), "workos/mcpadapter: WithCursors: After is empty"},
		{mcpadapter.WithCursors(mcpadapter.Cursors{After: "a"}), ""},
	} {
		a, err := mcpadapter.New(fake{}, &optable.Table{Operations: []optable.Operation{{ID: "bare"}}}, c.option)
		if c.want == "" && (err != nil || a == nil) || c.want != "" && (a != nil || err == nil || err.Error() != c.want) {
			t.Errorf("got %v, want %q", err, c.want)
		}
	}
}
