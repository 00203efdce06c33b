package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// shelf answers lists of n organizations, org_1 first, as the API does: a cursor is the ID next to the page.
func shelf(n int) httpmock.Responder {
	return func(req *http.Request) (*http.Response, error) {
		query := req.URL.Query()
		limit, err := strconv.Atoi(query.Get("limit"))
		if err != nil {
			limit = 10
		}
		number := func(param string) int {
			i, _ := strconv.Atoi(strings.TrimPrefix(query.Get(param), "org_"))
			return i
		}
		first, last := 1, min(limit, n)
		switch {
		case query.Has("after"):
			first = number("after") + 1
			last = min(first+limit-1, n)
		case query.Has("before"):
			last = number("before") - 1
			first = max(1, last-limit+1)
		}
		data := []json.RawMessage{}
		for i := first; i <= last; i++ {
			data = append(data, json.RawMessage(strings.ReplaceAll(anOrg, "org_01", "org_"+strconv.Itoa(i))))
		}
		metadata := map[string]any{"before": nil, "after": nil}
		if first > 1 {
			metadata["before"] = "org_" + strconv.Itoa(first)
		}
		if last < n {
			metadata["after"] = "org_" + strconv.Itoa(last)
		}
		return httpmock.NewJsonResponse(http.StatusOK, map[string]any{
			"object": "list", "data": data, "list_metadata": metadata,
		})
	}
}

func ids(list []gen.Organization) string {
	var all []string
	for _, o := range list {
		all = append(all, strings.TrimPrefix(o.ID, "org_"))
	}
	return strings.Join(all, " ")
}

//go:fix inline
func ptr[T any](v T) *T { return new(v) }

func TestAllGoesThroughEveryPage(t *testing.T) {
	w := newWire(shelf(7))
	params := &gen.OrganizationsListParams{
		Limit: new(3), Domains: []string{"a.example", "b,c"}, Order: ptr(gen.SortOrderAsc),
	}
	given := *params
	var got []gen.Organization
	for organization, err := range newClient(t, testKey, w.option()).Organizations.All(t.Context(), params) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, organization)
	}
	if got, want := ids(got), "1 2 3 4 5 6 7"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	const rest = "domains=a.example,b%2Cc&limit=3&order=asc"
	for i, want := range []string{rest, rest + "&after=org_3", rest + "&after=org_6"} {
		if got := w.sent[i].URL.RawQuery; got != want {
			t.Errorf("request %d: got %s, want %s", i+1, got, want)
		}
	}
	if params.After != given.After || params.Before != given.Before || params.Limit != given.Limit {
		t.Errorf("the parameters were changed: %+v", params)
	}
}

func TestAllGoesBackwardsFromACursor(t *testing.T) {
	w := newWire(shelf(9))
	var got []gen.Organization
	params := &gen.OrganizationsListParams{Limit: new(3), Before: new("org_9")}
	for organization, err := range newClient(t, testKey, w.option()).Organizations.All(t.Context(), params) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, organization)
	}
	if got, want := ids(got), "8 7 6 5 4 3 2 1"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, req := range w.sent {
		if query := req.URL.Query(); query.Has("after") || !query.Has("before") {
			t.Errorf("sent %s, want before alone", req.URL.RawQuery)
		}
	}
}

func TestBreakStopsTheRequests(t *testing.T) {
	w := newWire(shelf(100))
	for organization, err := range newClient(t, testKey, w.option()).Organizations.All(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		if organization.ID == "org_12" {
			break
		}
	}
	if len(w.sent) != 2 {
		t.Errorf("sent %d requests, want the two that org_12 took", len(w.sent))
	}
}

func TestIterationCanBeRepeated(t *testing.T) {
	w := newWire(shelf(3))
	all := newClient(t, testKey, w.option()).Organizations.All(t.Context(), nil)
	for range 2 {
		count := 0
		for _, err := range all {
			if err != nil {
				t.Fatal(err)
			}
			count++
		}
		if count != 3 {
			t.Errorf("got %d entries, want 3", count)
		}
	}
}

func TestPagesLeadToTheirNeighbours(t *testing.T) {
	ctx, w := t.Context(), newWire(shelf(7))
	page, err := newClient(t, testKey, w.option()).Organizations.
		List(ctx, &gen.OrganizationsListParams{Limit: new(3)}, client.WithHeader("X-Team", "a"))
	if err != nil {
		t.Fatal(err)
	}
	seen := []string{ids(page.Data)}
	for page.HasNext() {
		if page, err = page.Next(ctx); err != nil {
			t.Fatal(err)
		}
		seen = append(seen, ids(page.Data))
	}
	if _, err := page.Next(ctx); !errors.Is(err, client.ErrNoPage) {
		t.Errorf("after the last page: got %v, want ErrNoPage", err)
	}
	for page.HasPrevious() {
		if page, err = page.Previous(ctx); err != nil {
			t.Fatal(err)
		}
		seen = append(seen, ids(page.Data))
	}
	if _, err := page.Previous(ctx); !errors.Is(err, client.ErrNoPage) {
		t.Errorf("before the first page: got %v, want ErrNoPage", err)
	}
	if want := []string{"1 2 3", "4 5 6", "7", "4 5 6", "1 2 3"}; !slices.Equal(seen, want) {
		t.Errorf("got %q, want %q", seen, want)
	}
	for _, req := range w.sent {
		if got := req.Header.Get("X-Team"); got != "a" {
			t.Errorf("%s: X-Team is %q, want the option of the first call to hold", req.URL, got)
		}
	}
	if _, err := new(client.Page[gen.Organization]).Next(ctx); !errors.Is(err, client.ErrNoPage) {
		t.Errorf("a page that was not called for: got %v, want ErrNoPage", err)
	}
}

