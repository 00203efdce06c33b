package mcpadapter_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// A repaired call must be on the wire what it is when it is written as the schema wants it.
func TestTextsOfWhatIsExpectedAreRead(t *testing.T) {
	t.Parallel()
	const basket = `"basket":"6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a10"`
	cases := []struct {
		name, tool, arguments, meant string
		repaired                     []string
	}{
		{"integer", "teas.list", `{"limit":"10"}`, `{"limit":10}`, []string{"limit"}},
		{"integer with an exponent", "teas.list", `{"limit":"1e1"}`, `{"limit":1e1}`, []string{"limit"}},
		{"negative number", "menus.create", `{"title":"a","price":"-0.5"}`, `{"title":"a","price":-0.5}`, []string{"price"}},
		{"boolean", "teas.list", `{"in_stock":"true"}`, `{"in_stock":true}`, []string{"in_stock"}},
		{
			"path value", "bins.get", `{"shelf":"1","row":"4","colour":"red"}`,
			`{"shelf":"1","row":4,"colour":"red"}`, []string{"row"},
		},
		{"array", "teas.list", `{"grades":"[\"leaf\"]"}`, `{"grades":["leaf"]}`, []string{"grades"}},
		{"array with space around", "teas.list", `{"grades":"\n[ \"leaf\" ]\n"}`, `{"grades":["leaf"]}`, []string{"grades"}},
		{"object", "teas.list", `{"labels":"{\"a\":\"1\"}"}`, `{"labels":{"a":"1"}}`, []string{"labels"}},
		{"array body", "baskets.items.add", `{` + basket + `,"body":"[{\"tea_id\":\"tea_1\",\"count\":1}]"}`,
			`{` + basket + `,"body":[{"tea_id":"tea_1","count":1}]}`, []string{"body"}},
		{"object body", "facts.replace", `{"body":"{\"a\":\"1\"}"}`, `{"body":{"a":"1"}}`, []string{"body"}},
		{
			"nested", "teas.create", `{"name":"n","stock":1,"supplier":{"name":"x","contact":"{\"hours\":[1]}"}}`,
			`{"name":"n","stock":1,"supplier":{"name":"x","contact":{"hours":[1]}}}`, []string{"supplier.contact"},
		},
		{
			"nested in what was a text", "teas.create",
			`{"name":"n","stock":"1","supplier":"{\"name\":\"x\",\"contact\":\"{\\\"hours\\\":[\\\"1\\\"]}\"}"}`,
			`{"name":"n","stock":1,"supplier":{"name":"x","contact":{"hours":[1]}}}`,
			[]string{"stock", "supplier", "supplier.contact", "supplier.contact.hours[0]"},
		},
		{
			"items", "baskets.items.add", `{` + basket + `,"body":["{\"tea_id\":\"tea_1\",\"count\":\"2\"}"]}`,
			`{` + basket + `,"body":[{"tea_id":"tea_1","count":2}]}`, []string{"body[0]", "body[0].count"},
		},
		{
			"values of a map", "teas.create", `{"name":"n","stock":1,"prices":{"usd":"1.5","eur":"2"}}`,
			`{"name":"n","stock":1,"prices":{"usd":1.5,"eur":2}}`, []string{"prices.eur", "prices.usd"},
		},
		{
			"within itself", "menus.create", `{"title":"a","entries":[{"title":"b","entries":[{"title":"c","price":"1"}]}]}`,
			`{"title":"a","entries":[{"title":"b","entries":[{"title":"c","price":1}]}]}`,
			[]string{"entries[0].entries[0].price"},
		},
		{
			"nullable", "teas-update", `{"tea_id":"1","stock":"5","tags":"[]","supplier":"{\"name\":\"x\"}"}`,
			`{"tea_id":"1","stock":5,"tags":[],"supplier":{"name":"x"}}`, []string{"stock", "supplier", "tags"},
		},
		{
			"union", "blends.create", `{"brewing":"{\"way\":\"cold\",\"hours\":\"3\"}"}`,
			`{"brewing":{"way":"cold","hours":3}}`, []string{"brewing", "brewing.hours"},
		},
		{
			"variant of the body", "payments.create", `{"by":"card","amount":"5","number":"4242","tip":"1"}`,
			`{"by":"card","amount":5,"number":"4242","tip":1}`, []string{"amount", "tip"},
		},
		{
			"alternatives that are all objects", "surveys.create", `{"place":"{\"x\":1,\"y\":2}"}`,
			`{"place":{"x":1,"y":2}}`, []string{"place"},
		},
		{"allOf", "parcels.create", `{"width":"8","address":"5"}`, `{"width":8,"address":"5"}`, []string{"width"}},
		{"all arguments", "teas.list", `"{\"limit\":10}"`, `{"limit":10}`, []string{"arguments"}},
		{"no arguments", "teas.list", ` "{}" `, `{}`, []string{"arguments"}},
		{"arguments and within", "teas.list", `"{\"limit\":\"10\"}"`, `{"limit":10}`, []string{"arguments", "limit"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a, wire := shoptest.New(t, nil)
			repaired, meant := shoptest.Invoke(t, a, c.tool, c.arguments), shoptest.Invoke(t, a, c.tool, c.meant)
			sent := wire.Seen()
			if len(sent) != 2 {
				t.Fatalf("got %d requests, want 2: %s %s", len(sent), repaired.Text(), meant.Text())
			}
			if !slices.Equal(repaired.Repaired, c.repaired) {
				t.Errorf("repaired: got %q, want %q", repaired.Repaired, c.repaired)
			}
			if meant.Repaired != nil {
				t.Errorf("repaired what was right: got %q, want nothing", meant.Repaired)
			}
			if got, want := sent[0], sent[1]; got.URI != want.URI || got.Body != want.Body {
				t.Errorf("got %s %s, want %s %s", got.URI, got.Body, want.URI, want.Body)
			}
		})
	}
}

