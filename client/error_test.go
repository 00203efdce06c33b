package client_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client"
)

// failWith is the *Error of a call whose answer has that status and body.
func failWith(tb testing.TB, status int, body string) *client.Error {
	tb.Helper()
	header := http.Header{"Content-Type": {"application/json"}, "X-Request-Id": {"req_01"}}
	w := newWire(httpmock.NewStringResponder(status, body).HeaderSet(header))
	ctx := client.WithCredentials(tb.Context(), client.Credentials{
		APIKey: testKey, AccessToken: testToken, PlatformToken: testPlatformToken,
	})
	_, err := newAPI(tb, testKey, w.option(), once()).OrganizationsGetWithResponse(ctx, "org_01")
	var failure *client.Error
	if !errors.As(err, &failure) {
		tb.Fatalf("got %v, want an *Error", err)
	}
	return failure
}

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
		{"wrong types", `{"code":7,"message":{"a":1},"error":null,"errors":{"a":[1]}}`, "7", "", nil},
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

func TestErrorTellsWhatFailed(t *testing.T) {
	got := failWith(t, http.StatusUnprocessableEntity,
		`{"code":"unprocessable_entity","message":"Invalid","errors":[{"field":"name","code":"required"},"odd"]}`)
	if got.Operation != "organizations.get" || got.Method != "GET" || got.Path != "/organizations/{id}" ||
		got.StatusCode != 422 || got.RequestID != "req_01" || got.Response.Header.Get("X-Request-Id") != "req_01" {
		t.Errorf("fields: got %q %q %q %d %q", got.Operation, got.Method, got.Path, got.StatusCode, got.RequestID)
	}
	want := "organizations.get: 422 unprocessable_entity: Invalid: name: required; odd (request ID req_01)"
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		if text := fmt.Sprintf(verb, got); text != want {
			t.Errorf("%s: got %q, want %q", verb, text, want)
		}
	}
	if text := failWith(t, http.StatusUnauthorized, "").Error(); text !=
		"organizations.get: 401 Unauthorized (request ID req_01)" {
		t.Errorf("empty body: got %q", text)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("m", "err", got)
	for _, want := range []string{
		"err.operation=organizations.get", "err.status=422", "err.code=unprocessable_entity", "err.request_id=req_01",
		`err.errors="name: required; odd"`,
	} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("log: got %q, want it to contain %q", log.String(), want)
		}
	}
}

func TestStepUpTokenIsInTheBodyAlone(t *testing.T) {
	const token = "pending-cl0ak"
	got := failWith(t, http.StatusForbidden,
		`{"code":"mfa_enrollment","message":"Enroll","pending_authentication_token":"`+token+`","user":{"id":"user_01"}}`)
	var body struct {
		Token string `json:"pending_authentication_token"`
	}
	if err := json.Unmarshal(got.Body, &body); err != nil || body.Token != token {
		t.Errorf("body: got %q, %v; want the token", body.Token, err)
	}
	encoded, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "err", got)
	for _, text := range []string{
		fmt.Sprintf("%v %+v %#v %s %q", got, got, got, got, got), fmt.Sprintf("%d", got), string(encoded), log.String(),
	} {
		if strings.Contains(text, token) {
			t.Errorf("shows the token: %s", text)
		}
	}
}

func TestErrorTextsHaveNoCredential(t *testing.T) {
	const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1In0.c2lnbmF0dXJl"
	for _, tt := range []struct{ body, want string }{
		{`{"message":"key ` + testKey + ` is bad"}`, "key [redacted] is bad"},
		{`{"message":"token ` + testToken + `."}`, "token [redacted]."},
		{`{"message":"'sk_live_other*****'"}`, "'[redacted]'"},
		{`{"message":"api_key=sk_abc&x"}`, "api_key=[redacted]&x"},
		{`{"message":"presk_test_abc"}`, "pre[redacted]"},
		{`{"message":"sk_te\u200bst_abc"}`, "[redacted]"},
		{`{"message":"Bearer ` + jwt + `"}`, "Bearer [redacted]"},
		{`{"message":"risk_level and task_id and sk_"}`, "risk_level and task_id and sk_"},
		{`{"message":["a","` + testKey + `"]}`, "a; [redacted]"},
		{`"` + testKey + `"`, "[redacted]"},
		{`<p>` + testKey + `</p>`, "<p>[redacted]</p>"},
		{strings.Repeat("x", 250) + " " + testToken, strings.Repeat("x", 250) + " [reda…"},
	} {
		if got := failWith(t, http.StatusUnauthorized, tt.body).Message; got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.body, got, tt.want)
		}
	}
	got := failWith(t, http.StatusUnauthorized,
		`{"code":"`+testKey+`","errors":["`+testKey+`",{"field":"`+testToken+`","code":"`+testKey+`"}]}`)
	if text := fmt.Sprintf("%s %q", got, got.Errors); strings.Contains(text, testKey) ||
		strings.Contains(text, testToken) {
		t.Errorf("shows a credential: %s", text)
	}
}

