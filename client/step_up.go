package client

import (
	"encoding/json"
	"fmt"
	"log/slog"

	"github.com/seed-f165d83c/workos/client/internal/redact"
	"github.com/seed-f165d83c/workos/gen"
)

// StepUp is what the API sends with the refusal of a sign-in that needs a further step: a second factor, the choice of
// an organization, a verified email address. [Error.Code] says which. Fields that the step has no need of are empty.
//
// It holds a token, and so prints without it.
type StepUp struct {
	// PendingAuthenticationToken goes into the call that completes the sign-in. It is a secret.
	PendingAuthenticationToken string `json:"-"`
	// EmailCompletionToken goes into the call that completes a sign-in with the address that the user types
	// (email_completion_required). It is a secret.
	EmailCompletionToken string `json:"-"`
	// User is who signs in, as far as the answer says; nil if it does not.
	User *gen.User `json:"user"`
	// Organizations are those to choose from (organization_selection_required).
	Organizations []StepUpOrganization `json:"organizations"`
	// ConnectionIDs are the SSO connections that the user must sign in with (sso_required).
	ConnectionIDs []string `json:"connection_ids"`
	// AuthenticationFactors are the second factors to choose from (mfa_challenge).
	AuthenticationFactors []StepUpFactor `json:"authentication_factors"`
	// RadarChallengeID is that of the code that Radar sent (radar_email_challenge).
	RadarChallengeID string `json:"radar_challenge_id"`
	// EmailVerificationID is that of the email with the code (email_verification_required).
	EmailVerificationID string `json:"email_verification_id"`
	// Email is the address that signs in.
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

// StepUp returns what is needed for the further step that a sign-in needs; false if the error is another one.
// Everything else that the answer holds is in [Error.Body].
func (e *Error) StepUp() (*StepUp, bool) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(e.Body, &fields) != nil {
		return nil, false
	}
	step := &StepUp{}
	for name, into := range map[string]any{
		"pending_authentication_token": &step.PendingAuthenticationToken, "user": &step.User,
		"organizations": &step.Organizations, "connection_ids": &step.ConnectionIDs, "email": &step.Email,
		"authentication_factors": &step.AuthenticationFactors, "email_verification_id": &step.EmailVerificationID,
		"radar_challenge_id": &step.RadarChallengeID, "email_completion_token": &step.EmailCompletionToken,
	} {
		if raw, given := fields[name]; given {
			_ = json.Unmarshal(raw, into) // one field of another form takes nothing from the others
		}
	}
	if raw, given := fields["sso_connection_ids"]; given && step.ConnectionIDs == nil {
		_ = json.Unmarshal(raw, &step.ConnectionIDs) // of organization_authentication_required
	}
	return step, step.PendingAuthenticationToken != "" || len(step.ConnectionIDs) > 0 || step.EmailVerificationID != "" ||
		step.EmailCompletionToken != ""
}

// String names what the step has, without the tokens.
func (s StepUp) String() string {
	completion := ""
	if s.EmailCompletionToken != "" {
		completion = "EmailCompletionToken: " + redact.Mask(s.EmailCompletionToken) + ", "
	}
	return fmt.Sprintf("StepUp{PendingAuthenticationToken: %s, %sOrganizations: %d, ConnectionIDs: %d, "+
		"AuthenticationFactors: %d}", redact.Mask(s.PendingAuthenticationToken), completion, len(s.Organizations),
		len(s.ConnectionIDs), len(s.AuthenticationFactors))
}

// GoString is String.
func (s StepUp) GoString() string { return s.String() }

// Format writes String for every verb.
func (s StepUp) Format(state fmt.State, verb rune) { redact.Format(state, verb, s.String()) }

// LogValue is String.
func (s StepUp) LogValue() slog.Value { return slog.StringValue(s.String()) }
