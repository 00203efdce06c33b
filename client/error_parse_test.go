package client_test

import (
	"net/http"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
)

func TestErrorReadsEveryShape(t *testing.T) {
	for _, tt := range []struct {
		name, body    string
		code, message string
		errors        []client.FieldError
	}{
		{"message", `{"message":"Not found"}`, "", "Not found", nil},
		{"code and message", `{"code":"entity_not_found","message":"No org"}`, "entity_not_found", "No org", nil},
		{"statusCode", `{"message":"No","code":"c","statusCode":404}`, "c", "No", nil},
		{"reason and messages", `{"statusCode":400,"message":["a must be b","c"],"error":"Bad Request"}`,
			"", "a must be b; c", nil},
		{"error text", `{"error":"Not Found"}`, "", "Not Found", nil},
		{"error code", `{"error":"authorization_pending"}`, "authorization_pending", "authorization_pending", nil},
		{"OAuth", `{"error":"invalid_grant","error_description":"The code is used."}`,
			"invalid_grant", "The code is used.", nil},
		{"errors of texts", `{"message":"Invalid","errors":["one","two"]}`, "", "Invalid",
			[]client.FieldError{{Message: "one"}, {Message: "two"}}},
		{"errors with message", `{"errors":[{"code":"a","message":"b"}]}`, "", "",
			[]client.FieldError{{Code: "a", Message: "b"}}},
		{"errors with field", `{"code":"unprocessable_entity","errors":[{"code":"required","field":"name"}]}`,
			"unprocessable_entity", "", []client.FieldError{{Field: "name", Code: "required"}}},
		{"errors by field", `{"message":"Invalid","errors":{"name":["is required","is a text"],"age":"is 7"}}`, "", "Invalid",
			[]client.FieldError{{Field: "age", Message: "is 7"}, {Field: "name", Message: "is required; is a text"}}},
		{"error object", `{"error":{"code":"bad","message":"It is bad."}}`, "bad", "It is bad.", nil},
		{"errors with instancePath",
			`{"errors":[{"instancePath":"/domain_data/0/a~1b","keyword":"type","message":"must be string"}]}`, "", "",
			[]client.FieldError{{Field: "domain_data.0.a/b", Code: "type", Message: "must be string"}}},
		{"errors with instancePath alone", `{"errors":[{"instancePath":"/name"}]}`, "", "",
			[]client.FieldError{{Field: "name"}}},
		{"errors with constraints",
			`{"errors":[{"property":"email","constraints":{"isString":"must be text","isEmail":"must be mail"}}]}`, "", "",
			[]client.FieldError{
				{Field: "email", Code: "isEmail", Message: "must be mail"},
				{Field: "email", Code: "isString", Message: "must be text"},
			}},
		{"constraints in message", `{"message":["x",{"property":"p","constraints":{"isInt":"int"}}]}`, "", "x",
			[]client.FieldError{{Field: "p", Code: "isInt", Message: "int"}}},
		{"empty", ``, "", "", nil},
		{"empty object", `{}`, "", "", nil},
		{"null", `null`, "", "", nil},
		{"bare string", `"Ratelimited"`, "", "Ratelimited", nil},
		{"bare array", `["a"]`, "", `["a"]`, nil},
		{"HTML", "<html>\r\n<h1>502\tBad\x00 Gateway\x1b[31m</h1>", "", "<html> <h1>502 Bad Gateway[31m</h1>", nil},
		{"cut JSON", `{"message":"a`, "", `{"message":"a`, nil},
		{"not UTF-8", "\xff\xfeA", "", "\uFFFD\uFFFDA", nil},
		{"wrong types", `{"code":7,"message":{"a":1},"error":null,"errors":{"a":1}}`, "7", "", nil},
		{"empty entries", `{"errors":[null,{},[],"",0]}`, "", "", []client.FieldError{{Message: "0"}}},
		{"lines in message", `{"message":"a\nb\u2028c\u0007\u200bd"}`, "", "a b cd", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := failWith(t, http.StatusUnprocessableEntity, tt.body)
			if got.Code != tt.code || got.Message != tt.message || !reflect.DeepEqual(got.Errors, tt.errors) {
				t.Errorf("got  %q %q %+v\nwant %q %q %+v",
					got.Code, got.Message, got.Errors, tt.code, tt.message, tt.errors)
			}
			if string(got.Body) != tt.body || got.Truncated {
				t.Errorf("body: got %q, truncated %t; want all of %q", got.Body, got.Truncated, tt.body)
			}
		})
	}
}

