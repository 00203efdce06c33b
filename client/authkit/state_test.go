package authkit_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/authkit"
	"github.com/seed-f165d83c/workos/client/state"
)

// faulty is a store whose methods fail while err is set.
type faulty struct {
	state.Store

	mu  sync.Mutex
	err error
}

func (f *faulty) set(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = err
}

func (f *faulty) failure() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.err
}

func (f *faulty) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	if err := f.failure(); err != nil {
		return false, err
	}
	return f.Store.Add(ctx, key, value, ttl)
}

func (f *faulty) Get(ctx context.Context, key string) ([]byte, bool, error) {
	if err := f.failure(); err != nil {
		return nil, false, err
	}
	return f.Store.Get(ctx, key)
}

func (f *faulty) Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) (bool, error) {
	if err := f.failure(); err != nil {
		return false, err
	}
	return f.Store.Swap(ctx, key, old, value, ttl)
}

func (f *faulty) Delete(ctx context.Context, key string) error {
	if err := f.failure(); err != nil {
		return err
	}
	return f.Store.Delete(ctx, key)
}

// replicas returns clients and sessions of processes that share a store and an API.
func replicas(t *testing.T, n int, transport http.RoundTripper, store state.Store, opts ...authkit.SessionsOption,
) (kits []*authkit.Client, all []*authkit.Sessions) {
	t.Helper()
	for range n {
		kit := newClient(t, transport, authkit.WithState(store))
		s, err := authkit.NewSessions(kit, newSealer(t), testRedirect, opts...)
		if err != nil {
			t.Fatal(err)
		}
		kits, all = append(kits, kit), append(all, s)
	}
	return kits, all
}

func TestProcessesShareOneExchange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &rotation{tb: t, key: newKeys()[0], delay: time.Second}
		_, all := replicas(t, 3, server, new(state.Memory))
		cookie := aCookie(t, -time.Hour)
		var wait sync.WaitGroup
		for i := range 200 {
			wait.Go(func() {
				resp := send(all[i%len(all)].Require(http.HandlerFunc(greet)), "GET", "/", http.Header{}, cookie)
				fresh := resp.cookie("wos-session")
				if resp.StatusCode != http.StatusOK || fresh == nil {
					t.Errorf("request %d: got %d %q with %v, want 200 and a cookie", i, resp.StatusCode, resp.text, resp.cookies)
					return
				}
				if session, err := newSealer(t).OpenSession(fresh.Value); err != nil || session.RefreshToken != "refresh-2" ||
					session.User == nil || session.User.Email != "ada@acme.example" {
					t.Errorf("request %d: the cookie has %v and %v, want the one successor", i, session, err)
				}
			})
		}
		wait.Wait()
		if server.count() != 1 {
			t.Errorf("exchanged %d times, want once", server.count())
		}
	})
}

func TestProcessesShareAFailedExchange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &rotation{tb: t, key: newKeys()[0], delay: time.Second, fail: responding(500, map[string]string{})}
		kits, _ := replicas(t, 3, server, new(state.Memory))
		var wait sync.WaitGroup
		for i := range 30 {
			wait.Go(func() {
				_, err := kits[i%len(kits)].Refresh(t.Context(), spentSession())
				if err == nil || errors.Is(err, authkit.ErrSessionEnded) || authkit.ErrorStatus(err) != http.StatusServiceUnavailable {
					t.Errorf("call %d: got %v, want a failure that may pass", i, err)
				}
			})
		}
		wait.Wait()
		if server.count() != 1 {
			t.Errorf("exchanged %d times, want once", server.count())
		}
		server.setFailure(nil)
		for i, kit := range kits { // nobody waits for the failure to be forgotten
			if session, err := kit.Refresh(t.Context(), spentSession()); err != nil || session.RefreshToken != "refresh-3" {
				t.Errorf("process %d: got %v and %v, want the session", i, session, err)
			}
		}
		server.setFailure(responding(400, map[string]string{"error": "invalid_grant"}))
		ended := &authkit.Session{AccessToken: "a", RefreshToken: "other"}
		for i, kit := range kits {
			if _, err := kit.Refresh(t.Context(), ended); !errors.Is(err, authkit.ErrSessionEnded) ||
				!strings.Contains(err.Error(), "invalid_grant") {
				t.Errorf("process %d: got %v, want ErrSessionEnded and its reason", i, err)
			}
		}
		if server.count() != 3 {
			t.Errorf("exchanged %d times, want 3", server.count())
		}
	})
}

