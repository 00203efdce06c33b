package authkit_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client/authkit"
)

func newSessions(tb testing.TB, transport http.RoundTripper, opts ...authkit.SessionsOption) *authkit.Sessions {
	tb.Helper()
	s, err := authkit.NewSessions(newClient(tb, transport), newSealer(tb), testRedirect, opts...)
	if err != nil {
		tb.Fatalf("NewSessions: %v", err)
	}
	return s
}

// aCookie is the session cookie of a session whose access token ends at that time.
func aCookie(t *testing.T, until time.Duration) *http.Cookie {
	t.Helper()
	session := aSession()
	session.RefreshToken = "refresh-1"
	session.AccessToken = newKeys()[0].sign(t, claims(map[string]any{"exp": time.Now().Add(until).Unix()}))
	sealed, err := newSealer(t).SealSession(session)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Cookie{Name: "wos-session", Value: sealed}
}

func TestLoadTellsWhy(t *testing.T) {
	s := newSessions(t, &rotation{tb: t, key: newKeys()[0]})
	load := func(cookies ...*http.Cookie) error {
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
		for _, c := range cookies {
			r.AddCookie(c)
		}
		_, _, err := s.Load(httptest.NewRecorder(), r)
		return err
	}
	session := aSession() // looked at before the good one, because it expires later
	session.AccessToken = signingKey{"", newKeys()[1].private}.sign(t, claims(map[string]any{
		"exp": time.Now().Add(24 * time.Hour).Unix(),
	}))
	foreignToken, err := newSealer(t).SealSession(session)
	if err != nil {
		t.Fatal(err)
	}
	foreignSeal, err := newSealer(t, authkit.Password{Secret: otherSecret}).SealSession(session)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name  string
		value string
		want  error
	}{
		{"cookie of another password", foreignSeal, authkit.ErrSealIntegrity},
		{"token of another key", foreignToken, authkit.ErrTokenKey},
		{"no seal", "x", authkit.ErrSealFormat},
	} {
		err := load(&http.Cookie{Name: "wos-session", Value: tt.value})
		if !errors.Is(err, authkit.ErrNotSignedIn) || !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want ErrNotSignedIn and %v", tt.name, err, tt.want)
		}
		// A cookie that another path or domain set does no harm.
		if err := load(&http.Cookie{Name: "wos-session", Value: tt.value}, aCookie(t, time.Hour)); err != nil {
			t.Errorf("%s before a good one: %v", tt.name, err)
		}
	}
	if err := load(); !errors.Is(err, authkit.ErrNotSignedIn) || !errors.Is(err, authkit.ErrNoCookie) {
		t.Errorf("no cookie: got %v, want ErrNotSignedIn and ErrNoCookie", err)
	}
}

