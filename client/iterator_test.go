package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

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

func TestIterationGoesOnAfterAFailure(t *testing.T) {
	down, w := true, newWire(nil)
	healthy := shelf(7)
	w.RegisterNoResponder(func(req *http.Request) (*http.Response, error) {
		if down && req.URL.Query().Get("after") == "org_6" {
			return respondJSON(http.StatusBadRequest, `{"message":"no"}`)(req)
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
			return respondJSON(http.StatusOK, fmt.Sprintf(`{"data":[%s],"list_metadata":{"before":"x","after":%q}}`,
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

func TestEmptyPagesEndTheIteration(t *testing.T) {
	each := func(n int) func(int) bool { return func(page int) bool { return page%n == 0 } }
	for _, tt := range []struct {
		name     string
		has      func(page int) bool // whether the page has an item
		pages    int                 // of which the last one has no cursor; 0: all have one
		requests int
		items    int
		want     error
	}{
		{"that never end", func(int) bool { return false }, 0, 100, 0, client.ErrNoProgress},
		{"that never end behind an item", func(page int) bool { return page == 1 }, 0, 101, 1, client.ErrNoProgress},
		{"as many as the limit", func(int) bool { return false }, 100, 100, 0, nil},
		{"between items", each(100), 300, 300, 3, nil},
		{"between items, too many", each(101), 0, 100, 0, client.ErrNoProgress},
	} {
		for _, backwards := range []bool{false, true} {
			requests := 0
			w := newWire(func(req *http.Request) (*http.Response, error) {
				if requests++; requests > 2000 {
					return nil, errors.New("too many")
				}
				items, cursor := "", fmt.Sprintf("org_%d", requests)
				if tt.has(requests) {
					items = anOrg
				}
				if requests == tt.pages {
					cursor = ""
				}
				return respondJSON(http.StatusOK, fmt.Sprintf(`{"data":[%s],"list_metadata":{"before":%[2]q,"after":%[2]q}}`,
					items, cursor))(req)
			})
			params := &gen.OrganizationsListParams{}
			if backwards {
				params.Before = new("org_0")
			}
			var last error
			items := 0
			for _, err := range newClient(t, testKey, w.option()).Organizations.All(t.Context(), params) {
				if last = err; err == nil {
					items++
				}
			}
			if !errors.Is(last, tt.want) || requests != tt.requests || items != tt.items {
				t.Errorf("%s, backwards %t: got %d items of %d requests and %v, want %d of %d and %v",
					tt.name, backwards, items, requests, last, tt.items, tt.requests, tt.want)
			}
			var failed *client.PageError
			from := fmt.Sprintf("org_%d", tt.requests)
			if tt.want != nil && (!errors.As(last, &failed) || failed.After+failed.Before != from) {
				t.Errorf("%s, backwards %t: got %v, want to continue from %s", tt.name, backwards, last, from)
			}
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
