package authkit_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/seed-f165d83c/workos/client/authkit"
)

func jwkSet(keys ...signingKey) []jose.JSONWebKey {
	var set []jose.JSONWebKey
	for _, key := range keys {
		set = append(set, key.jwk())
	}
	return set
}

// jwks answers every request with a key set, and counts them.
type jwks struct {
	mu    sync.Mutex
	keys  []jose.JSONWebKey
	fail  error
	delay time.Duration
	count atomic.Int32
	path  string
	auth  string
}

func (j *jwks) set(keys ...jose.JSONWebKey) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.keys = keys
}

func (j *jwks) setFailure(err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.fail = err
}

func (j *jwks) RoundTrip(req *http.Request) (*http.Response, error) {
	j.count.Add(1)
	select {
	case <-time.After(j.delay):
	case <-req.Context().Done():
		return nil, context.Cause(req.Context())
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	j.path, j.auth = req.URL.Path, req.Header.Get("Authorization")
	if j.fail != nil {
		return nil, j.fail
	}
	return jsonAnswer(req, http.StatusOK, jose.JSONWebKeySet{Keys: j.keys}), nil
}

func TestKeysAreFetchedOnceForMany(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key := newKeys()[0]
		server := &jwks{keys: []jose.JSONWebKey{key.jwk()}, delay: time.Second}
		c, token := newClient(t, server), key.sign(t, claims(nil))
		verify := func(want error) { // by a hundred at once
			var wait sync.WaitGroup
			for range 100 {
				wait.Go(func() {
					if _, err := c.VerifyAccessToken(t.Context(), token); !errors.Is(err, want) || want == nil && err != nil {
						t.Errorf("got %v, want %v", err, want)
					}
				})
			}
			wait.Wait()
		}
		fetched := func(want int32) {
			t.Helper()
			if got := server.count.Load(); got != want {
				t.Errorf("fetched %d times, want %d", got, want)
			}
		}
		verify(nil)
		verify(nil)
		fetched(1)

		// A rotated key is found at once, if the last fetch was not just now.
		server.set(newKeys()[1].jwk(), key.jwk())
		time.Sleep(31 * time.Second)
		token = newKeys()[1].sign(t, claims(nil))
		verify(nil)
		fetched(2)

		// A key ID that nobody knows is looked for once in 30 seconds, not once for each token.
		token = signingKey{"made up", key.private}.sign(t, claims(nil))
		// Until then it may be a new one.
		verify(authkit.ErrKeysUnavailable)
		fetched(2)
		time.Sleep(31 * time.Second)
		verify(authkit.ErrTokenKey)
		verify(authkit.ErrKeysUnavailable)
		fetched(3)
	})
}

func TestKeysStayFresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key := newKeys()[0]
		server := &jwks{keys: []jose.JSONWebKey{key.jwk()}, delay: time.Second}
		c := newClient(t, server)
		verify := func() (time.Duration, error) {
			start := time.Now()
			_, err := c.VerifyAccessToken(t.Context(), key.sign(t, claims(nil)))
			return time.Since(start), err
		}
		steps := []struct {
			name   string
			after  time.Duration
			fail   error
			took   time.Duration
			counts int32 // fetches when all is quiet
			want   error
		}{
			{"first use waits for the keys", 0, nil, time.Second, 1, nil},
			{"soon after", 59 * time.Minute, nil, 0, 1, nil},
			{"after an hour nobody waits", 2 * time.Minute, nil, 0, 2, nil},
			{"after long it waits", 5 * time.Hour, nil, time.Second, 3, nil},
			{"an unreachable API does no harm", 61 * time.Minute, errors.New("down"), 0, 4, nil},
			{"nor for hours", 5 * time.Hour, errors.New("down"), time.Second, 5, nil},
			{"nor is it asked again at once", 0, errors.New("down"), 0, 5, nil},
			{"but not for a day", 24 * time.Hour, errors.New("down"), time.Second, 6, authkit.ErrKeysUnavailable},
			{"until it is back", time.Minute, nil, time.Second, 7, nil},
		}
		for _, step := range steps {
			time.Sleep(step.after)
			server.setFailure(step.fail)
			took, err := verify()
			time.Sleep(10 * time.Second)
			synctest.Wait()
			if took != step.took || !errors.Is(err, step.want) || step.want == nil && err != nil {
				t.Errorf("%s: took %v with %v, want %v with %v", step.name, took, err, step.took, step.want)
			}
			if got := server.count.Load(); got != step.counts {
				t.Errorf("%s: fetched %d times, want %d", step.name, got, step.counts)
			}
		}
		server.set(newKeys()[1].jwk()) // the key is withdrawn
		time.Sleep(3 * time.Hour)
		if _, err := verify(); !errors.Is(err, authkit.ErrTokenKey) {
			t.Errorf("token of a withdrawn key: got %v, want ErrTokenKey", err)
		}
	})
}

