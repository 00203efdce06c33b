package authkit_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/authkit"
	"github.com/seed-f165d83c/workos/client/state"
)

func TestRefusedSignOutHasNoEffect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &wire{next: &jwks{keys: jwkSet(newKeys()[0])}}
		s := newSessions(t, server)
		cookie := aCookie(t, time.Hour)
		from := func(pairs ...string) http.Header {
			header := http.Header{}
			for i := 0; i < len(pairs); i += 2 {
				header.Set(pairs[i], pairs[i+1])
			}
			return header
		}
		for _, tt := range []struct {
			name   string
			method string
			header http.Header
			status int
			text   string
		}{
			{"GET", "GET", from(), 405, "sign-out takes POST\n"},
			{"HEAD", "HEAD", from(), 405, "sign-out takes POST\n"},
			{"PUT", "PUT", from(), 405, "sign-out takes POST\n"},
			{"PATCH", "PATCH", from(), 405, "sign-out takes POST\n"},
			{"DELETE", "DELETE", from(), 405, "sign-out takes POST\n"},
			{"OPTIONS", "OPTIONS", from(), 405, "sign-out takes POST\n"},
			{"post in lower case", "post", from(), 405, "sign-out takes POST\n"},
			{"a link of the same site", "GET", from("Sec-Fetch-Site", "same-origin"), 405, "sign-out takes POST\n"},
			{"another site", "POST", from("Sec-Fetch-Site", "cross-site"), 403, "sign-out was sent by another site\n"},
			{"a sibling", "POST", from("Sec-Fetch-Site", "same-site"), 403, "sign-out was sent by another site\n"},
			{"another origin", "POST", from("Origin", "https://evil.example"), 403, "sign-out was sent by another site\n"},
			{"a sibling's origin", "POST", from("Origin", "https://a.example.com"), 403,
				"sign-out was sent by another site\n"},
			{"no origin of its own", "POST", from("Origin", "null"), 403, "sign-out was sent by another site\n"},
			{"another site with this origin", "POST",
				from("Origin", "http://example.com", "Sec-Fetch-Site", "cross-site"), 403, "sign-out was sent by another site\n"},
		} {
			resp := server.wantNoEffect(t, tt.name, s, cookie, func() page {
				return send(http.HandlerFunc(s.SignOut), tt.method, "http://example.com/sign-out", tt.header, cookie)
			})
			allow := map[int]string{405: "POST"}[tt.status]
			if resp.StatusCode != tt.status || resp.Header.Get("Allow") != allow || resp.Header.Get("Location") != "" ||
				resp.text != tt.text {
				t.Errorf("%s: got %d %q with %v, want %d %q", tt.name, resp.StatusCode, resp.text, resp.Header, tt.status, tt.text)
			}
		}
		for name, header := range map[string]http.Header{
			"a form": from("Sec-Fetch-Site", "same-origin"), "the address bar": from("Sec-Fetch-Site", "none"),
			"this origin": from("Origin", "http://example.com"), "no browser": from(),
		} {
			s := newSessions(t, server)
			resp := send(http.HandlerFunc(s.SignOut), "POST", "http://example.com/sign-out", header, cookie)
			if resp.StatusCode != http.StatusSeeOther || len(resp.cookies) != 1 || resp.cookies[0].MaxAge >= 0 {
				t.Errorf("%s: got %d with %v, want the cookie deleted", name, resp.StatusCode, resp.cookies)
			}
			if resp := send(s.Require(http.HandlerFunc(greet)), "GET", "/", http.Header{}, cookie); resp.StatusCode != 401 {
				t.Errorf("%s: then got %d for the session, want 401", name, resp.StatusCode)
			}
		}
	})
}

func TestSignOutLeadsToTheEndOfTheSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const logout = "https://api.workos.com/user_management/sessions/logout?"
		noSession := sealedCookie(t, tokenOf(t, map[string]any{"sid": nil}), "r")
		early := sealedCookie(t, tokenOf(t, map[string]any{"sid": "early", "exp": time.Now().Unix() + 1}), "r")
		for _, tt := range []struct {
			name    string
			cookies []*http.Cookie
			opts    []authkit.SessionsOption
			want    string
		}{
			{"a session", []*http.Cookie{aCookie(t, time.Hour)}, nil, logout + "session_id=session_01"},
			{"an expired one", []*http.Cookie{aCookie(t, -time.Hour)}, nil, logout + "session_id=session_01"},
			{"two", []*http.Cookie{early, aCookie(t, time.Hour)}, nil, logout + "session_id=session_01"},
			{"none", nil, nil, "/"},
			{"no seal", []*http.Cookie{{Name: "wos-session", Value: "x"}}, nil, "/"},
			{"no JWT", []*http.Cookie{sealedCookie(t, "x", "r")}, nil, "/"},
			{"no session ID", []*http.Cookie{noSession}, nil, "/"},
			{"a session, and on", []*http.Cookie{aCookie(t, time.Hour)},
				[]authkit.SessionsOption{authkit.WithSignedOutURL("https://app.example/bye?a=b")},
				logout + "session_id=session_01&return_to=https%3A%2F%2Fapp.example%2Fbye%3Fa%3Db"},
			{"none, and on", nil, []authkit.SessionsOption{authkit.WithSignedOutURL("https://app.example/bye")},
				"https://app.example/bye"},
		} {
			server := &wire{}
			resp := browse(http.HandlerFunc(newSessions(t, server, tt.opts...).SignOut), "POST", "/sign-out", tt.cookies...)
			if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != tt.want {
				t.Errorf("%s: got %d to %s, want %s", tt.name, resp.StatusCode, resp.Header.Get("Location"), tt.want)
			}
			want := "wos-session=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax"
			if got := resp.Header["Set-Cookie"]; len(got) != 1 || got[0] != want ||
				resp.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s: got the cookies %v, want %s", tt.name, got, want)
			}
			if sent := server.requests(); len(sent) != 0 {
				t.Errorf("%s: sent %v, want nothing", tt.name, sent)
			}
		}
	})
}

func TestSignOutEndsEachSessionOfTheRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := new(rows)
		plain := newSessions(t, &rotation{tb: t, key: newKeys()[0]})
		kept := newSessions(t, &rotation{tb: t, key: newKeys()[0]}, authkit.WithSessionStore(store))
		for name, s := range map[string]*authkit.Sessions{"in cookies": plain, "in a store": kept} {
			var cookies []*http.Cookie
			for i, id := range []string{"session_a", "session_b", "session_c"} { // the last ends last
				cookie, err := saved(t, s, sessionOf(t, id, id, time.Duration(i+1)*time.Hour))
				if err != nil {
					t.Fatal(err)
				}
				cookies = append(cookies, cookie)
			}
			if resp := send(s.Require(http.HandlerFunc(greet)), "GET", "/", http.Header{}, cookies...); resp.StatusCode != 200 {
				t.Fatalf("%s: got %d", name, resp.StatusCode)
			}
			resp := browse(http.HandlerFunc(s.SignOut), "POST", "/sign-out", cookies...)
			if to := resp.Header.Get("Location"); !strings.HasSuffix(to, "session_id=session_c") {
				t.Errorf("%s: leads to %s, want the end of the one that ends last", name, to)
			}
			for i, cookie := range cookies { // that another path has set, and this response cannot delete
				resp := send(s.Require(http.HandlerFunc(greet)), "GET", "/", http.Header{}, cookie)
				if resp.StatusCode != http.StatusUnauthorized || len(resp.cookies) != 0 {
					t.Errorf("%s: got %d for session %d, want 401", name, resp.StatusCode, i)
				}
			}
		}
		for key := range store.values {
			if _, ok, err := store.Get(t.Context(), key); ok || err != nil {
				t.Errorf("the store has %s (%v), want it deleted", key, err)
			}
		}
	})
}

// Without the store it is not known whose session it is: nothing ends, and the user can try again.
func TestSignOutWithoutTheStoreOfSessionsIsRefused(t *testing.T) {
	server := &wire{next: &rotation{tb: t, key: newKeys()[0]}}
	store := &faulty{Store: new(state.Memory)}
	s := newSessions(t, server, authkit.WithSessionStore(store), authkit.WithSignedOutURL("https://app.example/bye"))
	cookie, err := saved(t, s, sessionOf(t, "session_01", "r", time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	load(t, s, cookie) // fetches the keys
	store.set(errors.New("connection refused"))
	resp := server.wantNoEffect(t, "down", s, nil, func() page {
		return browse(http.HandlerFunc(s.SignOut), "POST", "/sign-out", cookie)
	})
	if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Location") != "" {
		t.Errorf("down: got %d to %q, want 503", resp.StatusCode, resp.Header.Get("Location"))
	}
	store.set(nil)
	if _, _, err, _ := load(t, s, cookie); err != nil {
		t.Errorf("then: got %v, want the session to live on", err)
	}
	resp = browse(http.HandlerFunc(s.SignOut), "POST", "/sign-out", cookie)
	if !strings.Contains(resp.Header.Get("Location"), "session_id=session_01") {
		t.Errorf("again: leads to %q, want the end of the session", resp.Header.Get("Location"))
	}
	if _, _, err, _ := load(t, s, cookie); !errors.Is(err, authkit.ErrSessionEnded) {
		t.Errorf("at last: got %v, want ErrSessionEnded", err)
	}
}

func TestEachSignedOutSessionIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &rotation{tb: t, key: newKeys()[0]}
		s := newSessions(t, server)
		app := s.Require(http.HandlerFunc(greet))
		of := func(i int) *http.Cookie {
			return sealedCookie(t, tokenOf(t, map[string]any{"sid": fmt.Sprintf("session_%d", i)}), fmt.Sprintf("r-%d", i))
		}
		for i := range 4 {
			if resp := browse(http.HandlerFunc(s.SignOut), "POST", "/sign-out", of(i)); resp.StatusCode != http.StatusSeeOther {
				t.Fatalf("session %d: got %d", i, resp.StatusCode)
			}
		}
		for i := range 6 {
			want := http.StatusUnauthorized
			if i > 3 {
				want = http.StatusOK
			}
			if resp := send(app, "GET", "/", http.Header{}, of(i)); resp.StatusCode != want || len(resp.cookies) != 0 {
				t.Errorf("session %d: got %d with %v, want %d and no cookie", i, resp.StatusCode, resp.cookies, want)
			}
		}
		if server.count() != 0 {
			t.Errorf("exchanged %d times, want nothing", server.count())
		}
		_, _, err, _ := load(t, s, of(2))
		const want = "workos/authkit: session: not signed in: session has ended: it was signed out"
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
		server.changes = map[string]any{"sid": "session_3"}
		over := sealedCookie(t, tokenOf(t, map[string]any{"sid": "session_3", "exp": time.Now().Unix() - 60}), "r-3")
		_, _, err, w := load(t, s, over) // which is refreshed before
		if err == nil || err.Error() != want || len(w.Header()) != 0 {
			t.Errorf("over: got %v with %v, want %s and no cookie", err, w.Header(), want)
		}
	})
}
