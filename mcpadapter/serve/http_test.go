package serve

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestTheServerLimitsItsRequests(t *testing.T) {
	var out bytes.Buffer
	handler := http.NotFoundHandler()
	s := limited(handler, program{stderr: &out}.logger(flags{logLevel: slog.LevelDebug}))
	for name, limit := range map[string]struct{ got, want time.Duration }{
		"header": {s.ReadHeaderTimeout, 10 * time.Second}, "request": {s.ReadTimeout, time.Minute},
		"idle": {s.IdleTimeout, 2 * time.Minute}, "response": {s.WriteTimeout, 150 * time.Second},
	} {
		if limit.got != limit.want {
			t.Errorf("%s: got %v, want %v", name, limit.got, limit.want)
		}
	}
	if s.MaxHeaderBytes != 65536 || s.Handler == nil {
		t.Errorf("got %d bytes of headers and %v, want 65536", s.MaxHeaderBytes, s.Handler)
	}
	s.ErrorLog.Print("http: TLS handshake error")
	if !strings.Contains(out.String(), "level=DEBUG") {
		t.Errorf("got %q, want what clients do wrong for those who look for it", &out)
	}
	out.Reset()
	s.ErrorLog.Print("http: Accept error: too many open files; retrying in 5ms")
	if !strings.Contains(out.String(), "level=WARN") {
		t.Errorf("got %q, want a warning that nobody can connect", &out)
	}
}

// TestOtherMethodsAreNotAllowed has methods that no client of MCP needs, and one that opens a stream.
func TestOtherMethodsAreNotAllowed(t *testing.T) {
	t.Parallel()
	const page = "https://app.example.com"
	store := newStore(t)
	closed, open := store.handler(t, HTTPOptions{}), store.handler(t, HTTPOptions{AllowOrigins: []string{page}})
	for _, c := range []struct {
		handler http.Handler
		method  string
		asks    string // the method that a preflight asks for
		status  int
	}{
		{closed, http.MethodGet, "", http.StatusMethodNotAllowed},
		{closed, http.MethodHead, "", http.StatusOK},
		{closed, http.MethodPut, "", http.StatusMethodNotAllowed},
		{closed, http.MethodPatch, "", http.StatusMethodNotAllowed},
		{closed, http.MethodOptions, http.MethodPost, http.StatusMethodNotAllowed},
		{open, http.MethodOptions, "", http.StatusMethodNotAllowed},
		{open, http.MethodOptions, http.MethodPost, http.StatusNoContent},
		{closed, http.MethodDelete, "", http.StatusOK},
	} {
		r := request(t, http.NoBody)
		r.Method = c.method
		if c.asks != "" {
			r.Header.Set("Origin", page)
			r.Header.Set("Access-Control-Request-Method", c.asks)
		}
		w := httptest.NewRecorder()
		c.handler.ServeHTTP(w, r)
		refused := c.status == http.StatusMethodNotAllowed
		if w.Code != c.status || refused != (w.Header().Get("Allow") == "POST, DELETE, HEAD") {
			t.Errorf("%s %s: got %d and Allow %q, want %d", c.method, c.asks, w.Code, w.Header().Get("Allow"), c.status)
		}
	}
}
