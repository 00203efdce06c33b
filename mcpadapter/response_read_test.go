package mcpadapter_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// replying returns a network of one response with headers.
func replying(status int, body string, header ...string) shoptest.Doer {
	return func(*http.Request) (*http.Response, error) {
		h := http.Header{}
		for i := 0; i < len(header); i += 2 {
			h.Set(header[i], header[i+1])
		}
		return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}, nil
	}
}

func TestEachStatusIsSuccessARedirectOrAFailure(t *testing.T) {
	t.Parallel()
	const location = "https://carrier.example/?a=1&b=<2>"
	for status := 200; status < 600; status++ {
		a := shoptest.NewWith(t, replying(status, `{"id":"1"}`, "Location", location))
		plain, redirect := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`), shoptest.Invoke(t, a, "parcels.track", `{"number":1}`)
		switch {
		case status < 300:
			if string(plain.JSON) != `{"id":"1"}` || string(redirect.JSON) != `{"id":"1"}` {
				t.Errorf("%d: got %s and %s, want the body", status, plain.Text(), redirect.Text())
			}
		case status < 400:
			if got, want := string(redirect.JSON), `{"location":"`+location+`"}`; redirect.Failure != nil || got != want {
				t.Errorf("%d: got %s, want %s", status, redirect.Text(), want)
			}
			if plain.Failure == nil || plain.Failure.Status != status {
				t.Errorf("%d: got %s, want a failure, as no redirect is documented", status, plain.Text())
			}
		default:
			if plain.Failure == nil || redirect.Failure == nil || redirect.Failure.Status != status {
				t.Errorf("%d: got %s and %s, want failures", status, plain.Text(), redirect.Text())
			}
		}
		if status/100 == 3 {
			nowhere := shoptest.NewWith(t, replying(status, ""))
			if r := shoptest.Invoke(t, nowhere, "parcels.track", `{"number":1}`); r.Failure == nil || r.Failure.Status != status {
				t.Errorf("%d: got %s, want a failure without a location", status, r.Text())
			}
		}
	}
}

// The body of 101 Switching Protocols, which nobody asked for, is the connection: to read it would take for ever.
func TestAProtocolThatNobodyAskedForIsNotRead(t *testing.T) {
	t.Parallel()
	read := func([]byte) (int, error) {
		t.Error("the connection is read")
		return 0, io.EOF
	}
	a := shoptest.NewWith(t, func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusSwitchingProtocols, Body: io.NopCloser(readFunc(read))}, nil
	})
	shoptest.WantFailure(t, shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`), "switching_protocols", 101)
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(b []byte) (int, error) { return f(b) }