// TestWorkOfAHostileErrorBodyGrowsWithItsLength compares the memory that two lengths of a body take: eight times as
// much for eight times the length, and not the 64 times of work that grows with the square of the length.
func TestWorkOfAHostileErrorBodyGrowsWithItsLength(t *testing.T) {
	const short, times = 4 << 10, 8
	allocated := func(body string) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_ = failWith(t, http.StatusBadRequest, body)
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	for _, piece := range []string{"eyJ1", "ask_", "sk_ ", "eyJ.", "?", "# ", "\u200b", testKey, "{", "[", `{"message":`, `{"errors":`} {
		for name, body := range map[string]func(int) string{
			"text": func(length int) string { return strings.Repeat(piece, length/len(piece)) },
			"JSON": func(length int) string { return `{"message":["` + strings.Repeat(piece[:1], length) + `"]}` },
			"nested JSON": func(length int) string {
				return `{"errors":` + strings.Repeat(`{"a":`, length/6) + `"b"` + strings.Repeat("}", length/6+1)
			},
		} {
			small, large := allocated(body(short)), allocated(body(times*short))
			if large > 2*times*small {
				t.Errorf("%s of %q: got %d bytes for %d and %d for %d, want at most twice as much a byte",
					name, piece, small, short, large, times*short)
			}
		}
	}
}

// TestCodeAndMessageOfEachPlace has every place that a code or a message may stand in, alone and beside the others.
func TestCodeAndMessageOfEachPlace(t *testing.T) {
	const required = `[{"code":"ec","message":"em","field":"ef"}]`
	field := []client.FieldError{{Field: "ef", Code: "ec", Message: "em"}}
	for _, tt := range []struct {
		body, code, message string
		errors              []client.FieldError
	}{
		{`{"code":"c"}`, "c", "", nil},
		{`{"message":"m"}`, "", "m", nil},
		{`{"error_description":"d"}`, "", "d", nil},
		{`{"message":"m","error_description":"d"}`, "", "m", nil},
		{`{"message":"","error_description":"d"}`, "", "d", nil},
		{`{"message":[],"error_description":"d"}`, "", "d", nil},
		{`{"message":null,"error_description":"d"}`, "", "d", nil},
		{`{"message":[{"code":"ec","message":"em","field":"ef"}],"error_description":"d"}`, "", "", field},
		{`{"title":"t"}`, "", "t", nil},
		{`{"type":"about:blank","title":"t","status":422,"detail":"dt"}`, "", "dt", nil}, // problem details
		{`{"title":"t","detail":"dt","message":"m"}`, "", "m", nil},
		{`{"title":"t","error":"An error"}`, "", "An error", nil},
		{`{"error":"an_error"}`, "an_error", "an_error", nil},
		{`{"error":"An error"}`, "", "An error", nil},
		{`{"error":"an_error","code":"c"}`, "c", "an_error", nil},
		{`{"error":"an_error","message":"m"}`, "an_error", "m", nil},
		{`{"error":"an_error","error_description":"d"}`, "an_error", "d", nil},
		{`{"error":"an_error","code":"c","message":"m","error_description":"d"}`, "c", "m", nil},
		{`{"error":{"code":"nc"}}`, "nc", "", nil},
		{`{"error":{"message":"nm"}}`, "", "nm", nil},
		{`{"error":{"message":["n1","n2"]}}`, "", "n1; n2", nil},
		{`{"error":{"code":"nc","message":"nm"},"code":"c"}`, "c", "nm", nil},
		{`{"error":{"code":"nc","message":"nm"},"message":"m"}`, "nc", "m", nil},
		{`{"error":{"code":"nc","message":"nm"},"error_description":"d"}`, "nc", "d", nil},
		{`{"error":{"keyword":"nk","message":"nm"}}`, "nk", "nm", nil},
		{`{"error":{}}`, "", "", nil},
		{`{"error":{"constraints":{"b":"2","a":"1"}}}`, "a", "1", nil},
		{`{"error":[{"code":"nc"}]}`, "", "", []client.FieldError{{Code: "nc"}}},
		{`{"error":["n1","n2"]}`, "", "n1; n2", nil},
		{`{"error":{"name":"is bad"}}`, "", "is bad", nil},
		{`{"error":{"code":"nc","message":"nm","errors":` + required + `}}`, "nc", "nm", field},
		{`{"error":{"errors":["n1"]}}`, "", "", []client.FieldError{{Message: "n1"}}},
		{`{"error":7}`, "7", "7", nil},
		{`{"code":7.5,"message":true}`, "7.5", "true", nil},
		{`{"code":false,"message":0}`, "false", "0", nil},
		{`{"code":{},"message":null}`, "", "", nil},
		{`{"code":["c"],"message":[["m"]]}`, "", "", nil},
		{`{"code":"c","errors":` + required + `}`, "c", "", field},
		{`{"message":` + required + `,"errors":["e"]}`, "", "", append(field[:1:1], client.FieldError{Message: "e"})},
		{`{"message":["m",7,` + required[1:] + `}`, "", "m; 7", field},
		{`{"errors":"e"}`, "", "", []client.FieldError{{Message: "e"}}},
		{`{"errors":7}`, "", "", []client.FieldError{{Message: "7"}}},
		{`{"errors":null}`, "", "", nil},
		{`{"errors":[]}`, "", "", nil},
		{`{"errors":[[]]}`, "", "", nil},
		{`"text"`, "", "text", nil},
		{`7`, "", "7", nil},
	} {
		got := failWith(t, http.StatusBadRequest, tt.body)
		if got.Code != tt.code || got.Message != tt.message || !reflect.DeepEqual(got.Errors, tt.errors) {
			t.Errorf("%s:\n got %q %q %q\nwant %q %q %q", tt.body, got.Code, got.Message, got.Errors, tt.code, tt.message,
				tt.errors)
		}
	}
}

