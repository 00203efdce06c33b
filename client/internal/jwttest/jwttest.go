// Package jwttest is the part of an authorization server that tests of tokens need: it signs tokens and serves keys.
package jwttest

import (
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"testing"

	"github.com/go-jose/go-jose/v4"
)

// Claims returns claims with changes. A change to nil removes a claim.
func Claims(claims, changes map[string]any) map[string]any {
	all := maps.Clone(claims)
	maps.Copy(all, changes)
	maps.DeleteFunc(all, func(_ string, value any) bool { return value == nil })
	return all
}

// Encode returns a token of these claims, signed with the key, whose ID the header names unless it is "".
func Encode(alg jose.SignatureAlgorithm, key any, id string, claims map[string]any) (string, error) {
	payload, err := json.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("claims: %w", err)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: alg, Key: jose.JSONWebKey{Key: key, KeyID: id}}, nil)
	if err != nil {
		return "", fmt.Errorf("signer: %w", err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("sign: %w", err)
	}
	return signed.CompactSerialize() //nolint:wrapcheck // for tests
}

// Sign is [Encode] for a test, which an error ends.
func Sign(tb testing.TB, alg jose.SignatureAlgorithm, key any, id string, claims map[string]any) string {
	tb.Helper()
	token, err := Encode(alg, key, id, claims)
	if err != nil {
		tb.Fatalf("sign: %v", err)
	}
	return token
}

// JWK returns the public key of an RSA key for RS256.
func JWK(key *rsa.PrivateKey, id string) jose.JSONWebKey {
	return jose.JSONWebKey{Key: key.Public(), KeyID: id, Algorithm: string(jose.RS256), Use: "sig"}
}

// JWKS serves a set of keys (RFC 7517 section 5).
func JWKS(tb testing.TB, keys ...jose.JSONWebKey) http.HandlerFunc {
	tb.Helper()
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: keys}); err != nil {
			tb.Errorf("JWKS: %v", err)
		}
	}
}
