package mcpadapter_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

func canceled(tb testing.TB) context.Context {
	tb.Helper()
	ctx, cancel := context.WithCancel(tb.Context())
	cancel()
	return ctx
}

// recorder is a client that remembers what its methods are asked to send, and sends nothing.
type recorder struct{ sent []string }

func (r *recorder) record(ctx context.Context, method string, v any, editors ...editor) (answer, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, method, "https://tea.example/", http.NoBody)
	if err != nil {
		return nil, err
	}
	for _, edit := range editors {
		if err := edit(ctx, request); err != nil {
			return nil, err
		}
	}
	r.sent = append(r.sent, string(text))
	return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody, Request: request}, nil
}

// Put sends an object with a value that the table alone describes.
func (r *recorder) Put(ctx context.Context, b anyBody, editors ...editor) (answer, error) {
	return r.record(ctx, http.MethodPut, b.V, editors...)
}

// took returns what was sent since the last call.
func (r *recorder) took() []string {
	sent := r.sent
	r.sent = nil
	return sent
}

// puts returns an adapter of one operation, put, whose argument v the schema describes, with what its client records.
func puts(tb testing.TB, s optable.Schema, schemas ...optable.Schema) (*mcpadapter.Adapter, *recorder) {
	tb.Helper()
	r := &recorder{}
	a, err := mcpadapter.New(r, &optable.Table{Schemas: schemas, Operations: []optable.Operation{{
		ID: "put", Method: http.MethodPut, Path: "/v",
		Body: &optable.Body{Required: true, Schema: &optable.Schema{
			Types: optable.Object, Properties: []optable.Property{{Name: "v", Required: true, Schema: &s}},
		}},
	}}})
	if err != nil {
		tb.Fatal(err)
	}
	return a, r
}

// problemsOf lists the problems of a refused call, each as it is told.
func problemsOf(r mcpadapter.Result) []string {
	if r.Failure == nil {
		return nil
	}
	var list []string
	for _, p := range r.Failure.Arguments {
		list = append(list, p.String())
	}
	return list
}

// wantUnsent checks that nothing reached the server since the last look.
func wantUnsent(tb testing.TB, what string, wire *shoptest.Server) {
	tb.Helper()
	for _, r := range wire.Seen() {
		tb.Errorf("%s: got %s %s %s sent, want nothing", what, r.Method, r.URI, r.Body)
	}
}

// wantInvalid checks that a call is refused for its arguments with one message, before anything is sent.
func wantInvalid(tb testing.TB, what string, r mcpadapter.Result, wire *shoptest.Server, want ...string) {
	tb.Helper()
	if r.Failure == nil || r.Failure.Code != mcpadapter.CodeInvalidArguments {
		tb.Errorf("%s: got %s, want the arguments refused", what, r.Text())
	}
	if got := problemsOf(r); !slices.Equal(got, want) {
		tb.Errorf("%s:\ngot  %q\nwant %q", what, got, want)
	}
	wantUnsent(tb, what, wire)
}

// tableOf is a table of one operation with components, sorted by name.
func tableOf(op optable.Operation, schemas ...optable.Schema) *optable.Table {
	return &optable.Table{Operations: []optable.Operation{op}, Schemas: schemas}
}

// hangs is a timeout that only ends a test which would hang.
const hangs = time.Minute

// jsonOf returns the JSON of a call that must succeed.
func jsonOf(tb testing.TB, a *mcpadapter.Adapter, name, arguments string) string {
	tb.Helper()
	r := shoptest.Invoke(tb, a, name, arguments)
	if r.Failure != nil {
		tb.Fatalf("%s %.200s: got %.500s, want success", name, arguments, r.Text())
	}
	return string(r.JSON)
}

// bodies returns a network that answers 200 with one JSON text after the other, and the last one again and again.
func bodies(texts ...string) shoptest.Doer {
	next := 0
	return func(*http.Request) (*http.Response, error) {
		text := texts[min(next, len(texts)-1)]
		next++
		return shoptest.Responding(http.StatusOK, strings.NewReader(text))(nil)
	}
}

// shopAnswering returns the tools of the shop with another schema for what an operation answers.
func shopAnswering(
	tb testing.TB, id string, answers []optable.Response, schemas []optable.Schema, d shoptest.Doer, opts ...mcpadapter.Option,
) *mcpadapter.Adapter {
	tb.Helper()
	return shopOf(tb, d, func(table *optable.Table) {
		table.Schemas = append(table.Schemas, schemas...) // their names begin with z, behind all others
		for i := range table.Operations {
			if table.Operations[i].ID == id {
				table.Operations[i].Responses = answers
			}
		}
	}, opts...)
}

// shopOf returns the tools of the shop by a changed copy of its table.
func shopOf(
	tb testing.TB, d shoptest.Doer, change func(*optable.Table), opts ...mcpadapter.Option,
) *mcpadapter.Adapter {
	tb.Helper()
	table := shop.Operations
	table.Operations = append([]optable.Operation{}, table.Operations...)
	table.Schemas = append([]optable.Schema{}, table.Schemas...)
	change(&table)
	client, err := shop.NewClient("https://tea.example", shop.WithHTTPClient(d))
	if err != nil {
		tb.Fatal(err)
	}
	a, err := mcpadapter.New(client, &table, opts...)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

// closing is a body that calls a function when it is closed, which is when the adapter has read it.
type closing struct {
	io.Reader

	closed func()
}

func (c closing) Close() error {
	c.closed()
	return nil
}

// endingAfterRead returns a context that ends when the adapter has read the response of a network.
func endingAfterRead(tb testing.TB, body string) (context.Context, shoptest.Doer) {
	tb.Helper()
	ctx, cancel := context.WithCancel(tb.Context())
	tb.Cleanup(cancel)
	return ctx, func(*http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
			Body: closing{strings.NewReader(body), cancel},
		}, nil
	}
}

type anyBody struct {
	V any `json:"v"`
}
