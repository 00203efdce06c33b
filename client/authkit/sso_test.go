package authkit_test

import (
	"errors"
	"net/http"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/authkit"
)

func TestSSOCodeIsExchanged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		answer := map[string]any{
			"access_token": "access-secret", "expires_in": 600, "token_type": "Bearer",
			"profile": map[string]any{
				"object": "profile", "id": "prof_01", "email": "ada@acme.example", "idp_id": "ada", "connection_id": "conn_01",
				"connection_type": "OktaSAML", "organization_id": "org_01", "raw_attributes": map[string]any{"a": 1},
			},
			"oauth_tokens": authentication()["oauth_tokens"],
		}
		verifier := authkit.NewPKCE().Verifier
		for _, tt := range []struct {
			name, key, verifier string
			want                map[string]any
		}{
			{"confidential client", testKey, "", map[string]any{"client_secret": testKey}},
			{"with PKCE", testKey, verifier, map[string]any{"client_secret": testKey, "code_verifier": verifier}},
			{"public client", "", verifier, map[string]any{"code_verifier": verifier}},
		} {
			server := &api{status: http.StatusOK, answer: answer}
			kit := newClient(t, server)
			ctx := client.WithCredentials(t.Context(), client.Credentials{APIKey: tt.key})
			got, err := kit.AuthenticateWithSSO(ctx, "the-code", tt.verifier)
			if err != nil {
				t.Errorf("%s: %v", tt.name, err)
				continue
			}
			tt.want["client_id"], tt.want["grant_type"], tt.want["code"] = testClientID, "authorization_code", "the-code"
			if server.path != "/sso/token" || !reflect.DeepEqual(server.bodies, []map[string]any{tt.want}) ||
				server.auth[0] != "" {
				t.Errorf("%s: sent %v to %s with Authorization %q, want %v", tt.name, server.bodies, server.path,
					server.auth[0], tt.want)
			}
			if got.Profile.ID != "prof_01" || *got.Profile.OrganizationID != "org_01" || got.AccessToken != "access-secret" ||
				got.OAuthTokens.AccessToken != "oauth-access" || time.Until(got.ExpiresAt) != 10*time.Minute {
				t.Errorf("%s: got %v with %+v", tt.name, got, got.Profile)
			}
			wantHidden(t, tt.name, got, "access-secret", "oauth-refresh")
		}
	})
}

func TestIncompleteSSOExchangesAreNotSent(t *testing.T) {
	server := &api{status: http.StatusOK, answer: map[string]any{}}
	kit := newClient(t, server)
	public := client.WithCredentials(t.Context(), client.Credentials{})
	if _, err := kit.AuthenticateWithSSO(t.Context(), "", ""); err == nil {
		t.Error("no code: got no error")
	}
	if _, err := kit.AuthenticateWithSSO(t.Context(), "c", "short"); err == nil {
		t.Error("short verifier: got no error")
	}
	if _, err := kit.AuthenticateWithSSO(public, "c", ""); !errors.Is(err, client.ErrNoCredentials) {
		t.Errorf("neither key nor verifier: got %v, want ErrNoCredentials", err)
	}
	if len(server.bodies) != 0 {
		t.Errorf("sent %v, want nothing", server.bodies)
	}
	if got, err := kit.AuthenticateWithSSO(t.Context(), "c", ""); err == nil {
		t.Errorf("an answer without profile: got %v, want an error", got)
	}
}
