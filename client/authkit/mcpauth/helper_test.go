package mcpauth_test

import (
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/seed-f165d83c/workos/client/authkit/mcpauth"
	"github.com/seed-f165d83c/workos/client/internal/jwttest"
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
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.fetches.Add(1); s.down.Load() {
			http.Error(w, "down", http.StatusInternalServerError)
			return
		}
		jwttest.JWKS(tb, jwttest.JWK(s.key, "k"))(w, r)
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
	return jwttest.Sign(tb, jose.RS256, s.key, "k", jwttest.Claims(map[string]any{
		"iss": s.URL, "aud": resource, "sub": "user_01", "org_id": "org_01", "sid": "app_consent_01", "scope": "openid profile",
		"role": "member", "permissions": []string{"reports:read"}, "client_id": "client_01",
		"iat": time.Now().Unix(), "exp": time.Now().Add(5 * time.Minute).Unix(),
	}, changes))
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
