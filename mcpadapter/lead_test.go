package mcpadapter_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

func TestFailuresOfTheAPILeadOn(t *testing.T) {
	t.Parallel()
	const basket = `{"basket":"6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a10","body":[{"tea_id":"tea_1","count":1}]}`
	for _, c := range []struct {
		status          int
		tool, arguments string
		want            string
	}{
		{400, "getTea", `{"tea_id":"1"}`, "The API refused the values. Correct what the message names before calling again."},
		{422, "teas-update", `{"tea_id":"1"}`, "before calling again. What there is now, getTea tells."},
		{401, "getTea", `{"tea_id":"1"}`, "The credential is missing, wrong, expired or of another environment."},
		{403, "getTea", `{"tea_id":"1"}`, "The credential is valid but may not do this."},
		{404, "getTea", `{"tea_id":"1"}`, "Nothing has this ID or name here. tea_id is found with teas.list."},
		{404, "orders.replace", `{"order_id":"1"}`, "order_id is found with orders.list."},
		{404, "teas.delete", `{"tea_id":"1"}`, "teas.list. If it was deleted before, nothing is left to do."},
		{404, "baskets.items.add", basket, "Nothing has this ID or name here."},
		{409, "teas.create", `{"name":"n","stock":1}`, "Find it with teas.list. Change it with teas-update"},
		{409, "teas.delete", `{"tea_id":"1"}`, "or something like it exists already. See what there is with getTea."},
		{429, "getTea", `{"tea_id":"1"}`, "Wait some seconds before calling again, and longer each time."},
		{500, "getTea", `{"tea_id":"1"}`, "The API failed. The call may be repeated in a moment."},
		{502, "teas.delete", `{"tea_id":"1"}`, "It may have taken effect. Look before calling again. getTea tells."},
		{500, "teas.create", `{"name":"n","stock":1}`, "Look before calling again. teas.list tells."},
		{418, "getTea", `{"tea_id":"1"}`, ""},
	} {
		a, _ := newShop(t, answering(c.status, "", ""))
		r := invoke(t, a, c.tool, c.arguments)
		if r.Failure == nil || r.Failure.Status != c.status {
			t.Fatalf("%s: got %s, want %d", c.tool, r.Text(), c.status)
		}
		if c.want == "" && r.Failure.Advice != "" || !strings.Contains(r.Failure.Advice, c.want) {
			t.Errorf("%d of %s: got %q, want %q", c.status, c.tool, r.Failure.Advice, c.want)
		}
		wantParts(t, "text", r.Text(), r.Failure.Advice)
	}
}

func TestFailuresLeadToNoToolThatMayNotBeCalled(t *testing.T) {
	t.Parallel()
	a, _ := newShop(t, answering(404, "", ""), mcpadapter.WithFilter(mcpadapter.Filter{Deny: []string{"teas.list"}}))
	if r := invoke(t, a, "getTea", `{"tea_id":"1"}`); strings.Contains(r.Text(), "teas.list") {
		t.Errorf("got %s, want no denied tool", r.Text())
	}
}

func TestACallThatMayHaveTakenEffectSaysSo(t *testing.T) {
	t.Parallel()
	a := shopWith(t, func(*http.Request) (*http.Response, error) { return nil, context.DeadlineExceeded })
	wantParts(t, "write", invoke(t, a, "teas.delete", `{"tea_id":"1"}`).Text(), "It may have taken effect", "getTea tells")
	if r := invoke(t, a, "getTea", `{"tea_id":"1"}`); strings.Contains(r.Text(), "effect") {
		t.Errorf("read: got %s, want no word of effects", r.Text())
	}
}

func TestTheWaitThatTheAPIAsksForIsTold(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]int{
		"7": 7, "0": 0, "-1": 0, "x": 0, "": 0, "999999999": 86400, "99999999999999999999": 0,
		time.Now().Add(90 * time.Minute).UTC().Format(http.TimeFormat): 5400,
		"Thu, 01 Jan 1970 00:00:00 GMT":                                0,
	} {
		a, _ := newShop(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", header)
			w.WriteHeader(http.StatusTooManyRequests)
		})
		r := invoke(t, a, "getTea", `{"tea_id":"1"}`)
		if got := r.Failure.RetryAfter; got > want || got < want-5 {
			t.Errorf("%q: got %d seconds, want %d", header, got, want)
		}
		if want > 0 {
			wantParts(t, header, r.Text(), fmt.Sprintf("Wait %d seconds", r.Failure.RetryAfter))
			wantParts(t, header, string(r.JSON), fmt.Sprintf(`"retry_after":%d`, r.Failure.RetryAfter))
		}
	}
}

// asking is an error of a client that tells a wait.
type asking struct{ wait time.Duration }

func (asking) Error() string                       { return "asking" }
func (a asking) RetryAfter() (time.Duration, bool) { return a.wait, a.wait > 0 }
func (asking) ResponseError() optable.ResponseError {
	return optable.ResponseError{Status: http.StatusServiceUnavailable, Code: "busy"}
}

func TestTheWaitOfAClientsErrorIsTold(t *testing.T) {
	t.Parallel()
	for wait, want := range map[time.Duration]int{0: 0, time.Millisecond: 1, 2500 * time.Millisecond: 3, 1 << 60: 86400} {
		a := shopWith(t, func(*http.Request) (*http.Response, error) { return nil, fmt.Errorf("wrapped: %w", asking{wait}) })
		r := invoke(t, a, "getTea", `{"tea_id":"1"}`)
		wantFailure(t, r, "busy", 503)
		if r.Failure.RetryAfter != want {
			t.Errorf("%s: got %d seconds, want %d", wait, r.Failure.RetryAfter, want)
		}
	}
}

func TestAFailureTellsNoSecretOfTheAnswer(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"pending_authentication_token":"S1","user":{"id":"user_1"}}`,
		`{"code":"mfa_challenge","message":"Do it.","pending_authentication_token":"S1","details":{"access_token":"S1"}}`,
		`{"error":{"message":{"client_secret":"S1"}}}`,
		`{"errors":[{"field":"x","api_key":"S1"}]}`,
		`["x",{"password":"S1"}]`,
	} {
		a, _ := newShop(t, answering(403, "application/json", body))
		r := invoke(t, a, "getTea", `{"tea_id":"1"}`)
		if strings.Contains(r.Text(), "S1") || strings.Contains(string(r.JSON), "S1") {
			t.Errorf("%s: got %s, want no secret", body, r.JSON)
		}
	}
}

func TestAFailureWithoutAnAnswerIsNotChanged(t *testing.T) {
	t.Parallel()
	a := shopWith(t, func(*http.Request) (*http.Response, error) { return nil, errors.New("x") },
		mcpadapter.WithFailures(func(error) (*mcpadapter.Failure, bool) {
			return &mcpadapter.Failure{Status: 404, Code: "odd", Advice: "Own.", Details: json.RawMessage(`1`)}, true
		}))
	r := invoke(t, a, "getTea", `{"tea_id":"1"}`)
	if r.Failure.Advice != "Own." || string(r.Failure.Details) != "1" {
		t.Errorf("got %s, want the program's own advice", r.Text())
	}
}
