package authkit_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/authkit"
	"github.com/seed-f165d83c/workos/gen"
)

// api answers POST /user_management/authenticate and records what was sent.
type api struct {
	status int
	answer any
	bodies []map[string]any
	auth   []string
	path   string
}

func (a *api) RoundTrip(req *http.Request) (*http.Response, error) {
	text, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	var body map[string]any
	if err := json.Unmarshal(text, &body); err != nil {
		return nil, err
	}
	a.bodies = append(a.bodies, body)
	a.auth, a.path = append(a.auth, req.Header.Get("Authorization")), req.URL.Path
	return jsonAnswer(req, a.status, a.answer), nil
}

func authentication() map[string]any {
	return map[string]any{
		"user": map[string]any{
			"object": "user", "id": "user_01", "email": "ada@acme.example", "email_verified": true, "first_name": "Ada",
			"last_name": nil, "profile_picture_url": nil, "last_sign_in_at": nil, "external_id": nil,
			"created_at": "2026-01-02T03:04:05.678Z", "updated_at": "2026-01-02T03:04:05.678Z",
		},
		"organization_id": "org_01", "access_token": "access", "refresh_token": "refresh",
		"authentication_method": "GoogleOAuth", "authkit_authorization_code": "authkit-code",
		"impersonator": map[string]any{"email": "admin@acme.example", "reason": nil},
		"oauth_tokens": map[string]any{
			"provider": "GoogleOAuth", "access_token": "oauth-access", "refresh_token": "oauth-refresh", "expires_at": 1,
			"scopes": []string{"email"},
		},
	}
}

type grantCase struct {
	name   string
	call   func(context.Context, *authkit.Client) (*authkit.Session, error)
	sent   map[string]any // beside client_id
	secret bool           // whether the grant takes the secret
	public bool           // whether public clients may use it
	empty  func(context.Context, *authkit.Client) (*authkit.Session, error)
}

