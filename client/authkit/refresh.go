package authkit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

const (
	// refreshMemory is how long it is known what became of a spent refresh token: requests that a browser sent together
	// arrive within it.
	refreshMemory = 30 * time.Second

	codeInvalidGrant  = "invalid_grant"
	codeMFAEnrollment = "mfa_enrollment"
	codeSSORequired   = "sso_required"
)

// Refresh returns the session with new tokens, in the same organization. It spends the refresh token.
//
// Concurrent calls for one session share one exchange, and later calls with the spent token get its result for 30
// seconds, so that parallel requests of a browser do not end the session. If the exchange switched the organization,
// the result is in the other one. This applies within one [Client], or among all processes that share a store: see
// [WithState]. Without it, route a user's requests to one process; otherwise, if two requests with an expired token
// reach two at once, one fails with [ErrSessionEnded] while the session continues in the other's cookie.
//
// The exchange continues for up to 30 seconds after ctx ends, because its response cannot be requested again.
// [ErrSessionEnded] means that the user must sign in again. After other errors the session can be refreshed later.
func (c *Client) Refresh(ctx context.Context, session *Session) (*Session, error) {
	next, _, err := c.refreshInto(ctx, session, "")
	return next, err
}

// SwitchOrganization is like Refresh, into another organization of the user, "org_…". If that requires another sign-in
// step, [client.Error.StepUp] returns its data.
func (c *Client) SwitchOrganization(ctx context.Context, session *Session, organizationID string) (*Session, error) {
	if organizationID == "" {
		return nil, errors.New("workos/authkit: switch organization: organization ID is empty")
	}
	next, _, err := c.refreshInto(ctx, session, organizationID)
	return next, err
}

// refreshInto also reports whether this call spent the token.
func (c *Client) refreshInto(ctx context.Context, session *Session, organizationID string) (*Session, bool, error) {
	if session == nil || session.RefreshToken == "" {
		return nil, false, fmt.Errorf("workos/authkit: refresh: %w: no refresh token", ErrSessionEnded)
	}
	next, own, err := c.next(ctx, *session, organizationID)
	for failed := (*switchError)(nil); !own && errors.As(err, &failed) && failed.organizationID != organizationID; {
		// Another call could not enter its organization, which says nothing about this one.
		next, own, err = c.next(ctx, *session, organizationID)
	}
	if err == nil && !own && organizationID != "" && next.OrganizationID != organizationID {
		// Another call spent the token for another organization.
		next, _, err = c.next(ctx, *next, organizationID)
	}
	if err != nil {
		return nil, own, fmt.Errorf("workos/authkit: refresh: %w", err)
	}
	return next, own, nil
}

// next returns the successor of a session, and whether this call's own exchange produced it.
func (c *Client) next(ctx context.Context, session Session, organizationID string) (*Session, bool, error) {
	return c.refreshes.do(ctx, exchange{
		secret: session.RefreshToken,
		scope:  organizationID,
		run:    func(ctx context.Context) (*Session, error) { return c.exchange(ctx, &session, organizationID) },
	})
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
	fresh.Impersonator = cmp.Or(fresh.Impersonator, session.Impersonator) // an act that a session never loses
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
