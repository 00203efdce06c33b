package mcpadapter_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

func TestAWaitIsToldInWholeSecondsOfADay(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]int{
		"": 0, "0": 0, "1": 1, "59": 59, "86399": 86399, "86400": 86400, "86401": 86400, "4294967295": 86400,
		"4294967296": 0, "-1": 0, "+1": 0, "1.5": 0, "1s": 0, " 1": 0, "soon": 0,
	} {
		a := shoptest.NewWith(t, replying(429, "", "Retry-After", header))
		if got := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`).Failure.RetryAfter; got != want {
			t.Errorf("%q: got %d, want %d", header, got, want)
		}
	}
	for wait, want := range map[time.Duration]int{
		-time.Second: 0, 0: 0, 1: 1, time.Second - 1: 1, time.Second: 1, time.Second + 1: 2,
		24*time.Hour - time.Second: 86399, 24*time.Hour - 1: 86400, 24 * time.Hour: 86400, 24*time.Hour + 1: 86400,
	} {
		a := shoptest.NewWith(t, func(*http.Request) (*http.Response, error) {
			return nil, says{status: 429, wait: wait, waits: true}
		})
		if got := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`).Failure.RetryAfter; got != want {
			t.Errorf("%s: got %d, want %d", wait, got, want)
		}
	}
}

// says is an error of a client that tells what the API answered.
type says struct {
	status                   int
	code, message, requestID string
	details                  any
	body                     string
	wait                     time.Duration
	waits                    bool
}

func (says) Error() string                       { return "says" }
func (s says) RetryAfter() (time.Duration, bool) { return s.wait, s.waits }
func (s says) ResponseError() optable.ResponseError {
	return optable.ResponseError{
		Status: s.status, Code: s.code, Message: s.message, RequestID: s.requestID, Details: s.details,
		Body: []byte(s.body),
	}
}

// silent has no wait.
type silent struct{ error }

func (silent) ResponseError() optable.ResponseError { return optable.ResponseError{Status: 429} }

