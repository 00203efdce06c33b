package client

import (
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/seed-f165d83c/workos/client/internal/redact"
)

// StepUp is the data of an error that asks for a further sign-in step: a second factor, the choice of an organization,
// a verified email address. [Error.Code] identifies the step. Fields that do not apply to it are empty.
//
// It contains tokens, and its printed form masks them.
type StepUp struct {
	// PendingAuthenticationToken completes the sign-in, as a parameter of the next call. It is a secret.
	PendingAuthenticationToken string `json:"-"`
	// EmailCompletionToken completes a sign-in with the address that the user enters (email_completion_required). It is
	// a secret.
	EmailCompletionToken string `json:"-"`
	// User is the user who signs in; nil if the response has none.
	User *User `json:"user"`
	// Organizations are the choices of organization_selection_required.
	Organizations []StepUpOrganization `json:"organizations"`
	// ConnectionIDs are the SSO connections that the user must sign in with (sso_required).
	ConnectionIDs []string `json:"connection_ids"`
	// AuthenticationFactors are the choices of mfa_challenge.
	AuthenticationFactors []StepUpFactor `json:"authentication_factors"`
	// RadarChallengeID identifies the code that Radar sent (radar_email_challenge).
	RadarChallengeID string `json:"radar_challenge_id"`
	// EmailVerificationID identifies the email that contains the code (email_verification_required).
	EmailVerificationID string `json:"email_verification_id"`
	// Email is the address of the user who signs in.
	Email string `json:"email"`
}

// StepUpOrganization is an organization that a user may sign in to.
type StepUpOrganization struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// StepUpFactor is an enrolled second factor.
type StepUpFactor struct {
	ID   string `json:"id"`
	Type string `json:"type"` // such as totp
}

// StepUp returns the data of the next sign-in step, and false if the error does not ask for one. [Error.Body] has the
// response, unless it is truncated.
func (e *Error) StepUp() (*StepUp, bool) {
	body, fields := e.whole, map[string]json.RawMessage(nil)
	if body == nil {
		body = e.Body
	}
	if json.Unmarshal(body, &fields) != nil {
		return nil, false
	}
	step := &StepUp{}
	for name, into := range map[string]any{
		"pending_authentication_token": &step.PendingAuthenticationToken, "user": &step.User,
		"organizations": &step.Organizations, "connection_ids": &step.ConnectionIDs, "email": &step.Email,
		"authentication_factors": &step.AuthenticationFactors, "email_verification_id": &step.EmailVerificationID,
		"radar_challenge_id": &step.RadarChallengeID, "email_completion_token": &step.EmailCompletionToken,
	} {
		if raw, ok := fields[name]; ok {
			_ = json.Unmarshal(raw, into) // an unexpected field does not affect the others
		}
	}
	if raw, ok := fields["sso_connection_ids"]; ok && step.ConnectionIDs == nil {
		_ = json.Unmarshal(raw, &step.ConnectionIDs) // of organization_authentication_required
	}
	return step, step.PendingAuthenticationToken != "" || len(step.ConnectionIDs) > 0 || step.EmailVerificationID != "" ||
		step.EmailCompletionToken != ""
}

// String summarizes the step, with tokens masked.
func (s StepUp) String() string {
	completion := ""
	if s.EmailCompletionToken != "" {
		completion = "EmailCompletionToken: " + redact.Mask(s.EmailCompletionToken) + ", "
	}
	return fmt.Sprintf("StepUp{PendingAuthenticationToken: %s, %sOrganizations: %d, ConnectionIDs: %d, "+
		"AuthenticationFactors: %d}", redact.Mask(s.PendingAuthenticationToken), completion, len(s.Organizations),
		len(s.ConnectionIDs), len(s.AuthenticationFactors))
}

// GoString returns String.
func (s StepUp) GoString() string { return s.String() }

// Format writes String for every verb.
func (s StepUp) Format(state fmt.State, verb rune) { redact.Format(state, verb, s.String()) }

// LogValue returns String.
func (s StepUp) LogValue() slog.Value { return slog.StringValue(s.String()) }
