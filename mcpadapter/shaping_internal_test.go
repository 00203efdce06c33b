package mcpadapter

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// one is a client whose every call succeeds at once.
type one struct{}

func (one) Get(context.Context) (*http.Response, error) {
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(`{"id":"1"}`)),
	}, nil
}

func (o one) Post(ctx context.Context) (*http.Response, error) { return o.Get(ctx) }

// No program can be made to run for exactly as long as another waits, so the turns are taken by hand.
func TestAProgramWaitsForItsTurnForTwoSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		responses := []optable.Response{{
			Status: http.StatusOK, MediaType: "application/json", Schema: &optable.Schema{Types: optable.Object},
		}}
		a, err := New(one{}, &optable.Table{Operations: []optable.Operation{
			{ID: "get", Method: http.MethodGet, Path: "/", Responses: responses},
			{ID: "post", Method: http.MethodPost, Path: "/", Responses: responses},
		}}, WithShapingArguments())
		if err != nil {
			t.Fatal(err)
		}
		for range cap(a.engine.programTurns) {
			a.engine.programTurns <- struct{}{}
		}
		const busy = "the call succeeded, but the jq program failed: too many other programs are running"
		for i, advice := range []string{
			"Call again in a moment, or without jq.",
			"The call took effect: do not repeat it. Details show the shape of the response.",
		} {
			begin := time.Now()
			r := a.tools[i].invoke(t.Context(), json.RawMessage(`{"jq":".id"}`), byToken)
			if f := r.Failure; f == nil || f.Code != CodeProgramFailed || f.Message != busy || f.Advice != advice {
				t.Errorf("%s: got %s, want %s", a.tools[i].name, r.Text(), advice)
			}
			if took := time.Since(begin); took != 2*time.Second {
				t.Errorf("%s: waited for %s, want 2s", a.tools[i].name, took)
			}
		}

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		r := a.tools[0].invoke(ctx, json.RawMessage(`{"jq":".id"}`), byToken)
		const ended = "the call succeeded, but the jq program failed: the call ended before the program did"
		if r.Failure == nil || r.Failure.Message != ended {
			t.Errorf("a call that ends: got %s, want %s", r.Text(), ended)
		}

		<-a.engine.programTurns
		for range 2 { // each gives its turn back
			if r := a.tools[0].invoke(t.Context(), json.RawMessage(`{"jq":".id"}`), byToken); string(r.JSON) != `{"jq":["1"]}` {
				t.Errorf("a free turn: got %s", r.Text())
			}
		}
	})
}
