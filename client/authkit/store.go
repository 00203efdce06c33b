package authkit

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
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
// KiB), and to end a session everywhere at once: [Sessions.SignOut] deletes it, and so does another sign-in of its
// browser. One that is not used stays as long as its cookie: see [WithCookie]. The store has the sessions sealed and
// bound to a hash of their IDs: reading it, or copying a session to another ID, signs nobody in. Cookies that contain a
// session, also those of other AuthKit SDKs, are still accepted, and move to the store when their tokens are refreshed.
//
// If the store is down, requests with such a cookie fail with [ErrStateUnavailable], status 503, also those to sign
// out, and no user is signed out. Nor can users sign in.
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
	if !s.isID(value) {
		session, err := s.sealer.openSession(value, "")
		return stored{session: session}, err
	}
	if len(value) != len(idPrefix)+idLength {
		return stored{}, fmt.Errorf("%w: ID of a session has %d characters", ErrSealFormat, len(value))
	}
	ctx, cancel := context.WithTimeout(ctx, stateTimeout)
	defer cancel()
	key := sessionKey(value)
	sealed, ok, err := s.store.Get(ctx, key)
	if err != nil {
		return stored{}, stateError(err)
	}
	if !ok {
		return stored{}, fmt.Errorf("%w: the store does not have it", ErrSessionEnded)
	}
	session, err := s.sealer.openSession(string(sealed), key)
	return stored{session, value, sealed}, err
}

// isID reports whether the value of a cookie is the ID of a session in the store.
func (s *Sessions) isID(value string) bool {
	return s.store != nil && strings.HasPrefix(value, idPrefix)
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
// a new ID, unless the request has a session of the same ID at WorkOS, and deletes the one that the cookie had before.
func (s *Sessions) Save(w http.ResponseWriter, r *http.Request, session *Session) error {
	for range maxSaves {
		old := s.predecessor(r, session)
		saved, err := s.replace(w, r, old, session)
		if saved && err == nil && old.id == "" {
			s.report(r, slog.LevelWarn, "the previous session remains in the store", s.forgetReplaced(r))
		}
		if saved || err != nil {
			return err
		}
	}
	return fmt.Errorf("workos/authkit: save session: %w: other requests replace it", ErrStateUnavailable)
}

const maxSaves = 5 // attempts, of which each failed because another request was faster

// predecessor returns the session in the store that has the same ID at WorkOS; the zero value if there is none.
func (s *Sessions) predecessor(r *http.Request, session *Session) stored {
	if s.store == nil || session == nil {
		return stored{}
	}
	found, _ := s.read(r) // a store that is down fails the save
	for _, old := range found {
		if old.id != "" && sameSession(old.session, session) {
			return old
		}
	}
	return stored{}
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

// replace saves the successor of a session. saved is false if another request has replaced the session in the store.
func (s *Sessions) replace(w http.ResponseWriter, r *http.Request, old stored, session *Session) (saved bool, _ error) {
	if s.store == nil {
		sealed, err := s.sealer.SealSession(session)
		if err != nil {
			return false, err
		}
		return true, s.set(w, r, sealed)
	}
	id := old.id
	if id == "" {
		id = idPrefix + randomText()
	}
	key := sessionKey(id)
	sealed, err := s.sealer.sealSession(session, key)
	if err != nil {
		return false, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), stateTimeout)
	defer cancel()
	if old.id != "" {
		return s.update(ctx, key, old.sealed, []byte(sealed))
	}
	if _, err := s.store.Add(ctx, key, []byte(sealed), s.storeTime()); err != nil {
		return false, fmt.Errorf("workos/authkit: save session: %w", stateError(err))
	}
	return true, s.set(w, r, id)
}

// update replaces a session in the store, unless another request was faster. A session that is gone was signed out.
func (s *Sessions) update(ctx context.Context, key string, old, sealed []byte) (saved bool, _ error) {
	saved, err := s.store.Swap(ctx, key, old, sealed, s.storeTime())
	if err != nil {
		return false, fmt.Errorf("workos/authkit: save session: %w", stateError(err))
	}
	if saved {
		return true, nil
	}
	now, ok, err := s.store.Get(ctx, key)
	switch {
	case err != nil:
		return false, fmt.Errorf("workos/authkit: save session: %w", stateError(err))
	case !ok:
		return false, fmt.Errorf("workos/authkit: session: %w: %w: it was signed out", ErrNotSignedIn, ErrSessionEnded)
	case bytes.Equal(now, old):
		return false, fmt.Errorf("workos/authkit: save session: %w: the store did not swap", ErrStateUnavailable)
	}
	return false, nil
}

// forgetReplaced deletes the session of a request whose cookie this response replaces. Which one that is can be known
// only if it is the only one: others may be those of another path or domain.
func (s *Sessions) forgetReplaced(r *http.Request) error {
	if values := s.values(r); len(values) == 1 {
		return s.forget(r, values)
	}
	return nil
}

// forget deletes sessions from the store.
func (s *Sessions) forget(r *http.Request, values []string) error {
	if s.store == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(r.Context(), stateTimeout)
	defer cancel()
	var failures []error
	for _, value := range values {
		if !s.isID(value) || len(value) != len(idPrefix)+idLength {
			continue
		}
		if err := s.store.Delete(ctx, sessionKey(value)); err != nil {
			failures = append(failures, fmt.Errorf("workos/authkit: clear session: %w", stateError(err)))
		}
	}
	return errors.Join(failures...)
}
