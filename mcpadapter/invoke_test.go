package mcpadapter_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

func TestErrorsOfTheClientKeepTheURLOut(t *testing.T) {
	t.Parallel()
	const canceled = "the call was canceled or ran out of time; it may have been sent"
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	dialed := &url.Error{Op: "Get", URL: "https://tea.example/?code=s3cr3t", Err: errors.New("no route")}
	for _, c := range []struct {
		name          string
		err           error
		ctx           context.Context
		code, message string
	}{
		{"plain", errors.New("broken"), t.Context(), mcpadapter.CodeRequestFailed, "broken"},
		{"of a URL", dialed, t.Context(), mcpadapter.CodeRequestFailed, "no route"},
		{
			"wrapped", fmt.Errorf("call https://x/?code=s3cr3t: %w", dialed), t.Context(),
			mcpadapter.CodeRequestFailed, "no route",
		},
		{"canceled", dialed, ended, mcpadapter.CodeCanceled, canceled},
		{"canceled elsewhere", context.Canceled, t.Context(), mcpadapter.CodeRequestFailed, "context canceled"},
	} {
		a := shoptest.NewWith(t, func(*http.Request) (*http.Response, error) { return nil, c.err })
		r := shoptest.Tool(t, a, "teas.delete").Invoke(c.ctx, json.RawMessage(`{"tea_id":"1"}`))
		if f := r.Failure; f == nil || f.Code != c.code || f.Message != c.message || f.Status != 0 {
			t.Errorf("%s: got %s, want %s: %s", c.name, r.Text(), c.code, c.message)
		}
		if strings.Contains(r.Text()+string(r.JSON), "s3cr3t") {
			t.Errorf("%s: got %s, want no URL", c.name, r.Text())
		}
	}
}

// The JSON of a refusal is the failure and nothing else, and its text says the same.
func TestARefusalIsWholeAsTextAndAsJSON(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	r := shoptest.Invoke(t, a, "teas.list", `{"shelff":"5","in_stock":"true"}`)
	const text = `invalid_arguments: nothing was sent
- shelff: is unknown (did you mean shelf?)
Example: {"shelf":1}`
	const want = `{"error":{"code":"invalid_arguments","message":"nothing was sent","arguments":[` +
		`{"argument":"shelff","message":"is unknown","nearest":["shelf"]}],"example":{"shelf":1}}}`
	if r.Text() != text || string(r.JSON) != want {
		t.Errorf("got\n%s\n%s\nwant\n%s\n%s", r.Text(), r.JSON, text, want)
	}
	if !slices.Equal(r.Repaired, []string{"in_stock"}) {
		t.Errorf("got %q repaired, want in_stock", r.Repaired)
	}
	wantUnsent(t, "refused", wire)
}

// What is called "" is an argument like any other: nothing takes it away.
func TestAnArgumentWithoutANameIsUnknown(t *testing.T) {
	t.Parallel()
	for _, opts := range [][]mcpadapter.Option{
		nil, {shoptest.Confirming(mcpadapter.ConfirmWrites)}, {mcpadapter.WithShapingArguments()},
		{shoptest.Confirming(mcpadapter.ConfirmWrites), mcpadapter.WithShapingArguments()},
	} {
		a, wire := shoptest.New(t, nil, opts...)
		for _, c := range []struct{ tool, arguments string }{
			{"getTea", `{"tea_id":"1","":%s}`}, {"teas.list", `{"":%s}`}, {"parcels.track", `{"number":1,"":%s}`},
			{"teas.delete", `{"tea_id":"1","":%s}`}, {"teas.create", `{"name":"n","stock":1,"":%s}`},
			{"orders.search", `{"":%s}`}, {"orders.list", `{"":%s}`},
		} {
			for _, value := range []string{`"x"`, "null", "1", "true", `""`} {
				arguments := fmt.Sprintf(c.arguments, value)
				r := shoptest.Invoke(t, a, c.tool, arguments)
				if got := problemsOf(r); len(got) != 1 || !strings.HasPrefix(got[0], ": is unknown") {
					t.Errorf("%s %s: got %q, want the argument unknown", c.tool, arguments, got)
				}
				wantUnsent(t, c.tool+" "+arguments, wire)
			}
		}
	}
}

