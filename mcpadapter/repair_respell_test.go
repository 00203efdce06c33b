package mcpadapter_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

func TestAnIDIsAcceptedUnderItsOtherSpellings(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	for _, c := range []struct{ tool, arguments, want, renamed string }{
		{"getTea", `{"teaId":"tea_1"}`, "/teas/tea_1", "[{teaId tea_id}]"},
		{"getTea", `{"TEA_ID":"tea_1"}`, "/teas/tea_1", "[{TEA_ID tea_id}]"},
		{"getTea", `{"id":"tea_1"}`, "/teas/tea_1", "[{id tea_id}]"},
		{"getTea", `{"id":"another form"}`, "/teas/another%20form", "[{id tea_id}]"},
		{"getTea", `{"tea-id":"tea_1"}`, "/teas/tea_1", "[{tea-id tea_id}]"},
		{"teas.list", `{"maxPrice":"5"}`, "/teas?max_price=5", "[{maxPrice max_price}]"},
		{"orders.get", `{"id":"7"}`, "/orders/7", "[{id order_id}]"},
		{"getTea", `{"tea_id":"tea_1"}`, "/teas/tea_1", "[]"},
	} {
		r := shoptest.Invoke(t, a, c.tool, c.arguments)
		sent := wire.Seen()
		if len(sent) != 1 || sent[0].URI != c.want || fmt.Sprint(r.Renamed) != c.renamed {
			t.Errorf("%s %s: got %v sent, %v renamed and %s, want %s and %s",
				c.tool, c.arguments, sent, r.Renamed, r.Text(), c.want, c.renamed)
		}
	}
}

// What may mean something else is refused, and nothing is sent.
func TestOtherNamesAreNotGuessed(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	for _, c := range []struct{ tool, arguments, want string }{
		{"getTea", `{"tea_id":"tea_1","id":"tea_2"}`, "id: is unknown"},
		{"getTea", `{"tea_id":"tea_1","teaId":"tea_1"}`, "teaId: is unknown"},
		{"getTea", `{"order_id":"tea_1"}`, "order_id: is unknown (did you mean tea_id?)"},
		{"getTea", `{"tea":"tea_1"}`, "tea: is unknown (did you mean tea_id?)"},
		{"teas.list", `{"tea_id":"tea_1"}`, "tea_id: is unknown; expected country"},
		{"days.get", `{"id":"1"}`, "id: is unknown"},
	} {
		wantInvalidPart(t, c.tool+" "+c.arguments, shoptest.Invoke(t, a, c.tool, c.arguments), wire, c.want)
	}
	var many strings.Builder
	for i := range 30 {
		fmt.Fprintf(&many, `,"id_%d":1`, i)
	}
	r := shoptest.Invoke(t, a, "getTea", `{"id":"tea_1"`+many.String()+`}`)
	if wantInvalidPart(t, "many", r, wire, "is unknown"); len(r.Renamed) != 0 {
		t.Errorf("got %v renamed of too many", r.Renamed)
	}
}

// wantInvalidPart checks that a call was refused with a text that has a part, and that nothing was sent.
func wantInvalidPart(t *testing.T, what string, r mcpadapter.Result, wire *shoptest.Server, part string) {
	t.Helper()
	shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
	shoptest.WantParts(t, what, r.Text(), part)
	if sent := wire.Seen(); len(sent) > 0 {
		t.Errorf("%s: got %v, want nothing sent", what, sent)
	}
}

func TestABodyThatCameAsOneArgumentIsUnpacked(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	for _, c := range []struct{ tool, arguments, body, renamed string }{
		{"shelves.label", `{"shelf":"a","body":{"shelf":"b","text":"t"}}`, `{"shelf":"b","text":"t"}`, "[{body label_shelf, text}]"},
		{"shelves.label", `{"shelf":"a","label_shelf":"b","text":"t"}`, `{"shelf":"b","text":"t"}`, "[]"},
	} {
		r := shoptest.Invoke(t, a, c.tool, c.arguments)
		sent := wire.Seen()
		if len(sent) != 1 || sent[0].URI != "/shelves/a/labels" || sent[0].Body != c.body || fmt.Sprint(r.Renamed) != c.renamed {
			t.Errorf("%s: got %v, %v and %s", c.arguments, sent, r.Renamed, r.Text())
		}
	}
	for _, arguments := range []string{
		`{"shelf":"a","text":"t","body":{"shelf":"b","text":"t"}}`, `{"shelf":"a","body":{"shelf":"b","txt":"t"}}`,
		`{"shelf":"a","body":{}}`, `{"shelf":"a","body":"t"}`,
	} {
		wantInvalidPart(t, arguments, shoptest.Invoke(t, a, "shelves.label", arguments), wire, "body: is unknown")
	}
}

// A model that misspells another argument must not be led to one that only gets it a part of a list.
func TestHintsProposePagingAndShapingForASlipAlone(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil, mcpadapter.WithShapingArguments())
	for name, want := range map[string]string{
		"limt": "limit", "limits": "limit", "aftr": "after", "befor": "before", "field": "fields", "formt": "format",
		"all_page": "all_pages", "allPages": "all_pages", "all-pages": "all_pages",
	} {
		r := shoptest.Invoke(t, a, "orders.list", `{"`+name+`":1}`)
		wantInvalidPart(t, name, r, wire, name+": is unknown (did you mean "+want+"?)")
	}
	for _, name := range []string{"page_size", "cursor", "created_after", "limit_to", "q", "jqs"} {
		r := shoptest.Invoke(t, a, "orders.list", `{"`+name+`":1}`)
		wantInvalidPart(t, name, r, wire, name+": is unknown; expected only arguments for paging: after, before, limit")
		r = shoptest.Invoke(t, a, "teas.list", `{"`+name+`":1}`)
		wantInvalidPart(t, name, r, wire, name+": is unknown; expected country, region")
		wantInvalidPart(t, name, r, wire, ", or for paging limit")
	}
}

