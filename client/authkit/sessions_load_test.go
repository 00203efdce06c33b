package authkit_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/authkit"
)

// sealedCookie is the cookie of a session with this access token.
func sealedCookie(t *testing.T, accessToken, refreshToken string) *http.Cookie {
	t.Helper()
	session := aSession()
	session.AccessToken, session.RefreshToken = accessToken, refreshToken
	sealed, err := newSealer(t).SealSession(session)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Cookie{Name: "wos-session", Value: sealed}
}

// tokenOf is a genuine access token, changed.
func tokenOf(t *testing.T, changes map[string]any) string {
	t.Helper()
	return newKeys()[0].sign(t, claims(changes))
}

// load loads the session of a request with these cookies.
func load(t *testing.T, s *authkit.Sessions, cookies ...*http.Cookie,
) (*authkit.Session, *authkit.Claims, error, *httptest.ResponseRecorder) {
	t.Helper()
	r, w := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil), httptest.NewRecorder()
	for _, c := range cookies {
		r.AddCookie(c)
	}
	session, claims, err := s.Load(w, r)
	return session, claims, err, w
}

// The key of a user who was away may be withdrawn meanwhile.
func TestSessionOutlivesTheKeyOfItsToken(t *testing.T) {
	gone := signingKey{"key_0", newKeys()[1].private}
	for _, tt := range []struct {
		name      string
		key       signingKey
		changes   map[string]any // of the claims
		refreshed bool
	}{
		{"expired", gone, map[string]any{"exp": -3600}, true}, {"valid", gone, map[string]any{"exp": 3600}, false},
		{"expired, of another issuer", gone, map[string]any{"exp": -3600, "iss": "https://evil.example"}, false},
		{"expired, of nobody", gone, map[string]any{"exp": -3600, "sub": nil}, false},
		{"without an end", gone, map[string]any{"exp": nil}, false},
		{"expired, signed by another", signingKey{"key_1", newKeys()[1].private}, map[string]any{"exp": -3600}, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			server := &rotation{tb: t, key: newKeys()[0]}
			s := newSessions(t, server)
			if seconds, ok := tt.changes["exp"].(int); ok {
				tt.changes["exp"] = time.Now().Unix() + int64(seconds)
			}
			cookie := sealedCookie(t, tt.key.sign(t, claims(tt.changes)), "refresh-1")
			session, _, err, w := load(t, s, cookie)
			if refreshed := server.count() == 1 && err == nil; refreshed != tt.refreshed {
				t.Errorf("%s: got %v after %d exchanges, want a refresh: %t", tt.name, err, server.count(), tt.refreshed)
			}
			if tt.refreshed {
				if session == nil || session.RefreshToken != "refresh-2" || len(cookiesOf(w)) != 1 {
					t.Errorf("%s: got %v with %v, want the new session", tt.name, session, cookiesOf(w))
				}
				return
			}
			if !errors.Is(err, authkit.ErrNotSignedIn) || server.count() != 0 || len(cookiesOf(w)) != 0 {
				t.Errorf("%s: got %v after %d exchanges, want nothing sent", tt.name, err, server.count())
			}
		})
	}
}

