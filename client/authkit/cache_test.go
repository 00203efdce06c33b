package authkit_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// A cache that stores a response with a session cookie signs others in.
func TestResponseWithASessionCookieIsStoredByNoCache(t *testing.T) {
	s := newSessions(t, &rotation{tb: t, key: newKeys()[0]})
	seal := func(refreshToken string, until time.Duration) *http.Cookie {
		sealed, err := newSealer(t).SealSession(sessionOf(t, "session_01", refreshToken, until))
		if err != nil {
			t.Fatal(err)
		}
		return &http.Cookie{Name: "wos-session", Value: sealed}
	}
	public := func(w http.ResponseWriter) {
		w.Header().Set("Cache-Control", "public, max-age=3600")
		w.Header().Set("CDN-Cache-Control", "max-age=3600")
		w.Header().Set("Surrogate-Control", "max-age=3600")
	}
	flush := func(w http.ResponseWriter) {
		if f, ok := w.(http.Flusher); ok {
			f.Flush()
		}
	}
	for name, next := range map[string]http.HandlerFunc{
		"nothing":  func(w http.ResponseWriter, _ *http.Request) { public(w) },
		"text":     func(w http.ResponseWriter, _ *http.Request) { public(w); _, _ = io.WriteString(w, "page") },
		"status":   func(w http.ResponseWriter, _ *http.Request) { public(w); w.WriteHeader(http.StatusAccepted) },
		"a file":   func(w http.ResponseWriter, _ *http.Request) { public(w); _, _ = io.Copy(w, strings.NewReader("page")) },
		"a stream": func(w http.ResponseWriter, _ *http.Request) { public(w); flush(w); _, _ = io.WriteString(w, "page") },
		"a stream, controlled": func(w http.ResponseWriter, _ *http.Request) {
			public(w)
			if err := http.NewResponseController(w).Flush(); err != nil {
				t.Errorf("flush: %v", err)
			}
		},
		"hints first": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusEarlyHints)
			public(w)
			_, _ = io.WriteString(w, "page")
		},
		"a deadline": func(w http.ResponseWriter, _ *http.Request) {
			if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute)); err != nil {
				t.Errorf("deadline: %v", err)
			}
			public(w)
		},
	} {
		for wrapped, h := range map[string]http.Handler{"Require": s.Require(next), "Allow": s.Allow(next)} {
			server := httptest.NewServer(h)
			for _, tt := range []struct {
				cookie  *http.Cookie
				renewed bool
				want    string
			}{
				{seal(name+wrapped, time.Second), true, "no-store"}, {seal("unused", time.Hour), false, "public, max-age=3600"},
			} {
				req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
				if err != nil {
					t.Fatal(err)
				}
				req.AddCookie(tt.cookie)
				resp, err := http.DefaultTransport.RoundTrip(req)
				if err != nil {
					t.Fatal(err)
				}
				_ = resp.Body.Close()
				other := resp.Header.Get("CDN-Cache-Control") + resp.Header.Get("Surrogate-Control")
				if got := resp.Header.Get("Cache-Control"); got != tt.want || (other == "") != tt.renewed ||
					(resp.Header.Get("Set-Cookie") != "") != tt.renewed {
					t.Errorf("%s, %s: got %v, want %s with a cookie: %t", wrapped, name, resp.Header, tt.want, tt.renewed)
				}
			}
			server.Close()
		}
	}
}

// What a user sees is for the user alone, unless the handler knows better.
func TestResponsesToUsersArePrivate(t *testing.T) {
	s := newSessions(t, &rotation{tb: t, key: newKeys()[0]})
	sealed, err := newSealer(t).SealSession(sessionOf(t, "session_01", "r", time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	h := s.Allow(http.HandlerFunc(greet))
	page := browse(h, http.MethodGet, "/", &http.Cookie{Name: "wos-session", Value: sealed})
	if got := page.Header.Get("Cache-Control"); got != "private, no-cache" || page.Header.Get("Vary") != "Cookie" {
		t.Errorf("a user: got %v", page.Header)
	}
	if page := browse(h, http.MethodGet, "/"); page.Header.Get("Cache-Control") != "" {
		t.Errorf("nobody: got %v, want no limit", page.Header)
	}
}

// A connection can be taken over by a request that refreshes its session.
func TestConnectionIsTakenOverAfterARefresh(t *testing.T) {
	s := newSessions(t, &rotation{tb: t, key: newKeys()[0]})
	server := httptest.NewServer(s.Require(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		hijacker, ok := w.(http.Hijacker)
		if !ok {
			t.Error("the writer cannot be hijacked")
			return
		}
		conn, _, err := hijacker.Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\ntaken")
		_ = conn.Close()
	})))
	defer server.Close()
	sealed, err := newSealer(t).SealSession(sessionOf(t, "session_01", "hijack", time.Second))
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.AddCookie(&http.Cookie{Name: "wos-session", Value: sealed})
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil || string(text) != "taken" {
		t.Errorf("got %q and %v", text, err)
	}
}
