package authkit

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/internal/redact"
	"github.com/seed-f165d83c/workos/gen"
)

// SSOProfile is a user who signed in through SSO. Its printed form omits the tokens.
type SSOProfile struct {
	// Profile is the user as described by the identity provider. Check that [gen.Profile.OrganizationID] is the
	// organization that you expect.
	Profile gen.Profile `json:"profile"`
	// AccessToken fetches the profile again, by client.SSO.Profile.Get with client.WithAccessToken, until ExpiresAt.
	AccessToken string    `json:"-"`
	ExpiresAt   time.Time `json:"expires_at"`
	// OAuthTokens are the tokens of the OAuth provider; nil for other providers.
	OAuthTokens *OAuthTokens `json:"-"`
}

// AuthenticateWithSSO exchanges the code of a callback after [Client.SSOAuthorizationURL]. verifier is that of the
// [PKCE]; "" if no challenge was sent. Public clients require one.
func (c *Client) AuthenticateWithSSO(ctx context.Context, code, verifier string) (*SSOProfile, error) {
	key := c.workos.Credentials(ctx).APIKey
	switch {
	case code == "":
		return nil, errors.New("workos/authkit: authenticate with SSO: code is empty")
	case verifier == "" && key == "":
		return nil, fmt.Errorf("workos/authkit: authenticate with SSO: %w: without an API key, a code verifier must be given",
			client.ErrNoCredentials)
	case verifier != "":
		if err := checkVerifier(verifier); err != nil {
			return nil, fmt.Errorf("workos/authkit: authenticate with SSO: %w", err)
		}
	}
	// gen.ExchangeSSOCode has no verifier and cannot leave the secret out, as the API's description does not tell.
	body, err := json.Marshal(struct { //nolint:gosec // that is how the secret is sent
		ClientID     string `json:"client_id"`
		ClientSecret string `json:"client_secret,omitempty"`
		GrantType    string `json:"grant_type"`
		Code         string `json:"code"`
		CodeVerifier string `json:"code_verifier,omitempty"`
	}{c.clientID, key, "authorization_code", code, verifier})
	if err != nil {
		// The cause could quote the key.
		return nil, errors.New("workos/authkit: authenticate with SSO: the body does not encode")
	}
	answer, err := c.workos.API().SSOTokenCreateWithBodyWithResponse(ctx, "application/json", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	token := answer.JSON200
	if token == nil || token.Profile.ID == "" {
		return nil, fmt.Errorf("workos/authkit: authenticate with SSO: status %d came without a profile", answer.StatusCode())
	}
	return &SSOProfile{
		Profile: token.Profile, AccessToken: token.AccessToken, OAuthTokens: newOAuthTokens(token.OAuthTokens),
		ExpiresAt: time.Now().Add(seconds(float64(token.ExpiresIn))),
	}, nil
}

// String returns the profile's ID, with tokens masked.
func (p SSOProfile) String() string {
	return fmt.Sprintf("SSOProfile{ID: %s, AccessToken: %s}", p.Profile.ID, redact.Mask(p.AccessToken))
}

// GoString returns String.
func (p SSOProfile) GoString() string { return p.String() }

// Format writes String for every verb.
func (p SSOProfile) Format(state fmt.State, verb rune) { redact.Format(state, verb, p.String()) }

// LogValue returns the profile's ID, with tokens masked.
func (p SSOProfile) LogValue() slog.Value {
	return slog.GroupValue(slog.String("profile", p.Profile.ID), slog.String("access_token", redact.Mask(p.AccessToken)))
}
