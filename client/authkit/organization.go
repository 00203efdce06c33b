package authkit

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// SwitchOrganization switches the session to the organization of the form value organization_id, and redirects to that
// of return_to (see [Sessions.SignIn]). If the organization requires another step, such as its SSO connection or a
// second factor, the browser is redirected to sign in to it, and then returns there. It accepts only POST, and not from
// pages of other sites. Without a session it responds like [Sessions.Require].
func (s *Sessions) SwitchOrganization(w http.ResponseWriter, r *http.Request) {
	if !isOwnPost(w, r, "organization switch") {
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	organizationID, returnTo := r.PostFormValue(orgParam), s.returnPath(r.PostFormValue(returnParam))
	if organizationID == "" {
		http.Error(w, "organization_id is empty", http.StatusBadRequest)
		return
	}
	session, _, err := s.Load(w, r)
	if err == nil {
		err = s.enter(w, r, session, organizationID)
	}
	if errors.Is(err, ErrNotSignedIn) || errors.Is(err, ErrSessionEnded) {
		s.logRefusal(r, err)
		s.refuse(w, r, err)
		return
	}
	var failure *client.Error
	if errors.As(err, &failure) && needsStep(failure) {
		err = s.begin(w, r, AuthorizationParams{
			Provider: gen.AuthKitProviderAuthKit, OrganizationID: organizationID,
		}, returnTo, http.StatusSeeOther)
		if err == nil {
			return
		}
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	redirect(w, returnTo, http.StatusSeeOther)
}

const maxForm = 64 << 10 // bytes

// enter saves the session of the organization.
func (s *Sessions) enter(w http.ResponseWriter, r *http.Request, session *Session, organizationID string) error {
	next, err := s.kit.SwitchOrganization(r.Context(), session, organizationID)
	if err != nil {
		return err
	}
	claims, err := s.kit.verify(r.Context(), next.AccessToken)
	if err == nil {
		err = s.kit.checkSession(r.Context(), claims)
	}
	if err == nil {
		return s.Save(w, r, next)
	}
	err = fmt.Errorf("workos/authkit: switch organization: new access token: %w", err)
	if errors.Is(err, ErrKeysUnavailable) || errors.Is(err, ErrStateUnavailable) || errors.Is(err, ErrTokenNotYetValid) {
		return errors.Join(err, s.Save(w, r, next)) // it passes by itself, and the old refresh token is spent
	}
	return err
}

// needsStep reports whether the user can enter an organization by another sign-in.
func needsStep(failure *client.Error) bool {
	if _, ok := failure.StepUp(); ok {
		return true
	}
	switch failure.Code {
	case codeSSORequired, codeMFAEnrollment, "mfa_challenge", "organization_authentication_methods_required",
		"email_verification_required":
		return true
	}
	return false
}

// Impersonation is what a page shows to a person who acts as a user.
type Impersonation struct {
	Email  string // of the person, from the verified access token
	Reason string // that the person gave; "" if there is none
}

// ImpersonationFrom returns who acts as the user of a request, in a handler behind [Sessions.Require], [Sessions.Allow]
// or [Client.RequireBearer], for a banner and for audit logs; ok is false if it is the user.
func ImpersonationFrom(ctx context.Context) (by Impersonation, ok bool) {
	claims, _ := ClaimsFrom(ctx)
	if claims == nil || claims.Actor == nil {
		return Impersonation{}, false
	}
	by.Email = claims.Actor.Subject
	if session, ok := SessionFrom(ctx); ok && session.Impersonator != nil {
		by.Reason = value(session.Impersonator.Reason)
	}
	return by, true
}
