package mcpadapter_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

func TestTerseSchemasLeaveOutWhatNamesSay(t *testing.T) {
	t.Parallel()
	client, err := shop.NewClientWithResponses("http://127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	full, err := mcpadapter.New(client, &shop.Operations)
	if err != nil {
		t.Fatal(err)
	}
	terse, err := mcpadapter.New(client, &shop.Operations, mcpadapter.WithTerseSchemas())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		tool, description string
		kept              bool
	}{
		{"teas-update", "Tea. `tea_…`.", false},
		{"bins.get", "Colour of a bin.", false},
		{"teas.list", "Basket to price for.", true},
		{"payments.create", "Not with voucher.", true},
	} {
		if !strings.Contains(string(shoptest.Tool(t, full, c.tool).InputSchema()), c.description) {
			t.Errorf("%s: the full schema lacks %q", c.tool, c.description)
		}
		got := strings.Contains(string(shoptest.Tool(t, terse, c.tool).InputSchema()), c.description)
		if got != c.kept {
			t.Errorf("%s: the terse schema has %q: %t, want %t", c.tool, c.description, got, c.kept)
		}
	}
	if common := full.CommonArguments(); len(common) != 0 {
		t.Errorf("full schemas have %d descriptions told elsewhere, want none", len(common))
	}
}

func TestTerseSchemasDropWhatIsSaidTwice(t *testing.T) {
	t.Parallel()
	type schema = optable.Schema
	part := schema{
		Types: optable.Object, Description: "One part of it.",
		Properties: []optable.Property{{Name: "size", Schema: &schema{Types: optable.Integer}}},
	}
	plain := schema{Types: optable.String, Description: "A word of it."}
	for _, example := range []struct {
		facts schema
		want  string
	}{
		{schema{Types: optable.String, Description: "V's value."}, `{"type":"string"}`},
		{schema{Types: optable.Boolean, Description: "Whether to put v."}, `{"type":"boolean"}`},
		{
			schema{Types: optable.String, Description: "V's colour."},
			`{"type":"string","description":"V's colour."}`,
		},
		{ // the list's description is enough
			schema{Types: optable.Array, Description: "Parts in order.", Items: &part},
			`{"type":"array","description":"Parts in order.","items":{"type":"object","properties":` +
				`{"size":{"type":"integer"}},"additionalProperties":true}}`,
		},
		{ // the list has none
			schema{Types: optable.Array, Items: &part},
			`{"type":"array","items":{"type":"object","description":"One part of it.","properties":` +
				`{"size":{"type":"integer"}},"additionalProperties":true}}`,
		},
		{ // what is no object has no members that speak for it
			schema{Types: optable.Array, Description: "Words in order.", Items: &plain},
			`{"type":"array","description":"Words in order.","items":{"type":"string","description":"A word of it."}}`,
		},
	} {
		table := optable.Table{Operations: []optable.Operation{{
			ID: "put", Method: http.MethodPut, Path: "/v",
			Body: &optable.Body{Required: true, Schema: &schema{
				Types: optable.Object, Properties: []optable.Property{{Name: "v", Schema: &example.facts, Required: true}},
			}},
		}}}
		adapter, err := mcpadapter.New(anyClient{}, &table, mcpadapter.WithTerseSchemas())
		if err != nil {
			t.Fatal(err)
		}
		var root struct{ Properties map[string]json.RawMessage }
		if err := json.Unmarshal(shoptest.Tool(t, adapter, "put").InputSchema(), &root); err != nil {
			t.Fatal(err)
		}
		if got := string(root.Properties["v"]); got != example.want {
			t.Errorf("%+v:\ngot  %s\nwant %s", example.facts, got, example.want)
		}
	}
}