func TestAnErrorOfTheClientKeepsWhatItSays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		err  error
		want string
	}{
		{says{status: 400, code: "c", message: "m", requestID: "r"}, `400 c "m" "r"  0`},
		{says{status: 404}, `404 not_found "" ""  0`},
		{says{status: 400, details: map[string]int{"a": 1}}, `400 bad_request "" "" {"a":1} 0`},
		{says{status: 403, code: "c", message: "m", body: `{"code":"c","message":"m"}`}, `403 c "m" ""  0`},
		{
			says{status: 403, code: "c", message: "m", body: `{"code":"c","message":"m","token":"secret","organizations":[1]}`},
			`403 c "m" "" {"token":"[hidden]","organizations":[1]} 0`,
		},
		{
			says{status: 422, code: "c", details: []string{"f"}, body: `{"code":"c","errors":[{"field":"f"}]}`},
			`422 c "" "" ["f"] 0`, // the client has read them
		},
		{
			says{status: 422, code: "c", details: []string{"f"}, body: `{"code":"c","errors":[{"field":"f"}],"limit":3}`},
			`422 c "" "" {"errors":[{"field":"f"}],"limit":3} 0`,
		},
		{says{status: 502, message: "m", body: `<html>`}, `502 bad_gateway "m" ""  0`},
		{says{status: 502, message: "m", body: `{"cut":[`}, `502 bad_gateway "m" ""  0`},
		{says{status: 400, details: []string{}}, `400 bad_request "" "" [] 0`},
		{says{status: 400, details: func() {}}, `400 bad_request "" ""  0`},
		{says{status: 400, wait: time.Minute}, `400 bad_request "" ""  0`},
		{says{status: 400, wait: time.Minute, waits: true}, `400 bad_request "" ""  60`},
		{fmt.Errorf("wrapped: %w", says{status: 400, code: "c"}), `400 c "" ""  0`},
		{silent{}, `429 too_many_requests "" ""  0`},
		{errors.New("plain"), `0 request_failed "plain" ""  0`},
	} {
		a := shoptest.NewWith(t, func(*http.Request) (*http.Response, error) { return nil, c.err })
		f := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`).Failure
		got := fmt.Sprintf("%d %s %q %q %s %d", f.Status, f.Code, f.Message, f.RequestID, f.Details, f.RetryAfter)
		if got != c.want {
			t.Errorf("%#v: got %s, want %s", c.err, got, c.want)
		}
	}
}

func TestTheTextOfAFailureHasALineForEachPart(t *testing.T) {
	t.Parallel()
	problems := []mcpadapter.Problem{{Argument: "b", Message: "m"}, {Argument: "a", Message: "n"}}
	for _, c := range []struct {
		failure mcpadapter.Failure
		want    string
	}{
		{mcpadapter.Failure{Code: "c"}, "c"},
		{mcpadapter.Failure{Status: 404, Code: "c"}, "404 c"},
		{mcpadapter.Failure{Code: "c", Message: "m"}, "c: m"},
		{mcpadapter.Failure{Code: "c\nd", Message: "m\u202en"}, "c d: m n"},
		{mcpadapter.Failure{Code: "c", Arguments: problems}, "c\n- b: m\n- a: n"},
		{mcpadapter.Failure{Code: "c", Example: json.RawMessage(`{}`)}, "c\nExample: {}"},
		{
			mcpadapter.Failure{Code: "c", Details: json.RawMessage("[1,\n\"\u202e\"]")},
			"c\nDetails: [1,\"" + asEscape(0x202E) + "\"]",
		},
		{mcpadapter.Failure{Code: "c", Details: json.RawMessage(`[`)}, "c"},
		{mcpadapter.Failure{Code: "c", Confirmation: &mcpadapter.PendingConfirmation{Question: "q?", Token: "t"}},
			"c\nQuestion: q?\nToken: t"},
		{mcpadapter.Failure{Code: "c", RequestID: "r\n1"}, "c\nRequest ID: r 1"},
		{mcpadapter.Failure{Code: "c", Advice: "Do it."}, "c\nDo it."},
		{mcpadapter.Failure{
			Status: 1, Code: "c", Message: "m", Arguments: problems[:1], Example: json.RawMessage(`1`),
			Details: json.RawMessage(`2`), RequestID: "r", Advice: "a", RetryAfter: 7,
			Confirmation: &mcpadapter.PendingConfirmation{Question: "q", Token: "t"},
		}, "1 c: m\n- b: m\nExample: 1\nDetails: 2\nQuestion: q\nToken: t\nRequest ID: r\na"},
	} {
		if got := c.failure.String(); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	for want, e := range map[string]*mcpadapter.UnknownToolError{
		`unknown tool "x"`:                             {Name: "x"},
		`unknown tool "x"; did you mean a?`:            {Name: "x", Nearest: []string{"a"}},
		`unknown tool "x"; did you mean a or b?`:       {Name: "x", Nearest: []string{"a", "b"}},
		`unknown tool "\n"; did you mean a or b or c?`: {Name: "\n", Nearest: []string{"a", "b", "c"}},
	} {
		if got := e.Error(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
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
			mcpadapter.Failure{Code: "forbidden", Message: "Not yours.", Details: json.RawMessage(`{"title":"No"}`)},
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
			a, _ := shoptest.New(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Request-Id", "req_1")
				shoptest.RespondWith(c.status, "application/json", c.body)(w, r)
			})
			r := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`)
			shoptest.WantFailure(t, r, c.want.Code, c.status)
			if r.Failure.Message != c.want.Message {
				t.Errorf("message: got %q, want %q", r.Failure.Message, c.want.Message)
			}
			if string(r.Failure.Details) != string(c.want.Details) {
				t.Errorf("details: got %s, want %s", r.Failure.Details, c.want.Details)
			}
			if r.Failure.RequestID != "req_1" {
				t.Errorf("request ID: got %q, want req_1", r.Failure.RequestID)
			}
			shoptest.WantParts(t, "text", r.Text(), "Request ID: req_1", c.want.Code)
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
	a, _ := shoptest.New(t, hang)
	r := shoptest.Invoke(t, a, "getTea", `{"tea_id":"secret_1"}`)
	shoptest.WantFailure(t, r, mcpadapter.CodeRequestFailed, 0)
	shoptest.WantParts(t, "text", r.Text(), "EOF")
	if strings.Contains(r.Text(), "secret_1") {
		t.Errorf("got %s, want no URL in it", r.Text())
	}

	a, _ = shoptest.New(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = io.WriteString(w, `{"id":"1"`)
		hang(w, r)
	})
	r = shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`)
	shoptest.WantFailure(t, r, mcpadapter.CodeRequestFailed, 200)
	shoptest.WantParts(t, "text", r.Text(), "unexpected EOF")

	r = shoptest.Invoke(t, shoptest.NewWith(t, shoptest.Responding(201, iotest.ErrReader(errors.New("reset")))), "getTea", `{"tea_id":"1"}`)
	shoptest.WantFailure(t, r, mcpadapter.CodeRequestFailed, 201)
	shoptest.WantParts(t, "text", r.Text(), "reset")
}

func TestAnUnreachableServerIsAFailure(t *testing.T) {
	t.Parallel()
	listener := httptest.NewServer(nil)
	url := listener.URL
	listener.Close()
	r := shoptest.Invoke(t, shoptest.AdapterFor(t, url, &http.Client{}), "teas.list", `{"labels":{"a":"secret"}}`)
	shoptest.WantFailure(t, r, mcpadapter.CodeRequestFailed, 0)
	if strings.Contains(r.Text(), "secret") {
		t.Errorf("got %s, want no query in it", r.Text())
	}
}

func TestCanceledCallsAreFailures(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	r := shoptest.Tool(t, a, "teas.list").Invoke(canceled(t), nil)
	shoptest.WantFailure(t, r, mcpadapter.CodeCanceled, 0)
	if n := len(wire.Seen()); n != 0 {
		t.Errorf("got %d requests, want none", n)
	}
}

func TestCallsThatRunOutOfTimeAreFailures(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // whose clock moves on when the request waits for its response
		sent := 0
		slow := shoptest.NewWith(t, func(r *http.Request) (*http.Response, error) {
			sent++
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		r := shoptest.Tool(t, slow, "teas.list").Invoke(ctx, nil)
		shoptest.WantFailure(t, r, mcpadapter.CodeCanceled, 0)
		shoptest.WantParts(t, "text", r.Text(), "ran out of time", "may have been sent")
		if sent != 1 {
			t.Errorf("got %d requests, want one", sent)
		}
	})
}

// unsent is the error of a transport that limits requests.
type unsent struct{}

func (unsent) Error() string { return "too many" }

func (unsent) Failure() *mcpadapter.Failure {
	return &mcpadapter.Failure{Code: "held", Message: "too many", Advice: "Wait.", RetryAfter: 7}
}

// A request that its transport holds fails with the reason, and counts as not sent.
func TestARequestThatWasNotSentSaysSo(t *testing.T) {
	t.Parallel()
	var seen []bool
	a := shoptest.NewWith(t, func(*http.Request) (*http.Response, error) { return nil, unsent{} },
		mcpadapter.WithFailures(func(error) (*mcpadapter.Failure, bool) { return &mcpadapter.Failure{Code: "other"}, true }),
		mcpadapter.WithObserver(func(_ context.Context, o mcpadapter.Observation) { seen = append(seen, o.Sent) }))
	for _, call := range []string{"orders.list", "teas.create"} {
		tool, err := a.Tool(call)
		if err != nil {
			t.Fatal(err)
		}
		r := tool.Invoke(t.Context(), json.RawMessage(map[string]string{"teas.create": `{"name":"Sencha","stock":1}`}[call]))
		if r.Failure == nil || r.Failure.Code != "held" || r.Failure.RetryAfter != 7 || r.Failure.Advice != "Wait." {
			t.Errorf("%s: got %s, want the failure of the transport", call, r.Text())
		}
	}
	if len(seen) != 2 || seen[0] || seen[1] {
		t.Errorf("got %v, want two calls that were not sent", seen)
	}
}
