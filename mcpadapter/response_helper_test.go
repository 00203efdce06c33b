package mcpadapter_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
)

// hangs is a timeout that only ends a test which would hang.
const hangs = time.Minute

// nothingReached checks that no request reached the server.
func nothingReached(tb testing.TB, wire *server, what string) {
	tb.Helper()
	if got := wire.seen(); len(got) != 0 {
		tb.Errorf("%s: got the requests %v, want none", what, got)
	}
}

// jsonOf returns the JSON of a call that must succeed.
func jsonOf(tb testing.TB, a *mcpadapter.Adapter, name, arguments string) string {
	tb.Helper()
	r := invoke(tb, a, name, arguments)
	if r.Failure != nil {
		tb.Fatalf("%s %.200s: got %.500s, want success", name, arguments, r.Text())
	}
	return string(r.JSON)
}

// bodies returns a network that answers 200 with one JSON text after the other, and the last one again and again.
func bodies(texts ...string) doer {
	next := 0
	return func(*http.Request) (*http.Response, error) {
		text := texts[min(next, len(texts)-1)]
		next++
		return responding(http.StatusOK, strings.NewReader(text))(nil)
	}
}

// shopAnswering returns the tools of the shop with another schema for what an operation answers.
func shopAnswering(
	tb testing.TB, id string, answers []optable.Response, schemas []optable.Schema, d doer, opts ...mcpadapter.Option,
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
	tb testing.TB, d doer, change func(*optable.Table), opts ...mcpadapter.Option,
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
func endingAfterRead(tb testing.TB, body string) (context.Context, doer) {
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
