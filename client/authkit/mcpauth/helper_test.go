package mcpauth_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/seed-f165d83c/workos/client/authkit/mcpauth"
)

const resource = "https://mcp.acme.example/mcp"

// server is an authorization server with a key.
type server struct {
	*httptest.Server

	key     *rsa.PrivateKey
	fetches atomic.Int32
	down    atomic.Bool
}

var newKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

func newServer(tb testing.TB, key *rsa.PrivateKey) *server {
	tb.Helper()
	s := &server{key: key}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if s.fetches.Add(1); s.down.Load() {
			http.Error(w, "down", http.StatusInternalServerError)
			return
		}
		set := jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: s.key.Public(), KeyID: "k", Algorithm: "RS256", Use: "sig"}}}
		if err := json.NewEncoder(w).Encode(set); err != nil {
			tb.Error(err)
		}
	}))
	tb.Cleanup(s.Close)
	return s
}

func (s *server) issuer() mcpauth.Issuer {
	return mcpauth.Issuer{URL: s.URL, JWKSURL: s.URL + "/oauth2/jwks"}
}

// sign returns a token of the server for resource, with changes. A nil value takes a claim away.
func (s *server) sign(tb testing.TB, changes map[string]any) string {
	tb.Helper()
	claims := map[string]any{
		"iss": s.URL, "aud": resource, "sub": "user_01", "org_id": "org_01", "sid": "app_consent_01", "scope": "openid profile",
		"role": "member", "permissions": []string{"reports:read"}, "client_id": "client_01",
		"iat": time.Now().Unix(), "exp": time.Now().Add(5 * time.Minute).Unix(),
	}
	maps.Copy(claims, changes)
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
	payload, err := json.Marshal(claims)
	if err != nil {
		tb.Fatal(err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: s.key, KeyID: "k"}}, nil)
	if err != nil {
		tb.Fatal(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		tb.Fatal(err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		tb.Fatal(err)
	}
	return token
}

func newGuard(tb testing.TB, config mcpauth.Config) *mcpauth.Guard {
	tb.Helper()
	if config.Resource == "" {
		config.Resource = resource
	}
	guard, err := mcpauth.New(config)
	if err != nil {
		tb.Fatalf("New: %v", err)
	}
	return guard
}

// call sends a request to a handler.
func call(tb testing.TB, h http.Handler, token, body string) *httptest.ResponseRecorder {
	tb.Helper()
	r := httptest.NewRequestWithContext(tb.Context(), http.MethodPost, resource, strings.NewReader(body))
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
