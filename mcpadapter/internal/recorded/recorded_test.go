package recorded_test

import (
	"cmp"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/annex"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/depot"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/kiosk"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/recorded"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
)

// refusing is an HTTP client that must not be used.
type refusing struct{ t *testing.T }

func (r refusing) Do(*http.Request) (*http.Response, error) {
	r.t.Error("a request was sent")
	return nil, http.ErrAbortHandler
}

// outline is what a client says of an operation: neither names of path parameters nor schemas.
type outline struct {
	method, path string
	parameters   []string
	body         string
}

var inBraces = regexp.MustCompile(`\{[;.]?([^}]*?)\*?\}`)

func outlines(table *optable.Table) []outline {
	var list []outline
	for i := range table.Operations {
		op := &table.Operations[i]
		o := outline{method: op.Method, path: inBraces.ReplaceAllString(op.Path, "{}")}
		for _, p := range op.Parameters {
			if p.In != optable.InPath {
				o.parameters = append(o.parameters, string(p.In)+" "+p.Name)
			}
		}
		slices.Sort(o.parameters)
		if op.Body != nil {
			o.body = op.Body.MediaType
		}
		list = append(list, o)
	}
	slices.SortFunc(list, func(a, b outline) int {
		return cmp.Or(cmp.Compare(a.path, b.path), cmp.Compare(a.method, b.method))
	})
	return list
}

func TestTheTableOfRequestsIsThatOfTheDescription(t *testing.T) {
	t.Parallel()
	unused := refusing{t}
	shopClient, err := shop.NewClient("https://tea.example/v1", shop.WithHTTPClient(unused))
	if err != nil {
		t.Fatal(err)
	}
	depotClient, err := depot.NewClientWithResponses("https://depot.example", depot.WithHTTPClient(unused))
	if err != nil {
		t.Fatal(err)
	}
	annexClient, err := annex.NewClientWithResponses("https://annex.example", annex.WithHTTPClient(unused))
	if err != nil {
		t.Fatal(err)
	}
	kioskClient, err := kiosk.NewClientWithResponses("https://kiosk.example", kiosk.WithHTTPClient(unused))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		client  any
		table   *optable.Table
		refused string            // operation with a parameter that the client cannot write
		differ  map[string]string // what no method says, by path
	}{
		"shop": {shopClient, &shop.Operations, "", nil},
		"depot": {depotClient, &depot.Operations, "", map[string]string{
			"/3GPPGates/{}/{}":    "/3GPPGates/.{}/;lane={}", // the style of a path parameter is in the values
			"/docks/{}/{}":        "/docks/.{}/{}",
			"multipart/form-data": "application/octet-stream", "application/xml": "application/octet-stream",
			"image/*": "application/octet-stream",
		}},
		"annex": {annexClient, &annex.Operations, "", map[string]string{
			"/lots/{}": "/lots/n,{}", // the style of a path parameter is in the values
		}},
		"kiosk": {kioskClient, &kiosk.Operations, "listShelves", nil},
	} {
		table, problems, err := recorded.Table(reflect.ValueOf(c.client))
		var refused []string
		for _, p := range problems {
			refused = append(refused, strings.ToLower(p.Method))
		}
		if err != nil || strings.Join(refused, " ") != strings.ReplaceAll(strings.ToLower(c.refused), ".", "") {
			t.Errorf("%s: got %v and %v, want every operation but %q", name, err, problems, c.refused)
			continue
		}
		written := *c.table
		written.Operations = slices.DeleteFunc(slices.Clone(written.Operations), func(op optable.Operation) bool {
			return op.ID == c.refused
		})
		got, want := outlines(table), outlines(&written)
		for i := range want {
			want[i].path = cmp.Or(c.differ[want[i].path], want[i].path)
			want[i].body = cmp.Or(c.differ[want[i].body], want[i].body)
		}
		if len(got) != len(want) {
			t.Errorf("%s: got %d operations, want %d", name, len(got), len(want))
			continue
		}
		for i := range want {
			if !reflect.DeepEqual(got[i], want[i]) {
				t.Errorf("%s:\ngot  %+v\nwant %+v", name, got[i], want[i])
			}
		}
	}
}

func TestOtherClientsAreRefused(t *testing.T) {
	t.Parallel()
	for _, client := range []any{
		struct{}{}, &struct{}{}, 7, &struct{ ClientInterface any }{}, &struct{ Server, Client, RequestEditors int }{},
		(*shop.Client)(nil),
	} {
		if table, _, err := recorded.Table(reflect.ValueOf(client)); table != nil || err == nil {
			t.Errorf("%T: got no error", client)
		}
	}
}
