package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

const (
	testKey = "sk_test_a2V5XzAx"
	anOrg   = `{"object":"organization","id":"org_01","name":"Acme","domains":[],"metadata":{},` +
		`"external_id":null,"created_at":"2026-01-02T03:04:05.678Z","updated_at":"2026-01-02T03:04:05.678Z"}`
)

// wire records what is sent and responds with one response.
type wire struct {
	*httpmock.MockTransport

	sent []*http.Request
}

func newWire(answer httpmock.Responder) *wire {
	w := &wire{MockTransport: httpmock.NewMockTransport()}
	w.RegisterNoResponder(func(req *http.Request) (*http.Response, error) {
		w.sent = append(w.sent, req)
		return answer(req)
	})
	return w
}

// once sends each request one time alone.
func once() client.Option { return client.WithRetry(client.RetryPolicy{MaxAttempts: 1}) }

func (w *wire) option() client.Option { return client.WithHTTPClient(&http.Client{Transport: w}) }

func respondJSON(status int, body string) httpmock.Responder {
	return httpmock.NewStringResponder(status, body).HeaderSet(http.Header{"Content-Type": {"application/json"}})
}

func newClient(tb testing.TB, key string, opts ...client.Option) *client.Client {
	tb.Helper()
	c, err := client.New(key, opts...)
	if err != nil {
		tb.Fatalf("New: %v", err)
	}
	return c
}

func newAPI(tb testing.TB, key string, opts ...client.Option) *gen.ClientWithResponses {
	tb.Helper()
	return newClient(tb, key, opts...).API()
}

func serve(tb testing.TB, handler http.HandlerFunc) string {
	tb.Helper()
	server := httptest.NewServer(handler)
	tb.Cleanup(server.Close)
	return server.URL
}

// operation is a typed call of the generated client.
type operation struct {
	name  string
	call  reflect.Value
	paths int // path values after the context
}

// operations are all typed calls that send a body as a Go value, which is one for each operation.
func operations(t *testing.T, api *gen.ClientWithResponses) []operation {
	t.Helper()
	var all []operation
	typ, val := reflect.TypeOf(api), reflect.ValueOf(api)
	for i := range typ.NumMethod() {
		name := typ.Method(i).Name
		if !strings.HasSuffix(name, "WithResponse") || strings.HasSuffix(name, "WithBodyWithResponse") {
			continue
		}
		op := operation{name: strings.TrimSuffix(name, "WithResponse"), call: val.Method(i)}
		for arg := 1; arg < op.call.Type().NumIn() && op.call.Type().In(arg).Kind() == reflect.String; arg++ {
			op.paths++
		}
		all = append(all, op)
	}
	if got, want := len(all), len(gen.Routes); got != want {
		t.Fatalf("typed calls: got %d, want one for each of %d routes", got, want)
	}
	return all
}

// do calls the operation with those path values and zero values for the rest.
func (o operation) do(ctx context.Context, paths []string) error {
	typ := o.call.Type()
	args := []reflect.Value{reflect.ValueOf(ctx)}
	for i := 1; i < typ.NumIn()-1; i++ {
		if i <= o.paths {
			args = append(args, reflect.ValueOf(paths[i-1]).Convert(typ.In(i)))
			continue
		}
		args = append(args, reflect.Zero(typ.In(i)))
	}
	err, _ := reflect.TypeAssert[error](o.call.Call(args)[1])
	return err
}

// moveTo sends a call to another path of the same server.
func moveTo(path string) gen.RequestEditorFn {
	return func(_ context.Context, req *http.Request) error {
		req.URL.Path, req.URL.RawPath = path, ""
		return nil
	}
}

func mark(secret string) string {
	if secret == "" {
		return "none"
	}
	return "[redacted]"
}

// transportFunc is a transport made by hand.
type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// byHand is an answer as tests make it: without a declared length.
func byHand(status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Header: http.Header{"Content-Type": {"Application/JSON"}},
		Body: io.NopCloser(strings.NewReader(body)),
	}
}

// replying is a client whose transport responds with what reply makes, each time.
func replying(t *testing.T, reply func() *http.Response, opts ...client.Option) *client.Client {
	t.Helper()
	return newClient(t, testKey, append([]client.Option{once(), client.WithHTTPClient(&http.Client{
		Transport: transportFunc(func(*http.Request) (*http.Response, error) { return reply(), nil }),
	})}, opts...)...)
}

// location responds with a status and a target.
func location(status int, target string) func() *http.Response {
	return func() *http.Response {
		resp := byHand(status, `{"url":"https://body.example/"}`)
		if target != "" {
			resp.Header.Set("Location", target)
		}
		return resp
	}
}

