// Package shoptest serves the tests of the adapter and its bindings: tools of the shop, a server that remembers
// requests, and checks of results.
package shoptest

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
)

// Request is a request that reached the server.
type Request struct {
	Method string
	URI    string // as escaped on the wire
	Header http.Header
	Body   string
}

// Server responds to every request with its handler, or with nothing, and remembers the requests.
type Server struct {
	http.HandlerFunc

	mu       sync.Mutex
	requests []Request
}

func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	s.requests = append(s.requests, Request{r.Method, r.RequestURI, r.Header, string(body)})
	s.mu.Unlock()
	if s.HandlerFunc != nil {
		s.HandlerFunc(w, r)
	}
}

// Seen returns the requests since the last call.
func (s *Server) Seen() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	requests := s.requests
	s.requests = nil
	return requests
}

// New returns the tools of the shop and its server, which listens on the loopback interface.
func New(
	tb testing.TB, handler http.HandlerFunc, opts ...mcpadapter.Option,
) (*mcpadapter.Adapter, *Server) {
	tb.Helper()
	s := &Server{HandlerFunc: handler}
	listener := httptest.NewServer(s)
	tb.Cleanup(listener.Close)
	return AdapterFor(tb, listener.URL, listener.Client(), opts...), s
}

// AdapterFor returns the tools of the shop for a server at a URL.
func AdapterFor(tb testing.TB, url string, client *http.Client, opts ...mcpadapter.Option) *mcpadapter.Adapter {
	tb.Helper()
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c, err := shop.NewClient(url, shop.WithHTTPClient(client))
	if err != nil {
		tb.Fatal(err)
	}
	a, err := mcpadapter.New(c, &shop.Operations, append([]mcpadapter.Option{mcpadapter.WithLiteralBodies()}, opts...)...)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

// Tool returns the tool of a name.
func Tool(tb testing.TB, a *mcpadapter.Adapter, name string) mcpadapter.Tool {
	tb.Helper()
	found, err := a.Tool(name)
	if err != nil {
		tb.Fatal(err)
	}
	return found
}

// Invoke calls the tool of a name.
func Invoke(tb testing.TB, a *mcpadapter.Adapter, name, arguments string) mcpadapter.Result {
	tb.Helper()
	return Tool(tb, a, name).Invoke(tb.Context(), json.RawMessage(arguments))
}

// RespondWith returns a handler of one response.
func RespondWith(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if contentType != "" {
			w.Header().Set("Content-Type", contentType)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// Doer is an HTTP client without a network.
type Doer func(*http.Request) (*http.Response, error)

// Do calls d.
func (d Doer) Do(r *http.Request) (*http.Response, error) { return d(r) }

// NewWith returns the tools of the shop with an HTTP client.
func NewWith(tb testing.TB, d Doer, opts ...mcpadapter.Option) *mcpadapter.Adapter {
	tb.Helper()
	c, err := shop.NewClient("https://tea.example", shop.WithHTTPClient(d))
	if err != nil {
		tb.Fatal(err)
	}
	a, err := mcpadapter.New(c, &shop.Operations, append([]mcpadapter.Option{mcpadapter.WithLiteralBodies()}, opts...)...)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

// WantParts checks that a text contains all parts.
func WantParts(tb testing.TB, what, got string, want ...string) {
	tb.Helper()
	for _, part := range want {
		if !strings.Contains(got, part) {
			tb.Errorf("%s: got %q, want %q in it", what, got, part)
		}
	}
}

// WantFailure checks the code and the status of a failure, and what all failures have in common.
func WantFailure(tb testing.TB, r mcpadapter.Result, code string, status int) {
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

// WantNothingSent checks that no request reached the server since the last look.
func WantNothingSent(tb testing.TB, wire *Server, what string) {
	tb.Helper()
	if got := wire.Seen(); len(got) != 0 {
		tb.Errorf("%s: got the requests %v, want none", what, got)
	}
}

// Confirming is the option of a policy with the other settings at their defaults.
func Confirming(policy mcpadapter.ConfirmationPolicy) mcpadapter.Option {
	return mcpadapter.WithConfirmation(mcpadapter.Confirmation{Policy: policy})
}

// Changes returns the requests since the last call whose method is not GET.
func (s *Server) Changes() []Request {
	return slices.DeleteFunc(s.Seen(), func(r Request) bool { return r.Method == http.MethodGet })
}

// WithToken adds a confirmation to arguments.
func WithToken(tb testing.TB, arguments, token string) json.RawMessage {
	tb.Helper()
	var args map[string]any
	if err := json.Unmarshal([]byte(arguments), &args); err != nil {
		tb.Fatal(err)
	}
	args["confirmation"] = token
	text, err := json.Marshal(args)
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

// Asked calls a tool that must ask first, and returns the question.
func Asked(
	ctx context.Context, tb testing.TB, t mcpadapter.Tool, arguments string,
) *mcpadapter.PendingConfirmation {
	tb.Helper()
	r := t.Invoke(ctx, json.RawMessage(arguments))
	WantFailure(tb, r, mcpadapter.CodeConfirmationRequired, 0)
	if r.Failure.Confirmation == nil {
		tb.Fatal("got no question, want one with a token")
	}
	return r.Failure.Confirmation
}

// Counting returns an HTTP client that counts its requests and responds with 204.
func Counting(sent *int) Doer {
	return func(*http.Request) (*http.Response, error) {
		*sent++
		return &http.Response{StatusCode: http.StatusNoContent, Body: http.NoBody}, nil
	}
}

// DynamicTool returns the tool of the dynamic mode of a name.
func DynamicTool(tb testing.TB, a *mcpadapter.Adapter, name string) mcpadapter.Tool {
	tb.Helper()
	for _, d := range a.DynamicTools() {
		if d.Name() == name {
			return d
		}
	}
	tb.Fatalf("there is no tool %s", name)
	return mcpadapter.Tool{}
}

// Caller returns the name of the dynamic tool that calls operations of an effect.
func Caller(e mcpadapter.Effect) string { return "call_" + e.String() + "_operation" }

// CallOf returns the arguments for a call of an operation by a dynamic tool.
func CallOf(operation string, arguments json.RawMessage) json.RawMessage {
	return json.RawMessage(fmt.Sprintf(`{"operation":%q,"arguments":%s}`, operation, arguments))
}

// Effects returns all effects.
func Effects() []mcpadapter.Effect {
	return []mcpadapter.Effect{mcpadapter.EffectRead, mcpadapter.EffectWrite, mcpadapter.EffectDestructive}
}

// Quoted returns a text as JSON.
func Quoted(text string) string {
	b, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// ValidArguments returns arguments that each tool of the shop accepts, by name.
func ValidArguments(tb testing.TB) map[string]json.RawMessage {
	tb.Helper()
	var sent int
	arguments := map[string]json.RawMessage{}
	for _, tool := range NewWith(tb, Counting(&sent)).Tools() {
		valid := json.RawMessage(`{}`)
		if r := tool.Invoke(tb.Context(), valid); r.Failure != nil {
			valid = r.Failure.Example
		}
		if r := tool.Invoke(tb.Context(), valid); r.Failure != nil {
			tb.Fatalf("%s %s: %s", tool.Name(), valid, r.Text())
		}
		arguments[tool.Name()] = valid
	}
	return arguments
}
