package webhook

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"net/http"
	"time"

	"github.com/seed-f165d83c/workos/client/state"
)

// WithReplayCheck rejects a request that an endpoint accepted before, with [ErrReplayed] and status 401, in all
// processes that share the store. WorkOS signs each delivery anew, so its repetitions pass: [Once] handles those. A
// request whose handler failed or panicked is forgotten, and may come again; if the store is down at that moment,
// [WithErrorFunc] gets a second error, and the next delivery is still handled.
//
// The store remembers a request until its timestamp is outside the tolerance, plus a minute for clocks that differ,
// under a key that begins with "webhook/replay/". It is asked after the signature, so only WorkOS can fill it. If it is
// down or full the request is rejected with [ErrStateUnavailable] and status 503: nothing is handled, and WorkOS
// repeats a delivery. Use [state.Memory] for one process.
//
// A server that calls [Verifier.Event] or [ActionVerifier.Action] itself needs no such check if it handles each ID
// once: a replay has the ID of the original.
func WithReplayCheck(store state.Store) HandlerOption {
	return func(e *endpoint) error {
		if store == nil {
			return errors.New("WithReplayCheck: store is nil")
		}
		e.replays = store
		return nil
	}
}

const clockSkew = time.Minute // between the clocks of processes and the store

// accepted is a request whose signature and timestamp are valid.
type accepted struct {
	signer key
	macs   [][]byte      // by each secret of the verifier
	valid  time.Duration // until its timestamp is too old
}

// keys returns where the store remembers the request. It has one for each secret because a header can have a signature
// by each, and a replay could leave one out. The secret matters because two endpoints may get the same event in the
// same millisecond. The hash keeps signatures, which are credentials, out of the store.
func (a accepted) keys() []string {
	keys := make([]string, len(a.macs))
	for i, mac := range a.macs {
		sum := sha256.Sum256(mac)
		keys[i] = "webhook/replay/" + hex.EncodeToString(sum[:])
	}
	return keys
}

// once calls f unless the request was accepted before. f reports whether it is done: if not, or if f panics, the
// request may come again.
func (e *endpoint) once(r *http.Request, request accepted, f func() (done bool, err error)) error {
	if e.replays == nil {
		_, err := f()
		return err
	}
	keys := request.keys()
	remember := min(request.valid, math.MaxInt64-clockSkew) + clockSkew
	if added, err := e.claim(r.Context(), keys, remember); err != nil {
		if errors.Is(err, ErrStateUnavailable) { // nothing is handled
			e.release(r, keys[:added])
		}
		return fmt.Errorf("workos/webhook: %w", err)
	}
	done := false
	defer func() { // also after a panic
		if !done {
			e.release(r, keys)
		}
	}()
	var err error
	done, err = f()
	return err
}

// claim adds the keys and returns how many it added.
func (e *endpoint) claim(ctx context.Context, keys []string, ttl time.Duration) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, storeTimeout)
	defer cancel()
	for i, key := range keys {
		switch added, err := e.replays.Add(ctx, key, nil, ttl); {
		case err != nil:
			return i, fmt.Errorf("%w: %w", ErrStateUnavailable, err)
		case !added:
			return i, ErrReplayed
		}
	}
	return len(keys), nil
}

// release removes the keys, also after the request's context has ended.
func (e *endpoint) release(r *http.Request, keys []string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), storeTimeout)
	defer cancel()
	for _, key := range keys {
		if err := e.replays.Delete(ctx, key); err != nil {
			e.onError(r, fmt.Errorf("workos/webhook: forget a request that failed: %w: %w", ErrStateUnavailable, err))
		}
	}
}
