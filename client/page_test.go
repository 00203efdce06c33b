package client_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

func TestPageWithANilContextIsAnError(t *testing.T) {
	page, err := newClient(t, testKey, newWire(shelf(20)).option()).Organizations.List(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var none context.Context
	if _, err := page.Next(none); err == nil || !strings.Contains(err.Error(), "context is nil") {
		t.Errorf("got %v, want an error", err)
	}
}

// shelf responds with lists of n organizations, org_1 first, as the API does: a cursor is the ID next to the page.
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

func TestBeforeAndAfterAreNotSentTogether(t *testing.T) {
	w := newWire(shelf(3))
	_, err := newClient(t, testKey, w.option()).Organizations.
		List(t.Context(), &gen.OrganizationsListParams{Before: new("org_1"), After: new("org_2")})
	if !errors.Is(err, client.ErrInvalidRequest) || len(w.sent) != 0 {
		t.Errorf("got %v and %d requests, want ErrInvalidRequest and none", err, len(w.sent))
	}
}

func TestListsWithoutPagesComeAsOne(t *testing.T) {
	for body, want := range map[string]int{
		`[{"idp_id":"a"},{"idp_id":"b"}]`: 2, "\n[]": 0, `{"data":[]}`: 0, `{"data":[{}],"list_metadata":null}`: 1,
		`{"data":[{}],"list_metadata":{"after":null}}`: 1,
	} {
		w := newWire(respondJSON(http.StatusOK, body))
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
		w := newWire(respondJSON(http.StatusOK, body))
		page, err := newClient(t, testKey, w.option()).Organizations.List(t.Context(), nil)
		if !errors.Is(err, client.ErrInvalidResponse) || page != nil {
			t.Errorf("%s: got %v, %v; want ErrInvalidResponse", body, page, err)
		}
	}
}

func TestPageHasItsNeighbours(t *testing.T) {
	for _, tt := range []struct{ before, after string }{{"", ""}, {"b", ""}, {"", "a"}, {"b", "a"}} {
		var sent []string
		c := newClient(t, testKey, client.WithHTTPClient(&http.Client{Transport: transportFunc(
			func(req *http.Request) (*http.Response, error) {
				sent = append(sent, req.URL.RawQuery)
				return listed(tt.before, tt.after, 1), nil
			})}))
		page, err := c.Organizations.List(t.Context(), &gen.OrganizationsListParams{Limit: new(1), After: new("mine")})
		if err != nil {
			t.Fatal(err)
		}
		if page.HasNext() != (tt.after != "") || page.HasPrevious() != (tt.before != "") || page.Before != tt.before ||
			page.After != tt.after {
			t.Errorf("%+v: got %+v", tt, page)
		}
		want := []string{"after=mine&limit=1"}
		next, err := page.Next(t.Context())
		if tt.after != "" {
			want = append(want, "limit=1&after=a")
		}
		if (next == nil) != (tt.after == "") || errors.Is(err, client.ErrNoPage) != (tt.after == "") {
			t.Errorf("%+v, next: got %v, %v", tt, next, err)
		}
		previous, err := page.Previous(t.Context())
		if tt.before != "" {
			want = append(want, "limit=1&before=b")
		}
		if (previous == nil) != (tt.before == "") || errors.Is(err, client.ErrNoPage) != (tt.before == "") {
			t.Errorf("%+v, previous: got %v, %v", tt, previous, err)
		}
		if !slices.Equal(sent, want) {
			t.Errorf("%+v: sent %q, want %q", tt, sent, want)
		}
	}
}

func TestPageMadeByHandHasNoNeighbours(t *testing.T) {
	page := client.Page[gen.Organization]{Before: "before", After: "after"}
	for name, open := range map[string]func(context.Context) (*client.Page[gen.Organization], error){
		"next": page.Next, "previous": page.Previous,
	} {
		if got, err := open(t.Context()); got != nil || !errors.Is(err, client.ErrNoPage) {
			t.Errorf("%s: got %v, %v; want ErrNoPage", name, got, err)
		}
	}
}

func TestCursorGoesIntoTheQueryAlone(t *testing.T) {
	const cursor = "a&before=b c+é%2F"
	const escaped = "a%26before%3Db+c%2B%C3%A9%252F"
	var sent []string
	c := newClient(t, testKey, client.WithHTTPClient(&http.Client{Transport: transportFunc(
		func(req *http.Request) (*http.Response, error) {
			sent = append(sent, req.URL.RawQuery)
			return listed(cursor, cursor, 1), nil
		})}))
	page, err := c.Organizations.List(t.Context(), nil)
	for range 2 {
		if err == nil {
			page, err = page.Next(t.Context())
		}
	}
	if err == nil {
		page, err = page.Previous(t.Context())
	}
	if err == nil {
		_, err = page.Next(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"", "after=" + escaped, "after=" + escaped, "before=" + escaped, "after=" +
		escaped}; !slices.Equal(
		sent, want) {
		t.Errorf("got %q, want %q", sent, want)
	}
}

func TestPageThatCannotBeHadCanBeCalledForAgain(t *testing.T) {
	for _, backwards := range []bool{false, true} {
		n := 0
		c := newClient(t, testKey, once(), client.WithHTTPClient(&http.Client{Transport: transportFunc(
			func(*http.Request) (*http.Response, error) {
				if n++; n == 2 {
					return nil, errors.New("down")
				}
				return listed("b", "a", n), nil
			})}))
		page, err := c.Organizations.List(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		turn := page.Next
		if backwards {
			turn = page.Previous
		}
		if got, err := turn(t.Context()); got != nil || err == nil {
			t.Errorf("got %v, %v; want an error alone", got, err)
		}
		if got, err := turn(t.Context()); err != nil || ids(got.Data) != "3" {
			t.Errorf("the second time: got %v, %v; want the page", got, err)
		}
		var none context.Context
		if got, err := turn(none); got != nil || fmt.Sprint(err) != "organizations.list: context is nil" || n != 3 {
			t.Errorf("without a context: got %v, %v after %d requests", got, err, n)
		}
	}
}

func TestBeforeAndAfterTogetherAreRefused(t *testing.T) {
	for name, params := range map[string]*gen.OrganizationsListParams{
		"neither": nil, "before": {Before: new("b")}, "after": {After: new("a")}, "both": {Before: new("b"), After: new("a")},
		"before, and after empty": {Before: new("b"), After: new("")}, "both empty": {Before: new(""), After: new("")},
	} {
		w := newWire(respondJSON(http.StatusOK, `{"data":[]}`))
		_, err := newClient(t, testKey, w.option()).Organizations.List(t.Context(), params)
		want := "organizations.list: invalid request: before cannot go together with after"
		if name != "both" {
			want = "<nil>"
		}
		if fmt.Sprint(err) != want || (len(w.sent) == 0) != (name == "both") {
			t.Errorf("%s: got %v and %d requests, want %s", name, err, len(w.sent), want)
		}
	}
}

func TestListOfEachShape(t *testing.T) {
	for body, want := range map[string]string{
		`[]`: "0", `[{"id":"org_1"}]`: "1", " \t\r\n[{\"id\":\"org_1\"},{}]": "2", `{"data":[]}`: "0", `{"data":[{}]}`: "1",
		"\n{\"data\":[{}]}": "1",
		``:                  "unexpected end of JSON input",
		` `:                 "unexpected end of JSON input",
		`[`:                 "unexpected end of JSON input",
		`{"data":`:          "unexpected end of JSON input",
		`{}`:                "list has no data",
		`null`:              "list has no data",
		`{"data":null}`:     "list has no data",
		"\v[]":              `invalid character '\v' looking for beginning of value`,
	} {
		page, err := replying(t, func() *http.Response { return byHand(http.StatusOK, body) }).Organizations.
			List(t.Context(), nil)
		got := fmt.Sprint(err)
		if err == nil {
			got = strconv.Itoa(len(page.Data))
		}
		if wrong, ok := strings.CutPrefix(got, "organizations.list: 200 invalid_response: invalid response: "); ok {
			got = wrong
		}
		var failed *client.Error
		if body == "\v[]" {
			want = "invalid character '\\v' looking for beginning of value"
		}
		if got != want || (page == nil) != (err != nil) || errors.As(err, &failed) && string(failed.Body) != body {
			t.Errorf("%q: got %s, want %s", body, got, want)
		}
	}
}

// slog.JSONHandler would encode the items, secrets and all.
func TestPageIsLoggedWithoutTheSecretsOfItsItems(t *testing.T) {
	page := &client.Page[gen.WebhookEndpoint]{Data: []gen.WebhookEndpoint{{ID: "we_1", Secret: "horse"}}, After: "we_2"}
	var out bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&out, nil))
	logger.Info("x", "page", page)
	logger.Info("x", "page", *page)
	text := out.String()
	if strings.Contains(text, "horse") || strings.Count(text, "we_1") != 2 || strings.Count(text, `"after":"we_2"`) != 2 {
		t.Errorf("got %s, want items and cursors without the secret", text)
	}
}
