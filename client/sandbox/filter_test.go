package sandbox_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// zoo is an API of cats, whose list has the parameters given.
func zoo(params ...string) *sandbox.Sandbox {
	str := optable.Schema{Types: optable.String | optable.Null}
	timestamp := optable.Schema{Types: optable.String, Format: "date-time"}
	cat := optable.Schema{Name: "Cat", Types: optable.Object, Properties: []optable.Property{
		{Name: "object", Required: true, Schema: &optable.Schema{Const: `"cat"`}},
		{Name: "id", Required: true, Schema: &optable.Schema{Types: optable.String}},
	}}
	for _, name := range []string{
		"name", "slug", "email", "domain", "status", "colour", "box", "directory_id", "external_id",
	} {
		cat.Properties = append(cat.Properties, optable.Property{Name: name, Schema: &str})
	}
	for _, name := range []string{"created_at", "updated_at"} {
		cat.Properties = append(cat.Properties, optable.Property{Name: name, Required: true, Schema: &timestamp})
	}
	part := object("id", optable.Schema{Types: optable.String}, "slug", optable.Schema{Types: optable.String})
	domain := object("domain", optable.Schema{Types: optable.String})
	cat.Properties = append(cat.Properties,
		optable.Property{Name: "age", Schema: &optable.Schema{Types: optable.Integer}},
		optable.Property{Name: "role", Schema: &part},
		optable.Property{Name: "groups", Schema: &optable.Schema{Types: optable.Array, Items: &part}},
		optable.Property{Name: "domains", Schema: &optable.Schema{Types: optable.Array, Items: &domain}},
		optable.Property{Name: "toys", Schema: &optable.Schema{Types: optable.Array, Items: &str}},
	)
	list := object("data", optable.Schema{Types: optable.Array, Items: &optable.Schema{Ref: "Cat"}})
	ops := []optable.Operation{
		{ID: "cats.list", Method: http.MethodGet, Path: "/cats", Responses: []optable.Response{{Status: 200, Schema: &list}}},
		{
			ID: "cats.create", Method: http.MethodPost, Path: "/cats",
			Body:      &optable.Body{Schema: &optable.Schema{Types: optable.Object, Additional: &optable.Schema{}}},
			Responses: []optable.Response{{Status: 201, Schema: &optable.Schema{Ref: "Cat"}}},
		},
	}
	for _, name := range params {
		ops[0].Parameters = append(ops[0].Parameters, optable.Parameter{
			Name: name, In: optable.InQuery, Filter: zooFilters[name],
			Schema: &optable.Schema{Types: optable.Array, Items: &optable.Schema{Types: optable.String}},
		})
	}
	ops[0].Parameters = append(ops[0].Parameters, optable.Parameter{Name: "name", In: optable.InHeader})
	var routes []optable.Route
	for _, op := range ops {
		routes = append(routes, optable.Route{ID: op.ID, Method: op.Method, Path: op.Path})
	}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	return sandbox.NewOf(&optable.Table{Operations: ops, Schemas: []optable.Schema{cat}}, routes,
		sandbox.WithClock(func() time.Time { return now }))
}

// zooFilters are those of the parameters that are not named like a property of cats.
var zooFilters = map[string]*optable.Filter{
	"boxes": {By: []string{"box"}}, "colours": {By: []string{"colour"}}, "directory": {By: []string{"directory_id"}},
	"cat_external_id": {By: []string{"external_id"}}, "role": {By: []string{"role.id"}},
	"role_slug": {By: []string{"role.slug"}}, "group": {By: []string{"groups.id"}}, "groups": {By: []string{"groups.id"}},
	"group_slug": {By: []string{"groups.slug"}}, "domains": {By: []string{"domains.domain"}}, "owner_id": {},
	"statuses":     {By: []string{"status"}, Absent: []string{"active"}},
	"search":       {By: []string{"name", "slug", "email", "domain", "domains.domain"}, Match: "contains"},
	"range_start":  {By: []string{"created_at"}, Match: "after"},
	"range_end":    {By: []string{"created_at"}, Match: "before"},
	"updatedAfter": {By: []string{"updated_at"}, Match: "after"},
}

// wantCats wants the list to have the cats whose slugs are those, in the order of creation.
func wantCats(t *testing.T, sb *sandbox.Sandbox, query, want string) {
	t.Helper()
	var got []string
	for _, cat := range list(get(t, sb, "/cats"+query)["data"]) {
		got = append(got, str(obj(cat)["slug"]))
	}
	if strings.Join(got, " ") != want {
		t.Errorf("/cats%s: got %q, want %q", query, strings.Join(got, " "), want)
	}
}

