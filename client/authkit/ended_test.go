package authkit_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/authkit"
	"github.com/seed-f165d83c/workos/client/state"
)

// marks is a store that records for how long keys are kept, and hangs while hang is set.
type marks struct {
	state.Memory

	ttls []time.Duration
	keys []string
	hang bool
	// before is called before a Swap; it may race with it.
	before func()
}

func (m *marks) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	if m.hang {
		<-ctx.Done()
		return false, context.Cause(ctx)
	}
	added, err := m.Memory.Add(ctx, key, value, ttl)
	if added {
		m.keys, m.ttls = append(m.keys, key), append(m.ttls, ttl)
	}
	return added, err
}

func (m *marks) Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) (bool, error) {
	if f := m.before; f != nil {
		m.before = nil
		f()
	}
	swapped, err := m.Memory.Swap(ctx, key, old, value, ttl)
	if swapped {
		m.keys, m.ttls = append(m.keys, key), append(m.ttls, ttl)
	}
	return swapped, err
}

func newMarks(t *testing.T) (*marks, *authkit.Client) {
	t.Helper()
	store := new(marks)
	workos, err := client.New("sk_test", client.WithClientID("client_01"))
	if err != nil {
		t.Fatal(err)
	}
	kit, err := authkit.New(workos, authkit.WithState(store), authkit.WithLeeway(7*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return store, kit
}

// A mark ends when no token of the session can be valid anywhere, also one that is issued at this moment.
func TestMarkLastsAsLongAsTheLastToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const margin = 7*time.Second + time.Minute // the leeway, and the clocks of others
		at := func(d time.Duration) time.Time { return time.Now().Add(d) }
		for name, tt := range map[string]struct {
			claims authkit.Claims
			want   time.Duration
		}{
			"no times":           {authkit.Claims{}, 5 * time.Minute},
			"a short token":      {authkit.Claims{IssuedAt: at(0), ExpiresAt: at(time.Minute)}, 5 * time.Minute},
			"a long token":       {authkit.Claims{IssuedAt: at(-2 * time.Minute), ExpiresAt: at(8 * time.Minute)}, 10 * time.Minute},
			"one that expired":   {authkit.Claims{IssuedAt: at(-2 * time.Hour), ExpiresAt: at(-time.Hour)}, time.Hour},
			"no time of issue":   {authkit.Claims{ExpiresAt: at(20 * time.Minute)}, 20 * time.Minute},
			"issued in advance":  {authkit.Claims{IssuedAt: at(3 * time.Minute), ExpiresAt: at(13 * time.Minute)}, 13 * time.Minute},
			"expired, no issue":  {authkit.Claims{ExpiresAt: at(-time.Hour)}, 5 * time.Minute},
			"hardly ever over":   {authkit.Claims{ExpiresAt: time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)}, 100 * 365 * 24 * time.Hour},
			"a little more than": {authkit.Claims{IssuedAt: at(0), ExpiresAt: at(5*time.Minute + 1)}, 5*time.Minute + 1},
		} {
			store, kit := newMarks(t)
			tt.claims.SessionID = "session_01"
			if err := kit.EndSession(t.Context(), &tt.claims); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if len(store.ttls) != 1 || store.ttls[0] != tt.want+margin || store.keys[0] != "authkit/ended/session_01" {
				t.Errorf("%s: got %v for %v, want %v", name, store.keys, store.ttls, tt.want+margin)
			}
		}
	})
}

// The session may have been refreshed between the two, by who has the refresh token alone.
func TestLaterEndExtendsTheMark(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, kit := newMarks(t)
		token := func(lifetime time.Duration) *authkit.Claims {
			return &authkit.Claims{SessionID: "s", IssuedAt: time.Now(), ExpiresAt: time.Now().Add(lifetime)}
		}
		end := func(c *authkit.Claims) {
			t.Helper()
			if err := kit.EndSession(t.Context(), c); err != nil {
				t.Error(err)
			}
		}
		marked := func() bool {
			_, ok, err := store.Get(t.Context(), "authkit/ended/s")
			return ok && err == nil
		}
		end(token(10 * time.Minute)) // until 11:07
		time.Sleep(4 * time.Minute)
		end(token(10 * time.Minute)) // until 15:07
		end(token(5 * time.Minute))  // would be until 10:07
		if len(store.ttls) != 2 {
			t.Errorf("got the marks %v, want the first and one that extends it", store.ttls)
		}
		time.Sleep(11 * time.Minute)
		if !marked() {
			t.Error("after 15 minutes: the mark is gone, but not the last token")
		}
		time.Sleep(7 * time.Second)
		if marked() {
			t.Error("the mark outlives every token")
		}
	})
}

