package optable_test

import (
	"slices"
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

func TestAValueThatIsAFixedSegmentConflicts(t *testing.T) {
	t.Parallel()
	routes := []optable.Route{
		{ID: "metadata", Method: "GET", Path: "/things/{id}/metadata"},
		{ID: "by_name", Method: "GET", Path: "/things/name/{name}"},
		{ID: "set", Method: "PUT", Path: "/things/all/{name}"},
		{ID: "bin", Method: "GET", Path: "/shelves/{shelf}/rows/{row}"},
		{ID: "last", Method: "GET", Path: "/shelves/back/rows/7"},
		{ID: "twin", Method: "GET", Path: "/twins/{a}"}, {ID: "other twin", Method: "GET", Path: "/twins/{b}"},
	}
	router := optable.NewRouter(routes)
	for _, c := range []struct {
		route  int
		values map[string]string
		want   string // parameter and other route; " ": none
	}{
		{0, map[string]string{"id": "name"}, "id by_name"},
		{0, map[string]string{"id": "Name"}, " "},
		{0, map[string]string{"id": "all"}, " "}, // of another method
		{0, map[string]string{"id": "name/x"}, " "},
		{0, map[string]string{"id": ""}, " "},
		{1, map[string]string{"name": "metadata"}, " "}, // its own
		{3, map[string]string{"shelf": "back", "row": "7"}, "shelf last"},
		{3, map[string]string{"shelf": "back", "row": "8"}, " "},
		{3, map[string]string{"shelf": "front", "row": "7"}, " "},
		{6, map[string]string{"b": "x"}, " "},
	} {
		parameter, other := router.Conflict(&routes[c.route], func(name string) string { return c.values[name] })
		got := parameter + " "
		if other != nil {
			got += other.ID
		}
		if got != c.want {
			t.Errorf("%s with %v: got %q, want %q", routes[c.route].ID, c.values, got, c.want)
		}
	}
}

func TestReservedValuesConflictWhateverTheOthersAre(t *testing.T) {
	t.Parallel()
	routes := []optable.Route{
		{ID: "metadata", Method: "GET", Path: "/things/{id}/metadata"},
		{ID: "by_name", Method: "GET", Path: "/things/name/{name}"},
		{ID: "by_key", Method: "GET", Path: "/things/key/{key}"},
		{ID: "bin", Method: "GET", Path: "/shelves/{shelf}/rows/{row}"},
		{ID: "first", Method: "GET", Path: "/shelves/{shelf}/rows/first"},
		{ID: "back", Method: "GET", Path: "/shelves/back/rows/{row}"},
		{ID: "last", Method: "GET", Path: "/shelves/front/rows/7"}, // by two values together
	}
	router := optable.NewRouter(routes)
	want := [][][2]string{
		{{"id", "key"}, {"id", "name"}}, nil, nil, {{"shelf", "back"}, {"row", "first"}}, {{"shelf", "back"}}, nil, nil,
	}
	for i := range routes {
		if got := router.Reserved(&routes[i]); !slices.Equal(got, want[i]) {
			t.Errorf("%s: got %v, want %v", routes[i].ID, got, want[i])
		}
	}
}
