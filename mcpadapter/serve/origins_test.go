package serve

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// Browsers send origins in lower case and without the port of the scheme, however they are written in the settings.
func TestAllowedOriginsAreThoseThatBrowsersSend(t *testing.T) {
	t.Parallel()
	for written, sent := range map[string]string{
		"https://app.example.com":      "https://app.example.com",
		"HTTPS://App.Example.COM":      "https://app.example.com",
		"https://app.example.com:443":  "https://app.example.com",
		"http://app.example.com:80":    "http://app.example.com",
		"http://app.example.com:443":   "http://app.example.com:443",
		"https://App.example.com:8443": "https://app.example.com:8443",
		"https://[2001:DB8::1]:443":    "https://[2001:db8::1]",
	} {
		handler := newStore(t).handler(t, HTTPOptions{AllowOrigins: []string{written}})
		for origin, want := range map[string]int{sent: http.StatusOK, "https://other.example": http.StatusForbidden} {
			r := request(t, strings.NewReader(callBody(1, "teas.list", `{}`)))
			r.Header.Set("Origin", origin)
			w := httptest.NewRecorder()
			handler.ServeHTTP(w, r)
			if w.Code != want {
				t.Errorf("%s: got %d for %s, want %d", written, w.Code, origin, want)
			}
			if got := w.Header().Get("Access-Control-Allow-Origin"); want == http.StatusOK && got != origin {
				t.Errorf("%s: got the origin %q back, want %q", written, got, origin)
			}
		}
	}
}

// A page that cannot read a refusal learns neither that its user has to sign in, nor how, nor when to come again.
func TestAllowedPagesMayReadRefusals(t *testing.T) {
	t.Parallel()
	const page = "https://app.example.com"
	store := newStore(t)
	handler := store.handler(t, HTTPOptions{
		AllowOrigins: []string{page}, RequireCredential: true,
		Credentials: Credentials{Headers: []string{"X-Key"}, Authorized: func(r *http.Request) error {
			if r.Header.Get("X-Key") == "" {
				return errors.New("no key")
			}
			return nil
		}},
	})
	for i, c := range []struct {
		change func(*http.Request)
		want   int
	}{
		{func(r *http.Request) { r.Header.Del("X-Key") }, http.StatusUnauthorized},
		{func(r *http.Request) { r.Method = http.MethodGet }, http.StatusMethodNotAllowed},
		{func(r *http.Request) { r.Host = "evil.example" }, http.StatusForbidden},
		{func(r *http.Request) { r.Header.Set("X-MCP-Readonly", "x") }, http.StatusBadRequest},
	} {
		for _, origin := range []string{page, "https://other.example"} {
			r := request(t, strings.NewReader(listTools))
			r.Header.Set("Origin", origin)
			c.change(r)
			w := serveRecorded(handler, r)
			allowed, exposed := w.Header().Get("Access-Control-Allow-Origin"), w.Header().Get("Access-Control-Expose-Headers")
			if w.Header().Get("Vary") != "Origin" || (allowed == page) != (origin == page) {
				t.Errorf("%d: %s: got %d and the headers %v", i, origin, w.Code, w.Header())
			}
			if origin == page && (w.Code != c.want || !strings.Contains(exposed, "WWW-Authenticate")) {
				t.Errorf("%d: got %d %s, exposed %q, want %d", i, w.Code, w.Body, exposed, c.want)
			}
		}
	}
	if n := store.requests.Load(); n != 0 {
		t.Errorf("got %d requests on the wire, want none", n)
	}
}

// What no request can have would allow nobody, which a person would find out late.
func TestPatternsOfOriginsAndHostsAreRefused(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil)
	for want, opts := range map[string]HTTPOptions{
		`--allow-origin: invalid origin "https://*.example.com": want one in full`: {
			AllowOrigins: []string{"https://*.example.com"}},
		`--allow-origin: invalid origin "https://tee.münchen.example": want one in full, in ASCII`: {
			AllowOrigins: []string{"https://tee.münchen.example"}},
		`--allow-origin: invalid origin "https://a b": want one in full`: {AllowOrigins: []string{"https://a b"}},
		`--allow-host: invalid host "*.example.com"`:                     {AllowHosts: []string{"*.example.com"}},
	} {
		_, err := Handler(server.NewMCPServer("shop", "1"), a, opts)
		if err == nil || !strings.HasPrefix(err.Error(), want) || ExitCode(err) != ExitUsage {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}