func TestConcurrentEndsKeepTheLongerMark(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, kit := newMarks(t)
		end := func(lifetime time.Duration) {
			now := time.Now()
			claims := &authkit.Claims{SessionID: "s", IssuedAt: now, ExpiresAt: now.Add(lifetime)}
			if err := kit.EndSession(t.Context(), claims); err != nil {
				t.Error(err)
			}
		}
		for _, lifetimes := range [][2]time.Duration{{10 * time.Minute, 30 * time.Minute}, {30 * time.Minute, 10 * time.Minute}} {
			end(5 * time.Minute)
			store.before = func() { end(lifetimes[1]) } // while the next one has read the mark
			end(lifetimes[0])
			time.Sleep(30 * time.Minute)
			if _, ok, err := store.Get(t.Context(), "authkit/ended/s"); !ok || err != nil {
				t.Errorf("%v: got %t, %v; want the longest mark", lifetimes, ok, err)
			}
			time.Sleep(2 * time.Minute) // until it expires
		}
	})
}

// What is no time was not written by this version; the session has ended all the same, and for as long as any.
func TestMarkThatCannotBeReadIsReplaced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, kit := newMarks(t)
		if _, err := store.Memory.Add(t.Context(), "authkit/ended/s", []byte("yes"), time.Second); err != nil {
			t.Fatal(err)
		}
		if err := kit.EndSession(t.Context(), &authkit.Claims{SessionID: "s"}); err != nil {
			t.Error(err)
		}
		time.Sleep(5 * time.Minute)
		if _, ok, err := store.Get(t.Context(), "authkit/ended/s"); !ok || err != nil {
			t.Errorf("after 5 minutes: got %t, %v; want the mark", ok, err)
		}
	})
}

// calls is a store that keeps the contexts of its calls.
type calls struct {
	state.Memory

	contexts []context.Context
}

func (c *calls) Add(ctx context.Context, key string, value []byte, ttl time.Duration) (bool, error) {
	c.contexts = append(c.contexts, ctx)
	return c.Memory.Add(ctx, key, value, ttl)
}

func (c *calls) Get(ctx context.Context, key string) ([]byte, bool, error) {
	c.contexts = append(c.contexts, ctx)
	return c.Memory.Get(ctx, key)
}

func (c *calls) Swap(ctx context.Context, key string, old, value []byte, ttl time.Duration) (bool, error) {
	c.contexts = append(c.contexts, ctx)
	return c.Memory.Swap(ctx, key, old, value, ttl)
}

func (c *calls) Delete(ctx context.Context, key string) error {
	c.contexts = append(c.contexts, ctx)
	return c.Memory.Delete(ctx, key)
}

func TestContextsOfTheStoreEndWithTheirCalls(t *testing.T) {
	store := new(calls)
	_, all := replicas(t, 1, &rotation{tb: t, key: newKeys()[0]}, store, authkit.WithSessionStore(store))
	callback, _ := startSignIn(t, all[0])
	session := callback().cookie("wos-session")
	callback()
	send(all[0].Require(http.HandlerFunc(greet)), "GET", "/", http.Header{}, session, aCookie(t, -time.Hour))
	browse(http.HandlerFunc(all[0].SignOut), "POST", "/sign-out", session)
	if len(store.contexts) < 15 {
		t.Fatalf("got %d calls", len(store.contexts))
	}
	for i, ctx := range store.contexts {
		if ctx.Err() == nil {
			t.Errorf("the context of call %d goes on", i+1)
		}
	}
}

func TestStoreThatHangsDelaysASignOutByThreeSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store, kit := newMarks(t)
		store.hang = true
		begin := time.Now()
		err := kit.EndSession(t.Context(), &authkit.Claims{SessionID: "s"})
		if took := time.Since(begin); !errors.Is(err, authkit.ErrStateUnavailable) || took != 3*time.Second {
			t.Errorf("got %v after %v, want ErrStateUnavailable after 3s", err, took)
		}
	})
}

func TestEndOfNoSessionIsRefused(t *testing.T) {
	store, kit := newMarks(t)
	for _, claims := range []*authkit.Claims{nil, {}, {UserID: "user_01"}} {
		if err := kit.EndSession(t.Context(), claims); err == nil || errors.Is(err, authkit.ErrStateUnavailable) {
			t.Errorf("%+v: got %v, want a refusal", claims, err)
		}
	}
	if len(store.keys) != 0 {
		t.Errorf("stored %q", store.keys)
	}
}
