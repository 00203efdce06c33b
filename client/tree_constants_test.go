package client_test

import (
	"context"
	"encoding/json"
	"io"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// A required field of a body that has one value only is sent with it where a caller leaves it empty.
func TestConstantsOfABodyNeedNotBeGiven(t *testing.T) {
	for _, test := range []struct {
		name, field, want string
		call              func(context.Context, *client.Client) error
	}{
		{
			"passwordless.sessions.create", "type", "MagicLink",
			func(ctx context.Context, c *client.Client) error {
				_, err := c.Passwordless.Sessions.Create(ctx, gen.CreatePasswordlessSession{Email: "ada@example.com"})
				return err
			},
		},
		{
			"sso.token.create", "grant_type", "authorization_code",
			func(ctx context.Context, c *client.Client) error {
				var body gen.ExchangeSSOToken
				if err := body.FromExchangeSSOCode(gen.ExchangeSSOCode{ClientID: "client_01", Code: "code"}); err != nil {
					return err
				}
				_, err := c.SSO.Token.Create(ctx, body)
				return err
			},
		},
		{
			"user_management.users.auth_factors.create", "type", "totp",
			func(ctx context.Context, c *client.Client) error {
				_, err := c.UserManagement.Users.AuthFactors.Create(ctx, "user_01", gen.EnrollUserFactor{})
				return err
			},
		},
		{
			"agents.claims.attempts.update", "type", "link_external_user",
			func(ctx context.Context, c *client.Client) error {
				_, err := c.Agents.Claims.Attempts.Update(ctx, gen.LinkAgentClaim{})
				return err
			},
		},
		{
			"what a caller gives", "type", "other",
			func(ctx context.Context, c *client.Client) error {
				_, err := c.Passwordless.Sessions.Create(ctx, gen.CreatePasswordlessSession{Type: "other"})
				return err
			},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := newWire(respondJSON(200, `{}`))
			if err := test.call(t.Context(), newClient(t, testKey, w.option())); err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(w.sent[0].Body)
			if err != nil {
				t.Fatal(err)
			}
			var body map[string]any
			if err := json.Unmarshal(text, &body); err != nil {
				t.Fatal(err)
			}
			if got := body[test.field]; got != test.want {
				t.Errorf("%s: got %v, want %q in %s", test.field, got, test.want, text)
			}
		})
	}
}
