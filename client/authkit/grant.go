package authkit

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// A grant is a variant of the body of user_management.authenticate.create. This package sets client ID, client secret
// and grant type, which callers must leave empty. All other required fields must be set, or nothing is sent.
type grant struct {
	id       *string
	secret   *string  // required by the grant; nil: see optional
	optional **string // secret that a public client leaves out; nil: the grant takes none
	kind     *string
	required []string // name, value, name, value …
	union    func(*gen.Authenticate) error
}

// AuthenticateWithCode exchanges the code of a callback. A public client must send the CodeVerifier of its [PKCE];
// others should (RFC 9700 section 2.1.1).
func (c *Client) AuthenticateWithCode(ctx context.Context, body gen.AuthenticateWithCode) (*Session, error) {
	if body.CodeVerifier != nil {
		if err := checkVerifier(*body.CodeVerifier); err != nil {
			return nil, fmt.Errorf("workos/authkit: authenticate: %w", err)
		}
	} else if c.workos.Credentials(ctx).APIKey == "" {
		return nil, fmt.Errorf("workos/authkit: authenticate: %w: without an API key, code_verifier must be set",
			client.ErrNoCredentials)
	}
	return c.authenticate(ctx, grant{
		id: &body.ClientID, optional: &body.ClientSecret, kind: &body.GrantType,
		required: []string{"code", body.Code},
		union:    func(u *gen.Authenticate) error { return u.FromAuthenticateWithCode(body) },
	})
}

// AuthenticateWithPassword signs in with an email address and a password.
func (c *Client) AuthenticateWithPassword(ctx context.Context, body gen.AuthenticateWithPassword) (*Session, error) {
	return c.authenticate(ctx, grant{
		id: &body.ClientID, secret: &body.ClientSecret, kind: &body.GrantType,
		required: []string{"email", body.Email, "password", body.Password},
		union:    func(u *gen.Authenticate) error { return u.FromAuthenticateWithPassword(body) },
	})
}

// AuthenticateWithRefreshToken renews a session's tokens. It spends the refresh token even if the response is lost;
// [Client.Refresh] does this once for concurrent requests of a session.
func (c *Client) AuthenticateWithRefreshToken(ctx context.Context, body gen.AuthenticateWithRefreshToken,
) (*Session, error) {
	return c.authenticate(ctx, grant{
		id: &body.ClientID, optional: &body.ClientSecret, kind: &body.GrantType,
		required: []string{"refresh_token", body.RefreshToken},
		union:    func(u *gen.Authenticate) error { return u.FromAuthenticateWithRefreshToken(body) },
	})
}

// AuthenticateWithMagicAuth signs in with the one-time code of an email.
func (c *Client) AuthenticateWithMagicAuth(ctx context.Context, body gen.AuthenticateWithMagicAuth) (*Session, error) {
	return c.authenticate(ctx, grant{
		id: &body.ClientID, secret: &body.ClientSecret, kind: &body.GrantType,
		required: []string{"email", body.Email, "code", body.Code},
		union:    func(u *gen.Authenticate) error { return u.FromAuthenticateWithMagicAuth(body) },
	})
}

// AuthenticateWithEmailVerification continues a sign-in that requires a verified email address: see
// [client.Error.StepUp].
func (c *Client) AuthenticateWithEmailVerification(ctx context.Context, body gen.AuthenticateWithEmailVerification,
) (*Session, error) {
	return c.authenticate(ctx, grant{
		id: &body.ClientID, secret: &body.ClientSecret, kind: &body.GrantType,
		required: []string{"pending_authentication_token", body.PendingAuthenticationToken, "code", body.Code},
		union:    func(u *gen.Authenticate) error { return u.FromAuthenticateWithEmailVerification(body) },
	})
}

// AuthenticateWithTOTP continues a sign-in with a second factor: see [client.Error.StepUp].
func (c *Client) AuthenticateWithTOTP(ctx context.Context, body gen.AuthenticateWithTOTP) (*Session, error) {
	return c.authenticate(ctx, grant{
		id: &body.ClientID, secret: &body.ClientSecret, kind: &body.GrantType,
		required: []string{
			"pending_authentication_token", body.PendingAuthenticationToken,
			"authentication_challenge_id", body.AuthenticationChallengeID, "code", body.Code,
		},
		union: func(u *gen.Authenticate) error { return u.FromAuthenticateWithTOTP(body) },
	})
}

// AuthenticateWithEmailCompletion continues a sign-in whose provider sent no email address, with one that the user
// enters: see [client.StepUp.EmailCompletionToken].
func (c *Client) AuthenticateWithEmailCompletion(ctx context.Context, body gen.AuthenticateWithEmailCompletion,
) (*Session, error) {
	return c.authenticate(ctx, grant{
		id: &body.ClientID, secret: &body.ClientSecret, kind: &body.GrantType,
		required: []string{"email_completion_token", body.EmailCompletionToken, "email", body.Email},
		union:    func(u *gen.Authenticate) error { return u.FromAuthenticateWithEmailCompletion(body) },
	})
}