func TestFailuresWithoutACodeAreCalledByTheirStatus(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{
		400: "bad_request", 401: "unauthorized", 402: "payment_required", 404: "not_found", 405: "method_not_allowed",
		413: "request_entity_too_large", 418: "im_a_teapot", 422: "unprocessable_entity", 429: "too_many_requests",
		499: "http_499", 500: "internal_server_error", 502: "bad_gateway",
		505: "http_version_not_supported", 307: "temporary_redirect", 300: "multiple_choices",
	} {
		a := shoptest.NewWith(t, replying(status, ""))
		shoptest.WantFailure(t, shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`), want, status)
	}
}

func TestWhatCannotBeReadAsJSONIsTextOrAFailure(t *testing.T) {
	t.Parallel()
	const begins = "the call succeeded, but its body does not match its content type: "
	for _, c := range []struct{ contentType, body, want, failure string }{
		{"", "a", `{"content_type":"","text":"a"}`, ""},
		{"text/plain", "a", `{"content_type":"text/plain","text":"a"}`, ""},
		{"text/plain; charset=\"", "a", `{"content_type":"text/plain; charset=\"","text":"a"}`, ""},
		{"application/jsonl", "a", `{"data":["a"]}`, ""},
		{"text/plain", "{\u202e", `{"content_type":"text/plain","text":"{\u202e"}`, ""},
		{"application/json", "a", "", begins + "a"},
		{"APPLICATION/JSON; charset=utf-8", "a", "", begins + "a"},
		{"application/problem+json", "a", "", begins + "a"},
		{"text/json", "a b", "", begins + "a b"},
		{"text/plain", "a\xff", "{\"content_type\":\"text/plain\",\"text\":\"a\uFFFD\"}", ""},
		{"text/plain; charset=ISO-8859-1", "\xe9", `{"content_type":"text/plain; charset=ISO-8859-1","text":"é"}`, ""},
		{"text/plain", "\xffa\x00b", "", begins + "a b"},
		{"application/json", "\x1fa\x20b\x1f", "", begins + "a b"},
		{"application/json", strings.Repeat("a", 60), "", begins + strings.Repeat("a", 60)},
		{"application/json", strings.Repeat("a", 61), "", begins + strings.Repeat("a", 60) + "…"},
		{"application/json", strings.Repeat("\x01", 499) + "bc", "", begins + "b"},
		{"application/json", strings.Repeat("\x01", 500) + "bc", "", begins},
		{"application/json", `{"a":`, "", begins + `{"a":`},
	} {
		a := shoptest.NewWith(t, replying(200, c.body, "Content-Type", c.contentType))
		r := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`)
		switch {
		case c.failure != "":
			shoptest.WantFailure(t, r, mcpadapter.CodeRequestFailed, 200)
			if r.Failure.Message != c.failure {
				t.Errorf("%s %q: got %q, want %q", c.contentType, c.body, r.Failure.Message, c.failure)
			}
		case strings.Contains(c.body, "\u202e"):
			if want := `{"content_type":"text/plain","text":"{` + asEscape(0x202E) + `"}`; string(r.JSON) != want {
				t.Errorf("got %s, want %s", r.Text(), want)
			}
		case string(r.JSON) != c.want:
			t.Errorf("%s %q: got %s, want %s", c.contentType, c.body, r.Text(), c.want)
		}
	}
}

func TestTheBeginningOfWhatMayBeJSONIsHidden(t *testing.T) {
	t.Parallel()
	const begins = "the call succeeded, but its body does not match its content type: "
	for body, hidden := range map[string]bool{
		"a": false, "a {": true, "a [": true, "{": true, "[": true, "a }": false, "a ]": false, `"a"b`: false,
	} {
		want := body
		if hidden {
			want = "unreadable JSON"
		}
		a := shoptest.NewWith(t, replying(200, body, "Content-Type", "application/json"), mcpadapter.WithHiddenSecrets())
		if got := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`).Failure; got == nil || got.Message != begins+want {
			t.Errorf("%s: got %v, want %s", body, got, want)
		}
		a = shoptest.NewWith(t, replying(400, body)) // of an error always
		if got := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`).Failure; got == nil || got.Message != want {
			t.Errorf("400 %s: got %v, want %s", body, got, want)
		}
	}
}

func TestAnErrorIsReadFieldByField(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ body, code, message, details string }{
		{`{"code":"c","error":"e"}`, "c", `{"code":"c","error":"e"}`, ``},
		{`{"error":"e"}`, "e", `{"error":"e"}`, ``},
		{`{"code":"","error":"e"}`, "e", `{"code":"","error":"e"}`, ``},
		{`{"code":null,"error":"e"}`, "e", `{"code":null,"error":"e"}`, ``},
		{
			`{"message":"m","error_description":"d","detail":"x","title":"t"}`, "bad_request", "m",
			`{"error_description":"d","detail":"x","title":"t"}`,
		},
		{`{"error_description":"d","detail":"x","title":"t"}`, "bad_request", "d", `{"detail":"x","title":"t"}`},
		{`{"title":"t","detail":"x"}`, "bad_request", "x", `{"title":"t"}`},
		{`{"title":"t"}`, "bad_request", "t", ``},
		{`{"message":"","title":"t"}`, "bad_request", "t", ``},
		{`{"message":1,"title":"t"}`, "bad_request", "t", `{"message":1}`},
		{`{"errors":[1],"details":[2]}`, "bad_request", "", `{"errors":[1],"details":[2]}`},
		{`{"details":[2]}`, "bad_request", "", `[2]`},
		{`{"errors":[],"details":[2]}`, "bad_request", "", `[2]`},
		{`{"errors":{},"details":{"a":1}}`, "bad_request", "", `{"a":1}`},
		{`{"errors":"","details":"x"}`, "bad_request", "", `"x"`},
		{`{"errors":12,"details":123}`, "bad_request", "", `{"errors":12,"details":123}`},
		{`{"message":"m","errors":[1]}`, "bad_request", "m", `[1]`},
		{`{"errors":[]}`, "bad_request", `{"errors":[]}`, ``},
		{`{"errors":null}`, "bad_request", `{"errors":null}`, ``},
		{`{"error":{"code":"c","message":"m"},"code":"x","message":"y"}`, "c", "m", `{"code":"x","message":"y"}`},
		{`{"error":{"code":"c","message":"m","x":1},"x":2,"y":3}`, "c", "m", `{"x":1,"y":3}`},
		{`{"z":0,"error":{"message":"m"},"code":"c"}`, "bad_request", "m", `{"z":0,"code":"c"}`},
		{`{"error":{},"code":"x","message":"y"}`, "bad_request", `{"error":{},"code":"x","message":"y"}`, ``},
		{`{"error":null,"code":"x","message":"y"}`, "x", "y", ``},
		{`{"error":[1],"code":"x","message":"y"}`, "x", "y", `{"error":[1]}`},
		{`{"code":"c","message":"m","organizations":[{"id":"o"}],"user":{"id":"u"}}`, "c", "m", `{"organizations":[{"id":"o"}],"user":{"id":"u"}}`},
		{`{"code":"c","message":"m","pending_authentication_token":"secret"}`, "c", "m", `{"pending_authentication_token":"[hidden]"}`},
		{`{"code":"c","message":"m","errors":[],"other":[],"text":"","nothing":null,"none":{}}`, "c", "m", ``},
		{`{"code":"c","message":"m","error":"c","description":"m","request_id":"r","statusCode":400,"status":"c"}`, "c", "m", ``},
		{`{"code":"c","message":"m","status":401,"size":400,"request_id":"s"}`, "c", "m", `{"status":401,"size":400,"request_id":"s"}`},
		{`{"type":"about:blank","title":"t","status":400,"instance":"/x"}`, "bad_request", "t", `{"instance":"/x"}`},
		{`{"message":"m","a":1,"a":2,"errors":[1]}`, "bad_request", "m", `{"a":1,"errors":[1]}`},
		{`"text"`, "bad_request", `"text"`, ``},
		{` {"message" : "m" } `, "bad_request", "m", ``},
		{`{"x":"` + strings.Repeat("y", 54) + `"}`, "bad_request", `{"x":"` + strings.Repeat("y", 54) + `…`, `{"x":"` + strings.Repeat("y", 54) + `"}`},
		{`{"x":"` + strings.Repeat("y", 52) + `"}`, "bad_request", `{"x":"` + strings.Repeat("y", 52) + `"}`, ``},
		{strings.Repeat("[", 201) + strings.Repeat("]", 201), "bad_request", "unreadable JSON", ``},
		{strings.Repeat("[", 200) + strings.Repeat("]", 200), "bad_request", strings.Repeat("[", 60) + "…", ``},
	} {
		a := shoptest.NewWith(t, replying(400, c.body, "X-Request-Id", "r"))
		f := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`).Failure
		if f == nil || f.Code != c.code || f.Message != c.message || string(f.Details) != c.details ||
			f.RequestID != "r" || f.Status != 400 || f.RetryAfter != 0 {
			t.Errorf("%.80s: got %+v, want %s, %q and %s", c.body, f, c.code, c.message, c.details)
		}
	}
}

func TestAnErrorLargerThanTheLimitIsReadToItsLimit(t *testing.T) {
	t.Parallel()
	const body = `{"message":"m"}`
	for most, want := range map[int]string{
		len(body) + 1: "m", len(body): "m", len(body) - 1: "unreadable JSON", 1: "unreadable JSON",
	} {
		a := shoptest.NewWith(t, replying(400, body), mcpadapter.WithMaxResponseBytes(int64(most)))
		if f := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`).Failure; f == nil || f.Message != want || f.Status != 400 {
			t.Errorf("%d bytes: got %v, want %s", most, f, want)
		}
	}
	a := shoptest.NewWith(t, replying(200, body), mcpadapter.WithMaxResponseBytes(int64(len(body)-1)))
	const tooLarge = "the call succeeded, but its response has more than 14 bytes; ask for less"
	f := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`).Failure
	if f == nil || f.Message != tooLarge || f.Status != 200 || f.Code != mcpadapter.CodeRequestFailed {
		t.Errorf("got %v, want %s", f, tooLarge)
	}
}

func TestAResponseThatEndsEarlyKeepsItsStatus(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 201, 299, 400, 500} {
		a := shoptest.NewWith(t, shoptest.Responding(status, iotest.ErrReader(errors.New("cut off"))))
		f := shoptest.Invoke(t, a, "teas.delete", `{"tea_id":"1"}`).Failure
		if f == nil || f.Status != status || f.Message != "cut off" || f.Code != mcpadapter.CodeRequestFailed {
			t.Errorf("%d: got %+v, want the status with what happened", status, f)
		}
	}
}
