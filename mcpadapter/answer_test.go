package mcpadapter_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"time"
	"unicode/utf8"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

func TestAnswersBecomeOneObject(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name        string
		status      int
		contentType string
		body        string
		want        string
	}{
		{"object made compact", 200, "application/json", " {\n \"id\" : 9007199254740993 }\n", `{"id":9007199254740993}`},
		{"order kept", 200, "application/json", `{"b":1,"a":{"d":[ ],"c":null}}`, `{"b":1,"a":{"d":[],"c":null}}`},
		{"list", 200, "application/json; charset=utf-8", `[{"id": 1}]`, `{"data":[{"id":1}]}`},
		{"empty list", 200, "application/json", `[]`, `{"data":[]}`},
		{"string", 200, "application/json", `"<x>"`, `{"value":"<x>"}`},
		{"null", 200, "application/json", `null`, `{"value":null}`},
		{"no content", 204, "", "", `{}`},
		{"empty", 200, "application/json", "", `{}`},
		{"blank", 201, "application/json", "\r\n ", `{}`},
		{"JSON by another name", 200, "application/problem+json", `{}`, `{}`},
		{"JSON without a name", 200, "text/plain", `{"a":1}`, `{"a":1}`},
		{
			"text", 200, "text/plain; charset=utf-8",
			" a & \"b\"\n", `{"content_type":"text/plain; charset=utf-8","text":"a & \"b\""}`,
		},
		{"page", 200, "text/html", "<p>", `{"content_type":"text/html","text":"<p>"}`},
		{"invalid UTF-8", 200, "application/json", "{\"a\":\"\xff\xfe.\"}", "{\"a\":\"\uFFFD.\"}"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a, _ := newShop(t, answering(c.status, c.contentType, c.body))
			r := invoke(t, a, "teas.delete", `{"tea_id":"1"}`)
			if r.Failure != nil {
				t.Fatalf("got %s, want success", r.Failure)
			}
			if string(r.JSON) != c.want {
				t.Errorf("got  %s\nwant %s", r.JSON, c.want)
			}
			if r.Text() != string(r.JSON) {
				t.Errorf("text: got %s, want the JSON", r.Text())
			}
		})
	}
}

func TestARedirectIsAnswerAndNotFollowed(t *testing.T) {
	t.Parallel()
	a, wire := newShop(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://carrier.example/?n=1&lang=en", http.StatusFound)
	})
	r := invoke(t, a, "parcels.track", `{"number":1}`)
	if want := `{"location":"https://carrier.example/?n=1&lang=en"}`; string(r.JSON) != want {
		t.Errorf("got %s, want %s", r.JSON, want)
	}
	if n := len(wire.seen()); n != 1 {
		t.Errorf("got %d requests, want 1", n)
	}
}

func TestUnreadableAnswersAreFailures(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name        string
		contentType string
		body        string
		part        string
	}{
		{"page labelled JSON", "application/json", "<html>\nOops</html>", "not what it says it is: <html> Oops</html>"},
		{"cut off", "application/json", `{"id":`, "not what it says it is"},
		{"two values", "application/json", `{}{}`, "not what it says it is"},
		{"binary", "image/png", "\x89PNG\xff\x00", "not what it says it is"},
		{"too deep", "application/json", strings.Repeat("[", 20000) + strings.Repeat("]", 20000), "not what it says"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a, _ := newShop(t, answering(http.StatusOK, c.contentType, c.body))
			r := invoke(t, a, "getTea", `{"tea_id":"1"}`)
			wantFailure(t, r, mcpadapter.CodeRequestFailed, 200)
			wantParts(t, "text", r.Text(), "the call succeeded", c.part)
		})
	}
}

func TestAnswersLargerThanTheLimitAreFailures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		size int
		fits bool
	}{{99, true}, {100, true}, {101, false}, {1 << 20, false}} {
		a, _ := newShop(t, answering(http.StatusOK, "", `"`+strings.Repeat("a", c.size-2)+`"`),
			mcpadapter.WithMaxResponseBytes(100))
		r := invoke(t, a, "getTea", `{"tea_id":"1"}`)
		if c.fits {
			if r.Failure != nil {
				t.Errorf("%d bytes: got %s, want success", c.size, r.Failure)
			}
			continue
		}
		wantFailure(t, r, mcpadapter.CodeRequestFailed, 200)
		wantParts(t, "text", r.Text(), "more than 100 bytes")
	}
}

