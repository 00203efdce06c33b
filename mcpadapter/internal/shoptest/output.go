package shoptest

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
)

// NewWithOutput returns the tools of the shop with output schemas.
func NewWithOutput(tb testing.TB, d Doer) *mcpadapter.Adapter {
	tb.Helper()
	c, err := shop.NewClientWithResponses("https://tea.example", shop.WithHTTPClient(d))
	if err != nil {
		tb.Fatal(err)
	}
	a, err := mcpadapter.New(c, &shop.Operations, mcpadapter.WithLiteralBodies(), mcpadapter.WithOutputSchemas())
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

// OutputSchema compiles the output schema of a tool with a library that shares nothing with the adapter.
func OutputSchema(tb testing.TB, t mcpadapter.Tool) *jsonschema.Resolved {
	tb.Helper()
	var s *jsonschema.Schema
	if err := json.Unmarshal(t.OutputSchema(), &s); err != nil {
		tb.Fatalf("%s: %v in %s", t.Name(), err, t.OutputSchema())
	}
	r, err := s.Resolve(nil)
	if err != nil {
		tb.Fatalf("%s: %v in %s", t.Name(), err, t.OutputSchema())
	}
	return r
}

// Responding returns an HTTP client whose response has a body that is read from r.
func Responding(status int, r io.Reader) Doer {
	return func(*http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(r),
		}, nil
	}
}
