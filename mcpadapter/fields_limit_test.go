package mcpadapter_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

func TestFieldsAreLimitedInNumberAndBytes(t *testing.T) {
	t.Parallel()
	const limit = "expected at most 200 paths of 8192 bytes in all"
	const least = "expected at least 1 path, such as id"
	list := func(n int) string { return "[" + strings.TrimSuffix(strings.Repeat(`"object",`, n), ",") + "]" }
	long := func(n int) string { return quoted("extra." + strings.Repeat("x", n-6)) }
	for fields, problem := range map[string]string{
		quoted(strings.Repeat("object,", 199)): "", quoted(strings.Repeat("object,", 200)): "",
		quoted(strings.Repeat("object,", 201)): limit,
		list(1):                                "", list(200): "", list(201): limit,
		quoted(list(200)): "", quoted(list(201)): limit,
		`[` + long(8191) + `]`: "", `[` + long(8192) + `]`: "", `[` + long(8193) + `]`: limit,
		`[` + long(4096) + `,` + long(4096) + `]`: "", `[` + long(4096) + `,` + long(4097) + `]`: limit,
		`[" ` + long(8192)[1:] + `]`:      "", // without what is around it
		quoted(strings.Repeat(",", 9000)): least, `" , "`: least, `"."`: least, `[""]`: least, `["","."]`: least,
		`"[]"`: least,
	} {
		sent := 0
		// The table tells nothing, so that any path may be.
		a := shopAnswering(t, "orders.list", []optable.Response{documented(200, "", optable.Schema{})}, nil, counting(&sent),
			mcpadapter.WithShapingArguments())
		r := invoke(t, a, "orders.list", `{"fields":`+fields+`}`)
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
	a, wire := newShop(t, answering(http.StatusOK, "application/json", someOrders), mcpadapter.WithShapingArguments())
	const form = "expected names with dots, such as data.id"
	for fields, want := range map[string]string{
		`true`:                "fields: expected paths as one string with commas, such as id,name, got the boolean true",
		`7`:                   "fields: expected paths as one string with commas, such as id,name, got the number 7",
		`{}`:                  "fields: expected paths as one string with commas, such as id,name, got an object",
		`["object",null]`:     "fields: expected paths as strings, got null",
		`[["object"]]`:        "fields: expected paths as strings, got an array of 1",
		`"[7]"`:               "fields: expected paths as strings, got the number 7",
		`"data..id"`:          `fields: "data..id" is no path: ` + form,
		`"data."`:             `fields: "data." is no path: ` + form,
		`"..data"`:            `fields: ".data" is no path: ` + form,
		`"object,[]"`:         `fields: "[]" is no path: ` + form,
		`"zzzzzz"`:            `fields: "zzzzzz" is not in the answer; expected object, data, list_metadata`,
		`"objects"`:           `fields: "objects" is not in the answer (did you mean object?)`,
		`"object.x"`:          `fields: "object.x" is not in the answer; object has no members`,
		`"data.lines.zzzzzz"`: `fields: "data.lines.zzzzzz" is not in the answer; data.lines has tea, grams`,
		`"data.line.tea.id"`:  `fields: "data.line.tea.id" is not in the answer (did you mean data.lines.tea.id?)`,
		`"object,object.x"`:   `fields: "object.x" is not in the answer; object has no members`,
	} {
		r := invoke(t, a, "orders.list", `{"fields":`+fields+`}`)
		if r.Failure == nil || len(r.Failure.Arguments) != 1 || r.Failure.Arguments[0].String() != want {
			t.Errorf("%s: got %s, want %s", fields, r.Text(), want)
		}
		nothingReached(t, wire, fields)
	}
	r := invoke(t, a, "orders.list", `{"fields":"objects,data.note,zzzzzz"}`)
	if r.Failure == nil || len(r.Failure.Arguments) != 2 {
		t.Errorf("got %s, want both problems", r.Text())
	}
	nothingReached(t, wire, "two problems")
}

// What one path keeps, another one neither loses nor narrows, in whichever order they stand.
func TestPathsAreKeptTogether(t *testing.T) {
	t.Parallel()
	const body = `{"id":"1","extra":{"a":{"b":1,"c":2},"d":3},"note":"n"}`
	a := shopWith(t, bodies(body), mcpadapter.WithShapingArguments())
	for fields, want := range map[string]string{
		"extra.a.b":               `{"extra":{"a":{"b":1}}}`,
		"extra.a.b,extra.a.c":     `{"extra":{"a":{"b":1,"c":2}}}`,
		"extra.a.b,extra.d":       `{"extra":{"a":{"b":1},"d":3}}`,
		"extra.a.b,extra.a":       `{"extra":{"a":{"b":1,"c":2}}}`,
		"extra.a,extra.a.b":       `{"extra":{"a":{"b":1,"c":2}}}`,
		"extra.a.b,extra":         `{"extra":{"a":{"b":1,"c":2},"d":3}}`,
		"extra,extra.a.b,note":    `{"extra":{"a":{"b":1,"c":2},"d":3},"note":"n"}`,
		"note,id":                 `{"id":"1","note":"n"}`,
		"extra.x,id":              `{"id":"1","extra":{}}`,
		"id,id":                   `{"id":"1"}`,
		"id[],extra[].a[].b[]":    `{"id":"1","extra":{"a":{"b":1}}}`,
		"extra.a.b,extra.a.b,id,": `{"id":"1","extra":{"a":{"b":1}}}`,
	} {
		if got := jsonOf(t, a, "orders.get", `{"order_id":"1","fields":`+quoted(fields)+`}`); got != want {
			t.Errorf("%s: got %s, want %s", fields, got, want)
		}
	}
}

// The values pass through the adapter byte by byte, whatever stands beside them.
func TestValuesAreCopiedAsTheyAre(t *testing.T) {
	t.Parallel()
	for _, value := range []string{
		`1`, `-1.50e+3`, `true`, `false`, `null`, `""`, `"a"`, `"\""`, `"\\"`, `"\\\""`, `"}],:{["`, `[]`, `{}`, `[[]]`,
		`[{}]`,
		`[1,2]`, `["]"]`, `{"a":{"b":"}"}}`, `{"\"":1}`, `{"a\\":[1,{"b":[]}]}`, `[[1,2],[3,[4]]]`, `"\u202e"`, `"é"`,
	} {
		for _, place := range []string{
			`%s`, `[%s]`, `[%s,1]`, `[1,%s]`, `[1,%s,1]`, `{"a":%s}`, `{"a":%s,"b":1}`, `{"b":1,"a":%s}`,
		} {
			inner := fmt.Sprintf(place, value)
			for _, c := range [][2]string{
				{`{"extra":` + inner + `}`, `{"extra":` + inner + `}`},
				{`{"id":"1","extra":` + inner + `}`, `{"extra":` + inner + `}`},
				{`{"extra":` + inner + `,"id":"1"}`, `{"extra":` + inner + `}`},
			} {
				a := shopWith(t, bodies(c[0]), mcpadapter.WithShapingArguments())
				if got := jsonOf(t, a, "orders.get", `{"order_id":"1","fields":"extra"}`); got != c[1] {
					t.Errorf("%s: got %s, want %s", c[0], got, c[1])
				}
			}
		}
	}
}
