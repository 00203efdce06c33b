package serve

import (
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
}

func newStore(tb testing.TB) *store {
	tb.Helper()
	s := &store{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		s.requests.Add(1)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"id":"1"}`)
	}))
	tb.Cleanup(s.Close)
	return s
}

// api serves the shop.
func (s *store) api() API {
	type key struct{}
	return API{
		Name: "shop-mcp", Title: "Shop", Version: "v1.0.0", EnvPrefix: "SHOP_MCP",
		Adapter: func(_ Settings, opts ...mcpadapter.Option) (*mcpadapter.Adapter, error) {
			client, err := shop.NewClientWithResponses(s.URL)
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
	if opts.MaxRequestBytes == 0 {
		opts.MaxRequestBytes = DefaultMaxRequestBytes
	}
	p := newProgram(s.api(), Process{Stderr: io.Discard})
	handler, err := p.httpHandler(flags{}, opts, p.logger(flags{}))
	if err != nil {
		tb.Fatal(err)
	}
	return handler
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