func TestNothingIsGuessed(t *testing.T) {
	t.Parallel()
	const tea = `{"name":"n","stock":1,`
	refuse(t, []refusal{
		{"yes", "teas.list", `{"in_stock":"yes"}`, "in_stock", []string{"expected a boolean", `Example: {"in_stock":true}`}},
		{"1 for true", "teas.list", `{"in_stock":"1"}`, "in_stock", []string{"expected a boolean"}},
		{"True", "teas.list", `{"in_stock":"True"}`, "in_stock", []string{"expected a boolean"}},
		{"true for a number", "teas.list", `{"limit":"true"}`, "limit", []string{"expected a whole number"}},
		{
			"space behind", "teas.list", `{"limit":"10 "}`,
			"limit", []string{`expected a whole number, got the string "10 "`, `Example: {"limit":20}`},
		},
		{"space before", "teas.list", `{"limit":"\n10"}`, "limit", []string{"expected a whole number"}},
		{"fraction", "teas.list", `{"limit":"10.5"}`, "limit", []string{"expected a whole number"}},
		{"plus", "teas.list", `{"limit":"+10"}`, "limit", []string{"expected a whole number"}},
		{"leading zero", "teas.list", `{"limit":"010"}`, "limit", []string{"expected a whole number"}},
		{"hexadecimal", "teas.list", `{"limit":"0x10"}`, "limit", []string{"expected a whole number"}},
		{"infinity", "teas.list", `{"max_price":"Infinity"}`, "max_price", []string{"expected a number"}},
		{"nothing", "teas.list", `{"limit":""}`, "limit", []string{"expected a whole number"}},
		{"null", "teas-update", `{"tea_id":"1","stock":"null"}`, "stock", []string{"expected a whole number or null"}},
		{"out of range", "teas.list", `{"limit":"101"}`, "limit", []string{"expected at most 100, got 101"}},
		{
			"scalar for an array", "teas.list", `{"grades":"leaf"}`,
			"grades", []string{"expected an array of strings", `Example: {"grades":["leaf"]}`},
		},
		{"quoted scalar for an array", "teas.list", `{"grades":"\"leaf\""}`, "grades", []string{"expected an array"}},
		{"commas for an array", "teas.list", `{"grades":"leaf,dust"}`, "grades", []string{"expected an array"}},
		{"object for an array", "teas.list", `{"grades":"{}"}`, "grades", []string{"expected an array"}},
		{"array for an object", "teas.list", `{"labels":"[]"}`, "labels", []string{"expected an object"}},
		{"single quotes", "teas.list", `{"grades":"['leaf']"}`, "grades", []string{"expected an array"}},
		{"trailing comma", "teas.list", `{"grades":"[\"leaf\",]"}`, "grades", []string{"expected an array"}},
		{"comment", "facts.replace", `{"body":"{\"a\":1} // one"}`, "body", []string{"expected an object"}},
		{"cut off", "facts.replace", `{"body":"{\"a\":1"}`, "body", []string{"expected an object"}},
		{"two values", "teas.list", `{"grades":"[\"leaf\"] []"}`, "grades", []string{"expected an array"}},
		{"given twice inside", "facts.replace", `{"body":"{\"a\":1,\"a\":2}"}`, "body", []string{"expected an object"}},
		{"text of a text", "facts.replace", `{"body":"\"{\\\"a\\\":1}\""}`, "body", []string{"expected an object"}},
		{"number for a string", "getTea", `{"tea_id":5}`, "tea_id", []string{"expected a string"}},
		{
			"unknown inside", "teas.create", tea + `"supplier":"{\"nam\":\"x\"}"}`,
			"supplier.name", []string{"is required", "supplier.nam: is unknown"},
		},
		{
			"a variant that takes a string", "payments.create", `{"by":"invoice","amount":"x","tip":"1"}`,
			"amount", []string{"expected a whole number"},
		},
		{"no variant to go by", "payments.create", `{"amount":"1"}`, "by", []string{"is required"}},
		{
			"alternatives that are all objects", "surveys.create", `{"place":{"x":"1","y":2}}`,
			"place", []string{"matches none of the accepted forms"},
		},
		{
			"alternatives with a string", "blends.create", `{"brewing":{"way":"cold","hours":1},"strength":"5"}`,
			"strength", []string{`got the string "5"`},
		},
		{"all as a list", "teas.list", `"[]"`, "", []string{"expected a JSON object, got the string", "Example: {}"}},
		{"all as null", "teas.list", `"null"`, "", []string{"expected a JSON object"}},
		{"all as nothing", "teas.list", `""`, "", []string{"expected a JSON object"}},
		{"all twice", "teas.list", `"\"{}\""`, "", []string{"expected a JSON object"}},
		{"all, cut off", "teas.list", `"{}`, "", []string{"not valid JSON"}},
		{"too deep", "facts.replace", `{"body":"{\"a\":` + strings.Repeat("[", 2000) + `"}`, "body", nil},
	})
}

