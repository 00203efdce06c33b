package authkit_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/authkit"
)

func TestCookieThatCannotWorkIsRefused(t *testing.T) {
	kit, sealer := newClient(t, offline()), newSealer(t)
	for _, tt := range []struct {
		name   string
		change func(*http.Cookie)
		want   string // "": accepted
	}{
		{"as it is", func(*http.Cookie) {}, ""},
		{"script", func(c *http.Cookie) { c.HttpOnly = false }, "HttpOnly is off, so that scripts could read the cookie"},
		{"bad name", func(c *http.Cookie) { c.Name = "a b" }, "http: invalid Cookie.Name"},
		{"no name", func(c *http.Cookie) { c.Name = "" }, "http: invalid Cookie.Name"},
		{"bad path", func(c *http.Cookie) { c.Path = "/a;b" }, "http: invalid byte ';' in Cookie.Path"},
		{"no path", func(c *http.Cookie) { c.Path = "" }, `invalid path "": want one that begins with a slash, such as "/"`},
		{"relative path", func(c *http.Cookie) { c.Path = "app" },
			`invalid path "app": want one that begins with a slash, such as "/"`},
		{"a cookie without the rest", func(c *http.Cookie) { *c = http.Cookie{Name: "s", HttpOnly: true} },
			`invalid path "": want one that begins with a slash, such as "/"`},
		{"value", func(c *http.Cookie) { c.Value = "x" }, "cannot set the value"},
		{"deletion", func(c *http.Cookie) { c.MaxAge = -1 },
			"MaxAge is negative, which deletes the cookie; 0 keeps it until the browser closes"},
		{"until the browser closes", func(c *http.Cookie) { c.MaxAge = 0 }, ""},
		{"a second", func(c *http.Cookie) { c.MaxAge = 1 }, ""},
		{"None without Secure", func(c *http.Cookie) { c.SameSite, c.Secure = http.SameSiteNoneMode, false },
			"SameSite=None needs Secure"},
		{"None", func(c *http.Cookie) { c.SameSite = http.SameSiteNoneMode }, ""},
		{"Strict without Secure", func(c *http.Cookie) { c.SameSite, c.Secure = http.SameSiteStrictMode, false }, ""},
		{"development", func(c *http.Cookie) { c.Secure = false }, ""},
		{"domain", func(c *http.Cookie) { c.Domain = "acme.example" }, ""},
		{"path", func(c *http.Cookie) { c.Path = "/app" }, ""},
		{"__Host-", func(c *http.Cookie) { c.Name = "__Host-s" }, ""},
		{"__Host- without Secure", func(c *http.Cookie) { c.Name, c.Secure = "__Host-s", false },
			`a name with "__Host-" needs Secure, the path "/" and no domain`},
		{"__Host- with a path", func(c *http.Cookie) { c.Name, c.Path = "__Host-s", "/app" },
			`a name with "__Host-" needs Secure, the path "/" and no domain`},
		{"__Host- with a domain", func(c *http.Cookie) { c.Name, c.Domain = "__Host-s", "acme.example" },
			`a name with "__Host-" needs Secure, the path "/" and no domain`},
		{"__Secure-", func(c *http.Cookie) { c.Name, c.Path, c.Domain = "__Secure-s", "/app", "acme.example" }, ""},
		{"__Secure- without", func(c *http.Cookie) { c.Name, c.Secure = "__Secure-s", false },
			`a name with "__Secure-" needs Secure`},
	} {
		s, err := authkit.NewSessions(kit, sealer, testRedirect, authkit.WithCookie(tt.change))
		if tt.want != "" {
			if want := "workos/authkit: sessions: WithCookie: " + tt.want; s != nil || err == nil || err.Error() != want {
				t.Errorf("%s: got %v and %v, want %s", tt.name, s, err, want)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		want := http.Cookie{
			Name: "wos-session", Path: "/", MaxAge: 400 * 24 * 60 * 60, Secure: true, HttpOnly: true,
			SameSite: http.SameSiteLaxMode,
		}
		tt.change(&want)
		w := httptest.NewRecorder()
		if err := s.Save(w, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil), aSession()); err != nil || len(cookiesOf(w)) != 1 {
			t.Errorf("%s: saved %v and %v, want one cookie", tt.name, cookiesOf(w), err)
			continue
		}
		got := cookiesOf(w)[0]
		if session, err := sealer.OpenSession(got.Value); err != nil || session.RefreshToken != "refresh" {
			t.Errorf("%s: the cookie holds %v and %v, want the session", tt.name, session, err)
		}
		if want.Value = got.Value; got.String() != want.String() || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: saved  %s\nwant %s", tt.name, got, &want)
		}
		w = httptest.NewRecorder()
		_ = s.Clear(w, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil))
		want.Value, want.MaxAge = "", -1
		if got := w.Header()["Set-Cookie"]; len(got) != 1 || got[0] != want.String() ||
			w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: cleared %s\nwant %s", tt.name, got, &want)
		}
	}
}

