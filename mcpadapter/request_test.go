package mcpadapter_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// Each value is one segment: what a URL gives a meaning to arrives escaped.
func TestPathValuesAreOneSegment(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	for value, want := range map[string]string{
		"a/b": "a%2Fb", "/": "%2F", "//": "%2F%2F", "/a": "%2Fa", "a/": "a%2F", "a?b": "a%3Fb", "?": "%3F", "a#b": "a%23b",
		"#": "%23", "[": "%5B", "]": "%5D", "!": "%21", "'": "%27", "(": "%28", ")": "%29", "*": "%2A", ",": "%2C",
		";": "%3B", "%": "%25", "%2e": "%252e", "%2e%2e": "%252e%252e", "%2F": "%252F", "%2e%2e%2f": "%252e%252e%252f",
		"%00": "%2500", " ": "%20", `"`: "%22", "<": "%3C", ">": "%3E", `\`: "%5C", "^": "%5E", "`": "%60", "{": "%7B",
		"|": "%7C", "}": "%7D", "\x00": "%00", "\x1f": "%1F", "\x7f": "%7F", "\n": "%0A", "é": "%C3%A9", "🍵": "%F0%9F%8D%B5",
		"\u2024\u2024": "%E2%80%A4%E2%80%A4", // dots of another kind
		"$":            "$", "&": "&", "+": "+", "=": "=", ":": ":", "@": "@", "-": "-", "_": "_", "~": "~",
		"...": "...", "....": "....", ".a": ".a", "a.": "a.", "..a": "..a", "a..": "a..", ". ": ".%20", ".. ": "..%20",
		".../...": "...%2F...", "a/..b": "a%2F..b", "a/b..": "a%2Fb..", "a/ ..": "a%2F%20..", "azAZ09": "azAZ09",
	} {
		arguments, err := json.Marshal(map[string]string{"tea_id": value})
		if err != nil {
			t.Fatal(err)
		}
		r := shoptest.Invoke(t, a, "getTea", string(arguments))
		if sent := wire.Seen(); r.Failure != nil || len(sent) != 1 || sent[0].URI != "/teas/"+want {
			t.Errorf("%q: got %v and %s, want /teas/%s", value, sent, r.Text(), want)
		}
	}
	for _, value := range []string{
		".", "..", "/.", "/..", "./", "../", "//.", "a/.", "a/..", "./a", "../a", "a/./b", "a/../b", `\.`, `\..`, `.\`, `..\`,
		`a\..`, `..\a`, `a\..\b`, `a/..\b`, "a/b/..", "../..", "a//..", "..//a",
	} {
		arguments, err := json.Marshal(map[string]string{"tea_id": value})
		if err != nil {
			t.Fatal(err)
		}
		shown, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		wantInvalid(t, value, shoptest.Invoke(t, a, "getTea", string(arguments)), wire,
			"tea_id: expected one path segment, got the string "+
				string(shown)+", which would address something else")
	}
	for _, c := range []struct{ tool, arguments, problem string }{
		{"getTea", `{"tea_id":""}`, "tea_id: expected at least 1 character, got 0"},
		{"getTea", `{"tea_id":null}`, "tea_id: expected a string, got null"},
		{"getTea", `{"tea_id":["a"]}`, "tea_id: expected a string, got an array of 1"},
		{"getTea", `{"tea_id":0}`, "tea_id: expected a string, got the number 0"},
		{"getTea", `{}`, "tea_id: is required: a string"},
		{"teas.delete", `{"tea_id":""}`, "tea_id: expected at least 1 character, got 0"},
		{"bins.get", `{"shelf":"","row":1,"colour":"red"}`, "shelf: expected at least 1 character, got 0"},
		{"bins.get", `{"shelf":"..","row":1,"colour":"red"}`, `shelf: expected one path segment, got the string "..", ` +
			`which would address something else`},
		{"bins.get", `{"shelf":"s","row":-1,"colour":"red"}`, "row: expected at least 0, got -1"},
		{"bins.get", `{"shelf":"s","row":41,"colour":"red"}`, "row: expected at most 40, got 41"},
	} {
		wantInvalid(t, c.tool+" "+c.arguments, shoptest.Invoke(t, a, c.tool, c.arguments), wire, c.problem)
	}
}

func TestListsInAPathAreOneSegment(t *testing.T) {
	t.Parallel()
	const author = "6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a10"
	a, wire := shoptest.New(t, nil)
	call := func(days string) mcpadapter.Result {
		return shoptest.Invoke(t, a, "days.get", `{"days":`+days+`,"author":"`+author+`"}`)
	}
	for days, want := range map[string]string{
		`["a"]`: "a", `["a","b"]`: "a,b", `["a/b"]`: "a%2Fb", `["..a"]`: "..a", `["..",".."]`: "..,..",
		`["","a"]`: ",a", `["a",""]`: "a,", `["",""]`: ",",
	} {
		r := call(days)
		if sent := wire.Seen(); r.Failure != nil || len(sent) != 1 || sent[0].URI != "/days/"+want+"/by/"+author {
			t.Errorf("%s: got %v and %s, want /days/%s/by/…", days, sent, r.Text(), want)
		}
	}
	for days, want := range map[string]string{
		`[]`:       "days: expected at least 1 item, got 0",
		`[""]`:     "days[0]: expected at least 1 character, got 0",
		`["."]`:    "days: expected one path segment, got an array of 1, which would address something else",
		`[".."]`:   "days: expected one path segment, got an array of 1, which would address something else",
		`["a/.."]`: "days: expected one path segment, got an array of 1, which would address something else",
		`[1]`:      "days[0]: expected a string, got the number 1",
		`"a"`:      `days: expected an array of strings, got the string "a"`,
	} {
		wantInvalid(t, days, call(days), wire, want)
	}
}

// TestTheStyleOfAParameterKeepsItInItsPlace has texts that a path, a query, a header and a cookie give a meaning to.
func TestTheStyleOfAParameterKeepsItInItsPlace(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.Depot(t, nil)
	for _, c := range []struct{ arguments, uri, header, cookie string }{
		{`{"bays":["a","b/c"],"berth":"1","crews":["x y","z"]}`, "/docks/.a.b%2Fc/1?crews=x+y%20z", "", ""},
		{`{"bays":["a",""],"berth":"1","X-Pilot.Name":"é\tb"}`, "/docks/.a./1", "é\tb", ""},
		{`{"bays":["..."],"berth":"1","tide":"a, b=c"}`, "/docks/..../1", "", `tide="a, b=c"`},
	} {
		r := shoptest.Invoke(t, a, "docks.get", c.arguments)
		sent := wire.Seen()
		if r.Failure != nil || len(sent) != 1 || sent[0].URI != c.uri ||
			sent[0].Header.Get("X-Pilot.name") != c.header || sent[0].Header.Get("Cookie") != c.cookie {
			t.Errorf("%s: got %v and %s, want %s with %q and %q", c.arguments, sent, r.Text(), c.uri, c.header, c.cookie)
		}
	}
	const elsewhere = "bays: expected one path segment, got an array of "
	for _, c := range []struct{ arguments, problem string }{
		{`{"bays":["",""],"berth":"1"}`, elsewhere + "2, which would address something else"},
		{`{"bays":["."],"berth":"1"}`, elsewhere + "1, which would address something else"},
		{`{"bays":["a/../..","b"],"berth":"1"}`, elsewhere + "2, which would address something else"},
		{`{"bays":["a"],"berth":"1","X-Pilot.Name":"a\r\nb"}`, "X-Pilot.Name: expected text that a header can carry, without " +
			`line breaks and other control characters, got the string "a\r\nb"`},
		{`{"bays":["a"],"berth":"1","tide":"a;b"}`, "tide: expected text that a cookie can carry, ASCII without control " +
			`characters, ", ; and \, got the string "a;b"`},
		{`{"bays":["a"],"berth":"1","tide":"é"}`, "tide: expected text that a cookie can carry, ASCII without control " +
			`characters, ", ; and \, got the string "é"`},
	} {
		wantInvalid(t, c.arguments, shoptest.Invoke(t, a, "docks.get", c.arguments), wire, c.problem)
	}
}

func TestWhatIsGivenIsSentAndNothingElse(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	for _, c := range []struct{ tool, arguments, uri, body string }{
		{"teas.list", `{}`, "/teas", ""},
		{"teas.list", `{"in_stock":false,"region":"","country":"at"}`, "/teas?country=at&region=&in_stock=false", ""},
		{"teas-update", `{"tea_id":"1"}`, "/teas/1", `{}`},
		{"teas-update", `{"tea_id":"1","name":"n"}`, "/teas/1", `{"name":"n"}`},
		{"teas-update", `{"tea_id":"1","note":null}`, "/teas/1", `{"note":null}`},
		{"teas-update", `{"tea_id":"1","note":""}`, "/teas/1", `{"note":""}`},
		{"teas-update", `{"tea_id":"1","stock":null}`, "/teas/1", `{"stock":null}`},
		{"teas-update", `{"tea_id":"1","stock":0}`, "/teas/1", `{"stock":0}`},
		{"teas-update", `{"tea_id":"1","tags":null}`, "/teas/1", `{"tags":null}`},
		{"teas-update", `{"tea_id":"1","tags":[]}`, "/teas/1", `{"tags":[]}`},
		{"teas-update", `{"tea_id":"1","supplier":null}`, "/teas/1", `{"supplier":null}`},
		{"baskets.card.add", `{"basket":"1"}`, "/baskets/1/card", ""},
		{"baskets.gifts.add", `{"basket":"1"}`, "/baskets/1/gifts", ""},
		{"baskets.gifts.add", `{"basket":"1","body":[]}`, "/baskets/1/gifts", "[]"},
		{"recalls.create", `{"tea":"1"}`, "/teas/1/recall", "{}"},
		{"recalls.create", `{"tea":"1","notes":{}}`, "/teas/1/recall", `{"notes":{}}`},
		{"orders.replace", `{"order_id":"1"}`, "/orders/1", "{}"},
		{"orders.search", `{}`, "/orders", "{}"},
	} {
		r := shoptest.Invoke(t, a, c.tool, c.arguments)
		sent := wire.Seen()
		if r.Failure != nil || len(sent) != 1 || sent[0].URI != c.uri || sent[0].Body != c.body {
			t.Errorf("%s %s: got %v and %s, want %s %s", c.tool, c.arguments, sent, r.Text(), c.uri, c.body)
			continue
		}
		mediaType, length := "", "0"
		if c.body != "" {
			mediaType, length = "application/json", sent[0].Header.Get("Content-Length")
		} else if strings.HasPrefix(c.tool, "teas.list") {
			length = ""
		}
		if got := sent[0].Header.Get("Content-Type"); got != mediaType {
			t.Errorf("%s %s: Content-Type: got %q, want %q", c.tool, c.arguments, got, mediaType)
		}
		if got := sent[0].Header.Get("Content-Length"); got != length {
			t.Errorf("%s %s: Content-Length: got %q, want %q", c.tool, c.arguments, got, length)
		}
	}
	const title = `body.title: is required: a string`
	for _, c := range []struct{ tool, arguments, problem string }{
		{"teas-update", `{"tea_id":"1","name":null}`, "name: expected a string, got null"},
		{"teas.list", `{"shelf":null}`, "shelf: expected a whole number, got null"},
		{"teas.list", `{"X-Basket":null}`, "X-Basket: expected a string, got null"},
		{"baskets.gifts.add", `{"basket":"1","body":null}`, "body: expected an array of strings, got null"},
		{"facts.replace", `{"body":null}`, "body: expected an object, got null"},
		{"facts.replace", `{}`, "body: is required: an object"},
		{"facts.add", `{"body":{}}`, title},
	} {
		wantInvalid(t, c.tool+" "+c.arguments, shoptest.Invoke(t, a, c.tool, c.arguments), wire, c.problem)
	}
}

// A body that is left out takes all that belongs to it along.
func TestABodyThatIsLeftOutLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	var got *http.Request
	a := shoptest.NewWith(t, func(r *http.Request) (*http.Response, error) {
		got = r
		return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
	})
	if r := shoptest.Invoke(t, a, "baskets.card.add", `{"basket":"1"}`); r.Failure != nil {
		t.Fatal(r.Failure)
	}
	if got.Body != http.NoBody || got.GetBody != nil || got.ContentLength != 0 || got.Header["Content-Type"] != nil {
		t.Errorf("got %v, %d bytes and %v, want no body", got.Body, got.ContentLength, got.Header)
	}
}