func TestSessionIsRefreshedAtItsEnd(t *testing.T) {
	down := func(*http.Request) (*http.Response, error) { return nil, errors.New("down") }
	ended := func(req *http.Request) (*http.Response, error) {
		return jsonAnswer(req, http.StatusBadRequest, map[string]string{"error": "invalid_grant"}), nil
	}
	for _, tt := range []struct {
		name     string
		until    time.Duration
		fail     httpmock.Responder
		status   int
		cookie   string // "kept" or "new"
		exchange int
	}{
		{"fresh", time.Minute, nil, 200, "kept", 0},
		{"31s before its end", 31 * time.Second, nil, 200, "kept", 0},
		{"30s before its end", 30 * time.Second, nil, 200, "kept", 0},
		{"29s before its end", 29 * time.Second, nil, 200, "new", 1},
		{"at its end", 0, nil, 200, "new", 1},
		{"29s after its end", -29 * time.Second, nil, 200, "new", 1},
		{"30s after its end", -30 * time.Second, nil, 200, "new", 1},
		{"over", -time.Hour, nil, 200, "new", 1},
		{"30s before its end, and the API is down", 30 * time.Second, down, 200, "kept", 0},
		{"29s before its end, and the API is down", 29 * time.Second, down, 200, "kept", 1},
		{"within the leeway, and the API is down", -29 * time.Second, down, 200, "kept", 1},
		{"over, and the API is down", -30 * time.Second, down, 503, "kept", 1},
		{"soon over, and ended", 20 * time.Second, ended, 401, "kept", 1},
		{"over, and ended", -time.Hour, ended, 401, "kept", 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			server := &rotation{tb: t, key: newKeys()[0], fail: tt.fail}
			s := newSessions(t, server)
			resp := send(s.Require(http.HandlerFunc(greet)), "GET", "/", http.Header{}, aCookie(t, tt.until))
			state := "kept"
			if cookie := resp.cookie("wos-session"); cookie != nil {
				state = "new"
				if session, err := newSealer(t).OpenSession(cookie.Value); err != nil || session.RefreshToken != "refresh-2" {
					t.Errorf("%s: the new cookie holds %v and %v", tt.name, session, err)
				}
				if resp.Header.Get("Cache-Control") != "no-store" {
					t.Errorf("%s: Cache-Control is %q, want no-store", tt.name, resp.Header.Get("Cache-Control"))
				}
			}
			if resp.StatusCode != tt.status || state != tt.cookie || server.count() != tt.exchange {
				t.Errorf("%s: got %d, cookie %s, %d exchanges; want %d, %s, %d", tt.name, resp.StatusCode, state,
					server.count(), tt.status, tt.cookie, tt.exchange)
			}
			if tt.status == http.StatusOK && resp.text != "ada@acme.example in org_01" {
				t.Errorf("%s: got %q, want the user", tt.name, resp.text)
			}
			if tt.status == http.StatusServiceUnavailable && resp.Header.Get("Retry-After") == "" {
				t.Errorf("%s: a 503 without Retry-After", tt.name)
			}
		})
	}
}

// A browser may have kept the cookie of another path or domain, from before WithCookie changed it.
func TestSessionThatEndedHidesNoOther(t *testing.T) {
	server := &rotation{tb: t, key: newKeys()[0], fail: func(req *http.Request) (*http.Response, error) {
		return jsonAnswer(req, http.StatusBadRequest, map[string]string{"error": "invalid_grant"}), nil
	}}
	s := newSessions(t, server)
	stale, live := aSession(), aSession()
	stale.AccessToken = newKeys()[0].sign(t, claims(map[string]any{"exp": 1, "sid": "session_00"}))
	live.AccessToken = newKeys()[0].sign(t, claims(nil))
	var cookies []*http.Cookie
	for _, session := range []*authkit.Session{stale, live} {
		sealed, err := newSealer(t).SealSession(session)
		if err != nil {
			t.Fatal(err)
		}
		cookies = append(cookies, &http.Cookie{Name: "wos-session", Value: sealed})
	}
	resp := browse(s.Require(http.HandlerFunc(greet)), "GET", "/", cookies...)
	if resp.StatusCode != http.StatusOK || server.count() != 0 {
		t.Errorf("got %d after %d exchanges, want the live session", resp.StatusCode, server.count())
	}
	resp = browse(http.HandlerFunc(s.SignOut), "POST", "/sign-out", cookies...)
	if _, sent := query(t, resp.Header.Get("Location")); sent.Get("session_id") != "session_01" {
		t.Errorf("sign-out ends %q, want the live session", sent.Get("session_id"))
	}
}

