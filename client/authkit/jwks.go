package authkit

import (
	"cmp"
	"context"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/go-jose/go-jose/v4"
	"golang.org/x/sync/singleflight"

	"github.com/seed-f165d83c/workos/client/internal/redact"
)

const (
	keysFresh   = time.Hour        // after which a caller starts a fetch, and does not wait for it
	keysOld     = 2 * time.Hour    // after which callers wait for it
	keysStale   = 24 * time.Hour   // after which keys are of no use, even if the API cannot be reached
	keysPause   = 30 * time.Second // from one fetch to the next, whatever key IDs tokens name
	keysRetry   = time.Second      // the same after one that failed and left nothing to verify with
	keysTimeout = 10 * time.Second // of a fetch
	keysNew     = time.Minute      // after a key has signed first, in which a fetch may lack it

	maxKeySet = 1 << 20 // bytes
	minRSA    = 2048    // bits, RFC 7518 section 3.3
)

// keySet caches the public keys of an application. Reading a cached key takes no lock. One fetch runs at a time, in its
// own goroutine.
type keySet struct {
	fetch func(context.Context) ([]byte, error)

	cached atomic.Pointer[cachedKeys]
	flight singleflight.Group
	state  atomic.Pointer[fetchState]
}

type cachedKeys struct {
	byID    map[string]*rsa.PublicKey
	fetched time.Time
}

// fetchState is the result of the last fetch.
type fetchState struct {
	next time.Time
	err  error
}

// key returns the key with that ID. An unknown ID causes a fetch. If none is due, the key may be new, which is
// [ErrKeysUnavailable] rather than [ErrTokenKey].
func (k *keySet) key(ctx context.Context, id string) (*rsa.PublicKey, error) {
	if id == "" {
		return nil, fmt.Errorf("%w: it has no key ID", ErrTokenKey)
	}
	now := time.Now()
	cached := k.cached.Load()
	known := cached.find(id, now)
	if known != nil && now.Sub(cached.fetched) < keysOld {
		if now.Sub(cached.fetched) >= keysFresh && k.due(now) {
			k.start(ctx)
		}
		return known, nil
	}
	err := k.refresh(ctx)
	if found := k.cached.Load().find(id, now); found != nil {
		return found, nil
	}
	if errors.Is(err, errFetchNotDue) {
		return nil, fmt.Errorf("%w: key %.80q is unknown: %w", ErrKeysUnavailable, id, err)
	}
	if err != nil {
		return nil, err
	}
	return nil, fmt.Errorf("%w %.80q", ErrTokenKey, id)
}

// knowsAllOf reports whether the keys were fetched so long after that time that none of them was new then: an unknown
// key of a token that was issued earlier stays unknown. The token may say anything; that only has it refused.
func (k *keySet) knowsAllOf(issued time.Time) bool {
	cached := k.cached.Load()
	return cached != nil && !issued.IsZero() && cached.fetched.After(issued.Add(keysNew))
}

// errFetchNotDue is the result of a fetch that did not happen.
var errFetchNotDue = fmt.Errorf("keys were fetched less than %v ago", keysPause)

// find returns a key that is still usable.
func (c *cachedKeys) find(id string, now time.Time) *rsa.PublicKey {
	if c == nil || now.Sub(c.fetched) >= keysStale {
		return nil
	}
	return c.byID[id]
}

// due reports whether another fetch is permitted.
func (k *keySet) due(now time.Time) bool {
	state := k.state.Load()
	return state == nil || !now.Before(state.next)
}

// refresh waits for the current fetch, or for a new one if it is due.
func (k *keySet) refresh(ctx context.Context) error {
	select {
	case result := <-k.start(ctx):
		return result.Err
	case <-ctx.Done():
		return fmt.Errorf("%w: %w", ErrKeysUnavailable, context.Cause(ctx))
	}
}

// start does not end with the context, because others may be waiting.
func (k *keySet) start(ctx context.Context) <-chan singleflight.Result {
	ctx = context.WithoutCancel(ctx)
	return k.flight.DoChan("", func() (any, error) {
		if !k.due(time.Now()) {
			return nil, cmp.Or(k.state.Load().err, errFetchNotDue)
		}
		return nil, k.load(ctx)
	})
}

// rescue converts a panic, for example of a transport or middleware, to an error: in a goroutine it would end the
// program.
func rescue(err *error) {
	if v := recover(); v != nil {
		*err = fmt.Errorf("the call panicked: %s", redact.Panic(v))
	}
}

func (k *keySet) load(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, keysTimeout)
	defer cancel()
	keys, err := k.fetchSet(ctx)
	pause := keysPause
	if err == nil {
		k.cached.Store(&cachedKeys{byID: keys, fetched: time.Now()})
	} else {
		err = fmt.Errorf("%w: %w", ErrKeysUnavailable, err)
		if k.cached.Load() == nil {
			pause = keysRetry
		}
	}
	k.state.Store(&fetchState{next: time.Now().Add(pause), err: err})
	return err
}

// fetchSet fetches the keys from the API.
func (k *keySet) fetchSet(ctx context.Context) (_ map[string]*rsa.PublicKey, err error) {
	defer rescue(&err)
	body, err := k.fetch(ctx)
	if err != nil {
		return nil, err
	}
	return parseKeySet(body)
}

// parseKeySet returns the RSA signature keys of a JWKS (RFC 7517 section 5) and ignores others.
func parseKeySet(body []byte) (map[string]*rsa.PublicKey, error) {
	if len(body) > maxKeySet {
		return nil, fmt.Errorf("JWKS has more than %d bytes", maxKeySet)
	}
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.Unmarshal(body, &set); err != nil {
		return nil, fmt.Errorf("JWKS: %w", err)
	}
	keys := make(map[string]*rsa.PublicKey, len(set.Keys))
	for _, raw := range set.Keys {
		var key jose.JSONWebKey
		if err := key.UnmarshalJSON(raw); err != nil {
			continue
		}
		public, ok := key.Key.(*rsa.PublicKey)
		if ok && key.KeyID != "" && (key.Use == "" || key.Use == "sig") &&
			(key.Algorithm == "" || key.Algorithm == string(jose.RS256)) && public.N.BitLen() >= minRSA {
			keys[key.KeyID] = public
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("JWKS has no RSA key for RS256 of 2048 bits or more")
	}
	return keys, nil
}
