package mcpadapter_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// short is a Go type that drops all but the first two items of an array.
type short []any

func (s short) MarshalJSON() ([]byte, error) { return json.Marshal([]any(s[:min(len(s), 2)])) }

// shortener counts the calls.
type shortener struct{ calls *int }

func (s shortener) Put(context.Context, struct {
	V short `json:"v"`
}) (*http.Response, error) {
	*s.calls++
	return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
}

func (s shortener) Replace(context.Context, short) (*http.Response, error) {
	*s.calls++
	return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
}

// What a Go type would send otherwise than it was given is not sent.
func TestWhatAGoTypeWouldChangeIsNotSent(t *testing.T) {
	t.Parallel()
	calls := 0
	object := optable.Schema{Types: optable.Object, Properties: []optable.Property{{Name: "v", Required: true}}}
	a, err := mcpadapter.New(shortener{&calls}, &optable.Table{Operations: []optable.Operation{
		{ID: "put", Method: http.MethodPut, Path: "/v", Body: &optable.Body{Required: true, Schema: &object}},
		{ID: "replace", Method: http.MethodPut, Path: "/w", Body: &optable.Body{
			Required: true, Schema: &optable.Schema{Types: optable.Array},
		}},
	}}, mcpadapter.WithStrict())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ tool, arguments, want string }{
		{"put", `{"v":[1,2]}`, ""},
		{"put", `{"v":[1,2,3]}`, "nothing was sent: body: v: an array of 3 cannot be sent"},
		{"replace", `{"body":[1,2]}`, ""},
		{"replace", `{"body":[1,2,3]}`, "nothing was sent: body: an array of 3 cannot be sent"},
	} {
		calls = 0
		r := shoptest.Invoke(t, a, c.tool, c.arguments)
		switch {
		case c.want == "" && (r.Failure != nil || calls != 1):
			t.Errorf("%s: got %d calls and %s, want it sent", c.arguments, calls, r.Text())
		case c.want != "" && (r.Failure == nil || r.Failure.Code != mcpadapter.CodeInvalidArguments ||
			r.Failure.Message != c.want || calls != 0):
			t.Errorf("%s: got %d calls and %s, want %s", c.arguments, calls, r.Text(), c.want)
		}
	}
}
