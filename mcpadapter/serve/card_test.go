package serve

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// visit returns the response to a GET of a page, and the site that it is of.
func visit(tb testing.TB, handler http.Handler, target string, header ...string) *httptest.ResponseRecorder {
	tb.Helper()
	r := httptest.NewRequestWithContext(tb.Context(), http.MethodGet, target, http.NoBody)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, r)
	return w
}

// site returns the whole handler of an API with flags of the command http.
func (s *store) site(tb testing.TB, api API, l listening) http.Handler {
	tb.Helper()
	if l.auth.auth == "" {
		l.auth.auth = authPassthrough
	}
	l.opts.Metrics = NewMetrics()
	p := newProgram(api, Process{Stderr: io.Discard})
	f := flags{}
	handler, err := p.httpHandler(f, l, p.logger(f))
	if err != nil {
		tb.Fatal(err)
	}
	return handler
}

func TestTheServerCard(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	api := store.api()
	api.Short, api.Website, api.Namespace = strings.Repeat("é", 101), "https://shop.example/", "example.shop"
	api.Icons = []Icon{{Source: "https://shop.example/i.svg", Media: "image/svg+xml", Sizes: []string{"any"}}}
	public := listening{auth: authSettings{baseURL: "https://mcp.shop.example/"}}
	for name, c := range map[string]struct {
		listening       listening
		site, url, card string
		namespace, urn  string
	}{
		"loopback": {
			listening{}, "http://127.0.0.1:8080", "http://127.0.0.1:8080", "example.shop/shop-mcp", "example.shop", "urn:air:shop.example:shop-mcp",
		},
		"public": {
			public, "http://mcp.shop.example", "https://mcp.shop.example", "example.shop.mcp/shop-mcp", "", "urn:air:mcp.shop.example:shop-mcp",
		},
		"a loopback name": {listening{}, "http://localhost:1", "http://localhost:1", "localhost/shop-mcp", "", "urn:air:localhost:shop-mcp"},
		"an address":      {listening{}, "http://[::1]:1", "http://[::1]:1", "localhost/shop-mcp", "", "urn:air:localhost:shop-mcp"},
	} {
		api.Namespace = c.namespace
		handler := store.site(t, api, c.listening)
		w := visit(t, handler, c.site+"/mcp/server-card")
		var card serverCard
		if err := json.Unmarshal(w.Body.Bytes(), &card); err != nil || w.Code != http.StatusOK {
			t.Fatalf("%s: got %d %v: %s", name, w.Code, err, w.Body)
		}
		if card.Name != c.card || len(card.Remotes) != 1 || card.Remotes[0].URL != c.url+"/mcp" || card.Version != "v1.0.0" ||
			len([]rune(card.Description)) != 100 || len(card.Icons) != 1 || card.Remotes[0].Headers[0].Name != "X-Key" {
			t.Errorf("%s: got %s", name, w.Body)
		}
		if h := w.Header(); h.Get("Content-Type") != cardMedia || h.Get("Access-Control-Allow-Origin") != "*" || h.Get("ETag") == "" {
			t.Errorf("%s: got the header %v", name, h)
		}
		if again := visit(t, handler, c.site+"/mcp/server-card", "If-None-Match", w.Header().Get("ETag")); again.Code != http.StatusNotModified {
			t.Errorf("%s: got %d, want 304", name, again.Code)
		}
		w = visit(t, handler, c.site+"/.well-known/ai-catalog.json")
		var list catalog
		if err := json.Unmarshal(w.Body.Bytes(), &list); err != nil || len(list.Entries) != 1 ||
			list.Entries[0].Identifier != c.urn || list.Entries[0].URL != c.url+"/mcp/server-card" || list.Entries[0].Type != cardMedia {
			t.Errorf("%s: got %v: %s", name, err, w.Body)
		}
	}
	if n := store.requests.Load(); n != 0 {
		t.Errorf("got %d requests on the wire, want none", n)
	}
}

// The server says the same of itself to clients that connect.
func TestTheServerIntroducesItself(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	api := store.api()
	api.Short, api.Website = "Sells tea", "https://shop.example/"
	api.Icons = []Icon{{Source: "https://shop.example/i.svg", Sizes: []string{"any"}}}
	got := store.ask(t, store.site(t, api, listening{}), initialize)
	for _, part := range []string{
		`"title":"Shop"`, `"description":"Sells tea"`, `"websiteUrl":"https://shop.example/"`,
		`"icons":[{"src":"https://shop.example/i.svg","sizes":["any"]}]`,
	} {
		if !strings.Contains(got, part) {
			t.Errorf("got %s, want %s in it", got, part)
		}
	}
}