func grants() []grantCase {
	verifier, phone, verification, invitation := strings.Repeat("v", 43), "+4930123", "vrf_01", "inv"
	ip, agent, org := "192.0.2.1", "Browser/1", "org_02"
	type session = *authkit.Session
	return []grantCase{
		{"code", func(ctx context.Context, c *authkit.Client) (session, error) {
			return c.AuthenticateWithCode(ctx, gen.AuthenticateWithCode{
				Code: "c", CodeVerifier: &verifier, InvitationToken: &invitation, IPAddress: &ip, UserAgent: &agent,
			})
		}, map[string]any{
			"grant_type": "authorization_code", "code": "c", "code_verifier": verifier, "invitation_token": "inv",
			"ip_address": ip, "user_agent": agent,
		}, true, true, func(ctx context.Context, c *authkit.Client) (session, error) {
			return c.AuthenticateWithCode(ctx, gen.AuthenticateWithCode{CodeVerifier: &verifier})
		}},
		{"password", func(ctx context.Context, c *authkit.Client) (session, error) {
			return c.AuthenticateWithPassword(ctx, gen.AuthenticateWithPassword{Email: "a@b.example", Password: "p"})
		}, map[string]any{"grant_type": "password", "email": "a@b.example", "password": "p"}, true, false,
			func(ctx context.Context, c *authkit.Client) (session, error) {
				return c.AuthenticateWithPassword(ctx, gen.AuthenticateWithPassword{Email: "a@b.example"})
			}},
		{"refresh token", func(ctx context.Context, c *authkit.Client) (session, error) {
			return c.AuthenticateWithRefreshToken(ctx, gen.AuthenticateWithRefreshToken{
				RefreshToken: "r", OrganizationID: &org,
			})
		}, map[string]any{"grant_type": "refresh_token", "refresh_token": "r", "organization_id": org}, true, true,
			func(ctx context.Context, c *authkit.Client) (session, error) {
				return c.AuthenticateWithRefreshToken(ctx, gen.AuthenticateWithRefreshToken{})
			}},
		{"magic auth", func(ctx context.Context, c *authkit.Client) (session, error) {
			return c.AuthenticateWithMagicAuth(ctx, gen.AuthenticateWithMagicAuth{Email: "a@b.example", Code: "1"})
		}, map[string]any{
			"grant_type": "urn:workos:oauth:grant-type:magic-auth:code", "email": "a@b.example", "code": "1",
		}, true, false, func(ctx context.Context, c *authkit.Client) (session, error) {
			return c.AuthenticateWithMagicAuth(ctx, gen.AuthenticateWithMagicAuth{Email: "a@b.example"})
		}},
		{"email verification", func(ctx context.Context, c *authkit.Client) (session, error) {
			return c.AuthenticateWithEmailVerification(ctx, gen.AuthenticateWithEmailVerification{
				PendingAuthenticationToken: "p", Code: "1",
			})
		}, map[string]any{
			"grant_type": "urn:workos:oauth:grant-type:email-verification:code", "pending_authentication_token": "p",
			"code": "1",
		}, true, false, func(ctx context.Context, c *authkit.Client) (session, error) {
			return c.AuthenticateWithEmailVerification(ctx, gen.AuthenticateWithEmailVerification{Code: "1"})
		}},
		{"TOTP", func(ctx context.Context, c *authkit.Client) (session, error) {
			return c.AuthenticateWithTOTP(ctx, gen.AuthenticateWithTOTP{
				PendingAuthenticationToken: "p", AuthenticationChallengeID: "auth_challenge_01", Code: "1",
			})
		}, map[string]any{
			"grant_type": "urn:workos:oauth:grant-type:mfa-totp", "pending_authentication_token": "p",
			"authentication_challenge_id": "auth_challenge_01", "code": "1",
		}, true, false, func(ctx context.Context, c *authkit.Client) (session, error) {
			return c.AuthenticateWithTOTP(ctx, gen.AuthenticateWithTOTP{PendingAuthenticationToken: "p", Code: "1"})
		}},
		{"organization selection", func(ctx context.Context, c *authkit.Client) (session, error) {
			return c.AuthenticateWithOrganizationSelection(ctx, gen.AuthenticateWithOrganizationSelection{
				PendingAuthenticationToken: "p", OrganizationID: "org_01",
			})
		}, map[string]any{
			"grant_type": "urn:workos:oauth:grant-type:organization-selection", "pending_authentication_token": "p",
			"organization_id": "org_01",
		}, true, false, func(ctx context.Context, c *authkit.Client) (session, error) {
			return c.AuthenticateWithOrganizationSelection(ctx, gen.AuthenticateWithOrganizationSelection{})
		}},
		{"email completion", func(ctx context.Context, c *authkit.Client) (session, error) {
			return c.AuthenticateWithEmailCompletion(ctx, gen.AuthenticateWithEmailCompletion{
				EmailCompletionToken: "e", Email: "a@b.example",
			})
		}, map[string]any{
			"grant_type": "urn:workos:oauth:grant-type:email-completion", "email_completion_token": "e",
			"email": "a@b.example",
		}, true, false, func(ctx context.Context, c *authkit.Client) (session, error) {
			return c.AuthenticateWithEmailCompletion(ctx, gen.AuthenticateWithEmailCompletion{Email: "a@b.example"})
		}},
		{"Radar email", func(ctx context.Context, c *authkit.Client) (session, error) {
			return c.AuthenticateWithRadarEmailChallenge(ctx, gen.AuthenticateWithRadarEmailChallenge{
				PendingAuthenticationToken: "p", RadarChallengeID: "radar_challenge_01", Code: "1",
			})
		}, map[string]any{
			"grant_type": "urn:workos:oauth:grant-type:radar-email-challenge:code", "pending_authentication_token": "p",
			"radar_challenge_id": "radar_challenge_01", "code": "1",
		}, true, false, func(ctx context.Context, c *authkit.Client) (session, error) {
			return c.AuthenticateWithRadarEmailChallenge(ctx, gen.AuthenticateWithRadarEmailChallenge{Code: "1"})
		}},
		{"Radar SMS", func(ctx context.Context, c *authkit.Client) (session, error) {
			return c.AuthenticateWithRadarSMSChallenge(ctx, gen.AuthenticateWithRadarSMSChallenge{
				PendingAuthenticationToken: "p", Code: "1", PhoneNumber: &phone, VerificationID: &verification,
			})
		}, map[string]any{
			"grant_type": "urn:workos:oauth:grant-type:radar-sms-challenge:code", "pending_authentication_token": "p",
			"code": "1", "phone_number": phone, "verification_id": verification,
		}, true, false, func(ctx context.Context, c *authkit.Client) (session, error) {
			return c.AuthenticateWithRadarSMSChallenge(ctx, gen.AuthenticateWithRadarSMSChallenge{
				PendingAuthenticationToken: "p", Code: "1", PhoneNumber: &phone,
			})
		}},
		{"device code", func(ctx context.Context, c *authkit.Client) (session, error) {
			return c.AuthenticateWithDeviceCode(ctx, gen.AuthenticateWithDeviceCode{DeviceCode: "d"})
		}, map[string]any{"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": "d"}, false, true,
			func(ctx context.Context, c *authkit.Client) (session, error) {
				return c.AuthenticateWithDeviceCode(ctx, gen.AuthenticateWithDeviceCode{})
			}},
	}
}

