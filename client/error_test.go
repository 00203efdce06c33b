package client_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client"
)

func TestErrorStatesWhatIsKnown(t *testing.T) {
	fields := []client.FieldError{{Field: "f", Code: "c", Message: "m"}, {Field: "f", Code: "c"}, {Field: "f"},
		{Code: "c", Message: "m"}, {Code: "c"}, {Message: "m"}, {}}
	const joined = "f: m; f: c; f; m; c; m; "
	for _, tt := range []struct {
		err  client.Error
		want string
	}{
		{client.Error{}, " request: 0"},
		{client.Error{Method: "PATCH", StatusCode: 404}, "PATCH request: 404 Not Found"},
		{client.Error{Operation: "a.b", Method: "PATCH", StatusCode: 404}, "a.b: 404 Not Found"},
		{client.Error{Operation: "a.b", StatusCode: 599}, "a.b: 599"},
		{client.Error{Operation: "a.b", StatusCode: 404, Code: "c"}, "a.b: 404 c"},
		{client.Error{Operation: "a.b", StatusCode: 404, Message: "m"}, "a.b: 404: m"},
		{client.Error{Operation: "a.b", StatusCode: 404, Code: "c", Message: "m"}, "a.b: 404 c: m"},
		{client.Error{Operation: "a.b", StatusCode: 404, Code: "c", Message: "c"}, "a.b: 404 c"},
		{client.Error{Operation: "a.b", StatusCode: 404, RequestID: "r"}, "a.b: 404 Not Found (request ID r)"},
		{client.Error{Operation: "a.b", StatusCode: 422, Errors: fields}, "a.b: 422: " + joined},
		{client.Error{Operation: "a.b", StatusCode: 422, Code: "c", Message: "m", Errors: fields, RequestID: "r"},
			"a.b: 422 c: m: " + joined + " (request ID r)"},
	} {
		for text, want := range map[string]string{
			tt.err.Error(): tt.want, fmt.Sprint(tt.err): tt.want, fmt.Sprintf("%#v", &tt.err): tt.want,
			fmt.Sprintf("%q", tt.err): fmt.Sprintf("%q", tt.want),
		} {
			if text != want {
				t.Errorf("got %q, want %q", text, want)
			}
		}
	}
}

func TestErrorLogsWhatIsKnown(t *testing.T) {
	for want, err := range map[string]*client.Error{
		"<nil>":                                nil,
		"[operation= request status=0]":        {},
		"[operation=a.b status=404 code=c]":    {Operation: "a.b", StatusCode: 404, Code: "c"},
		"[operation=a.b status=404 message=m]": {Operation: "a.b", StatusCode: 404, Message: "m"},
		"[operation=a.b status=404 errors=f]": {Operation: "a.b", StatusCode: 404,
			Errors: []client.FieldError{{Field: "f"}}},
		"[operation=a.b status=404 request_id=r]": {Operation: "a.b", StatusCode: 404, RequestID: "r"},
	} {
		if got := err.LogValue().String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	var out bytes.Buffer
	slog.New(slog.NewTextHandler(&out, nil)).Info("m", "error", (*client.Error)(nil))
	if !strings.HasSuffix(out.String(), " error=<nil>\n") {
		t.Errorf("no error: got %s", out.String())
	}
}

func TestResponseOfAnErrorIsWhatItSays(t *testing.T) {
	fields := []client.FieldError{{Field: "f"}}
	for _, tt := range []client.Error{
		{}, {StatusCode: 404, Code: "c", Message: "m", RequestID: "r"}, {StatusCode: 422, Errors: fields},
	} {
		r := tt.ResponseError()
		if r.Status != tt.StatusCode || r.Code != tt.Code || r.Message != tt.Message || r.RequestID != tt.RequestID {
			t.Errorf("got %+v, want what %+v says", r, tt)
		}
		given, _ := r.Details.([]client.FieldError)
		if !slices.Equal(given, tt.Errors) || (r.Details == nil) != (len(tt.Errors) == 0) {
			t.Errorf("details: got %#v, want %v", r.Details, tt.Errors)
		}
	}
}

// What is passed on has all members of a body, and no credential of the request however it is written.
func TestBodyOfAResponseErrorHasNoCredential(t *testing.T) {
	for body, want := range map[string]string{
		`{"code":"c","organizations":[{"id":"org_1","n":1.50}],"user":null}`: `{"code":"c","organizations":[{"id":"org_1","n":1.50}],"user":null}`,
		`{"message":"The key sk_test_123 is wrong.","sk_test_123":["sk_test_123"]}`: `{"[redacted]":["[redacted]"],` +
			`"message":"The key [redacted] is wrong."}`,
		`{"a":{"b":"\u0073k_test_123"}}`: `{"a":{"b":"[redacted]"}}`,
		`["sk_test_123"]`:                ``,
		`null`:                           ``,
		`{"a":1`:                         ``,
		`{"a":1}{"b":2}`:                 ``,
		`<html>`:                         ``,
		``:                               ``,
	} {
		if got := string(failWith(t, http.StatusForbidden, body).ResponseError().Body); got != want {
			t.Errorf("%s: got %s, want %s", body, got, want)
		}
	}
	if r := (&client.Error{Body: []byte(`{"code":"c"}`)}).ResponseError(); r.Body != nil {
		t.Errorf("an error that was not read here: got the body %s", r.Body)
	}
}

func TestErrorHasItsFieldsInJSON(t *testing.T) {
	got, err := json.Marshal(failWith(t, http.StatusUnprocessableEntity,
		`{"code":"c","message":"m","errors":[{"field":"f","code":"c"}]}`))
	const want = `{"operation":"organizations.get","method":"GET","path":"/organizations/{id}","status":422,"code":"c",` +
		`"message":"m","errors":[{"field":"f","code":"c"}],"request_id":"req_01"}`
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v; want %s", got, err, want)
	}
}

