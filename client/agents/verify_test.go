package agents_test

import (
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"net/http/httptest"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/seed-f165d83c/workos/client/agents"
	"github.com/seed-f165d83c/workos/client/authkit"
	"github.com/seed-f165d83c/workos/client/internal/jwttest"
)

func TestAgentIsVerifiedWithItsChain(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(jwttest.JWKS(t, jwttest.JWK(key, "k")))
	defer server.Close()
	verifier, err := authkit.NewVerifier(authkit.VerifierConfig{Issuer: server.URL, JWKSURL: server.URL, Audience: "api"})
	if err != nil {
		t.Fatal(err)
	}
	act := func(subjects ...string) any {
		var chain any
		for _, subject := range slices.Backward(subjects) {
			link := map[string]any{"sub": subject}
			if chain != nil {
				link["act"] = chain
			}
			chain = link
		}
		return chain
	}
	for name, tt := range map[string]struct {
		sub      string
		act      any
		expires  time.Duration
		want     agents.Identity
		wantFail error
	}{
		"for a user":   {"user_01", act("agent_01"), time.Minute, agents.Identity{AgentID: "agent_01", UserID: "user_01", Via: []string{}}, nil},
		"on its own":   {"agent_01", nil, time.Minute, agents.Identity{AgentID: "agent_01", Via: []string{}}, nil},
		"for an agent": {"user_01", act("agent_03", "agent_02"), time.Minute, agents.Identity{AgentID: "agent_03", UserID: "user_01", Via: []string{"agent_02"}}, nil},
		"a user":       {"user_01", nil, time.Minute, agents.Identity{}, agents.ErrNotAgent},
		"impersonated": {"user_01", act("admin@acme.example"), time.Minute, agents.Identity{}, agents.ErrNotAgent},
		"through a person": {"user_01", act("agent_01", "admin@acme.example"), time.Minute, agents.Identity{},
			agents.ErrNotAgent},
		"expired": {"user_01", act("agent_01"), -time.Minute, agents.Identity{}, authkit.ErrTokenExpired},
	} {
		token := jwttest.Sign(t, jose.RS256, key, "k", map[string]any{
			"iss": server.URL, "aud": "api", "sub": tt.sub, "act": tt.act, "exp": time.Now().Add(tt.expires).Unix(),
			"permissions": []string{"posts:read"}, "sid": "agent_session_01", "org_id": "org_01",
		})
		got, err := agents.Verify(t.Context(), verifier, token)
		if tt.wantFail != nil {
			if got != nil || !errors.Is(err, tt.wantFail) {
				t.Errorf("%s: got %v and %v, want %v", name, got, err, tt.wantFail)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if !got.HasPermission("posts:read") || got.HasPermission("posts:write") || got.Claims.OrganizationID != "org_01" {
			t.Errorf("%s: got the claims %+v", name, got.Claims)
		}
		got.Claims = nil
		if !reflect.DeepEqual(*got, tt.want) {
			t.Errorf("%s: got %+v, want %+v", name, *got, tt.want)
		}
	}
}