func TestGrantsSendWhatTheirVariantHas(t *testing.T) {
	if got := len(grants()); got != 11 {
		t.Fatalf("got %d grants, want 11", got)
	}
	for _, tt := range grants() {
		server := &api{status: http.StatusOK, answer: authentication()}
		got, err := tt.call(t.Context(), newClient(t, server))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		want := map[string]any{"client_id": testClientID}
		maps.Copy(want, tt.sent)
		if tt.secret {
			want["client_secret"] = testKey
		}
		if server.path != "/user_management/authenticate" || !reflect.DeepEqual(server.bodies, []map[string]any{want}) {
			t.Errorf("%s: sent %v to %s, want %v", tt.name, server.bodies, server.path, want)
		}
		if got.AccessToken != "access" || got.RefreshToken != "refresh" || got.User.ID != "user_01" ||
			got.OrganizationID != "org_01" || got.AuthenticationMethod != gen.AuthenticationMethodGoogleOAuth ||
			got.Impersonator.Email != "admin@acme.example" || got.OAuthTokens.RefreshToken != "oauth-refresh" ||
			got.AuthKitAuthorizationCode != "authkit-code" {
			t.Errorf("%s: got %#v, want what the API answered", tt.name, got)
		}
		wantHidden(t, tt.name, got, "oauth-refresh", "authkit-code")
	}
}

func TestPublicClientsSendNoSecret(t *testing.T) {
	for _, tt := range grants() {
		server := &api{status: http.StatusOK, answer: authentication()}
		workos, err := client.New("", client.WithClientID(testClientID),
			client.WithHTTPClient(&http.Client{Transport: server}))
		if err != nil {
			t.Fatal(err)
		}
		c, err := authkit.New(workos)
		if err != nil {
			t.Fatal(err)
		}
		_, err = tt.call(t.Context(), c)
		if !tt.public {
			if !errors.Is(err, client.ErrNoCredentials) || len(server.bodies) != 0 {
				t.Errorf("%s: got %v and %d requests, want ErrNoCredentials and none", tt.name, err, len(server.bodies))
			}
			continue
		}
		if err != nil || len(server.bodies) != 1 {
			t.Errorf("%s: got %v and %d requests, want one that succeeds", tt.name, err, len(server.bodies))
			continue
		}
		if secret, ok := server.bodies[0]["client_secret"]; ok || server.auth[0] != "" {
			t.Errorf("%s: sent the secret %v and Authorization %q, want none", tt.name, secret, server.auth[0])
		}
		// The key of a tenant comes with the context.
		ctx := client.WithCredentials(t.Context(), client.Credentials{APIKey: testKey})
		if _, err := tt.call(ctx, c); err != nil {
			t.Errorf("%s with a key in the context: %v", tt.name, err)
		} else if got := server.bodies[1]["client_secret"]; tt.secret && got != testKey {
			t.Errorf("%s with a key in the context: sent %v, want the key", tt.name, got)
		}
	}
	c := newClient(t, offline())
	ctx := client.WithCredentials(t.Context(), client.Credentials{})
	if _, err := c.AuthenticateWithCode(ctx, gen.AuthenticateWithCode{Code: "c"}); !errors.Is(err,
		client.ErrNoCredentials) {
		t.Errorf("a code with neither key nor verifier: got %v, want ErrNoCredentials", err)
	}
}

