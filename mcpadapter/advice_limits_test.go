package mcpadapter_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

const (
	unrenamed = "A tea cannot be renamed: create another."
	unsold    = "Sales are not listed."
)

// limitedShop returns the tools of the shop with two things that it cannot do, and the number of its requests.
func limitedShop(t *testing.T, status int, opts ...mcpadapter.Option) (*mcpadapter.Adapter, *int) {
	t.Helper()
	table := shop.Operations
	table.Operations = slices.Clone(table.Operations)
	for i := range table.Operations {
		if op := &table.Operations[i]; op.ID == "teas-update" {
			op.Limits = []optable.Limit{{Requests: []string{"rename tea", "change name tea"}, Text: unrenamed}}
			table.Toolsets = []optable.Toolset{{
				Name: op.Toolset, Limits: []optable.Limit{{Requests: []string{"list sales"}, Text: unsold}},
			}}
		}
	}
	requests := 0
	client, err := shop.NewClient("https://tea.example", shop.WithHTTPClient(shoptest.Doer(
		func(*http.Request) (*http.Response, error) {
			requests++
			return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("{}"))}, nil
		})))
	if err != nil {
		t.Fatal(err)
	}
	a, err := mcpadapter.New(client, &table, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return a, &requests
}

func TestASearchFindsWhatTheAPICannotDo(t *testing.T) {
	t.Parallel()
	a, _ := limitedShop(t, http.StatusOK)
	for query, want := range map[string][]string{
		"please rename the tea": {unrenamed},
		"rename":                nil, // not all words
		"list teas":             nil,
		"list the sales":        {unsold},
	} {
		if got := a.Limits(t.Context(), query); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", query, got, want)
		}
	}
	ctx, err := a.Narrow(t.Context(), mcpadapter.Filter{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Limits(ctx, "rename a tea"); got != nil {
		t.Errorf("got %q for a tool that a filter rejects", got)
	}
	search := a.DynamicTools()[0]
	got := search.Invoke(t.Context(), json.RawMessage(`{"query":"rename a tea"}`)).Text()
	shoptest.WantParts(t, "search", got, `"limits":["`+unrenamed+`"]`)
	describe := a.DynamicTools()[1]
	got = describe.Invoke(t.Context(), json.RawMessage(`{"operations":["teas-update"]}`)).Text()
	shoptest.WantParts(t, "description", got, `"limits":["`+unrenamed+`"]`)
}

// The operation that people try has the limit in its refusal, and in what the API refuses.
func TestAFailureHasWhatTheAPICannotDo(t *testing.T) {
	t.Parallel()
	a, requests := limitedShop(t, http.StatusUnprocessableEntity)
	r := shoptest.Invoke(t, a, "teas-update", `{"tea_id":"tea_1","new_title":"x"}`)
	shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
	if r.Failure.Advice != unrenamed || *requests != 0 {
		t.Errorf("got %q and %d requests, want the limit and none", r.Failure.Advice, *requests)
	}
	r = shoptest.Invoke(t, a, "teas-update", `{}`) // nothing unknown
	if r.Failure == nil || r.Failure.Advice != "" || *requests != 0 {
		t.Errorf("got %s and %d requests, want no advice and no request", r.Text(), *requests)
	}
	r = shoptest.Invoke(t, a, "teas-update", `{"tea_id":"tea_1","stock":1}`)
	if r.Failure == nil || !strings.HasSuffix(r.Failure.Advice, unrenamed) || *requests != 1 {
		t.Errorf("got %s and %d requests, want the limit in the advice", r.Text(), *requests)
	}
}
