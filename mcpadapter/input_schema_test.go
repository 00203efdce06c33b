package mcpadapter_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

func TestPublishedSchemas(t *testing.T) {
	t.Parallel()
	const supplier = `"properties":{"name":{"type":"string"},"contact":{"type":"object","properties":{` +
		`"email":{"type":"string","format":"email"},"hours":{"type":"array","items":{"type":"integer","minimum":0,` +
		`"maximum":23}}},"additionalProperties":false}},"required":["name"],"additionalProperties":false}`
	const hotOrCold = `"anyOf":[{"type":"object","properties":{"way":{"type":"string","const":"hot"},` +
		`"degrees":{"type":"integer","minimum":60,"maximum":100},"minutes":{"type":"number"}},` +
		`"required":["way","degrees"],"additionalProperties":false},{"type":"object","properties":{` +
		`"way":{"type":"string","const":"cold"},"hours":{"type":"integer","minimum":1,"maximum":24}},` +
		`"required":["way","hours"],"additionalProperties":false}]}`
	cases := []struct{ name, want string }{
		{
			"teas.list", `{"type":"object","properties":{"country":{"type":"string","minLength":2,"maxLength":2},` +
				`"region":{"type":"string"},"shelf":{"type":"integer","minimum":1},"grades":{"type":"array",` +
				`"description":"Grades to look for.","items":{"type":"string","enum":["leaf","broken","dust"]},` +
				`"minItems":1,"maxItems":3,"uniqueItems":true},"labels":{"type":"object",` +
				`"additionalProperties":{"type":"string"},"minProperties":1},"in_stock":{"type":"boolean"},` +
				`"max_price":{"type":"number","maximum":999.5,"exclusiveMinimum":0},"limit":{"type":"integer",` +
				`"default":20,"minimum":1,"maximum":100},"picked_after":{"type":"string","format":"date-time"},` +
				`"X-Basket":{"type":"string","description":"Basket to price for.","maxLength":40}},` +
				`"additionalProperties":false}`,
		},
		{
			"teas-update", `{"type":"object","properties":{"tea_id":{"type":"string","description":"Tea. ` +
				"`tea_…`" + `."},"name":{"type":"string","minLength":1},"note":{"type":["string","null"]},` +
				`"stock":{"type":["integer","null"]},"supplier":{"type":["object","null"],` + supplier +
				`,"tags":{"type":["array","null"],"items":{"type":"string"}}},"required":["tea_id"],` +
				`"additionalProperties":false}`,
		},
		{
			"bins.get", `{"type":"object","properties":{"shelf":{"type":"string","pattern":"^[^ ]*$",` +
				`"maxLength":20},"row":{"type":"integer","minimum":0,"maximum":40},"colour":{"type":"string",` +
				`"description":"Colour of a bin.","enum":["red","green","blue"]}},` +
				`"required":["shelf","row","colour"],"additionalProperties":false}`,
		},
		{
			"payments.create", `{"type":"object","properties":{"by":{"type":"string",` +
				`"description":"Selects the form.","enum":["card","voucher","invoice"]},` +
				`"amount":{"type":"integer"},"number":{"type":"string","description":"The card's number. Only with card.",` +
				`"minLength":4},"tip":{"type":["string","integer"],"description":"Not with voucher."},` +
				`"code":{"type":"string","description":"Code on the voucher. Only with voucher."},"address":{"type":"object",` +
				`"description":"Only with invoice.",` + supplier + `},"required":["by","amount"],"additionalProperties":false}`,
		},
		{
			"blends.create", `{"type":"object","properties":{"brewing":{"type":"object",` +
				`"description":"How to brew it.",` + hotOrCold + `,"fallback":{"type":["object","null"],` +
				`"description":"Hot or cold.",` + strings.Replace(hotOrCold, "}]}", `},{"type":"null"}]}`, 1) + `,"steps":{"type":"array","items":{"type":"object",` +
				`"description":"Hot or cold.",` + hotOrCold + `,"maxItems":2},"strength":{"type":["string","integer","null"],` +
				`"anyOf":[{"type":"integer","minimum":1},{"type":"string","enum":["mild","strong"]},{"type":"null"}]}},` +
				`"required":["brewing"],"additionalProperties":false}`,
		},
		{
			"shelves.label", `{"type":"object","properties":{"shelf":{"type":"string"},` +
				`"label_shelf":{"type":"string","description":"Shelf to print on the label."},"text":{"type":"string"}},` +
				`"required":["shelf","label_shelf","text"],"additionalProperties":false}`,
		},
		{
			"menus.create", `{"type":"object","properties":{"title":{"type":"string"},"price":{"type":"number"},` +
				`"entries":{"type":"array","items":{"$ref":"#/$defs/MenuEntry"}}},"required":["title"],` +
				`"additionalProperties":false,"$defs":{"MenuEntry":{"type":"object","properties":{"title":{"type":"string"},` +
				`"price":{"type":"number"},"entries":{"type":"array","items":{"$ref":"#/$defs/MenuEntry"}}},` +
				`"required":["title"],"additionalProperties":false}}}`,
		},
		{
			"parcels.create", `{"type":"object","properties":{"width":{"type":"integer","description":"Millimetres.",` +
				`"minimum":1},"address":{"type":"string","description":"Where it goes."},"height":{"type":"integer",` +
				`"minimum":1},"fragile":{"type":"boolean","default":false}},"required":["width","address"],` +
				`"additionalProperties":false}`,
		},
		{
			"parcels.slip", `{"type":"object","properties":{"number":{"type":"integer","format":"int64"},` +
				`"width":{"type":"integer","deprecated":true,"format":"int32","multipleOf":8}},"required":["number"],` +
				`"additionalProperties":false}`,
		},
		{
			"facts.note", `{"type":"object","properties":{"body":{"$ref":"#/$defs/Anything"}},"required":["body"],` +
				`"additionalProperties":false,"$defs":{"Anything":{"description":"Any JSON value.","anyOf":[` +
				`{"type":"string"},{"type":"number"},{"type":"boolean"},{"type":"array","items":{` +
				`"$ref":"#/$defs/Anything","description":"Any JSON value."}},{"type":"object","additionalProperties":{` +
				`"$ref":"#/$defs/Anything","description":"Any JSON value."}}]}}}`,
		},
	}
	a, _ := shoptest.New(t, nil)
	for _, c := range cases {
		if got := string(shoptest.Tool(t, a, c.name).InputSchema()); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.name, got, c.want)
		}
	}
}