func TestIncompleteGrantsAreNotSent(t *testing.T) {
	server := &api{status: http.StatusOK, answer: authentication()}
	c, ctx, short, secret := newClient(t, server), t.Context(), "short", "sk_other"
	calls := map[string]func(context.Context, *authkit.Client) (*authkit.Session, error){
		"short verifier": func(ctx context.Context, c *authkit.Client) (*authkit.Session, error) {
			return c.AuthenticateWithCode(ctx, gen.AuthenticateWithCode{Code: "c", CodeVerifier: &short})
		},
		"another client": func(ctx context.Context, c *authkit.Client) (*authkit.Session, error) {
			return c.AuthenticateWithDeviceCode(ctx, gen.AuthenticateWithDeviceCode{ClientID: "x", DeviceCode: "d"})
		},
		"another grant": func(ctx context.Context, c *authkit.Client) (*authkit.Session, error) {
			return c.AuthenticateWithCode(ctx, gen.AuthenticateWithCode{GrantType: "password", Code: "c"})
		},
		"another secret": func(ctx context.Context, c *authkit.Client) (*authkit.Session, error) {
			return c.AuthenticateWithCode(ctx, gen.AuthenticateWithCode{ClientSecret: &secret, Code: "c"})
		},
		"another required secret": func(ctx context.Context, c *authkit.Client) (*authkit.Session, error) {
			return c.AuthenticateWithPassword(ctx, gen.AuthenticateWithPassword{
				ClientSecret: secret, Email: "a@b.example", Password: "p",
			})
		},
	}
	for _, tt := range grants() {
		calls["incomplete "+tt.name] = tt.empty
	}
	for name, call := range calls {
		session, err := call(ctx, c)
		if err == nil || session != nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: got %v and %v, want an error without the secret", name, session, err)
		}
	}
	if len(server.bodies) != 0 {
		t.Errorf("sent %v, want nothing", server.bodies)
	}
}

func TestAnswerWithoutTokenIsAnError(t *testing.T) {
	c := newClient(t, &api{status: http.StatusOK, answer: map[string]any{}})
	_, err := c.AuthenticateWithPassword(t.Context(), gen.AuthenticateWithPassword{Email: "a", Password: "p"})
	if err == nil || !strings.Contains(err.Error(), "no access token") {
		t.Errorf("got %v, want an error", err)
	}
}

func TestRefusalTellsTheNextStep(t *testing.T) {
	c := newClient(t, &api{status: http.StatusForbidden, answer: map[string]any{
		"code": "radar_email_challenge", "message": "x", "pending_authentication_token": "pending-secret",
		"radar_challenge_id": "radar_challenge_01", "email": "ada@acme.example",
	}})
	_, err := c.AuthenticateWithPassword(t.Context(), gen.AuthenticateWithPassword{Email: "a", Password: "p"})
	var failure *client.Error
	if !errors.As(err, &failure) {
		t.Fatalf("got %v, want a *client.Error", err)
	}
	step, ok := failure.StepUp()
	if !ok || failure.Code != "radar_email_challenge" || step.PendingAuthenticationToken != "pending-secret" ||
		step.RadarChallengeID != "radar_challenge_01" || step.Email != "ada@acme.example" {
		t.Errorf("got %v with %v, want what the challenge needs", failure, step)
	}
	wantHidden(t, "error", err, "pending-secret")
}
