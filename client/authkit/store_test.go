package authkit_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/authkit"
	"github.com/seed-f165d83c/workos/client/state"
)

// rows is a store whose rows a test reads and writes, as somebody with access to the database does.
type rows struct {
	state.Memory

	values map[string]string // of sessions
}

func (r *rows) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	if r.values == nil {
		r.values = map[string]string{}
	}
	if strings.HasPrefix(key, "authkit/session/") {
		r.values[key] = string(value)
	}
	return r.Memory.Add(ctx, key, value, ttl)
}

func (r *rows) put(t *testing.T, key, value string) {
	t.Helper()
	if err := r.Delete(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	if added, err := r.Memory.Add(t.Context(), key, []byte(value), 0); !added || err != nil {
		t.Fatalf("got %t, %v", added, err)
	}
}

// saved saves a session as a request without cookies does, and returns its cookie.
func saved(t *testing.T, s *authkit.Sessions, session *authkit.Session, cookies ...*http.Cookie) (*http.Cookie, error) {
	t.Helper()
	w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	err := s.Save(w, r, session)
	for _, c := range cookiesOf(w) {
		if c.Name == "wos-session" {
			return c, err
		}
	}
	return nil, err
}

// sessionOf is a session of its own at WorkOS.
func sessionOf(t *testing.T, id, refreshToken string, until time.Duration) *authkit.Session {
	t.Helper()
	session := aSession()
	session.RefreshToken = refreshToken
	session.AccessToken = tokenOf(t, map[string]any{"sid": id, "exp": time.Now().Add(until).Unix()})
	return session
}

// Neither who reads the database of sessions nor who writes to it signs in as one of the users.
func TestStoreDoesNotSufficeToSignIn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &wire{next: &rotation{tb: t, key: newKeys()[0]}}
		store := new(rows)
		s := newSessions(t, server, authkit.WithSessionStore(store))
		own, err := saved(t, s, sessionOf(t, "session_own", "own", time.Hour))
		if err != nil {
			t.Fatal(err)
		}
		ownKey := slices.Collect(maps.Keys(store.values))[0]
		if _, err := saved(t, s, sessionOf(t, "session_ada", "ada", time.Hour)); err != nil {
			t.Fatal(err)
		}
		load(t, s, own) // fetches the keys
		ownRow := store.values[ownKey]
		for key, row := range store.values {
			if key == ownKey {
				continue
			}
			for name, cookie := range map[string]*http.Cookie{
				"a row as cookie": {Name: "wos-session", Value: row},
				"a key as cookie": {Name: "wos-session", Value: "s1." + strings.TrimPrefix(key, "authkit/session/")},
			} {
				resp := server.wantNoEffect(t, name, s, own, func() page {
					return send(s.Require(http.HandlerFunc(greet)), "GET", "/", http.Header{}, cookie)
				})
				if resp.StatusCode != http.StatusUnauthorized {
					t.Errorf("%s: got %d %q, want 401", name, resp.StatusCode, resp.text)
				}
			}
			store.put(t, ownKey, row)
			resp := server.wantNoEffect(t, "a row of another key", s, nil, func() page {
				return send(s.Require(http.HandlerFunc(greet)), "GET", "/", http.Header{}, own)
			})
			if _, _, err, _ := load(t, s, own); resp.StatusCode != 401 || !errors.Is(err, authkit.ErrSealContent) {
				t.Errorf("a row of another key: got %d and %v, want ErrSealContent", resp.StatusCode, err)
			}
		}
		for name, row := range map[string]string{
			"a cookie": aCookie(t, time.Hour).Value, "none": "", "half": ownRow[:len(ownRow)/2],
		} {
			store.put(t, ownKey, row)
			if _, _, err, w := load(t, s, own); !errors.Is(err, authkit.ErrNotSignedIn) || len(w.Header()) != 0 {
				t.Errorf("%s as row: got %v with %v, want no session", name, err, w.Header())
			}
		}
		store.put(t, ownKey, ownRow)
		if _, _, err, _ := load(t, s, own); err != nil {
			t.Errorf("the row of the session: got %v, want the session", err)
		}
	})
}