func TestADescriptionStaysForEachWordThatTheNamesLack(t *testing.T) {
	t.Parallel()
	for description, kept := range map[string]bool{
		// The tool is called orders.list, the argument after.
		"After.": false, "after": false, "AFTER": false, "The order after.": false, "Orders in the list.": false,
		"ID of the order.": false, "`order_`": false, "`ord`": true,
		"Lists of a URL with your own new slug only.": false, "afterOrders": false, "after_order-list": false,
		"Cursor_…": true, "`order_…` cursor_…": true, "After_…": false,
		"Before.": true, "The order after 3.": true, "After that order, exactly.": true, "Cursor.": true, "orderly": true,
		"After. Sorted.": true, "Sorted. After.": true, "after after after x": true, "é": true, "…": false, "!?": false,
		"Lis.": true, "listes": true, "Lies.": true, "lists": false, "listss": true,
	} {
		a := shopOf(t, nil, func(table *optable.Table) {
			for i := range table.Operations {
				if op := &table.Operations[i]; op.ID == "orders.list" {
					op.Parameters = append([]optable.Parameter{}, op.Parameters...)
					for j := range op.Parameters {
						if op.Parameters[j].Name == "after" {
							op.Parameters[j].Description = description
						}
					}
				}
			}
		}, mcpadapter.WithTerseSchemas())
		var schema struct {
			Properties map[string]struct{ Description string }
		}
		if err := json.Unmarshal(shoptest.Tool(t, a, "orders.list").InputSchema(), &schema); err != nil {
			t.Fatal(err)
		}
		want := ""
		if kept {
			want = description
		}
		if got := schema.Properties["after"].Description; got != want {
			t.Errorf("%q: got %q, want %q", description, got, want)
		}
	}
}

func TestNothingIsCommonWithoutTerseSchemas(t *testing.T) {
	t.Parallel()
	a := ofWords(t, map[string]int{"alpha": 11})
	if got := a.CommonArguments(); len(got) != 0 {
		t.Errorf("got %v, want none", got)
	}
	terse := ofWords(t, map[string]int{"alpha": 11}, mcpadapter.WithTerseSchemas())
	terse.CommonArguments()[0].Name = "changed"
	if got := terse.CommonArguments(); len(got) != 1 || got[0].Name != "alpha" {
		t.Errorf("got %v, want the list unchanged by its caller", got)
	}
}

func TestPluralsAreKnownByTheirSingular(t *testing.T) {
	t.Parallel()
	for description, kept := range map[string]bool{
		"Limit of queries.": false, "Limits of query.": false, "Limit of queris.": true, "Limit of query's.": true,
		"Limit of ies.": true, "Limit of stories.": true,
	} {
		a, err := mcpadapter.New(fake{}, tableOf(optable.Operation{
			ID: "query", Method: "GET", Path: "/q", Parameters: []optable.Parameter{
				{Name: "limit", In: optable.InQuery, Description: description, Schema: &optable.Schema{Types: optable.Integer}},
				{Name: "id", In: optable.InQuery, Schema: &optable.Schema{Types: optable.String}},
			},
		}), mcpadapter.WithTerseSchemas())
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(shoptest.Tool(t, a, "query").InputSchema()), description); got != kept {
			t.Errorf("%q: got it in the schema: %t, want %t", description, got, kept)
		}
	}
}

func TestEveryDescriptionStaysUnlessSchemasAreTerse(t *testing.T) {
	t.Parallel()
	for _, description := range []string{"The ID.", "Limit.", "Limit of the query."} {
		a, err := mcpadapter.New(fake{}, tableOf(optable.Operation{
			ID: "query", Method: "GET", Path: "/q", Parameters: []optable.Parameter{
				{Name: "limit", In: optable.InQuery, Schema: &optable.Schema{Types: optable.Integer}},
				{Name: "id", In: optable.InQuery, Description: description, Schema: &optable.Schema{Types: optable.String}},
			},
		}))
		if err != nil {
			t.Fatal(err)
		}
		if schema := string(shoptest.Tool(t, a, "query").InputSchema()); !strings.Contains(schema, description) {
			t.Errorf("got %s, want %q in it", schema, description)
		}
	}
}

// anyClient sends whatever the table says.
type anyClient struct{}

func (anyClient) Put(context.Context, anyBody) (*http.Response, error) {
	return nil, http.ErrNotSupported
}