func TestTheLargestLimitReadsEverything(t *testing.T) {
	t.Parallel()
	a, _ := newShop(t, answering(http.StatusOK, "", `{"id":"1"}`), mcpadapter.WithMaxResponseBytes(1<<63-1))
	if r := invoke(t, a, "getTea", `{"tea_id":"1"}`); string(r.JSON) != `{"id":"1"}` {
		t.Errorf("got %s, want the answer", r.JSON)
	}
}

func TestErrorAnswersKeepWhatTheAPISays(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		status int
		body   string
		want   mcpadapter.Failure
	}{
		{
			"code and message", 422, `{"code":"bad_name","message":"Names are short.","errors":[{"field":"name"}]}`,
			mcpadapter.Failure{
				Code: "bad_name", Message: "Names are short.", Details: json.RawMessage(`[{"field":"name"}]`),
			},
		},
		{
			"OAuth (RFC 6749 section 5.2)", 400, `{"error":"invalid_grant","error_description":"The code is used."}`,
			mcpadapter.Failure{Code: "invalid_grant", Message: "The code is used."},
		},
		{
			"problem details (RFC 9457)", 403, `{"type":"about:blank","title":"No","detail":"Not yours.","status":403}`,
			mcpadapter.Failure{Code: "forbidden", Message: "Not yours."},
		},
		{
			"nested", 409, `{"error":{"code":"taken","message":"It exists.","details":{"id":1}}}`,
			mcpadapter.Failure{Code: "taken", Message: "It exists.", Details: json.RawMessage(`{"id":1}`)},
		},
		{
			"errors alone", 400, `{"errors":["a","b"],"details":[]}`,
			mcpadapter.Failure{Code: "bad_request", Details: json.RawMessage(`["a","b"]`)},
		},
		{"other fields", 400, `{"msg":"no"}`, mcpadapter.Failure{Code: "bad_request", Message: `{"msg":"no"}`}},
		{"fields of other types", 400, `{"code":7,"message":[]}`, mcpadapter.Failure{
			Code: "bad_request", Message: `{"code":7,"message":[]}`,
		}},
		{"text", 503, "down\x01 for\nmaintenance", mcpadapter.Failure{
			Code: "service_unavailable", Message: "down  for maintenance",
		}},
		{"list", 500, `["x"]`, mcpadapter.Failure{Code: "internal_server_error", Message: `["x"]`}},
		{"nothing", 404, "", mcpadapter.Failure{Code: "not_found"}},
		{"null", 404, "null", mcpadapter.Failure{Code: "not_found", Message: "null"}},
		{"status without a name", 599, "", mcpadapter.Failure{Code: "http_599"}},
		{"teapot", 418, "", mcpadapter.Failure{Code: "im_a_teapot"}},
		{"redirect to nowhere", 304, "", mcpadapter.Failure{Code: "not_modified"}},
		{"invalid UTF-8", 400, "{\"message\":\"\xff\",\"errors\":[\"\xfe\"]}", mcpadapter.Failure{
			Code: "bad_request", Message: "\uFFFD", Details: json.RawMessage("[\"\uFFFD\"]"),
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a, _ := newShop(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Request-Id", "req_1")
				answering(c.status, "application/json", c.body)(w, r)
			})
			r := invoke(t, a, "getTea", `{"tea_id":"1"}`)
			wantFailure(t, r, c.want.Code, c.status)
			if r.Failure.Message != c.want.Message {
				t.Errorf("message: got %q, want %q", r.Failure.Message, c.want.Message)
			}
			if string(r.Failure.Details) != string(c.want.Details) {
				t.Errorf("details: got %s, want %s", r.Failure.Details, c.want.Details)
			}
			if r.Failure.RequestID != "req_1" {
				t.Errorf("request ID: got %q, want req_1", r.Failure.RequestID)
			}
			wantParts(t, "text", r.Text(), "Request ID: req_1", c.want.Code)
		})
	}
}