// A failure to enter one organization says nothing about another.
func TestProcessesSwitchIndependently(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &rotation{tb: t, key: newKeys()[0], delay: time.Second,
			fail: responding(403, map[string]string{"error": "sso_required"})}
		kits, _ := replicas(t, 2, server, new(state.Memory))
		var wait sync.WaitGroup
		wait.Go(func() {
			if _, err := kits[0].SwitchOrganization(t.Context(), spentSession(), "org_02"); err == nil {
				t.Error("entered an organization that requires SSO")
			}
			server.setFailure(nil)
		})
		wait.Go(func() {
			time.Sleep(time.Second / 2)
			session, err := kits[1].SwitchOrganization(t.Context(), spentSession(), "org_03")
			if err != nil || session.OrganizationID != "org_03" {
				t.Errorf("got %v and %v, want the session of the other organization", session, err)
			}
		})
		wait.Wait()
	})
}

// A process that dies while it exchanges a token leaves a claim, which ends.
func TestClaimOfADeadProcessEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := new(state.Memory)
		hanging, dead := &rotation{tb: t, key: newKeys()[0], delay: time.Hour}, &faulty{Store: store}
		server := &rotation{tb: t, key: newKeys()[0]}
		gone, alive := newClient(t, hanging, authkit.WithState(dead)), newClient(t, server, authkit.WithState(store))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, _ = gone.Refresh(ctx, spentSession())
		dead.set(errors.New("the process is dead"))
		ctx, cancel = context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if _, err := alive.Refresh(ctx, spentSession()); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("while it is claimed: got %v, want the deadline", err)
		}
		time.Sleep(45 * time.Second)
		if session, err := alive.Refresh(t.Context(), spentSession()); err != nil || session.RefreshToken != "refresh-2" {
			t.Errorf("later: got %v and %v, want the session", session, err)
		}
	})
}

func TestSignOutHoldsInEveryProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &rotation{tb: t, key: newKeys()[0]}
		kits, all := replicas(t, 2, server, new(state.Memory))
		cookie, token := aCookie(t, 10*time.Minute), tokenOf(t, map[string]any{"exp": time.Now().Add(10 * time.Minute).Unix()})
		visit := func(i int) (cookies, bearers int) {
			api := kits[i].RequireBearer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
			return send(all[i].Require(http.HandlerFunc(greet)), "GET", "/", http.Header{}, cookie).StatusCode,
				send(api, "GET", "/", http.Header{"Authorization": {"Bearer " + token}}).StatusCode
		}
		for i := range all {
			if page, api := visit(i); page != http.StatusOK || api != http.StatusOK {
				t.Fatalf("process %d, before: got %d and %d, want 200", i, page, api)
			}
		}
		browse(http.HandlerFunc(all[0].SignOut), "POST", "/sign-out", cookie)
		for _, after := range []time.Duration{0, time.Minute, 9*time.Minute + 20*time.Second} {
			time.Sleep(after)
			for i := range all {
				if page, api := visit(i); page != http.StatusUnauthorized || api != http.StatusUnauthorized {
					t.Errorf("process %d, %v later: got %d and %d, want 401 until the token expires", i, after, page, api)
				}
			}
		}
		if server.count() != 0 {
			t.Errorf("exchanged %d times, want nothing", server.count())
		}
	})
}

func TestSignInIsCompletedOnceAmongProcesses(t *testing.T) {
	server := &rotation{tb: t, key: newKeys()[0]}
	_, all := replicas(t, 2, server, new(state.Memory))
	sent, flow := signIn(t, all[0], "/sign-in")
	for i, status := range []int{http.StatusFound, http.StatusFound, http.StatusBadRequest, http.StatusBadRequest} {
		if resp := comeBack(all[i%2], sent.Get("state"), flow); resp.StatusCode != status {
			t.Errorf("load %d: got %d, want %d", i+1, resp.StatusCode, status)
		}
	}
	if server.count() != 1 {
		t.Errorf("exchanged the code %d times, want once", server.count())
	}
}