// AuthenticateWithOrganizationSelection continues a sign-in of a user with several organizations: see
// [client.Error.StepUp].
func (c *Client) AuthenticateWithOrganizationSelection(ctx context.Context,
	body gen.AuthenticateWithOrganizationSelection,
) (*Session, error) {
	return c.authenticate(ctx, grant{
		id: &body.ClientID, secret: &body.ClientSecret, kind: &body.GrantType,
		required: []string{
			"pending_authentication_token", body.PendingAuthenticationToken, "organization_id", body.OrganizationID,
		},
		union: func(u *gen.Authenticate) error { return u.FromAuthenticateWithOrganizationSelection(body) },
	})
}

// AuthenticateWithRadarEmailChallenge continues a sign-in that Radar stopped, with the code that it emailed: see
// [client.Error.StepUp].
func (c *Client) AuthenticateWithRadarEmailChallenge(ctx context.Context, body gen.AuthenticateWithRadarEmailChallenge,
) (*Session, error) {
	return c.authenticate(ctx, grant{
		id: &body.ClientID, secret: &body.ClientSecret, kind: &body.GrantType,
		required: []string{
			"pending_authentication_token", body.PendingAuthenticationToken,
			"radar_challenge_id", body.RadarChallengeID, "code", body.Code,
		},
		union: func(u *gen.Authenticate) error { return u.FromAuthenticateWithRadarEmailChallenge(body) },
	})
}

// AuthenticateWithRadarSMSChallenge continues a sign-in or sign-up that Radar stopped, with the code that it sent by
// SMS: see [client.Error.StepUp]. PhoneNumber and VerificationID go together, for a sign-up.
func (c *Client) AuthenticateWithRadarSMSChallenge(ctx context.Context, body gen.AuthenticateWithRadarSMSChallenge,
) (*Session, error) {
	if (body.PhoneNumber == nil) != (body.VerificationID == nil) {
		return nil, errors.New("workos/authkit: authenticate: one of phone_number and verification_id is set; " +
			"a sign-up needs both, a sign-in none")
	}
	return c.authenticate(ctx, grant{
		id: &body.ClientID, secret: &body.ClientSecret, kind: &body.GrantType,
		required: []string{"pending_authentication_token", body.PendingAuthenticationToken, "code", body.Code},
		union:    func(u *gen.Authenticate) error { return u.FromAuthenticateWithRadarSMSChallenge(body) },
	})
}

// AuthenticateWithDeviceCode checks once whether the user of a device has signed in. [Client.WaitForDevice] polls.
func (c *Client) AuthenticateWithDeviceCode(ctx context.Context, body gen.AuthenticateWithDeviceCode,
) (*Session, error) {
	return c.authenticate(ctx, grant{
		id: &body.ClientID, kind: &body.GrantType,
		required: []string{"device_code", body.DeviceCode},
		union:    func(u *gen.Authenticate) error { return u.FromAuthenticateWithDeviceCode(body) },
	})
}

func (c *Client) authenticate(ctx context.Context, g grant) (*Session, error) {
	if err := g.fill(c.clientID, c.workos.Credentials(ctx).APIKey); err != nil {
		return nil, fmt.Errorf("workos/authkit: authenticate: %w", err)
	}
	var body gen.Authenticate
	if err := g.union(&body); err != nil {
		return nil, errors.New("workos/authkit: authenticate: the body does not encode") // the cause could quote a secret
	}
	answer, err := c.workos.UserManagement.Authenticate(ctx, body)
	if err != nil {
		return nil, err
	}
	if answer.AccessToken == "" {
		return nil, errors.New("workos/authkit: authenticate: response has no access token")
	}
	return newSession(answer), nil
}

func (g *grant) fill(clientID, key string) error {
	for i := 0; i < len(g.required); i += 2 {
		if g.required[i+1] == "" {
			return fmt.Errorf("%s is empty", g.required[i])
		}
	}
	given := *g.id + *g.kind
	if g.secret != nil {
		given += *g.secret
	}
	if given != "" || g.optional != nil && *g.optional != nil {
		return errors.New("client_id, client_secret or grant_type is set; they are filled in here")
	}
	*g.id = clientID
	switch {
	case g.secret != nil && key == "":
		return fmt.Errorf("%w: this grant takes the API key as its client secret, so that it is not for public clients",
			client.ErrNoCredentials)
	case g.secret != nil:
		*g.secret = key
	case g.optional != nil && key != "":
		*g.optional = &key
	}
	return nil
}

func newSession(a *gen.Authentication) *Session {
	s := &Session{
		AccessToken: a.AccessToken, RefreshToken: a.RefreshToken, User: &a.User, Impersonator: a.Impersonator,
		OrganizationID: value(a.OrganizationID), AuthenticationMethod: value(a.AuthenticationMethod),
		AuthKitAuthorizationCode: value(a.AuthKitAuthorizationCode), OAuthTokens: newOAuthTokens(a.OAuthTokens),
	}
	if s.OrganizationID == "" {
		if claims, err := unverified(s.AccessToken); err == nil { // it came straight from the API
			s.OrganizationID = claims.OrganizationID
		}
	}
	return s
}

func newOAuthTokens(t *gen.OAuthTokens) *OAuthTokens {
	if t == nil {
		return nil
	}
	return &OAuthTokens{
		Provider: t.Provider, AccessToken: t.AccessToken, RefreshToken: t.RefreshToken, ExpiresAt: t.ExpiresAt,
		Scopes: t.Scopes,
	}
}

// value returns *p, or the zero value for nil.
func value[T any](p *T) T {
	if p == nil {
		return *new(T)
	}
	return *p
}