// In production a cookie without Secure is a mistake, which nothing else shows.
func TestCookieWithoutSecureIsLogged(t *testing.T) {
	for _, tt := range []struct {
		redirect string
		secure   bool
		logged   bool
	}{
		{"https://app.example/callback", false, true}, {"HTTPS://app.example/callback", false, true},
		{"https://app.example/callback", true, false},
		{"http://localhost:8080/callback", false, false}, {"http://localhost:8080/callback", true, false},
	} {
		var log strings.Builder
		kit := newClient(t, offline(), authkit.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
		_, err := authkit.NewSessions(kit, newSealer(t), tt.redirect,
			authkit.WithCookie(func(c *http.Cookie) { c.Secure = tt.secure }))
		if err != nil || strings.Contains(log.String(), "level=WARN") != tt.logged {
			t.Errorf("%s, Secure %t: got %v and logged %q, want a warning: %t", tt.redirect, tt.secure, err, &log, tt.logged)
		}
	}
}

// An end that WithCookie sets as a date would keep a deleted cookie alive.
func TestClearedCookieHasNoDate(t *testing.T) {
	s := newSessions(t, offline(), authkit.WithCookie(func(c *http.Cookie) {
		c.MaxAge, c.Expires = 0, http.Cookie{}.Expires.AddDate(2098, 0, 0)
	}))
	w := httptest.NewRecorder()
	_ = s.Clear(w, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil))
	if got := w.Header().Get("Set-Cookie"); strings.Contains(got, "Expires") || !strings.Contains(got, "Max-Age=0") {
		t.Errorf("got %q, want it deleted at once", got)
	}
}

