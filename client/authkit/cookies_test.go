package authkit_test

import (
	"errors"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/authkit"
	"github.com/seed-f165d83c/workos/client/state"
)

// browser keeps cookies by name, as browsers do for one site.
type browser map[string]*http.Cookie

func (b browser) send(h http.Handler, method, target string) page {
	var cookies []*http.Cookie
	for _, c := range b {
		cookies = append(cookies, c)
	}
	rand.Shuffle(len(cookies), func(i, j int) { cookies[i], cookies[j] = cookies[j], cookies[i] })
	resp := browse(h, method, target, cookies...)
	for _, c := range resp.cookies {
		if c.MaxAge < 0 {
			delete(b, c.Name)
		} else {
			b[c.Name] = c
		}
	}
	return resp
}

// sessionNames returns how many session cookies the browser has.
func (b browser) sessionCookies() (n int) {
	for name := range b {
		if strings.HasPrefix(name, "wos-session") {
			n++
		}
	}
	return n
}

// large is a session of n bytes.
func large(t *testing.T, n int) *authkit.Session {
	t.Helper()
	session := aSession()
	session.AccessToken = tokenOf(t, map[string]any{"padding": strings.Repeat("p", n), "exp": time.Now().Add(time.Hour).Unix()})
	return session
}

func TestSessionOfAnySizeIsSplit(t *testing.T) {
	s := newSessions(t, &rotation{tb: t, key: newKeys()[0]})
	app, b := s.Require(http.HandlerFunc(greet)), browser{}
	save := func(n int) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := s.Save(w, r, large(t, n)); err != nil {
				t.Errorf("%d bytes: %v", n, err)
			}
		})
	}
	for _, n := range []int{100, 3000, 20 << 10, 32 << 10, 10_000, 100, 5000, 0} {
		b.send(save(n), "GET", "/")
		for name, c := range b {
			if len(name)+len(c.Value) > 4096 {
				t.Errorf("%d bytes: the cookie %s has %d, which browsers drop", n, name, len(name)+len(c.Value))
			}
		}
		if got := b.sessionCookies(); (got == 1) != (n <= 100) || got > 17 {
			t.Errorf("%d bytes: the browser has %d session cookies", n, got)
		}
		if resp := b.send(app, "GET", "/"); resp.StatusCode != http.StatusOK || len(resp.cookies) != 0 {
			t.Errorf("%d bytes: got %d %q with %v, want the page", n, resp.StatusCode, resp.text, resp.cookies)
		}
	}
	b.send(save(20<<10), "GET", "/")
	resp := b.send(http.HandlerFunc(s.SignOut), "POST", "/sign-out")
	if resp.StatusCode != http.StatusSeeOther || b.sessionCookies() != 0 {
		t.Errorf("after sign-out the browser has %d session cookies, want none", b.sessionCookies())
	}
}

// Parts of an earlier session that the browser kept do not spoil a later one.
func TestStalePartsAreIgnored(t *testing.T) {
	s := newSessions(t, &rotation{tb: t, key: newKeys()[0]})
	app, b := s.Require(http.HandlerFunc(greet)), browser{}
	put := func(n int) {
		b.send(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if err := s.Save(w, r, large(t, n)); err != nil {
				t.Error(err)
			}
		}), "GET", "/")
	}
	put(20 << 10)
	before := b.sessionCookies()
	stale := b["wos-session.4"]
	put(5 << 10)
	if after := b.sessionCookies(); after >= before {
		t.Fatalf("got %d parts after %d, want fewer", after, before)
	}
	b["wos-session.4"], b["wos-session.3"] = stale, stale
	if resp := b.send(app, "GET", "/"); resp.StatusCode != http.StatusOK {
		t.Errorf("with stale parts behind: got %d, want the session", resp.StatusCode)
	}
	b["wos-session"] = aCookie(t, 2*time.Hour) // that another SDK wrote
	if resp := b.send(app, "GET", "/"); resp.StatusCode != http.StatusOK {
		t.Errorf("with a single cookie beside: got %d, want a session", resp.StatusCode)
	}
	delete(b, "wos-session")
	b["wos-session.1"] = stale
	if resp := b.send(app, "GET", "/"); resp.StatusCode != http.StatusFound && resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("with a foreign part inside: got %d, want no session", resp.StatusCode)
	}
}

// A response that saves twice sets the last alone.
func TestLastSaveCounts(t *testing.T) {
	s := newSessions(t, offline())
	w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	http.SetCookie(w, &http.Cookie{Name: "other", Value: "x"})
	for _, n := range []int{20 << 10, 0} {
		if err := s.Save(w, r, large(t, n)); err != nil {
			t.Fatal(err)
		}
	}
	if got := cookiesOf(w); len(got) != 2 || got[0].Name != "other" || got[1].Name != "wos-session" {
		t.Errorf("got %d cookies, want the other and the last session", len(got))
	}
}

