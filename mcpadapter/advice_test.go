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
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// advised is a call, and what other calls have to do with it.
type advised struct {
	tool, arguments string
	reads           bool
	about           string // tool that gets what the call is about; "": none
	listed          string // tool that gets the path of the call
	change          string // tool that changes an element of it
	found           string // how its arguments are found
}

func advisedCalls() []advised {
	const tea, order = " tea_id is found with teas.list.", " order_id is found with orders.list."
	return []advised{
		{"getTea", `{"tea_id":"1"}`, true, "", "getTea", "", tea},
		{"teas.list", `{}`, true, "", "teas.list", "teas-update", ""},
		{"teas.create", `{"name":"n","stock":1}`, false, "", "teas.list", "teas-update", ""},
		{"teas-update", `{"tea_id":"1"}`, false, "getTea", "getTea", "", tea},
		{"teas.delete", `{"tea_id":"1"}`, false, "getTea", "getTea", "", tea},
		{"recalls.create", `{"tea":"1"}`, false, "getTea", "", "", " tea is found with teas.list."},
		{"orders.get", `{"order_id":"1"}`, true, "", "orders.get", "", order},
		{"orders.replace", `{"order_id":"1"}`, false, "orders.get", "orders.get", "", order},
		{"orders.search", `{}`, false, "", "orders.list", "orders.replace", ""},
		{"bins.get", `{"shelf":"a","row":1,"colour":"red"}`, true, "", "bins.get", "", ""},
		{"moods.replace", `{"body":{"title":"t"}}`, false, "", "", "", ""},
		{"baskets.gifts.add", `{"basket":"1"}`, false, "checkout.get", "", "", ""},
		{"checkout.delete", `{"basket":"1"}`, false, "checkout.get", "checkout.get", "", ""},
	}
}

// advice is what a status means for a call, and what to do next.
func (c advised) advice(status int) string {
	if0 := func(condition bool, text string) string {
		if condition {
			return text
		}
		return ""
	}
	deletes := strings.HasSuffix(c.tool, ".delete")
	switch {
	case status == 400, status == 422:
		return "The API refused the values. Correct what the message names before calling again." +
			if0(!c.reads && c.about != "", " "+c.about+" shows the current state.")
	case status == 401:
		return "The credential is missing, wrong, expired or of another environment. Calling again with it will not help."
	case status == 403:
		return "The credential is valid but may not do this. Ask for the permission or use another one."
	case status == 404:
		return "Nothing has this ID or name here." + c.found +
			if0(deletes, " If it was deleted before, nothing is left to do.")
	case status == 409 && c.about != "":
		return "The current state does not allow it, or a resource like it exists already. " +
			c.about + " shows the current state."
	case status == 409:
		return "A resource like it exists already." + if0(c.listed != "", " Find it with "+c.listed+".") +
			if0(c.change != "", " Change it with "+c.change+", or choose another value.")
	case status == 429:
		return "Too many requests. Wait some seconds before calling again, and longer each time."
	case (status == 0 || status >= 500) && !c.reads:
		shows := c.about
		if shows == "" {
			shows = c.listed
		}
		return "It may have taken effect. Check before calling again." + if0(shows != "", " "+shows+" shows the current state.")
	case status >= 500:
		return "The API failed. The call may be repeated in a moment."
	}
	return ""
}

func TestEachStatusOfEachCallIsAdvisedOn(t *testing.T) {
	t.Parallel()
	statuses := []int{
		0, 400, 401, 402, 403, 404, 405, 408, 409, 410, 418, 421, 422, 423, 428, 429, 430, 499, 500, 501, 503, 599,
	}
	for _, c := range advisedCalls() {
		for _, status := range statuses {
			network := replying(status, "")
			if status == 0 {
				network = func(*http.Request) (*http.Response, error) { return nil, http.ErrNotSupported }
			}
			r := shoptest.Invoke(t, shoptest.NewWith(t, network), c.tool, c.arguments)
			if r.Failure == nil || r.Failure.Status != status || r.Failure.Advice != c.advice(status) {
				t.Errorf("%d of %s: got %v, want %s", status, c.tool, r.Failure, c.advice(status))
			}
		}
		for status, wait := range map[int]string{429: "1", 503: "2", 500: "3", 418: "86400"} {
			r := shoptest.Invoke(t, shoptest.NewWith(t, replying(status, "", "Retry-After", wait)), c.tool, c.arguments)
			want := "Wait " + wait + " seconds before calling again."
			if wait == "1" {
				want = "Wait 1 second before calling again."
			}
			if r.Failure == nil || r.Failure.Advice != want {
				t.Errorf("%d of %s after %s s: got %v, want %s", status, c.tool, wait, r.Failure, want)
			}
		}
	}
}

