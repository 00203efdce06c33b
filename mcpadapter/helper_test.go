package mcpadapter_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
)

// request is what reached the server.
type request struct {
	method string
	uri    string // as escaped on the wire
	header http.Header
	body   string
}

// server answers every request alike and remembers them.
type server struct {
	http.HandlerFunc

	mu       sync.Mutex
	requests []request
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.requests = append(s.requests, request{r.Method, r.RequestURI, r.Header, string(body)})
	s.mu.Unlock()
	if s.HandlerFunc != nil {
		s.HandlerFunc(w, r)
	}
}

// seen returns the requests since the last call.
func (s *server) seen() []request {
	s.mu.Lock()
	defer s.mu.Unlock()
	requests := s.requests
	s.requests = nil
	return requests
}

// newShop returns the tools of the shop, whose server is a real one on the loopback interface.
func newShop(
	tb testing.TB, handler http.HandlerFunc, opts ...mcpadapter.Option,
) (*mcpadapter.Adapter, *server) {
	tb.Helper()
	s := &server{HandlerFunc: handler}
	listener := httptest.NewServer(s)
	tb.Cleanup(listener.Close)
	return adapterFor(tb, listener.URL, listener.Client(), opts...), s
}

func adapterFor(tb testing.TB, url string, client *http.Client, opts ...mcpadapter.Option) *mcpadapter.Adapter {
	tb.Helper()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c, err := shop.NewClient(url, shop.WithHTTPClient(client))
	if err != nil {
		tb.Fatal(err)
	}
	a, err := mcpadapter.New(c, &shop.Operations, opts...)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

func tool(tb testing.TB, a *mcpadapter.Adapter, name string) mcpadapter.Tool {
	tb.Helper()
	found, err := a.Tool(name)
	if err != nil {
		tb.Fatal(err)
	}
	return found
}

func invoke(tb testing.TB, a *mcpadapter.Adapter, name, arguments string) mcpadapter.Result {
	tb.Helper()
	return tool(tb, a, name).Invoke(tb.Context(), json.RawMessage(arguments))
}

// answering returns a handler of one answer.
func answering(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if contentType != "" {
			w.Header().Set("Content-Type", contentType)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// doer lets a function stand for the network.
type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(r *http.Request) (*http.Response, error) { return d(r) }

func shopWith(tb testing.TB, d doer, opts ...mcpadapter.Option) *mcpadapter.Adapter {
	tb.Helper()
	c, err := shop.NewClient("https://tea.example", shop.WithHTTPClient(d))
	if err != nil {
		tb.Fatal(err)
	}
	a, err := mcpadapter.New(c, &shop.Operations, opts...)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

// responding returns a response with a body that is read from r.
func responding(status int, r io.Reader) doer {
	return func(*http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: status, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(r),
		}, nil
	}
}

func wantParts(tb testing.TB, what, got string, want ...string) {
	tb.Helper()
	for _, part := range want {
		if !strings.Contains(got, part) {
			tb.Errorf("%s: got %q, want %q in it", what, got, part)
		}
	}
}

func canceled(tb testing.TB) context.Context {
	tb.Helper()
	ctx, cancel := context.WithCancel(tb.Context())
	cancel()
	return ctx
}