func TestEachFilterFindsItsField(t *testing.T) {
	t.Parallel()
	sb := zoo("name", "colours", "colour", "boxes", "age", "directory", "directory_id", "cat_external_id", "role",
		"role_slug",
		"group", "groups", "group_slug", "domains", "toys", "owner_id", "limit", "before_noon")
	for _, cat := range []fields{
		{
			"slug": "a", "name": "Tom", "colour": "red", "box": "b1", "age": 1, "directory_id": "d1", "external_id": "e1",
			"role": fields{"id": "r1", "slug": "king"}, "groups": []fields{{"id": "g1", "slug": "x"}, {"id": "g2", "slug": "y"}},
			"domains": []fields{{"domain": "a.com"}, {"domain": "b.com"}},
		},
		{
			"slug": "b", "name": "Tim", "colour": "blue", "box": "b2", "age": 2, "directory_id": "d2", "external_id": "e2",
			"role": fields{"id": "r2", "slug": "pawn"}, "groups": []fields{{"id": "g2", "slug": "y"}},
			"domains": []fields{{"domain": "b.com"}},
		},
		{
			"slug": "c", "colour": nil, "box": nil, "directory_id": nil, "external_id": nil, "groups": []fields{},
			"role": fields{"id": "r3", "slug": "none"}, "toys": []string{"ball"},
		},
	} {
		create(t, sb, "/cats", cat)
	}
	for query, want := range map[string]string{
		"": "a b c", "?name=Tom": "a", "?name=Tim": "b", "?name=tom": "", "?name=Tom,Tim": "a b", "?name=Tim&name=Tom": "a b",
		"?name=To": "", "?name=x,Tom": "a", "?name=Tom&colour=blue": "", "?name=Tom&colour=red": "a",
		"?colours=red": "a", "?colour=blue": "b", "?colour=green": "", "?colour=": "c", "?boxes=b1": "a", "?boxes=b2,b3": "b",
		"?age=1": "a", "?age=2": "b", "?age=3": "", "?directory=d1": "a", "?directory_id=d2": "b", "?directory=1": "",
		"?cat_external_id=e1": "a", "?cat_external_id=e3": "",
		"?role=r1": "a", "?role=king": "", "?role_slug=king": "a", "?role_slug=pawn,king": "a b", "?role_slug=r1": "",
		"?group=g1": "a", "?group=g2": "a b", "?groups=g2": "a b", "?groups=g3": "", "?group_slug=x": "a",
		"?group_slug=y":  "a b",
		"?domains=a.com": "a", "?domains=b.com": "a b", "?domains=c.com": "",
		"?owner_id=nobody": "a b c", "?limit=1": "a", "?limit=2": "a b", "?unknown=x": "a b c",
		"?before_noon=x": "a b c", "?toys=ball": "c",
	} {
		wantCats(t, sb, query, want)
	}
}

func TestNewestComeFirstWhereThereIsAnOrder(t *testing.T) {
	t.Parallel()
	for _, params := range [][]string{{"order"}, nil} {
		sb := zoo(params...)
		for _, slug := range []string{"a", "b", "c"} {
			create(t, sb, "/cats", fields{"slug": slug})
		}
		for query, want := range map[string]string{
			"": "c b a", "?order=desc": "c b a", "?order=normal": "c b a", "?order=": "c b a", "?order=asc": "a b c",
		} {
			if params == nil {
				want = "a b c"
			}
			wantCats(t, sb, query, want)
		}
	}
}

// TestStatusesAreActiveUnlessAskedFor has a filter with a default.
func TestStatusesAreActiveUnlessAskedFor(t *testing.T) {
	t.Parallel()
	sb := zoo("statuses", "status")
	create(t, sb, "/cats", fields{"slug": "a", "status": "active"})
	create(t, sb, "/cats", fields{"slug": "b", "status": "asleep"})
	for query, want := range map[string]string{
		"": "a", "?statuses=active": "a", "?statuses=asleep": "b", "?statuses=asleep,active": "a b", "?statuses=none": "",
		"?status=asleep": "", "?status=active": "a", "?status=asleep&statuses=asleep": "b",
	} {
		wantCats(t, sb, query, want)
	}
}

func TestSearchLooksIntoNamesAlone(t *testing.T) {
	t.Parallel()
	sb := zoo("search")
	for _, cat := range []fields{
		{"slug": "a", "name": "Tom Cat"}, {"slug": "xyz"}, {"slug": "c", "email": "Tom@Example.com"},
		{"slug": "d", "domain": "Sofa.org"}, {"slug": "e", "domains": []fields{{"domain": "one.net"}, {"domain": "TWO.net"}}},
		{"slug": "f", "colour": "tomato"},
	} {
		create(t, sb, "/cats", cat)
	}
	for search, want := range map[string]string{
		"Tom": "a c", "tOM": "a c", "mc": "", "m%20c": "a", "Y": "xyz", "example": "c", "SOFA": "d", "one": "e", "two": "e",
		".net": "e", "net.": "", "tomato": "", "%20": "a", "": "a xyz c d e f",
	} {
		wantCats(t, sb, "?search="+search, want)
	}
}

// TestTimesAreLimitsThatDoNotCount asks for what was made at, a millisecond before and after midnight.
func TestTimesAreLimitsThatDoNotCount(t *testing.T) {
	t.Parallel()
	const before, at, after = "2025-12-31T23:59:59.999Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00.001Z"
	const there = "2026-01-01T01:00:00%2B01:00" // midnight, in another zone
	sb := zoo("range_start", "range_end", "updatedAfter")
	create(t, sb, "/cats", fields{"slug": "a", "created_at": at, "updated_at": at})
	for param, want := range map[string][]string{
		"range_start": {before}, "updatedAfter": {before}, "range_end": {after},
	} {
		for _, limit := range []string{before, at, there, after} {
			found := ""
			if slices.Contains(want, limit) {
				found = "a"
			}
			wantCats(t, sb, "?"+param+"="+limit, found)
		}
	}
	create(t, sb, "/cats", fields{"slug": "b", "created_at": before, "updated_at": after})
	for query, want := range map[string]string{
		"?range_start=" + before: "a", "?range_end=" + at: "b", "?updatedAfter=" + at: "b", "?updatedAfter=" + after: "",
		"?range_start=" + before + "&range_end=" + after: "a",
	} {
		wantCats(t, sb, query, want)
	}
}