func TestOneCallerThatGivesUpDoesNotStopTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key := newKeys()[0]
		server := &jwks{keys: []jose.JSONWebKey{key.jwk()}, delay: 5 * time.Second}
		c, token := newClient(t, server), key.sign(t, claims(nil))
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		var wait sync.WaitGroup
		wait.Go(func() {
			start := time.Now()
			_, err := c.VerifyAccessToken(ctx, token)
			if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, authkit.ErrKeysUnavailable) ||
				time.Since(start) != time.Second {
				t.Errorf("the impatient: got %v after %v, want its deadline after 1s", err, time.Since(start))
			}
		})
		wait.Go(func() {
			time.Sleep(time.Millisecond) // so that the fetch is the impatient's
			if _, err := c.VerifyAccessToken(t.Context(), token); err != nil {
				t.Errorf("the patient: %v", err)
			}
		})
		wait.Wait()
		if got := server.count.Load(); got != 1 {
			t.Errorf("fetched %d times, want once", got)
		}
	}) // which fails if a goroutine is left
}

func TestHangingFetchEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newClient(t, &jwks{delay: time.Hour})
		start := time.Now()
		_, err := c.VerifyAccessToken(t.Context(), newKeys()[0].sign(t, claims(nil)))
		if !errors.Is(err, authkit.ErrKeysUnavailable) || time.Since(start) != 10*time.Second {
			t.Errorf("got %v after %v, want ErrKeysUnavailable after 10s", err, time.Since(start))
		}
	})
}

func TestUnfitKeysAreNotUsed(t *testing.T) {
	key := newKeys()[0]
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	for name, jwk := range map[string]jose.JSONWebKey{
		"small":             {Key: small.Public(), KeyID: key.id, Algorithm: "RS256", Use: "sig"},
		"for encryption":    {Key: key.private.Public(), KeyID: key.id, Algorithm: "RS256", Use: "enc"},
		"another algorithm": {Key: key.private.Public(), KeyID: key.id, Algorithm: "PS256", Use: "sig"},
		"without ID":        {Key: key.private.Public(), Algorithm: "RS256", Use: "sig"},
		"symmetric":         {Key: []byte("secret"), KeyID: key.id},
	} {
		c := newClient(t, &jwks{keys: []jose.JSONWebKey{jwk}})
		if _, err := c.VerifyAccessToken(t.Context(), key.sign(t, claims(nil))); !errors.Is(err, authkit.ErrKeysUnavailable) {
			t.Errorf("%s: got %v, want ErrKeysUnavailable", name, err)
		}
		c = newClient(t, &jwks{keys: []jose.JSONWebKey{jwk, newKeys()[1].jwk()}})
		if _, err := c.VerifyAccessToken(t.Context(), newKeys()[1].sign(t, claims(nil))); err != nil {
			t.Errorf("a good key beside one that is %s: %v", name, err)
		}
	}
}