func TestStoreHoldsSessionsOfAnySize(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &rotation{tb: t, key: newKeys()[0], size: 3300} // 20 KiB and more
		store := &faulty{Store: new(state.Memory)}
		_, all := replicas(t, 2, server, store, authkit.WithSessionStore(store))
		b := browser{}
		callback, flow := startSignIn(t, all[0])
		for _, c := range callback().cookies {
			b[c.Name] = c
		}
		delete(b, flow.Name)
		first := b["wos-session"]
		if first == nil || len(first.Value) > 60 || b.sessionCookies() != 1 {
			t.Fatalf("got the cookies %v, want one with an ID", b)
		}
		for i, s := range all {
			if resp := b.send(s.Require(http.HandlerFunc(greet)), "GET", "/"); resp.StatusCode != http.StatusOK {
				t.Errorf("process %d: got %d %q, want the page", i, resp.StatusCode, resp.text)
			}
		}
		time.Sleep(5 * time.Minute)
		for i, s := range all { // one refreshes for both, and the browser notices nothing
			resp := b.send(s.Require(http.HandlerFunc(greet)), "GET", "/")
			if resp.StatusCode != http.StatusOK || len(resp.cookies) != 0 || server.count() != 2 {
				t.Errorf("process %d, later: got %d with %v after %d exchanges, want the page", i, resp.StatusCode, resp.cookies,
					server.count())
			}
		}
		store.set(errors.New("down"))
		resp := b.send(all[1].Require(http.HandlerFunc(greet)), "GET", "/")
		if resp.StatusCode != http.StatusServiceUnavailable || len(resp.cookies) != 0 {
			t.Errorf("while the store is down: got %d with %v, want 503", resp.StatusCode, resp.cookies)
		}
		store.set(nil)
		b.send(http.HandlerFunc(all[0].SignOut), "POST", "/sign-out")
		if b.sessionCookies() != 0 {
			t.Error("the browser has a session after sign-out")
		}
		time.Sleep(time.Hour) // beyond all that is remembered
		resp = browse(all[1].Require(http.HandlerFunc(greet)), "GET", "/", first)
		if resp.StatusCode != http.StatusUnauthorized || server.count() != 2 {
			t.Errorf("a copy of the cookie after sign-out: got %d after %d exchanges, want 401", resp.StatusCode, server.count())
		}
	})
}

func TestCookieMovesToTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &rotation{tb: t, key: newKeys()[0]}
		s := newSessions(t, server, authkit.WithSessionStore(new(state.Memory)))
		b := browser{"wos-session": aCookie(t, time.Hour)}
		app := s.Require(http.HandlerFunc(greet))
		if resp := b.send(app, "GET", "/"); resp.StatusCode != http.StatusOK || len(resp.cookies) != 0 {
			t.Errorf("before: got %d with %v, want the page", resp.StatusCode, resp.cookies)
		}
		time.Sleep(time.Hour)
		if resp := b.send(app, "GET", "/"); resp.StatusCode != http.StatusOK || len(b["wos-session"].Value) > 60 {
			t.Errorf("after: got %d with %v, want the page and an ID", resp.StatusCode, b)
		}
		if resp := b.send(app, "GET", "/"); resp.StatusCode != http.StatusOK || server.count() != 1 {
			t.Errorf("then: got %d after %d exchanges, want the page", resp.StatusCode, server.count())
		}
		for _, id := range []string{"s1.", "s1.x", "s1." + strings.Repeat("a", 43)} {
			resp := browse(app, "GET", "/", &http.Cookie{Name: "wos-session", Value: id})
			if resp.StatusCode != http.StatusUnauthorized {
				t.Errorf("ID %q: got %d, want 401", id, resp.StatusCode)
			}
		}
	})
}

func TestCookiesOfASignInAreFiveAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, prefix := range map[string]string{"wos-session": "", "__Host-session": "__Host-"} {
			s := newSessions(t, offline(), authkit.WithCookie(func(c *http.Cookie) { c.Name = name }))
			b, order := browser{}, []string(nil)
			for range 12 {
				resp := b.send(http.HandlerFunc(s.SignIn), "GET", "/sign-in")
				for _, c := range resp.cookies {
					if c.MaxAge > 0 {
						order = append(order, c.Name)
					}
					if !strings.HasPrefix(c.Name, prefix+"wos-auth-") || c.Path != "/" || c.Domain != "" || !c.Secure {
						t.Errorf("%s: got the cookie %v", name, c)
					}
				}
				time.Sleep(time.Second)
			}
			if len(b) != 5 {
				t.Errorf("%s: the browser has %d cookies of sign-ins, want 5", name, len(b))
			}
			for _, last := range order[len(order)-5:] {
				if b[last] == nil {
					t.Errorf("%s: a sign-in among the last five was dropped", name)
				}
			}
		}
	})
}
