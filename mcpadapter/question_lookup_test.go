package mcpadapter_test

import (
	"context"
	"encoding/json"
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

// club is a client of organizations, users and memberships that answers from a table and remembers what it was asked.
type club struct {
	answers map[string]string // JSON by path; without one 404
	sent    []string
}

func (c *club) do(method, path string) (*http.Response, error) {
	c.sent = append(c.sent, method+" "+path)
	body, status := c.answers[path], http.StatusOK
	if body == "" {
		body, status = `{"code":"not_found","message":"No such thing."}`, http.StatusNotFound
	}
	return &http.Response{
		StatusCode: status, Body: io.NopCloser(strings.NewReader(body)), Header: http.Header{"Content-Type": {"application/json"}},
	}, nil
}

// OrgsGet gets an organization.
func (c *club) OrgsGet(_ context.Context, id string) (*http.Response, error) {
	return c.do(http.MethodGet, "/orgs/"+id)
}

// OrgsDelete deletes an organization.
func (c *club) OrgsDelete(_ context.Context, id string) (*http.Response, error) {
	return c.do(http.MethodDelete, "/orgs/"+id)
}

// UsersGet gets a user.
func (c *club) UsersGet(_ context.Context, id string) (*http.Response, error) {
	return c.do(http.MethodGet, "/users/"+id)
}

// MembersGet gets a membership.
func (c *club) MembersGet(_ context.Context, id string) (*http.Response, error) {
	return c.do(http.MethodGet, "/members/"+id)
}

// MembersDelete deletes a membership.
func (c *club) MembersDelete(_ context.Context, id string) (*http.Response, error) {
	return c.do(http.MethodDelete, "/members/"+id)
}

// MembersListParams are its parameters.
type MembersListParams struct {
	Org   *string `form:"org"`
	After *string `form:"after"`
	Limit *int    `form:"limit"`
}

// MembersList lists the members of an organization.
func (c *club) MembersList(_ context.Context, p *MembersListParams) (*http.Response, error) {
	return c.do(http.MethodGet, fmt.Sprintf("/members?org=%s&limit=%d", *p.Org, *p.Limit))
}

// OrgsCreate makes an organization under its ID.
func (c *club) OrgsCreate(_ context.Context, id string) (*http.Response, error) {
	return c.do(http.MethodPost, "/orgs/"+id)
}

// MovesCreate moves a user to an organization.
func (c *club) MovesCreate(_ context.Context, org, user string) (*http.Response, error) {
	return c.do(http.MethodPost, "/orgs/"+org+"/moves/"+user)
}

func clubTable() *optable.Table {
	str := func(prefix ...string) *optable.Schema {
		return &optable.Schema{Types: optable.String, IDPrefixes: prefix}
	}
	path := func(name, prefix string) optable.Parameter {
		return optable.Parameter{Name: name, In: optable.InPath, Required: true, Schema: str(prefix)}
	}
	members := optable.Schema{Types: optable.Object, Properties: []optable.Property{
		{Name: "data", Schema: &optable.Schema{Types: optable.Array}},
		{Name: "list_metadata", Schema: &optable.Schema{Types: optable.Object, Properties: []optable.Property{
			{Name: "after", Schema: &optable.Schema{Types: optable.String | optable.Null}},
		}}},
	}}
	return &optable.Table{Operations: []optable.Operation{
		{ID: "orgs_get", Method: "GET", Path: "/orgs/{id}", Parameters: []optable.Parameter{path("id", "org_")}, Lookup: []string{"name"}},
		{
			ID: "orgs_delete", Method: "DELETE", Path: "/orgs/{id}", Parameters: []optable.Parameter{path("id", "org_")},
			GoesWith: []optable.Related{
				{Noun: "member", Operation: "members_list", Argument: "org", From: "id"},
				{Noun: "ghost", Operation: "ghosts_list", Argument: "org", From: "id"},
			},
		},
		{ID: "users_get", Method: "GET", Path: "/users/{id}", Parameters: []optable.Parameter{path("id", "user_")}, Lookup: []string{"email", "name"}},
		{ID: "members_get", Method: "GET", Path: "/members/{id}", Parameters: []optable.Parameter{path("id", "om_")}},
		{ID: "members_delete", Method: "DELETE", Path: "/members/{id}", Parameters: []optable.Parameter{path("id", "om_")}},
		{
			ID: "members_list", Method: "GET", Path: "/members", Parameters: []optable.Parameter{
				{Name: "org", In: optable.InQuery, Schema: str("org_")}, {Name: "after", In: optable.InQuery, Schema: str()},
				{Name: "limit", In: optable.InQuery, Schema: &optable.Schema{Types: optable.Integer, Constraints: &optable.Constraints{Maximum: "2"}}},
			},
			Responses: []optable.Response{{Status: http.StatusOK, MediaType: "application/json", Schema: &members}},
		},
		{ID: "orgs_create", Method: "POST", Path: "/orgs/{id}", Parameters: []optable.Parameter{path("id", "org_")}},
		{
			ID: "moves_create", Method: "POST", Path: "/orgs/{org_id}/moves/{user_id}",
			Parameters: []optable.Parameter{path("org_id", "org_"), path("user_id", "user_")},
		},
	}}
}

func TestQuestionsHaveNamesAndWhatGoesWithIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tool, arguments string
		want            []string // parts of the question
		sent            []string
	}{
		{
			"orgs_delete", `{"id":"org_1"}`,
			[]string{`Looked up by orgs_get:` + "\n" + `- name: "Acme"`, "With it go at least 2 members."},
			[]string{"GET /orgs/org_1", "GET /members?org=org_1&limit=2"},
		},
		{
			"members_delete", `{"id":"om_1"}`,
			[]string{`- id: "om_1"`, `- organization_id: "org_1" ("Acme")`, `- user_id: "user_1" ("jo@x.example", "Jo")`},
			[]string{"GET /members/om_1", "GET /orgs/org_1", "GET /users/user_1"},
		},
		{ // three reads at most; an owner that is gone has no name
			"members_delete", `{"id":"om_2"}`,
			[]string{`- owner_id: "user_9"` + "\n", `- organization_id: "org_1" ("Acme")`, `- user_id: "user_1"`},
			[]string{"GET /members/om_2", "GET /orgs/org_1", "GET /users/user_9"},
		},
		{ // which is what it makes
			"orgs_create", `{"id":"org_9"}`, []string{"orgs_create with\n- id: \"org_9\""}, []string{"GET /orgs/org_9"},
		},
		{
			"moves_create", `{"org_id":"org_1","user_id":"user_1"}`,
			[]string{`- user_id: "user_1" ("jo@x.example", "Jo")`, "Looked up by orgs_get:\n- name: \"Acme\""},
			[]string{"GET /orgs/org_1", "GET /users/user_1"},
		},
	} {
		client := newClub()
		a, err := mcpadapter.New(client, clubTable(), shoptest.Confirming(mcpadapter.ConfirmWrites))
		if err != nil {
			t.Fatal(err)
		}
		got := shoptest.Asked(t.Context(), t, shoptest.Tool(t, a, c.tool), c.arguments).Question
		shoptest.WantParts(t, c.tool, got, c.want...)
		if !slices.Equal(client.sent, c.sent) {
			t.Errorf("%s: got %q read, want %q", c.tool, client.sent, c.sent)
		}
	}
}

