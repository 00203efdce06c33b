package jwttest_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"net/http/httptest"
	"reflect"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/seed-f165d83c/workos/client/internal/jwttest"
)

func TestServedKeyVerifiesASignedToken(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	base := map[string]any{"sub": "user_01", "aud": "api"}
	claims := jwttest.Claims(base, map[string]any{"aud": nil, "iss": "x"})
	token := jwttest.Sign(t, jose.RS256, key, "k", claims)
	w := httptest.NewRecorder()
	jwttest.JWKS(t, jwttest.JWK(key, "k"))(w, nil)
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(w.Body.Bytes(), &set); err != nil || len(set.Key("k")) != 1 {
		t.Fatalf("got %s, %v; want the key", w.Body, err)
	}
	signed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.RS256})
	if err != nil {
		t.Fatal(err)
	}
	payload, err := signed.Verify(set.Key("k")[0])
	if err != nil || signed.Signatures[0].Protected.KeyID != "k" {
		t.Fatalf("verify: %v, key ID %q", err, signed.Signatures[0].Protected.KeyID)
	}
	var got map[string]any
	if err := json.Unmarshal(payload, &got); err != nil || !reflect.DeepEqual(got, map[string]any{"sub": "user_01", "iss": "x"}) {
		t.Errorf("got the claims %v, %v", got, err)
	}
	if len(base) != 2 || base["aud"] != "api" {
		t.Errorf("the claims to change became %v", base)
	}
	if _, err := jwttest.Encode("none", key, "k", claims); err == nil {
		t.Error("an algorithm that is none: got a token")
	}
}