func TestIterationGoesOnAfterAFailure(t *testing.T) {
	down, w := true, newWire(nil)
	healthy := shelf(7)
	w.RegisterNoResponder(func(req *http.Request) (*http.Response, error) {
		if down && req.URL.Query().Get("after") == "org_6" {
			return answerJSON(http.StatusBadRequest, `{"message":"no"}`)(req)
		}
		return healthy(req)
	})
	c := newClient(t, testKey, w.option())
	params := &gen.OrganizationsListParams{Limit: new(3)}
	var got []gen.Organization
	collect := func() error {
		for organization, err := range c.Organizations.All(t.Context(), params) {
			if err != nil {
				return err
			}
			got = append(got, organization)
		}
		return nil
	}
	err := collect()
	var failed *client.PageError
	if !errors.As(err, &failed) || failed.After != "org_6" || !errors.Is(err, client.ErrBadRequest) {
		t.Fatalf("got %v, want a *PageError at org_6 that is ErrBadRequest", err)
	}
	if !strings.Contains(err.Error(), "page after org_6: organizations.list: 400") {
		t.Errorf("got the text %q, want it to name page and operation", err)
	}
	down, params.After = false, &failed.After
	if err := collect(); err != nil {
		t.Fatal(err)
	}
	if got, want := ids(got), "1 2 3 4 5 6 7"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestRepeatedCursorEndsTheIteration(t *testing.T) {
	for name, cursors := range map[string][]string{
		"constant": {"org_1"}, "of two": {"org_1", "org_2"}, "back to the first": {"org_0", "org_1", "org_2"},
	} {
		calls := 0
		w := newWire(func(req *http.Request) (*http.Response, error) {
			cursor := cursors[calls%len(cursors)]
			calls++
			return answerJSON(http.StatusOK, fmt.Sprintf(`{"data":[%s],"list_metadata":{"before":"x","after":%q}}`,
				anOrg, cursor))(req)
		})
		var last error
		entries := 0
		params := &gen.OrganizationsListParams{After: new("org_0")}
		for _, err := range newClient(t, testKey, w.option()).Organizations.All(t.Context(), params) {
			if last = err; err == nil {
				entries++
			}
			if entries > 10 {
				break
			}
		}
		if !errors.Is(last, client.ErrRepeatedCursor) || calls > len(cursors)+1 {
			t.Errorf("%s: got %v after %d calls, want ErrRepeatedCursor", name, last, calls)
		}
	}
}

func TestBeforeAndAfterAreNotSentTogether(t *testing.T) {
	w := newWire(shelf(3))
	_, err := newClient(t, testKey, w.option()).Organizations.
		List(t.Context(), &gen.OrganizationsListParams{Before: new("org_1"), After: new("org_2")})
	if err == nil || !strings.Contains(err.Error(), "before and after are given") || len(w.sent) != 0 {
		t.Errorf("got %v and %d requests, want an error and none", err, len(w.sent))
	}
}

func TestListsWithoutPagesComeAsOne(t *testing.T) {
	for body, want := range map[string]int{
		`[{"idp_id":"a"},{"idp_id":"b"}]`: 2, "\n[]": 0, `{"data":[]}`: 0, `{"data":[{}],"list_metadata":null}`: 1,
		`{"data":[{}],"list_metadata":{"after":null}}`: 1,
	} {
		w := newWire(answerJSON(http.StatusOK, body))
		page, err := newClient(t, testKey, w.option()).UserManagement.Users.Identities.List(t.Context(), "user_01")
		if err != nil {
			t.Errorf("%s: %v", body, err)
			continue
		}
		if len(page.Data) != want || page.HasNext() || page.HasPrevious() {
			t.Errorf("%s: got %+v, want %d entries and no neighbours", body, page, want)
		}
	}
}

func TestListWithoutDataIsAnError(t *testing.T) {
	for _, body := range []string{`{}`, `null`, `{"data":null}`, `{"id":"org_01"}`, `""`} {
		w := newWire(answerJSON(http.StatusOK, body))
		page, err := newClient(t, testKey, w.option()).Organizations.List(t.Context(), nil)
		if !errors.Is(err, client.ErrInvalidResponse) || page != nil {
			t.Errorf("%s: got %v, %v; want ErrInvalidResponse", body, page, err)
		}
	}
}

func TestEndedContextEndsTheIteration(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	w := newWire(shelf(100))
	var last error
	for organization, err := range newClient(t, testKey, w.option()).Organizations.All(ctx, nil) {
		if last = err; organization.ID == "org_5" {
			cancel()
		}
	}
	if !errors.Is(last, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", last)
	}
}
