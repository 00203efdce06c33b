package mcpadapter

import (
	"net/http"
	"slices"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// The forms are those that parameters take, the most frequent first; a form names what it stands for unless it says so.
func TestFormsOfIDs(t *testing.T) {
	operation := func(id, path, response string, prefixes ...string) optable.Operation {
		op := optable.Operation{
			ID: id, Method: http.MethodGet, Path: path,
			Responses: []optable.Response{{Status: http.StatusOK, Schema: &optable.Schema{Ref: response}}},
		}
		for _, prefix := range prefixes {
			op.Parameters = append(op.Parameters, optable.Parameter{
				Name: prefix + "id", In: optable.InQuery, Schema: &optable.Schema{IDPrefixes: []string{prefix}},
			})
		}
		return op
	}
	component := func(name string, prefixes ...string) optable.Schema {
		return optable.Schema{Name: name, Types: optable.Object, Properties: []optable.Property{
			{Name: "id", Schema: &optable.Schema{Types: optable.String, IDPrefixes: prefixes}},
		}}
	}
	adapter := &Adapter{engine: &engine{options: options{}, table: &optable.Table{
		Operations: []optable.Operation{
			operation("teas.get", "/teas/{id}", "Tea", "tea_", "shp_", "bin_"),
			operation("shops.get", "/shops/{id}", "Shop", "shp_", "bin_"),
			operation("bins.list", "/bins", "Bin", "shp_"), // gets none by its ID
			operation("notes.get", "/notes/{id}", "Unknown", "n_"),
		},
		Schemas: []optable.Schema{component("Bin", "bin_"), component("Shop", "shp_"), component("Tea", "tea_")},
	}}}
	for most, want := range map[int][]string{
		0: nil, 2: {"shp_ (Shop)", "bin_"}, 9: {"shp_ (Shop)", "bin_", "n_", "tea_"},
	} {
		if got := adapter.IDForms(most); !slices.Equal(got, want) {
			t.Errorf("%d: got %q, want %q", most, got, want)
		}
	}
}