// A session that is saved replaces what another request has saved meanwhile: it may be of another organization.
func TestSaveReplacesWhatCameBetween(t *testing.T) {
	server := &rotation{tb: t, key: newKeys()[0]}
	store := new(marks)
	s := newSessions(t, server, authkit.WithSessionStore(store))
	cookie, err := saved(t, s, sessionOf(t, "session_01", "first", time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	races := 0
	race := func() {
		races++
		again := store.before
		store.before = nil
		if _, err := saved(t, s, sessionOf(t, "session_01", fmt.Sprint("race-", races), time.Hour), cookie); err != nil {
			t.Error(err)
		}
		store.before = again
	}
	holds := func(want string) {
		t.Helper()
		if session, _, err, _ := load(t, s, cookie); err != nil || session.RefreshToken != want {
			t.Errorf("the store has %v and %v, want %s", session, err, want)
		}
	}
	store.before = race
	if set, err := saved(t, s, sessionOf(t, "session_01", "last", time.Hour), cookie); err != nil || set != nil {
		t.Errorf("got %v and the cookie %v, want the session replaced", err, set)
	}
	holds("last")
	var always func()
	always = func() {
		race()
		store.before = always
	}
	store.before = always
	_, err = saved(t, s, sessionOf(t, "session_01", "never", time.Hour), cookie)
	if !errors.Is(err, authkit.ErrStateUnavailable) || races > 10 {
		t.Errorf("one race after another: got %v after %d, want ErrStateUnavailable", err, races)
	}
	store.before = nil
	holds(fmt.Sprint("race-", races))
}

// A store that hangs is waited for once, however many IDs a request has.
// undeletable is a store that deletes nothing.
type undeletable struct{ state.Memory }

func (*undeletable) Delete(context.Context, string) error { return errors.New("read-only") }

// The previous ID would sign in anybody who has it, and stay in the store for as long as a cookie.
func TestSignInEndsTheSessionThatTheCookieHadBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log strings.Builder
		server := &wire{next: &rotation{tb: t, key: newKeys()[0]}}
		load := func(s *authkit.Sessions, cookie *http.Cookie) error {
			r := httptest.NewRequestWithContext(t.Context(), "GET", "/", nil)
			r.AddCookie(cookie)
			_, _, err := s.Load(httptest.NewRecorder(), r)
			return err
		}
		for _, tt := range []struct {
			name  string
			store state.Store
			other bool // the request has another session, such as that of another path
			ended bool
		}{
			{"its only one", new(state.Memory), false, true},
			{"one of two", new(state.Memory), true, false},
			{"a store that cannot delete", new(undeletable), false, false},
		} {
			log.Reset()
			kit := newClient(t, server, authkit.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
			s, err := authkit.NewSessions(kit, newSealer(t), testRedirect, authkit.WithSessionStore(tt.store))
			if err != nil {
				t.Fatal(err)
			}
			var cookies []*http.Cookie
			for _, id := range []string{"session_1", "session_2"} {
				cookie, err := saved(t, s, sessionOf(t, id, id, time.Hour))
				if err != nil {
					t.Fatal(err)
				}
				cookies = append(cookies, cookie)
			}
			if !tt.other {
				cookies = cookies[:1]
			}
			next, err := saved(t, s, sessionOf(t, "session_3", "next", time.Hour), cookies...)
			if err != nil || load(s, next) != nil {
				t.Errorf("%s: got %v, and the new session loads with %v", tt.name, err, load(s, next))
			}
			for _, old := range cookies {
				if err := load(s, old); errors.Is(err, authkit.ErrSessionEnded) != tt.ended {
					t.Errorf("%s: the previous session: got %v, want ErrSessionEnded: %t", tt.name, err, tt.ended)
				}
			}
			_, fails := tt.store.(*undeletable)
			if strings.Contains(log.String(), "remains in the store") != fails || strings.Contains(log.String(), next.Value) {
				t.Errorf("%s: logged %q", tt.name, &log)
			}
		}
	})
}

func TestHungStoreOfSessionsIsWaitedForOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &wire{next: &rotation{tb: t, key: newKeys()[0]}}
		s := newSessions(t, server, authkit.WithSessionStore(hung{new(state.Memory)}))
		var cookies []*http.Cookie
		for i := range 8 {
			id := "s1." + strings.Repeat(string(rune('a'+i)), 43)
			cookies = append(cookies, &http.Cookie{Name: "wos-session", Value: id}, &http.Cookie{Name: "wos-session.0", Value: id})
		}
		for name, call := range map[string]func() page{
			"page":     func() page { return send(s.Require(http.HandlerFunc(greet)), "GET", "/", http.Header{}, cookies...) },
			"sign-out": func() page { return browse(http.HandlerFunc(s.SignOut), "POST", "/sign-out", cookies...) },
		} {
			begin := time.Now()
			resp := server.wantNoEffect(t, name, s, nil, call)
			if took := time.Since(begin); resp.StatusCode != http.StatusServiceUnavailable || took != 3*time.Second {
				t.Errorf("%s: got %d after %v, want 503 after 3s", name, resp.StatusCode, took)
			}
		}
		if resp := browse(s.Require(http.HandlerFunc(greet)), "GET", "/", append(cookies, aCookie(t, time.Hour))[10:]...); resp.StatusCode != 200 {
			t.Errorf("a cookie that holds a session beside: got %d, want the page", resp.StatusCode)
		}
	})
}

// hung is a store that does not respond to Get.
type hung struct{ state.Store }

func (hung) Get(ctx context.Context, _ string) ([]byte, bool, error) {
	<-ctx.Done()
	return nil, false, context.Cause(ctx)
}

