package sandbox_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

// TestEachPageIsCutAtItsLimits takes each limit around the number of entries, each cursor and both orders, and compares
// with what slicing the whole list gives.
func TestEachPageIsCutAtItsLimits(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	var ids []string
	for i := range 5 {
		ids = append(ids, create(t, sb, "/organizations", fields{"name": strconv.Itoa(i)}))
	}
	for _, order := range []string{"", "asc", "desc", "normal"} {
		all := slices.Clone(ids)
		if order != "asc" {
			slices.Reverse(all)
		}
		for _, limit := range []int{0, 1, 2, 4, 5, 6} {
			query := "/organizations?"
			if order != "" {
				query += "order=" + order + "&"
			}
			size := 10
			if limit > 0 {
				query += "limit=" + strconv.Itoa(limit) + "&"
				size = limit
			}
			wantPage(t, sb, query, all, 0, min(size, 5))
			for i, id := range all {
				wantPage(t, sb, query+"after="+id, all, i+1, min(i+1+size, 5))
				wantPage(t, sb, query+"before="+id, all, max(0, i-size), i)
			}
		}
	}
}

// wantPage wants the part of all from low to high, and the cursors of its neighbours.
func wantPage(t *testing.T, sb *sandbox.Sandbox, target string, all []string, low, high int) {
	t.Helper()
	page := get(t, sb, target)
	if got := pageIDs(page); !slices.Equal(got, all[low:high]) {
		t.Errorf("%s: got %v, want %v", target, got, all[low:high])
	}
	var before, after any
	if low < high && low > 0 {
		before = all[low]
	}
	if low < high && high < len(all) {
		after = all[high-1]
	}
	want := jsonText(t, fields{"before": before, "after": after})
	if got := jsonText(t, page["list_metadata"]); got != want {
		t.Errorf("%s: got list_metadata %s, want %s", target, got, want)
	}
}

func TestPageHasTenEntriesUnlessToldOtherwise(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	for i := range 101 {
		create(t, sb, "/organizations", fields{"name": strconv.Itoa(i)})
	}
	for query, want := range map[string]int{
		"": 10, "?limit=9": 9, "?limit=10": 10, "?limit=11": 11, "?limit=99": 99, "?limit=100": 100, "?limit=1e1": 10,
		"?limit=2.0": 2,
	} {
		if got := len(pageIDs(get(t, sb, "/organizations"+query))); got != want {
			t.Errorf("%s: got %d entries, want %d", query, got, want)
		}
	}
	for query, code := range map[string]string{
		"?limit=0": "invalid_value", "?limit=-1": "invalid_value", "?limit=101": "invalid_value",
		"?limit=1.5": "invalid_type",
		"?limit=":    "invalid_type", "?limit=1&limit=x": "invalid_type",
	} {
		a := refused(t, sb, http.StatusUnprocessableEntity, "GET", "/organizations"+query, nil)
		wantFields(t, a.json, fields{"errors": []fields{{"field": "limit", "code": code}}})
	}
}

// TestUnknownCursorsAreRefused takes for a cursor what no page was given for.
func TestUnknownCursorsAreRefused(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	create(t, sb, "/organizations", fields{"name": "Acme"})
	user := create(t, sb, "/user_management/users", fields{"email": "ada@example.com"})
	for _, cursor := range []string{"before", "after"} {
		for _, id := range []string{"", "org_none", user} {
			a := refused(t, sb, http.StatusUnprocessableEntity, "GET", "/organizations?"+cursor+"="+id, nil)
			wantFields(t, a.json, fields{"errors": []fields{{"field": cursor, "code": "invalid_value"}}})
			if a.json["data"] != nil {
				t.Errorf("%s=%s: got %s, want no page", cursor, id, a.text)
			}
		}
	}
}

// TestCursorsOutliveEachThing deletes the first, a middle and the last entry, and goes on from it in both directions.
func TestCursorsOutliveEachThing(t *testing.T) {
	t.Parallel()
	for gone := range 4 {
		sb := sandbox.New(sandbox.WithExamples())
		var ids []string
		for i := range 4 {
			ids = append(ids, create(t, sb, "/organizations", fields{"name": strconv.Itoa(i)}))
		}
		must(t, sb, http.StatusAccepted, "DELETE", "/organizations/"+ids[gone], nil)
		older, newer := slices.Clone(ids[:gone]), slices.Clone(ids[gone+1:])
		wantIDs(t, get(t, sb, "/organizations?order=asc&after="+ids[gone]), newer...)
		wantIDs(t, get(t, sb, "/organizations?order=asc&before="+ids[gone]), older...)
		slices.Reverse(older)
		slices.Reverse(newer)
		wantIDs(t, get(t, sb, "/organizations?after="+ids[gone]), older...)
		wantIDs(t, get(t, sb, "/organizations?before="+ids[gone]), newer...)
	}
}

// TestPagesOfFilteredListsHaveTheirOwnCursors filters a list so that entries between the cursors fall out.
func TestPagesOfFilteredListsHaveTheirOwnCursors(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	var even []string
	for i := range 8 {
		id := create(t, sb, "/organizations", fields{"name": []string{"even", "odd"}[i%2]})
		if i%2 == 0 {
			even = append(even, id)
		}
	}
	query := "/organizations?order=asc&limit=2&search=even"
	wantPage(t, sb, query, even, 0, 2)
	wantPage(t, sb, query+"&after="+even[1], even, 2, 4)
	wantPage(t, sb, query+"&before="+even[3], even, 1, 3)
}

// TestExamplesAreMadeOnce lists what no operation makes below several parents.
func TestExamplesAreMadeOnce(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	seen := map[string]bool{}
	for i := range 3 {
		user := create(t, sb, "/user_management/users", fields{"email": fmt.Sprintf("u%d@example.com", i)})
		for _, collection := range []string{"/sessions", "/authorized_applications"} {
			path := "/user_management/users/" + user + collection
			ids := pageIDs(get(t, sb, path))
			if len(ids) != 1 || seen[ids[0]] {
				t.Fatalf("%s: got %v, want one of its own", path, ids)
			}
			seen[ids[0]] = true
			wantIDs(t, get(t, sb, path), ids...)
		}
	}
	for _, path := range []string{"/connections", "/directories", "/feature-flags"} {
		ids := pageIDs(get(t, sb, path))
		wantIDs(t, get(t, sb, path), ids...)
		wantIDs(t, get(t, sandbox.New(sandbox.WithExamples()), path), ids...)
		if len(ids) != 1 {
			t.Errorf("%s: got %v, want one example", path, ids)
		}
	}
}
