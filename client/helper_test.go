package client_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

const (
	testKey = "sk_test_a2V5XzAx"
	anOrg   = `{"object":"organization","id":"org_01","name":"Acme","domains":[],"metadata":{},` +
		`"external_id":null,"created_at":"2026-01-02T03:04:05.678Z","updated_at":"2026-01-02T03:04:05.678Z"}`
)

// wire records what is sent and answers with one response.
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

func answerJSON(status int, body string) httpmock.Responder {
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