func TestKindsOfErrors(t *testing.T) {
	kinds := map[error]func(status int, fields bool) bool{
		client.ErrBadRequest:      func(s int, _ bool) bool { return s == 400 },
		client.ErrUnauthorized:    func(s int, _ bool) bool { return s == 401 },
		client.ErrForbidden:       func(s int, _ bool) bool { return s == 403 },
		client.ErrNotFound:        func(s int, _ bool) bool { return s == 404 },
		client.ErrConflict:        func(s int, _ bool) bool { return s == 409 },
		client.ErrValidation:      func(s int, f bool) bool { return s == 422 || s == 400 && f },
		client.ErrRateLimited:     func(s int, _ bool) bool { return s == 429 },
		client.ErrServer:          func(s int, _ bool) bool { return s >= 500 },
		client.ErrInvalidResponse: func(int, bool) bool { return false },
		client.ErrNoCredentials:   func(int, bool) bool { return false },
		io.EOF:                    func(int, bool) bool { return false },
	}
	for status := 300; status < 600; status++ {
		for _, fields := range []bool{false, true} {
			failed := &client.Error{StatusCode: status}
			if fields {
				failed.Errors = []client.FieldError{{}}
			}
			for kind, want := range kinds {
				if got := errors.Is(failed, kind); got != want(status, fields) {
					t.Errorf("%d with fields %t is %v: got %t", status, fields, kind, got)
				}
			}
			if errors.Unwrap(failed) != nil {
				t.Errorf("%d: got the cause %v, want none", status, errors.Unwrap(failed))
			}
		}
	}
}

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

func TestErrorStatesWhatFailed(t *testing.T) {
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

func TestErrorOfARequestBuiltByHand(t *testing.T) {
	w := newWire(respondJSON(http.StatusTeapot, `{}`))
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

func TestCopiesOfAnErrorPrintNoBody(t *testing.T) {
	failed := failWith(t, http.StatusForbidden, `{"code":"mfa_challenge","pending_authentication_token":"PENDING"}`)
	step, _ := failed.StepUp()
	var out bytes.Buffer
	log := slog.New(slog.NewJSONHandler(&out, nil))
	log.Info("m", "error", *failed, "step", step, "state", struct{ Step *client.StepUp }{step},
		"all", []client.Error{*failed})
	fmt.Fprintf(&out, "%s %q %v %+v %#v %x", *failed, *failed, *failed, *failed, *failed, *failed)
	if strings.Contains(out.String(), "PENDING") || strings.Contains(out.String(), fmt.Sprintf("%x", "PENDING")) {
		t.Errorf("the token shows: %s", out.String())
	}
}

// TestSuccessHasNoError has all that a call returns where nothing is wrong, and where something is.
func TestSuccessHasNoError(t *testing.T) {
	c := replying(t, func() *http.Response { return byHand(http.StatusOK, anOrg) })
	if got, err := c.Organizations.Get(t.Context(), "org_01"); got == nil || err != nil {
		t.Errorf("got %v, %v; want an organization alone", got, err)
	}
	if err := c.Organizations.Delete(t.Context(), "org_01"); err != nil {
		t.Errorf("got %v, want nothing", err)
	}
	bad := replying(t, func() *http.Response { return byHand(http.StatusBadRequest, `{}`) })
	if got, err := bad.Organizations.Get(t.Context(), "org_01"); got != nil || !errors.Is(err, client.ErrBadRequest) {
		t.Errorf("got %v, %v; want an error alone", got, err)
	}
	if err := bad.Organizations.Delete(t.Context(), "org_01"); !errors.Is(err, client.ErrBadRequest) {
		t.Errorf("got %v, want an error", err)
	}
	if page, err := bad.Organizations.List(t.Context(), nil); page != nil || !errors.Is(err, client.ErrBadRequest) {
		t.Errorf("got %v, %v; want an error alone", page, err)
	}
	if got, err := bad.SSO.Authorize.Get(t.Context(), authorizeParams()); got != nil || !errors.Is(err,
		client.ErrBadRequest) {
		t.Errorf("got %v, %v; want an error alone", got, err)
	}
}