// Whether a session has ended is not known, so that nobody gets in, and nobody is signed out.
func TestStoreThatIsDownRefuses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &wire{next: &rotation{tb: t, key: newKeys()[0]}}
		store := &faulty{Store: new(state.Memory)}
		kits, all := replicas(t, 1, server, store)
		app, cookie := all[0].Require(http.HandlerFunc(greet)), aCookie(t, time.Hour)
		if resp := send(app, "GET", "/", http.Header{}, cookie); resp.StatusCode != http.StatusOK {
			t.Fatalf("before: got %d", resp.StatusCode)
		}
		sent, flow := signIn(t, all[0], "/sign-in")
		api := kits[0].RequireBearer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("reached the API") }))
		expired := aCookie(t, -time.Hour)
		store.set(errors.New("connection refused"))
		for name, call := range map[string]func() page{
			"page":    func() page { return send(app, "GET", "/", http.Header{}, cookie) },
			"refresh": func() page { return send(app, "GET", "/", http.Header{}, expired) },
			"bearer": func() page {
				return send(api, "GET", "/", http.Header{"Authorization": {"Bearer " + tokenOf(t, nil)}})
			},
			"callback": func() page { return comeBack(all[0], sent.Get("state"), flow) },
		} {
			resp := server.wantNoEffect(t, name, all[0], nil, call)
			if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" {
				t.Errorf("%s: got %d %q, want 503", name, resp.StatusCode, resp.text)
			}
		}
		if resp := browse(http.HandlerFunc(all[0].SignOut), "POST", "/sign-out", cookie); resp.StatusCode != http.StatusSeeOther ||
			!strings.Contains(resp.Header.Get("Location"), "session_id=session_01") || resp.cookie("wos-session").MaxAge >= 0 {
			t.Errorf("sign-out: got %d to %q, want the end of the session at WorkOS", resp.StatusCode, resp.Header.Get("Location"))
		}
		if err := kits[0].EndSession(t.Context(), &authkit.Claims{SessionID: "s"}); !errors.Is(err, authkit.ErrStateUnavailable) {
			t.Errorf("EndSession: got %v, want ErrStateUnavailable", err)
		}
		store.set(nil)
		if resp := send(app, "GET", "/", http.Header{}, cookie); resp.StatusCode != http.StatusOK {
			t.Errorf("then: got %d, want the session to live on", resp.StatusCode)
		}
		if resp := comeBack(all[0], sent.Get("state"), flow); resp.StatusCode != http.StatusFound {
			t.Errorf("then: got %d for the callback, want the sign-in completed", resp.StatusCode)
		}
	})
}

// A store that is full keeps what it has, and exchanges go on.
func TestFullStoreRefreshesNevertheless(t *testing.T) {
	server := &rotation{tb: t, key: newKeys()[0]}
	store := &state.Memory{MaxEntries: 1}
	kit := newClient(t, server, authkit.WithState(store))
	first, err := kit.Refresh(t.Context(), spentSession())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := kit.Refresh(t.Context(), first); err != nil {
		t.Errorf("in a full store: got %v, want the session", err)
	}
	if again, err := kit.Refresh(t.Context(), spentSession()); err != nil || again.RefreshToken != first.RefreshToken {
		t.Errorf("the first again: got %v and %v, want what the store has", again, err)
	}
	if server.count() != 2 {
		t.Errorf("exchanged %d times, want twice", server.count())
	}
}

// Who reads the store has no token.
func TestStoreHoldsNoToken(t *testing.T) {
	server := &rotation{tb: t, key: newKeys()[0]}
	store := &recorder{Store: new(state.Memory)}
	_, all := replicas(t, 1, server, store, authkit.WithSessionStore(store))
	callback, _ := startSignIn(t, all[0])
	session := callback().cookie("wos-session")
	send(all[0].Require(http.HandlerFunc(greet)), "GET", "/", http.Header{}, aCookie(t, -time.Hour))
	if len(store.written) < 4 {
		t.Fatalf("stored %d values, want those of sign-in and refresh", len(store.written))
	}
	const jwt = "eyJhbGciOi" // {"alg": of all tokens here; fewer letters would stand in random text now and then
	for _, text := range store.written {
		if strings.Contains(text, "refresh-") || strings.Contains(text, jwt) || strings.Contains(text, "ada@") ||
			strings.Contains(text, session.Value) {
			t.Errorf("stored %q, want no token, user or cookie", text)
		}
	}
}

// recorder keeps what is written.
type recorder struct {
	state.Store

	written []string
}

func (r *recorder) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	r.written = append(r.written, key+string(value))
	return r.Store.Add(ctx, key, value, ttl)
}

func (r *recorder) Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) (bool, error) {
	r.written = append(r.written, key+string(value))
	return r.Store.Swap(ctx, key, old, value, ttl)
}
