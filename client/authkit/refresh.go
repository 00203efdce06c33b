package authkit

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

const (
	refreshTimeout = 30 * time.Second // of one exchange

	// refreshMemory is how long it is known here what became of a spent refresh token: requests that a browser sent
	// together arrive within it.
	refreshMemory = 30 * time.Second
	maxRemembered = 1024 // tokens, with sessions of some 3 KiB each

	codeInvalidGrant  = "invalid_grant"
	codeMFAEnrollment = "mfa_enrollment"
	codeSSORequired   = "sso_required"
)

// refresher exchanges each refresh token once. Each exchange runs in its own goroutine.
type refresher struct {
	exchange func(ctx context.Context, session *Session, organizationID string) (*Session, error)

	flight singleflight.Group

	mu    sync.Mutex // of what follows
	spent map[tokenHash]outcome
	order []tokenHash // of spent, the oldest first
}

type tokenHash [sha256.Size]byte

// outcome is the result of an exchange: another session, or its end.
type outcome struct {
	session *Session
	ended   error
	at      time.Time
}

// Refresh returns the session with new tokens, in the same organization. It spends the refresh token.
//
// Concurrent calls for one session share one exchange, and later calls with the spent token get its result for 30
// seconds, so that parallel requests of a browser do not end the session. If the exchange switched the organization,
// the result is in the other one. The last 1,024 exchanges are remembered. This applies within one [Client]: replicas
// of a server do not coordinate. Route a user's requests to one replica; otherwise, if two requests with an expired
// token reach two replicas at once, one fails with [ErrSessionEnded] while the session continues in the other's cookie.
//
// The exchange continues for up to 30 seconds after ctx ends, because its response cannot be requested again.
// [ErrSessionEnded] means that the user must sign in again. After other errors the session can be refreshed later.
func (c *Client) Refresh(ctx context.Context, session *Session) (*Session, error) {
	return c.refreshInto(ctx, session, "")
}

// SwitchOrganization is like Refresh, into another organization of the user, "org_…". If that requires another sign-in
// step, [client.Error.StepUp] returns its data.
func (c *Client) SwitchOrganization(ctx context.Context, session *Session, organizationID string) (*Session, error) {
	if organizationID == "" {
		return nil, errors.New("workos/authkit: switch organization: organization ID is empty")
	}
	return c.refreshInto(ctx, session, organizationID)
}

func (c *Client) refreshInto(ctx context.Context, session *Session, organizationID string) (*Session, error) {
	if session == nil || session.RefreshToken == "" {
		return nil, fmt.Errorf("workos/authkit: refresh: %w: no refresh token", ErrSessionEnded)
	}
	next, own, err := c.refresher.next(ctx, *session, organizationID)
	for failed := (*switchError)(nil); !own && errors.As(err, &failed) && failed.organizationID != organizationID; {
		// Another call could not enter its organization, which says nothing about this one.
		next, own, err = c.refresher.next(ctx, *session, organizationID)
	}
	if err == nil && !own && organizationID != "" && next.OrganizationID != organizationID {
		// Another call spent the token for another organization.
		next, _, err = c.refresher.next(ctx, *next, organizationID)
	}
	if err != nil {
		return nil, fmt.Errorf("workos/authkit: refresh: %w", err)
	}
	return next, nil
}

// next returns a copy of the successor of a session, and whether this call's own exchange produced it.
func (r *refresher) next(ctx context.Context, session Session, organizationID string) (*Session, bool, error) {
	own := false // written by the exchange, and read when it is over
	hash := tokenHash(sha256.Sum256([]byte(session.RefreshToken)))
	detached := context.WithoutCancel(ctx)
	done := r.flight.DoChan(string(hash[:]), func() (_ any, err error) {
		defer rescue(&err)
		if known, ok := r.find(hash); ok {
			return known.session, known.ended
		}
		own = true
		ctx, cancel := context.WithTimeout(detached, refreshTimeout)
		defer cancel()
		fresh, err := r.exchange(ctx, &session, organizationID)
		if err == nil || errors.Is(err, ErrSessionEnded) {
			r.remember(hash, outcome{session: fresh, ended: err, at: time.Now()})
		}
		return fresh, err
	})
	select {
	case result := <-done:
		if result.Err != nil {
			return nil, own, result.Err
		}
		fresh, _ := result.Val.(*Session)
		return fresh.clone(), own, nil
	case <-ctx.Done():
		return nil, false, fmt.Errorf("waiting for the exchange: %w", context.Cause(ctx))
	}
}

func (r *refresher) find(hash tokenHash) (outcome, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forget(maxRemembered)
	known, ok := r.spent[hash]
	return known, ok
}

func (r *refresher) remember(hash tokenHash, known outcome) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forget(maxRemembered - 1)
	if r.spent == nil {
		r.spent = map[tokenHash]outcome{}
	}
	r.spent[hash] = known
	r.order = append(r.order, hash)
}

// forget removes old entries, and the oldest beyond keep.
func (r *refresher) forget(keep int) {
	drop := max(0, len(r.order)-keep)
	for drop < len(r.order) && time.Since(r.spent[r.order[drop]].at) >= refreshMemory {
		drop++
	}
	for _, hash := range r.order[:drop] {
		delete(r.spent, hash)
	}
	r.order = slices.Delete(r.order, 0, drop)
}

// exchange spends a refresh token.
func (c *Client) exchange(ctx context.Context, session *Session, organizationID string) (*Session, error) {
	fresh, err := c.AuthenticateWithRefreshToken(ctx, gen.AuthenticateWithRefreshToken{
		RefreshToken:   session.RefreshToken,
		OrganizationID: optional(cmp.Or(organizationID, session.organization())),
	})
	if err != nil {
		switch {
		case endsSession(err, organizationID != ""):
			return nil, fmt.Errorf("%w: %w", ErrSessionEnded, err)
		case organizationID != "":
			return nil, &switchError{err, organizationID}
		}
		return nil, err
	}
	// Fields that the response to a refresh may omit.
	fresh.AuthenticationMethod = cmp.Or(fresh.AuthenticationMethod, session.AuthenticationMethod)
	fresh.RefreshToken = cmp.Or(fresh.RefreshToken, session.RefreshToken)
	return fresh, nil
}

// switchError is a failed exchange into another organization.
type switchError struct {
	error

	organizationID string
}

func (e *switchError) Unwrap() error { return e.error }

// organization returns the organization of the access token, because cookies may omit it.
func (s Session) organization() string {
	if s.OrganizationID != "" {
		return s.OrganizationID
	}
	claims, err := unverified(s.AccessToken)
	if err != nil {
		return ""
	}
	return claims.OrganizationID
}

// endsSession reports whether err ends the session, as opposed to a temporary failure. A missing step for another
// organization does not affect the session.
func endsSession(err error, switching bool) bool {
	var failure *client.Error
	if !errors.As(err, &failure) {
		return false
	}
	return failure.Code == codeInvalidGrant ||
		!switching && (failure.Code == codeMFAEnrollment || failure.Code == codeSSORequired)
}