// A component that several properties share is described at each place by what stands beside the reference.
func TestWhatStandsBesideAReferenceStaysThere(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil)
	var schema struct {
		Properties map[string]struct {
			Description string
			Deprecated  bool
			Properties  map[string]any
		}
	}
	if err := json.Unmarshal(shoptest.Tool(t, a, "teas.create").InputSchema(), &schema); err != nil {
		t.Fatal(err)
	}
	supplier, importer := schema.Properties["supplier"], schema.Properties["importer"]
	if supplier.Deprecated || supplier.Description != "" {
		t.Errorf("supplier: got %+v, want nothing of the importer's", supplier)
	}
	if !importer.Deprecated || importer.Description != "Who brought it in." || len(importer.Properties) != 2 {
		t.Errorf("importer: got %+v, want it deprecated and described", importer)
	}
}

// Clients refuse roots with oneOf, anyOf or allOf, and schemas that do not compile.
func TestEveryRootIsAPlainObject(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil)
	for _, tool := range a.Tools() {
		var root map[string]json.RawMessage
		if err := json.Unmarshal(tool.InputSchema(), &root); err != nil {
			t.Errorf("%s: %v", tool.Name(), err)
		}
		if string(root["type"]) != `"object"` || string(root["additionalProperties"]) != "false" {
			t.Errorf("%s: got a root of type %s, want a closed object", tool.Name(), root["type"])
		}
		for _, keyword := range []string{"oneOf", "anyOf", "allOf", "$ref", "not", "if"} {
			if root[keyword] != nil {
				t.Errorf("%s: got %s at the root, want none", tool.Name(), keyword)
			}
		}
		resolved(t, tool)
	}
}

func TestToolsSayWhatTheTableSays(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil)
	if got, want := len(a.Tools()), len(shop.Operations.Operations); got != want {
		t.Fatalf("got %d tools, want %d", got, want)
	}
	for i, op := range shop.Operations.Operations {
		if got := a.Tools()[i].Name(); got != op.ID {
			t.Errorf("tool %d: got %q, want %q", i, got, op.ID)
		}
	}
	read := mcpadapter.Annotations{ReadOnly: true, Idempotent: true}
	for _, c := range []struct {
		name, title, description, toolset string
		hints                             mcpadapter.Annotations
	}{
		{"teas.list", "List teas", "Finds teas by what the label says.", "teas", read},
		{
			"parcels.slip", "Print a packing slip", "Gives it as text. Deprecated.", "parcels", read,
		},
		{"teas.create", "Add a tea", "Add a tea.", "teas", mcpadapter.Annotations{}},
		{"teas-update", "Change a tea", "Change a tea.", "teas", mcpadapter.Annotations{Destructive: true}},
		{
			"facts.replace", "Replace the facts", "Replace the facts.", "facts",
			mcpadapter.Annotations{Destructive: true, Idempotent: true},
		},
		{
			"tastings.create", "Invite to a tasting", "Invite to a tasting.", "tastings",
			mcpadapter.Annotations{OpenWorld: true},
		},
		{
			"teas.delete", "Remove a tea", "Remove a tea.", "teas",
			mcpadapter.Annotations{Destructive: true, Idempotent: true},
		},
	} {
		got := shoptest.Tool(t, a, c.name)
		title, description, toolset, hints := got.Title(), got.Description(), got.Toolset(), got.Annotations()
		if title != c.title || description != c.description || toolset != c.toolset || hints != c.hints {
			t.Errorf("%s: got %q %q %q %+v, want %+v", c.name, title, description, toolset, hints, c)
		}
	}
}

// resolved compiles the published schema with a library that shares nothing with the adapter.
func resolved(tb testing.TB, tool mcpadapter.Tool) *jsonschema.Resolved {
	tb.Helper()
	var s jsonschema.Schema
	if err := json.Unmarshal(tool.InputSchema(), &s); err != nil {
		tb.Fatalf("%s: %v", tool.Name(), err)
	}
	r, err := s.Resolve(nil)
	if err != nil {
		tb.Fatalf("%s: %v", tool.Name(), err)
	}
	return r
}
