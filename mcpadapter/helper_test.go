package mcpadapter_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/seed-f165d83c/workos/gen/optable"
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

// wantFailure checks what every failure holds beside its own fields.
func wantFailure(tb testing.TB, r mcpadapter.Result, code string, status int) {
	tb.Helper()
	if r.Failure == nil {
		tb.Fatalf("got %s, want a failure", r.JSON)
	}
	if r.Failure.Code != code || r.Failure.Status != status {
		tb.Errorf("got %d %s, want %d %s", r.Failure.Status, r.Failure.Code, status, code)
	}
	var written struct {
		Error *mcpadapter.Failure `json:"error"`
	}
	if err := json.Unmarshal(r.JSON, &written); err != nil || written.Error == nil || written.Error.Code != code {
		tb.Errorf("JSON: got %s (%v), want the failure under error", r.JSON, err)
	}
	if !utf8.Valid(r.JSON) || !utf8.ValidString(r.Text()) {
		tb.Errorf("got %q, want UTF-8", r.JSON)
	}
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

type anyBody struct {
	V any `json:"v"`
}
