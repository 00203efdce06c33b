package mcpadapter_test

import (
	"strings"
	"testing"
)

func TestBadArgumentsAreRefusedBeforeAnythingIsSent(t *testing.T) {
	t.Parallel()
	const (
		tea    = `{"name":"n","stock":1,`
		basket = `"basket":"6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a10"`
	)
	refuse(t, []refusal{
		{"unknown", "getTea", `{"tea_id":"1","teaid":"2"}`, "teaid", []string{"is unknown", "did you mean tea_id?"}},
		{"unknown, like nothing", "getTea", `{"tea_id":"1","q":"2"}`, "q", []string{"is unknown; expected tea_id"}},
		{
			"unknown, as the body is elsewhere", "facts.replace", `{"a":1,"body":{"b":2}}`,
			"a", []string{"is unknown; expected body"},
		},
		{"missing", "getTea", `{}`, "tea_id", []string{"is required: a string"}},
		{"missing in the body", "teas.create", `{"name":"n"}`, "stock", []string{"is required: a whole number"}},
		{"missing body", "facts.replace", ``, "body", []string{"is required: an object"}},
		{
			"missing enum", "bins.get", `{"shelf":"a","row":1}`,
			"colour", []string{`is required: one of "red", "green", "blue"`},
		},
		{
			"string for a number", "teas.list", `{"limit":"five"}`,
			"limit", []string{`expected a whole number, got the string "five"`},
		},
		{"number for a string", "getTea", `{"tea_id":5}`, "tea_id", []string{"expected a string, got the number 5"}},
		{
			"fraction for an integer", "teas.list", `{"limit":1.5}`,
			"limit", []string{"expected a whole number, got the number 1.5"},
		},
		{"string for a boolean", "teas.list", `{"in_stock":"yes"}`, "in_stock", []string{"expected a boolean"}},
		{
			"string for a list", "teas.list", `{"grades":"leaf"}`,
			"grades", []string{"expected an array of strings", `the string "leaf"`},
		},
		{"list for a map", "teas.list", `{"labels":["a"]}`, "labels", []string{"expected an object, got an array of 1"}},
		{
			"number in a map of strings", "teas.list", `{"labels":{"a":1}}`,
			"labels.a", []string{"expected a string, got the number 1"},
		},
		{"null in a path", "getTea", `{"tea_id":null}`, "tea_id", []string{"expected a string, got null"}},
		{
			"null in a path that says it", "days.get", `{"days":["1"],"author":null}`,
			"author", []string{"expected a UUID, got null"},
		},
		{"null in a query", "teas.list", `{"limit":null}`, "limit", []string{"expected a whole number, got null"}},
		{
			"null where Go would drop it", "teas.create", tea + `"grade":null}`,
			"grade", []string{`expected one of "leaf"`, "got null"},
		},
		{
			"null that no alternative takes", "facts.note", `{"body":[null]}`,
			"body[0]", []string{"matches none of the accepted forms"},
		},
		{"too small", "teas.list", `{"limit":0}`, "limit", []string{"expected at least 1, got 0"}},
		{"too large", "teas.list", `{"limit":101}`, "limit", []string{"expected at most 100, got 101"}},
		{"exclusive bound", "teas.list", `{"max_price":0}`, "max_price", []string{"expected more than 0, got 0"}},
		{"just above a bound", "teas.list", `{"max_price":999.50000000000000001}`, "max_price", []string{"at most 999.5"}},
		{"no multiple", "teas.create", tea + `"price":0.005}`, "price", []string{"expected a multiple of 0.01, got 0.005"}},
		{
			"beyond 64 bits", "parcels.track", `{"number":9223372036854775808}`,
			"number", []string{"does not fit into 64 bits"},
		},
		{
			"beyond 64 bits with an exponent", "parcels.track", `{"number":1e30}`,
			"number", []string{"expected a whole number"},
		},
		{"huge exponent", "teas.list", `{"max_price":1e400}`, "max_price", []string{"is out of range"}},
		{"negative", "teas.create", `{"name":"n","stock":-1}`, "stock", []string{"expected at least 0, got -1"}},
		{
			"bad member", "teas.list", `{"grades":["laef"]}`,
			"grades[0]", []string{`expected one of "leaf", "broken", "dust"`, "did you mean leaf?"},
		},
		{
			"bad member of another case", "bins.get", `{"shelf":"a","row":1,"colour":"RED"}`,
			"colour", []string{"did you mean red?"},
		},
		{"no item", "teas.list", `{"grades":[]}`, "grades", []string{"expected at least 1 item, got 0"}},
		{
			"no item and no bound", "days.get", `{"days":[],"author":"` + strings.Repeat("0", 36) + `"}`,
			"author", []string{"a UUID", "days: expected at least 1 item, got 0"},
		},
		{"empty map in a query", "teas.list", `{"labels":{}}`, "labels", []string{"expected at least 1 name, got 0"}},
		{
			"too many items", "teas.create", tea + `"tags":["a","b","c","d"]}`,
			"tags", []string{"expected at most 3 items, got 4"},
		},
		{"same items", "teas.create", tea + `"tags":["a","b","a"]}`, "tags[2]", []string{"is the same as item 0"}},
		{
			"too many items in the body", "baskets.items.add", `{` + basket + `,"body":[{},{},{},{}]}`,
			"body", []string{"expected at most 3 items, got 4"},
		},
		{
			"too many names", "facts.replace", `{"body":{"a":1,"b":2,"c":3,"d":4}}`,
			"body", []string{"expected at most 3 names, got 4"},
		},
		{"too few names", "facts.replace", `{"body":{}}`, "body", []string{"expected at least 1 name, got 0"}},
		{
			"name of a map", "teas.create", tea + `"facts":{"A":1}}`,
			"the name facts.A", []string{"expected a match of ^[a-z]+$"},
		},
		{
			"long name of a map", "teas.create", tea + `"facts":{"abcdefghi":1}}`,
			"the name facts.abcdefghi", []string{"at most 8 characters, got 9"},
		},
		{
			"name that is no member", "teas.create", tea + `"prices":{"gbp":1}}`,
			"the name prices.gbp", []string{`expected one of "eur", "usd"`},
		},
		{
			"value of a map", "teas.create", tea + `"facts":{"a":[]}}`,
			"facts.a", []string{"matches none of the accepted forms: a string or a number or a boolean"},
		},
		{"empty", "teas.create", `{"name":"","stock":1}`, "name", []string{"expected at least 1 character, got 0"}},
		{
			"too long, in characters", "teas.create", `{"name":"煎茶煎茶煎茶煎茶煎茶煎茶煎","stock":1}`,
			"name", []string{"expected at most 12 characters, got 13"},
		},
		{
			"pattern", "teas.create", tea + `"lot":"l1"}`,
			"lot", []string{"expected a match of ^L[0-9]{3}$", `the string "l1"`},
		},
		{"email", "tastings.create", `{"day":"2026-01-31","email":"a"}`, "email", []string{"expected an email address"}},
		{
			"email with a name", "tastings.create", `{"day":"2026-01-31","email":"A <a@b.example>"}`,
			"email", []string{"an email address alone"},
		},
		{"date", "teas.create", tea + `"picked":"2026-02-30"}`, "picked", []string{"expected a date such as"}},
		{
			"time", "teas.list", `{"picked_after":"2026-01-31"}`,
			"picked_after", []string{"expected a date and time such as"},
		},
		{"base64", "teas.create", tea + `"photo":"!"}`, "photo", []string{"expected base64"}},
		{"uuid", "baskets.items.add", `{"basket":"1","body":[]}`, "basket", []string{"expected a UUID"}},
		{"uri", "teas.create", tea + `"page":"/tea"}`, "page", []string{"expected an absolute URI"}},
		{
			"nested unknown", "teas.create", tea + `"supplier":{"name":"x","mail":"y"}}`,
			"supplier.mail", []string{"is unknown; expected name, contact"},
		},
		{"nested missing", "teas.create", tea + `"supplier":{}}`, "supplier.name", []string{"is required: a string"}},
		{
			"twice nested", "teas.create", tea + `"supplier":{"name":"x","contact":{"hours":[1,24]}}}`,
			"supplier.contact.hours[1]", []string{"at most 23, got 24"},
		},
		{
			"nested in a list", "baskets.items.add",
			`{` + basket + `,"body":[{"tea_id":"tea_1","count":1},{"tea_id":"x","count":0}]}`,
			"body[1].tea_id", []string{"at least 1", `body[1].tea_id: expected a match`},
		},
		{
			"within itself, unknown", "menus.create",
			`{"title":"a","entries":[{"title":"b","entries":[{"title":"c","cost":1}]}]}`,
			"entries[0].entries[0].cost", []string{"is unknown"},
		},
		{
			"within itself, missing", "menus.create", `{"title":"a","entries":[{"entries":[{}]}]}`,
			"entries[0].title", []string{"entries[0].entries[0].title: is required"},
		},
		{
			"within itself, mistyped", "menus.create", `{"title":"a","entries":[{"title":"b","price":"1 €"}]}`,
			"entries[0].price", []string{"expected a number"},
		},
		{
			"missing in an optional body", "baskets.card.add", `{"basket":"1","gold":true}`,
			"text", []string{"is required: a string"},
		},
		{"missing of allOf", "parcels.create", `{"address":"x"}`, "width", []string{"is required: a whole number"}},
	})
}