func TestKnownValuesGoWhereTheyAreTaken(t *testing.T) {
	t.Parallel()
	known := func(values map[string]string) mcpadapter.Option {
		return mcpadapter.WithKnown(func(op *optable.Operation, argument string) (string, bool) {
			if value, ok := values[op.ID+" "+argument]; ok {
				return value, true
			}
			value, ok := values[argument]
			return value, ok
		})
	}
	for _, c := range []struct {
		name            string
		known           map[string]string
		tool, arguments string
		uri, body       string
	}{
		{"a path value", map[string]string{"tea_id": "k"}, "getTea", `{}`, "/teas/k", ""},
		{"a path value that is given", map[string]string{"tea_id": "k"}, "getTea", `{"tea_id":"g"}`, "/teas/g", ""},
		{"a query value", map[string]string{"country": "at"}, "teas.list", `{}`, "/teas?country=at", ""},
		{"of another tool", map[string]string{"getTea tea_id": "k"}, "teas.delete", `{"tea_id":"1"}`, "/teas/1", ""},
		{"a property", map[string]string{"reason": "k"}, "recalls.create", `{"tea":"1"}`, "/teas/1/recall", `{"reason":"k"}`},
		{
			"a property of the chosen variant", map[string]string{"number": "4242"}, "payments.create",
			`{"by":"card","amount":1}`, "/payments", `{"amount":1,"by":"card","number":"4242"}`,
		},
		{
			"no property of another variant", map[string]string{"number": "4242", "code": "k"}, "payments.create",
			`{"by":"voucher","amount":5}`, "/payments", `{"amount":5,"by":"voucher","code":"k"}`,
		},
		{
			"a variant of none of them", map[string]string{"number": "4242", "code": "k"}, "payments.create",
			`{"by":"invoice","amount":5}`, "/payments", `{"amount":5,"by":"invoice"}`,
		},
		{"no number", map[string]string{"limit": "5"}, "teas.list", `{}`, "/teas", ""},
	} {
		a, wire := shoptest.New(t, nil, known(c.known))
		r := shoptest.Invoke(t, a, c.tool, c.arguments)
		if sent := wire.Seen(); r.Failure != nil || len(sent) != 1 || sent[0].URI != c.uri || sent[0].Body != c.body {
			t.Errorf("%s: got %v and %s, want %s %s", c.name, sent, r.Text(), c.uri, c.body)
		}
	}
	// Without the discriminator nothing is filled in, and the problem is the discriminator alone.
	a, wire := shoptest.New(t, nil, known(map[string]string{"number": "4242", "code": "k"}))
	wantInvalid(t, "no variant", shoptest.Invoke(t, a, "payments.create", `{"amount":1}`), wire,
		`by: is required: one of "card", "voucher", "invoice"`)
	c, err := shop.NewClient("https://tea.example")
	if err != nil {
		t.Fatal(err)
	}
	for argument, want := range map[string]string{
		"tea_id": `workos/mcpadapter: operation "getTea": known value: tea_id: expected at least 1 character, got 0`,
		"colour": `workos/mcpadapter: operation "bins.get": known value: colour: expected one of "red", "green", "blue", ` +
			`got the string ""`,
		"basket": `workos/mcpadapter: operation "baskets.items.add": known value: basket: expected at least 1 ` +
			`character, got 0`,
	} {
		a, err := mcpadapter.New(c, &shop.Operations, known(map[string]string{argument: ""}))
		if a != nil || err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", argument, err, want)
		}
	}
}

func TestValuesThatGoWouldChangeAreNotSent(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	for _, c := range []struct{ tool, arguments, want string }{
		{"parcels.slip", `{"number":1,"width":2147483640}`, ""},
		{"parcels.slip", `{"number":1,"width":-2147483648}`, ""},
		{
			"parcels.slip", `{"number":1,"width":2147483648}`, "nothing was sent: width: read as *int32: " +
				"json: cannot unmarshal number 2147483648 into Go value of type int32",
		},
		{"menus.create", `{"title":"a","price":16777216}`, ""},
		{"menus.create", `{"title":"a","price":16777217}`, ""}, // as it is, whatever the Go type holds
		{"teas.list", `{"max_price":0.1}`, ""},
		{
			"teas.list", `{"max_price":1e-300}`,
			"nothing was sent: max_price: the number 1e-300 would arrive as 0",
		},
	} {
		r := shoptest.Invoke(t, a, c.tool, c.arguments)
		if c.want == "" {
			if n := len(wire.Seen()); r.Failure != nil || n != 1 {
				t.Errorf("%s %s: got %s and %d requests, want it sent", c.tool, c.arguments, r.Text(), n)
			}
			continue
		}
		wantInvalid(t, c.tool+" "+c.arguments, r, wire)
		if r.Failure == nil || r.Failure.Message != c.want {
			t.Errorf("%s %s: got %s, want %s", c.tool, c.arguments, r.Text(), c.want)
		}
	}
}

