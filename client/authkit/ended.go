package authkit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed-f165d83c/workos/client/state"
)

const (
	tokenLifetime = 5 * time.Minute // of an access token, at least
	endedMargin   = time.Minute     // for requests under way, and the clocks of other machines

	longestMark = 100 * 365 * 24 * time.Hour // of a token that hardly ends, so that no sum overflows
)

// endedSessions remembers which sessions have ended until their last access token expires.
type endedSessions struct {
	store state.Store
}

func endedKey(sessionID string) string { return "authkit/ended/" + sessionID }

// add marks the session of the claims. Another process may have refreshed it at this moment, so the mark lasts as long
// as a token that is issued now.
func (e *endedSessions) add(ctx context.Context, claims *Claims, leeway time.Duration) error {
	lifetime := tokenLifetime
	if !claims.IssuedAt.IsZero() {
		lifetime = max(lifetime, claims.ExpiresAt.Sub(claims.IssuedAt))
	}
	ttl := min(max(lifetime, time.Until(claims.ExpiresAt)), longestMark) + leeway + endedMargin
	ctx, cancel := context.WithTimeout(ctx, stateTimeout)
	defer cancel()
	return stateError(e.mark(ctx, endedKey(claims.SessionID), ttl))
}

// mark adds a mark, or extends one: the session may have been refreshed since it ended here. The value is when the mark
// ends, so that no mark is shortened.
func (e *endedSessions) mark(ctx context.Context, key string, ttl time.Duration) error {
	end := time.Now().Add(ttl)
	value := []byte(end.UTC().Format(time.RFC3339Nano))
	for {
		if added, err := e.store.Add(ctx, key, value, ttl); err != nil || added {
			return err
		}
		present, _, err := e.store.Get(ctx, key)
		if err != nil {
			return err
		}
		// A mark that has just expired, or that cannot be read, ends before any other.
		if until, _ := time.Parse(time.RFC3339Nano, string(present)); !until.Before(end) {
			return nil
		}
		if swapped, err := e.store.Swap(ctx, key, present, value, ttl); err != nil || swapped {
			return err
		}
	}
}

func (e *endedSessions) has(ctx context.Context, sessionID string) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, stateTimeout)
	defer cancel()
	_, ended, err := e.store.Get(ctx, endedKey(sessionID))
	return ended, stateError(err)
}

// EndSession makes [Sessions] and [Client.RequireBearer] refuse the session of these claims from now on, in every
// process that shares the state (see [WithState]), until an access token that is issued now has expired. The session at
// WorkOS continues: [Sessions.SignOut] ends both. Use it where something else ends sessions, such as an event
// session.revoked; a later call extends the time. If the mark cannot be stored the error wraps [ErrStateUnavailable].
func (c *Client) EndSession(ctx context.Context, claims *Claims) error {
	if claims == nil || claims.SessionID == "" {
		return errors.New("workos/authkit: end session: claims have no session ID")
	}
	if err := c.ended.add(ctx, claims, c.rules.leeway); err != nil {
		return fmt.Errorf("workos/authkit: end session: %w", err)
	}
	return nil
}

// checkSession checks that verified claims are those of a session that has not ended.
func (c *Client) checkSession(ctx context.Context, claims *Claims) error {
	if claims.SessionID == "" {
		return fmt.Errorf(`%w: "sid" is missing: want the access token of a session`, ErrTokenClaims)
	}
	switch ended, err := c.ended.has(ctx, claims.SessionID); {
	case err != nil:
		return err
	case ended:
		return fmt.Errorf("%w: it was signed out", ErrSessionEnded)
	}
	return nil
}
