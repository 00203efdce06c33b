package mcpadapter_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

const someOrders = `{"object":"list","data":[` +
	`{"id":"o1","note":"a","lines":[{"grams":5,"tea":{"id":"t1","name":"Assam"}},{"grams":9007199254740993}],` +
	`"extra":{"b":1,"a":{"x":2}}},` +
	`{"note":null,"id":"o2","payment":{"by":"card","last4":"4242"}}],` +
	`"list_metadata":{"before":null,"after":"o2"},"new":true}`

func TestFieldsKeepWhatTheyName(t *testing.T) {
	t.Parallel()
	const metadata = `"list_metadata":{"before":null,"after":"o2"}}`
	a, wire := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", someOrders), mcpadapter.WithShapingArguments())
	for fields, want := range map[string]string{
		`"data[].id"`:                  `{"data":[{"id":"o1"},{"id":"o2"}],` + metadata,
		`"data.id"`:                    `{"data":[{"id":"o1"},{"id":"o2"}],` + metadata,
		`".data[].id"`:                 `{"data":[{"id":"o1"},{"id":"o2"}],` + metadata,
		`["data[].id","data[].note"]`:  `{"data":[{"id":"o1","note":"a"},{"note":null,"id":"o2"}],` + metadata,
		`" data.id , data.note,"`:      `{"data":[{"id":"o1","note":"a"},{"note":null,"id":"o2"}],` + metadata,
		`"[\"data.id\"]"`:              `{"data":[{"id":"o1"},{"id":"o2"}],` + metadata,
		`"data.lines.grams"`:           `{"data":[{"lines":[{"grams":5},{"grams":9007199254740993}]},{}],` + metadata,
		`"data.lines[].tea.name"`:      `{"data":[{"lines":[{"tea":{"name":"Assam"}},{}]},{}],` + metadata,
		`"data.extra.a"`:               `{"data":[{"extra":{"a":{"x":2}}},{}],` + metadata, // anything may be in there
		`"data.extra.nothing.at.all"`:  `{"data":[{"extra":{}},{}],` + metadata,
		`"data.payment.last4"`:         `{"data":[{},{"payment":{"last4":"4242"}}],` + metadata,
		`"data.payment,data.extra.b"`:  `{"data":[{"extra":{"b":1}},{"payment":{"by":"card","last4":"4242"}}],` + metadata,
		`"data.extra,data.extra.b"`:    `{"data":[{"extra":{"b":1,"a":{"x":2}}},{}],` + metadata,
		`"object"`:                     `{"object":"list",` + metadata,
		`"list_metadata.after,object"`: `{"object":"list",` + metadata,
	} {
		if r := shoptest.Invoke(t, a, "orders.list", `{"fields":`+fields+`}`); string(r.JSON) != want {
			t.Errorf("%s:\ngot  %s\nwant %s", fields, r.Text(), want)
		}
	}
	for _, r := range wire.Seen() {
		if r.URI != "/orders" {
			t.Errorf("got %s on the wire, want no trace of fields", r.URI)
		}
	}
}

func TestFieldsThatTheAnswerCannotHaveAreRefused(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", someOrders), mcpadapter.WithShapingArguments())
	for _, c := range []struct{ tool, fields, message, nearest string }{
		{"orders.list", `"data.zzzzzz"`, `"data.zzzzzz" is not in the response; data has id, note, pickup_code`, ""},
		{"orders.list", `"data[].notes"`, `"data.notes" is not in the response`, "data.note"},
		{"orders.list", `"dta.id"`, `"dta.id" is not in the response`, "data.id"},
		{"orders.list", `"zzz"`, `"zzz" is not in the response; expected object, data, list_metadata`, ""},
		{"orders.list", `"id"`, `"id" is not in the response`, "data.id"}, // of its items
		{"orders.list", `"payment.last4"`, `"payment.last4" is not in the response`, "data.payment.last4"},
		{"orders.list", `"payment.last5"`, `"payment.last5" is not in the response`, "data.payment.last4"},
		{"orders.list", `"objct"`, `"objct" is not in the response`, "object"}, // near in the list itself
		{"orders.list", `"data.lines.tea.id.x"`, `is not in the response; data.lines.tea.id has no members`, ""},
		{"orders.list", `"data.payment.last5"`, `is not in the response`, "data.payment.last4"},
		{"orders.list", `"data..id"`, `"data..id" is not a path`, ""},
		{"orders.list", `["data.id",7]`, "expected paths as strings, got the number 7", ""},
		{"orders.list", `{"data":1}`, "expected paths as one string with commas", ""},
		{"orders.list", `""`, "expected at least 1 path", ""},
		{"orders.list", `[]`, "expected at least 1 path", ""},
		{"orders.list", `"` + strings.Repeat("object,", 201) + `"`, "expected at most 200 paths", ""},
		{"orders.list", `"` + strings.Repeat("o", 9000) + `"`, "8192 bytes", ""},
		{"teas.list", `"nam"`, `"nam" is not in the response`, "data.name"},
		{"teas.list", `"data.nam"`, `"data.nam" is not in the response`, "data.name"},
		{"getTea", `"stok"`, `"stok" is not in the response`, "stock"},
	} {
		arguments := `{"fields":` + c.fields + `}`
		if c.tool == "getTea" {
			arguments = `{"tea_id":"1","fields":` + c.fields + `}`
		}
		r := shoptest.Invoke(t, a, c.tool, arguments)
		shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
		if len(r.Failure.Arguments) != 1 || r.Failure.Arguments[0].Argument != "fields" {
			t.Errorf("%.60s: got %s, want one problem of fields", c.fields, r.Text())
			continue
		}
		problem := r.Failure.Arguments[0]
		shoptest.WantParts(t, c.fields, problem.Message, c.message)
		if got := strings.Join(problem.Nearest, " "); got != c.nearest {
			t.Errorf("%.60s: nearest: got %q, want %q", c.fields, got, c.nearest)
		}
	}
	if n := len(wire.Seen()); n != 0 {
		t.Errorf("got %d requests, want none", n)
	}
}

