package mcpadapter_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
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
			if0(!c.reads && c.about != "", " What there is now, "+c.about+" tells.")
	case status == 401:
		return "The credential is missing, wrong, expired or of another environment. Calling again with it will not help."
	case status == 403:
		return "The credential is valid but may not do this. Ask for the permission or use another one."
	case status == 404:
		return "Nothing has this ID or name here." + c.found +
			if0(deletes, " If it was deleted before, nothing is left to do.")
	case status == 409 && c.about != "":
		return "The state of things does not allow it, or something like it exists already. See what there is with " +
			c.about + "."
	case status == 409:
		return "Something like it exists already." + if0(c.listed != "", " Find it with "+c.listed+".") +
			if0(c.change != "", " Change it with "+c.change+", or choose another value.")
	case status == 429:
		return "Too many requests. Wait some seconds before calling again, and longer each time."
	case (status == 0 || status >= 500) && !c.reads:
		tells := c.about
		if tells == "" {
			tells = c.listed
		}
		return "It may have taken effect. Look before calling again." + if0(tells != "", " "+tells+" tells.")
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
			r := invoke(t, shopWith(t, network), c.tool, c.arguments)
			if r.Failure == nil || r.Failure.Status != status || r.Failure.Advice != c.advice(status) {
				t.Errorf("%d of %s: got %v, want %s", status, c.tool, r.Failure, c.advice(status))
			}
		}
		for status, wait := range map[int]string{429: "1", 503: "2", 500: "3", 418: "86400"} {
			r := invoke(t, shopWith(t, replying(status, "", "Retry-After", wait)), c.tool, c.arguments)
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
				a := shopWith(t, replying(status, ""))
				ctx, err := a.Narrow(t.Context(), mcpadapter.Filter{Deny: []string{denied}})
				if err != nil {
					t.Fatal(err)
				}
				r := tool(t, a, c.tool).Invoke(ctx, []byte(c.arguments))
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
		"a feature, elsewhere": {
			404, nil, `"radar"`, "Nothing has this ID or name here. order_id is found with orders.list.",
		},
	} {
		a := shopOf(t, replying(c.status, ""), func(table *optable.Table) {
			for i := range table.Operations {
				if op := &table.Operations[i]; op.ID == "orders.get" {
					op.Security = c.security
					if c.feature != "" {
						op.Extensions = []optable.Extension{{Name: "x-feature-flag", JSON: c.feature}}
					}
				}
			}
		})
		if f := invoke(t, a, "orders.get", `{"order_id":"1"}`).Failure; f == nil || f.Advice != c.want {
			t.Errorf("%s: got %v, want %s", name, f, c.want)
		}
	}
}
