package mcpadapter_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

func TestKnownValuesFillInWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	known := map[string]string{"tea_id": "tea_known", "number": "4242", "address": "x", "limit": "5", "text": "hello"}
	a, wire := shoptest.New(t, nil, mcpadapter.WithKnown(func(_ *optable.Operation, argument string) (string, bool) {
		value, ok := known[argument]
		return value, ok
	}))
	for _, c := range []struct{ tool, arguments, uri, body string }{
		{"getTea", `{}`, "/teas/tea_known", ""},
		{"getTea", `{"tea_id":"1"}`, "/teas/1", ""},
		{"payments.create", `{"by":"card","amount":1}`, "/payments", `{"amount":1,"by":"card","number":"4242"}`},
		{"payments.create", `{"by":"voucher","amount":5,"code":"c"}`, "/payments", `{"amount":5,"by":"voucher","code":"c"}`},
		{"parcels.create", `{"width":1}`, "/parcels", `{"address":"x","width":1}`},
		{"teas.list", `{}`, "/teas", ""}, // limit is no string
	} {
		if r := shoptest.Invoke(t, a, c.tool, c.arguments); r.Failure != nil {
			t.Errorf("%s %s: got %s, want success", c.tool, c.arguments, r.Failure)
			continue
		}
		if got := wire.Seen()[0]; got.URI != c.uri || got.Body != c.body {
			t.Errorf("%s %s: got %s %s, want %s %s", c.tool, c.arguments, got.URI, got.Body, c.uri, c.body)
		}
	}
	want := `{"type":"object","properties":{"tea_id":{"type":"string",` +
		`"description":"Tea. Filled in if left out. ` + "`tea_…`" + `."}},"additionalProperties":false}`
	if got := string(shoptest.Tool(t, a, "getTea").InputSchema()); got != want {
		t.Errorf("schema:\ngot  %s\nwant %s", got, want)
	}
	if r := shoptest.Invoke(t, a, "getTea", `{"tea_id":""}`); r.Failure == nil {
		t.Error("an empty value was replaced by the known one")
	}
}

func TestFailuresOfTheClientAreDescribedByTheProgram(t *testing.T) {
	t.Parallel()
	errOwn := errors.New("own")
	shared := &mcpadapter.Failure{Status: 404, Code: "gone", Message: "It is gone."}
	var fail error
	a := shoptest.NewWith(t, func(*http.Request) (*http.Response, error) { return nil, fail },
		mcpadapter.WithFailures(func(err error) (*mcpadapter.Failure, bool) {
			switch {
			case errors.Is(err, errOwn):
				return shared, true
			case err.Error() == "nothing":
				return nil, true
			}
			return nil, false
		}))
	fail = fmt.Errorf("wrapped: %w", errOwn)
	r := shoptest.Invoke(t, a, "teas.list", "")
	shoptest.WantFailure(t, r, "gone", 404)
	shoptest.WantParts(t, "text", r.Text(), "404 gone: It is gone.", "Nothing has this ID")
	if shared.Advice != "" {
		t.Errorf("advice: got %q in the program's own value, want it untouched", shared.Advice)
	}
	for _, text := range []string{"unknown", "nothing"} {
		fail = errors.New(text)
		r = shoptest.Invoke(t, a, "teas.list", "")
		shoptest.WantFailure(t, r, mcpadapter.CodeRequestFailed, 0)
		shoptest.WantParts(t, "text", r.Text(), text)
	}
}

func TestFailuresWithBrokenDetailsAreStillWritten(t *testing.T) {
	t.Parallel()
	a := shoptest.NewWith(t, func(*http.Request) (*http.Response, error) { return nil, errors.New("x") },
		mcpadapter.WithFailures(func(error) (*mcpadapter.Failure, bool) {
			return &mcpadapter.Failure{Code: "odd", Details: json.RawMessage(`{`)}, true
		}))
	shoptest.WantFailure(t, shoptest.Invoke(t, a, "teas.list", ""), "odd", 0)
}

func TestAPanicTellsNothingToTheCaller(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	a := shoptest.NewWith(t, func(*http.Request) (*http.Response, error) { panic("sk_secret") },
		mcpadapter.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	r := shoptest.Invoke(t, a, "getTea", `{"tea_id":"private"}`)
	shoptest.WantFailure(t, r, mcpadapter.CodeInternal, 0)
	const want = "internal_error: the call failed inside the server; it may or may not have been sent"
	if r.Text() != want {
		t.Errorf("got %q, want %q", r.Text(), want)
	}
	shoptest.WantParts(t, "log", log.String(), "panic in a tool call", "tool=getTea", "stack=")
	for _, secret := range []string{"sk_secret", "private"} {
		if strings.Contains(log.String(), secret) {
			t.Errorf("got %s, want no %q in the log", log.String(), secret)
		}
	}
}

func TestAClientThatReturnsNothingIsAFailure(t *testing.T) {
	t.Parallel()
	r := shoptest.Invoke(t, shoptest.NewWith(t, func(*http.Request) (*http.Response, error) { return nil, nil }), "teas.list", "")
	shoptest.WantFailure(t, r, mcpadapter.CodeRequestFailed, 0)
}

func TestOptionsRefuseWhatMeansNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		option mcpadapter.Option
		part   string
	}{
		{"no logger", mcpadapter.WithLogger(nil), "WithLogger"},
		{"no describer", mcpadapter.WithFailures(nil), "WithFailures"},
		{"no known", mcpadapter.WithKnown(nil), "WithKnown"},
		{"zero bytes", mcpadapter.WithMaxResponseBytes(0), "WithMaxResponseBytes: 0"},
		{"negative bytes", mcpadapter.WithMaxResponseBytes(-1), "WithMaxResponseBytes: -1"},
		{"less than a result", mcpadapter.WithMaxResultBytes(1023), "WithMaxResultBytes: 1023"},
		{"no elements", mcpadapter.WithMaxElements(0), "WithMaxElements: 0"},
		{"no cursor", mcpadapter.WithCursors(mcpadapter.Cursors{Limit: "limit"}), "WithCursors: After"},
		{"none", nil, "an option is nil"},
	} {
		_, err := mcpadapter.New(struct{}{}, &optable.Table{}, c.option)
		if err == nil {
			t.Errorf("%s: got no error", c.name)
			continue
		}
		shoptest.WantParts(t, c.name, err.Error(), "workos/mcpadapter: ", c.part)
	}
}
