package mcpadapter_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

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
		Body: &optable.Body{Required: true, Schema: optable.Schema{
			Types: optable.Object, Properties: []optable.Property{{Name: "v", Required: true, Schema: s}},
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
func wantUnsent(tb testing.TB, what string, wire *server) {
	tb.Helper()
	for _, r := range wire.seen() {
		tb.Errorf("%s: got %s %s %s sent, want nothing", what, r.method, r.uri, r.body)
	}
}

// wantInvalid checks that a call is refused for its arguments with one message, before anything is sent.
func wantInvalid(tb testing.TB, what string, r mcpadapter.Result, wire *server, want ...string) {
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
