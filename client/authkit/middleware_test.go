package authkit_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client/authkit"
)

// page is what a browser gets.
type page struct {
	StatusCode int
	Header     http.Header
	text       string
	cookies    []*http.Cookie
}

// cookie returns the first whose name begins so, nil if there is none.
func (p page) cookie(prefix string) *http.Cookie {
	for _, c := range p.cookies {
		if strings.HasPrefix(c.Name, prefix) {
			return c
		}
	}
	return nil
}

// browse sends a request with cookies to a handler, as a browser that shows a page does.
func browse(h http.Handler, method, target string, cookies ...*http.Cookie) page {
	return send(h, method, target, http.Header{"Accept": {"text/html"}, "Sec-Fetch-Mode": {"navigate"}}, cookies...)
}

func send(h http.Handler, method, target string, header http.Header, cookies ...*http.Cookie) page {
	req := httptest.NewRequestWithContext(context.Background(), method, target, nil)
	req.Header = header.Clone()
	for _, c := range cookies {
		req.AddCookie(c)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return page{StatusCode: w.Code, Header: w.Header(), text: w.Body.String(), cookies: cookiesOf(w)}
}

func cookiesOf(w *httptest.ResponseRecorder) []*http.Cookie {
	result := w.Result()
	defer func() { _ = result.Body.Close() }()
	return result.Cookies()
}

// greet answers who the user is.
func greet(w http.ResponseWriter, r *http.Request) {
	session, signedIn := authkit.SessionFrom(r.Context())
	claims, verified := authkit.ClaimsFrom(r.Context())
	if !signedIn || !verified {
		_, _ = io.WriteString(w, "nobody")
		return
	}
	_, _ = io.WriteString(w, session.User.Email+" in "+claims.OrganizationID)
}

func TestWhoIsNotSignedInIsAnswered(t *testing.T) {
	plain := newSessions(t, offline())
	redirecting := newSessions(t, offline(), authkit.WithSignInPath("/sign-in"))
	_, flow := signIn(t, plain, "/sign-in")
	navigation := http.Header{"Accept": {"text/html,application/xhtml+xml"}}
	script := http.Header{"Accept": {"*/*"}, "Sec-Fetch-Mode": {"cors"}}
	for _, tt := range []struct {
		name     string
		sessions *authkit.Sessions
		method   string
		header   http.Header
		cookie   *http.Cookie
		status   int
		location string
	}{
		{"page", redirecting, "GET", navigation, nil, 302, "/sign-in?return_to=%2Fx"},
		{"page's head", redirecting, "HEAD", navigation, nil, 302, "/sign-in"},
		{"form", redirecting, "POST", navigation, nil, 401, ""},
		{"script", redirecting, "GET", script, nil, 401, ""},
		{"API client", redirecting, "GET", http.Header{}, nil, 401, ""},
		{"page without a path to sign in", plain, "GET", navigation, nil, 401, ""},
		{"empty cookie", plain, "GET", navigation, &http.Cookie{Name: "wos-session"}, 401, ""},
		{"forged cookie", plain, "GET", navigation, &http.Cookie{Name: "wos-session", Value: "Fe26.2*1*a*b*c**d*e~2"},
			401, ""},
		{"sign-in's cookie", plain, "GET", navigation, &http.Cookie{Name: "wos-session", Value: flow.Value}, 401, ""},
	} {
		var cookies []*http.Cookie
		if tt.cookie != nil {
			cookies = append(cookies, tt.cookie)
		}
		resp := send(tt.sessions.Require(http.HandlerFunc(greet)), tt.method, "/x", tt.header, cookies...)
		if resp.StatusCode != tt.status || resp.Header.Get("Location") != tt.location {
			t.Errorf("%s: got %d to %q, want %d to %q", tt.name, resp.StatusCode, resp.Header.Get("Location"), tt.status,
				tt.location)
		}
		if tt.status == http.StatusUnauthorized && resp.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s: a 401 without WWW-Authenticate", tt.name)
		}
		resp = send(tt.sessions.Allow(http.HandlerFunc(greet)), tt.method, "/x", tt.header, cookies...)
		if resp.StatusCode != http.StatusOK || resp.text != "nobody" {
			t.Errorf("%s, where everybody may: got %d %q, want nobody", tt.name, resp.StatusCode, resp.text)
		}
	}
}

func TestKeysThatCannotBeFetchedSignNobodyOut(t *testing.T) {
	s := newSessions(t, &jwks{fail: errors.New("down")})
	resp := send(s.Require(http.HandlerFunc(greet)), "GET", "/", http.Header{}, aCookie(t, time.Hour))
	if resp.StatusCode != http.StatusServiceUnavailable || len(resp.cookies) != 0 {
		t.Errorf("got %d with %v, want 503 and no cookie", resp.StatusCode, resp.cookies)
	}
}

func TestBearerTokensAreRequired(t *testing.T) {
	key := newKeys()[0]
	kit := newClient(t, &jwks{keys: jwkSet(key)})
	h := kit.RequireBearer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, _ := authkit.ClaimsFrom(r.Context())
		if _, ok := authkit.SessionFrom(r.Context()); ok {
			t.Error("a bearer token brought a session")
		}
		_, _ = io.WriteString(w, claims.UserID)
	}))
	good := key.sign(t, claims(nil))
	for _, tt := range []struct {
		name, header string
		status       int
		challenge    string
	}{
		{"good", "Bearer " + good, 200, ""},
		{"lower case", "bearer " + good, 200, ""},
		{"none", "", 401, "Bearer"},
		{"another scheme", "Basic " + good, 401, "Bearer"},
		{"empty", "Bearer ", 401, "Bearer"},
		{"expired", "Bearer " + key.sign(t, claims(map[string]any{"exp": 1})), 401, `Bearer error="invalid_token"`},
		{"noise", "Bearer x", 401, `Bearer error="invalid_token"`},
	} {
		resp := send(h, "GET", "/", http.Header{"Authorization": {tt.header}})
		if resp.StatusCode != tt.status || resp.Header.Get("WWW-Authenticate") != tt.challenge ||
			tt.status == 200 && resp.text != "user_01" {
			t.Errorf("%s: got %d %q with challenge %q, want %d with %q", tt.name, resp.StatusCode, resp.text,
				resp.Header.Get("WWW-Authenticate"), tt.status, tt.challenge)
		}
	}
	refusing := func(status int) *httpmock.MockTransport {
		transport := httpmock.NewMockTransport()
		transport.RegisterNoResponder(httpmock.NewStringResponder(status, `{"message":"x"}`))
		return transport
	}
	for name, transport := range map[string]http.RoundTripper{
		"no connection": &jwks{fail: errors.New("down")}, "no such application": refusing(404), "not allowed": refusing(401),
	} {
		down := newClient(t, transport).RequireBearer(http.HandlerFunc(greet))
		if resp := send(down, "GET", "/", http.Header{"Authorization": {"Bearer " + good}}); resp.StatusCode != 503 {
			t.Errorf("without keys, %s: got %d, want 503", name, resp.StatusCode)
		}
	}
}