func TestAnAnswerUnlikeTheTableStillLosesWhatIsNotNamed(t *testing.T) {
	t.Parallel()
	for answer, want := range map[string]string{
		`{"data":{"id":"o1","note":"a"}}`:  `{"data":{"id":"o1"}}`,
		`{"data":"text"}`:                  `{"data":"text"}`,
		`{"d\u0061ta":{"\u0069d":"\"]}"}}`: `{"data":{"id":"\"]}"}}`,
		`{"data":[1,[2,{"id":-3e2}],[]]}`:  `{"data":[1,[2,{"id":-3e2}],[]]}`,
		`{"data":null,"x":1}`:              `{"data":null}`,
		`[{"id":"o1"}]`:                    `{"data":[{"id":"o1"}]}`,
		`{"x":[1]}`:                        `{}`,
		`"text"`:                           `{}`,
		``:                                 `{}`,
	} {
		a, _ := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", answer), mcpadapter.WithShapingArguments())
		if r := shoptest.Invoke(t, a, "orders.list", `{"fields":"data.id"}`); string(r.JSON) != want {
			t.Errorf("%s: got %s, want %s", answer, r.Text(), want)
		}
	}
}

func TestAnswerArgumentsGiveWayToTheOperationsOwn(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", someOrders), mcpadapter.WithShapingArguments())
	search := shoptest.Tool(t, a, "orders.search")
	var names []string
	for _, argument := range search.ShapingArguments() {
		names = append(names, argument.Name)
	}
	if got := strings.Join(names, " "); got != "answer_fields format" { // jq and answer_jq are the operation's
		t.Errorf("got %q, want answer_fields and format", got)
	}
	r := shoptest.Invoke(t, a, "orders.search", `{"fields":["a"],"jq":"b","answer_jq":"c","answer_fields":"object"}`)
	if want := `{"object":"list"}`; string(r.JSON) != want {
		t.Errorf("got %s, want %s", r.Text(), want)
	}
	if got := wire.Seen()[0].Body; got != `{"answer_jq":"c","fields":["a"],"jq":"b"}` {
		t.Errorf("body: got %s, want the operation's own arguments", got)
	}
}

func TestOnlyToolsThatAnswerWithDataTakeAnswerArguments(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, want string
		terse      bool
		published  string
	}{
		{"orders.list", "fields jq format all_pages", false, "fields jq format all_pages"},
		{"orders.list", "fields jq format all_pages", true, "fields"}, // the guide has the others
		{"teas.list", "fields jq format", true, "fields"},
		{"getTea", "fields jq", false, "fields jq"},
		{"getTea", "fields jq", true, ""}, // it takes them nevertheless
		{"teas.delete", "", false, ""},
	} {
		opts := []mcpadapter.Option{mcpadapter.WithShapingArguments()}
		if c.terse {
			opts = append(opts, mcpadapter.WithTerseSchemas())
		}
		a, _ := shoptest.New(t, nil, opts...)
		var names, published []string
		var schema struct {
			Properties map[string]json.RawMessage `json:"properties"`
		}
		if err := json.Unmarshal(shoptest.Tool(t, a, c.name).InputSchema(), &schema); err != nil {
			t.Fatal(err)
		}
		for _, argument := range shoptest.Tool(t, a, c.name).ShapingArguments() {
			names = append(names, argument.Name)
			if _, ok := schema.Properties[argument.Name]; ok {
				published = append(published, argument.Name)
			}
		}
		if got := strings.Join(names, " "); got != c.want {
			t.Errorf("%s takes %q, want %q", c.name, got, c.want)
		}
		if got := strings.Join(published, " "); got != c.published {
			t.Errorf("%s publishes %q, want %q", c.name, got, c.published)
		}
	}
	a, wire := shoptest.New(t, nil)
	for _, name := range []string{"fields", "jq", "all_pages"} {
		r := shoptest.Invoke(t, a, "orders.list", `{"`+name+`":"id"}`)
		shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0) // not asked for
	}
	if n := len(wire.Seen()); n != 0 {
		t.Errorf("got %d requests, want none", n)
	}
}