// A local clock that is behind makes tokens look not yet valid. Signing in again would not help.
func TestTokenThatIsNotYetValidIsNoSignIn(t *testing.T) {
	server := &rotation{tb: t, key: newKeys()[0]}
	s := newSessions(t, server, authkit.WithSignInPath("/sign-in"))
	session := aSession()
	session.AccessToken = newKeys()[0].sign(t, claims(map[string]any{
		"nbf": time.Now().Unix() + 3600, "exp": time.Now().Unix() + 7200,
	}))
	sealed, err := newSealer(t).SealSession(session)
	if err != nil {
		t.Fatal(err)
	}
	cookie := &http.Cookie{Name: "wos-session", Value: sealed}
	r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	r.AddCookie(cookie)
	if _, _, err := s.Load(httptest.NewRecorder(), r); !errors.Is(err, authkit.ErrTokenNotYetValid) ||
		errors.Is(err, authkit.ErrNotSignedIn) {
		t.Errorf("Load: got %v, want ErrTokenNotYetValid without ErrNotSignedIn", err)
	}
	resp := browse(s.Require(http.HandlerFunc(greet)), "GET", "/", cookie)
	if resp.StatusCode != http.StatusInternalServerError || server.count() != 0 {
		t.Errorf("Require: got %d and %d exchanges, want 500 and none", resp.StatusCode, server.count())
	}
}

// split has the keys of one and the tokens of another.
type split struct {
	keys   http.RoundTripper
	tokens *rotation
}

func (s split) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method == http.MethodGet {
		return s.keys.RoundTrip(req)
	}
	return s.tokens.RoundTrip(req)
}

func TestRefreshedSessionIsKeptEvenIfItCannotBeVerifiedYet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		keys := &jwks{keys: jwkSet(newKeys()[0])}
		app := newSessions(t, split{keys, &rotation{tb: t, key: newKeys()[1]}}).Require(http.HandlerFunc(greet))
		resp := send(app, "GET", "/", http.Header{}, aCookie(t, -time.Hour))
		cookie := resp.cookie("wos-session")
		if resp.StatusCode != http.StatusServiceUnavailable || cookie == nil {
			t.Fatalf("with a key too new: got %d with the cookie %v, want 503 and the new cookie", resp.StatusCode, cookie)
		}
		time.Sleep(time.Minute) // beyond what is remembered of the spent token
		keys.set(newKeys()[1].jwk())
		if resp = send(app, "GET", "/", http.Header{}, cookie); resp.StatusCode != http.StatusOK {
			t.Errorf("a minute later: got %d, want the session to live on", resp.StatusCode)
		}
	})
}

func TestRequestsThatABrowserSendsTogetherRefreshOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &rotation{tb: t, key: newKeys()[0], delay: time.Second}
		app := newSessions(t, server).Require(http.HandlerFunc(greet))
		cookie := aCookie(t, -time.Hour)
		var wait sync.WaitGroup
		for range 20 {
			wait.Go(func() {
				resp := send(app, "GET", "/", http.Header{}, cookie)
				if resp.StatusCode != http.StatusOK || resp.cookie("wos-session") == nil {
					t.Errorf("got %d with %v, want 200 and the new cookie", resp.StatusCode, resp.cookies)
				}
			})
		}
		wait.Wait()
		if server.count() != 1 {
			t.Errorf("exchanged %d times, want once", server.count())
		}
	})
}

func TestSessionThatBrowsersWouldDropIsReported(t *testing.T) {
	session := aSession()
	s := newSessions(t, offline())
	w := httptest.NewRecorder()
	session.AccessToken = strings.Repeat("x", 60_000) // more than a seal may have
	err := s.Save(w, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil), session)
	if !errors.Is(err, authkit.ErrCookieSize) || strings.Contains(err.Error(), "%!") || len(cookiesOf(w)) != 0 {
		t.Errorf("beyond a seal: got %v and %v, want ErrCookieSize and no cookie", err, cookiesOf(w))
	}
	session.AccessToken = strings.Repeat("x", 1500)
	if err := s.Save(w, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil), session); err != nil {
		t.Errorf("a session of common size: %v", err)
	}
	resp := send(newSessions(t, &rotation{tb: t, key: newKeys()[0], size: 6300}).Require(http.HandlerFunc(greet)),
		"GET", "/", http.Header{}, aCookie(t, -time.Hour))
	if resp.StatusCode != http.StatusInternalServerError {
		t.Errorf("one that becomes too large: got %d, want 500", resp.StatusCode)
	}
}
