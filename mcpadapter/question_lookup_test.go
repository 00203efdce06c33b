package mcpadapter_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

// rows is a client whose resources have two values in their paths.
type rows struct{ doer }

func (r rows) Get(ctx context.Context, shelf, row string, _ *query, _ ...editor) (answer, error) {
	return r.send(ctx, http.MethodGet, shelf, row)
}

func (r rows) Delete(ctx context.Context, shelf, row string, _ ...editor) (answer, error) {
	return r.send(ctx, http.MethodDelete, shelf, row)
}

func (r rows) send(ctx context.Context, method, shelf, row string) (answer, error) {
	u := &url.URL{Path: "/" + shelf + "/" + row}
	return r.doer((&http.Request{Method: method, URL: u}).WithContext(ctx))
}

func TestAQuestionLooksUpWhatThePathAloneIdentifies(t *testing.T) {
	t.Parallel()
	const named, found = `{"id":"1","name":"Top"}`, "\n\nLooked up by get:\n- name: \"Top\""
	pattern := func(op *optable.Operation) { op.Parameters[1].Schema.Pattern = "^[0-9]+$" }
	for name, c := range map[string]struct {
		change func(get *optable.Operation)
		body   string
		sent   string // what is looked up; "": nothing
		want   string // behind the arguments
	}{
		"two path values":    {func(*optable.Operation) {}, named, "GET /a/b", found},
		"optional arguments": {func(get *optable.Operation) { get.Exclusive = nil }, named, "GET /a/b", found},
		"a GET that changes something": {func(get *optable.Operation) {
			get.Extensions = []optable.Extension{{Name: "x-reads-only", JSON: "false"}}
		}, named, "", ""},
		"a required argument": {func(get *optable.Operation) { get.Parameters[2].Required = true }, named, "", ""},
		"alternatives": {func(get *optable.Operation) {
			get.Exclusive = []optable.Exclusive{{Name: "page", Optional: true, Variants: []optable.Variant{
				{Name: "limit", Fields: []string{"limit"}}, {Name: "id", Fields: []string{"id"}},
			}}}
		}, named, "", ""},
		"a value that it refuses": {
			pattern, named, "", "\n\n" + `Could not look up this resource (get: "nothing was sent").`,
		},
		"a name twice": {
			func(*optable.Operation) {}, `{"name":"Top","name":"Bottom"}`, "GET /a/b",
			"\n\n" + `Could not look up this resource (get: "request_failed").`,
		},
	} {
		path := func(name string) optable.Parameter {
			return optable.Parameter{
				Name: name, In: optable.InPath, Required: true, Schema: optable.Schema{Types: optable.String},
			}
		}
		get := optable.Operation{
			ID: "get", Method: http.MethodGet, Path: "/shelves/{shelf}/rows/{row}", Parameters: []optable.Parameter{
				path("shelf"), path("row"),
				{Name: "limit", In: optable.InQuery, Schema: optable.Schema{Types: optable.Integer}},
				{Name: "id", In: optable.InQuery, Schema: optable.Schema{Types: optable.String}},
			},
		}
		c.change(&get)
		var sent []string
		var looking context.Context
		a, err := mcpadapter.New(rows{func(r *http.Request) (*http.Response, error) {
			sent, looking = append(sent, r.Method+" "+r.URL.Path), r.Context()
			return responding(http.StatusOK, strings.NewReader(c.body))(r)
		}}, &optable.Table{Operations: []optable.Operation{get, {
			ID: "delete", Method: http.MethodDelete, Path: "/shelves/{first}/rows/{second}", Summary: "Take it down",
			Parameters: []optable.Parameter{path("first"), path("second")},
		}}}, confirming(mcpadapter.ConfirmDestructive))
		if err != nil {
			t.Fatal(err)
		}
		got := asked(t.Context(), t, tool(t, a, "delete"), `{"first":"a","second":"b"}`).Question
		want := "Take it down?\n\ndelete with\n- first: \"a\"\n- second: \"b\"" + c.want
		if got != want {
			t.Errorf("%s: got:\n%s\nwant:\n%s", name, got, want)
		}
		if strings.Join(sent, ", ") != c.sent {
			t.Errorf("%s: got %q sent, want %q", name, sent, c.sent)
		}
		if looking != nil && !errors.Is(looking.Err(), context.Canceled) {
			t.Errorf("%s: the context of the lookup outlives it", name)
		}
	}
}

func TestAQuestionShowsAWholeBodyAsOneArgument(t *testing.T) {
	t.Parallel()
	a, wire := newShop(t, nil, confirming(mcpadapter.ConfirmWrites))
	for arguments, want := range map[string]string{
		`{"body":{"title":"a"}}`: `- body: "{\"title\":\"a\"}"`,
	} {
		got := asked(t.Context(), t, tool(t, a, "facts.add"), arguments).Question
		if !strings.HasSuffix(got, "facts.add with\n"+want) {
			t.Errorf("%s: got %s, want %s", arguments, got, want)
		}
		wantUnsent(t, arguments, wire)
	}
}