func TestSessionsRefuseWhatCannotWork(t *testing.T) {
	kit, sealer, none := newClient(t, offline()), newSealer(t), func(*authkit.Sessions) error { return nil }
	for _, tt := range []struct {
		name     string
		kit      *authkit.Client
		sealer   *authkit.Sealer
		redirect string
		opts     []authkit.SessionsOption
		want     string
	}{
		{"nil client", nil, sealer, testRedirect, nil, "client is nil"},
		{"nil sealer", kit, nil, testRedirect, nil, "sealer must come from NewSealer"},
		{"empty sealer", kit, new(authkit.Sealer), testRedirect, nil, "sealer must come from NewSealer"},
		{"no redirect", kit, sealer, "", nil, "RedirectURI is empty: want a callback registered in the dashboard"},
		{"path alone", kit, sealer, "/callback", nil, `invalid RedirectURI "/callback": want an absolute URL`},
		{"fragment", kit, sealer, testRedirect + "#a", nil,
			`invalid RedirectURI "` + testRedirect + `#a": want no fragment`},
		{"native scheme", kit, sealer, "app://callback", nil, `invalid redirect URI "app://callback": want an http(s) URL`},
		{"no host", kit, sealer, "https:///callback", nil, `invalid redirect URI "https:///callback": want an http(s) URL`},
		{"opaque", kit, sealer, "https:callback", nil, `invalid redirect URI "https:callback": want an http(s) URL`},
		{"websocket", kit, sealer, "wss://app.example/a", nil,
			`invalid redirect URI "wss://app.example/a": want an http(s) URL`},
		{"nil option", kit, sealer, testRedirect, []authkit.SessionsOption{nil}, "option 1 is nil"},
		{"nil second option", kit, sealer, testRedirect, []authkit.SessionsOption{none, nil}, "option 2 is nil"},
		{"bad second option", kit, sealer, testRedirect, []authkit.SessionsOption{none, authkit.WithErrorHandler(nil)},
			"WithErrorHandler: function is nil"},
		{"nil cookie", kit, sealer, testRedirect, []authkit.SessionsOption{authkit.WithCookie(nil)},
			"WithCookie: function is nil"},
		{"nil authorization", kit, sealer, testRedirect, []authkit.SessionsOption{authkit.WithAuthorization(nil)},
			"WithAuthorization: function is nil"},
		{"relative after sign-out", kit, sealer, testRedirect, []authkit.SessionsOption{authkit.WithSignedOutURL("/bye")},
			`WithSignedOutURL: invalid URL "/bye": want an absolute URL`},
	} {
		s, err := authkit.NewSessions(tt.kit, tt.sealer, tt.redirect, tt.opts...)
		if want := "workos/authkit: sessions: " + tt.want; s != nil || err == nil || err.Error() != want {
			t.Errorf("%s: got %v and %v, want %s", tt.name, s, err, want)
		}
	}
	for _, path := range []string{"", "sign-in", "//evil.example", "/\\evil.example", "https://evil.example", "/a b",
		"/sign-in?x=y", "/sign-in?", "/sign-in#x", "/sign-in#", "/" + strings.Repeat("a", 1024)} {
		_, err := authkit.NewSessions(kit, sealer, testRedirect, authkit.WithSignInPath(path))
		want := `workos/authkit: sessions: WithSignInPath: invalid path "` + strings.ReplaceAll(path, `\`, `\\`) +
			`": want a path such as "/sign-in"`
		if err == nil || err.Error() != want {
			t.Errorf("sign-in at %.80q: got %v, want %s", path, err, want)
		}
	}
	for _, redirect := range []string{
		"https://app.example", "http://localhost:3000/callback", "https://app.example/?a=b",
	} {
		if s, err := authkit.NewSessions(kit, sealer, redirect); err != nil || s == nil {
			t.Errorf("%s: got %v and %v", redirect, s, err)
		} else {
			wantHidden(t, "sessions", s, testSecret, testKey)
		}
	}
}

// Cookies of a sign-in go to every path, so that SignIn can count them.
func TestFlowCookieGoesEverywhere(t *testing.T) {
	for _, redirect := range []string{
		"https://app.example", "https://app.example/callback?a=b", "http://localhost:3000/auth/callback/",
	} {
		for _, secure := range []bool{true, false} {
			s, err := authkit.NewSessions(newClient(t, offline()), newSealer(t), redirect,
				authkit.WithCookie(func(c *http.Cookie) {
					c.Secure, c.Domain, c.SameSite = secure, "app.example", http.SameSiteStrictMode
				}))
			if err != nil {
				t.Fatal(err)
			}
			_, flow := signIn(t, s, "/sign-in")
			if flow.Path != "/" || flow.Secure != secure || flow.Domain != "" || flow.SameSite != http.SameSiteLaxMode ||
				!flow.HttpOnly || flow.MaxAge != 600 || len(flow.Name) != len("wos-auth-")+16 {
				t.Errorf("%s, Secure %t: got %s, want it for 10 minutes", redirect, secure, flow)
			}
		}
	}
}