// TestFieldOfEachPlace has every place that what is wrong with a field may stand in.
func TestFieldOfEachPlace(t *testing.T) {
	for entry, want := range map[string][]client.FieldError{
		`{"field":"f"}`:                         {{Field: "f"}},
		`{"property":"p"}`:                      {{Field: "p"}},
		`{"instancePath":"/i"}`:                 {{Field: "i"}},
		`{"field":"f","property":"p"}`:          {{Field: "f"}},
		`{"property":"p","instancePath":"/i"}`:  {{Field: "p"}},
		`{"field":7}`:                           {{Field: "7"}},
		`{"instancePath":""}`:                   nil,
		`{"instancePath":"/a/0/b"}`:             {{Field: "a.0.b"}},
		`{"instancePath":"/a~1b/c~0d/~01"}`:     {{Field: "a/b.c~d.~1"}},
		`{"instancePath":"a"}`:                  {{Field: "a"}},
		`{"code":"c"}`:                          {{Code: "c"}},
		`{"keyword":"k"}`:                       {{Code: "k"}},
		`{"code":"c","keyword":"k"}`:            {{Code: "c"}},
		`{"message":"m"}`:                       {{Message: "m"}},
		`{"message":["m","n"]}`:                 {{Message: "m; n"}},
		`{"field":"f","constraints":{}}`:        {{Field: "f"}},
		`{"field":"f","constraints":"x"}`:       {{Field: "f"}},
		`{"field":"f","constraints":null}`:      {{Field: "f"}},
		`{"field":"f","constraints":{"c":"m"}}`: {{Field: "f", Code: "c", Message: "m"}},
		`{"field":"f","code":"d","message":"n","constraints":{"c":"m","a":7,"b":{}}}`: {
			{"f", "a", "7"}, {"f", "b", ""}, {"f", "c", "m"},
		},
		`{"name":"is bad"}`:                    {{Field: "name", Message: "is bad"}},
		`{"name":["is bad","is long"]}`:        {{Field: "name", Message: "is bad; is long"}},
		`{"b":"2","a":["1"],"c":""}`:           {{Field: "a", Message: "1"}, {Field: "b", Message: "2"}},
		`{"a":7,"b":null,"c":[],"d":[1]}`:      {{Field: "d", Message: "1"}},
		`{"a":{"b":"c"}}`:                      {{Field: "a.b", Message: "c"}},
		`{"a":{"code":"c","message":"m"}}`:     {{Field: "a", Code: "c", Message: "m"}},
		`{"a":[{"code":"c"},"m",{"b":["n"]}]}`: {{Field: "a", Code: "c"}, {Field: "a", Message: "m"}, {Field: "a.b", Message: "n"}},
		`{"a":{"b":{"c":{"d":"e"}}}}`:          {{Field: "a.b.c.d", Message: "e"}},
		`{"a":{"b":{"c":{"d":{"e":"f"}}}}}`:    nil,
		`{}`:                                   nil,
		`"text"`:                               {{Message: "text"}},
		`""`:                                   nil,
		`true`:                                 {{Message: "true"}},
		`null`:                                 nil,
		`[]`:                                   nil,
	} {
		got := failWith(t, http.StatusBadRequest, `{"errors":[`+entry+`]}`).Errors
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %q, want %q", entry, got, want)
		}
		twice := failWith(t, http.StatusBadRequest, `{"errors":[`+entry+`,"between",`+entry+`]}`).Errors
		if want := append(append(append([]client.FieldError{}, want...), client.FieldError{Message: "between"}),
			want...); !reflect.DeepEqual(twice, want) {
			t.Errorf("%s, twice: got %q, want %q", entry, twice, want)
		}
	}
}

func TestErrorWordForProgramsIsACode(t *testing.T) {
	const inCode = "_-.:0123456789abcdefghijklmnopqrstuvwxyz"
	for _, c := range append(ascii(), " ", "é", "世") {
		for _, text := range []string{"x" + c + "y", c + "y", "x" + c, c} {
			want := ""
			if strings.Contains(inCode, c) {
				want = text
			}
			text = strings.TrimSpace(text)
			quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text)
			got := failWith(t, http.StatusBadRequest, `{"error":"`+quoted+`"}`)
			if c == " " && strings.TrimSpace(text) != "x y" {
				continue // the space is at an end
			}
			if got.Code != want || got.Message != text {
				t.Errorf("%q: got %q and %q, want the code %q", text, got.Code, got.Message, want)
			}
		}
	}
}