// faults fails an operation of a store, and those after it if it is an outage, before or after it takes effect.
type faults struct {
	state.Store

	at            int // the operation that fails, from 1 on; 0: none
	outage, after bool
	done          int
}

var errFault = errors.New("connection reset")

func (f *faults) call(operation func() error) error {
	f.done++
	if f.at == 0 || f.done < f.at || f.done > f.at && !f.outage {
		return operation()
	}
	if f.after {
		_ = operation()
	}
	return errFault
}

func (f *faults) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (added bool, err error) {
	err = f.call(func() (err error) { added, err = f.Store.Add(ctx, key, value, ttl); return err })
	return added && err == nil, err
}

func (f *faults) Get(ctx context.Context, key string) (value []byte, ok bool, err error) {
	err = f.call(func() (err error) { value, ok, err = f.Store.Get(ctx, key); return err })
	return value, ok && err == nil, err
}

func (f *faults) Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) (swapped bool, err error) {
	err = f.call(func() (err error) { swapped, err = f.Store.Swap(ctx, key, old, value, ttl); return err })
	return swapped && err == nil, err
}

func (f *faults) Delete(ctx context.Context, key string) error {
	return f.call(func() error { return f.Store.Delete(ctx, key) })
}

// Whichever operation of the store fails, no user is signed out by it, and no token is spent twice.
func TestFaultOfTheStoreAtAnyStepSignsNobodyOut(t *testing.T) {
	type scenario struct {
		name    string
		until   time.Duration // of the token of the session that there is; 0: none
		request func(*testing.T, *authkit.Sessions, browser) page
		want    string
	}
	form := url.Values{"organization_id": {"org_02"}}
	var begun string // the state of the sign-in
	scenarios := []scenario{
		{"refresh", -time.Hour, func(_ *testing.T, s *authkit.Sessions, b browser) page {
			return b.send(s.Require(http.HandlerFunc(greet)), "GET", "/")
		}, "ada@acme.example in org_01"},
		{"switch", time.Hour, func(_ *testing.T, s *authkit.Sessions, b browser) page {
			resp := post(s.SwitchOrganization, "/switch", form, slices.Collect(maps.Values(b))...)
			b.keep(resp)
			return resp
		}, "ada@acme.example in org_02"},
		{"callback", 0, func(_ *testing.T, s *authkit.Sessions, b browser) page {
			resp := comeBack(s, begun, slices.Collect(maps.Values(b))...)
			b.keep(resp)
			return resp
		}, "ada@acme.example in "},
	}
	for _, tt := range scenarios {
		for kind, with := range map[string]struct{ kept, outage, after bool }{
			"one fault": {}, "one response lost": {after: true}, "an outage": {outage: true},
			"one fault, sessions in the store":         {kept: true},
			"one response lost, sessions in the store": {kept: true, after: true},
		} {
			steps := 0
			for at := 1; ; at++ {
				reached := false
				synctest.Test(t, func(t *testing.T) {
					server := &rotation{tb: t, key: newKeys()[0]}
					store := &faults{Store: new(state.Memory)}
					var opts []authkit.SessionsOption
					if with.kept {
						opts = append(opts, authkit.WithSessionStore(store))
					}
					_, all := replicas(t, 1, server, store, opts...)
					s, b := all[0], browser{}
					if tt.until != 0 {
						cookie, err := saved(t, s, sessionOf(t, "session_01", "refresh-1", tt.until))
						if err != nil {
							t.Fatal(err)
						}
						b["wos-session"] = cookie
					} else {
						sent, flow := signIn(t, s, "/sign-in")
						b[flow.Name], begun = flow, sent.Get("state")
					}
					*store = faults{Store: store.Store, at: at, outage: with.outage, after: with.after}
					resp := tt.request(t, s, b)
					reached = store.done >= at
					store.at = 0
					if resp.StatusCode >= 400 && resp.StatusCode != http.StatusServiceUnavailable {
						t.Errorf("%s, %s at step %d: got %d %q, want 503 or success", tt.name, kind, at, resp.StatusCode, resp.text)
					}
					if resp.StatusCode == http.StatusServiceUnavailable {
						resp = tt.request(t, s, b)
					}
					then := b.send(s.Require(http.HandlerFunc(greet)), "GET", "/")
					if resp.StatusCode >= 400 || then.text != tt.want {
						t.Errorf("%s, %s at step %d: once the store is back got %d %q, then %d %q, want %q", tt.name, kind, at,
							resp.StatusCode, resp.text, then.StatusCode, then.text, tt.want)
					}
					if server.count() > 2 || tt.name != "switch" && server.count() != 1 {
						t.Errorf("%s, %s at step %d: %d exchanges", tt.name, kind, at, server.count())
					}
				})
				if !reached {
					break
				}
				steps++
			}
			if steps < 4 {
				t.Errorf("%s, %s: only %d steps", tt.name, kind, steps)
			}
		}
	}
}