// idClient has operations on things with IDs of two kinds.
type idClient struct{ sent []string }

func (c *idClient) get(path string) (*http.Response, error) {
	c.sent = append(c.sent, path)
	body := io.NopCloser(strings.NewReader(`{}`))
	return &http.Response{StatusCode: http.StatusOK, Body: body, Header: http.Header{"Content-Type": {"application/json"}}}, nil
}

// UsersGet gets a user.
func (c *idClient) UsersGet(_ context.Context, id string) (*http.Response, error) {
	return c.get("/users/" + id)
}

// OrgsUsersGet gets a user of an organization.
func (c *idClient) OrgsUsersGet(_ context.Context, org, user string) (*http.Response, error) {
	return c.get("/orgs/" + org + "/users/" + user)
}

func idTools(t *testing.T) (*mcpadapter.Adapter, *idClient) {
	t.Helper()
	id := func(name, prefix string) optable.Parameter {
		return optable.Parameter{
			Name: name, In: optable.InPath, Required: true,
			Schema: &optable.Schema{Types: optable.String, IDPrefixes: []string{prefix}},
		}
	}
	client := &idClient{}
	a, err := mcpadapter.New(client, &optable.Table{
		Operations: []optable.Operation{
			{ID: "users_get", Method: http.MethodGet, Path: "/users/{id}", Parameters: []optable.Parameter{id("id", "user_")}},
			{
				ID: "orgs_users_get", Method: http.MethodGet, Path: "/orgs/{org_id}/users/{user_id}",
				Parameters: []optable.Parameter{id("org_id", "org_"), id("user_id", "user_")},
			},
		},
		Schemas:  []optable.Schema{{Name: "Domain", IDPrefixes: []string{"org_domain_"}}},
		Synonyms: []optable.Synonym{{Term: "customer", Means: []string{"org"}}, {Term: "person", Means: []string{"user"}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return a, client
}

func TestIDsAreKnownByNounsAndPrefixes(t *testing.T) {
	t.Parallel()
	a, client := idTools(t)
	for _, c := range []struct{ tool, arguments, want string }{
		{"users_get", `{"userId":"user_1"}`, "/users/user_1"},
		{"users_get", `{"user_id":"legacy"}`, "/users/legacy"},
		{"users_get", `{"person_id":"user_1"}`, "/users/user_1"},
		{"users_get", `{"person_id":"1"}`, ""}, // a synonym without a prefix
		{"users_get", `{"org_id":"user_1"}`, ""},
		{"users_get", `{"user_id":"org_1"}`, ""},
		{"orgs_users_get", `{"customerId":"org_1","person_id":"user_1"}`, "/orgs/org_1/users/user_1"},
		{"orgs_users_get", `{"org_id":"org_1","id":"user_1"}`, "/orgs/org_1/users/user_1"},
		{"orgs_users_get", `{"id":"1"}`, ""}, // of either
	} {
		r := shoptest.Invoke(t, a, c.tool, c.arguments)
		if got := strings.Join(client.sent, " "); got != c.want || (r.Failure == nil) != (c.want != "") {
			t.Errorf("%s %s: got %q and %s, want %q", c.tool, c.arguments, got, r.Text(), c.want)
		}
		client.sent = nil
	}
}

func TestAnIDOfAWrongKindIsRefused(t *testing.T) {
	t.Parallel()
	a, client := idTools(t)
	for _, c := range []struct{ tool, arguments, want string }{
		{"users_get", `{"id":"org_1"}`, "id: expected an ID that begins with user_, got one that begins with org_"},
		{"users_get", `{"id":"org_domain_1"}`, "got one that begins with org_domain_"},
		{"orgs_users_get", `{"org_id":"org_domain_1","user_id":"user_1"}`, "org_id: expected an ID that begins with org_, got"},
		{"orgs_users_get", `{"user":"user_1","org_id":"org_1"}`, "user: is unknown (did you mean user_id?)"},
	} {
		r := shoptest.Invoke(t, a, c.tool, c.arguments)
		shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
		shoptest.WantParts(t, c.arguments, r.Text(), c.want)
	}
	if len(client.sent) > 0 {
		t.Errorf("got %q, want nothing sent", client.sent)
	}
	for _, id := range []string{"user_1", "1", "org_", "usr_1", "org_ x"} { // of that kind, or of none that is known
		if r := shoptest.Invoke(t, a, "users_get", `{"id":"`+id+`"}`); r.Failure != nil {
			t.Errorf("%q: got %s, want it sent", id, r.Text())
		}
	}
	if want := []string{"/users/user_1", "/users/1", "/users/org_", "/users/usr_1", "/users/org_ x"}; !slices.Equal(client.sent, want) {
		t.Errorf("got %q, want %q", client.sent, want)
	}
}