// What does not exist is not asked about: the call fails as it would, and there is no token.
func TestNothingIsAskedAboutWhatDoesNotExist(t *testing.T) {
	t.Parallel()
	for tool, arguments := range map[string]string{
		"orgs_delete": `{"id":"org_9"}`, "members_delete": `{"id":"om_9"}`,
		"moves_create": `{"org_id":"org_1","user_id":"user_9"}`,
	} {
		client := newClub()
		a, err := mcpadapter.New(client, clubTable(), shoptest.Confirming(mcpadapter.ConfirmWrites))
		if err != nil {
			t.Fatal(err)
		}
		asked := false
		r := shoptest.Tool(t, a, tool).InvokeAsking(t.Context(), json.RawMessage(arguments),
			func(context.Context, string) (bool, error) { asked = true; return true, nil })
		if r.Failure == nil || r.Failure.Status != http.StatusNotFound || r.Failure.Confirmation != nil || asked {
			t.Errorf("%s: got %s, asked %v, want the 404 and no question", tool, r.Text(), asked)
		}
		for _, sent := range client.sent {
			if !strings.HasPrefix(sent, "GET ") {
				t.Errorf("%s: got %s sent", tool, sent)
			}
		}
	}
}

// A tool that a filter rejects is not read either.
func TestQuestionsReadNothingThatAFilterRejects(t *testing.T) {
	t.Parallel()
	client := newClub()
	a, err := mcpadapter.New(client, clubTable(), shoptest.Confirming(mcpadapter.ConfirmWrites),
		mcpadapter.WithFilter(mcpadapter.Filter{Allow: []string{"*delete", "members_get"}}))
	if err != nil {
		t.Fatal(err)
	}
	got := shoptest.Asked(t.Context(), t, shoptest.Tool(t, a, "members_delete"), `{"id":"om_1"}`).Question
	shoptest.WantParts(t, "question", got, `- user_id: "user_1"`)
	shoptest.Asked(t.Context(), t, shoptest.Tool(t, a, "orgs_delete"), `{"id":"org_1"}`)
	if want := []string{"GET /members/om_1"}; !slices.Equal(client.sent, want) {
		t.Errorf("got %q, want %q", client.sent, want)
	}
}

func newClub() *club {
	return &club{answers: map[string]string{
		"/orgs/org_1": `{"id":"org_1","name":"Acme"}`, "/users/user_1": `{"email":"jo@x.example","name":"Jo"}`,
		"/members/om_1":              `{"id":"om_1","status":"active","organization_id":"org_1","user_id":"user_1"}`,
		"/members/om_2":              `{"organization_id":"org_1","owner_id":"user_9","user_id":"user_1"}`,
		"/members?org=org_1&limit=2": `{"data":[{},{}],"list_metadata":{"after":"om_2"}}`,
		"/orgs/org_1/moves/user_1":   `{}`,
	}}
}
