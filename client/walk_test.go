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

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// listed answers with a list of those organizations and cursors.
func listed(before, after string, numbers ...int) *http.Response {
	data := []map[string]any{}
	for _, n := range numbers {
		data = append(data, map[string]any{"id": fmt.Sprint("org_", n)})
	}
	body, _ := json.Marshal(map[string]any{"data": data, "list_metadata": map[string]string{"before": before,
		"after": after}})
	return byHand(http.StatusOK, string(body))
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
		if got, err := turn(none); got != nil || fmt.Sprint(err) != "organizations.list: the context is nil" || n != 3 {
			t.Errorf("without a context: got %v, %v after %d requests", got, err, n)
		}
	}
}

// TestIterationVisitsEachPageOnce goes through lists of no, one, two and three pages, both ways.
func TestIterationVisitsEachPageOnce(t *testing.T) {
	for pages := 1; pages <= 3; pages++ {
		for _, size := range []int{0, 1, 3} {
			for _, backwards := range []bool{false, true} {
				n := 0
				c := newClient(t, testKey, client.WithHTTPClient(&http.Client{Transport: transportFunc(
					func(*http.Request) (*http.Response, error) {
						var numbers []int
						for i := range size {
							numbers = append(numbers, 10*n+i)
						}
						n++
						cursor := ""
						if n < pages {
							cursor = fmt.Sprint("c", n)
						}
						if backwards {
							return listed(cursor, "other", numbers...), nil
						}
						return listed("other", cursor, numbers...), nil
					})}))
				params, want := &gen.OrganizationsListParams{}, []string(nil)
				if backwards {
					params.Before = new("c0")
				}
				for page := range pages {
					for i := range size {
						if backwards {
							i = size - 1 - i
						}
						want = append(want, fmt.Sprint("org_", 10*page+i))
					}
				}
				var got []string
				for organization, err := range c.Organizations.All(t.Context(), params) {
					if err != nil {
						t.Fatal(err)
					}
					got = append(got, organization.ID)
				}
				if !slices.Equal(got, want) || n != pages {
					t.Errorf("%d pages of %d, backwards %t: got %q from %d, want %q", pages, size, backwards, got, n, want)
				}
				for stop := range got { // each entry may be the last one that is wanted
					n = 0
					seen := 0
					for range c.Organizations.All(t.Context(), params) {
						if seen++; seen > stop {
							break
						}
					}
					if seen != stop+1 || n != stop/size+1 {
						t.Errorf("break at %d of %d: got %d entries of %d pages", stop+1, len(got), seen, n)
					}
				}
			}
		}
	}
}

func TestIterationEndsWithOneError(t *testing.T) {
	for _, backwards := range []bool{false, true} {
		for failing := 1; failing <= 3; failing++ {
			n := 0
			c := newClient(t, testKey, once(), client.WithHTTPClient(&http.Client{Transport: transportFunc(
				func(*http.Request) (*http.Response, error) {
					if n++; n == failing {
						return nil, errors.New("down")
					}
					cursor := fmt.Sprint("c", n, "\n!")
					return listed(cursor, cursor, n), nil
				})}))
			params, place := &gen.OrganizationsListParams{}, "after"
			if backwards {
				params.Before, place = new("c0"), "before"
			}
			want := `organizations.list: Get "https://api.workos.com/organizations": down`
			if failing > 1 {
				want = fmt.Sprintf("page %s c%d !: %s", place, failing-1, want)
			}
			var errs []error
			entries := 0
			for organization, err := range c.Organizations.All(t.Context(), params) {
				if err == nil {
					entries++
				} else if errs = append(errs, err); organization.ID != "" {
					t.Errorf("an entry beside an error: %v", organization)
				}
			}
			if len(errs) != 1 || fmt.Sprint(errs[0]) != want || entries != failing-1 || n != failing {
				t.Errorf("got %d entries and %v, want %d and %s", entries, errs, failing-1, want)
				continue
			}
			var page *client.PageError
			var transport *client.TransportError
			if errors.As(errs[0], &page) != (failing > 1) || !errors.As(errs[0], &transport) {
				t.Errorf("got %T, want the error of the call, and of a page after the first", errs[0])
			}
			cursor := fmt.Sprint("c", failing-1, "\n!")
			if page != nil && (backwards && (page.Before != cursor || page.After != "") ||
				!backwards && (page.After != cursor || page.Before != "")) {
				t.Errorf("got %+v, want the cursor %q", page, cursor)
			}
		}
	}
}

func TestCursorThatComesBackEndsTheIteration(t *testing.T) {
	for _, tt := range []struct {
		from    string
		cursors []string
		want    int // requests
	}{
		{"c0", []string{"c0"}, 1}, {"c0", []string{"c1", "c0"}, 2}, {"c0", []string{"c1", "c1"}, 2},
		{"c0", []string{"c1", "c2", "c1"}, 3}, {"c0", []string{"c1", "c2", "c3", "c4", ""}, 5},
	} {
		for _, backwards := range []bool{false, true} {
			n := 0
			c := newClient(t, testKey, client.WithHTTPClient(&http.Client{Transport: transportFunc(
				func(*http.Request) (*http.Response, error) {
					cursor := tt.cursors[min(n, len(tt.cursors)-1)]
					if n++; n > 9 {
						return nil, errors.New("too many")
					}
					if backwards {
						return listed(cursor, "x", n), nil
					}
					return listed("x", cursor, n), nil
				})}), once())
			params := &gen.OrganizationsListParams{After: &tt.from}
			if backwards {
				params = &gen.OrganizationsListParams{Before: &tt.from}
			}
			var last error
			for _, err := range c.Organizations.All(t.Context(), params) {
				last = err
			}
			if again := tt.cursors[len(tt.cursors)-1] != ""; errors.Is(last, client.ErrRepeatedCursor) != again ||
				n != tt.want ||
				!again && last != nil {
				t.Errorf("%q, backwards %t: got %v after %d requests, want %d", tt.cursors, backwards, last, n, tt.want)
			}
		}
	}
}

func TestBeforeAndAfterTogetherAreRefused(t *testing.T) {
	for name, params := range map[string]*gen.OrganizationsListParams{
		"neither": nil, "before": {Before: new("b")}, "after": {After: new("a")}, "both": {Before: new("b"), After: new("a")},
		"before, and after empty": {Before: new("b"), After: new("")}, "both empty": {Before: new(""), After: new("")},
	} {
		w := newWire(answerJSON(http.StatusOK, `{"data":[]}`))
		_, err := newClient(t, testKey, w.option()).Organizations.List(t.Context(), params)
		want := "organizations.list: before and after are given; a page is on one side of one of them"
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
		`{}`:                "the list has no data",
		`null`:              "the list has no data",
		`{"data":null}`:     "the list has no data",
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
