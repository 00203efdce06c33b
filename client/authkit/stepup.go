package authkit

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// StepUp is why a sign-in is not complete yet, and what its next step needs. It prints without the token.
type StepUp struct {
	// Code tells the step: email_verification_required, mfa_enrollment, mfa_challenge,
	// organization_selection_required, radar_email_challenge, radar_sms_challenge, sso_required or one that is new.
	Code string `json:"code"`
	// PendingAuthenticationToken goes into the next grant. "" where the user has to begin again, as with sso_required.
	PendingAuthenticationToken string `json:"-"`
	// User is who signs in, nil if that is not told.
	User *gen.User `json:"user"`
	// Email is the address to verify, or the one that has to use SSO.
	Email               string `json:"email"`
	EmailVerificationID string `json:"email_verification_id"`
	RadarChallengeID    string `json:"radar_challenge_id"`
	// Organizations are those to choose from.
	Organizations []StepUpOrganization `json:"organizations"`
	// AuthenticationFactors are those that a challenge may be made with.
	AuthenticationFactors []StepUpFactor `json:"authentication_factors"`
	// ConnectionIDs are the SSO connections that the user has to use.
	ConnectionIDs []string `json:"connection_ids"`
}

// StepUpOrganization is an organization to choose.
type StepUpOrganization struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// StepUpFactor is a second factor to use.
type StepUpFactor struct {
	ID   string `json:"id"`
	Type string `json:"type"` // such as totp
}

// StepUpOf returns the next step of a sign-in that the API did not complete, if the error says one. The error itself is
// a [*client.Error].
func StepUpOf(err error) (*StepUp, bool) {
	var failure *client.Error
	if !errors.As(err, &failure) {
		return nil, false
	}
	var body struct {
		StepUp

		Token            string   `json:"pending_authentication_token"`
		SSOConnectionIDs []string `json:"sso_connection_ids"`
	}
	if json.Unmarshal(failure.Body, &body) != nil {
		return nil, false
	}
	step := body.StepUp
	step.Code, step.PendingAuthenticationToken = failure.Code, body.Token
	if step.ConnectionIDs == nil {
		step.ConnectionIDs = body.SSOConnectionIDs
	}
	return &step, step.PendingAuthenticationToken != "" || step.Code == codeSSORequired
}

// String tells the step, and whether there is a token.
func (s StepUp) String() string {
	return fmt.Sprintf("StepUp{Code: %s, PendingAuthenticationToken: %s}", s.Code, mask(s.PendingAuthenticationToken))
}

// GoString is String.
func (s StepUp) GoString() string { return s.String() }

// Format writes String for every verb.
func (s StepUp) Format(state fmt.State, verb rune) { formatText(state, verb, s.String()) }

// LogValue tells the step, and whether there is a token.
func (s StepUp) LogValue() slog.Value {
	return slog.GroupValue(slog.String("code", s.Code),
		slog.String("pending_authentication_token", mask(s.PendingAuthenticationToken)))
}
