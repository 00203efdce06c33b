package mcpadapter_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

func TestAWaitIsToldInWholeSecondsOfADay(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]int{
		"": 0, "0": 0, "1": 1, "59": 59, "86399": 86399, "86400": 86400, "86401": 86400, "4294967295": 86400,
		"4294967296": 0, "-1": 0, "+1": 0, "1.5": 0, "1s": 0, " 1": 0, "soon": 0,
	} {
		a := shopWith(t, replying(429, "", "Retry-After", header))
		if got := invoke(t, a, "getTea", `{"tea_id":"1"}`).Failure.RetryAfter; got != want {
			t.Errorf("%q: got %d, want %d", header, got, want)
		}
	}
	for wait, want := range map[time.Duration]int{
		-time.Second: 0, 0: 0, 1: 1, time.Second - 1: 1, time.Second: 1, time.Second + 1: 2,
		24*time.Hour - time.Second: 86399, 24*time.Hour - 1: 86400, 24 * time.Hour: 86400, 24*time.Hour + 1: 86400,
	} {
		a := shopWith(t, func(*http.Request) (*http.Response, error) {
			return nil, says{status: 429, wait: wait, waits: true}
		})
		if got := invoke(t, a, "getTea", `{"tea_id":"1"}`).Failure.RetryAfter; got != want {
			t.Errorf("%s: got %d, want %d", wait, got, want)
		}
	}
}

// says is an error of a client that tells what the API answered.
type says struct {
	status                   int
	code, message, requestID string
	details                  any
	wait                     time.Duration
	waits                    bool
}

func (says) Error() string                       { return "says" }
func (s says) RetryAfter() (time.Duration, bool) { return s.wait, s.waits }
func (s says) ResponseError() optable.ResponseError {
	return optable.ResponseError{
		Status: s.status, Code: s.code, Message: s.message, RequestID: s.requestID, Details: s.details,
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
		{says{status: 400, details: []string{}}, `400 bad_request "" "" [] 0`},
		{says{status: 400, details: func() {}}, `400 bad_request "" ""  0`},
		{says{status: 400, wait: time.Minute}, `400 bad_request "" ""  0`},
		{says{status: 400, wait: time.Minute, waits: true}, `400 bad_request "" ""  60`},
		{fmt.Errorf("wrapped: %w", says{status: 400, code: "c"}), `400 c "" ""  0`},
		{silent{}, `429 too_many_requests "" ""  0`},
		{errors.New("plain"), `0 request_failed "plain" ""  0`},
	} {
		a := shopWith(t, func(*http.Request) (*http.Response, error) { return nil, c.err })
		f := invoke(t, a, "getTea", `{"tea_id":"1"}`).Failure
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
		`there is no tool "x"`:                             {Name: "x"},
		`there is no tool "x"; did you mean a?`:            {Name: "x", Nearest: []string{"a"}},
		`there is no tool "x"; did you mean a or b?`:       {Name: "x", Nearest: []string{"a", "b"}},
		`there is no tool "\n"; did you mean a or b or c?`: {Name: "\n", Nearest: []string{"a", "b", "c"}},
	} {
		if got := e.Error(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