// Advice names no tool that the caller may not call.
func TestAdviceNamesNoFilteredTool(t *testing.T) {
	t.Parallel()
	for _, c := range advisedCalls() {
		for _, denied := range []string{"getTea", "teas.list", "teas-update", "orders.list", "orders.replace"} {
			if denied == c.tool {
				continue
			}
			for _, status := range []int{404, 409, 422, 500} {
				a := shoptest.NewWith(t, replying(status, ""))
				ctx, err := a.Narrow(t.Context(), mcpadapter.Filter{Deny: []string{denied}})
				if err != nil {
					t.Fatal(err)
				}
				r := shoptest.Tool(t, a, c.tool).Invoke(ctx, []byte(c.arguments))
				if r.Failure == nil || strings.Contains(r.Text(), denied) || r.Failure.Advice == "" {
					t.Errorf("%d of %s without %s: got %s", status, c.tool, denied, r.Text())
				}
			}
		}
	}
}

func TestAdviceTellsWhatTheTableSaysOfAccess(t *testing.T) {
	t.Parallel()
	const missing = "The credential is missing, wrong, expired or of another environment. " +
		"Calling again with it will not help."
	const forbidden = "The credential is valid but may not do this. Ask for the permission or use another one."
	for name, c := range map[string]struct {
		status   int
		security []string
		feature  string
		want     string
	}{
		"the usual": {401, nil, "", missing},
		"one credential": {
			401, []string{"access_token"}, "", missing + " This operation takes access_token, unlike most others.",
		},
		"two credentials": {401, []string{"a", "b"}, "", missing + " This operation takes a or b, unlike most others."},
		"none":            {401, []string{"none"}, "", missing},
		"one or none":     {401, []string{"a", "none"}, "", missing},
		"a feature": {
			403, nil, `"radar"`, forbidden + " It works only where the feature \"radar\" is switched on.",
		},
		"a feature of percent": {403, nil, `"50%d"`, forbidden + " It works only where the feature \"50%d\" is switched on."},
		"no feature":           {403, nil, "", forbidden},
		"a step, without a credential": {
			403, []string{"a", "none"}, "",
			"This does not depend on the credential: the code says what is missing, and the details what it takes.",
		},
		"a feature, elsewhere": {
			404, nil, `"radar"`, "Nothing has this ID or name here. order_id is found with orders.list.",
		},
	} {
		a := shopOf(t, replying(c.status, ""), func(table *optable.Table) {
			for i := range table.Operations {
				if op := &table.Operations[i]; op.ID == "orders.get" {
					for _, scheme := range c.security {
						requirement := optable.Requirement{}
						if scheme != optable.NoCredential {
							requirement = optable.Requirement{{Scheme: scheme}}
						}
						op.Security = append(op.Security, requirement)
					}
					if c.feature != "" {
						op.Extensions = []optable.Extension{{Name: "x-feature-flag", JSON: c.feature}}
					}
				}
			}
		})
		if f := shoptest.Invoke(t, a, "orders.get", `{"order_id":"1"}`).Failure; f == nil || f.Advice != c.want {
			t.Errorf("%s: got %v, want %s", name, f, c.want)
		}
	}
}

