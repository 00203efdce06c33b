package authkit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/client/state"
)

const (
	idPrefix = "s1." // of the cookie of a session in a store; no seal begins so
	idLength = 43    // characters of 32 random bytes
)

// WithSessionStore keeps sessions in a store; cookies then hold a random ID. Use it for sessions of any size (up to 48
// KiB), and to end a session everywhere at once: [Sessions.SignOut] deletes it. The store has the sessions sealed,
// under a hash of their IDs, so that it does not suffice to sign in. Cookies that hold a session, also those of other
// AuthKit SDKs, are still accepted, and move to the store when their tokens are refreshed.
//
// If the store is down, requests with such a cookie fail with [ErrStateUnavailable], status 503, and no user is signed
// out. Nor can users sign in.
func WithSessionStore(store state.Store) SessionsOption {
	return func(s *Sessions) error {
		if store == nil {
			return errors.New("WithSessionStore: store is nil")
		}
		s.store = store
		return nil
	}
}

// open returns the session of a cookie.
func (s *Sessions) open(ctx context.Context, value string) (stored, error) {
	if s.store == nil || !strings.HasPrefix(value, idPrefix) {
		session, err := s.sealer.OpenSession(value)
		if err != nil {
			return stored{}, errors.Unwrap(err)
		}
		return stored{session: session}, nil
	}
	if len(value) != len(idPrefix)+idLength {
		return stored{}, fmt.Errorf("%w: ID of a session has %d characters", ErrSealFormat, len(value))
	}
	ctx, cancel := context.WithTimeout(ctx, stateTimeout)
	defer cancel()
	sealed, ok, err := s.store.Get(ctx, sessionKey(value))
	if err != nil {
		return stored{}, stateError(err)
	}
	if !ok {
		return stored{}, fmt.Errorf("%w: the store does not have it", ErrSessionEnded)
	}
	session, err := s.sealer.OpenSession(string(sealed))
	if err != nil {
		return stored{}, errors.Unwrap(err)
	}
	return stored{session, value, sealed}, nil
}

// sessionKey returns the key of a session. The hash keeps the ID, which signs in, out of the store.
func sessionKey(id string) string {
	sum := sha256.Sum256([]byte(id))
	return "authkit/session/" + base64.RawURLEncoding.EncodeToString(sum[:])
}

// storeTime returns how long the store keeps a session that is not used.
func (s *Sessions) storeTime() time.Duration {
	if s.cookie.MaxAge > 0 {
		return time.Duration(s.cookie.MaxAge) * time.Second
	}
	return cookieMaxAge
}

// Save sets the session cookie, for example after [Client.AuthenticateWithPassword]. Large sessions are split into
// several cookies; more than 64 KiB, sealed, is an [ErrCookieSize]. With [WithSessionStore] it stores the session under
// a new ID, unless the request has a session of the same ID at WorkOS.
func (s *Sessions) Save(w http.ResponseWriter, r *http.Request, session *Session) error {
	var old stored
	if s.store != nil && session != nil {
		if found, err := s.read(r); err == nil && sameSession(found[0].session, session) {
			old = found[0]
		}
	}
	return s.replace(w, r, old, session)
}

// sameSession reports whether two sessions are one at WorkOS.
func sameSession(a, b *Session) bool {
	one, err := unverified(a.AccessToken)
	if err != nil || one.SessionID == "" {
		return false
	}
	other, err := unverified(b.AccessToken)
	return err == nil && one.SessionID == other.SessionID
}

// replace saves the successor of a session.
func (s *Sessions) replace(w http.ResponseWriter, r *http.Request, old stored, session *Session) error {
	sealed, err := s.sealer.SealSession(session)
	if err != nil {
		return err
	}
	if s.store == nil {
		return s.set(w, r, sealed)
	}
	ctx, cancel := context.WithTimeout(r.Context(), stateTimeout)
	defer cancel()
	if old.id != "" {
		return s.update(ctx, old, []byte(sealed))
	}
	id := idPrefix + randomText()
	if _, err := s.store.Add(ctx, sessionKey(id), []byte(sealed), s.storeTime()); err != nil {
		return fmt.Errorf("workos/authkit: save session: %w", stateError(err))
	}
	return s.set(w, r, id)
}

// update replaces a session in the store. If another request was faster its session stays, which is as good; a session
// that is gone was signed out.
func (s *Sessions) update(ctx context.Context, old stored, sealed []byte) error {
	key := sessionKey(old.id)
	swapped, err := s.store.Swap(ctx, key, old.sealed, sealed, s.storeTime())
	if err != nil {
		return fmt.Errorf("workos/authkit: save session: %w", stateError(err))
	}
	if swapped {
		return nil
	}
	now, ok, err := s.store.Get(ctx, key)
	switch {
	case err != nil:
		return fmt.Errorf("workos/authkit: save session: %w", stateError(err))
	case !ok:
		return fmt.Errorf("workos/authkit: session: %w: %w: it was signed out", ErrNotSignedIn, ErrSessionEnded)
	case bytes.Equal(now, old.sealed):
		return fmt.Errorf("workos/authkit: save session: %w: the store did not swap", ErrStateUnavailable)
	}
	return nil
}

// forget deletes the sessions of a request from the store.
func (s *Sessions) forget(r *http.Request) error {
	if s.store == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(r.Context(), stateTimeout)
	defer cancel()
	for _, value := range s.values(r) {
		if !strings.HasPrefix(value, idPrefix) || len(value) != len(idPrefix)+idLength {
			continue
		}
		if err := s.store.Delete(ctx, sessionKey(value)); err != nil {
			return fmt.Errorf("workos/authkit: clear session: %w", stateError(err))
		}
	}
	return nil
}
