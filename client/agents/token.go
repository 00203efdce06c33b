package agents

import (
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/seed-f165d83c/workos/client/internal/redact"
)

// Token is an access token. Its printed form and encoding/json omit the secrets.
type Token struct {
	// AccessToken is a JWT: a bearer credential (RFC 6750).
	AccessToken string `json:"-"`
	// RefreshToken is exchanged for the next token, once; "" for a machine.
	RefreshToken string `json:"-"`
	// ExpiresAt is the end of the access token, by the local clock.
	ExpiresAt time.Time `json:"expires_at"`

	// InstanceID, "agent_…", and SessionID, "agent_session_…", are those of an agent; "" for a machine.
	InstanceID string `json:"agent_instance_id,omitempty"`
	SessionID  string `json:"agent_instance_session_id,omitempty"`
	// Permissions are the slugs in effect, of an agent.
	Permissions []string `json:"permissions,omitempty"`

	renewAt time.Time
}

// newToken sets when a token ends and when it is renewed: 30 seconds before, or a quarter of a short life.
func newToken(t Token, lifetime time.Duration, now time.Time) *Token {
	t.ExpiresAt = now.Add(lifetime)
	t.renewAt = t.ExpiresAt.Add(-min(renewBefore, lifetime/4))
	return &t
}

func (t Token) clone() *Token {
	t.Permissions = slices.Clone(t.Permissions)
	return &t
}

// String returns the session and which tokens are set.
func (t Token) String() string {
	return fmt.Sprintf("Token{SessionID: %s, AccessToken: %s, RefreshToken: %s}", t.SessionID,
		redact.Mask(t.AccessToken), redact.Mask(t.RefreshToken))
}

// GoString is String.
func (t Token) GoString() string { return t.String() }

// Format writes String for every verb.
func (t Token) Format(state fmt.State, verb rune) { redact.Format(state, verb, t.String()) }

// LogValue returns the session and which tokens are set.
func (t Token) LogValue() slog.Value { return slog.StringValue(t.String()) }