func TestAPanicKeepsWhatWasRepaired(t *testing.T) {
	t.Parallel()
	var log strings.Builder
	a := shoptest.NewWith(t, func(*http.Request) (*http.Response, error) { panic("s3cr3t") },
		mcpadapter.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	r := shoptest.Invoke(t, a, "teas.list", `{"limit":"5","in_stock":"true"}`)
	const want = "internal_error: the call failed inside the server; it may or may not have been sent"
	if r.Text() != want || !slices.Equal(r.Repaired, []string{"in_stock", "limit"}) {
		t.Errorf("got %s and %q repaired, want %s", r.Text(), r.Repaired, want)
	}
	shoptest.WantParts(t, "log", log.String(), "level=ERROR ", "tool=teas.list")
	if strings.Contains(log.String(), "s3cr3t\"") {
		t.Errorf("got the value of the panic in the log: %s", log.String())
	}
}

// hanging is a body whose end never comes.
type hanging struct {
	io.Reader

	ctx context.Context
}

func (h hanging) Read(p []byte) (int, error) {
	if n, err := h.Reader.Read(p); err == nil {
		return n, nil
	}
	<-h.ctx.Done()
	return 0, h.ctx.Err()
}

func (hanging) Close() error { return nil }

func TestACallIsOverAfterItsTimeout(t *testing.T) {
	t.Parallel()
	for name, upstream := range map[string]func(*http.Request) (*http.Response, error){
		"no response": func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		},
		"half a response": func(r *http.Request) (*http.Response, error) {
			return &http.Response{
				StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
				Body: hanging{strings.NewReader(`{"id":`), r.Context()},
			}, nil
		},
	} {
		for _, timeout := range []time.Duration{0, 7 * time.Second} {
			synctest.Test(t, func(t *testing.T) {
				want, opts := mcpadapter.DefaultTimeout, []mcpadapter.Option(nil)
				if timeout > 0 {
					want, opts = timeout, append(opts, mcpadapter.WithTimeout(timeout))
				}
				a, begin := shoptest.NewWith(t, upstream, opts...), time.Now()
				f := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`).Failure
				if f == nil || f.Code != mcpadapter.CodeTimeout {
					t.Fatalf("%s: got %v, want %s", name, f, mcpadapter.CodeTimeout)
				}
				shoptest.WantParts(t, name, f.Message, "no complete response within "+want.String(), "may have been carried out")
				if got := time.Since(begin); got != want {
					t.Errorf("%s: got the failure after %s, want it after %s", name, got, want)
				}
			})
		}
	}
}

// The caller's own end is not the call's.
func TestACallThatIsCanceledDidNotTimeOut(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := shoptest.NewWith(t, func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		f := shoptest.Tool(t, a, "getTea").Invoke(ctx, []byte(`{"tea_id":"1"}`)).Failure
		if f == nil || f.Code != mcpadapter.CodeCanceled {
			t.Errorf("got %v, want %s", f, mcpadapter.CodeCanceled)
		}
	})
}

func TestAPersonMayTakeLongerThanACall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		sent := 0
		a := shoptest.NewWith(t, func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodDelete {
				sent++
			}
			return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
		}, shoptest.Confirming(mcpadapter.ConfirmRisky))
		r := shoptest.Tool(t, a, "teas.delete").InvokeAsking(t.Context(), []byte(`{"tea_id":"1"}`),
			func(context.Context, string) (bool, error) {
				time.Sleep(mcpadapter.DefaultTimeout + time.Second)
				return true, nil
			})
		if r.Failure != nil || sent != 1 {
			t.Errorf("got %s and %d requests, want the call sent once", r.Text(), sent)
		}
	})
}

func TestATimeoutIsPositive(t *testing.T) {
	t.Parallel()
	for _, d := range []time.Duration{-1, 0} {
		_, err := mcpadapter.New(&shop.Client{}, &shop.Operations, mcpadapter.WithTimeout(d))
		if err == nil || !strings.Contains(err.Error(), "WithTimeout: ") {
			t.Errorf("%s: got %v, want an error", d, err)
		}
	}
}

// A whole response that came late says more than that it was late; no other failure does.
func TestOnlyWhatIsIncompleteTimedOut(t *testing.T) {
	t.Parallel()
	own := mcpadapter.WithFailures(func(error) (*mcpadapter.Failure, bool) {
		return &mcpadapter.Failure{Code: "own", Message: "m"}, true
	})
	for name, c := range map[string]struct {
		err    error // nil: the API responds with 500
		opts   []mcpadapter.Option
		late   string // code of a call that took too long
		inTime string
	}{
		"a response":           {nil, nil, "500 odd", "500 odd"},
		"an error with one":    {says{status: 409, code: "taken"}, nil, "409 taken", "409 taken"},
		"an error":             {io.ErrUnexpectedEOF, nil, "0 upstream_timeout", "0 request_failed"},
		"an error of our own":  {io.ErrUnexpectedEOF, []mcpadapter.Option{own}, "0 upstream_timeout", "0 own"},
		"an error without one": {says{code: "lost"}, nil, "0 upstream_timeout", "0 lost"},
	} {
		for _, late := range []bool{true, false} {
			synctest.Test(t, func(t *testing.T) {
				a := shoptest.NewWith(t, func(r *http.Request) (*http.Response, error) {
					if late {
						<-r.Context().Done()
					}
					if c.err != nil {
						return nil, c.err
					}
					return shoptest.Responding(http.StatusInternalServerError, strings.NewReader(`{"code":"odd"}`))(r)
				}, c.opts...)
				f, want := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`).Failure, c.inTime
				if late {
					want = c.late
				}
				if got := fmt.Sprintf("%d %s", f.Status, f.Code); got != want {
					t.Errorf("%s, late: %t: got %s, want %s", name, late, got, want)
				}
			})
		}
	}
}