func TestExclusiveGroupsPartByPart(t *testing.T) {
	t.Parallel()
	a, wire := exclusive(t, optable.Exclusive{Name: "who", Variants: []optable.Variant{
		{Name: "one", Fields: []string{"a"}}, {Name: "two", Fields: []string{"b", "c"}},
		{Name: "three", Fields: []string{"d", "e", "f"}, Optional: []string{"e", "f"}},
	}})
	for _, c := range []struct{ given, want string }{
		{"a", ""}, {"b c", ""}, {"d", ""}, {"d e", ""}, {"d f", ""}, {"d e f", ""},
		{"", "a: is required, or instead of it b with c, or d with e with f"},
		{"b", "c: is required together with b"},
		{"c", "b: is required together with c"},
		{"e", "d: is required together with e, f"},
		{"f", "d: is required together with e, f"},
		{"e f", "d: is required together with e, f"},
		{"a b", "a: cannot go together with b, c"},
		{"a c", "a: cannot go together with b, c"},
		{"a d", "a: cannot go together with d, e, f"},
		{"a e", "a: cannot go together with d, e, f"},
		{"c f", "b, c: cannot go together with d, e, f"},
		{"a b c d", "a: cannot go together with b, c"},
	} {
		given := map[string]string{}
		for name := range strings.FieldsSeq(c.given) {
			given[name] = ""
		}
		text, err := json.Marshal(given)
		if err != nil {
			t.Fatal(err)
		}
		r := shoptest.Invoke(t, a, "choose", string(text))
		sent := wire.took()
		if c.want == "" {
			if r.Failure != nil || len(sent) != 1 || sent[0] != string(text) {
				t.Errorf("%q: got %q and %s, want it sent", c.given, sent, r.Text())
			}
			continue
		}
		if got := strings.Join(problemsOf(r), "; "); got != c.want || len(sent) > 0 {
			t.Errorf("%q: got %q sent and %s, want %s", c.given, sent, got, c.want)
		}
	}
	optional, wire := exclusive(t, optable.Exclusive{Name: "who", Optional: true, Variants: []optable.Variant{
		{Fields: []string{"a"}}, {Fields: []string{"b"}},
	}})
	for given, want := range map[string]int{`{}`: 1, `{"a":""}`: 1, `{"b":""}`: 1, `{"c":""}`: 1, `{"a":"","b":""}`: 0} {
		r := shoptest.Invoke(t, optional, "choose", given)
		if got := len(wire.took()); got != want || (r.Failure == nil) != (want == 1) {
			t.Errorf("optional, %s: got %d requests and %s, want %d", given, got, r.Text(), want)
		}
	}
}

