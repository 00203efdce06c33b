package mcpadapter_test

import (
	"net/http"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

func TestValidArgumentsReachTheWireAsGiven(t *testing.T) {
	t.Parallel()
	const basket = "6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a10"
	cases := []struct {
		name, tool, arguments string
		method, uri, body     string
	}{
		{"no arguments", "teas.list", ``, "GET", "/teas", ""},
		{"null is no arguments", "teas.list", ` null `, "GET", "/teas", ""},
		{
			"list joined by commas", "teas.list", `{"grades":["leaf","dust"]}`,
			"GET", "/teas?grades=leaf,dust", "",
		},
		{
			"map as a deep object", "teas.list", `{"labels":{"shop":"a&b","x":"é"}}`,
			"GET", "/teas?labels[shop]=a%26b&labels[x]=%C3%A9", "",
		},
		{"false is sent", "teas.list", `{"in_stock":false}`, "GET", "/teas?in_stock=false", ""},
		{"fraction", "teas.list", `{"max_price":19.5}`, "GET", "/teas?max_price=19.5", ""},
		{"1.0 is an integer", "teas.list", `{"limit":1.0}`, "GET", "/teas?limit=1", ""},
		{"1e2 is an integer", "teas.list", `{"limit":1e2}`, "GET", "/teas?limit=100", ""},
		{
			"time", "teas.list", `{"picked_after":"2026-01-31T12:00:00+01:00"}`,
			"GET", "/teas?picked_after=2026-01-31T12%3A00%3A00%2B01%3A00", "",
		},
		{
			"exclusive parameters, one of which may be missing", "teas.list", `{"country":"cn"}`,
			"GET", "/teas?country=cn", "",
		},
		{"slash in a path", "getTea", `{"tea_id":"a/b"}`, "GET", "/teas/a%2Fb", ""},
		{"dots among others", "getTea", `{"tea_id":"..a.."}`, "GET", "/teas/..a..", ""},
		{
			"everything reserved", "getTea", `{"tea_id":"a?b#c%2e;d é"}`,
			"GET", "/teas/a%3Fb%23c%252e%3Bd%20%C3%A9", "",
		},
		{"no body", "teas.delete", `{"tea_id":"1"}`, "DELETE", "/teas/1", ""},
		{
			"path values in the order of the path", "bins.get", `{"colour":"red","row":0,"shelf":"s"}`,
			"GET", "/shelves/s/rows/0/bins/red", "",
		},
		{
			"large number in a path", "parcels.track", `{"number":9007199254740993}`,
			"GET", "/parcels/9007199254740993/where", "",
		},
		{
			"required properties alone", "teas.create", `{"name":"Oolong","stock":0}`,
			"POST", "/teas", `{"name":"Oolong","stock":0}`,
		},
		{
			"digits of a large integer", "teas.create", `{"stock":9223372036854775807,"name":"n"}`,
			"POST", "/teas", `{"name":"n","stock":9223372036854775807}`,
		},
		{
			"large integer with a point", "teas.create", `{"stock":9007199254740993.0,"name":"n"}`,
			"POST", "/teas", `{"name":"n","stock":9007199254740993}`,
		},
		{
			"every kind of property", "teas.create",
			`{"name":"煎茶 \u0000\"","stock":1,"grade":"leaf","price":19.99,"organic":false,"picked":"2026-04-30",
			"opened_at":"2026-05-01T00:00:00Z","photo":"aGk=","barcode":"` + basket + `","page":"https://tea.example/?a=b",
			"lot":"L007","supplier":{"name":"","contact":{"email":"a@b.example","hours":[0,23]}},"note":"",
			"tags":["a","b"],"facts":{"taste":"<sweet>","score":7,"cold":true},"prices":{"eur":1.5,"usd":null}}`,
			"POST", "/teas",
			`{"barcode":"` + basket + `","facts":{"cold":true,"score":7,"taste":"\u003csweet\u003e"},"grade":"leaf",` +
				`"lot":"L007","name":"煎茶 \u0000\"","note":"","opened_at":"2026-05-01T00:00:00Z","organic":false,` +
				`"page":"https://tea.example/?a=b","photo":"aGk=","picked":"2026-04-30","price":19.99,` +
				`"prices":{"eur":1.5,"usd":null},"stock":1,` +
				`"supplier":{"contact":{"email":"a@b.example","hours":[0,23]},"name":""},"tags":["a","b"]}`,
		},
		{
			"null, empty list and empty map", "teas.create", `{"name":"n","stock":1,"note":null,"tags":[],"facts":{}}`,
			"POST", "/teas", `{"facts":{},"name":"n","note":null,"stock":1,"tags":[]}`,
		},
		{
			"null clears", "teas-update", `{"tea_id":"1","note":null,"stock":null,"supplier":null,"tags":null}`,
			"PATCH", "/teas/1", `{"note":null,"stock":null,"supplier":null,"tags":null}`,
		},
		{
			"values of what null clears", "teas-update",
			`{"tea_id":"1","note":"","stock":0,"supplier":{"name":"x"},"tags":[]}`,
			"PATCH", "/teas/1", `{"note":"","stock":0,"supplier":{"name":"x"},"tags":[]}`,
		},
		{"optional body of optional properties", "teas-update", `{"tea_id":"1"}`, "PATCH", "/teas/1", `{}`},
		{
			"body that shares a name", "shelves.label", `{"shelf":"a","body":{"shelf":"b","text":"t"}}`,
			"PUT", "/shelves/a/labels", `{"shelf":"b","text":"t"}`,
		},
		{
			"list as the body", "baskets.items.add",
			`{"basket":"` + basket + `","body":[{"tea_id":"tea_1","count":1.0}]}`,
			"POST", "/baskets/" + basket + "/items", `[{"count":1,"tea_id":"tea_1"}]`,
		},
		{"empty list as the body", "baskets.gifts.add", `{"basket":"1","body":[]}`, "POST", "/baskets/1/gifts", `[]`},
		{"optional list left out", "baskets.gifts.add", `{"basket":"1"}`, "POST", "/baskets/1/gifts", ""},
		{
			"optional body with a required property", "baskets.card.add", `{"basket":"1","text":"hi"}`,
			"POST", "/baskets/1/card", `{"text":"hi"}`,
		},
		{"the same left out", "baskets.card.add", `{"basket":"1"}`, "POST", "/baskets/1/card", ""},
		{
			"any object", "facts.replace", `{"body":{"a":null,"b":[1.50,{"c":9007199254740993}],"":{}}}`,
			"PUT", "/facts", `{"":{},"a":null,"b":[1.50,{"c":9007199254740993}]}`,
		},
		{
			"named and other properties", "facts.add", `{"body":{"title":"t","weight":9007199254740993,"other":true}}`,
			"POST", "/facts", `{"other":true,"title":"t","weight":9007199254740993}`,
		},
		{
			"more digits than the Go type holds", "menus.create", `{"title":"a","price":16777217}`,
			"POST", "/menus", `{"price":16777217,"title":"a"}`,
		},
		{
			"large integer within any value", "moods.replace", `{"body":{"title":"t","x":{"y":[9007199254740993]}}}`,
			"PUT", "/moods", `{"title":"t","x":{"y":[9007199254740993]}}`,
		},
		{
			"any value", "facts.note", `{"body":[[],{"a":[9007199254740993,"x",false]}]}`,
			"PATCH", "/facts", `[[],{"a":[9007199254740993,"x",false]}]`,
		},
		{
			"union by card", "payments.create", `{"by":"card","amount":1,"number":"4242","tip":0}`,
			"POST", "/payments", `{"amount":1,"by":"card","number":"4242","tip":0}`,
		},
		{
			"union by voucher", "payments.create", `{"by":"voucher","amount":50,"code":""}`,
			"POST", "/payments", `{"amount":50,"by":"voucher","code":""}`,
		},
		{
			"union by invoice", "payments.create", `{"by":"invoice","amount":5000,"tip":"much","address":{"name":"x"}}`,
			"POST", "/payments", `{"address":{"name":"x"},"amount":5000,"by":"invoice","tip":"much"}`,
		},
		{
			"nested unions", "blends.create",
			`{"brewing":{"way":"cold","hours":8},"steps":[{"way":"hot","degrees":60}],"strength":"mild"}`,
			"POST", "/blends", `{"brewing":{"hours":8,"way":"cold"},"steps":[{"degrees":60,"way":"hot"}],"strength":"mild"}`,
		},
		{
			"null where a Go field would be omitted", "blends.create",
			`{"brewing":{"way":"cold","hours":1},"fallback":null,"strength":null}`,
			"POST", "/blends", `{"brewing":{"hours":1,"way":"cold"},"fallback":null,"strength":null}`,
		},
		{
			"schema within itself", "menus.create", `{"title":"a","entries":[{"title":"b","entries":[]},{"title":"c"}]}`,
			"POST", "/menus", `{"entries":[{"entries":[],"title":"b"},{"title":"c"}],"title":"a"}`,
		},
		{
			"allOf", "parcels.create", `{"width":1,"address":"x","fragile":false}`,
			"POST", "/parcels", `{"address":"x","fragile":false,"width":1}`,
		},
		{
			"null among members, items and variants", "surveys.create",
			`{"mood":null,"brewing":null,"scores":[5,null],"raw":null}`,
			"POST", "/surveys", `{"brewing":null,"mood":null,"raw":null,"scores":[5,null]}`,
		},
		{
			"odd names and members", "surveys.create",
			`{"letter":"m\"\\","size":1,"odd (name)":"\t","remark":[9007199254740993],"ipv4":"192.0.2.1","ipv6":"::1"}`,
			"POST", "/surveys",
			`{"ipv4":"192.0.2.1","ipv6":"::1","letter":"m\"\\","odd (name)":"\t","remark":[9007199254740993],"size":1}`,
		},
		{
			"objects that nothing tells apart", "surveys.create", `{"place":{"table":"t"},"brewing":{"way":"cold","hours":1}}`,
			"POST", "/surveys", `{"brewing":{"hours":1,"way":"cold"},"place":{"table":"t"}}`,
		},
		{
			"exclusive properties", "tastings.create", `{"day":"2026-01-31","first_name":"A","last_name":"B"}`,
			"POST", "/tastings", `{"day":"2026-01-31","first_name":"A","last_name":"B"}`,
		},
	}
	a, wire := shoptest.New(t, nil)
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { //nolint:paralleltest // they share the server
			result := shoptest.Invoke(t, a, c.tool, c.arguments)
			if result.Failure != nil {
				t.Fatalf("got %s, want success", result.Failure)
			}
			seen := wire.Seen()
			if len(seen) != 1 {
				t.Fatalf("got %d requests, want 1", len(seen))
			}
			got := seen[0]
			if got.Method != c.method || got.URI != c.uri || got.Body != c.body {
				t.Errorf("got  %s %s %s\nwant %s %s %s", got.Method, got.URI, got.Body, c.method, c.uri, c.body)
			}
			want := ""
			if c.body != "" {
				want = "application/json"
			}
			if mediaType := got.Header.Get("Content-Type"); mediaType != want {
				t.Errorf("Content-Type: got %q, want %q", mediaType, want)
			}
		})
	}
}

func TestHeaderParametersAreSentAsHeaders(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", `[]`))
	if r := shoptest.Invoke(t, a, "teas.list", `{"X-Basket":"b 1"}`); r.Failure != nil {
		t.Fatal(r.Failure)
	}
	seen := wire.Seen()
	if got := seen[0].Header.Get("X-Basket"); got != "b 1" {
		t.Errorf("X-Basket: got %q, want %q", got, "b 1")
	}
	if got := seen[0].URI; got != "/teas" {
		t.Errorf("got %s, want /teas", got)
	}
}
