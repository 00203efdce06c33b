package mcpadapter_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/untyped"
)

// TestArgumentsHaveNamesThatClientsAccept sends parameters under their own names.
func TestArgumentsHaveNamesThatClientsAccept(t *testing.T) {
	t.Parallel()
	var got []string
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = append(got, r.URL.Path)
		for name, values := range r.URL.Query() {
			got = append(got, name+"="+strings.Join(values, ","))
		}
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(api.Close)
	long := strings.Repeat("a", 70)
	op := optable.Operation{ID: "op", Method: http.MethodGet, Path: "/things/{thing id}", Parameters: []optable.Parameter{
		{Name: "thing id", In: optable.InPath, Required: true, Schema: &optable.Schema{Types: optable.String}},
	}}
	for _, name := range []string{"When", "When<", "When>", "ids[]", "ids", "$top", "filter[a b]", "é", long} {
		op.Parameters = append(op.Parameters, optable.Parameter{
			Name: name, In: optable.InQuery, Schema: &optable.Schema{Types: optable.String},
		})
	}
	client, err := untyped.NewClient(api.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	adapter, err := mcpadapter.New(client, &optable.Table{Operations: []optable.Operation{op}})
	if err != nil {
		t.Fatal(err)
	}
	tool := adapter.Tools()[0]
	var schema struct{ Properties map[string]any }
	if err := json.Unmarshal(tool.InputSchema(), &schema); err != nil {
		t.Fatal(err)
	}
	arguments := map[string]string{}
	for name := range schema.Properties {
		arguments[name] = name
	}
	text, err := json.Marshal(arguments)
	if err != nil {
		t.Fatal(err)
	}
	if result := tool.Invoke(t.Context(), text); result.Failure != nil {
		t.Fatal(result.Text())
	}
	slices.Sort(got)
	want := []string{
		"$top=top", "/things/thing_id", "When<=When_lt", "When=When", "When>=When_gt",
		long + "=" + strings.Repeat("a", 55) + "_2b818143", "filter[a b]=filter_a_b", "ids=ids", "ids[]=query_ids", "é=argument",
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