// sentBy is the one request of a call, whatever comes of it.
func sentBy(t *testing.T, call func(c *client.Client), opts ...client.Option) *http.Request {
	t.Helper()
	w := newWire(respondJSON(http.StatusBadRequest, `{}`))
	call(newClient(t, testKey, append(opts, w.option())...))
	if len(w.sent) != 1 {
		t.Fatalf("sent %d requests, want one", len(w.sent))
	}
	return w.sent[0]
}

// values are path values that tell their places apart.
func values(n int) []string {
	return []string{"first_01", "second_02", "third_03", "fourth_04"}[:n]
}

// handMade sends a request that is built by hand.
func handMade(c *client.Client, req *http.Request) (*http.Response, error) {
	generated, _ := c.API().ClientInterface.(*gen.Client)
	return generated.Client.Do(req)
}

// handBuilt builds such a request, without a body if body is empty.
func handBuilt(t *testing.T, method, url, body string) *http.Request {
	t.Helper()
	var from io.Reader
	if body != "" {
		from = strings.NewReader(body)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, url, from)
	if err != nil {
		t.Fatal(err)
	}
	return req
}

// refused is the error of a call that is refused before it is sent: it fails the test if anything was sent.
func refused(t *testing.T, call func(c *client.Client) error) error {
	t.Helper()
	w := newWire(respondJSON(http.StatusOK, anOrg))
	err := call(newClient(t, testKey, w.option()))
	if err == nil || len(w.sent) != 0 {
		t.Errorf("got %v and %d requests, want an error and none", err, len(w.sent))
	}
	return err
}

// optionError is the error of an option, which New and a call give alike; nil if there is none.
func optionError(t *testing.T, opt client.Option) error {
	t.Helper()
	w := newWire(respondJSON(http.StatusOK, anOrg))
	_, inCall := newClient(t, testKey, w.option()).Organizations.Get(t.Context(), "org_01", opt)
	c, inNew := client.New(testKey, opt)
	if (inCall == nil) != (inNew == nil) || (c == nil) != (inNew != nil) || (len(w.sent) == 0) != (inCall != nil) {
		t.Fatalf("got %v of a call, %d requests, and %v of New", inCall, len(w.sent), inNew)
	}
	if inCall == nil {
		return nil
	}
	text, ok := strings.CutPrefix(inCall.Error(), "organizations.get: ")
	if same, also := strings.CutPrefix(inNew.Error(), "workos: "); !ok || !also || same != text {
		t.Errorf("got %v of a call, and %v of New", inCall, inNew)
	}
	return errors.New(text)
}

const querySecret = "s3cr3t-state"

func authorizeParams() *gen.SSOAuthorizeGetParams {
	state := querySecret
	return &gen.SSOAuthorizeGetParams{
		ClientID: "client_01", RedirectURI: "https://app.example/cb", ResponseType: "code", State: &state,
	}
}

func redirect(status int, location string) httpmock.Responder {
	return httpmock.NewStringResponder(status, `<a href="`+location+`">`).
		HeaderSet(http.Header{"Location": {location}, "Content-Type": {"text/html"}})
}

// waits measures the waits of a call whose attempts all fail.
func waits(t *testing.T, policy client.RetryPolicy, retryAfter string, status int) []time.Duration {
	t.Helper()
	var sent []time.Time
	c := newClient(t, testKey, client.WithRetry(policy), client.WithHTTPClient(&http.Client{Transport: transportFunc(
		func(*http.Request) (*http.Response, error) {
			sent = append(sent, time.Now())
			if status == 0 {
				return nil, errors.New("down")
			}
			resp := byHand(status, `{}`)
			if retryAfter != "" {
				resp.Header.Set("Retry-After", retryAfter)
			}
			return resp, nil
		})}))
	_, _ = c.Organizations.Get(t.Context(), "org_01")
	if len(sent) != policy.MaxAttempts {
		t.Errorf("sent %d requests, want %d", len(sent), policy.MaxAttempts)
	}
	all := make([]time.Duration, 0, len(sent))
	for i := range sent[1:] {
		all = append(all, sent[i+1].Sub(sent[i]))
	}
	return all
}

// listed responds with a list of those organizations and cursors.
func listed(before, after string, numbers ...int) *http.Response {
	data := []map[string]any{}
	for _, n := range numbers {
		data = append(data, map[string]any{"id": fmt.Sprint("org_", n)})
	}
	body, _ := json.Marshal(map[string]any{"data": data, "list_metadata": map[string]string{"before": before,
		"after": after}})
	return byHand(http.StatusOK, string(body))
}
