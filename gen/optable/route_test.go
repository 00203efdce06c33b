package optable_test

import (
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
)

func TestRouterMatchesOnePath(t *testing.T) {
	t.Parallel()
	router := optable.NewRouter([]optable.Route{
		{ID: "root", Method: "GET", Path: "/"},
		{ID: "list", Method: "GET", Path: "/teas"},
		{ID: "create", Method: "POST", Path: "/teas"},
		{ID: "search", Method: "GET", Path: "/teas/search"},
		{ID: "get", Method: "GET", Path: "/teas/{id}"},
		{ID: "delete", Method: "DELETE", Path: "/teas/{id}"},
		{ID: "leaves", Method: "GET", Path: "/teas/{tea_id}/leaves"},
		{ID: "leaf", Method: "GET", Path: "/teas/{id}/leaves/{leaf}"},
		{ID: "search.one", Method: "GET", Path: "/teas/search/{id}/one"},
		{ID: "any.two", Method: "GET", Path: "/teas/{id}/x/two"},
		{ID: "slash", Method: "GET", Path: "/cups/"},
	})
	for _, c := range []struct{ method, path, want string }{
		{"GET", "/", "root"},
		{"GET", "", "root"},
		{"GET", "/teas", "list"},
		{"GET", "teas", "list"},
		{"POST", "/teas", "create"},
		{"PUT", "/teas", ""},
		{"get", "/teas", ""},
		{"GET", "/teas/1", "get"},
		{"GET", "/teas/search", "search"},
		{"DELETE", "/teas/search", "delete"}, // the literal has no such method
		{"GET", "/teas/search/leaves", "leaves"},
		{"GET", "/teas/search/x/one", "search.one"},
		{"GET", "/teas/search/x/two", "any.two"}, // back from the literal
		{"GET", "/teas/1/leaves/2", "leaf"},
		{"GET", "/teas/a%2Fb", "get"},
		{"GET", "/teas/a%2Fb/leaves", "leaves"},
		{"GET", "/teas/..", "get"}, // segments are not interpreted
		{"GET", "/teas/", ""},
		{"GET", "/teas//leaves", ""},
		{"GET", "//teas", ""},
		{"GET", "/teas/1/", ""},
		{"GET", "/teas/1/leaves/", ""},
		{"GET", "/teas/1/leaves/2/3", ""},
		{"GET", "/Teas", ""},
		{"GET", "/tea", ""},
		{"GET", "/cups/", "slash"},
		{"GET", "/cups", ""},
		{"GET", "/teas/{id}", "get"},
	} {
		got := ""
		if route := router.Match(c.method, c.path); route != nil {
			got = route.ID
		}
		if got != c.want {
			t.Errorf("%s %s: got %q, want %q", c.method, c.path, got, c.want)
		}
	}
}

func TestARouterOfNothingMatchesNothing(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"", "/", "/a", "//"} {
		if got := optable.NewRouter(nil).Match("GET", path); got != nil {
			t.Errorf("%q: got %v, want none", path, got)
		}
	}
}

func FuzzRouterMatch(f *testing.F) {
	router := optable.NewRouter([]optable.Route{
		{ID: "a", Method: "GET", Path: "/a/{x}"}, {ID: "b", Method: "GET", Path: "/a/b/{x}/c"},
		{ID: "c", Method: "GET", Path: "/{x}/{y}/{z}/d"},
	})
	for _, path := range []string{"/a/1", "/a/b/1/c", "/a/b/1/d", "//", "/a//"} {
		f.Add(path)
	}
	segments := map[string]int{"a": 2, "b": 4, "c": 4}
	f.Fuzz(func(t *testing.T, path string) {
		route := router.Match("GET", path)
		if route == nil {
			return
		}
		if got := count(path); got != segments[route.ID] {
			t.Errorf("%q: got route %s of %d segments for %d", path, route.ID, segments[route.ID], got)
		}
	})
}

func count(path string) int {
	n, inside := 0, false
	for i := range len(path) {
		switch {
		case path[i] == '/':
			inside = false
		case !inside:
			n, inside = n+1, true
		}
	}
	return n
}
