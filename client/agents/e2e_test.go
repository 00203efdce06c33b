//go:build e2e

package agents_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/agents"
	"github.com/seed-f165d83c/workos/client/authkit"
	"github.com/seed-f165d83c/workos/client/internal/jwttest"
	"github.com/seed-f165d83c/workos/client/internal/nodesdk"
)

// TestE2ERequestsAreTheNodeSDKs has both SDKs mint, refresh and revoke, and compares what they send.
func TestE2ERequestsAreTheNodeSDKs(t *testing.T) {
	sent := make(chan string, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		var sorted any
		if len(body) > 0 && json.Unmarshal(body, &sorted) == nil {
			body, _ = json.Marshal(sorted)
		}
		sent <- r.Method + " " + r.URL.EscapedPath() + " " + strings.TrimSuffix(string(body), "{}")
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"object":"agent_instance_session","id":"agent_session_01","status":"revoked",`+
			`"access_token":"a","token_type":"Bearer","expires_in":60,"refresh_token":"r","agent_instance_id":"agent_01",`+
			`"new_instance":true,"agent_instance_session_id":"agent_session_01","permissions":[]}`)
	}))
	defer server.Close()
	node := nodesdk.StartWithAPI(t, server.URL)
	workos, err := client.New("sk_test", client.WithBaseURL(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	mint := func(grant agents.Grant, intent string) func(*agents.Blueprint) error {
		return func(b *agents.Blueprint) error {
			_, err := b.Mint(t.Context(), grant, intent)
			return err
		}
	}
	type options = map[string]string
	for name, tt := range map[string]struct {
		method, blueprint string
		options           any
		ours              func(*agents.Blueprint) error
	}{
		"autonomous": {"agents.mintToken", "agent_blueprint_01", options{"type": "autonomous", "organizationId": "org_01"},
			mint(agents.Autonomous("org_01"), "")},
		"with an intent": {"agents.mintToken", "agent_blueprint_01",
			options{"type": "autonomous", "organizationId": "org_01", "intent": "to sum up <b>"},
			mint(agents.Autonomous("org_01"), "to sum up <b>")},
		"for a user": {"agents.mintToken", "agent_blueprint_01",
			options{"type": "user_delegated", "userAccessToken": "user-token"}, mint(agents.ForUser(userToken), "")},
		"for an agent": {"agents.mintToken", "agent_blueprint_01",
			options{"type": "agent_delegated", "agentAccessToken": "user-token"}, mint(agents.ForAgent(userToken), "")},
		"refresh": {"agents.mintToken", "agent_blueprint_01", options{"type": "refresh", "refreshToken": "r0"},
			func(b *agents.Blueprint) error {
				_, err := b.Refresh(t.Context(), &agents.Token{RefreshToken: "r0"})
				return err
			}},
		"an ID with a slash": {"agents.mintToken", "a/b", options{"type": "autonomous", "organizationId": "org_01"},
			mint(agents.Autonomous("org_01"), "")},
		"revoke": {"agents.revokeInstanceSession", "agent_blueprint_01", "agent_session_01",
			func(b *agents.Blueprint) error { return b.Revoke(t.Context(), "agent_session_01") }},
	} {
		if with, ok := tt.options.(options); ok {
			with["agentBlueprintId"] = tt.blueprint
		}
		if err := node.Call(t, tt.method, nil, tt.options); err != nil {
			t.Errorf("%s: Node: %v", name, err)
			continue
		}
		theirs := <-sent
		blueprint, err := agents.New(workos, tt.blueprint)
		if err != nil {
			t.Fatal(err)
		}
		if err := tt.ours(blueprint); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if ours := <-sent; ours != theirs {
			t.Errorf("%s: Node sends %s, we send %s", name, theirs, ours)
		} else {
			t.Logf("%s: both send %s", name, ours)
		}
	}
}

// TestE2ETokensAreAcceptedAsByTheNodeSDK has both SDKs verify tokens locally. What only Node accepts is in the table.
func TestE2ETokensAreAcceptedAsByTheNodeSDK(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/sso/jwks/client_01PEER", jwttest.JWKS(t, jose.JSONWebKey{Key: key.Public(), KeyID: "k", Use: "sig"}))
	server := httptest.NewServer(mux)
	defer server.Close()
	node := nodesdk.StartWithAPI(t, server.URL)
	verifier, err := authkit.NewVerifier(authkit.VerifierConfig{
		Issuer: server.URL, JWKSURL: server.URL + "/sso/jwks/client_01PEER", Audience: "api",
	})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now().Unix()
	sign := func(alg jose.SignatureAlgorithm, key any, id string, changes map[string]any) string {
		return jwttest.Sign(t, alg, key, id, jwttest.Claims(map[string]any{
			"iss": server.URL, "aud": "api", "sub": "agent_01", "org_id": "org_01", "jti": "t1",
			"scope": "posts:read", "iat": now, "exp": now + 300, "act": map[string]any{"sub": "agent_01"},
		}, changes))
	}
	with := func(name string, value any) string { return sign(jose.RS256, key, "k", map[string]any{name: value}) }
	good := with("iss", server.URL)
	for name, tt := range map[string]struct {
		token        string
		ours, theirs bool
	}{
		"accepted":            {good, true, true},
		"audience in a list":  {with("aud", []string{"x", "api"}), true, true},
		"another audience":    {with("aud", "apis"), false, false},
		"audience of a list":  {with("aud", []string{"x"}), false, false},
		"no audience":         {with("aud", nil), false, false},
		"expired":             {with("exp", now-120), false, false},
		"no end":              {with("exp", nil), false, false},
		"not yet valid":       {with("nbf", now+120), false, false},
		"another key":         {sign(jose.RS256, foreign, "k", nil), false, false},
		"changed":             {good[:len(good)-4] + "AAAA", false, false},
		"no token":            {"x", false, false},
		"HS256 by the key ID": {sign(jose.HS256, []byte("kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"), "k", nil), false, false},
		"no actor":            {with("act", nil), true, true},                     // an agent on its own: the subject is the agent
		"another issuer":      {with("iss", "https://evil.example"), false, true}, // Node compares no issuer
		"PS256":               {sign(jose.PS256, key, "k", nil), false, true},     // Node accepts what the key could sign
		"expired by less":     {with("exp", now-10), true, false},                 // within our leeway of 30 seconds
	} {
		var theirs struct {
			Valid bool `json:"valid"`
		}
		err := node.Call(t, "agents.validateCredential", &theirs,
			map[string]string{"type": "access_token", "credential": tt.token, "audience": "api"})
		if err != nil {
			t.Logf("%s: Node: %v", name, err)
		}
		_, err = agents.Verify(t.Context(), verifier, tt.token)
		if (err == nil) != tt.ours || theirs.Valid != tt.theirs {
			t.Errorf("%s: we %v (%v), Node %t; want %t and %t", name, err == nil, err, theirs.Valid, tt.ours, tt.theirs)
		}
	}
}
