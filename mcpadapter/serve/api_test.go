package serve

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shop"
)

const (
	initialize = `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18",` +
		`"capabilities":{},"clientInfo":{"name":"mcp-inspector","version":"1"}}}`
	listTools = `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}`
)

func callBody(id int, tool, arguments string) string {
	return fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":%q,"arguments":%s}}`,
		id, tool, arguments)
}

func initializeAs(client string) string {
	return strings.Replace(initialize, `"mcp-inspector"`, strconv.Quote(client), 1)
}

// namedOf returns the name of a client of so many bytes that needs other names of tools.
func namedOf(size int) string { return "claude-ai" + strings.Repeat("x", size-len("claude-ai")) }

// store is the API of a shop that counts what reaches it, and whose callers have keys.
type store struct {
	*httptest.Server

	requests atomic.Int32
	header   atomic.Pointer[http.Header] // of the last request
	body     string                      // of responses; "": {"id":"1"}
	status   int                         // 0: 200
	prompts  func() ([]Prompt, error)
}

// last returns the header of the last request.
func (s *store) last() http.Header { return *s.header.Load() }

func newStore(tb testing.TB) *store {
	tb.Helper()
	s := &store{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests.Add(1)
		s.header.Store(&r.Header)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(cmp.Or(s.status, http.StatusOK))
		_, _ = io.WriteString(w, cmp.Or(s.body, `{"id":"1"}`))
	}))
	tb.Cleanup(s.Close)
	return s
}

// api serves the shop.
func (s *store) api() API {
	type key struct{}
	return API{
		Name: "shop-mcp", Title: "Shop", Version: "v1.0.0", EnvPrefix: "SHOP_MCP",
		Prompts: s.prompts,
		Adapter: func(settings Settings, opts ...mcpadapter.Option) (*mcpadapter.Adapter, error) {
			client, err := shop.NewClientWithResponses(
				s.URL, shop.WithHTTPClient(&http.Client{Transport: settings.Transport}))
			if err != nil {
				return nil, err
			}
			return mcpadapter.New(client, &shop.Operations, opts...)
		},
		Redact: func(text string) string { return strings.ReplaceAll(text, "secret", "…") },
		Caller: func(ctx context.Context) string { text, _ := ctx.Value(key{}).(string); return text },
		Credentials: Credentials{
			Request: func(ctx context.Context, r *http.Request) context.Context {
				return context.WithValue(ctx, key{}, r.Header.Get("X-Key"))
			},
			Authorized: func(r *http.Request) error {
				if r.Header.Get("X-Key") == "" {
					return errors.New("send a key as X-Key")
				}
				return nil
			},
			Headers: []string{"X-Key"},
		},
	}
}

// handler is the server over HTTP.
func (s *store) handler(tb testing.TB, opts HTTPOptions) http.Handler {
	tb.Helper()
	if opts.Metrics == nil {
		opts.Metrics = NewMetrics()
	}
	p := newProgram(s.api(), Process{Stderr: io.Discard})
	handler, err := p.httpHandler(flags{}, listening{auth: authSettings{auth: authPassthrough}, opts: opts}, p.logger(flags{}))
	if err != nil {
		tb.Fatal(err)
	}
	return new(serverState).handler(handler)
}

// ask returns the response to a message over HTTP, with the headers of the request.
func (s *store) ask(tb testing.TB, handler http.Handler, message string, headers ...string) string {
	tb.Helper()
	r := request(tb, strings.NewReader(message))
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w.Body.String()
}

// exchange is a message, headers of its request, and parts that the response has and does not have.
type exchange struct {
	name, message      string
	headers, want, not []string
}

// exchange checks the responses to messages. Nothing of them may go to the API.
func (s *store) exchange(tb testing.TB, handler http.Handler, list []exchange) {
	tb.Helper()
	for _, e := range list {
		got := s.ask(tb, handler, e.message, e.headers...)
		for _, part := range e.want {
			if !strings.Contains(got, part) {
				tb.Errorf("%s: got %s, want %s in it", e.name, got, part)
			}
		}
		for _, part := range e.not {
			if strings.Contains(got, part) {
				tb.Errorf("%s: got %s, want no %s in it", e.name, got, part)
			}
		}
	}
	if n := s.requests.Load(); n != 0 {
		tb.Errorf("got %d requests on the wire, want none", n)
	}
}

// askStdio returns the lines that the server writes to a client over stdio that sends the messages, one a line.
func (s *store) askStdio(tb testing.TB, messages string, args ...string) string {
	tb.Helper()
	var stdout, stderr strings.Builder
	code := Run(tb.Context(), s.api(), Process{
		Args: append([]string{"stdio"}, args...), Stdin: strings.NewReader(messages), Stdout: &stdout, Stderr: &stderr,
	})
	if code != ExitOK {
		tb.Fatalf("got exit code %d: %s", code, &stderr)
	}
	return stdout.String()
}

// request is a POST to the server at a loopback address.
func request(tb testing.TB, body io.Reader) *http.Request {
	tb.Helper()
	r := httptest.NewRequestWithContext(tb.Context(), http.MethodPost, "http://127.0.0.1:8080"+mcpPath, body)
	local := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}
	r = r.WithContext(context.WithValue(r.Context(), http.LocalAddrContextKey, local))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	r.Header.Set("X-Key", "k")
	return r
}