func TestFailuresOfTheAPILeadOn(t *testing.T) {
	t.Parallel()
	const basket = `{"basket":"6f1f6d3e-8f5c-4a54-9a43-0d8c3f1f1a10","body":[{"tea_id":"tea_1","count":1}]}`
	for _, c := range []struct {
		status          int
		tool, arguments string
		want            string
	}{
		{400, "getTea", `{"tea_id":"1"}`, "The API refused the values. Correct what the message names before calling again."},
		{422, "teas-update", `{"tea_id":"1"}`, "before calling again. getTea shows the current state."},
		{401, "getTea", `{"tea_id":"1"}`, "The credential is missing, wrong, expired or of another environment."},
		{403, "getTea", `{"tea_id":"1"}`, "The credential is valid but may not do this."},
		{404, "getTea", `{"tea_id":"1"}`, "Nothing has this ID or name here. tea_id is found with teas.list."},
		{404, "orders.replace", `{"order_id":"1"}`, "order_id is found with orders.list."},
		{404, "teas.delete", `{"tea_id":"1"}`, "teas.list. If it was deleted before, nothing is left to do."},
		{404, "baskets.items.add", basket, "Nothing has this ID or name here."},
		{409, "teas.create", `{"name":"n","stock":1}`, "Find it with teas.list. Change it with teas-update"},
		{409, "teas.delete", `{"tea_id":"1"}`, "or a resource like it exists already. getTea shows the current state."},
		{429, "getTea", `{"tea_id":"1"}`, "Wait some seconds before calling again, and longer each time."},
		{500, "getTea", `{"tea_id":"1"}`, "The API failed. The call may be repeated in a moment."},
		{502, "teas.delete", `{"tea_id":"1"}`, "It may have taken effect. Check before calling again. getTea shows the current state."},
		{500, "teas.create", `{"name":"n","stock":1}`, "Check before calling again. teas.list shows the current state."},
		{418, "getTea", `{"tea_id":"1"}`, ""},
	} {
		a, _ := shoptest.New(t, shoptest.RespondWith(c.status, "", ""))
		r := shoptest.Invoke(t, a, c.tool, c.arguments)
		if r.Failure == nil || r.Failure.Status != c.status {
			t.Fatalf("%s: got %s, want %d", c.tool, r.Text(), c.status)
		}
		if c.want == "" && r.Failure.Advice != "" || !strings.Contains(r.Failure.Advice, c.want) {
			t.Errorf("%d of %s: got %q, want %q", c.status, c.tool, r.Failure.Advice, c.want)
		}
		shoptest.WantParts(t, "text", r.Text(), r.Failure.Advice)
	}
}

func TestFailuresLeadToNoToolThatMayNotBeCalled(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, shoptest.RespondWith(404, "", ""), mcpadapter.WithFilter(mcpadapter.Filter{Deny: []string{"teas.list"}}))
	if r := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`); strings.Contains(r.Text(), "teas.list") {
		t.Errorf("got %s, want no denied tool", r.Text())
	}
}

func TestACallThatMayHaveTakenEffectSaysSo(t *testing.T) {
	t.Parallel()
	a := shoptest.NewWith(t, func(*http.Request) (*http.Response, error) { return nil, context.DeadlineExceeded })
	shoptest.WantParts(t, "write", shoptest.Invoke(t, a, "teas.delete", `{"tea_id":"1"}`).Text(), "It may have taken effect", "getTea shows")
	if r := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`); strings.Contains(r.Text(), "effect") {
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
		a, _ := shoptest.New(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", header)
			w.WriteHeader(http.StatusTooManyRequests)
		})
		r := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`)
		if got := r.Failure.RetryAfter; got > want || got < want-5 {
			t.Errorf("%q: got %d seconds, want %d", header, got, want)
		}
		if want > 0 {
			shoptest.WantParts(t, header, r.Text(), fmt.Sprintf("Wait %d seconds", r.Failure.RetryAfter))
			shoptest.WantParts(t, header, string(r.JSON), fmt.Sprintf(`"retry_after":%d`, r.Failure.RetryAfter))
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
		a := shoptest.NewWith(t, func(*http.Request) (*http.Response, error) { return nil, fmt.Errorf("wrapped: %w", asking{wait}) })
		r := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`)
		shoptest.WantFailure(t, r, "busy", 503)
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
		a, _ := shoptest.New(t, shoptest.RespondWith(403, "application/json", body))
		r := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`)
		if strings.Contains(r.Text(), "S1") || strings.Contains(string(r.JSON), "S1") {
			t.Errorf("%s: got %s, want no secret", body, r.JSON)
		}
	}
}

func TestAFailureWithoutAnAnswerIsNotChanged(t *testing.T) {
	t.Parallel()
	a := shoptest.NewWith(t, func(*http.Request) (*http.Response, error) { return nil, errors.New("x") },
		mcpadapter.WithFailures(func(error) (*mcpadapter.Failure, bool) {
			return &mcpadapter.Failure{Status: 404, Code: "odd", Advice: "Own.", Details: json.RawMessage(`1`)}, true
		}))
	r := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`)
	if r.Failure.Advice != "Own." || string(r.Failure.Details) != "1" {
		t.Errorf("got %s, want the program's own advice", r.Text())
	}
}