func TestBrokenConnectionsAreFailures(t *testing.T) {
	t.Parallel()
	hang := func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	}
	a, _ := newShop(t, hang)
	r := invoke(t, a, "getTea", `{"tea_id":"secret_1"}`)
	wantFailure(t, r, mcpadapter.CodeRequestFailed, 0)
	wantParts(t, "text", r.Text(), "EOF")
	if strings.Contains(r.Text(), "secret_1") {
		t.Errorf("got %s, want no URL in it", r.Text())
	}

	a, _ = newShop(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, `{"id":"1"`)
		hang(w, r)
	})
	r = invoke(t, a, "getTea", `{"tea_id":"1"}`)
	wantFailure(t, r, mcpadapter.CodeRequestFailed, 200)
	wantParts(t, "text", r.Text(), "unexpected EOF")

	r = invoke(t, shopWith(t, responding(201, iotest.ErrReader(errors.New("reset")))), "getTea", `{"tea_id":"1"}`)
	wantFailure(t, r, mcpadapter.CodeRequestFailed, 201)
	wantParts(t, "text", r.Text(), "reset")
}

func TestAnUnreachableServerIsAFailure(t *testing.T) {
	t.Parallel()
	listener := httptest.NewServer(nil)
	url := listener.URL
	listener.Close()
	r := invoke(t, adapterFor(t, url, &http.Client{}), "teas.list", `{"labels":{"a":"secret"}}`)
	wantFailure(t, r, mcpadapter.CodeRequestFailed, 0)
	if strings.Contains(r.Text(), "secret") {
		t.Errorf("got %s, want no query in it", r.Text())
	}
}

func TestCanceledCallsAreFailures(t *testing.T) {
	t.Parallel()
	a, wire := newShop(t, nil)
	r := tool(t, a, "teas.list").Invoke(canceled(t), nil)
	wantFailure(t, r, mcpadapter.CodeCanceled, 0)
	if n := len(wire.seen()); n != 0 {
		t.Errorf("got %d requests, want none", n)
	}

	done := make(chan struct{})
	defer close(done)
	slow := shopWith(t, func(r *http.Request) (*http.Response, error) {
		select {
		case <-r.Context().Done():
			return nil, r.Context().Err()
		case <-done:
			return nil, net.ErrClosed
		}
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	r = tool(t, slow, "teas.list").Invoke(ctx, nil)
	wantFailure(t, r, mcpadapter.CodeCanceled, 0)
	wantParts(t, "text", r.Text(), "ran out of time", "may have been sent")
}

func TestBodiesOfAnswersAreClosed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{200, 204, 302, 404} {
		body := &closer{Reader: strings.NewReader("{}")}
		a := shopWith(t, func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: status, Header: http.Header{"Location": {"/x"}}, Body: body}, nil
		})
		invoke(t, a, "getTea", `{"tea_id":"1"}`)
		if !body.closed {
			t.Errorf("%d: got an open body, want it closed", status)
		}
	}
}

type closer struct {
	io.Reader

	closed bool
}

func (c *closer) Close() error {
	c.closed = true
	return nil
}

// wantFailure checks what every failure holds beside its own fields.
func wantFailure(tb testing.TB, r mcpadapter.Result, code string, status int) {
	tb.Helper()
	if r.Failure == nil {
		tb.Fatalf("got %s, want a failure", r.JSON)
	}
	if r.Failure.Code != code || r.Failure.Status != status {
		tb.Errorf("got %d %s, want %d %s", r.Failure.Status, r.Failure.Code, status, code)
	}
	var written struct {
		Error *mcpadapter.Failure `json:"error"`
	}
	if err := json.Unmarshal(r.JSON, &written); err != nil || written.Error == nil || written.Error.Code != code {
		tb.Errorf("JSON: got %s (%v), want the failure under error", r.JSON, err)
	}
	if !utf8.Valid(r.JSON) || !utf8.ValidString(r.Text()) {
		tb.Errorf("got %q, want UTF-8", r.JSON)
	}
}
