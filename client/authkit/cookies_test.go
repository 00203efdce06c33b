package authkit_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
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
	b.keep(resp)
	return resp
}

// keep keeps the cookies of a response.
func (b browser) keep(resp page) {
	for _, c := range resp.cookies {
		if c.MaxAge < 0 {
			delete(b, c.Name)
		} else {
			b[c.Name] = c
		}
	}
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

// inParts returns the cookies of a session that is split.
func inParts(t *testing.T, s *authkit.Sessions, session *authkit.Session) []*http.Cookie {
	t.Helper()
	session.AccessToken = tokenOf(t, map[string]any{
		"padding": strings.Repeat("p", 9<<10), "sid": session.RefreshToken, "exp": time.Now().Add(time.Hour).Unix(),
	})
	w := httptest.NewRecorder()
	if err := s.Save(w, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil), session); err != nil {
		t.Fatal(err)
	}
	return cookiesOf(w)
}

// Browsers also send cookies of the same names that another path or domain has set, all of one before those of another.
func TestSplitSessionIsFoundAmongOthers(t *testing.T) {
	server := &wire{next: &rotation{tb: t, key: newKeys()[0]}}
	s := newSessions(t, server)
	own, old := sessionOf(t, "", "own", time.Hour), sessionOf(t, "", "old", time.Hour)
	parts, former := inParts(t, s, own), inParts(t, s, old)
	if len(parts) < 3 {
		t.Fatalf("got %d parts", len(parts))
	}
	junk := func(n int) (all []*http.Cookie) {
		for i := range n {
			all = append(all, &http.Cookie{Name: fmt.Sprintf("wos-session.%d", i), Value: "junk"})
		}
		return all
	}
	browse(http.HandlerFunc(s.SignOut), "POST", "/sign-out", former...)
	for name, cookies := range map[string][]*http.Cookie{
		"behind another":                   slices.Concat(junk(len(parts)), parts),
		"before another":                   slices.Concat(parts, junk(len(parts))),
		"behind a first part":              slices.Concat(junk(1), parts),
		"behind a longer one":              slices.Concat(junk(20), parts),
		"before a longer one":              slices.Concat(parts, junk(20)),
		"behind one that was signed out":   slices.Concat(former, parts),
		"before one that was signed out":   slices.Concat(parts, former),
		"behind three":                     slices.Concat(junk(3), former, junk(9), parts),
		"behind three and a single cookie": slices.Concat([]*http.Cookie{{Name: "wos-session", Value: "x"}}, junk(3), former, junk(9), parts),
	} {
		if session, _, err, _ := load(t, s, cookies...); err != nil || session.RefreshToken != "own" {
			t.Errorf("%s: got %v and %v, want the session", name, session, err)
		}
	}
	mixed := slices.Clone(parts)
	mixed[1] = former[1]
	swapped := slices.Clone(parts)
	swapped[0], swapped[1] = &http.Cookie{Name: "wos-session.0", Value: parts[1].Value},
		&http.Cookie{Name: "wos-session.1", Value: parts[0].Value}
	last := len(parts) - 1
	for name, cookies := range map[string][]*http.Cookie{
		"a part of another session": mixed, "parts in another order": swapped, "without the first": parts[1:],
		"without the last": parts[:last], "without one between": slices.Concat(parts[:1], parts[2:]),
		"the last cut": slices.Concat(parts[:last], []*http.Cookie{{
			Name: parts[last].Name, Value: parts[last].Value[:len(parts[last].Value)-5]}}),
		"the first twice": slices.Concat([]*http.Cookie{{Name: "wos-session.0", Value: parts[0].Value + parts[0].Value}}, parts[1:]),
		"all in one":      {{Name: "wos-session", Value: parts[0].Value}},
		"in upper case":   {{Name: "WOS-SESSION", Value: aCookie(t, time.Hour).Value}},
		"five of a name":  slices.Concat(junk(9), junk(9), junk(9), junk(9), parts),
	} {
		resp := server.wantNoEffect(t, name, s, nil, func() page {
			return send(s.Require(http.HandlerFunc(greet)), "GET", "/", http.Header{}, cookies...)
		})
		if resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: got %d %q, want 401", name, resp.StatusCode, resp.text)
		}
	}
}

// Requests full of cookies are refused like others: they cost no call, and the response to them stays small.
func TestManyAndLargeCookiesAreRefused(t *testing.T) {
	server := &wire{}
	s := newSessions(t, server, authkit.WithSessionStore(new(state.Memory)))
	for name, each := range map[string]func(int) *http.Cookie{
		"sessions": func(i int) *http.Cookie { return &http.Cookie{Name: "wos-session", Value: fmt.Sprint("s1.", i)} },
		"parts": func(i int) *http.Cookie {
			return &http.Cookie{Name: fmt.Sprintf("wos-session.%d", i%30), Value: strings.Repeat("x", 300)}
		},
		"large ones": func(i int) *http.Cookie {
			return &http.Cookie{Name: fmt.Sprintf("wos-session.%d", i/40), Value: "Fe26.2*" + strings.Repeat("*", 300)}
		},
		"sign-ins": func(i int) *http.Cookie { return &http.Cookie{Name: fmt.Sprintf("wos-auth-%d", i), Value: "x"} },
	} {
		var cookies []*http.Cookie
		for i := range 2000 {
			cookies = append(cookies, each(i))
		}
		resp := server.wantNoEffect(t, name, s, nil, func() page {
			return send(s.Require(http.HandlerFunc(greet)), "GET", "/", http.Header{}, cookies...)
		})
		if resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: got %d, want 401", name, resp.StatusCode)
		}
		resp = browse(http.HandlerFunc(s.SignIn), "GET", "/sign-in", cookies...)
		if n := len(strings.Join(resp.Header["Set-Cookie"], "")); resp.StatusCode != http.StatusFound || n > 4096 {
			t.Errorf("%s: got %d with %d bytes of cookies, want a sign-in", name, resp.StatusCode, n)
		}
	}
	if sent := server.requests(); len(sent) != 0 {
		t.Errorf("sent %v, want nothing", sent)
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
