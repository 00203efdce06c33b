package shoptest

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/depot"
)

// Depot returns the tools of the depot and its server, which listens on the loopback interface.
func Depot(tb testing.TB, handler http.HandlerFunc, opts ...mcpadapter.Option) (*mcpadapter.Adapter, *Server) {
	tb.Helper()
	s := &Server{HandlerFunc: handler}
	listener := httptest.NewServer(s)
	tb.Cleanup(listener.Close)
	c, err := depot.NewClientWithResponses(listener.URL, depot.WithHTTPClient(listener.Client()))
	if err != nil {
		tb.Fatal(err)
	}
	a, err := mcpadapter.New(c, &depot.Operations, opts...)
	if err != nil {
		tb.Fatal(err)
	}
	for _, s := range a.Skipped() {
		tb.Errorf("got %s, want every operation of the depot", s)
	}
	return a, s
}