func TestErrorTextsAreBounded(t *testing.T) {
	long := strings.Repeat("é", 10_000)
	got := failWith(t, http.StatusBadRequest, `{"code":"`+long+`","message":"`+long+`","errors":["`+long+`"]}`)
	for name, text := range map[string]string{"code": got.Code, "message": got.Message, "errors": got.Errors[0].Message} {
		if len(text) > 1<<10+len("…") || !utf8.ValidString(text) {
			t.Errorf("%s: got %d bytes, want at most 1 KiB of whole characters", name, len(text))
		}
	}
	many := failWith(t, http.StatusBadRequest, `{"errors":[`+strings.Repeat(`"bad",`, 5000)+`"bad"]}`)
	if got, want := len(many.Errors), 100; got != want {
		t.Errorf("field errors: got %d, want %d", got, want)
	}
	if text := many.Error(); !strings.Contains(text, "and 92 more") {
		t.Errorf("text: got %q, want it to count the rest", text)
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
	for _, piece := range []string{"eyJ1", "ask_", "sk_ ", "eyJ.", "?", "# ", "\u200b", testKey, "{", "[", `{"message":`} {
		for name, body := range map[string]func(int) string{
			"text": func(length int) string { return strings.Repeat(piece, length/len(piece)) },
			"JSON": func(length int) string { return `{"message":["` + strings.Repeat(piece[:1], length) + `"]}` },
		} {
			small, large := allocated(body(short)), allocated(body(times*short))
			if large > 2*times*small {
				t.Errorf("%s of %q: got %d bytes for %d and %d for %d, want at most twice as much a byte",
					name, piece, small, short, large, times*short)
			}
		}
	}
}

func TestErrorOfARequestBuiltByHand(t *testing.T) {
	w := newWire(answerJSON(http.StatusTeapot, `{}`))
	api := newAPI(t, testKey, w.option())
	_, err := api.OrganizationsGetWithResponse(t.Context(), "org_01", moveTo("/new/thing"))
	var failure *client.Error
	if !errors.As(err, &failure) || failure.Operation != "" || failure.Path != "" {
		t.Fatalf("got %v, want an *Error without operation", err)
	}
	if got, want := err.Error(), "GET request: 418 I'm a teapot"; got != want {
		t.Errorf("text: got %q, want %q", got, want)
	}
}

func FuzzErrorIsFitToPrint(f *testing.F) {
	for _, body := range []string{
		`{"message":["a"],"errors":[{"property":"p","constraints":{"c":"m"}}]}`, `"Ratelimited"`, ``, `<html>`,
		`{"error":"invalid_grant","error_description":"x"}`, `{"errors":[{"instancePath":"/a~1b/0"}]}`,
		testKey, `{"message":"` + testToken + `"}`, "\xff\x00sk_" + testKey + testKey, `sk_sk_a eyJ.eyJ.a.b`,
	} {
		f.Add(404, body)
	}
	f.Fuzz(func(t *testing.T, status int, body string) {
		if status < 300 || status > 999 {
			return
		}
		got := failWith(t, status, body)
		texts := []string{got.Error(), got.Code, got.Message, got.LogValue().String()}
		for _, e := range got.Errors {
			texts = append(texts, e.Field, e.Code, e.Message)
		}
		for _, text := range texts {
			if len(text) > 8<<10 || !utf8.ValidString(text) {
				t.Errorf("got %d bytes, want a bounded text in UTF-8: %q", len(text), text)
			}
			if strings.ContainsFunc(text, unicode.IsControl) {
				t.Errorf("control character in %q", text)
			}
			if strings.Contains(text, testKey) || strings.Contains(text, testToken) {
				t.Errorf("credential in %q", text)
			}
		}
	})
}