// Where a string is accepted, it is what was meant.
func TestStringsStayStringsWhereTheyAreAccepted(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ tool, arguments, body string }{
		{"teas.create", `{"name":"5","stock":1,"note":"null"}`, `{"name":"5","note":"null","stock":1}`},
		{"teas.create", `{"name":"{}","stock":1,"facts":{"a":"1"}}`, `{"facts":{"a":"1"},"name":"{}","stock":1}`},
		{"teas.create", `{"name":"n","stock":1,"tags":["1","[]"]}`, `{"name":"n","stock":1,"tags":["1","[]"]}`},
		{"facts.replace", `{"body":{"a":"{\"b\":1}"}}`, `{"a":"{\"b\":1}"}`},
		{"facts.replace", `{"body":"{\"a\":\"[1]\"}"}`, `{"a":"[1]"}`},
		{"facts.note", `{"body":"{\"a\":1}"}`, `"{\"a\":1}"`},
		{"facts.note", `{"body":["1",{"a":"true"}]}`, `["1",{"a":"true"}]`},
		{"facts.add", `{"body":{"title":"1","b":"true"}}`, `{"b":"true","title":"1"}`},
		{"moods.replace", `{"body":{"title":"t","x":"[1]"}}`, `{"title":"t","x":"[1]"}`},
		{"surveys.create", `{"raw":"{\"a\":1}","remark":"1"}`, `{"raw":"{\"a\":1}","remark":"1"}`},
		{"payments.create", `{"by":"invoice","amount":1,"tip":"1"}`, `{"amount":1,"by":"invoice","tip":"1"}`},
	} {
		a, wire := shoptest.New(t, nil)
		result := shoptest.Invoke(t, a, c.tool, c.arguments)
		sent := wire.Seen()
		if len(sent) != 1 || !sameJSON(t, sent[0].Body, c.body) {
			t.Errorf("%s %s: sent %v, want %s: %s", c.tool, c.arguments, sent, c.body, result.Text())
		}
		if path := slices.DeleteFunc(result.Repaired, func(at string) bool { return at == "body" }); len(path) > 0 {
			t.Errorf("%s %s: repaired %q, want the strings left alone", c.tool, c.arguments, path)
		}
	}
}