type choosable struct {
	A *string `json:"a,omitempty"`
	B *string `json:"b,omitempty"`
	C *string `json:"c,omitempty"`
	D *string `json:"d,omitempty"`
	E *string `json:"e,omitempty"`
	F *string `json:"f,omitempty"`
}

// Choose sends texts.
func (r *recorder) Choose(ctx context.Context, b choosable, editors ...editor) (answer, error) {
	return r.record(ctx, http.MethodPost, b, editors...)
}

// exclusive returns an adapter of an operation whose six fields a group parts.
func exclusive(tb testing.TB, group optable.Exclusive) (*mcpadapter.Adapter, *recorder) {
	tb.Helper()
	s := optable.Schema{Types: optable.Object}
	for name := range strings.SplitSeq("abcdef", "") {
		s.Properties = append(s.Properties, optable.Property{Name: name, Schema: &optable.Schema{Types: optable.String}})
	}
	r := &recorder{}
	a, err := mcpadapter.New(r, tableOf(optable.Operation{
		ID: "choose", Method: http.MethodPost, Path: "/c", Body: &optable.Body{Required: true, Schema: &s},
		Exclusive: []optable.Exclusive{group},
	}))
	if err != nil {
		tb.Fatal(err)
	}
	return a, r
}

func TestAPathValueAddressesNoOtherOperation(t *testing.T) {
	t.Parallel()
	const author = "6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a10"
	for _, c := range []struct {
		other, path     string // an operation, and its path in the table
		tool, arguments string
		problem         string // "": the call is sent
	}{
		{
			"teas.list", "/teas/list", "getTea", `{"tea_id":"list"}`,
			`tea_id: "list" would address another operation, teas.list`,
		},
		{"teas.list", "/teas/list", "getTea", `{"tea_id":"lis"}`, ""},
		{"teas.list", "/teas/list", "getTea", `{"tea_id":"lists"}`, ""},
		{"teas.list", "/teas/list", "getTea", `{"tea_id":"List"}`, ""},
		{"teas.list", "/teas/list", "getTea", `{"tea_id":"teas"}`, ""},
		{"teas.list", "/teas/list", "getTea", `{"tea_id":"list/"}`, ""}, // one escaped segment
		{"teas.list", "/teas/x/y", "getTea", `{"tea_id":"x/y"}`, ""},
		{"teas.list", "/teas/x-y", "getTea", `{"tea_id":"x-y"}`, `tea_id: "x-y" would address another operation, teas.list`},
		{"teas.list", "/pots/list", "getTea", `{"tea_id":"list"}`, ""},
		// Only an operation of the same method is another one.
		{"payments.create", "/teas/list", "getTea", `{"tea_id":"list"}`, ""},
		{"payments.create", "/teas/list", "teas.delete", `{"tea_id":"list"}`, ""},
		{
			"facts.replace", "/orders/all", "orders.replace", `{"order_id":"all"}`,
			`order_id: "all" would address another operation, facts.replace`,
		},
		{"facts.replace", "/orders/all", "orders.get", `{"order_id":"all"}`, ""},
		// The first, the second and the last of several, and all of them.
		{
			"days.get", "/shelves/back/rows/{days}/bins/{author}", "bins.get", `{"shelf":"back","row":7,"colour":"red"}`,
			`shelf: "back" would address another operation, days.get`,
		},
		{
			"days.get", "/shelves/{days}/rows/7/bins/{author}", "bins.get", `{"shelf":"back","row":7,"colour":"red"}`,
			`row: "7" would address another operation, days.get`,
		},
		{
			"days.get", "/shelves/{days}/rows/{author}/bins/red", "bins.get", `{"shelf":"back","row":7,"colour":"red"}`,
			`colour: "red" would address another operation, days.get`,
		},
		{
			"teas.list", "/shelves/back/rows/7/bins/red", "bins.get", `{"shelf":"back","row":7,"colour":"red"}`,
			`shelf: "back" would address another operation, teas.list`,
		},
		{"teas.list", "/shelves/back/rows/7/bins/red", "bins.get", `{"shelf":"back","row":7,"colour":"blue"}`, ""},
		{"teas.list", "/shelves/back/rows/7/bins/red", "bins.get", `{"shelf":"back","row":17,"colour":"red"}`, ""},
		{"teas.list", "/shelves/back/rows/7/bins/red", "bins.get", `{"shelf":"bac","row":7,"colour":"red"}`, ""},
		{"teas.list", "/shelves/back/rows/7/bins", "bins.get", `{"shelf":"back","row":7,"colour":"red"}`, ""},
		// An array is one segment.
		{
			"teas.list", "/days/today/by/" + author, "days.get", `{"days":["today"],"author":"` + author + `"}`,
			`days: "today" would address another operation, teas.list`,
		},
		{"teas.list", "/days/today/by/" + author, "days.get", `{"days":["today","today"],"author":"` + author + `"}`, ""},
	} {
		sent := 0
		a := shopOf(t, shoptest.Counting(&sent), func(table *optable.Table) {
			for i := range table.Operations {
				if table.Operations[i].ID == c.other {
					table.Operations[i].Path = c.path
				}
			}
		})
		r := shoptest.Invoke(t, a, c.tool, c.arguments)
		if c.problem == "" {
			if sent != 1 || r.Failure != nil {
				t.Errorf("%s beside %s: got %d requests and %s, want it sent", c.arguments, c.path, sent, r.Text())
			}
			continue
		}
		if sent != 0 {
			t.Errorf("%s beside %s: got %d requests, want none", c.arguments, c.path, sent)
		}
		shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
		if r.Failure.Message != "nothing was sent" || len(r.Failure.Arguments) != 1 ||
			r.Failure.Arguments[0].String() != c.problem {
			t.Errorf("%s beside %s: got %s, want %s alone", c.arguments, c.path, r.Text(), c.problem)
		}
	}
}

// Paths are matched as they are sent: of several values in one segment, the API sees one with commas.
func TestSeveralPathValuesAreSentWithCommas(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	shoptest.Invoke(t, a, "days.get", `{"days":["a","b c","d"],"author":"6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a10"}`)
	const want = "/days/a,b%20c,d/by/6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a10"
	if got := wire.Seen(); len(got) != 1 || got[0].URI != want || got[0].Method != http.MethodGet {
		t.Errorf("got %v, want %s", got, want)
	}
}
