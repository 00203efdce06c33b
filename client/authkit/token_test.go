package authkit_test

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/seed-f165d83c/workos/client/authkit"
	"github.com/seed-f165d83c/workos/client/internal/jwttest"
)

// signingKey signs tokens as WorkOS does.
type signingKey struct {
	id      string
	private *rsa.PrivateKey
}

// Making a key takes a while, so that all tests share two.
var newKeys = sync.OnceValue(func() [2]signingKey {
	var keys [2]signingKey
	for i := range keys {
		private, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		keys[i] = signingKey{id: fmt.Sprintf("key_%d", i+1), private: private}
	}
	return keys
})

func (k signingKey) jwk() jose.JSONWebKey {
	return jwttest.JWK(k.private, k.id)
}

// sign makes a JWT of these claims.
func (k signingKey) sign(tb testing.TB, claims map[string]any) string {
	tb.Helper()
	token, err := k.signed(claims)
	if err != nil {
		tb.Fatal(err)
	}
	return token
}

func (k signingKey) signed(claims map[string]any) (string, error) {
	return jwttest.Encode(jose.RS256, k.private, k.id, claims)
}

// claims are those of a valid access token, changed. A nil value takes a claim away.
func claims(changes map[string]any) map[string]any {
	now := time.Now()
	return jwttest.Claims(map[string]any{
		"iss": "https://api.workos.com", "sub": "user_01", "sid": "session_01", "org_id": "org_01", "jti": "jti_01",
		"role": "admin", "roles": []string{"admin", "member"}, "permissions": []string{"posts:read"},
		"entitlements": []string{"audit-logs"}, "feature_flags": []string{"beta"},
		"act": map[string]string{"sub": "admin@acme.example"},
		"iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
	}, changes)
}

func TestAccessTokenIsVerified(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key := newKeys()[0]
		server := &jwks{keys: []jose.JSONWebKey{key.jwk()}}
		c := newClient(t, server)
		got, err := c.VerifyAccessToken(t.Context(), key.sign(t, claims(map[string]any{
			"aud": "client_01", "urn:acme:plan": "team", "nbf": time.Now().Unix() - 1,
		})))
		if err != nil {
			t.Fatal(err)
		}
		if got.UserID != "user_01" || got.SessionID != "session_01" || got.OrganizationID != "org_01" || got.ID != "jti_01" ||
			got.Role != "admin" || got.Issuer != "https://api.workos.com" || got.Actor.Subject != "admin@acme.example" ||
			!reflect.DeepEqual(got.Audience, []string{"client_01"}) {
			t.Errorf("got %+v", got)
		}
		if until := time.Until(got.ExpiresAt); until != 5*time.Minute || !got.IssuedAt.Equal(time.Now()) ||
			!got.NotBefore.Equal(time.Now().Add(-time.Second)) {
			t.Errorf("times: got %v, %v and %v", got.IssuedAt, got.NotBefore, got.ExpiresAt)
		}
		for name, has := range map[string]bool{
			"role": got.HasRole("admin"), "second role": got.HasRole("member"), "permission": got.HasPermission("posts:read"),
			"entitlement": got.HasEntitlement("audit-logs"), "feature": got.HasFeature("beta"),
		} {
			if !has {
				t.Errorf("%s: got none, want it", name)
			}
		}
		if got.HasRole("owner") || got.HasRole("") || got.HasPermission("posts") || got.HasEntitlement("") ||
			got.HasFeature("alpha") {
			t.Error("the claims have what the token does not say")
		}
		var custom struct {
			Plan string `json:"urn:acme:plan"`
		}
		if err := got.Decode(&custom); err != nil || custom.Plan != "team" {
			t.Errorf("claim of a template: got %q and %v, want team", custom.Plan, err)
		}
		if server.path != "/sso/jwks/client_01" || server.auth != "" {
			t.Errorf("keys came from %q with Authorization %q, want the application's and none", server.path, server.auth)
		}
	})
}

// Names of claims are case-sensitive (RFC 7519 section 10.1.1): what a JWT template calls much like one of them is
// another claim.
func TestClaimsOfATemplateAreNotTakenForOthers(t *testing.T) {
	key := newKeys()[0]
	c := newClient(t, &jwks{keys: []jose.JSONWebKey{key.jwk()}})
	got, err := c.VerifyAccessToken(t.Context(), key.sign(t, claims(map[string]any{
		"permissions": nil, "Permissions": []string{"billing:write"}, "Role": "owner", "roleſ": []string{"owner"},
		"org_id": nil, "ORG_ID": "org_02", "Exp": 1,
	})))
	if err != nil {
		t.Fatal(err)
	}
	if got.HasPermission("billing:write") || got.HasRole("owner") || got.OrganizationID != "" {
		t.Errorf("got %+v, want nothing of the template's claims", got)
	}
}

func TestRefusedTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key, other := newKeys()[0], newKeys()[1]
		kit := newClient(t, &jwks{keys: []jose.JSONWebKey{key.jwk()}}, authkit.WithLeeway(10*time.Second))
		good := key.sign(t, claims(nil))
		parts := strings.Split(good, ".")
		encode := func(v any) string {
			text, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			return base64.RawURLEncoding.EncodeToString(text)
		}
		header := func(fields map[string]any) string { return encode(fields) + "." + parts[1] }
		// What an attacker can do who knows the public key and a library that lets the token choose (CVE-2015-9235).
		public, err := x509.MarshalPKIXPublicKey(key.private.Public())
		if err != nil {
			t.Fatal(err)
		}
		mac := hmac.New(sha256.New, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public}))
		signing := header(map[string]any{"alg": "HS256", "typ": "JWT", "kid": key.id})
		mac.Write([]byte(signing))
		hs256 := signing + "." + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
		ago := func(d time.Duration) int64 { return time.Now().Add(-d).Unix() }

		for _, tt := range []struct {
			name, token string
			want        error
		}{
			{"empty", "", authkit.ErrTokenFormat},
			{"one part", parts[0], authkit.ErrTokenFormat},
			{"truncated to two parts", parts[0] + "." + parts[1], authkit.ErrTokenFormat},
			{"payload cut short", parts[0] + "." + parts[1][:20] + "." + parts[2], authkit.ErrTokenSignature},
			{"truncated signature", good[:len(good)-10], authkit.ErrTokenFormat},
			{"no signature", parts[0] + "." + parts[1] + ".", authkit.ErrTokenFormat},
			{"four parts", good + ".x", authkit.ErrTokenFormat},
			{"noise", "a.b.c", authkit.ErrTokenFormat},
			{"too long", parts[0] + "." + strings.Repeat("A", 64<<10) + "." + parts[2], authkit.ErrTokenFormat},
			{"JSON serialization", `{"payload":"` + parts[1] + `","protected":"` + parts[0] + `","signature":"` + parts[2] + `"}`,
				authkit.ErrTokenFormat},
			{"algorithm none", header(map[string]any{"alg": "none", "kid": key.id}) + ".", authkit.ErrTokenAlgorithm},
			{"algorithm None", header(map[string]any{"alg": "None", "kid": key.id}) + ".", authkit.ErrTokenAlgorithm},
			{"no algorithm", header(map[string]any{"kid": key.id}) + "." + parts[2], authkit.ErrTokenAlgorithm},
			{"HS256 with the public key", hs256, authkit.ErrTokenAlgorithm},
			{"RS512", header(map[string]any{"alg": "RS512", "kid": key.id}) + "." + parts[2], authkit.ErrTokenAlgorithm},
			{"tampered claims", parts[0] + "." + encode(claims(map[string]any{"sub": "user_02"})) + "." + parts[2],
				authkit.ErrTokenSignature},
			{"tampered signature", parts[0] + "." + parts[1] + "." + strings.Repeat("A", len(parts[2])),
				authkit.ErrTokenSignature},
			{"another key", other.sign(t, claims(nil)), authkit.ErrKeysUnavailable},
			{"another key under this ID", signingKey{key.id, other.private}.sign(t, claims(nil)), authkit.ErrTokenSignature},
			{"no key ID", signingKey{"", key.private}.sign(t, claims(nil)), authkit.ErrTokenKey},
			{"a key of its own", header(map[string]any{"alg": "RS256", "jwk": other.jwk()}) + "." + parts[2],
				authkit.ErrTokenKey},
			{"no critical extension", header(map[string]any{"alg": "RS256", "kid": key.id, "crit": []string{}}) + "." + parts[2],
				authkit.ErrTokenFormat},
			{"critical extension", header(map[string]any{"alg": "RS256", "kid": key.id, "crit": []string{"x"}, "x": 1}) + "." +
				parts[2], authkit.ErrTokenFormat},
			{"expired", key.sign(t, claims(map[string]any{"exp": ago(11 * time.Second)})), authkit.ErrTokenExpired},
			{"from the future", key.sign(t, claims(map[string]any{"iat": ago(-301 * time.Second)})),
				authkit.ErrTokenNotYetValid},
			{"not yet valid", key.sign(t, claims(map[string]any{"nbf": ago(-12 * time.Second)})),
				authkit.ErrTokenNotYetValid},
			{"another issuer", key.sign(t, claims(map[string]any{"iss": "https://evil.example"})), authkit.ErrTokenIssuer},
			{"an issuer that begins the same", key.sign(t, claims(map[string]any{"iss": "https://api.workos.com.evil.example"})),
				authkit.ErrTokenIssuer},
			{"another client's issuer", key.sign(t, claims(map[string]any{
				"iss": "https://api.workos.com/user_management/client_02",
			})), authkit.ErrTokenIssuer},
			{"no issuer", key.sign(t, claims(map[string]any{"iss": nil})), authkit.ErrTokenIssuer},
			{"no subject", key.sign(t, claims(map[string]any{"sub": nil})), authkit.ErrTokenClaims},
			{"no expiry", key.sign(t, claims(map[string]any{"exp": nil})), authkit.ErrTokenClaims},
			{"expiry in words", key.sign(t, claims(map[string]any{"exp": "tomorrow"})), authkit.ErrTokenClaims},
			{"expiry beyond times", key.sign(t, claims(map[string]any{"exp": 1e300})), authkit.ErrTokenClaims},
			{"negative expiry", key.sign(t, claims(map[string]any{"exp": -1})), authkit.ErrTokenClaims},
			{"permissions as text", key.sign(t, claims(map[string]any{"permissions": "all"})), authkit.ErrTokenClaims},
		} {
			got, err := kit.VerifyAccessToken(t.Context(), tt.token)
			if got != nil || !errors.Is(err, tt.want) {
				t.Errorf("%s: got %+v and %v, want %v", tt.name, got, err, tt.want)
				continue
			}
			if len(tt.token) > 40 && strings.Contains(err.Error(), tt.token[len(tt.token)-40:]) {
				t.Errorf("%s: the error shows the token: %v", tt.name, err)
			}
		}

		for name, changes := range map[string]map[string]any{
			"expired within the leeway": {"exp": ago(8 * time.Second)},
			"future within the leeway":  {"iat": ago(-300 * time.Second), "nbf": ago(-8 * time.Second)},
			"slash after the issuer":    {"iss": "https://api.workos.com/"},
			"the client's issuer":       {"iss": "https://api.workos.com/user_management/client_01"},
			"decimals":                  {"exp": float64(ago(-time.Minute)) + 0.5},
			"several audiences":         {"aud": []string{"a", "b"}},
			"little more than a user": {"org_id": nil, "role": nil, "roles": nil, "permissions": nil, "entitlements": nil,
				"feature_flags": nil, "act": nil, "iat": nil, "sid": nil, "jti": nil},
		} {
			got, err := kit.VerifyAccessToken(t.Context(), key.sign(t, claims(changes)))
			if err != nil {
				t.Errorf("%s: %v", name, err)
			} else if got.HasRole("") || got.HasPermission("") || got.HasEntitlement("") || got.HasFeature("") {
				t.Errorf("%s: has what has no name", name)
			}
		}
	})
}

func TestIssuersAndAudienceAreTheCallersChoice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key := newKeys()[0]
		server := &jwks{keys: []jose.JSONWebKey{key.jwk()}}
		c := newClient(t, server, authkit.WithIssuers("https://auth.acme.example/"), authkit.WithAudience("acme"))
		for _, tt := range []struct {
			iss  string
			aud  any
			want error
		}{
			{"https://auth.acme.example", "acme", nil},
			{"https://auth.acme.example/", []string{"x", "acme"}, nil},
			{"https://auth.acme.example", "other", authkit.ErrTokenAudience},
			{"https://auth.acme.example", nil, authkit.ErrTokenAudience},
			{"https://api.workos.com", "acme", authkit.ErrTokenIssuer},
		} {
			_, err := c.VerifyAccessToken(t.Context(), key.sign(t, claims(map[string]any{"iss": tt.iss, "aud": tt.aud})))
			if !errors.Is(err, tt.want) || tt.want == nil && err != nil {
				t.Errorf("issuer %q, audience %v: got %v, want %v", tt.iss, tt.aud, err, tt.want)
			}
		}
	})
}