func TestIntegersInTextsKeepTheirDigits(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	const stock = "9007199254740993"
	for _, c := range []struct{ tool, arguments, at, want string }{
		{"parcels.track", `{"number":"-9223372036854775808"}`, "uri", "/parcels/-9223372036854775808/where"},
		{"teas.create", `{"name":"n","stock":"` + stock + `"}`, "body", `"stock":` + stock},
		{"teas.create", `"{\"name\":\"n\",\"stock\":` + stock + `}"`, "body", `"stock":` + stock},
		{"facts.replace", `{"body":"{\"a\":{\"b\":[` + stock + `]}}"}`, "body", `{"a":{"b":[` + stock + `]}}`},
	} {
		result := shoptest.Invoke(t, a, c.tool, c.arguments)
		sent := wire.Seen()
		if len(sent) != 1 {
			t.Fatalf("%s: got %d requests, want 1: %s", c.arguments, len(sent), result.Text())
		}
		got := map[string]string{"uri": sent[0].URI, "body": sent[0].Body}[c.at]
		shoptest.WantParts(t, c.arguments, got, c.want)
	}
}

// What is repaired is told, so there is no more of it than can be told.
func TestRepairsAreLimited(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	hours := func(n int) string {
		return `{"name":"n","stock":1,"supplier":{"name":"x","contact":{"hours":["1"` + strings.Repeat(`,"1"`, n-1) + `]}}}`
	}
	if r := shoptest.Invoke(t, a, "teas.create", hours(100)); r.Failure != nil || len(r.Repaired) != 100 {
		t.Errorf("got %d repairs and %s, want 100 and success", len(r.Repaired), r.Text())
	}
	wire.Seen()
	r := shoptest.Invoke(t, a, "teas.create", hours(101))
	if got := len(wire.Seen()); got != 0 || r.Failure == nil {
		t.Fatalf("got %d requests, want 101 texts refused", got)
	}
	shoptest.WantParts(t, "text", r.Text(), `supplier.contact.hours[100]: expected a whole number, got the string "1"`)
}

func TestRepairsAreToldWhateverComesOfTheCall(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		arguments string
		handler   http.HandlerFunc
	}{
		{`{"limit":"5"}`, shoptest.RespondWith(http.StatusOK, "application/json", `[]`)},
		{`{"limit":"5"}`, shoptest.RespondWith(http.StatusTeapot, "application/json", `{}`)},
		{`{"limit":"5","shelf":0}`, nil},
	} {
		a, _ := shoptest.New(t, c.handler)
		if got, want := shoptest.Invoke(t, a, "teas.list", c.arguments).Repaired, []string{"limit"}; !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", c.arguments, got, want)
		}
	}
}
