package mcpadapter_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

func withExtension(id, json string) optable.Operation {
	return optable.Operation{
		ID: id, Method: http.MethodDelete, Path: "/" + id, Extensions: []optable.Extension{{Name: "x-mcp", JSON: json}},
	}
}

func TestTheDescriptionDecidesWhatItsToolIs(t *testing.T) {
	t.Parallel()
	table := &optable.Table{Operations: []optable.Operation{
		withExtension("plain", `{"name":"find_it","title":"Find it","description":"Finds it.","annotations":{`+
			`"readOnlyHint":true,"destructiveHint":false,"openWorldHint":false}}`),
		withExtension("bare", `{"skip":true}`), withExtension("item", "false"),
		withExtension("choice", `{"name":"a b"}`), withExtension("two", `[]`),
	}}
	a, err := mcpadapter.New(fake{}, table)
	if err != nil {
		t.Fatal(err)
	}
	if got := a.AllTools(); len(got) != 1 || got[0] != shoptest.Tool(t, a, "find_it") || got[0] != shoptest.Tool(t, a, "plain") {
		t.Fatalf("got %v, want one tool by two names", namesOf(got))
	}
	tool := a.Tools()[0]
	want := mcpadapter.Annotations{ReadOnly: true, Idempotent: true}
	if tool.Title() != "Find it" || tool.Description() != "Finds it." || tool.Annotations() != want {
		t.Errorf("got %q, %q and %+v", tool.Title(), tool.Description(), tool.Annotations())
	}
	skipped := a.Skipped()
	if len(skipped) != 2 || skipped[0].Operation != "choice" || skipped[1].Operation != "two" {
		t.Fatalf("got %v, want those with an invalid extension", skipped)
	}
	shoptest.WantParts(t, "name", skipped[0].Reason, `x-mcp: invalid name "a b"`)
	shoptest.WantParts(t, "kind", skipped[1].Reason, "x-mcp: want a boolean or an object")
	_, err = mcpadapter.New(fake{}, tableOf(withExtension("two", `[]`)), mcpadapter.WithStrict())
	if err == nil {
		t.Error("got no error of a strict adapter")
	}
}

func TestToolsWithoutWordsAreDescribedByMethodAndPath(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		op                 optable.Operation
		title, description string
	}{
		{optable.Operation{ID: "plain"}, "Plain", "Plain: GET /things."},
		{optable.Operation{ID: "getA09Z"}, "Get a09 z", "Get a09 z: GET /things."},
		{optable.Operation{ID: "one_argument", Summary: "Try it."}, "Try it.", "Try it."},
		{optable.Operation{ID: "editors", Description: "Edits."}, "Editors", "Edits."},
		{optable.Operation{ID: "", Description: ""}, "GET /things", "GET /things."},
	} {
		c.op.Method, c.op.Path = http.MethodGet, "/things"
		a, err := mcpadapter.New(worded{}, tableOf(c.op))
		if err != nil {
			t.Errorf("%s: %v", c.op.ID, err)
			continue
		}
		if tool := a.Tools()[0]; tool.Title() != c.title || tool.Description() != c.description {
			t.Errorf("%s: got %q and %q, want %q and %q", c.op.ID, tool.Title(), tool.Description(), c.title, c.description)
		}
	}
}

func TestABodyWithRequiredPropertiesIsRequired(t *testing.T) {
	t.Parallel()
	name := optable.Property{Name: "name", Required: true, Schema: &optable.Schema{Types: optable.String}}
	others := []optable.Property{
		{Name: "tags"}, {Name: "labels"}, {Name: "inner", Schema: &optable.Schema{Types: optable.Object}},
	}
	for method, want := range map[string]bool{
		http.MethodPost: true, http.MethodPut: true, http.MethodPatch: true, http.MethodDelete: false, http.MethodGet: false,
	} {
		op := optable.Operation{ID: "body", Method: method, Path: "/b", Body: &optable.Body{Schema: &optable.Schema{
			Types: optable.Object, Properties: append([]optable.Property{name}, others...),
		}}}
		for _, opts := range [][]mcpadapter.Option{nil, {mcpadapter.WithLiteralBodies()}, {mcpadapter.WithStrict()}} {
			a, err := mcpadapter.New(fake{}, tableOf(op), opts...)
			if err != nil {
				t.Fatal(err)
			}
			r := shoptest.Invoke(t, a, "body", `{}`)
			refused := r.Failure != nil && r.Failure.Code == mcpadapter.CodeInvalidArguments
			if refused != (want && opts == nil) {
				t.Errorf("%s with %d options: got %s, want it refused: %t", method, len(opts), r.Text(), want)
			}
		}
	}
}

// worded has a method for an operation without an operationId as well.
type worded struct{ shapes }

func (worded) Plain(context.Context) (answer, error)                  { return nil, nil }
func (worded) OneArgument(context.Context, ...editor) (answer, error) { return nil, nil }
func (worded) GetThings(context.Context) (answer, error)              { return nil, nil }