func TestFieldsAreLimitedInNumberAndBytes(t *testing.T) {
	t.Parallel()
	const limit = "expected at most 200 paths of 8192 bytes in all"
	const least = "expected at least 1 path, such as id"
	list := func(n int) string { return "[" + strings.TrimSuffix(strings.Repeat(`"object",`, n), ",") + "]" }
	long := func(n int) string { return shoptest.Quoted("extra." + strings.Repeat("x", n-6)) }
	for fields, problem := range map[string]string{
		shoptest.Quoted(strings.Repeat("object,", 199)): "", shoptest.Quoted(strings.Repeat("object,", 200)): "",
		shoptest.Quoted(strings.Repeat("object,", 201)): limit,
		list(1): "", list(200): "", list(201): limit,
		shoptest.Quoted(list(200)): "", shoptest.Quoted(list(201)): limit,
		`[` + long(8191) + `]`: "", `[` + long(8192) + `]`: "", `[` + long(8193) + `]`: limit,
		`[` + long(4096) + `,` + long(4096) + `]`: "", `[` + long(4096) + `,` + long(4097) + `]`: limit,
		`[" ` + long(8192)[1:] + `]`:               "", // without what is around it
		shoptest.Quoted(strings.Repeat(",", 9000)): least, `" , "`: least, `"."`: least, `[""]`: least, `["","."]`: least,
		`"[]"`: least,
	} {
		sent := 0
		// The table tells nothing, so that any path may be.
		a := shopAnswering(t, "orders.list", []optable.Response{documented(200, "", optable.Schema{})}, nil, shoptest.Counting(&sent),
			mcpadapter.WithShapingArguments())
		r := shoptest.Invoke(t, a, "orders.list", `{"fields":`+fields+`}`)
		if problem == "" {
			if sent != 1 || r.Failure != nil {
				t.Errorf("%.60s: got %d requests and %.200s, want it sent", fields, sent, r.Text())
			}
			continue
		}
		if r.Failure == nil || len(r.Failure.Arguments) != 1 || r.Failure.Arguments[0].Message != problem || sent != 0 {
			t.Errorf("%.60s: got %d requests and %.200s, want %s", fields, sent, r.Text(), problem)
		}
	}
}

func TestEachProblemOfFieldsIsToldInFull(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", someOrders), mcpadapter.WithShapingArguments())
	const form = "expected names with dots, such as data.id"
	for fields, want := range map[string]string{
		`true`:                "fields: expected paths as one string with commas, such as id,name, got the boolean true",
		`7`:                   "fields: expected paths as one string with commas, such as id,name, got the number 7",
		`{}`:                  "fields: expected paths as one string with commas, such as id,name, got an object",
		`["object",null]`:     "fields: expected paths as strings, got null",
		`[["object"]]`:        "fields: expected paths as strings, got an array of 1",
		`"[7]"`:               "fields: expected paths as strings, got the number 7",
		`"data..id"`:          `fields: "data..id" is not a path: ` + form,
		`"data."`:             `fields: "data." is not a path: ` + form,
		`"..data"`:            `fields: ".data" is not a path: ` + form,
		`"object,[]"`:         `fields: "[]" is not a path: ` + form,
		`"777777"`:            `fields: "777777" is not in the response; expected object, data, list_metadata`,
		`"zzzzzz"`:            `fields: "zzzzzz" is not in the response; expected object, data, list_metadata`,
		`"objects"`:           `fields: "objects" is not in the response (did you mean object?)`,
		`"object.x"`:          `fields: "object.x" is not in the response; object has no members`,
		`"data.lines.zzzzzz"`: `fields: "data.lines.zzzzzz" is not in the response; data.lines has tea, grams`,
		`"data.line.tea.id"`:  `fields: "data.line.tea.id" is not in the response (did you mean data.lines.tea.id?)`,
		`"object,object.x"`:   `fields: "object.x" is not in the response; object has no members`,
	} {
		r := shoptest.Invoke(t, a, "orders.list", `{"fields":`+fields+`}`)
		if r.Failure == nil || len(r.Failure.Arguments) != 1 || r.Failure.Arguments[0].String() != want {
			t.Errorf("%s: got %s, want %s", fields, r.Text(), want)
		}
		shoptest.WantNothingSent(t, wire, fields)
	}
	r := shoptest.Invoke(t, a, "orders.list", `{"fields":"objects,data.note,zzzzzz"}`)
	if r.Failure == nil || len(r.Failure.Arguments) != 2 {
		t.Errorf("got %s, want both problems", r.Text())
	}
	shoptest.WantNothingSent(t, wire, "two problems")
}