func TestTokensThatAreRefusedAreNotRefreshed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &wire{next: &rotation{tb: t, key: newKeys()[0]}}
		s := newSessions(t, server)
		load(t, s, aCookie(t, time.Hour)) // fetches the keys
		for _, tt := range []struct {
			name, token string
			want        error
		}{
			{"no JWT", "x", authkit.ErrTokenFormat},
			{"no key ID", signingKey{"", newKeys()[0].private}.sign(t, claims(nil)), authkit.ErrTokenKey},
			{"another key under this ID", signingKey{"key_1", newKeys()[1].private}.sign(t, claims(nil)),
				authkit.ErrTokenSignature},
			{"another issuer", tokenOf(t, map[string]any{"iss": "https://evil.example"}), authkit.ErrTokenIssuer},
			{"no subject", tokenOf(t, map[string]any{"sub": nil}), authkit.ErrTokenClaims},
		} {
			server.wantNoEffect(t, tt.name, s, aCookie(t, time.Hour), func() page {
				session, claims, err, w := load(t, s, sealedCookie(t, tt.token, "refresh-1"))
				if session != nil || claims != nil || !errors.Is(err, authkit.ErrNotSignedIn) || !errors.Is(err, tt.want) ||
					!strings.HasPrefix(err.Error(), "workos/authkit: session: not signed in: access token: ") {
					t.Errorf("%s: got %v, %v and %v, want ErrNotSignedIn and %v", tt.name, session, claims, err, tt.want)
				}
				return page{Header: w.Header()}
			})
		}
	})
}

func TestLoadReturnsTheSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &rotation{tb: t, key: newKeys()[0]}
		s := newSessions(t, server)
		session, claims, err, w := load(t, s, aCookie(t, time.Hour))
		if err != nil || session.RefreshToken != "refresh-1" || claims.SessionID != "session_01" || len(w.Header()) != 0 {
			t.Errorf("fresh: got %v, %v and %v with %v", session, claims, err, w.Header())
		}
		session, claims, err, w = load(t, s, aCookie(t, -time.Hour))
		if err != nil || session.RefreshToken != "refresh-2" || claims.SessionID != "session_01" ||
			!claims.ExpiresAt.Equal(time.Now().Add(5*time.Minute)) || len(cookiesOf(w)) != 1 {
			t.Errorf("over: got %v, %v and %v with %v", session, claims, err, w.Header())
		}
		server.setFailure(func(*http.Request) (*http.Response, error) { return nil, errors.New("down") })
		session, claims, err, w = load(t, s, sealedCookie(t, tokenOf(t, map[string]any{"exp": time.Now().Unix() + 9}), "r"))
		if err != nil || session.RefreshToken != "r" || !claims.ExpiresAt.Equal(time.Now().Add(9*time.Second)) ||
			len(w.Header()) != 0 {
			t.Errorf("soon over, and the API is down: got %v, %v and %v with %v", session, claims, err, w.Header())
		}
	})
}

func TestSessionThatEndsLastIsLoaded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSessions(t, &jwks{keys: jwkSet(newKeys()[0])})
		of := func(id string, until time.Duration) *http.Cookie {
			return sealedCookie(t, tokenOf(t, map[string]any{"sid": id, "exp": time.Now().Add(until).Unix()}), id)
		}
		early, middle, late := of("early", time.Minute), of("middle", time.Hour), of("late", 2*time.Hour)
		same, noToken := of("same", 2*time.Hour), sealedCookie(t, "x", "none")
		noSeal := &http.Cookie{Name: "wos-session", Value: "x"}
		for _, tt := range []struct {
			name    string
			cookies []*http.Cookie
			want    string // "": none
		}{
			{"in order", []*http.Cookie{early, middle, late}, "late"},
			{"in reverse", []*http.Cookie{late, middle, early}, "late"},
			{"in the middle", []*http.Cookie{early, late, middle}, "late"},
			{"of the same end, the first", []*http.Cookie{early, late, same}, "late"},
			{"of the same end, the first again", []*http.Cookie{same, early, late}, "same"},
			{"after one without token", []*http.Cookie{noToken, early}, "early"},
			{"before one without token", []*http.Cookie{early, noToken}, "early"},
			{"between what is no seal", []*http.Cookie{noSeal, middle, noSeal}, "middle"},
			{"the fourth", []*http.Cookie{noSeal, noSeal, noSeal, early}, "early"},
			{"the fourth is the last that counts", []*http.Cookie{early, noSeal, noSeal, middle, late}, "middle"},
			{"the fifth", []*http.Cookie{noSeal, noSeal, noSeal, noSeal, early}, ""},
		} {
			session, claims, err, _ := load(t, s, tt.cookies...)
			if tt.want == "" {
				if session != nil || claims != nil || !errors.Is(err, authkit.ErrNotSignedIn) ||
					!errors.Is(err, authkit.ErrSealFormat) {
					t.Errorf("%s: got %v, %v and %v, want ErrNotSignedIn", tt.name, session, claims, err)
				}
			} else if err != nil || session.RefreshToken != tt.want || claims.SessionID != tt.want {
				t.Errorf("%s: got %v, %v and %v, want the session %s", tt.name, session, claims, err, tt.want)
			}
		}
	})
}

// Of several sessions the one that ends last says why nobody is signed in. A failure that may pass hides the others.
func TestFirstSessionTellsWhy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &rotation{tb: t, key: newKeys()[0]}
		s := newSessions(t, server)
		at := func(until time.Duration) int64 { return time.Now().Add(until).Unix() }
		foreign := sealedCookie(t, signingKey{"", newKeys()[0].private}.sign(t, claims(map[string]any{"exp": at(3 * time.Hour)})), "r")
		issuer := sealedCookie(t, tokenOf(t, map[string]any{"iss": "https://a.example", "exp": at(2 * time.Hour)}), "r")
		noJWT := sealedCookie(t, "x", "r")
		for _, cookies := range [][]*http.Cookie{
			{foreign, issuer, noJWT}, {noJWT, issuer, foreign}, {issuer, foreign, noJWT},
		} {
			_, _, err, _ := load(t, s, cookies...)
			if !errors.Is(err, authkit.ErrTokenKey) || errors.Is(err, authkit.ErrTokenIssuer) ||
				errors.Is(err, authkit.ErrTokenFormat) {
				t.Errorf("got %v, want ErrTokenKey alone", err)
			}
		}
		if server.count() != 0 {
			t.Errorf("exchanged %d times, want nothing", server.count())
		}
		server.setFailure(func(req *http.Request) (*http.Response, error) { return jsonAnswer(req, 500, nil), nil })
		over := sealedCookie(t, tokenOf(t, map[string]any{"exp": at(-time.Hour)}), "r-1")
		before := sealedCookie(t, tokenOf(t, map[string]any{"exp": at(-2 * time.Hour)}), "r-2")
		session, claims, err, w := load(t, s, before, over)
		if session != nil || claims != nil || err == nil || errors.Is(err, authkit.ErrNotSignedIn) ||
			server.count() != 1 || server.sent[0]["refresh_token"] != "r-1" || len(w.Header()) != 0 {
			t.Errorf("the API is down: got %v, %v and %v after %v, want a failure of one exchange", session, claims, err,
				server.sent)
		}
	})
}

func TestCookiesOfBrowsersHave4096Bytes(t *testing.T) {
	session := aSession()
	session.AccessToken = strings.Repeat("x", 2000)
	sealed, err := newSealer(t).SealSession(session)
	if err != nil {
		t.Fatal(err)
	}
	for size, want := range map[int]int{4095: 1, 4096: 1, 4097: 2, 4098: 2} {
		name := strings.Repeat("n", size-len(sealed))
		s := newSessions(t, offline(), authkit.WithCookie(func(c *http.Cookie) { c.Name = name }))
		w := httptest.NewRecorder()
		err := s.Save(w, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil), session)
		got := cookiesOf(w)
		if err != nil || len(got) != want || want == 1 && len(got[0].Name)+len(got[0].Value) != size {
			t.Errorf("%d bytes: got %d cookies and %v, want %d", size, len(got), err, want)
		}
	}
	s := newSessions(t, offline())
	for _, session := range []*authkit.Session{nil, {RefreshToken: "r"}} {
		w := httptest.NewRecorder()
		if err := s.Save(w, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil), session); err == nil || len(w.Header()) != 0 {
			t.Errorf("%v: got %v with %v, want an error and no cookie", session, err, w.Header())
		}
	}
}
